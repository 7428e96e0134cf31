import HoneCore

/// Problems that were written beforehand with their answers: a prompt, one answer, right where it is the written one.
///
/// For recipes that make their questions themselves, such as items cut from plays of games.
public struct WrittenItems: World {
    public static let card = PartCard(
        name: "written-items", summary: "prompts with one written answer each, made by a recipe", gives: [.branches, .demonstrations])

    /// Its name in a plan.
    public static let name: WorldName = "written-items"

    /// The world.
    public init() {}

    /// A problem of a prompt and its answer, which is its demonstration too.
    public static func problem(id: String, prompt: String, answer: String) -> Problem {
        Problem(id: id, world: name, text: prompt, answer: answer, demonstrations: [answer])
    }

    public func begin(_ problem: Problem, in scope: Scope) async throws -> QuestionState { QuestionState(problem: problem) }
    public func turn(in state: QuestionState) -> Turn { state.response == nil ? .moves(of: [.solver]) : .over(.completed) }

    public func observation(of state: QuestionState, for role: Role) -> Observation {
        guard state.response == nil else { return Observation() }
        return Observation(news: [.text(state.problem.text, from: .prompt)], informationState: state.problem.id)
    }

    public func advance(_ state: inout QuestionState, by moves: [Role: Move], in scope: Scope) async throws {
        state.response = moves[.solver]?.text ?? ""
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    public func returns(of state: QuestionState) -> [Role: Double] { [.solver: state.response == state.problem.answer ? 1 : 0] }
}
