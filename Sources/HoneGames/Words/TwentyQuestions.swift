import HoneCore

/// A thing is found by questions about what it is like, answered yes or no; optionally a second player answers and may lie (Ulam 1976).
///
/// Wrong guesses count as questions. Alone, a found thing is worth 1; against an answerer it is 1 for one and −1 for the other.
public struct TwentyQuestions: ExtensiveGame {
    public static let card = PartCard(
        name: "twenty-questions", summary: "find a thing by yes-or-no questions; a second player may answer, and lie", source: "parlour game; with lies Ulam 1976")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// How many questions and guesses there are in all, 1 to 40.
        public var questions = 10
        /// Whether a second player answers.
        public var hasAnswerer = false
        /// How often the answerer may lie; 0 to 10.
        public var lies = 0
        /// How many of the things there are, from the first on; 2 to ``Things/count``.
        public var things = Things.count

        /// Ten questions, answered truly.
        public init() {}
    }

    /// What was asked.
    public enum Turn: Hashable, Codable, Sendable {
        case ask(Int, answer: Bool)
        /// A guess that was wrong, or the last.
        case guess(Int)
    }

    /// The thing and what was asked.
    public struct State: Hashable, Codable, Sendable {
        /// The number of the thing; −1 before it is drawn.
        public var thing = -1
        /// What was asked and answered.
        public var turns: [Turn] = []
        /// The attribute that is asked for and not answered yet.
        public var open: Int?
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance draws the thing.
        case hide(Int)
        case ask(Int)
        case guess(Int)
        case answer(Bool)
    }

    public let settings: Settings
    private let things: [Things.Thing]

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...40).contains(settings.questions), (2...Things.count).contains(settings.things), settings.questions <= settings.things else {
            throw CoreError.invalid(
                "“questions” is \(settings.questions) and “things” \(settings.things); expected 1 to 40 questions, 2 to \(Things.count) things, not more questions than things"
            )
        }
        guard (0...10).contains(settings.lies), settings.hasAnswerer || settings.lies == 0 else {
            throw CoreError.invalid("“lies” is \(settings.lies); expected 0 to 10, and 0 without an answerer")
        }
        self.settings = settings
        things = Array(Things.all.prefix(settings.things))
    }

    public var facts: GameFacts {
        GameFacts(
            seats: settings.hasAnswerer ? 2 : 1, range: settings.hasAnswerer ? -1...1 : 0...1, sum: settings.hasAnswerer ? 0 : nil,
            hasPerfectInformation: false, hasChance: true, longest: 1 + settings.questions * (settings.hasAnswerer ? 2 : 1))
    }

    public var instructions: String {
        "Find a thing with at most \(settings.questions) questions, guesses counted: \(things.map(\.name).joined(separator: ", ")). "
            + "Ask for attributes: \(Things.attributes.joined(separator: ", "))."
            + (settings.hasAnswerer
                ? " Player 0 asks, player 1 answers and\(settings.lies == 0 ? " has to say the truth" : " may lie \(settings.lies) times"). Guesses are always judged truly." : "")
    }

    public var start: State { State() }

    private func isFound(_ state: State) -> Bool { state.turns.last == .guess(state.thing) }

    public func turn(in state: State) -> GameTurn {
        if state.thing < 0 { return .chance }
        if state.open != nil { return .seat(1) }
        return isFound(state) || state.turns.count == settings.questions ? .over : .seat(0)
    }

    private func isTrue(_ attribute: Int, of thing: Int) -> Bool { things[thing].attributes >> UInt32(attribute) & 1 == 1 }

    /// How many answers are false if this is the thing; nil where it was guessed in vain.
    private func lies(_ state: State, thing: Int) -> Int? {
        var lies = 0
        for turn in state.turns {
            switch turn {
            case .ask(let attribute, let answer): if isTrue(attribute, of: thing) != answer { lies += 1 }
            case .guess(let other): if other == thing { return nil }
            }
        }
        return lies
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance: actions += things.indices.map { .hide($0) }
        case .seat(0):
            // Asking twice tells something only where an answer may have been a lie.
            actions += Things.attributes.indices.filter { attribute in
                settings.lies > 0 || !state.turns.contains { if case .ask(attribute, _) = $0 { true } else { false } }
            }.map { .ask($0) }
            actions += things.indices.filter { !state.turns.contains(.guess($0)) }.map { .guess($0) }
        case .seat:
            let truth = state.open.map { isTrue($0, of: state.thing) } ?? true
            let mayLie = (lies(state, thing: state.thing) ?? 0) < settings.lies
            actions += [true, false].filter { $0 == truth || mayLie }.map { .answer($0) }
        case .together, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .hide(let thing): state.thing = thing
        case .ask(let attribute):
            if settings.hasAnswerer {
                state.open = attribute
            } else {
                state.turns.append(.ask(attribute, answer: isTrue(attribute, of: state.thing)))
            }
        case .guess(let thing): state.turns.append(.guess(thing))
        case .answer(let answer):
            if let attribute = state.open { state.turns.append(.ask(attribute, answer: answer)) }
            state.open = nil
        }
    }

    public func returns(of state: State) -> [Double] {
        let isOver = turn(in: state) == .over
        guard settings.hasAnswerer else { return [isFound(state) ? 1 : 0] }
        return !isOver ? [0, 0] : isFound(state) ? [1, -1] : [-1, 1]
    }

    private func story(_ state: State) -> [String] {
        state.turns.map { turn in
            switch turn {
            case .ask(let attribute, let answer): "\(Things.attributes[attribute])? \(answer ? "yes" : "no")"
            case .guess(let thing): "\(things[thing].name)? \(thing == state.thing ? "found" : "wrong")"
            }
        } + (state.open.map { ["\(Things.attributes[$0])?"] } ?? [])
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let knows = state.thing >= 0 && (seat == 1 || turn(in: state) == .over)
        return "\(seat)|\(knows ? things[state.thing].name : "")|\(story(state).joined(separator: " "))"
    }

    public func view(of state: State, for seat: Int) -> String {
        var lines = settings.hasAnswerer ? ["You are player \(seat), who \(seat == 0 ? "asks" : "answers")."] : []
        if seat == 1, state.thing >= 0 { lines.append("The thing is: \(things[state.thing].name). Lies left: \(settings.lies - (lies(state, thing: state.thing) ?? 0)).") }
        lines += story(state)
        let isOver = turn(in: state) == .over
        lines.append(isOver ? "It was: \(things[state.thing].name)." : "Questions left: \(settings.questions - state.turns.count).")
        return lines.joined(separator: "\n")
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .hide(let thing): things[thing].name
        case .ask(let attribute): "ask \(Things.attributes[attribute])"
        case .guess(let thing): "guess \(things[thing].name)"
        case .answer(let answer): answer ? "yes" : "no"
        }
    }

    /// Another thing that fits the answers with at most the allowed lies, each as likely.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.thing >= 0, turn(in: state) != .over else { return nil }
        guard seat == 0 else { return state }
        var other = state
        other.thing = generator.element(of: things.indices.filter { lies(state, thing: $0).map { $0 <= settings.lies } ?? false }) ?? state.thing
        return other
    }
}
