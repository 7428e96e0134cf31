import HoneCore

extension Role {
    /// The one who says whether an answer is right.
    public static var critic: Role { "critic" }
}

/// What has been said about a question so far: answers, and what came back after each.
public struct Exchange: Hashable, Sendable {
    /// An answer and what was said to it.
    public struct Turn: Hashable, Sendable {
        /// The answer, as it was sampled or demonstrated.
        public var answer: [Segment]
        /// What stands between it and the next answer.
        public var between: String

        /// A turn.
        public init(answer: [Segment], between: String) {
            self.answer = answer
            self.between = between
        }
    }

    /// What the solver was asked.
    public let question: Transcript
    /// The answers so far.
    public var turns: [Turn]

    /// An exchange.
    public init(question: Transcript, turns: [Turn] = []) {
        self.question = question
        self.turns = turns
    }

    /// What the solver sees before its next answer: the question and the last turns; with `window` 0, all turns.
    public func context(window: Int) -> Transcript {
        let kept = window > 0 ? turns.suffix(window) : turns[...]
        return question + kept.flatMap { $0.answer + [.text($0.between, from: .world)] }
    }
}

/// The few words in which verdicts are put.
public struct Wording: Hashable, Sendable, Codable {
    /// What a critic says of an answer it takes for right.
    public var accepted = "y"
    /// What a critic or verifier says of one that is wrong, in front of the places where.
    public var refused = "n"
    /// What a critic is asked, after question and answer.
    public var ask = "?"
    /// What stands before a verdict that the solver reads.
    public var opening = "\n"
    /// What stands behind it.
    public var closing = "\n"

    /// The defaults, short enough for a character-level model.
    public init() {}

    /// A verdict: accepted, or refused with the places that are wrong, as far as they are told.
    public func verdict(isRight: Bool, faults: [String] = []) -> String {
        isRight ? accepted : ([refused] + faults).joined(separator: " ")
    }

    /// What stands between an answer and the next one, of a verdict's first line.
    public func between(_ verdict: String) -> String { opening + firstLine(verdict) + closing }

    /// Whether a critic's words accept the answer: its first line is exactly the accepting word.
    public func accepts(_ critique: String) -> Bool { firstLine(critique) == accepted }

    /// What a critic sees. The answer enters as text: it is somebody else's words.
    public func context(question: Transcript, answer: String) -> Transcript {
        question + [.text(answer, from: .world, author: .solver), .text(ask, from: .prompt)]
    }

    private func firstLine(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }
}
