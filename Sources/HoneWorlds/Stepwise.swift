import HoneCore
import HoneText

/// A question's answer in steps: a move is one step of the continued answer, so that searches branch between steps.
///
/// A move that ends with the separator is a step with more to come; any other move is the last one, and the answer is checked as a whole. What
/// was said stays in the transcript token by token, so an answer drawn in steps has the probability of one drawn at once.
public struct Stepwise: ProblemWorld, ContinuingAnswer, Concluding {
    public static let card = PartCard(
        name: "stepwise", summary: "a question answered step by step", gives: [.stepVerdicts, .branches, .demonstrations])

    /// Where an answer stands.
    public struct State: KnowsProblem, Hashable, Sendable, Codable {
        /// The question.
        public var problem: Problem
        /// What was said so far.
        public var response = ""
        /// How many steps were made.
        public var steps = 0
        /// What came of it, once it is over.
        public var verdict: AnswerVerdict?

        /// Where an answer begins.
        public init(problem: Problem) { self.problem = problem }
    }

    /// The world that asks and checks.
    public let world: any QuestionWorld
    /// What a step ends with where more is to come.
    public let separator: String
    /// The most steps; an answer that is not over then is checked as it is.
    public let limit: Int

    /// The world in steps; throws without a separator or room for a step.
    public init(_ world: any QuestionWorld, separator: String, limit: Int = 40) throws {
        guard !separator.isEmpty else { throw CoreError.invalid("Steps need a separator; found an empty one") }
        guard limit >= 1 else { throw CoreError.invalid("An answer has up to \(limit) steps; expected 1 or more") }
        self.world = world
        self.separator = separator
        self.limit = limit
    }

    public var name: WorldName { world.name }
    public var rules: WorldRules { world.rules }
    public func problem(_ index: Int, seed: Seed) -> Problem? { world.problem(index, seed: seed) }
    public func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }

    public func turn(in state: State) -> Turn { state.verdict == nil ? .moves(of: [.solver]) : .over(.completed) }

    public func observation(of state: State, for role: Role) -> Observation {
        // The answer goes on where it stands: only the question is news.
        guard state.verdict == nil, state.steps == 0 else { return Observation() }
        return Observation(news: [.text(state.problem.text, from: .prompt)], informationState: state.problem.id)
    }

    public func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        let step = moves[.solver]?.text ?? ""
        state.response += step
        state.steps += 1
        if !step.hasSuffix(separator) || state.steps >= limit { state.verdict = world.check(state.response, to: state.problem) }
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    public func returns(of state: State) -> [Role: Double] { [.solver: state.verdict?.correct == true ? 1 : 0] }
    public func conclusion(of state: State) -> String? { state.verdict?.extracted }
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] { world.checkSteps(of: response, to: problem) }
}
