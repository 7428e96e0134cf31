import Foundation
import HoneCore

/// Monte Carlo tree search between two players in which a model stands for the rules: nothing is played, and nobody but the model says what follows a move.
///
/// One call opens a node: the page of the position there lists its moves and what each is worth to its maker. These become children with that worth as their
/// first visit and the prior softmax(worth / `temperature`). A simulation follows `selection` to a node that has not been opened, opens it, and backs up what
/// its best move leaves to whoever came there, 1 − v at each ply upwards. A node whose page cannot be read or cannot follow is left out from then on. `width`
/// simulations go on at once; those on their way count as losses. Kept is the root's move with the most visits, of equals the worthiest, then the one said to be best:
/// without simulations the worthiest on the first page.
///
/// Source: Schultz et al. 2024, “Mastering Board Games by External and Internal Planning with Language Models”; Silver et al. 2017. Departures: a worth that
/// the parent's page gives counts as a visit; a simulation that ends at a page that was left out backs nothing up and is spent.
public struct ImaginedSearch: SearchMethod {
    public static let card = PartCard(
        name: "imagined-mcts", summary: "Monte Carlo tree search in which a model lists moves, values and next states in place of the rules",
        source: "Schultz et al. 2024, external search", gives: [.tree])

    /// How many simulations after the first page, 0 or more.
    public var simulations: Int
    /// How many go on at once.
    public var width: Int
    /// Which move is followed.
    public var selection: Selection
    /// The temperature of priors, in units of worth.
    public var temperature: Double
    /// Who stands for the rules.
    public var imagination: any Imagination

    /// The search.
    public init(simulations: Int = 32, width: Int = 8, selection: Selection = .puct(c: 1), temperature: Double = 0.1, imagination: any Imagination) {
        self.simulations = simulations
        self.width = width
        self.selection = selection
        self.temperature = temperature
        self.imagination = imagination
    }

    /// The tree's moves are those of the pages; where there is none to choose, the tree has one node with an empty text, which no game takes for a move.
    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard simulations >= 0, width >= 1, temperature > 0 else {
            throw CoreError.invalid(
                "An imagined search with \(simulations) simulations, width \(width) and temperature \(temperature) cannot search; expected 0 or more, 1 or more, above 0")
        }
        let player = try cast.bare(role)
        let start = try imagination.position(of: position.view(for: role))
        var imagined = Imagined(position)
        guard let first = try await imagination.page(after: nil, at: start, as: player, in: scope.child("root")) else { return imagined.finished() }
        imagined.open(nil, first, temperature: temperature)
        var done = 0
        while done < simulations {
            let batch = scope.child("simulation", done)
            let leaves = imagined.select(min(width, simulations - done), by: selection, seed: batch.seed)
            guard !leaves.isEmpty else { break }
            // Two simulations that met at one node look into it once.
            var fresh: [(node: Int, move: String, before: String)] = []
            for leaf in leaves where !fresh.contains(where: { $0.node == leaf }) {
                if let asked = imagined.question(at: leaf) { fresh.append((leaf, asked.move, asked.before)) }
            }
            // What was closed before says again what it is worth.
            for leaf in leaves where imagined.question(at: leaf) == nil { imagined.repeatValue(of: leaf) }
            let pages = try await fresh.concurrently { index, asked in
                try await imagination.page(after: asked.move, at: asked.before, as: player, in: batch.child("open", index))
            }
            for (asked, page) in zip(fresh, pages) {
                if let page { imagined.open(asked.node, page, temperature: temperature) } else { imagined.leaveOut(asked.node) }
            }
            done += leaves.count
        }
        return imagined.finished()
    }
}

/// The pages at the nodes of a tree.
private struct Imagined<W: World> {
    private enum Look {
        case unopened, leftOut
        case open(ImaginedPage)
    }

    private let root: Position<W>
    private var tree: GrowingTree<W>
    private var first: ImaginedPage?
    private var looks: [Look] = []

    init(_ root: Position<W>) {
        self.root = root
        tree = GrowingTree(root)
    }

    private func page(at node: Int?) -> ImaginedPage? {
        guard let node else { return first }
        if case .open(let page) = looks[node] { return page }
        return nil
    }

    /// The children of a node that have not been left out.
    private func children(of node: Int?) -> [Int] {
        tree.children(of: node).filter { if case .leftOut = looks[$0] { false } else { true } }
    }

    /// What has to be asked to open a node: its move, and the position before it; nil where it is open or left out.
    func question(at node: Int) -> (move: String, before: String)? {
        guard case .unopened = looks[node], let before = page(at: tree.nodes[node].parent) else { return nil }
        return (tree.nodes[node].move.text, before.position)
    }

    /// Makes a page's moves the children of a node, and backs up what the position is worth to whoever came there.
    mutating func open(_ node: Int?, _ page: ImaginedPage, temperature: Double) {
        if let node { looks[node] = .open(page) } else { first = page }
        let most = page.moves.map(\.value).max() ?? 0
        let weights = page.moves.map { exp(($0.value - most) / temperature) }
        let sum = weights.reduce(0, +)
        for (listed, weight) in zip(page.moves, weights) {
            // The world stands still: what a move leads to is on the pages only.
            let child = tree.add(Candidate(move: Move(text: listed.move), prior: weight / sum), leading: root, under: node)
            looks.append(.unopened)
            tree.visit([child], value: listed.value)
        }
        if let node { backUp(page.worthToMaker, at: node) }
    }

    mutating func leaveOut(_ node: Int) { looks[node] = .leftOut }

    mutating func repeatValue(of node: Int) { if let page = page(at: node) { backUp(page.worthToMaker, at: node) } }

    private mutating func backUp(_ value: Double, at node: Int) {
        var own = value
        for step in tree.ancestry(of: node) {
            tree.visit([step], value: own)
            own = 1 - own
        }
    }

    /// The nodes where simulations end that begin now, one after the other; fewer where nothing can be followed.
    func select(_ count: Int, by selection: Selection, seed: Seed) -> [Int] {
        var pending: [Int: Int] = [:]
        var leaves: [Int] = []
        for index in 0..<count {
            var generator = seed.child("select", index).generator
            var node: Int?
            while true {
                let next = children(of: node)
                guard !next.isEmpty else { break }
                let known = next.map {
                    Selection.Known(
                        visits: tree.nodes[$0].visits, value: tree.nodes[$0].value, prior: tree.nodes[$0].prior ?? 0, pending: pending[$0] ?? 0)
                }
                let chosen = next[selection.choose(known, using: &generator)]
                pending[chosen, default: 0] += 1
                node = chosen
            }
            if let node { leaves.append(node) }
        }
        return leaves
    }

    /// The tree with its choice.
    func finished() -> SearchTree {
        func rank(_ node: Int) -> (Int, Double, Int, Int) {
            let own = tree.nodes[node]
            return (own.visits, own.value, own.move.text == first?.best ? 1 : 0, -node)
        }
        guard let chosen = children(of: nil).max(by: { rank($0) < rank($1) }) else {
            return SearchTree(nodes: [SearchTree.Node(parent: nil, move: Move(text: ""))], chosen: 0)
        }
        return tree.finished(chosen: chosen)
    }
}
