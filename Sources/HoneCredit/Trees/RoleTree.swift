import HoneCore
import HoneNumerics

/// MALT's credit for pipelines of roles: values backed up from the leaves of the tree of plays, then pairs of siblings.
///
/// Each episode is one leaf: a generator's answer, a verifier's critique of it, a refiner's last word, any roles in any order;
/// episodes that share their first moves share nodes. V(leaf) is its reward, V(node) the mean of what came next. A node is good
/// when V is above the threshold; pairs are good and bad siblings (the same role at the same position), with the difference of
/// values as margin, so siblings of one sort give none. The good moves to imitate are `RoleTreeMoves`.
///
/// Source: Motwani et al. 2024, “MALT”, sections 3.2 (value back-up) and 3.3. Departure: the same move sampled twice is one node.
public struct RoleTree: Credit {
    public static let card = PartCard(
        name: "role-tree", summary: "values backed up through a tree of roles, as pairs of good and bad siblings (MALT)",
        source: "Motwani et al. 2024, sections 3.2 and 3.3", gives: [.pairs, .tree, .groups], needs: [.groups])

    /// Which verdict is a leaf's reward.
    public var kind: VerdictKind
    /// A node with a larger value is good.
    public var threshold: Double

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, threshold: Double = 0.5) {
        self.kind = kind
        self.threshold = threshold
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let tree = try PlayTree(group, number: number, kind: kind)
            let values = tree.meansOfChildren
            for siblings in tree.positions where siblings.first.map({ tree.nodes[$0].role }) == role {
                try SiblingPairs.add(
                    siblings, values: siblings.map { values[$0] }, to: &batch,
                    row: { try tree.row($0, group: number, value: values[$0], threshold: threshold) },
                    isPair: { $0 > threshold && $1 <= threshold })
            }
        }
    }
}

/// The good moves of a tree of roles, to imitate: MALT's supervised part. Values are those of `RoleTree`.
public struct RoleTreeMoves: Credit {
    public static let card = PartCard(
        name: "role-tree-moves", summary: "good moves by values backed up through a tree of roles, to imitate (MALT)",
        source: "Motwani et al. 2024, sections 3.2 and 3.3", gives: [.tree, .groups], needs: [.groups])

    /// Which verdict is a leaf's reward.
    public var kind: VerdictKind
    /// A node with a larger value is good.
    public var threshold: Double

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, threshold: Double = 0.5) {
        self.kind = kind
        self.threshold = threshold
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let tree = try PlayTree(group, number: number, kind: kind)
            let values = tree.meansOfChildren
            for node in tree.nodes.indices where tree.nodes[node].role == role && values[node] > threshold {
                batch.examples.append(try tree.row(node, group: number, value: values[node], threshold: threshold))
            }
        }
    }
}

extension PlayTree {
    /// A node's move as a row with its value and whether it is good.
    fileprivate func row(_ node: Int, group: Int, value: Double, threshold: Double) throws -> Example {
        var row = try ExampleBuilder.transcript(of: [nodes[node].step], group: group, episode: nodes[node].episode)
        row.scalars = ["reward": value, "label": value > threshold ? 1 : 0]
        return row
    }
}
