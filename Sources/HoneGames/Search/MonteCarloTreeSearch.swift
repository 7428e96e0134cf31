import HoneCore

/// Monte Carlo tree search for games of perfect information, with any number of players and with chance.
///
/// Each simulation walks down by the settings' selection rule, adds one position, values it by random play or by an evaluator, and adds the value
/// of each seat to the nodes it chose on the way (Browne et al. 2012). Chance is drawn anew in every simulation.
public struct MonteCarloTreeSearch<Rules: ExtensiveGame>: Sendable {
    /// The rules.
    public let game: Rules
    /// How it goes about it.
    public let settings: GameSearchSettings
    private let evaluator: GameEvaluator<Rules>?
    private let middle: Double
    private let scale: Double

    /// The search; without an evaluator, positions are valued by random play. Throws when the game hides something, or a setting is out of range.
    public init(_ game: Rules, settings: GameSearchSettings = GameSearchSettings(), evaluator: GameEvaluator<Rules>? = nil) throws {
        guard game.facts.hasPerfectInformation else {
            throw CoreError.unsupported("Monte Carlo tree search sees everything, which players of “\(Rules.card.name)” do not; use information-set search")
        }
        guard settings.simulations >= 1, settings.rollouts >= 1, settings.exploration >= 0 else {
            throw CoreError.invalid("A search needs at least one simulation and one rollout, and an exploration that is not negative")
        }
        self.game = game
        self.settings = settings
        self.evaluator = evaluator
        let range = game.facts.range
        middle = (range.lowerBound + range.upperBound) / 2
        scale = max((range.upperBound - range.lowerBound) / 2, 1e-12)
    }

    private struct Node {
        let action: Rules.Action?
        /// Whose action led here; −1 for chance and the root.
        let chooser: Int
        let prior: Double
        var firstChild = 0
        var childCount = -1
        var visits = 0
        /// The sum of the chooser's values, brought to −1…1.
        var total = 0.0
    }

    /// Searches from a position in which a player is to move; no candidates where none is.
    public func search(from root: Rules.State, seed: Seed) -> GameSearchResult<Rules.Action> {
        guard let mover = game.turn(in: root).mover else { return GameSearchResult(candidates: []) }
        var generator = seed.generator
        var scratch: [Rules.Action] = []
        var nodes = [Node(action: nil, chooser: -1, prior: 1)]
        var path: [Int] = []
        expand(0, root, mover, evaluator?(root, &generator).priors, &nodes, &generator, &scratch)
        for _ in 0..<settings.simulations {
            var state = root
            var node = 0
            path.removeAll(keepingCapacity: true)
            path.append(0)
            while nodes[node].childCount > 0 {
                let isChance = game.facts.hasChance && game.turn(in: state) == .chance
                let child = isChance ? drawn(node, state, nodes, &generator, &scratch) : selected(node, nodes)
                if let action = nodes[child].action { game.apply(action, to: &state) }
                node = child
                path.append(node)
            }
            let values = value(node, state, &nodes, &generator, &scratch)
            for step in path {
                nodes[step].visits += 1
                if nodes[step].chooser >= 0 { nodes[step].total += (values[nodes[step].chooser] - middle) / scale }
            }
        }
        return result(root, nodes)
    }

    /// Values a position without children, and gives it children unless the play is over.
    private func value(_ node: Int, _ state: Rules.State, _ nodes: inout [Node], _ generator: inout SeededGenerator, _ scratch: inout [Rules.Action]) -> [Double] {
        let turn = game.turn(in: state)
        if turn == .over { return game.returns(of: state) }
        if let evaluator, turn != .chance {
            let (values, priors) = evaluator(state, &generator)
            expand(node, state, turn.mover ?? -1, priors, &nodes, &generator, &scratch)
            return values
        }
        expand(node, state, turn.mover ?? -1, nil, &nodes, &generator, &scratch)
        var sums = game.randomReturns(from: state, using: &generator, scratch: &scratch)
        for _ in 1..<settings.rollouts {
            for (seat, value) in game.randomReturns(from: state, using: &generator, scratch: &scratch).enumerated() { sums[seat] += value }
        }
        return settings.rollouts == 1 ? sums : sums.map { $0 / Double(settings.rollouts) }
    }

    private func expand(
        _ node: Int, _ state: Rules.State, _ mover: Int, _ priors: [Double]?, _ nodes: inout [Node], _ generator: inout SeededGenerator,
        _ scratch: inout [Rules.Action]
    ) {
        scratch.removeAll(keepingCapacity: true)
        game.appendActions(in: state, to: &scratch)
        nodes[node].firstChild = nodes.count
        nodes[node].childCount = scratch.count
        let even = 1 / Double(max(scratch.count, 1))
        // Players' actions in a random order, so that ties do not favour the first; those of chance in the order of their probabilities.
        var order = Array(scratch.indices)
        if mover >= 0 { order = generator.shuffled(order) }
        for place in order { nodes.append(Node(action: scratch[place], chooser: mover, prior: priors?[place] ?? even)) }
    }

    private func drawn(_ node: Int, _ state: Rules.State, _ nodes: [Node], _ generator: inout SeededGenerator, _ scratch: inout [Rules.Action]) -> Int {
        let count = nodes[node].childCount
        if game.isChanceUniform { return nodes[node].firstChild + generator.integer(in: 0...count - 1) }
        let action = game.drawAction(in: state, using: &generator, scratch: &scratch)
        return (nodes[node].firstChild..<nodes[node].firstChild + count).first { nodes[$0].action == action } ?? nodes[node].firstChild
    }

    private func selected(_ node: Int, _ nodes: [Node]) -> Int {
        let first = nodes[node].firstChild
        let visits = Double(nodes[node].visits)
        let logVisits = settings.selection == .uct ? Logarithm.natural(max(visits, 1)) : 0
        var best = first
        var most = -Double.infinity
        // Without visits of its own, a child has the mean of its siblings.
        var sum = 0.0
        var tried = 0
        if settings.selection == .puct {
            for child in first..<first + nodes[node].childCount {
                sum += nodes[child].total
                tried += nodes[child].visits
            }
        }
        for child in first..<first + nodes[node].childCount {
            let own = Double(nodes[child].visits)
            let score: Double
            switch settings.selection {
            case .uct:
                if own == 0 { return child }
                score = nodes[child].total / own + settings.exploration * (logVisits / own).squareRoot()
            case .puct:
                let mean = own > 0 ? nodes[child].total / own : tried > 0 ? sum / Double(tried) : 0
                score = mean + settings.exploration * nodes[child].prior * visits.squareRoot() / (1 + own)
            }
            if score > most {
                most = score
                best = child
            }
        }
        return best
    }

    private func result(_ root: Rules.State, _ nodes: [Node]) -> GameSearchResult<Rules.Action> {
        let children = nodes[nodes[0].firstChild..<nodes[0].firstChild + nodes[0].childCount]
        return GameSearchResult(
            candidates: game.actions(in: root).map { action in
                let node = children.first { $0.action == action }
                let visits = node?.visits ?? 0
                return .init(
                    action: action, visits: visits, value: visits == 0 ? 0 : (node?.total ?? 0) / Double(visits) * scale + middle, prior: node?.prior ?? 0)
            })
    }
}
