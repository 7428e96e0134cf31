import HoneCore
import HoneNumerics

/// The plays of a group as a tree: plays that went the same way share nodes.
///
/// A position is what a role had before it; a node is a position and the move made there. Positions are told apart by role and
/// tokens, so plays that begin in the middle of others (children that restart an episode) join where they belong.
struct PlayTree {
    /// A move at a position.
    struct Node {
        let role: Role
        let step: Step
        let episode: EpisodeID
        let position: Int
        /// The nodes that came next, each once, in the order they were met.
        var next: [Int] = []
        /// Rewards of the plays that passed here.
        var through: [Double] = []
        /// Rewards of the plays that ended here.
        var ended: [Double] = []
    }

    private struct Key: Hashable {
        let role: Role
        let context: [TokenID]
        let move: [TokenID]?
    }

    /// The nodes, in the order they were met.
    private(set) var nodes: [Node] = []
    /// The nodes at each position.
    private(set) var positions: [[Int]] = []
    /// The nodes of each episode of the group itself, one per step.
    private(set) var paths: [[Int]] = []

    /// The tree of a group and of those children that have a reward.
    ///
    /// A play is worth what a role got, where one is named; then only plays in which it moved have a path. Otherwise it is worth
    /// what the episode got, or the role that moved last in it.
    init(_ group: EpisodeGroup, number: Int, kind: VerdictKind, for role: Role? = nil) throws {
        var known: [Key: Int] = [:]
        for (place, source) in ([group] + group.children).enumerated() {
            for index in source.episodes.indices {
                let reward = try source.outcome(of: kind, episode: index, for: role, number: number, isNeeded: place == 0)
                let path = try reward.map { try add(source.episodes[index], $0, &known) } ?? []
                if place == 0 { paths.append(path) }
            }
        }
    }

    private mutating func add(_ episode: Episode, _ reward: Double, _ known: inout [Key: Int]) throws -> [Int] {
        var path: [Int] = []
        for step in episode.steps {
            guard let context = step.context.tokens, let move = step.move.segments.tokens else {
                throw CreditError("Episode “\(episode.id)” holds a step without tokens; let the engine tokenise it before credit is given")
            }
            let position = known[Key(role: step.role, context: context, move: nil)] ?? positions.count
            if position == positions.count {
                positions.append([])
                known[Key(role: step.role, context: context, move: nil)] = position
            }
            let key = Key(role: step.role, context: context, move: move)
            let node = known[key] ?? nodes.count
            if node == nodes.count {
                nodes.append(Node(role: step.role, step: step, episode: episode.id, position: position))
                positions[position].append(node)
                known[key] = node
            }
            if let last = path.last, !nodes[last].next.contains(node) { nodes[last].next.append(node) }
            path.append(node)
        }
        for node in Set(path) { nodes[node].through.append(reward) }
        if let last = path.last { nodes[last].ended.append(reward) }
        return path
    }

    /// The mean reward of all plays that passed each node.
    var meansOfPlays: [Double] { nodes.map { GroupStatistics.mean($0.through) } }

    /// Values backed up from the leaves: each node is the mean of what came next, a play that ended there counting as one.
    var meansOfChildren: [Double] {
        var values = [Double?](repeating: nil, count: nodes.count)
        // What comes next was met later or, where plays meet again, before; a node's value is wanted once its successors have theirs.
        func value(_ node: Int, _ open: Set<Int>) -> Double {
            if let known = values[node] { return known }
            let parts = nodes[node].next.filter { !open.contains($0) }.map { value($0, open.union([node])) } + nodes[node].ended
            let mean = GroupStatistics.mean(parts.isEmpty ? nodes[node].through : parts)
            values[node] = mean
            return mean
        }
        return nodes.indices.map { value($0, []) }
    }

    /// The mean reward of the plays that passed each position, each play once.
    func valuesOfPositions() -> [Double] {
        positions.map { GroupStatistics.mean($0.flatMap { nodes[$0].through }) }
    }
}

extension EpisodeGroup {
    /// The reward of a role in an episode in which it moved; without a role, of the episode or of who moved last in it.
    fileprivate func outcome(of kind: VerdictKind, episode index: Int, for role: Role?, number: Int, isNeeded: Bool) throws -> Double? {
        let steps = episodes[index].steps
        guard let last = steps.last?.role, role.map({ role in steps.contains { $0.role == role } }) ?? true else { return nil }
        let known = role.map { value(of: kind, episode: index, role: $0) } ?? value(of: kind, episode: index) ?? value(of: kind, episode: index, role: last)
        guard let reward = known else {
            guard isNeeded else { return nil }
            throw CreditError(
                "Group \(number) (problem “\(assignment.problem.id)”) has no “\(kind)” verdict on episode \(index); add a judge that gives it")
        }
        try ExampleBuilder.check(reward, "reward", of: self, number: number, episode: index)
        return reward
    }
}
