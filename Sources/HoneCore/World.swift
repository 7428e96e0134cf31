/// What a world promises about itself; depends on its settings.
public struct WorldRules: Hashable, Sendable, Codable {
    /// Who takes part.
    public var roles: [Role]
    /// The smallest and the largest return.
    public var range: ClosedRange<Double>
    /// Whether a state may be copied and played on several times.
    public var isBranchable: Bool
    /// Whether every role sees everything.
    public var hasPerfectInformation: Bool

    /// Rules; by default those of a question with one answerer and a return of 0 or 1.
    public init(
        roles: [Role] = [.solver], range: ClosedRange<Double> = 0...1, isBranchable: Bool = true,
        hasPerfectInformation: Bool = true
    ) {
        self.roles = roles
        self.range = range
        self.isBranchable = isBranchable
        self.hasPerfectInformation = hasPerfectInformation
    }
}

/// The rules of a task or game: an immutable value shared by all episodes.
public protocol World: Part {
    /// One position, a value: searches branch by copying it.
    associatedtype State: Sendable
    /// What the world promises.
    var rules: WorldRules { get }
    /// The first position of a problem.
    func begin(_ problem: Problem, in scope: Scope) async throws -> State
    /// Who acts next.
    func turn(in state: State) -> Turn
    /// What is new to the role since it last moved.
    func observation(of state: State, for role: Role) -> Observation
    /// Plays the moves of all whose turn it is.
    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws
    /// Cumulative returns so far: a difference of two is a step's reward.
    func returns(of state: State) -> [Role: Double]
    /// Another state that the role cannot tell from this one; nil where the world cannot say.
    func resample(_ state: State, for role: Role, seed: Seed) -> State?
    /// Ends processes and sessions of the state; nothing to do for values.
    func release(_ state: State) async
}

extension World {
    public var rules: WorldRules { WorldRules() }
    public func resample(_ state: State, for role: Role, seed: Seed) -> State? { nil }
    public func release(_ state: State) async {}
}

/// A world whose moves are listed and applied by pure, synchronous functions.
public protocol Game: World where State: Hashable & Codable {
    /// The moves allowed, in a fixed order.
    func legalMoves(in state: State) -> [String]
    /// Plays a legal move.
    func apply(_ move: String, to state: inout State)
}

/// A world that can check the lines of an answer one by one.
public protocol StepChecking: World {
    /// Whether each step of the response is right, in order, with the reason where it is not.
    func checkSteps(of response: String, to problem: Problem) -> [StepCheck]
}

/// A world in which a role's moves are the steps of one answer, which goes on from move to move.
public protocol ContinuingAnswer: StepChecking {
    /// What a step ends with where more is to come.
    var separator: String { get }
}

extension ContinuingAnswer {
    /// A whole answer's steps as they are moved: each but the last ends with the separator.
    public func steps(of answer: String) -> [String] {
        var steps: [String] = []
        var rest = answer[...]
        while let end = rest.firstRange(of: separator)?.upperBound, end < rest.endIndex {
            steps.append(String(rest[..<end]))
            rest = rest[end...]
        }
        return steps + [String(rest)]
    }
}

/// The check of one step of an answer.
public struct StepCheck: Hashable, Sendable, Codable {
    /// The step's text.
    public var text: String
    /// Whether it is right.
    public var isCorrect: Bool
    /// Why not; empty when it is right.
    public var reason: String

    /// A check.
    public init(text: String, isCorrect: Bool, reason: String = "") {
        self.text = text
        self.isCorrect = isCorrect
        self.reason = reason
    }
}

/// A state with everyone's transcript and the steps so far: what societies play and searches branch.
public struct Position<W: World>: Sendable {
    /// The rules.
    public let world: W
    /// The state of the world.
    public var state: W.State
    /// What each role has seen and said.
    public var transcripts: [Role: Transcript]
    /// What happened so far.
    public var steps: [Step]

    /// A position.
    public init(world: W, state: W.State, transcripts: [Role: Transcript] = [:], steps: [Step] = []) {
        self.world = world
        self.state = state
        self.transcripts = transcripts
        self.steps = steps
    }

    /// What a role decides upon now.
    public func view(for role: Role) -> View {
        let observation = world.observation(of: state, for: role)
        return View(
            role: role, transcript: (transcripts[role] ?? []) + observation.news, legal: observation.legal,
            informationState: observation.informationState)
    }

    /// Files the moves as steps and plays them in the world.
    ///
    /// A move's own `context` replaces the view's transcript, so that what was tokenised once stays as it was; where
    /// the context is in other words, the role's transcript goes on from what the move says it had seen.
    public mutating func take(_ moves: [Role: Move], in scope: Scope) async throws {
        for (role, move) in moves.sorted(by: { $0.key < $1.key }) {
            let context = move.context ?? view(for: role).transcript
            steps.append(Step(role: role, context: context, move: move.filed))
            transcripts[role] = (move.transcript ?? context) + move.segments
        }
        try await world.advance(&state, by: moves, in: scope)
    }
}

/// A world whose plays come to an answer that can be read and counted, whether or not it is right.
public protocol Concluding: World {
    /// The answer of a finished play in its plain form; nil where none can be read.
    func conclusion(of state: State) -> String?
}

extension Position {
    /// The answer that was come to, where the world has such.
    public var conclusion: String? {
        func read<C: Concluding>(_ world: C) -> String? { (state as? C.State).flatMap { world.conclusion(of: $0) } }
        return (world as? any Concluding).flatMap { read($0) }
    }

    /// Whether nobody moves any more.
    public var isOver: Bool { if case .over = world.turn(in: state) { true } else { false } }

    /// The problem it was begun with, where the state knows.
    public var problem: Problem? { (state as? any KnowsProblem)?.problem }
}

/// A state that knows the problem it was begun with.
public protocol KnowsProblem {
    /// The problem.
    var problem: Problem { get }
}
