import HoneCore

/// Credit from search trees: each searched move is worth its value minus that of the position it was made at.
///
/// Values are those the search backed up, or are backed up anew from the leaves. V(position) is the value of the move that led
/// there, and at the root the mean over its children by visits. Every searched move with trained tokens that was visited often
/// enough becomes a row with advantage V(move) − V(position); `reward` is V(move), and the channel `steps` holds it at the move's
/// last token.
///
/// Source: the back-up of Kocsis and Szepesvári 2006 (UCT); Zhang et al. 2024, “ReST-MCTS*”, section 3.2, for values of partial
/// solutions as training targets.
public struct TreeBackup: Credit {
    public static let card = PartCard(
        name: "tree-backup", summary: "searched moves by their value minus that of the position they were made at",
        source: "Kocsis and Szepesvári 2006; Zhang et al. 2024, section 3.2", gives: [.tree, .stepVerdicts], needs: [.tree])

    /// How values are made.
    public enum Rule: String, Hashable, Sendable, Codable, CaseIterable {
        /// As the search left them.
        case stored
        /// Each position is the mean of its moves.
        case mean
        /// Each position is the mean of its moves by visits.
        case meanByVisits
        /// Each position is its best move.
        case best
    }

    /// How values are made.
    public var rule: Rule
    /// Moves that the search came by less often are left out.
    public var leastVisits: Int
    /// Which verdict values a leaf; without one its own value counts.
    public var kind: VerdictKind

    /// The credit.
    public init(rule: Rule = .stored, leastVisits: Int = 1, kind: VerdictKind = .worldReturn) {
        self.rule = rule
        self.leastVisits = leastVisits
        self.kind = kind
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for search in try SearchedMoves.all(of: role, in: group, number: number) {
                let values = try search.values(rule, kind: kind)
                let root = search.valueOfRoot(values)
                for (index, node) in search.tree.nodes.enumerated() where node.visits >= leastVisits {
                    var row = try search.row(index).labelled(steps: values[index])
                    guard row.trainedCount > 0 else { continue }
                    let before = node.parent.map { values[$0] } ?? root
                    let advantage = try ExampleBuilder.single(values[index] - before, "advantage", of: row.episode)
                    row.advantages = [Float](repeating: advantage, count: row.tokens.count)
                    row.scalars["reward"] = values[index]
                    batch.examples.append(row)
                }
            }
        }
    }
}
