import HoneCore
import HoneNumerics

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
        var batch = TrainingBatch()
        for (number, group) in groups.enumerated() {
            try ExampleBuilder.refuseHeldOut(group)
            for role in roles {
                for episode in group.episodes {
                    for step in episode.steps where step.role == role {
                        guard let tree = step.move.tree else { continue }
                        let search = try SearchedMoves(tree, of: step, group: number, episode: episode.id)
                        let values = try search.values(rule, kind: kind)
                        let root = search.valueOfRoot(values)
                        for node in tree.nodes.indices where tree.nodes[node].visits >= leastVisits {
                            var row = try search.row(node).labelled(steps: values[node])
                            guard row.trainedCount > 0 else { continue }
                            let before = tree.nodes[node].parent.map { values[$0] } ?? root
                            let advantage = try ExampleBuilder.single(values[node] - before, "advantage", of: episode.id)
                            row.advantages = [Float](repeating: advantage, count: row.tokens.count)
                            row.scalars["reward"] = values[node]
                            batch.examples.append(row)
                        }
                    }
                }
            }
        }
        return batch
    }
}

/// The moves of a search tree as rows: each one's context is that of the searched step and all moves on the way.
struct SearchedMoves {
    let tree: SearchTree
    /// The root's moves, then the moves after each node, for those that have any.
    let siblings: [[Int]]
    private let step: Step
    private let group: Int
    private let episode: EpisodeID

    init(_ tree: SearchTree, of step: Step, group: Int, episode: EpisodeID) throws {
        var after = [[Int]](repeating: [], count: tree.nodes.count + 1)
        for (index, node) in tree.nodes.enumerated() {
            guard node.parent.map({ $0 >= 0 && $0 < index }) ?? true else {
                throw CreditError(
                    "The search tree of episode “\(episode)” has node \(index) under node \(node.parent ?? -1); expected a node made before it")
            }
            after[(node.parent ?? -1) + 1].append(index)
        }
        siblings = after.filter { !$0.isEmpty }
        (self.tree, self.step, self.group, self.episode) = (tree, step, group, episode)
    }

    /// The row of a node's move.
    func row(_ node: Int) throws -> Example {
        var context = tree.nodes[node].move.context ?? []
        if tree.nodes[node].move.context == nil {
            var place = tree.nodes[node].parent
            while let own = place {
                context = tree.nodes[own].move.segments + context
                // A move with its own context has all that came before it.
                if let known = tree.nodes[own].move.context {
                    context = known + context
                    break
                }
                place = tree.nodes[own].parent
            }
            if place == nil { context = step.context + context }
        }
        var row = try ExampleBuilder.transcript(
            of: [Step(role: step.role, context: context, move: tree.nodes[node].move)], group: group, episode: episode)
        row.scalars["reward"] = tree.nodes[node].value
        return row
    }

    /// The value of each node.
    func values(_ rule: TreeBackup.Rule, kind: VerdictKind) throws -> [Double] {
        var values = tree.nodes.map { node in rule == .stored ? node.value : node.verdicts.last { $0.kind == kind }?.value ?? node.value }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw CreditError("The search tree of episode “\(episode)” has the value \(values[bad]) at node \(bad); expected a finite number")
        }
        guard rule != .stored else { return values }
        // Children are made after their parents, so the last nodes are valued first.
        for group in siblings.reversed() {
            guard let parent = tree.nodes[group[0]].parent else { continue }
            values[parent] = backedUp(group, values, rule)
        }
        return values
    }

    /// The value of the position that was searched: its moves' by visits.
    func valueOfRoot(_ values: [Double]) -> Double {
        siblings.first { tree.nodes[$0[0]].parent == nil }.map { backedUp($0, values, .meanByVisits) } ?? 0
    }

    private func backedUp(_ moves: [Int], _ values: [Double], _ rule: TreeBackup.Rule) -> Double {
        let own = moves.map { values[$0] }
        switch rule {
        case .best: return own.max() ?? 0
        case .meanByVisits: return GroupStatistics.weightedMean(own, weights: moves.map { Double(tree.nodes[$0].visits) })
        case .mean, .stored: return GroupStatistics.mean(own)
        }
    }
}
