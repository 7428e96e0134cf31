import HoneCore

/// A sentence with which a role notices that it went wrong, and what the world says to it.
public struct Reflection: Hashable, Sendable, Codable {
    /// What the role says, with the token that ends it: learned.
    public var said: [TokenID]
    /// What it sees then: not learned.
    public var seen: [TokenID]

    /// A reflection.
    public init(said: [TokenID], seen: [TokenID] = []) {
        self.said = said
        self.seen = seen
    }
}

/// The row of a revision: a bad way up to its error, a reflection, and a good way from where they part.
enum RevisionRow {
    /// Context and moves up to the error and what was `seen` after it (masked), the reflection (learned), and the good way's moves from the number at which it
    /// parts (learned) with what it saw between them. What it saw before the first of these is not repeated.
    static func make(
        upTo error: Step, seen: [TokenID] = [], reflecting reflection: Reflection, going moves: [Step], from parting: Int, reward: Double, group: Int, bad: EpisodeID,
        good: EpisodeID
    ) throws -> Example {
        var row = try ExampleBuilder.example(of: error, group: group, episode: bad, needsLogProbs: false)
        row.isTrained = row.isTrained.map { _ in false }
        row.append(seen, isTrained: false)
        row.append(reflection.said, isTrained: true)
        row.append(reflection.seen, isTrained: false)
        for number in parting..<moves.count {
            let part = try ExampleBuilder.example(of: moves[number], group: group, episode: good, needsLogProbs: false)
            let move = moves[number].context.tokens?.count ?? 0
            let start = number == parting ? move : (moves[number - 1].context + moves[number - 1].move.segments).tokens?.count ?? 0
            guard start <= move else {
                throw CreditError(
                    "The context of move \(number + 1) in episode “\(good)” is shorter than all that came before it; Agent-R's splice needs transcripts that only grow")
            }
            row.tokens += part.tokens[start...]
            row.isTrained += part.isTrained[start...]
            row.weights += part.weights[start...]
        }
        row.scalars["reward"] = reward
        return row
    }
}

extension Example {
    /// Goes on with more tokens of weight 1.
    fileprivate mutating func append(_ more: [TokenID], isTrained trains: Bool) {
        tokens += more
        isTrained += more.map { _ in trains }
        weights += more.map { _ in 1 }
    }
}
