/// A transcript as a conversation: whose words each stretch of it is.
public struct Dialogue: Hashable, Sendable {
    /// Whose words they are.
    public enum Speaker: String, Hashable, Sendable, Codable {
        case system, user, assistant
    }

    /// A stretch of one speaker's words: neighbouring segments, nothing between them.
    public struct Turn: Hashable, Sendable {
        /// Whose words they are.
        public var speaker: Speaker
        /// The segments.
        public var segments: Transcript

        /// What is said.
        public var text: String { segments.text }
    }

    /// The turns, in order.
    public let turns: [Turn]

    /// The author that marks a segment as the system's.
    public static let system: Role = "system"

    /// The conversation in what one role has seen.
    ///
    /// - What a model sampled is the assistant's, unless its author is another than the author of the newest such segment, who is
    ///   taken to be the one that speaks now: what the others sampled was said to it, by the user;
    /// - a segment whose author is the role `system` is the system's;
    /// - all else (world, prompt, hint, demonstration, and tools, whose output is part of the text) is the user's.
    /// Neighbours of the same speaker are one turn, so the text stays as it was. Segments without text are left out.
    public init(_ transcript: Transcript, hasSystem: Bool = true) {
        var speaking: Role?
        for segment in transcript { if case .model = segment.origin { speaking = segment.author } }
        var turns: [Turn] = []
        for segment in transcript where !segment.text.isEmpty {
            let speaker: Speaker =
                if case .model = segment.origin, segment.author == speaking { .assistant } else if segment.author == Self.system, hasSystem {
                    .system
                } else { .user }
            if turns.last?.speaker == speaker {
                turns[turns.count - 1].segments.append(segment)
            } else {
                turns.append(Turn(speaker: speaker, segments: [segment]))
            }
        }
        self.turns = turns
    }
}
