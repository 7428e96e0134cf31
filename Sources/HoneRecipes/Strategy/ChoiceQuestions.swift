import HoneCore
import HoneGames

/// A 2×2 game seen from one seat, which has to choose: both at once, or oneself first and the other in view of it.
struct ChoiceTask: Codable, Hashable, Sendable {
    /// The game with the own seat as seat 0.
    var table: OrdinalTable
    /// Whether the other sees what one chose.
    var isSequential: Bool

    /// What is right: one's action, and in sequential games what the other answers; nil where the game has more than one equilibrium, or none.
    var solution: (own: Int, other: Int)? {
        if isSequential {
            let replies = (0...1).map { table.best(of: 1, against: $0) }
            let own = table.row[1][replies[1]] > table.row[0][replies[0]] ? 1 : 0
            return (own, replies[own])
        }
        let cells = table.equilibria.cells
        return cells.count == 1 ? (cells[0].row, cells[0].column) : nil
    }

    /// What the problem of the task carries.
    func problem(id: String, text: String) throws -> Problem {
        Problem(id: id, world: ChoiceQuestions.name, text: text, details: ["task": try JSONValue(encoding: self).canonical])
    }

    /// The task of a problem; nil where it carries none.
    init?(of problem: Problem) {
        guard let text = problem.details["task"], let task = try? JSONValue(parsing: text).decode(ChoiceTask.self) else { return nil }
        self = task
    }

    init(table: OrdinalTable, isSequential: Bool) {
        self.table = table
        self.isSequential = isSequential
    }
}

/// Writes what is asked of a model about a choice, short for small models and in words for others, and reads what it says.
struct ChoicePrompt: Codable, Hashable, Sendable {
    /// Whether questions are short: digits and letters.
    var isShort: Bool

    /// The choice of a seat from a set of two: `a`, `b` for oneself and `x`, `y` for the other in short questions.
    func names(of seat: Int) -> [String] { isShort ? MatrixQuestion.shortNames[seat] : [["A1", "A2"], ["B1", "B2"]][seat] }

    private func rules(_ task: ChoiceTask) -> String {
        let order = task.isSequential ? "Player A chooses first, and player B sees it before choosing." : "Both choose at the same time."
        return "You are player A in a game that is played once. \(order) "
            + task.table.listed(players: ["player A", "player B"], choices: [names(of: 0), names(of: 1)]) + " Each wants as much as possible for itself.\n"
    }

    /// The question for the choice itself.
    func direct(_ task: ChoiceTask) -> String {
        if isShort { return "\(task.isSequential ? "t" : "")\(task.table.digits)=" }
        return rules(task) + "What do you choose? End with one line: “answer: A1” or “answer: A2”."
    }

    /// The question what somebody would choose if the other's choice were known.
    func conditional(_ task: ChoiceTask, seat: Int, given other: Int) -> String {
        if isShort { return "\(task.table.digits) \(names(of: 1 - seat)[other])=" }
        let (supposed, asked) = seat == 1 ? ("you choose", "would player B choose, who wants as much as possible for itself") : ("player B chooses", "should you choose")
        return rules(task) + "Suppose \(supposed) \(names(of: 1 - seat)[other]). What \(asked)? Give the reason in a sentence and end with one line: “answer: \(names(of: seat)[0])” or "
            + "“answer: \(names(of: seat)[1])”."
    }

    /// The question that is left at the root of a sequential game once the other's replies are known.
    func root(_ task: ChoiceTask, replies: [Int]) -> String {
        let pairs = (0...1).map { (task.table.row[$0][replies[$0]], task.table.column[$0][replies[$0]]) }
        if isShort { return "t" + pairs.map { "\($0.0)\($0.1)" }.joined(separator: " ") + "=" }
        let shown = (0...1).map { "After \(names(of: 0)[$0]), player B would choose \(names(of: 1)[replies[$0]]): \(pairs[$0].0) for you, \(pairs[$0].1) for player B." }
        return rules(task) + "You have worked out what follows. \(shown.joined(separator: " ")) What do you choose? End with one line: “answer: A1” or “answer: A2”."
    }

    /// The question for the choice when all conditional choices are known.
    func summary(_ task: ChoiceTask, replies: [Int], own: [Int]) -> String {
        var lines = (0...1).map { "If you choose \(names(of: 0)[$0]), player B chooses \(names(of: 1)[replies[$0]])." }
        lines += (0...1).map { "If player B chooses \(names(of: 1)[$0]), you choose \(names(of: 0)[own[$0]])." }
        if own[0] == own[1] { lines.append("\(names(of: 0)[own[0]]) is best for you whatever player B does.") }
        if replies[0] == replies[1] { lines.append("\(names(of: 1)[replies[0]]) is best for player B whatever you do.") }
        let stable = (0...1).filter { own[replies[$0]] == $0 }.map { "\(names(of: 0)[$0]) with \(names(of: 1)[replies[$0]])" }
        lines.append(stable.isEmpty ? "No pair of choices is an equilibrium." : "Equilibria: \(stable.joined(separator: ", ")).")
        return rules(task) + "You have worked out what follows. \(lines.joined(separator: " ")) What do you choose? End with one line: “answer: A1” or “answer: A2”."
    }

    /// The choice of a seat that a text names: the whole text in short questions, else what stands last; nil where there is none.
    func choice(of seat: Int, in text: String) -> Int? {
        let names = names(of: seat)
        if isShort { return names.firstIndex(of: String(text.prefix { $0 != "\n" })) }
        return text.split { !$0.isLetter && !$0.isNumber }.reversed().lazy.compactMap { word in names.firstIndex(of: word.uppercased()) }.first
    }
}

/// Lets a seat of a 2×2 game choose; its return is 1 where it chooses as the one equilibrium says.
struct ChoiceQuestions: World {
    static let card = PartCard(
        name: "2x2-choices", summary: "asks for one seat's choice in a 2×2 game, played at once or in turn", source: "Hua et al. 2024, Game-theoretic LLM",
        gives: [.branches, .demonstrations])

    /// The name in a plan.
    static let name: WorldName = "2x2-choices"

    /// How choices are written.
    let prompt: ChoicePrompt

    /// Where the task stands.
    struct State: KnowsProblem, Hashable, Sendable, Codable {
        var problem: Problem
        var task: ChoiceTask
        var response: String?
    }

    func begin(_ problem: Problem, in scope: Scope) async throws -> State {
        guard let task = ChoiceTask(of: problem) else { throw CoreError.invalid("Problem “\(problem.id)” carries no 2×2 game to choose in") }
        return State(problem: problem, task: task)
    }

    func turn(in state: State) -> Turn { state.response == nil ? .moves(of: [.solver]) : .over(.completed) }

    func observation(of state: State, for role: Role) -> Observation {
        state.response == nil ? Observation(news: [.text(state.problem.text, from: .prompt)], informationState: state.problem.id) : Observation()
    }

    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        state.response = moves[.solver]?.text ?? ""
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    func returns(of state: State) -> [Role: Double] {
        guard let response = state.response, let solution = state.task.solution else { return [.solver: 0] }
        return [.solver: prompt.choice(of: 0, in: response) == solution.own ? 1 : 0]
    }
}
