import HoneCore

/// How a game is put into words, and what an illegal move costs.
public struct GameWorldSettings: Codable, Hashable, Sendable {
    /// Whether the rules stand before a player's first move; before each where it sees the latest position alone.
    public var showsInstructions = true
    /// Whether the allowed moves are listed before each move.
    public var showsMoves = true
    /// Whether a player is shown the bare text of its information state, for models that read little, in place of the view in words.
    public var isShort = false
    /// Whether, in a game of squares, a short text is the squares alone, row by row, with the mover's own pieces as x and the other's as o: the fewest
    /// signs, and positions that differ in colours alone read alike. For games that are `SquareGame`s; others have nothing to show then.
    public var isSquares = false
    /// Whether a player who is a model is shown only what is new since it last moved: where that tells the whole position, equal positions then read
    /// alike whatever led to them.
    public var isLatestOnly = false
    /// What a player gets who makes a move that the rules do not allow; nil is the game's smallest return.
    public var illegalReturn: Double?

    /// The defaults.
    public init() {}
}

/// Any game as a world: text in, text out.
///
/// A move is the text of an action, exactly; one line break at its end does not count. Anything else ends the play as illegal: its
/// maker gets the game's smallest return (or what the settings say), and where the returns of a game have a fixed sum, the others share
/// the rest evenly; elsewhere they keep what they have, or the nearest return there is. Players are `player 0`, `player 1`, …
public struct GameWorld<Rules: ExtensiveGame>: Game {
    public static var card: PartCard {
        var card = Rules.card
        card.gives.insert(.branches)
        return card
    }

    /// Where a play stands.
    public struct State: Hashable, Codable, Sendable, KnowsProblem {
        /// The problem it was begun with.
        public var problem: Problem
        /// The position.
        public var position: Rules.State
        /// How often each seat has moved.
        public var moved: [Int]
        /// The seat that broke the rules, if one did.
        public var breaker: Int?
    }

    /// The rules of the game.
    public let game: Rules
    /// How it is put into words.
    public let settings: GameWorldSettings
    private let facts: GameFacts
    /// The search player's choice. Kept as a closure, which is made where the rules' type is known: the compiler then writes a search for
    /// just these rules, several times faster than one that asks for everything.
    let searcher: @Sendable (Rules, Rules.State, Int, GameSearchSettings, Seed) -> Rules.Action?

    /// The world of a game.
    public init(_ game: Rules, settings: GameWorldSettings = GameWorldSettings()) {
        self.game = game
        self.settings = settings
        facts = game.facts
        searcher = { SearchPlayer<Rules>($3).action(in: $1, for: $2, of: $0, seed: $4) }
    }

    /// Its name in a plan: that of the game.
    public var name: WorldName { WorldName(Rules.card.name) }

    /// The problem of an index: a play of the game from its start.
    public func problem(_ index: Int) -> Problem { Problem(id: "\(name)/\(index)", world: name) }

    public var rules: WorldRules {
        let lowest = min(facts.range.lowerBound, settings.illegalReturn ?? facts.range.lowerBound)
        var highest = facts.range.upperBound
        if let sum = facts.sum, facts.seats > 1 {
            let illegal = settings.illegalReturn ?? facts.range.lowerBound
            highest = max(highest, (sum - illegal) / Double(facts.seats - 1))
        }
        return WorldRules(
            roles: (0..<facts.seats).map { .player($0) }, range: lowest...max(lowest, highest), isBranchable: true,
            hasPerfectInformation: facts.hasPerfectInformation)
    }

    public func begin(_ problem: Problem, in scope: Scope) async throws -> State { start(problem) }

    /// The first state of a problem.
    public func start(_ problem: Problem) -> State {
        State(problem: problem, position: game.start, moved: [Int](repeating: 0, count: facts.seats))
    }

    public func turn(in state: State) -> Turn {
        if let breaker = state.breaker { return .over(.illegal(.player(breaker))) }
        switch game.turn(in: state.position) {
        case .seat(let seat): return .moves(of: [.player(seat)])
        case .together(let seats): return .moves(of: seats.map { .player($0) })
        case .over: return .over(.completed)
        case .chance:
            let texts = game.actions(in: state.position).map { game.text(of: $0, in: state.position) }
            return .chance(
                zip(texts, game.chanceProbabilities(in: state.position)).map { ChanceOutcome(move: $0, probability: $1) })
        }
    }

    public func returns(of state: State) -> [Role: Double] {
        var values = game.returns(of: state.position)
        if let breaker = state.breaker {
            let own = settings.illegalReturn ?? facts.range.lowerBound
            for seat in values.indices where seat != breaker {
                values[seat] =
                    facts.sum.map { ($0 - own) / Double(values.count - 1) } ?? min(max(values[seat], facts.range.lowerBound), facts.range.upperBound)
            }
            values[breaker] = own
        }
        return Dictionary(uniqueKeysWithValues: values.enumerated().map { (.player($0), $1) })
    }

    public func resample(_ state: State, for role: Role, seed: Seed) -> State? {
        guard let seat = seat(of: role) else { return nil }
        var generator = seed.generator
        guard let position = game.resample(state.position, for: seat, using: &generator) else { return nil }
        var other = state
        other.position = position
        return other
    }

    /// The seat of a role; nil for roles that do not play.
    public func seat(of role: Role) -> Int? { (0..<facts.seats).first { .player($0) == role } }
}
