import HoneCore

/// Someone who chooses actions by the rules alone, without a model: opponents, teachers and yardsticks.
///
/// A player is given the whole state; those that play fairly look only at what its seat may know.
public protocol GamePlayer<Rules>: Sendable {
    associatedtype Rules: ExtensiveGame
    /// The action of the player on a seat whose turn it is; nil when it cannot say.
    func action(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> Rules.Action?
    /// What it looked at before it chose; nil when it does not look ahead or cannot say.
    func search(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> GameSearchResult<Rules.Action>?
}

extension GamePlayer {
    public func search(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> GameSearchResult<Rules.Action>? { nil }
}

/// Plays any allowed action, all alike.
public struct RandomPlayer<Rules: ExtensiveGame>: GamePlayer {
    /// The player.
    public init() {}

    public func action(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> Rules.Action? {
        var generator = seed.generator
        return generator.element(of: game.actions(of: seat, in: state))
    }
}

/// Plays as a table says.
public struct TablePlayer<Rules: ExtensiveGame>: GamePlayer {
    /// The table; where it has no entry, or one that does not fit, play is uniform.
    public let strategy: TabularStrategy

    /// The player.
    public init(_ strategy: TabularStrategy) { self.strategy = strategy }

    public func action(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> Rules.Action? {
        let actions = game.actions(of: seat, in: state)
        let texts = actions.map { game.text(of: $0, in: state) }
        let even = texts.map { _ in 1 / Double(texts.count) }
        let probabilities = (try? strategy.probabilities(of: texts, at: game.informationState(of: state, for: seat))) ?? even
        var generator = seed.generator
        var left = generator.unit()
        for (action, probability) in zip(actions, probabilities) {
            left -= probability
            if left < 0 { return action }
        }
        return probabilities.lastIndex { $0 > 0 }.map { actions[$0] }
    }
}

/// Plays what a Monte Carlo tree search visits most; over information states where the game hides something.
public struct SearchPlayer<Rules: ExtensiveGame>: GamePlayer {
    /// How it searches.
    public let settings: GameSearchSettings

    /// The player.
    public init(_ settings: GameSearchSettings = GameSearchSettings()) { self.settings = settings }

    public func action(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> Rules.Action? {
        search(in: state, for: seat, of: game, seed: seed)?.best
    }

    public func search(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> GameSearchResult<Rules.Action>? {
        if game.facts.hasPerfectInformation { return (try? MonteCarloTreeSearch(game, settings: settings))?.search(from: state, seed: seed) }
        return (try? InformationSetSearch(game, settings: settings))?.search(from: state, for: seat, seed: seed)
    }
}

/// Plays perfectly by looking at all that can follow; any of the best actions, all alike. For small games of perfect information.
public struct PerfectPlayer<Rules: ExtensiveGame>: GamePlayer {
    private let solver: Minimax<Rules>
    private let isQuick: Bool

    /// The player; values the whole game once. Of several best moves it draws one, all alike; a quick one always takes the first that wins soonest or
    /// loses latest, so that what it does in a position can be learned from a few plays. Throws when the game is too large or none that can be solved so.
    public init(_ game: Rules, isQuick: Bool = false) throws {
        var solver = try Minimax(game)
        _ = try solver.value(of: game.start)
        if isQuick { try solver.findLengths() }
        self.solver = solver
        self.isQuick = isQuick
    }

    public func action(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> Rules.Action? {
        var own = solver
        if isQuick { return try? own.quickestAction(in: state) }
        var generator = seed.generator
        return (try? own.bestActions(in: state)).flatMap { generator.element(of: $0) }
    }
}

/// One of several players, drawn anew for every move, all alike: who plays well but now and then not shows what follows mistakes.
public struct MixedPlayer<Rules: ExtensiveGame>: GamePlayer {
    private let players: [any GamePlayer<Rules>]

    /// The player; of no players it makes no move.
    public init(_ players: [any GamePlayer<Rules>]) { self.players = players }

    public func action(in state: Rules.State, for seat: Int, of game: Rules, seed: Seed) -> Rules.Action? {
        var generator = seed.child("who").generator
        return generator.element(of: players)?.action(in: state, for: seat, of: game, seed: seed)
    }
}

extension ExtensiveGame {
    /// Plays to the end with a player on each seat and gives the returns; chance and players draw from the seed.
    ///
    /// A player that cannot say what it does ends the play: its return is the smallest there is, as for an illegal move.
    public func play(_ players: [any GamePlayer<Self>], from first: State? = nil, seed: Seed) -> [Double] {
        var state = first ?? start
        var ply = 0
        var scratch: [Action] = []
        while true {
            let own = seed.child("ply", ply)
            ply += 1
            if let seat = turn(in: state).mover {
                guard let action = players[seat].action(in: state, for: seat, of: self, seed: own) else {
                    var values = returns(of: state)
                    values[seat] = facts.range.lowerBound
                    return values
                }
                apply(action, to: &state)
            } else {
                var generator = own.generator
                guard let action = drawAction(in: state, using: &generator, scratch: &scratch) else { return returns(of: state) }
                apply(action, to: &state)
            }
        }
    }
}
