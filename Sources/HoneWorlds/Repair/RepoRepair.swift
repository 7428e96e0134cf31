import HoneCore
import HoneSandbox

/// Find and mend the bugs in a small repository: a play of many moves for one, with tests that are shown and tests that are not.
///
/// A move is `view f`, `edit f 2 +` (the file's second token becomes `+`), `test` or `finish`. Anything else, a file or place that does not exist among
/// it, changes nothing, counts as a move, and is answered with `?` in what is shown next. The play is over with `finish` or after so many moves,
/// and pays 1 where the repository then passes every hidden test, else 0. Nothing is left to chance, and a state is a value.
///
/// What is shown is complete by itself: the files in a line (`f:x2*`, or `f:.` before it was viewed), then the tests shown behind `-` or, where they
/// were run since the last edit, `+`; then a test that failed has what came instead: `f3=6!9`, or `f3=6!` where nothing came.
///
/// Source: the set-up of Jimenez et al. 2023, “SWE-bench”, made small; the language is ours.
public struct RepoRepair: ProblemWorld, PredictableWorld {
    public static let card = PartCard(
        name: "repo-repair", summary: "view, edit and test tiny functions until their bugs are gone; hidden tests decide", source: "after Jimenez et al. 2023, “SWE-bench”",
        gives: [.branches])

    /// Who says what a state is worth where a search asks it; it is never its turn.
    public static let value: Role = "value"
    /// Who compares finished repairs where a search asks it; it is never its turn.
    public static let debater: Role = "debater"

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// How many files there are, 3 to 6.
        public var files = 3
        /// The most operators of a function, 1 to 4.
        public var operators = 2
        /// The chance that an operand goes through an earlier file's function.
        public var calls = 0.2
        /// The chance that a function chooses between two values.
        public var choices = 0.0
        /// The most tokens that are wrong, 1 or 2; each number is as likely.
        public var bugs = 1
        /// The tests of each file that are shown, 1 to 4.
        public var visible = 2
        /// The tests of each file that are not, 1 to 6.
        public var hidden = 3
        /// The most moves, 2 to 40.
        public var moves = 10
        /// The steps that a test may take.
        public var steps = 200
        /// Whether the rules stand before the first move, for models that follow instructions.
        public var showsInstructions = false

        /// The defaults.
        public init() {}
    }

    /// Where a repair stands.
    public struct State: KnowsProblem, Hashable, Sendable, Codable {
        /// What it was begun with.
        public var problem: Problem
        /// The files as they are.
        public var repository: PostfixRepository
        /// The tests that are shown.
        public var tests: [RepairTest]
        /// The files that were viewed, by place.
        public var viewed: [Bool]
        /// What each test shown gave when they were last run, nil for nothing; nil where they were not run since the last edit.
        public var report: [Int?]?
        /// How many moves were made.
        public var moves = 0
        /// How many edits.
        public var edits = 0
        /// Whether the last move could not be read.
        public var isUnread = false
        /// Whether nobody moves any more.
        public var isOver = false
    }

    /// Its settings.
    public let settings: Settings
    public var name: WorldName { "repo-repair" }
    public var rules: WorldRules { WorldRules(hasPerfectInformation: false) }

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        func require(_ range: ClosedRange<Int>, _ key: String, _ found: Int) throws {
            guard range.contains(found) else {
                throw CoreError.invalid("“task.settings.\(key)” is \(found); it should be from \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try require(3...6, "files", settings.files)
        try require(1...4, "operators", settings.operators)
        try require(1...2, "bugs", settings.bugs)
        try require(1...4, "visible", settings.visible)
        try require(1...6, "hidden", settings.hidden)
        try require(2...40, "moves", settings.moves)
        try require(20...100_000, "steps", settings.steps)
        for (key, share) in [("calls", settings.calls), ("choices", settings.choices)] where !(0...1).contains(share) {
            throw CoreError.invalid("“task.settings.\(key)” is \(share); it should be between 0 and 1")
        }
        self.settings = settings
    }

    /// What a test may use.
    public var budget: SmallBudget {
        var budget = SmallBudget()
        budget.steps = settings.steps
        budget.calls = 16
        return budget
    }

    /// The rules as they are told to a player, where that is asked for.
    public var instructions: String {
        "Mend this repository. Each file is a function of x in postfix: x and digits push a value; + - * take two; < compares two; ? takes a condition and two values; "
            + "a file's name calls it on the top of the stack. f3=6 is a test: f(3) should give 6; !9 behind it is what came instead. f:. is a file not yet viewed. "
            + "Reply with one line: “view f”, “edit f 2 +” (makes the second token of f a +), “test”, or “finish”. Hidden tests decide. "
            + "There are at most \(settings.moves) moves.\n"
    }

    public func begin(_ problem: Problem, in scope: Scope) async throws -> State { try start(of: problem) }

    /// The first state of a problem; throws a sentence for one that this world did not make.
    public func start(of problem: Problem) throws -> State {
        guard let repository = problem.details["files"].flatMap({ PostfixRepository($0) }), let tests = Self.tests(problem.details["tests"]) else {
            throw CoreError.invalid("Problem “\(problem.id)” has no repository with tests; expected one that “\(name)” has made")
        }
        return State(problem: problem, repository: repository, tests: tests, viewed: repository.files.map { _ in false })
    }

    /// Tests as problems carry them: `f3=6 g1=4`; nil for anything else.
    static func tests(_ text: String?) -> [RepairTest]? {
        guard let parts = text?.split(separator: " ", omittingEmptySubsequences: false) else { return nil }
        let tests = parts.compactMap { RepairTest($0) }
        return tests.count == parts.count ? tests : nil
    }

    public func turn(in state: State) -> Turn { state.isOver ? .over(.completed) : .moves(of: [.solver]) }

    public func observation(of state: State, for role: Role) -> Observation {
        let shown = state.shown
        switch role {
        case .solver:
            guard !state.isOver else { return Observation(informationState: shown) }
            let text = (state.moves == 0 && settings.showsInstructions ? instructions : "") + shown
            return Observation(news: [.text(text, from: state.moves == 0 ? .prompt : .world)], informationState: shown)
        case Self.value: return Observation(news: [.text(shown, from: .prompt)])
        case Self.debater: return Observation(news: [.text(state.summary, from: .prompt)])
        default: return Observation()
        }
    }

    public func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        play(moves[.solver]?.text ?? "", in: &state)
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    /// Plays a move as it was said.
    public func play(_ text: String, in state: inout State) {
        guard !state.isOver else { return }
        state.moves += 1
        state.isUnread = false
        switch RepairAction(text, in: state.repository) {
        case .view(let file): state.viewed[file] = true
        case .edit(let file, let place, let token):
            state.repository.files[file].tokens[place] = token
            state.edits += 1
            state.report = nil
        case .test: state.report = RepairTest.values(state.tests, in: state.repository, budget: budget)
        case .finish: state.isOver = true
        case nil: state.isUnread = true
        }
        if state.moves >= settings.moves { state.isOver = true }
    }

    public func returns(of state: State) -> [Role: Double] { [.solver: state.isOver && isResolved(state) ? 1 : 0] }

    /// Whether the repository as it is passes every hidden test.
    public func isResolved(_ state: State) -> Bool {
        guard let hidden = Self.tests(state.problem.details["hidden"]) else { return false }
        return RepairTest.pass(hidden, in: state.repository, budget: budget)
    }
}

extension RepoRepair.State {
    /// What a player is shown.
    var shown: String {
        let files = zip(repository.files, viewed).map { "\($0.name):\($1 ? $0.text : ".")" }.joined(separator: " ")
        let marks = tests.indices.map { tests[$0].text + mark($0) }.joined(separator: " ")
        return "\n\(files)\n\(report == nil ? "-" : "+") \(marks)\n" + (isUnread ? "?\n" : "")
    }

    /// What stands behind a test.
    private func mark(_ place: Int) -> String {
        guard let report, report[place] != tests[place].expected else { return "" }
        return "!" + (report[place].map(String.init) ?? "")
    }

    /// A line for comparing finished repairs: tests passed of those shown, where they were run on what is there now, and edits: `t5/6 e1`, `t- e2`.
    public var summary: String {
        let passed = report.map { report in String(zip(tests, report).count { $0.expected == $1 }) + "/\(tests.count)" }
        return "t\(passed ?? "-") e\(edits)"
    }
}

/// A move of a repair.
enum RepairAction: Hashable, Sendable {
    case view(Int)
    case edit(Int, place: Int, token: String)
    case test
    case finish

    /// Reads a move; nil for what is none. One line break at its end does not count.
    init?(_ text: String, in repository: PostfixRepository) {
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.count) {
        case ("test", 1): self = .test
        case ("finish", 1): self = .finish
        case ("view", 2):
            guard let file = repository.place(of: words[1]) else { return nil }
            self = .view(file)
        case ("edit", 4):
            guard let file = repository.place(of: words[1]), let place = Int(words[2]), String(place) == words[2],
                (1...repository.files[file].tokens.count).contains(place), repository.tokens.contains(words[3])
            else { return nil }
            self = .edit(file, place: place - 1, token: words[3])
        default: return nil
        }
    }
}
