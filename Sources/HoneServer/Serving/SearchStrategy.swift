import HoneCore
import HoneText

/// A way to spend more answers on one: the model's name followed by it is a model of its own for clients.
public enum SearchStrategy: Hashable, Sendable, CustomStringConvertible {
    /// Of so many answers the one with the highest mean log-probability of its tokens.
    case bestOf(Int)
    /// Of so many answers one whose final answer most of them give (Wang et al. 2022, “Self-Consistency Improves Chain of Thought
    /// Reasoning in Language Models”); among those the one with the highest mean log-probability. The source takes a plain vote too.
    case selfConsistency(Int)

    /// As it is written after the model's name and “@”: `best-of-8`, `self-consistency-16`.
    public var description: String {
        switch self {
        case .bestOf(let count): "best-of-\(count)"
        case .selfConsistency(let count): "self-consistency-\(count)"
        }
    }

    /// How many answers are drawn for one.
    public var candidates: Int {
        switch self {
        case .bestOf(let count), .selfConsistency(let count): count
        }
    }

    /// The strategy with this description; nil when there is none.
    public init?(_ text: String) {
        func count(after prefix: String) -> Int? {
            guard text.hasPrefix(prefix), let count = Int(text.dropFirst(prefix.count)), count >= 1, "\(prefix)\(count)" == text else { return nil }
            return count
        }
        if let count = count(after: "best-of-") {
            self = .bestOf(count)
        } else if let count = count(after: "self-consistency-") {
            self = .selfConsistency(count)
        } else {
            return nil
        }
    }

    /// An answer to choose from.
    public struct Candidate: Hashable, Sendable {
        /// Its text.
        public var text: String
        /// The mean of its tokens' log-probabilities.
        public var meanLogProb: Double

        /// A candidate.
        public init(text: String, meanLogProb: Double) {
            self.text = text
            self.meanLogProb = meanLogProb
        }
    }

    /// Which of the candidates is the answer; the first of equals. There has to be one.
    public func choice(among candidates: [Candidate]) -> Int {
        precondition(!candidates.isEmpty, "a strategy chooses among one candidate or more")
        switch self {
        case .bestOf: return Self.likeliest(Array(candidates.indices), candidates)
        case .selfConsistency:
            let checker = AnswerChecker(kind: .number)
            let answers = candidates.map { Self.finalAnswer($0.text) }
            var groups: [(answer: String, members: [Int])] = []
            for (index, answer) in answers.enumerated() {
                guard let answer else { continue }
                let place = groups.firstIndex { $0.answer == answer || checker.check(gold: $0.answer, response: answer).correct }
                if let place { groups[place].members.append(index) } else { groups.append((answer, [index])) }
            }
            // Candidates without an answer have no vote; when none has one, they differ in nothing but their probability.
            let most = groups.map(\.members.count).max() ?? 0
            guard let winner = groups.first(where: { $0.members.count == most }) else { return Self.likeliest(Array(candidates.indices), candidates) }
            return Self.likeliest(winner.members, candidates)
        }
    }

    /// The final answer of a text: the number that a checker reads from it, or else its last line that is not empty.
    static func finalAnswer(_ text: String) -> String? {
        if let number = AnswerChecker(kind: .number).check(gold: "0", response: text).extracted { return number }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace }.lowercased() }
        return lines.last { !$0.isEmpty }
    }

    private static func likeliest(_ places: [Int], _ candidates: [Candidate]) -> Int {
        var best = places[0]
        for place in places where candidates[place].meanLogProb > candidates[best].meanLogProb { best = place }
        return best
    }
}
