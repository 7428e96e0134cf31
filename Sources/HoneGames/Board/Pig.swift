import HoneCore

/// Roll a die and add up, or hold and keep; a 1 loses what the turn has brought. Who keeps the target first wins; a total that wins has to be kept.
///
/// For two players, a target of 100 and best play, the first player wins 53.06 % (Neller and Presser 2004).
public struct Pig: PerfectInformationGame {
    public static let card = PartCard(
        name: "pig", summary: "roll on or keep what the turn has brought", source: "Neller and Presser 2004", gives: [.perfectInformation])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Points that win, 1 to 1000.
        public var target = 100
        /// Faces of the die, 2 to 20.
        public var faces = 6
        /// Players, 2 to 8.
        public var players = 2
        /// Whether every roll but a 1 counts one point instead of its face: with two faces, the game piglet.
        public var countsRolls = false
        /// The most actions of players; then nobody has won.
        public var limit = 1000

        /// The usual game for two.
        public init() {}
    }

    /// Where a play stands.
    public struct State: Hashable, Codable, Sendable {
        /// Points kept, by seat.
        public var scores: [Int]
        /// What the turn has brought so far.
        public var total = 0
        /// Whose turn it is.
        public var seat = 0
        /// Whether the die is rolling.
        public var isRolling = false
        /// How many actions the players have made.
        public var plies = 0
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        case roll, hold
        /// The die shows this face, from 1.
        case face(Int)
    }

    public let settings: Settings

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...1000).contains(settings.target), (2...20).contains(settings.faces), (2...8).contains(settings.players), (1...1_000_000).contains(settings.limit)
        else {
            throw CoreError.invalid(
                "Pig's target is \(settings.target), its die has \(settings.faces) faces, it has \(settings.players) players and a limit of \(settings.limit); "
                    + "expected 1 to 1000, 2 to 20, 2 to 8, and 1 to 1,000,000")
        }
        self.settings = settings
    }

    public var facts: GameFacts {
        GameFacts(seats: settings.players, hasChance: true, longest: 2 * settings.limit)
    }
    public var instructions: String {
        "Pig for \(settings.players) players. In a turn, roll a die with \(settings.faces) faces as often as you like: "
            + (settings.countsRolls ? "every roll but a 1 brings a point" : "every face but 1 is added to the turn's total")
            + ", a 1 ends the turn and loses its total; hold keeps the total and ends the turn. Who first keeps \(settings.target) points wins."
    }
    public var start: State { State(scores: [Int](repeating: 0, count: settings.players)) }

    private func winner(in state: State) -> Int? { state.scores.firstIndex { $0 >= settings.target } }

    public func turn(in state: State) -> GameTurn {
        if state.isRolling { return .chance }
        return winner(in: state) != nil || state.plies >= settings.limit ? .over : .seat(state.seat)
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance: for face in 1...settings.faces { actions.append(.face(face)) }
        case .seat:
            if state.scores[state.seat] + state.total < settings.target { actions.append(.roll) }
            actions.append(.hold)
        case .together, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .roll:
            state.isRolling = true
            state.plies += 1
        case .hold:
            state.plies += 1
            state.scores[state.seat] += state.total
            pass(&state)
        case .face(let face):
            state.isRolling = false
            if face == 1 { pass(&state) } else { state.total += settings.countsRolls ? 1 : face }
        }
    }

    private func pass(_ state: inout State) {
        state.total = 0
        state.seat = (state.seat + 1) % settings.players
    }

    public func returns(of state: State) -> [Double] {
        guard let winner = winner(in: state) else { return [Double](repeating: 0, count: settings.players) }
        return (0..<settings.players).map { $0 == winner ? 1 : -1 / Double(settings.players - 1) }
    }

    public func board(of state: State) -> String {
        "Points: \(state.scores.map(String.init).joined(separator: " ")). Player \(state.seat)'s turn brought \(state.total)"
            + "\(state.isRolling ? ", rolling" : ""). Actions left: \(settings.limit - state.plies)."
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .roll: "roll"
        case .hold: "hold"
        case .face(let face): String(face)
        }
    }
}
