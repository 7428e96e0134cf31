import HoneCore

/// Monte Carlo tree search for games that hide something: every simulation draws a state that the player cannot tell from the real one.
///
/// Statistics are kept by the information state of whoever moves, so that no player in the tree acts on what it does not know (Cowling,
/// Powley and Whitehouse 2012, with several observers). Others are modelled by the same search; how likely they would have come to each
/// hidden state is not weighed, as in that paper. Its play need not come near an equilibrium.
public struct InformationSetSearch<Rules: ExtensiveGame>: Sendable {
    /// The rules.
    public let game: Rules
    /// How it goes about it; selection is by UCT.
    public let settings: GameSearchSettings
    private let middle: Double
    private let scale: Double

    /// The search; throws when a setting is out of range.
    public init(_ game: Rules, settings: GameSearchSettings = GameSearchSettings()) throws {
        guard settings.simulations >= 1, settings.rollouts >= 1, settings.exploration >= 0, settings.selection == .uct else {
            throw CoreError.invalid(
                "An information-set search needs at least one simulation and one rollout, selection by uct, and an exploration that is not negative")
        }
        self.game = game
        self.settings = settings
        let range = game.facts.range
        middle = (range.lowerBound + range.upperBound) / 2
        scale = max((range.upperBound - range.lowerBound) / 2, 1e-12)
    }

    private struct Node {
        var actions: [Rules.Action]
        var visits: [Int]
        var totals: [Double]
        var sum = 0
    }

    /// Searches for a player whose turn it is; no candidates where it is not, or where the game cannot draw hidden states.
    public func search(from root: Rules.State, for seat: Int, seed: Seed) -> GameSearchResult<Rules.Action> {
        var generator = seed.generator
        var scratch: [Rules.Action] = []
        var numbers: [String: Int] = [:]
        var nodes: [Node] = []
        var path: [(node: Int, place: Int, seat: Int)] = []
        for _ in 0..<settings.simulations {
            guard var state = game.resample(root, for: seat, using: &generator) else { break }
            path.removeAll(keepingCapacity: true)
            var isGrown = false
            // Where several move at once, others come before the player; a simulation goes on at least to its own choice.
            var isPastOwn = false
            while !isGrown {
                guard let mover = game.turn(in: state).mover else {
                    guard let action = game.drawAction(in: state, using: &generator, scratch: &scratch) else { break }
                    game.apply(action, to: &state)
                    continue
                }
                let key = game.informationState(of: state, for: mover)
                let node: Int
                if let number = numbers[key] {
                    node = number
                } else {
                    node = nodes.count
                    numbers[key] = node
                    let actions = generator.shuffled(game.actions(in: state))
                    nodes.append(Node(actions: actions, visits: actions.map { _ in 0 }, totals: actions.map { _ in 0 }))
                    isGrown = isPastOwn || mover == seat
                }
                if mover == seat { isPastOwn = true }
                let place = selected(nodes[node])
                path.append((node, place, mover))
                game.apply(nodes[node].actions[place], to: &state)
            }
            var values = game.randomReturns(from: state, using: &generator, scratch: &scratch)
            for _ in 1..<settings.rollouts {
                for (place, value) in game.randomReturns(from: state, using: &generator, scratch: &scratch).enumerated() { values[place] += value }
            }
            for step in path {
                nodes[step.node].sum += 1
                nodes[step.node].visits[step.place] += 1
                nodes[step.node].totals[step.place] += (values[step.seat] / Double(settings.rollouts) - middle) / scale
            }
        }
        guard let number = numbers[game.informationState(of: root, for: seat)] else { return GameSearchResult(candidates: []) }
        let node = nodes[number]
        let candidates = game.actions(of: seat, in: root).map { action in
            let place = node.actions.firstIndex(of: action)
            let visits = place.map { node.visits[$0] } ?? 0
            let total = place.map { node.totals[$0] } ?? 0
            return GameSearchResult<Rules.Action>.Candidate(
                action: action, visits: visits, value: visits == 0 ? 0 : total / Double(visits) * scale + middle,
                prior: 1 / Double(node.actions.count))
        }
        return GameSearchResult(candidates: candidates)
    }

    private func selected(_ node: Node) -> Int {
        if let place = node.visits.firstIndex(of: 0) { return place }
        let logSum = Logarithm.natural(Double(max(node.sum, 1)))
        var best = 0
        var most = -Double.infinity
        for place in node.actions.indices {
            let own = Double(node.visits[place])
            let score = node.totals[place] / own + settings.exploration * (logSum / own).squareRoot()
            if score > most {
                most = score
                best = place
            }
        }
        return best
    }
}
