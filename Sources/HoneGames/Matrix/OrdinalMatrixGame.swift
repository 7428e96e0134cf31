import HoneCore

/// An ordinal 2×2 game, played once: both choose at once.
public struct OrdinalMatrixGame: ExtensiveGame {
    public static let card = PartCard(
        name: "ordinal-2x2", summary: "one of the 144 ordinal games of two players with two choices each", source: "Robinson and Goforth 2005")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Which game: g, layer, row, column.
        public var game = "g111"
        /// The row player's choices.
        public var rowNames = ["A1", "A2"]
        /// The column player's choices.
        public var columnNames = ["B1", "B2"]

        /// The prisoner's dilemma.
        public init() {}
    }

    /// The choices made so far.
    public struct State: Hashable, Codable, Sendable {
        /// By seat, 0 or 1.
        public var choices = PackedList()
    }

    public let settings: Settings
    /// Which of the 144.
    public let game: OrdinalGame
    private let pays: [[[Int]]]

    /// The game; throws a sentence when there is none of this name, or the choices cannot be told apart.
    public init(_ settings: Settings = Settings()) throws {
        for names in [settings.rowNames, settings.columnNames] {
            let isPlain = names.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 > 32 && $0 < 127 } }
            guard names.count == 2, names[0] != names[1], isPlain else {
                throw CoreError.invalid("The choices are \(names); expected two different words of plain letters without blanks")
            }
        }
        self.settings = settings
        game = try OrdinalGame(named: settings.game)
        pays = [game.payoffs.row, game.payoffs.column]
    }

    public var facts: GameFacts {
        let isConstantSum = zip(pays[0].joined(), pays[1].joined()).allSatisfy { first, second in first + second == 5 }
        return GameFacts(range: 1...4, sum: isConstantSum ? 5 : nil, hasPerfectInformation: false, longest: 2)
    }

    public var instructions: String {
        let rows = settings.rowNames.joined(separator: ", ")
        let columns = settings.columnNames.joined(separator: ", ")
        var text = "Both players choose at once; player 0 from \(rows), player 1 from \(columns). Payoffs (player 0, player 1):"
        for (i, first) in settings.rowNames.enumerated() {
            for (j, second) in settings.columnNames.enumerated() { text += " \(first) \(second): \(pays[0][i][j]),\(pays[1][i][j]);" }
        }
        text.removeLast()
        return text + "."
    }

    public var start: State { State() }

    public func turn(in state: State) -> GameTurn { state.choices.count == 2 ? .over : .together(state.choices.isEmpty ? [0, 1] : [1]) }

    public func appendActions(in state: State, to actions: inout [Choice]) {
        if let seat = turn(in: state).mover { appendActions(of: seat, in: state, to: &actions) }
    }

    public func appendActions(of seat: Int, in state: State, to actions: inout [Choice]) {
        actions.append(Choice(seat: seat, place: 0))
        actions.append(Choice(seat: seat, place: 1))
    }

    /// One of a seat's two choices.
    public struct Choice: Hashable, Sendable {
        /// Whose.
        public var seat: Int
        /// Which, 0 or 1.
        public var place: Int
    }

    public func apply(_ action: Choice, to state: inout State) { state.choices.append(action.place) }

    public func returns(of state: State) -> [Double] {
        guard state.choices.count == 2 else { return [0, 0] }
        return pays.map { Double($0[state.choices[0]][state.choices[1]]) }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        if state.choices.count == 2 { return "\(seat)|\(settings.rowNames[state.choices[0]]) \(settings.columnNames[state.choices[1]])" }
        return "\(seat)|" + (seat == 0 && !state.choices.isEmpty ? settings.rowNames[state.choices[0]] : "")
    }

    public func view(of state: State, for seat: Int) -> String { "You are player \(seat)." }

    public func text(of action: Choice, in state: State) -> String { (action.seat == 0 ? settings.rowNames : settings.columnNames)[action.place] }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var other = state
        if seat == 1, state.choices.count == 1 { other.choices[0] = generator.integer(in: 0...1) }
        return other
    }
}
