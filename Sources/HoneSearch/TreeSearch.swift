import HoneCore

/// Monte Carlo tree search over any world whose positions can be branched: lines of an answer, whole attempts, pages, moves of a game.
///
/// A simulation follows `selection` from the root to a node that has not been looked into, makes the moves of `expansion` there, has each
/// valued, and backs the values up: into means over visits, or into the best of the moves. `width` simulations go on at once; those that are
/// on their way count as losses (Chaslot et al. 2008), so what a search finds depends on its width and not on who is done first.
///
/// With `widening` a simulation that comes by a position with fewer moves than it is allowed ends there and looks at one more.
///
/// Source: Kocsis and Szepesvári 2006; Silver et al. 2017. Departure: all moves of a new node are valued at once and each counts as a visit,
/// as searches over thoughts do (Hao et al. 2023; Zhang et al. 2024, ReST-MCTS*).
public struct TreeSearch: SearchMethod {
    public static let card = PartCard(
        name: "mcts", summary: "Monte Carlo tree search with exchangeable selection, expansion, valuation, back-up and final choice",
        source: "Kocsis and Szepesvári 2006; Silver et al. 2017; Hao et al. 2023", gives: [.tree], needs: [.branches])

    /// How values travel up.
    public enum Backup: String, Hashable, Sendable, Codable, CaseIterable {
        /// A position is worth the mean of all that was found below it.
        case mean
        /// A position is worth its best move.
        case best
    }

    /// Which node is chosen in the end; of equals the earliest.
    public enum Choice: String, Hashable, Sendable, Codable, CaseIterable {
        /// The root's move with the most visits.
        case visits
        /// The root's move with the best value.
        case value
        /// The best finished play; where none is finished, the most visited way down.
        case answer
        /// Where the tree ends with the best value: a finished play, or a position that promises more than every finished one and is played on from by the
        /// player.
        case leaf
    }

    /// How many simulations.
    public var simulations: Int
    /// How many go on at once.
    public var width: Int
    /// Moves that are looked at in a position, where they are drawn.
    public var branches: Int
    /// How a position in which it matters what is done is given more moves; nil gives each `branches` of them, once.
    public var widening: Widening?
    /// The deepest node below the root.
    public var depth: Int
    /// Which move is followed.
    public var selection: Selection
    /// Which moves there are.
    public var expansion: any Expansion
    /// What positions are worth.
    public var valuation: any Valuation
    /// How values travel up.
    public var backup: Backup
    /// What is chosen.
    public var choice: Choice
    /// The search ends when a finished play is worth this much; nil never ends it early.
    public var enough: Double?
    /// Whether new positions are played to the end by the player, those plays stay in the tree, and their ends are valued in place of the positions.
    public var keepsPlays: Bool

    /// The search.
    public init(
        simulations: Int = 16, width: Int = 1, branches: Int = 4, widening: Widening? = nil, depth: Int = 40, selection: Selection = .uct(c: 1.4),
        expansion: any Expansion = SampledMoves(), valuation: any Valuation = PlayedOut(), backup: Backup = .mean, choice: Choice = .answer,
        enough: Double? = nil, keepsPlays: Bool = false
    ) {
        self.simulations = simulations
        self.width = width
        self.branches = branches
        self.widening = widening
        self.depth = depth
        self.selection = selection
        self.expansion = expansion
        self.valuation = valuation
        self.backup = backup
        self.choice = choice
        self.enough = enough
        self.keepsPlays = keepsPlays
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard simulations >= 1, width >= 1, branches >= 1, depth >= 1 else {
            throw CoreError.invalid(
                "A tree search with \(simulations) simulations, width \(width), \(branches) branches and depth \(depth) cannot search; expected 1 or more of each")
        }
        try widening?.check()
        try position.requireBranches()
        let player = try cast.bare(role)
        var tree = GrowingTree(position)
        var widths = Widths(rule: widening, branches: branches)
        var done = 0
        while done < simulations {
            let batch = scope.child("simulation", done)
            let leaves = select(min(width, simulations - done), in: tree, widths, seed: batch.seed)
            // Two simulations that met at one node look into it once.
            var open: [Int?] = []
            for leaf in leaves where !isClosed(leaf, in: tree) && !open.contains(leaf) { open.append(leaf) }
            let made = try await tree.expand(
                open, by: expansion, counts: open.map { widths.wanted(below: $0, in: tree) }, for: role, as: player, cast: cast,
                scopes: open.indices.map { batch.child("expand", $0) })
            for (parent, nodes) in zip(open, made) {
                widths.played.remove(parent)
                if nodes.isEmpty { widths.exhausted.insert(parent) }
            }
            let fresh = made.flatMap { $0 }
            let lines = keepsPlays ? try await playOut(fresh, in: &tree, &widths, for: role, as: player, cast: cast, scope: batch) : fresh.map { [$0] }
            let ends = zip(fresh, lines).map { $1.last ?? $0 }
            let found = try await valuation.values(
                of: ends.map { tree.position(at: $0) }, for: role, as: player, cast: cast, judge: judge,
                scopes: ends.indices.map { batch.child("worth", $0) })
            for (line, valued) in zip(lines, found) { for node in line { widths.first[node] = valued.value } }
            for (node, valued) in zip(ends, found) { backUp(valued, at: node, in: &tree) }
            // A play that was over already says again what it is worth.
            for leaf in leaves { if let leaf, isClosed(leaf, in: tree) { backUp(Valued(tree.nodes[leaf].value), at: leaf, in: &tree) } }
            done += leaves.count
            if let enough, tree.nodes.indices.contains(where: { tree.position(at: $0).isOver && tree.nodes[$0].value >= enough }) { break }
        }
        guard let chosen = chosen(in: tree) else {
            throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: there was no move to look at")
        }
        return tree.finished(chosen: chosen)
    }

    /// Plays on from new nodes, all at once; gives each with the nodes of its play, in order.
    private func playOut<W: World>(
        _ fresh: [Int], in tree: inout GrowingTree<W>, _ widths: inout Widths, for role: Role, as player: Player, cast: Cast, scope: Scope
    ) async throws -> [[Int]] {
        let starts = fresh.map { (position: tree.position(at: $0), room: depth - tree.ancestry(of: $0).count) }
        let plays = try await starts.concurrently { index, start in
            try await Rollout.line(from: start.position, for: role, as: player, cast: cast, limit: start.room, in: scope.child("play", index))
        }
        return zip(fresh, plays).map { node, play in
            var line = [node]
            for (move, reached) in play {
                let last = line[line.count - 1]
                widths.played.insert(last)
                line.append(tree.add(Candidate(move: move, prior: 1 / Double(branches)), leading: reached, under: last))
            }
            return line
        }
    }

    /// Whether nothing can be looked into at a node.
    private func isClosed<W: World>(_ node: Int?, in tree: GrowingTree<W>) -> Bool {
        guard let node else { return false }
        return tree.position(at: node).isOver || tree.ancestry(of: node).count >= depth
    }

    /// The nodes where simulations end that begin now, one after the other; the root for nil.
    private func select<W: World>(_ count: Int, in tree: GrowingTree<W>, _ widths: Widths, seed: Seed) -> [Int?] {
        var pending: [Int: Int] = [:]
        var widened: Set<Int?> = []
        return (0..<count).map { index in
            var generator = seed.child("select", index).generator
            var node: Int?
            while true {
                let children = tree.children(of: node)
                guard !children.isEmpty else { break }
                // Only one simulation at a time widens a position; the others go on below it.
                if widths.isNarrow(node, in: tree), widened.insert(node).inserted { break }
                let known = children.map {
                    Selection.Known(
                        visits: tree.nodes[$0].visits, value: tree.nodes[$0].value, prior: tree.nodes[$0].prior ?? 0, pending: pending[$0] ?? 0)
                }
                let next = children[selection.choose(known, using: &generator)]
                pending[next, default: 0] += 1
                node = next
            }
            return node
        }
    }

    private func backUp<W: World>(_ valued: Valued, at node: Int, in tree: inout GrowingTree<W>) {
        let path = tree.ancestry(of: node)
        switch backup {
        case .mean:
            tree.visit(path, value: valued.value)
        case .best:
            if tree.nodes[node].visits == 0 { tree.set(node, value: valued.value) }
            tree.visit(path)
            for place in path.dropFirst() {
                let best = tree.children(of: place).filter { tree.nodes[$0].visits > 0 }.map { tree.nodes[$0].value }.max()
                if let best { tree.set(place, value: best) }
            }
        }
        if !valued.verdicts.isEmpty { tree.note(valued.verdicts, at: node) }
    }

    private func chosen<W: World>(in tree: GrowingTree<W>) -> Int? {
        func first(_ nodes: [Int], by score: (Int) -> (Double, Double)) -> Int? {
            nodes.max { a, b in
                let (x, y) = (score(a), score(b))
                return x == y ? a > b : x < y
            }
        }
        let moves = tree.children(of: nil)
        func mostVisited(_ nodes: [Int]) -> Int? { first(nodes) { (Double(tree.nodes[$0].visits), tree.nodes[$0].value) } }
        switch choice {
        case .visits: return mostVisited(moves)
        case .value: return first(moves) { (tree.nodes[$0].value, Double(tree.nodes[$0].visits)) }
        case .answer:
            let ends = tree.nodes.indices.filter { tree.position(at: $0).isOver }
            if let best = first(ends, by: { (tree.nodes[$0].value, Double(tree.nodes[$0].visits)) }) { return best }
            var place = mostVisited(moves)
            while let own = place, let next = mostVisited(tree.children(of: own)) { place = next }
            return place
        case .leaf:
            let leaves = tree.nodes.indices.filter { tree.nodes[$0].visits > 0 && tree.children(of: $0).isEmpty }
            return first(leaves) { (tree.nodes[$0].value, tree.position(at: $0).isOver ? 1 : 0) } ?? mostVisited(moves)
        }
    }
}
