import HoneCore

/// A player of the rules as a search method of one game: how random, searching, perfect and tabular players sit at a table with models.
///
/// The tree has what the player looked at as children of the root; of a player that does not look ahead, only the move.
public struct PlayedSearch<Rules: ExtensiveGame>: SearchMethod {
    public static var card: PartCard {
        PartCard(name: "player", summary: "a player that chooses by the rules alone: random, tree search, perfect, or a table", gives: [.tree])
    }

    private let player: any GamePlayer<Rules>

    /// The search of a player.
    public init(_ player: any GamePlayer<Rules>) { self.player = player }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard let world = position.world as? GameWorld<Rules>, let state = position.state as? GameWorld<Rules>.State else {
            throw CoreError.unsupported("This player plays “\(Rules.card.name)”, not “\(W.card.name)”")
        }
        guard let seat = world.seat(of: role), world.seats(in: state).contains(seat) else {
            throw CoreError.invalid("It is not the turn of “\(role)” in “\(world.name)”")
        }
        func move(_ action: Rules.Action) -> Move { Move(text: world.game.text(of: action, in: state.position), origin: .demonstration) }
        if let found = player.search(in: state.position, for: seat, of: world.game, seed: scope.seed), let best = found.best,
            let chosen = found.candidates.firstIndex(where: { $0.action == best })
        {
            let nodes = found.candidates.map {
                SearchTree.Node(parent: nil, move: move($0.action), visits: $0.visits, value: $0.value, prior: $0.prior)
            }
            return SearchTree(nodes: nodes, chosen: chosen)
        }
        guard let action = player.action(in: state.position, for: seat, of: world.game, seed: scope.seed) else {
            throw CoreError.invalid("The player cannot say what to do in “\(world.name)”")
        }
        return SearchTree(nodes: [SearchTree.Node(parent: nil, move: move(action), visits: 1)], chosen: 0)
    }
}

/// Players that choose by the rules alone, by the names users write.
public enum RulePlayer: Hashable, Sendable {
    /// Any allowed move, all alike.
    case random
    /// A Monte Carlo tree search.
    case search(GameSearchSettings)
    /// The best move, by looking at all that can follow; any of them, or always the one that wins soonest or loses latest.
    case perfect(isQuick: Bool)
    /// An equilibrium of a small game of two players with a fixed sum, by so many iterations of CFR+.
    case equilibrium(iterations: Int)
    /// One of several, drawn anew for every move.
    indirect case mixed([RulePlayer])

    /// The names, as users write them.
    public static let names = ["random", "mcts", "perfect", "quickest", "equilibrium"]

    /// The player of a name: `random`, `perfect`, `quickest`, `equilibrium`, `mcts` or `mcts:200` with that many simulations; with a plus
    /// between them (`mcts:100+random`) one of several for every move.
    public init(_ name: String) throws {
        let several = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        if several.count > 1 {
            self = .mixed(try several.map { try RulePlayer($0) })
            return
        }
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        if parts.count == 2, (number ?? 0) < 1 {
            throw CoreError.invalid("“\(name)” is no player; behind the colon goes a number of 1 or more, as in mcts:200")
        }
        switch (parts.first, number) {
        case ("random", nil): self = .random
        case ("perfect", nil): self = .perfect(isQuick: false)
        case ("quickest", nil): self = .perfect(isQuick: true)
        case ("equilibrium", _): self = .equilibrium(iterations: number ?? 1000)
        case ("mcts", _):
            var settings = GameSearchSettings()
            if let number { settings.simulations = number }
            self = .search(settings)
        default: throw CoreError.unknown(kind: "player", name: name, known: Self.names)
        }
    }

    /// The player for a game; throws a sentence when the game is not one it can play.
    public func player<Rules: ExtensiveGame>(of game: Rules) throws -> any GamePlayer<Rules> {
        switch self {
        case .random: return RandomPlayer<Rules>()
        case .search(let settings): return SearchPlayer<Rules>(settings)
        case .perfect(let isQuick): return try PerfectPlayer(game, isQuick: isQuick)
        case .mixed(let players): return MixedPlayer(try players.map { try $0.player(of: game) })
        case .equilibrium(let iterations):
            guard game.facts.sum != nil, game.facts.seats == 2 else {
                throw CoreError.unsupported("An equilibrium is found in games of two players with a fixed sum only; “\(Rules.card.name)” is none")
            }
            var solver = CounterfactualRegret(try GameTree(game))
            solver.iterate(iterations)
            return TablePlayer(solver.averageStrategy)
        }
    }
}
