import HoneCore

/// Goes on from the worthiest beginning as deep as it leads, and back to the next one where nothing is left above the threshold: the tree of
/// thoughts' depth-first search.
///
/// At each position that is looked into `branches` moves are valued; those worth more than `threshold` are gone on from, the worthiest first (of
/// equals the earlier), the others never. Finished answers are kept; the worthiest is chosen, and where none is finished the deepest node, of
/// those the worthiest. `steps` limits how many positions are looked into, whatever is left.
///
/// Source: Yao et al. 2023, “Tree of Thoughts”, algorithm 2; the limit on steps is that of its crosswords. Departure: moves are valued before they
/// are sorted and pruned at once, and a finished answer is kept whatever it is worth.
public struct DepthFirst: SearchMethod {
    public static let card = PartCard(
        name: "depth-first", summary: "the worthiest beginning is gone on from first, what is worth too little never", source: "Yao et al. 2023, algorithm 2",
        gives: [.tree], needs: [.branches])

    /// The most positions that are looked into.
    public var steps: Int
    /// How many moves of each.
    public var branches: Int
    /// The most steps of an answer.
    public var depth: Int
    /// What a beginning must be worth more than to be gone on from.
    public var threshold: Double
    /// The search ends when a finished answer is worth this much; nil never ends it early.
    public var enough: Double?
    /// Which moves are looked at.
    public var expansion: any Expansion
    /// What beginnings and answers are worth.
    public var valuation: any Valuation

    /// The search.
    public init(
        steps: Int = 100, branches: Int = 4, depth: Int = 40, threshold: Double = 0, enough: Double? = nil, expansion: any Expansion = SampledMoves(),
        valuation: any Valuation = PlayedOut()
    ) {
        self.steps = steps
        self.branches = branches
        self.depth = depth
        self.threshold = threshold
        self.enough = enough
        self.expansion = expansion
        self.valuation = valuation
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard steps >= 1, branches >= 1, depth >= 1 else {
            throw CoreError.invalid(
                "A depth-first search of \(steps) steps with \(branches) branches and depth \(depth) cannot search; expected 1 or more of each")
        }
        try position.requireBranches()
        let player = try cast.bare(role)
        var tree = GrowingTree(position)
        var open: [Int?] = [nil]
        var looked = 0
        while looked < steps, let node = open.popLast() {
            let own = scope.child("step", looked)
            looked += 1
            let fresh = try await tree.expand([node], by: expansion, count: branches, for: role, as: player, cast: cast, scopes: [own.child("from")])[0]
            let found = try await valuation.values(
                of: fresh.map { tree.position(at: $0) }, for: role, as: player, cast: cast, judge: judge,
                scopes: fresh.indices.map { own.child("worth", $0) })
            for (child, valued) in zip(fresh, found) {
                tree.value(child, valued)
                tree.visit(tree.ancestry(of: child))
            }
            if let enough, fresh.contains(where: { tree.position(at: $0).isOver && tree.nodes[$0].value >= enough }) { break }
            let next = fresh.filter { child in
                !tree.position(at: child).isOver && tree.nodes[child].value > threshold && tree.ancestry(of: child).count < depth
            }
            // The last is gone on from first.
            open += next.sorted { (tree.nodes[$0].value, -$0) < (tree.nodes[$1].value, -$1) }
        }
        // Finished answers before all others, then the deeper, then the worthier; of equals the earlier.
        let finished = tree.nodes.indices.filter { tree.position(at: $0).isOver }
        func rank(_ node: Int) -> (Int, Double, Int) { (finished.isEmpty ? tree.ancestry(of: node).count : 0, tree.nodes[node].value, -node) }
        let chosen = (finished.isEmpty ? Array(tree.nodes.indices) : finished).max { rank($0) < rank($1) }
        guard let chosen else { throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: there was no move to look at") }
        return tree.finished(chosen: chosen)
    }
}
