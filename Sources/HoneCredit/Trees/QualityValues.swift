import HoneCore

/// Quality values of partial solutions, inferred from which leaves of a search tree are right: the targets of a value head.
///
/// Along each way from the root, v₀ = 0 and v_k = max(v_{k−1} + w_k, 0) with w_k = (1 − v_{k−1}) / (m_k + 1) · (1 − 2 r_k): v rises to 1 exactly at a right answer
/// and falls at a wrong step. r is 0 for a move below which a right leaf was found, else 1; m is the fewest moves from there to a right leaf. Every searched move that
/// was visited often enough becomes a row with v in the channel `steps` at its last token, and as `reward`. Trees without a right leaf say nothing.
///
/// Source: Zhang et al. 2024, “ReST-MCTS*”, section 3.1 and 3.3. Departure: a wrong move is as far from a right answer as the position it was made at.
public struct QualityValues: Credit {
    public static let card = PartCard(
        name: "quality-values", summary: "quality values of partial solutions from the right leaves of search trees, as step labels",
        source: "Zhang et al. 2024, “ReST-MCTS*”, sections 3.1 and 3.3", gives: [.tree, .stepVerdicts], needs: [.tree])

    /// The verdict on a finished node that says what it is worth.
    public var kind: VerdictKind
    /// The smallest worth of a right leaf.
    public var threshold: Double
    /// Moves that the search came by less often are left out.
    public var leastVisits: Int

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, threshold: Double = 1, leastVisits: Int = 1) {
        self.kind = kind
        self.threshold = threshold
        self.leastVisits = leastVisits
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for search in try SearchedMoves.all(of: role, in: group, number: number) {
                guard let values = Self.values(of: search.tree, right: try search.right(kind: kind, threshold: threshold)) else { continue }
                for (index, node) in search.tree.nodes.enumerated() where node.visits >= leastVisits {
                    var row = try search.row(index).labelled(steps: values[index])
                    guard row.trainedCount > 0 else { continue }
                    row.scalars["reward"] = values[index]
                    batch.examples.append(row)
                }
            }
        }
    }

    /// The quality value of each node, given which nodes are right leaves; nil where none is.
    public static func values(of tree: SearchTree, right: [Bool]) -> [Double]? {
        guard right.contains(true) else { return nil }
        // Moves from each node, and from the root, to the nearest right leaf below; parents come before their children.
        var distance = right.map { $0 ? 0 : Int.max }
        var fromRoot = Int.max
        for index in tree.nodes.indices.reversed() where distance[index] < Int.max {
            if let parent = tree.nodes[index].parent {
                distance[parent] = min(distance[parent], distance[index] + 1)
            } else {
                fromRoot = min(fromRoot, distance[index] + 1)
            }
        }
        var values = [Double](repeating: 0, count: tree.nodes.count)
        for (index, node) in tree.nodes.enumerated() {
            let before = node.parent.map { values[$0] } ?? 0
            let isWrong = distance[index] == Int.max
            if isWrong { distance[index] = node.parent.map { distance[$0] } ?? fromRoot }
            values[index] = max(0, before + (1 - before) / Double(distance[index] + 1) * (isWrong ? -1 : 1))
        }
        return values
    }
}

extension SearchedMoves {
    /// Which nodes are finished plays of at least this worth, by their verdicts of a kind.
    func right(kind: VerdictKind, threshold: Double) throws -> [Bool] {
        let worths = tree.nodes.map { node in node.verdicts.last { $0.kind == kind }?.value }
        if let bad = worths.compactMap({ $0 }).first(where: { !$0.isFinite }) {
            throw CreditError("A finished play in a search tree of episode “\(episode)” is worth \(bad); expected a finite number")
        }
        return worths.map { ($0 ?? -Double.infinity) >= threshold }
    }
}
