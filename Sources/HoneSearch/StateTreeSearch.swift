import HoneCore

/// A tree over the states of a play: each iteration selects any state that can be gone on from, makes one move there, and values where it led.
///
/// A state can be gone on from while it is not over, has fewer than `expansions` children and fewer than `depth` moves behind it. The expansion is told
/// what was tried there before. Values are backed up as means. A move that reads like one beside it takes that one's value, and nobody is asked
/// again. The search ends with its iterations, when `finished` different plays are over, or when nothing can be gone on from; of the finished
/// plays the final choice keeps one. Where none has finished, the player goes on from the state that is valued most, to the end.
///
/// Source: Antoniades et al. 2024, “SWE-Search”, sections 3.1 to 3.4. Departures: the root is not valued; the player ends an unfinished search itself,
/// so that what is kept is a whole play.
public struct StateTreeSearch: SearchMethod {
    public static let card = PartCard(
        name: "state-tree", summary: "one move at a time from any state of the tree, chosen by a score of many terms; a final choice among finished plays",
        source: "Antoniades et al. 2024 (SWE-Search)", gives: [.tree], needs: [.branches])

    /// How many moves are made.
    public var iterations: Int
    /// How many moves of a state are tried at most.
    public var expansions: Int
    /// The most moves of a play in the tree.
    public var depth: Int
    /// The search ends when so many different plays have finished; 0 never ends it early.
    public var finished: Int
    /// Which state is gone on from.
    public var selection: StateSelection
    /// Which move is made there.
    public var expansion: any Expansion
    /// What states are worth.
    public var valuation: any Valuation
    /// Which finished play is kept.
    public var choice: any FinalChoice

    /// The search.
    public init(
        iterations: Int = 24, expansions: Int = 3, depth: Int = 10, finished: Int = 5, selection: StateSelection = StateSelection(),
        expansion: any Expansion = HindsightMoves(), valuation: any Valuation = PlayedOut(), choice: any FinalChoice = KeptByValue()
    ) {
        self.iterations = iterations
        self.expansions = expansions
        self.depth = depth
        self.finished = finished
        self.selection = selection
        self.expansion = expansion
        self.valuation = valuation
        self.choice = choice
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard iterations >= 1, expansions >= 1, depth >= 1, finished >= 0 else {
            throw CoreError.invalid(
                "A tree of states with \(iterations) iterations, \(expansions) expansions, depth \(depth) and \(finished) finished plays cannot search; expected 1 "
                    + "or more of each, and 0 or more of the last")
        }
        try position.requireBranches()
        let player = try cast.bare(role)
        var grown = StateTree(GrowingTree(position), role: role)
        for iteration in 0..<iterations {
            let own = scope.child("iteration", iteration)
            let open = grown.open(expansions: expansions, depth: depth)
            guard !open.isEmpty else { break }
            var generator = own.seed.child("select").generator
            let node = open[selection.choose(open.map { grown.known($0) }, using: &generator)]
            let start = grown.tree.position(at: node)
            let drawn = try await expansion.candidates(
                at: start, after: grown.tried(at: node), for: role, as: player, cast: cast, count: 1, in: own.child("expand"))
            guard let candidate = drawn.first else { throw CoreError.invalid("Nothing was drawn where one move was asked for") }
            let reached = try await start.following(candidate.move, of: role, cast: cast, in: own.child("move"))
            if let twin = grown.twin(of: candidate.move, at: node) {
                grown.repeated(candidate, of: twin, leading: reached, under: node)
            } else {
                let found = try await valuation.values(of: [reached], for: role, as: player, cast: cast, judge: judge, scopes: [own.child("worth")])
                guard let valued = found.first else { throw CoreError.invalid("A state was not valued") }
                grown.add(candidate, valued: valued, leading: reached, under: node)
            }
            if finished > 0, grown.ends.count >= finished { break }
        }
        let ends = grown.ends
        guard ends.isEmpty else {
            let kept = try await choice.choose(among: ends.map { grown.play(to: $0) }, cast: cast, in: scope.child("choice"))
            return grown.tree.finished(chosen: ends[kept])
        }
        return try await grown.playedOn(as: player, cast: cast, in: scope.child("end"))
    }
}

/// A tree of states in the making: what each was found to be worth itself, and which moves were made twice.
struct StateTree<W: World>: Sendable {
    private(set) var tree: GrowingTree<W>
    private let role: Role
    private var own: [Double] = []
    private var words: [String?] = []
    private var twins: [Int?] = []

    init(_ tree: GrowingTree<W>, role: Role) {
        self.tree = tree
        self.role = role
    }

    mutating func add(_ candidate: Candidate, valued: Valued, leading position: Position<W>, under parent: Int?) {
        let node = note(candidate, valued.value, valued.verdicts.last { $0.critique != nil }?.critique, leading: position, under: parent)
        let isTold = valued.verdicts.contains { $0.kind == .worth }
        tree.note(valued.verdicts + (isTold ? [] : [Verdict(on: .episode(0), kind: .worth, value: valued.value)]), at: node)
    }

    /// Adds a move that reads like an earlier one beside it.
    mutating func repeated(_ candidate: Candidate, of twin: Int, leading position: Position<W>, under parent: Int?) {
        twins[note(candidate, own[twin], words[twin], leading: position, under: parent)] = twin
    }

    private mutating func note(_ candidate: Candidate, _ value: Double, _ said: String?, leading position: Position<W>, under parent: Int?) -> Int {
        let node = tree.add(candidate, leading: position, under: parent)
        own.append(value)
        words.append(said)
        twins.append(nil)
        tree.visit(tree.ancestry(of: node), value: value)
        return node
    }

    /// The states that can be gone on from; the root for nil.
    func open(expansions: Int, depth: Int) -> [Int?] {
        ([nil] + tree.nodes.indices.map { $0 }).filter { node in
            tree.children(of: node).count < expansions && level(node) < depth && !tree.position(at: node).isOver
        }
    }

    /// Moves from the root.
    private func level(_ node: Int?) -> Int { node.map { tree.ancestry(of: $0).count } ?? 0 }

    /// The finished plays, but for those whose last move was made before.
    var ends: [Int] { tree.nodes.indices.filter { twins[$0] == nil && tree.position(at: $0).isOver } }

    /// The earlier move at a state that reads like this one.
    func twin(of move: Move, at node: Int?) -> Int? {
        let text = Array(move.text.utf8)
        return tree.children(of: node).first { Array(tree.nodes[$0].move.text.utf8) == text }
    }

    /// What was tried at a state; moves that were made twice once.
    func tried(at node: Int?) -> [Tried] {
        tree.children(of: node).filter { twins[$0] == nil }.map { Tried(move: tree.nodes[$0].move.text, value: own[$0], words: words[$0]) }
    }

    /// What selection knows of a state.
    func known(_ node: Int?) -> StateSelection.Known {
        let children = tree.children(of: node)
        let values = children.map { own[$0] }
        let repeats = children.contains { twins[$0] != nil }
        guard let node else {
            let visits = children.reduce(0) { $0 + tree.nodes[$1].visits }
            // The root was come by before any move was made.
            return .init(value: nil, visits: visits + 1, parentVisits: nil, depth: 0, children: values, finished: finished(below: nil), hasRepeatedChild: repeats)
        }
        let parent = tree.nodes[node].parent
        let above = parent.map { tree.nodes[$0].visits } ?? tree.children(of: nil).reduce(0) { $0 + tree.nodes[$1].visits } + 1
        let others = tree.nodes.indices.filter { $0 != node && !tree.children(of: $0).isEmpty }
        let different = others.count { shown(at: $0) != shown(at: node) }
        return .init(
            value: own[node], visits: tree.nodes[node].visits, parentVisits: above, parentValue: parent.map { own[$0] }, depth: level(node), children: values,
            finished: finished(below: node), isRepeated: twins[node] != nil, hasRepeatedChild: repeats,
            difference: others.isEmpty ? 1 : Double(different) / Double(others.count))
    }

    /// What the player can tell of a state.
    private func shown(at node: Int) -> String? { tree.position(at: node).view(for: role).informationState }

    /// The best value of a finished play below a state.
    private func finished(below node: Int?) -> Double? {
        tree.nodes.indices.filter { place in
            tree.position(at: place).isOver && (node.map { tree.ancestry(of: place).dropFirst().contains($0) } ?? true)
        }.map { own[$0] }.max()
    }

    /// A finished play, as a final choice sees it.
    func play(to end: Int) -> FinishedPlay<W> {
        FinishedPlay(position: tree.position(at: end), values: tree.ancestry(of: end).reversed().map { own[$0] }, words: words[end])
    }

    /// The tree whose choice is played by the player to its end, from the state that is valued most.
    func playedOn(as player: Player, cast: Cast, in scope: Scope) async throws -> SearchTree {
        guard let best = tree.nodes.indices.max(by: { (own[$0], -$0) < (own[$1], -$1) }) else {
            throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: there was no move to look at")
        }
        let line = try await Rollout.line(from: tree.position(at: best), for: role, as: player, cast: cast, in: scope)
        var copy = tree
        var last = best
        for (move, reached) in line {
            last = copy.add(Candidate(move: move, prior: 1), leading: reached, under: last)
            copy.set(last, value: own[best])
        }
        return copy.finished(chosen: last)
    }
}
