import HoneCore

/// How a transcript becomes a prompt: the one place where this is decided.
///
/// A transcript is what one role has seen, in order. As a chat:
/// - what a model sampled is the assistant's, unless its author is another than the author of the newest such segment, who is
///   taken to be the one that speaks now: what the others sampled was said to it, by the user;
/// - a segment whose author is the role `system` is the system's; servers without that role get it as the user's;
/// - all else (world, prompt, hint, demonstration, and tools, whose output is part of the text in Hone) is the user's.
/// Neighbours of the same role become one message with nothing between them, so the text stays as it was. A transcript that
/// ends with the assistant's own words is to be continued within them.
/// As a completion it is all texts one after the other, or all tokens, where all are known and the server takes them.
public struct TranscriptMapping: Hashable, Sendable {
    /// Whether the server has the role `system`.
    public var hasSystemRole: Bool

    /// A mapping.
    public init(hasSystemRole: Bool = true) { self.hasSystemRole = hasSystemRole }

    /// The author that marks a segment as the system's.
    public static let system: Role = "system"

    /// The messages of a transcript; a fault where it holds numbers, which no endpoint can be shown, or nothing.
    public func messages(_ transcript: Transcript) throws(EndpointFault) -> [ChatMessage] {
        var speaker: Role?
        for segment in transcript { if case .model = segment.origin { speaker = segment.author } }
        var messages: [ChatMessage] = []
        for segment in transcript {
            let text = try Self.text(of: segment)
            guard !text.isEmpty else { continue }
            let role: ChatMessage.Role =
                if case .model = segment.origin, segment.author == speaker { .assistant } else if segment.author == Self.system, hasSystemRole {
                    .system
                } else { .user }
            if messages.last?.role == role {
                messages[messages.count - 1].text += text
            } else {
                messages.append(ChatMessage(role, text))
            }
        }
        guard !messages.isEmpty else { throw EndpointFault(.cannotShow, "the transcript is empty, and an endpoint cannot be asked without a word") }
        return messages
    }

    /// The plain prompt of a transcript.
    public func prompt(_ transcript: Transcript, takesTokens: Bool) throws(EndpointFault) -> EndpointRequest.Prompt {
        if takesTokens, let tokens = transcript.tokens, !tokens.isEmpty { return .tokens(tokens) }
        var all = ""
        for segment in transcript { all += try Self.text(of: segment) }
        guard !all.isEmpty else { throw EndpointFault(.cannotShow, "the transcript is empty, and an endpoint cannot be asked without a word") }
        return .text(all)
    }

    private static func text(of segment: Segment) throws(EndpointFault) -> String {
        if case .numbers = segment.content {
            throw EndpointFault(
                .cannotShow, "the transcript holds an observation of numbers, which an endpoint cannot be shown; use a world that speaks in text")
        }
        return segment.text
    }
}
