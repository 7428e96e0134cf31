import HoneCore

/// An ordinal 2×2 game, played once: both choose at once.
///
/// How it is told (table or story, names, order) changes words only: the first choice of a seat stays its first choice.
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
        /// Whether the game is told as a table or as a story; a story brings its own names of choices.
        public var presentation = MatrixPresentation.table
        /// The story: one of ``Story/all``.
        public var story = "market"
        /// The way in which a story tells outcomes, 0 to 2.
        public var wording = 0
        /// Whether the row player's names are exchanged: the first choice bears the second name.
        public var exchangesRowNames = false
        /// Whether the column player's names are exchanged.
        public var exchangesColumnNames = false
        /// The order in which the four outcomes are told; 0 is both first choices, 1 first and second, 2 second and first, 3 both second.
        public var outcomeOrder = [0, 1, 2, 3]

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
    private let story: Story
    /// By seat, the names of the first and the second choice.
    public let names: [[String]]

    /// The game; throws a sentence when there is none of this name, or the choices cannot be told apart.
    public init(_ settings: Settings = Settings()) throws {
        for names in [settings.rowNames, settings.columnNames] {
            let isPlain = names.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 > 32 && $0 < 127 } }
            guard names.count == 2, names[0] != names[1], isPlain else {
                throw CoreError.invalid("The choices are \(names); expected two different words of plain letters without blanks")
            }
        }
        guard settings.outcomeOrder.sorted() == [0, 1, 2, 3], (0..<Story.wordings).contains(settings.wording) else {
            throw CoreError.invalid(
                "“outcomeOrder” is \(settings.outcomeOrder) and “wording” \(settings.wording); expected 0 to 3 in some order, and 0 to \(Story.wordings - 1)")
        }
        self.settings = settings
        let story = try Story.named(settings.story)
        self.story = story
        let isStory = settings.presentation == .story
        let exchanges = [settings.exchangesRowNames, settings.exchangesColumnNames]
        names = [settings.rowNames, settings.columnNames].enumerated().map { seat, plain in
            let some = isStory ? story.deeds[seat].map(\.label) : plain
            return exchanges[seat] ? some.reversed() : some
        }
        game = try OrdinalGame(named: settings.game)
        pays = [game.payoffs.row, game.payoffs.column]
    }

    public var facts: GameFacts {
        let isConstantSum = zip(pays[0].joined(), pays[1].joined()).allSatisfy { first, second in first + second == 5 }
        return GameFacts(range: 1...4, sum: isConstantSum ? 5 : nil, hasPerfectInformation: false, longest: 2)
    }

    public var instructions: String { settings.presentation == .story ? told : listed }

    private var listed: String {
        let text =
            "Both players choose at once; player 0 from \(names[0].joined(separator: ", ")), player 1 from \(names[1].joined(separator: ", ")). Payoffs (player 0, player 1): "
        return text + settings.outcomeOrder.map { outcome in
            let (i, j) = (outcome / 2, outcome % 2)
            return "\(names[0][i]) \(names[1][j]): \(pays[0][i][j]),\(pays[1][i][j])"
        }.joined(separator: "; ") + "."
    }

    private var told: String {
        let deeds = [
            story.deeds(of: 0, areExchanged: settings.exchangesRowNames), story.deeds(of: 1, areExchanged: settings.exchangesColumnNames),
        ]
        let outcomes = settings.outcomeOrder.map { outcome in
            let (i, j) = (outcome / 2, outcome % 2)
            return story.told([deeds[0][i], deeds[1][j]], pays: [pays[0][i][j], pays[1][i][j]], wording: settings.wording)
        }
        return story.opening(deeds: deeds) + " " + outcomes.joined(separator: " ")
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
        if state.choices.count == 2 { return "\(seat)|\(names[0][state.choices[0]]) \(names[1][state.choices[1]])" }
        return "\(seat)|" + (seat == 0 && !state.choices.isEmpty ? names[0][state.choices[0]] : "")
    }

    public func view(of state: State, for seat: Int) -> String {
        settings.presentation == .story ? "You are player \(seat), the \(story.people[seat])." : "You are player \(seat)."
    }

    public func text(of action: Choice, in state: State) -> String { names[action.seat][action.place] }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var other = state
        if seat == 1, state.choices.count == 1 { other.choices[0] = generator.integer(in: 0...1) }
        return other
    }
}
