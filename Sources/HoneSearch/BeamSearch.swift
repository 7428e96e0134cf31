import HoneCore

/// Keeps the worthiest beginnings of an answer and goes on from them, step after step.
///
/// At the root `width × branches` moves are looked at, after that `branches` of each beginning. With `isDiverse` each of the first `width`
/// beginnings keeps a beam of one of its own (diverse verifier tree search), otherwise the worthiest of all are kept. Where the model itself
/// says what beginnings are worth it is the tree of thoughts' breadth-first search. Finished answers leave the beam and wait.
///
/// Source: Snell et al. 2024, section 5.2; Beeching et al. 2024 (diverse verifier tree search); Yao et al. 2023, algorithm 1.
public struct BeamSearch: SearchMethod {
    public static let card = PartCard(
        name: "beam", summary: "step by step, the worthiest beginnings go on; with subtrees of their own where diversity is wanted",
        source: "Snell et al. 2024, section 5.2; Beeching et al. 2024; Yao et al. 2023", gives: [.tree], needs: [.branches])

    /// How many beginnings are kept.
    public var width: Int
    /// How many moves of each are looked at.
    public var branches: Int
    /// Whether each keeps to its own subtree.
    public var isDiverse: Bool
    /// The most steps of an answer; what is not over then competes as it is.
    public var depth: Int
    /// Which moves are looked at.
    public var expansion: any Expansion
    /// What beginnings and answers are worth.
    public var valuation: any Valuation

    /// The search.
    public init(
        width: Int = 4, branches: Int = 4, isDiverse: Bool = false, depth: Int = 40, expansion: any Expansion = SampledMoves(),
        valuation: any Valuation = PlayedOut()
    ) {
        self.width = width
        self.branches = branches
        self.isDiverse = isDiverse
        self.depth = depth
        self.expansion = expansion
        self.valuation = valuation
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard width >= 1, branches >= 1, depth >= 1 else {
            throw CoreError.invalid("A beam of width \(width), \(branches) branches and depth \(depth) cannot search; expected 1 or more of each")
        }
        try position.requireBranches()
        let player = try cast.bare(role)
        var tree = GrowingTree(position)
        // Beams are lists of nodes to go on from; a diverse search has one for each subtree.
        var beams: [[Int?]] = [[nil]]
        var finished: [Int] = []
        for step in 0..<depth {
            let open = beams.flatMap { $0 }
            guard !open.isEmpty else { break }
            let own = scope.child("step", step)
            let made = try await tree.expand(
                open, by: expansion, count: step == 0 ? width * branches : branches, for: role, as: player, cast: cast,
                scopes: open.indices.map { own.child("from", $0) })
            let fresh = made.flatMap { $0 }
            let found = try await valuation.values(
                of: fresh.map { tree.position(at: $0) }, for: role, as: player, cast: cast, judge: judge,
                scopes: fresh.indices.map { own.child("worth", $0) })
            for (node, valued) in zip(fresh, found) {
                tree.value(node, valued)
                tree.visit(tree.ancestry(of: node))
            }
            func worthiest(_ nodes: [Int], _ count: Int) -> [Int] {
                Array(nodes.sorted { (-tree.nodes[$0].value, $0) < (-tree.nodes[$1].value, $1) }.prefix(count))
            }
            var next: [[Int]] = []
            if isDiverse, step == 0 {
                next = worthiest(fresh, width).map { [$0] }
            } else {
                var place = 0
                for beam in beams {
                    let own = made[place..<(place + beam.count)].flatMap { $0 }
                    place += beam.count
                    next.append(worthiest(own, isDiverse ? 1 : width - finished.count))
                }
            }
            finished += next.flatMap { $0 }.filter { tree.position(at: $0).isOver }
            beams = next.map { beam in beam.filter { !tree.position(at: $0).isOver }.map(Optional.some) }
            if finished.count >= width { break }
        }
        let candidates = finished.isEmpty ? beams.flatMap { $0.compactMap { $0 } } : finished
        guard let chosen = candidates.max(by: { (tree.nodes[$0].value, -$0) < (tree.nodes[$1].value, -$1) }) else {
            throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: there was no move to look at")
        }
        return tree.finished(chosen: chosen)
    }
}
