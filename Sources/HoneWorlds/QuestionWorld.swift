import HoneCore
import HoneText

/// A worked solution, and what is wrong with it where an error was put in.
public struct Demonstration: Hashable, Sendable, Codable {
    /// What a solver would write.
    public var text: String
    /// The line or step, from 0, in which an error was put; nil in a correct one.
    public var faultyStep: Int?
    /// What is wrong there, in words; empty in a correct one.
    public var critique: String

    /// A demonstration.
    public init(text: String, faultyStep: Int? = nil, critique: String = "") {
        self.text = text
        self.faultyStep = faultyStep
        self.critique = critique
    }
}

/// A world that asks one question and checks one answer, step by step where it has steps.
///
/// Conforming types say how problems are made, shown and checked; playing is the same for all.
public protocol QuestionWorld: StepChecking, ProblemWorld, Concluding where State == QuestionState {
    /// A worked solution, with an error in one step when asked for; nil where none can be written.
    func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration?
    /// Whether the response answers the problem.
    func check(_ response: String, to problem: Problem) -> AnswerVerdict
    /// What the steps of an answer have between them.
    var separator: String { get }
}

/// Where a question stands.
public struct QuestionState: KnowsProblem, Hashable, Sendable, Codable {
    /// The question.
    public var problem: Problem
    /// The answer, once given.
    public var response: String?
    /// What came of it.
    public var verdict: AnswerVerdict?
}

extension QuestionWorld {
    public var separator: String { "\n" }

    public func begin(_ problem: Problem, in scope: Scope) async throws -> QuestionState { QuestionState(problem: problem) }

    public func turn(in state: QuestionState) -> Turn {
        state.response == nil ? .moves(of: [.solver]) : .over(.completed)
    }

    public func observation(of state: QuestionState, for role: Role) -> Observation {
        guard state.response == nil else { return Observation() }
        return Observation(news: [.text(state.problem.text, from: .prompt)], informationState: state.problem.id)
    }

    public func advance(_ state: inout QuestionState, by moves: [Role: Move], in scope: Scope) async throws {
        let response = moves[.solver]?.text ?? ""
        state.response = response
        state.verdict = check(response, to: state.problem)
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    public func conclusion(of state: QuestionState) -> String? { state.verdict?.extracted }
    public func returns(of state: QuestionState) -> [Role: Double] { [.solver: state.verdict?.correct == true ? 1 : 0] }
}
