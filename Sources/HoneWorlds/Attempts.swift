import HoneCore
import HoneText

/// A question answered by whole attempts: a move is an answer, and what is shown next is the problem with the latest one, to be refined.
///
/// So searches branch between answers. With a critic each attempt is criticised before the next one, by whoever plays the role `critic`. The
/// return is that of the latest attempt. What is shown is complete by itself: under `LatestView` a refinement depends on the latest
/// attempt only, under other policies on all of them.
///
/// Source: the state and the move of Madaan et al. 2023, “Self-Refine”, and Zhang et al. 2024, “Accessing GPT-4 level Mathematical Olympiad
/// Solutions via Monte Carlo Tree Self-refine”, section 3.
public struct Attempts: ProblemWorld, Concluding, RevisableAnswer {
    public static let card = PartCard(
        name: "attempts", summary: "a question answered by whole attempts, each after the one before", source: "Madaan et al. 2023; Zhang et al. 2024",
        gives: [.branches, .demonstrations])

    /// Who criticises attempts.
    public static let critic: Role = "critic"
    /// Who grades attempts where a search asks it; it is never its turn.
    public static let grader: Role = "grader"

    /// When an attempt ends the play, beside the limit.
    public enum Stop: String, Codable, Hashable, Sendable, CaseIterable {
        /// Never.
        case never
        /// When it reads like the one before.
        case sameText = "same-text"
        /// When it comes to the same answer as the one before, or reads like it.
        case sameAnswer = "same-answer"
    }

    /// Where the attempts stand.
    public struct State: KnowsProblem, Hashable, Sendable, Codable {
        /// The question.
        public var problem: Problem
        /// The attempts so far, without what only repeated one.
        public var attempts: [String] = []
        /// What the critic said of the latest.
        public var critique: String?
        /// What came of the latest.
        public var verdict: AnswerVerdict?
        /// Whether nobody moves any more.
        public var isOver = false

        /// Where attempts begin.
        public init(problem: Problem) { self.problem = problem }
    }

    /// The world that asks and checks.
    public let world: any QuestionWorld
    /// The most attempts.
    public let limit: Int
    /// Which attempt ends the play.
    public let stop: Stop
    /// What ends the play with the latest attempt when it is all that is said; nil is nothing.
    public let stopWord: String?
    /// Whether each attempt is criticised before the next.
    public let isCriticised: Bool
    /// The words around attempts.
    public let wording: AttemptWording

    /// The world in attempts; throws without room for an attempt.
    public init(
        _ world: any QuestionWorld, limit: Int = 8, stop: Stop = .sameText, stopWord: String? = nil, isCriticised: Bool = false,
        wording: AttemptWording = .short
    ) throws {
        guard limit >= 1 else { throw CoreError.invalid("A question has up to \(limit) attempts; expected 1 or more") }
        guard stopWord != "" else { throw CoreError.invalid("The word that ends attempts is empty; give one, or none") }
        self.world = world
        self.limit = limit
        self.stop = stop
        self.stopWord = stopWord
        self.isCriticised = isCriticised
        self.wording = wording
    }

    public var name: WorldName { world.name }
    public var rules: WorldRules {
        var rules = world.rules
        if isCriticised { rules.roles.append(Self.critic) }
        return rules
    }
    public func problem(_ index: Int, seed: Seed) -> Problem? { world.problem(index, seed: seed) }
    public func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }

    public func turn(in state: State) -> Turn {
        if state.isOver { return .over(.completed) }
        return .moves(of: [isCriticised && !state.attempts.isEmpty && state.critique == nil ? Self.critic : .solver])
    }

    public func observation(of state: State, for role: Role) -> Observation {
        let words: String
        switch (role, state.attempts.last) {
        case (Self.critic, let latest?): words = wording.criticising(latest)
        case (Self.grader, let latest?): words = wording.grading(latest)
        case (.solver, let latest?) where !state.isOver: words = wording.refining(latest, critique: state.critique)
        case (.solver, nil): words = ""
        default: return Observation()
        }
        let problem = Segment.text(state.problem.text, from: .prompt)
        return Observation(news: words.isEmpty ? [problem] : [problem, .text(words, from: .world)], informationState: state.problem.text + words)
    }

    public func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        if case .moves(let roles) = turn(in: state), roles == [Self.critic] {
            state.critique = moves[Self.critic]?.text ?? ""
            return
        }
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
        let said = moves[.solver]?.text ?? ""
        let verdict = world.check(said, to: state.problem)
        if let latest = state.attempts.last, ends(said, verdict, after: latest, state.verdict) {
            state.isOver = true
            return
        }
        state.attempts.append(said)
        (state.verdict, state.critique) = (verdict, nil)
        state.isOver = state.attempts.count >= limit
    }

    /// Whether what is said ends the play with the attempt before it.
    private func ends(_ said: String, _ verdict: AnswerVerdict, after latest: String, _ before: AnswerVerdict?) -> Bool {
        let text = Array(AttemptWording.trimmed(said).utf8)
        if let stopWord, text == Array(stopWord.utf8) { return true }
        let isSame = text == Array(AttemptWording.trimmed(latest).utf8)
        switch stop {
        case .never: return false
        case .sameText: return isSame
        case .sameAnswer: return isSame || verdict.extracted != nil && verdict.extracted == before?.extracted
        }
    }

    public func returns(of state: State) -> [Role: Double] { [.solver: state.verdict?.correct == true ? 1 : 0] }
    public func hasAnswer(in state: State) -> Bool { !state.attempts.isEmpty }
    public func conclusion(of state: State) -> String? { state.verdict?.extracted }
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] { world.checkSteps(of: response, to: problem) }
}
