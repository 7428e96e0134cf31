import HoneCore

/// Ways through search trees to right answers of high value become rows to imitate.
///
/// Of each tree the finished plays whose verdict reaches the threshold and whose value reaches `leastValue` are kept, at most `keep` different ones, the most valued
/// first and of equals the earliest. Every move on a kept way is one row, once.
///
/// Source: Zhang et al. 2024, “ReST-MCTS*”, algorithm 1: self-training of the policy on verified traces of high value.
public struct SearchedTraces: Credit {
    public static let card = PartCard(
        name: "searched-traces", summary: "ways through search trees to right answers of high value become rows to imitate",
        source: "Zhang et al. 2024, “ReST-MCTS*”, algorithm 1", gives: [.demonstrations, .tree], needs: [.tree])

    /// The most plays of one tree; 0 keeps all.
    public var keep: Int
    /// The smallest worth of a right play.
    public var threshold: Double
    /// The smallest value the search gave a kept play.
    public var leastValue: Double
    /// The verdict on a finished node that says what it is worth.
    public var kind: VerdictKind

    /// The credit.
    public init(keep: Int = 0, threshold: Double = 1, leastValue: Double = 0, kind: VerdictKind = .worldReturn) {
        self.keep = keep
        self.threshold = threshold
        self.leastValue = leastValue
        self.kind = kind
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for search in try SearchedMoves.all(of: role, in: group, number: number) {
                let (tree, right) = (search.tree, try search.right(kind: kind, threshold: threshold))
                let leaves = tree.nodes.indices.filter { right[$0] && tree.nodes[$0].value >= leastValue }
                    .sorted { (-tree.nodes[$0].value, $0) < (-tree.nodes[$1].value, $1) }
                var seen: Set<[UInt8]> = []
                var nodes: Set<Int> = []
                for leaf in leaves where keep == 0 || seen.count < keep {
                    let way = tree.path(to: leaf)
                    if seen.insert(way.flatMap { Array(tree.nodes[$0].move.text.utf8) }).inserted { nodes.formUnion(way) }
                }
                for node in nodes.sorted() {
                    let row = try search.row(node)
                    if row.trainedCount > 0 { batch.examples.append(row) }
                }
            }
        }
    }
}
