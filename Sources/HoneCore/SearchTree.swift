/// What was found by looking ahead: a tree of moves.
public struct SearchTree: Hashable, Sendable, Codable {
    /// One position reached in the search.
    public struct Node: Hashable, Sendable, Codable {
        /// The index of the node it was reached from; nil for a child of the root.
        public var parent: Int?
        /// The move that led here.
        public var move: Move
        /// How often the search came by.
        public var visits: Int
        /// The value backed up to it.
        public var value: Double
        /// The probability the policy gave the move beforehand.
        public var prior: Double?
        /// What judges said of it.
        public var verdicts: [Verdict]

        /// A node.
        public init(
            parent: Int?, move: Move, visits: Int = 0, value: Double = 0, prior: Double? = nil, verdicts: [Verdict] = []
        ) {
            self.parent = parent
            self.move = move
            self.visits = visits
            self.value = value
            self.prior = prior
            self.verdicts = verdicts
        }
    }

    /// The nodes, in the order they were made.
    public var nodes: [Node]
    /// The index of the node whose move was taken.
    public var chosen: Int

    /// A tree.
    public init(nodes: [Node], chosen: Int) {
        self.nodes = nodes
        self.chosen = chosen
    }
}

extension SearchTree {
    /// The nodes on the way from the root to a node, which is the last of them; empty where there is no such node.
    public func path(to node: Int) -> [Int] {
        var path: [Int] = []
        var place: Int? = nodes.indices.contains(node) ? node : nil
        // Parents come before their children, so a way has no more nodes than the tree.
        while let own = place, path.count < nodes.count {
            path.append(own)
            place = nodes[own].parent
        }
        return path.reversed()
    }

    /// The nodes reached from a node by one move, in the order they were made; of the root for nil.
    public func children(of node: Int?) -> [Int] { nodes.indices.filter { nodes[$0].parent == node } }
}
