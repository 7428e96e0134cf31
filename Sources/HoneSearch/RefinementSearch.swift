import HoneCore

/// A tree of answers in which an edge is a refinement: Monte Carlo tree self-refine (MCTSr), and MC-NEST by its selection.
///
/// A rollout selects an attempt that is not fully refined, has it valued once more, draws one refinement of it, and has that valued. An
/// attempt is fully refined when it has `refinements` children or a child better than itself. An attempt's own Q is ½ (least + mean) of what
/// it was valued at; after each rollout every attempt on the way up gets ½ (Q + its best child's Q). The attempt with the largest Q is
/// kept: the search says it again, which ends the play. In the tree a node's value is its Q, its visits count its valuations, and
/// each valuation is a verdict of kind `worth`.
///
/// Source: Zhang et al. 2024, “Accessing GPT-4 level Mathematical Olympiad Solutions via Monte Carlo Tree Self-refine with LLaMa-3 8B”,
/// section 3; Rabby et al. 2024, “MC-NEST”, algorithm 1. Departures: a refinement that reads like what it refines is not refined again, as
/// the play is over with it; where no attempt is left to be refined the first one is.
public struct RefinementSearch: SearchMethod {
    public static let card = PartCard(
        name: "refinement-tree", summary: "Monte Carlo tree search over whole answers, each refining the one above it",
        source: "Zhang et al. 2024 (MCTSr), section 3; Rabby et al. 2024 (MC-NEST), algorithm 1", gives: [.tree], needs: [.branches])

    /// How many rollouts.
    public var rollouts: Int
    /// Which attempt is refined next.
    public var selection: RefinementSelection
    /// How many refinements an attempt has at most.
    public var refinements: Int
    /// How often an attempt is valued each time it is looked at.
    public var valuations: Int
    /// The first attempt, where it is not the player's: a dummy that is never kept.
    public var dummy: String?
    /// What attempts are worth.
    public var valuation: any Valuation

    /// The search.
    public init(
        rollouts: Int = 8, selection: RefinementSelection = RefinementSelection(), refinements: Int = 2, valuations: Int = 1, dummy: String? = nil,
        valuation: any Valuation = StandingReturn()
    ) {
        self.rollouts = rollouts
        self.selection = selection
        self.refinements = refinements
        self.valuations = valuations
        self.dummy = dummy
        self.valuation = valuation
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard rollouts >= 1, refinements >= 1, valuations >= 1 else {
            throw CoreError.invalid(
                "A refinement tree with \(rollouts) rollouts, \(refinements) refinements and \(valuations) valuations cannot search; expected 1 or more of each")
        }
        try position.requireBranches()
        try position.requireRevisions()
        let player = try cast.bare(role)
        var grown = RefinementTree(GrowingTree(position))

        func value(_ node: Int, in own: Scope) async throws {
            let reached = grown.tree.position(at: node)
            let found = try await valuation.values(
                of: [Position<W>](repeating: reached, count: valuations), for: role, as: player, cast: cast, judge: judge,
                scopes: (0..<valuations).map { own.child("valuation", $0) })
            for one in found { grown.note(one, at: node) }
        }

        let beginning = scope.child("first")
        if let dummy {
            let move = Move(segments: [.text(dummy, from: .prompt)])
            _ = grown.add(Candidate(move: move, prior: 1), leading: try await position.following(move, of: role, cast: cast, in: beginning), under: nil)
        } else {
            _ = try await grown.refine(nil, for: role, as: player, cast: cast, in: beginning)
        }
        for rollout in 0..<rollouts {
            let own = scope.child("rollout", rollout)
            let open = grown.open(refinements)
            guard !open.isEmpty else { break }
            var generator = own.seed.child("select").generator
            let node = open[selection.choose(open.map(grown.known), using: &generator)]
            try await value(node, in: own.child("again"))
            let child = try await grown.refine(node, for: role, as: player, cast: cast, in: own.child("refine"))
            try await value(child, in: own.child("child"))
            grown.backUp(from: child)
        }
        guard let kept = grown.best(leavingOut: dummy == nil ? [] : [0]) else {
            throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: there was no attempt to look at")
        }
        return try await grown.tree.saidAgain(kept, for: role, cast: cast, in: scope.child("last"))
    }
}

/// A refinement tree in the making: what each attempt was valued at, its Q, and how often values were backed up through it.
struct RefinementTree<W: World>: Sendable {
    private(set) var tree: GrowingTree<W>
    private var found: [[Double]] = []
    private var passes: [Int] = []

    init(_ tree: GrowingTree<W>) { self.tree = tree }

    mutating func add(_ candidate: Candidate, leading position: Position<W>, under parent: Int?) -> Int {
        found.append([])
        passes.append(0)
        return tree.add(candidate, leading: position, under: parent)
    }

    /// One refinement of an attempt, or the first attempt under nil.
    mutating func refine(_ parent: Int?, for role: Role, as player: Player, cast: Cast, in scope: Scope) async throws -> Int {
        let start = tree.position(at: parent)
        let drawn = try await SampledMoves().candidates(at: start, after: [], for: role, as: player, cast: cast, count: 1, in: scope)
        guard let candidate = drawn.first else { throw CoreError.invalid("Nothing was drawn where one attempt was asked for") }
        return add(candidate, leading: try await start.following(candidate.move, of: role, cast: cast, in: scope), under: parent)
    }

    /// Notes a valuation; Q is made anew of all of them.
    mutating func note(_ valued: Valued, at node: Int) {
        found[node].append(valued.value)
        let values = found[node]
        let mean = values.reduce(0, +) / Double(values.count)
        tree.set(node, value: (mean + (values.min() ?? mean)) / 2)
        tree.visit([node])
        tree.note(valued.verdicts + [Verdict(on: .episode(0), kind: .worth, value: valued.value)], at: node)
    }

    /// Q ← ½ (Q + best child's Q), from an attempt's parent up.
    mutating func backUp(from node: Int) {
        for place in tree.ancestry(of: node).dropFirst() {
            guard let best = tree.children(of: place).filter({ !found[$0].isEmpty }).map({ tree.nodes[$0].value }).max() else { continue }
            tree.set(place, value: (tree.nodes[place].value + best) / 2)
            passes[place] += 1
        }
    }

    /// The attempts that may be refined: the play goes on after them, and they have neither enough refinements nor a better one.
    func open(_ refinements: Int) -> [Int] {
        let going = tree.nodes.indices.filter { !tree.position(at: $0).isOver }
        let open = going.filter { node in
            let children = tree.children(of: node)
            return children.count < refinements && !children.contains { tree.nodes[$0].value > tree.nodes[node].value }
        }
        return open.isEmpty ? Array(going.prefix(1)) : open
    }

    /// What selection knows of an attempt.
    func known(_ node: Int) -> RefinementSelection.Known {
        let parent = tree.nodes[node].parent
        return .init(
            quality: tree.nodes[node].value, visits: passes[node], parentVisits: parent.map { passes[$0] },
            refinesFirst: parent.map { tree.nodes[$0].parent == nil } ?? false)
    }

    /// The attempt with the largest Q, of equals the earliest; an attempt nobody valued only where there is no other.
    func best(leavingOut left: [Int]) -> Int? {
        let known = tree.nodes.indices.filter { !left.contains($0) && !found[$0].isEmpty }
        return known.max { (tree.nodes[$0].value, -$0) < (tree.nodes[$1].value, -$1) } ?? tree.nodes.indices.first { !left.contains($0) }
    }
}
