import HoneCore

/// How a transcript becomes a prompt: the one place where this is decided.
///
/// As a chat it is its `Dialogue`; servers without the role `system` get those words as the user's. A transcript that ends with
/// the assistant's own words is to be continued within them.
/// As a completion it is all texts one after the other, or all tokens, where all are known and the server takes them.
public struct TranscriptMapping: Hashable, Sendable {
    /// Whether the server has the role `system`.
    public var hasSystemRole: Bool

    /// A mapping.
    public init(hasSystemRole: Bool = true) { self.hasSystemRole = hasSystemRole }

    /// The author that marks a segment as the system's.
    public static let system = Dialogue.system

    /// The messages of a transcript; a fault where it holds numbers, which no endpoint can be shown, or nothing.
    public func messages(_ transcript: Transcript) throws(EndpointFault) -> [ChatMessage] {
        for segment in transcript { _ = try Self.text(of: segment) }
        let messages = Dialogue(transcript, hasSystem: hasSystemRole).turns.map { turn in
            let role: ChatMessage.Role =
                switch turn.speaker {
                case .system: .system
                case .user: .user
                case .assistant: .assistant
                }
            return ChatMessage(role, turn.text)
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
