import HoneCore
import HoneNumerics

/// The moves of a search tree as rows: each one's context is that of the searched step and all moves on the way.
struct SearchedMoves {
    let tree: SearchTree
    /// The root's moves, then the moves after each node, for those that have any.
    let siblings: [[Int]]
    private let step: Step
    let group: Int
    let episode: EpisodeID

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

    /// The searches behind a role's steps in a group, in order.
    static func all(of role: Role, in group: EpisodeGroup, number: Int) throws -> [SearchedMoves] {
        try group.episodes.flatMap { episode in
            try episode.steps.filter { $0.role == role }.compactMap { step in
                try step.move.tree.map { try SearchedMoves($0, of: step, group: number, episode: episode.id) }
            }
        }
    }

    /// The row of a node's move.
    func row(_ node: Int) throws -> Example {
        var row = try ExampleBuilder.transcript(of: [self.step(node)], group: group, episode: episode)
        row.scalars["reward"] = tree.nodes[node].value
        return row
    }

    /// The row of all moves on the way to a node, each trained.
    func row(along way: [Int], reward: Double) throws -> Example {
        var row = try ExampleBuilder.transcript(of: way.map(self.step), group: group, episode: episode)
        row.scalars["reward"] = reward
        return row
    }

    /// A node's move as a step behind all that came before it.
    func step(_ node: Int) -> Step {
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
        return Step(role: step.role, context: context, move: tree.nodes[node].move)
    }

    /// The row of a node's move as an answer to what the searched step was asked, whatever it was sampled behind; so without the sampler's
    /// log-probabilities.
    func answer(_ node: Int) throws -> Example {
        try ExampleBuilder.example(
            of: Step(role: step.role, context: step.context, move: tree.nodes[node].move), group: group, episode: episode, needsLogProbs: false)
    }

    /// What each node was valued at: the mean of its verdicts of this kind; nil where it has none.
    func worths(_ kind: VerdictKind) throws -> [Double?] {
        try tree.nodes.map { node in
            let found = node.verdicts.filter { $0.kind == kind }.map(\.value)
            guard let bad = found.first(where: { !$0.isFinite }) else { return found.isEmpty ? nil : GroupStatistics.mean(found) }
            throw CreditError("The search tree of episode “\(episode)” has an attempt worth \(bad); expected a finite number")
        }
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
