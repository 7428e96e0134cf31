import HoneCore

/// A tree in the making: its nodes, the position each leads to, and whether all is over there.
struct GrowingTree<W: World>: Sendable {
    /// Where the search began.
    let root: Position<W>
    /// The nodes, in the order they were made.
    private(set) var nodes: [SearchTree.Node] = []
    /// The position after each node's move.
    private(set) var positions: [Position<W>] = []
    /// The nodes after each node; those after the root first.
    private var after: [[Int]] = [[]]

    init(_ root: Position<W>) { self.root = root }

    /// The position at a node; the root for nil.
    func position(at node: Int?) -> Position<W> { node.map { positions[$0] } ?? root }

    /// The nodes after a node; of the root for nil.
    func children(of node: Int?) -> [Int] { after[(node ?? -1) + 1] }

    /// The nodes from a node up to the root's child, the node first.
    func ancestry(of node: Int) -> [Int] {
        var path = [node]
        while let parent = nodes[path[path.count - 1]].parent { path.append(parent) }
        return path
    }

    /// Adds a node and says where it is.
    mutating func add(_ candidate: Candidate, leading position: Position<W>, under parent: Int?) -> Int {
        let index = nodes.count
        nodes.append(SearchTree.Node(parent: parent, move: candidate.move, prior: candidate.prior))
        positions.append(position)
        after.append([])
        after[(parent ?? -1) + 1].append(index)
        return index
    }

    /// Notes what a node was found to be worth, without counting a visit.
    mutating func value(_ node: Int, _ found: Valued) {
        nodes[node].value = found.value
        nodes[node].verdicts += found.verdicts
    }

    /// Counts a visit with a value at each of these nodes; their values become means over visits.
    mutating func visit(_ path: [Int], value: Double) {
        for node in path {
            nodes[node].visits += 1
            nodes[node].value += (value - nodes[node].value) / Double(nodes[node].visits)
        }
    }

    /// Counts a visit at each of these nodes and leaves their values.
    mutating func visit(_ path: [Int]) {
        for node in path { nodes[node].visits += 1 }
    }

    /// Adds what was said of a node.
    mutating func note(_ verdicts: [Verdict], at node: Int) { nodes[node].verdicts += verdicts }

    /// Sets a node's value.
    mutating func set(_ node: Int, value: Double) { nodes[node].value = value }

    /// The tree as it is kept.
    func finished(chosen: Int) -> SearchTree { SearchTree(nodes: nodes, chosen: chosen) }

    /// Makes nodes of the player's candidates at several nodes, all at once; gives the new nodes by parent, in the order asked.
    mutating func expand(
        _ parents: [Int?], by expansion: any Expansion, count: Int, for role: Role, as player: Player, cast: Cast, scopes: [Scope]
    ) async throws -> [[Int]] {
        try await expand(parents, by: expansion, counts: parents.map { _ in count }, for: role, as: player, cast: cast, scopes: scopes)
    }

    /// The same with a count for each parent; parents that have nodes already are given more beside them, and none that reads like one of these.
    mutating func expand(
        _ parents: [Int?], by expansion: any Expansion, counts: [Int], for role: Role, as player: Player, cast: Cast, scopes: [Scope]
    ) async throws -> [[Int]] {
        let tried = parents.map { parent in children(of: parent).map { Tried(move: nodes[$0].move.text, value: nodes[$0].value) } }
        let made = try await parents.map { position(at: $0) }.concurrently { index, start in
            let own = scopes[index]
            let known = Set(tried[index].map { Array($0.move.utf8) })
            let candidates = try await expansion.candidates(
                at: start, after: tried[index], for: role, as: player, cast: cast, count: counts[index], in: own)
            var reached: [(Candidate, Position<W>)] = []
            for (number, candidate) in candidates.enumerated() where !known.contains(Array(candidate.move.text.utf8)) {
                reached.append((candidate, try await start.following(candidate.move, of: role, cast: cast, in: own.child("move", number))))
            }
            return reached
        }
        return zip(parents, made).map { parent, reached in reached.map { add($0.0, leading: $0.1, under: parent) } }
    }
}
