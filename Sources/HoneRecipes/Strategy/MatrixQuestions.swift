import HoneCore
import HoneGames
import HoneWorlds

/// One question about 2×2 games: which outcomes are equilibria of one game or of several, or what is chosen in two games that hang together.
struct MatrixQuestion: Codable, Hashable, Sendable {
    /// What is asked.
    var text: String
    /// What is right, game by game.
    var expected: [OutcomeSet]
    /// The names of the choices by game, seat and place; nil where the question is a short one, whose choices are a, b and x, y.
    var names: [[[String]]]?

    /// The names of choices in short questions.
    static let shortNames = [["a", "b"], ["x", "y"]]

    /// The answer in a text, game by game; nil where it cannot be read.
    func answer(in text: String) -> [OutcomeSet]? {
        names.map { Self.spoken(text, $0) } ?? Self.short(text, games: expected.count)
    }

    /// What stands behind the last semicolon: the outcomes of a game with blanks between them or a hyphen for none, games parted by slashes.
    private static func short(_ text: String, games: Int) -> [OutcomeSet]? {
        let line = text.prefix { $0 != "\n" }
        let answer = line.split(separator: ";", omittingEmptySubsequences: false).last ?? ""
        let parts = answer.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == games else { return nil }
        var found: [OutcomeSet] = []
        for part in parts {
            var set: OutcomeSet = []
            if part != "-" {
                for cell in part.split(separator: " ", omittingEmptySubsequences: false) {
                    guard let place = ["ax", "ay", "bx", "by"].firstIndex(of: String(cell)) else { return nil }
                    set.insert(OutcomeSet(row: place / 2, column: place % 2))
                }
            }
            found.append(set)
        }
        return found
    }

    /// What stands behind the last “answer”: pairs of names, or “none”; games parted by semicolons or told by their numbers.
    private static func spoken(_ text: String, _ names: [[[String]]]) -> [OutcomeSet]? {
        let lower = text.lowercased()
        guard let mark = lower.lastRange(of: "answer") else { return nil }
        let parts = lower[mark.upperBound...].split { $0 == ";" || $0 == "\n" }.map { part in
            part.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init)
        }.filter { !$0.isEmpty }
        guard parts.count >= names.count else { return nil }
        var found: [OutcomeSet] = []
        for (words, own) in zip(parts, names) {
            let plain = own.map { $0.map { $0.lowercased() } }
            var set: OutcomeSet = []
            for (first, second) in zip(words, words.dropFirst()) {
                guard let i = plain[0].firstIndex(of: first), let j = plain[1].firstIndex(of: second) else { continue }
                set.insert(OutcomeSet(row: i, column: j))
            }
            guard !set.isEmpty || words.contains("none") else { return nil }
            found.append(set)
        }
        return found
    }
}

extension String {
    /// Where a text last begins to stand in this one, and where it ends.
    fileprivate func lastRange(of text: String) -> Range<String.Index>? {
        var found: Range<String.Index>?
        var start = startIndex
        while let next = self[start...].firstRange(of: text) {
            found = next
            start = next.upperBound
        }
        return found
    }
}

/// Asks questions about 2×2 games one after the other; the solver's return is 1 where all answers are right.
///
/// Problems carry their questions; see ``MatrixQuestion``. What was asked and answered before stays in view.
struct MatrixQuestions: World {
    static let card = PartCard(
        name: "2x2-questions", summary: "asks for the equilibria of ordinal 2×2 games", source: "Wang et al. 2024, TMGBench", gives: [.branches, .demonstrations])

    /// The name in a plan.
    static let name: WorldName = "2x2-questions"

    /// Where the questions stand.
    struct State: KnowsProblem, Hashable, Sendable, Codable {
        var problem: Problem
        var questions: [MatrixQuestion]
        var answers: [[OutcomeSet]?] = []
    }

    /// A problem of these questions, of which the first is shown at once.
    static func problem(id: String, _ questions: [MatrixQuestion]) throws -> Problem {
        Problem(id: id, world: name, text: questions.first?.text ?? "", details: ["questions": try JSONValue(encoding: questions).canonical])
    }

    /// The questions of a problem; empty where it has none.
    static func questions(of problem: Problem) -> [MatrixQuestion] {
        problem.details["questions"].flatMap { try? JSONValue(parsing: $0).decode([MatrixQuestion].self) } ?? []
    }

    func begin(_ problem: Problem, in scope: Scope) async throws -> State {
        let questions = Self.questions(of: problem)
        guard !questions.isEmpty else { throw CoreError.invalid("Problem “\(problem.id)” carries no question about 2×2 games") }
        return State(problem: problem, questions: questions)
    }

    func turn(in state: State) -> Turn { state.answers.count < state.questions.count ? .moves(of: [.solver]) : .over(.completed) }

    func observation(of state: State, for role: Role) -> Observation {
        guard state.answers.count < state.questions.count else { return Observation() }
        let text = state.answers.isEmpty ? state.problem.text : "\n" + state.questions[state.answers.count].text
        return Observation(news: [.text(text, from: .prompt)], informationState: "\(state.problem.id)|\(state.answers.count)")
    }

    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        state.answers.append(state.questions[state.answers.count].answer(in: moves[.solver]?.text ?? ""))
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    func returns(of state: State) -> [Role: Double] {
        let isRight = state.answers.count == state.questions.count && zip(state.answers, state.questions).allSatisfy { $0 == $1.expected }
        return [.solver: isRight ? 1 : 0]
    }
}
