/// One task for one world.
public struct Problem: Hashable, Sendable, Codable {
    /// Unique among the problems of its run.
    public var id: String
    /// The world that poses it.
    public var world: WorldName
    /// The question as it is put.
    public var text: String
    /// The reference answer, where there is one; only verifiers look at it.
    public var answer: String?
    /// The numbers that make it, where the world has declared some.
    public var parameters: [Double]
    /// What else the world needs to pose and check it.
    public var details: [String: String]
    /// The unfinished episode it goes on from.
    public var startsFrom: EpisodeID?
    /// Worked solutions to learn from, as the text a solver would write.
    public var demonstrations: [String]
    /// Whether it is kept for measuring; learning refuses it.
    public var isHeldOut: Bool

    /// A problem.
    public init(
        id: String, world: WorldName, text: String = "", answer: String? = nil, parameters: [Double] = [],
        details: [String: String] = [:], startsFrom: EpisodeID? = nil, demonstrations: [String] = [],
        isHeldOut: Bool = false
    ) {
        self.id = id
        self.world = world
        self.text = text
        self.answer = answer
        self.parameters = parameters
        self.details = details
        self.startsFrom = startsFrom
        self.demonstrations = demonstrations
        self.isHeldOut = isHeldOut
    }
}

/// What is new to a role since it last moved.
public struct Observation: Hashable, Sendable, Codable {
    /// The new segments.
    public var news: [Segment]
    /// The moves allowed now, where they can be listed.
    public var legal: [String]?
    /// A text equal for all states the role cannot tell apart.
    public var informationState: String?

    /// An observation.
    public init(news: [Segment] = [], legal: [String]? = nil, informationState: String? = nil) {
        self.news = news
        self.legal = legal
        self.informationState = informationState
    }
}

/// What a role did at its turn.
public struct Move: Hashable, Sendable, Codable {
    /// What it said.
    public var segments: [Segment]
    /// The exact context it answered to, when that differs from its transcript or had to be tokenised.
    public var context: Transcript?
    /// What its maker had seen, where the context puts that in other words, such as a chat template's: what comes later is added to this.
    public var transcript: Transcript?
    /// The search that chose it, if one did.
    public var tree: SearchTree?

    /// A move.
    public init(segments: [Segment], context: Transcript? = nil, transcript: Transcript? = nil, tree: SearchTree? = nil) {
        self.segments = segments
        self.context = context
        self.transcript = transcript
        self.tree = tree
    }

    /// A move of plain text.
    public init(text: String, origin: Segment.Origin = .demonstration) {
        self.init(segments: [.text(text, from: origin)])
    }

    /// The move as a step holds it, beside its context.
    public var filed: Move { Move(segments: segments, tree: tree) }

    /// What others can read of it.
    public var text: String { segments.filter { !$0.isPrivate }.text }
}

/// One of the things chance may do.
public struct ChanceOutcome: Hashable, Sendable, Codable {
    /// The move's text.
    public var move: String
    /// Its probability; those of one turn add up to 1.
    public var probability: Double

    /// An outcome.
    public init(move: String, probability: Double) {
        self.move = move
        self.probability = probability
    }
}

/// Who acts next.
public enum Turn: Hashable, Sendable {
    /// These roles move, at once when there are several.
    case moves(of: [Role])
    /// Chance moves.
    case chance([ChanceOutcome])
    /// Nobody: it is over.
    case over(Ending)
}

/// Why an episode ended.
public enum Ending: Hashable, Sendable, Codable {
    /// By the rules.
    case completed
    /// By a move the rules do not allow.
    case illegal(Role)
    /// By a limit on tokens or steps.
    case budget
    /// By an error, in a sentence.
    case failed(String)

    /// The ending of an episode by an error of one of its moves; throws the error on where it ends the run: a cancelled task,
    /// or what no other episode would be spared.
    public static func failed(by error: any Error) throws -> Ending {
        if error is CancellationError { throw error }
        if let error = error as? any RunEndingError, error.endsRun { throw error }
        return .failed("\(error)")
    }
}

/// An error that may concern more than the episode in which it was met.
public protocol RunEndingError: Error {
    /// Whether all other episodes would meet it too, as with a refused key or a cap that is reached: the run ends, and can be resumed.
    var endsRun: Bool { get }
}

/// One move in an episode, with exactly what its maker had before it.
public struct Step: Hashable, Sendable, Codable {
    /// Who moved.
    public var role: Role
    /// The exact context.
    public var context: Transcript
    /// The move.
    public var move: Move

    /// A step.
    public init(role: Role, context: Transcript, move: Move) {
        self.role = role
        self.context = context
        self.move = move
    }
}

/// One play of one problem.
public struct Episode: Hashable, Sendable, Codable {
    /// The path it was played under.
    public var id: EpisodeID
    /// What happened, in order.
    public var steps: [Step]
    /// What each role got in the end.
    public var returns: [Role: Double]
    /// Why it ended; nil while it goes on.
    public var ending: Ending?
    /// Who played.
    public var cast: Cast

    /// An episode.
    public init(id: EpisodeID, steps: [Step] = [], returns: [Role: Double] = [:], ending: Ending? = nil, cast: Cast = [:]) {
        self.id = id
        self.steps = steps
        self.returns = returns
        self.ending = ending
        self.cast = cast
    }

    /// The text of all moves of a role, one line break between moves.
    public func response(of role: Role) -> String {
        said(by: role).joined(separator: "\n")
    }

    /// What a role said, move by move.
    public func said(by role: Role) -> [String] { steps.filter { $0.role == role }.map(\.move.text) }
}

/// A problem to play, how often, and by whom where that differs from the stage's cast.
public struct Assignment: Hashable, Sendable, Codable {
    /// The problem.
    public var problem: Problem
    /// How many independent episodes.
    public var samples: Int
    /// Players that replace those of the stage's cast.
    public var cast: Cast

    /// An assignment.
    public init(problem: Problem, samples: Int = 1, cast: Cast = [:]) {
        self.problem = problem
        self.samples = samples
        self.cast = cast
    }
}

/// All plays of one assignment, and what was said of them: the unit that judges, credit and curricula see.
public struct EpisodeGroup: Hashable, Sendable, Codable {
    /// What was to be played.
    public var assignment: Assignment
    /// The plays, in sample order.
    public var episodes: [Episode]
    /// What judges said of them.
    public var verdicts: [Verdict]
    /// What was played to propose, judge or search them.
    public var children: [EpisodeGroup]

    /// A group.
    public init(assignment: Assignment, episodes: [Episode], verdicts: [Verdict] = [], children: [EpisodeGroup] = []) {
        self.assignment = assignment
        self.episodes = episodes
        self.verdicts = verdicts
        self.children = children
    }

    /// The value of the verdict of a kind on a whole episode (or on a role in it), where one was given.
    ///
    /// A verdict on the role itself goes before one on the episode; the last of equals counts.
    public func value(of kind: VerdictKind, episode index: Int, role: Role? = nil) -> Double? {
        var found: Double?
        var isRoleVerdict = false
        for verdict in verdicts where verdict.kind == kind {
            switch verdict.on {
            case .role(index, let who) where who == role:
                found = verdict.value
                isRoleVerdict = true
            case .episode(index) where !isRoleVerdict:
                found = verdict.value
            default: continue
            }
        }
        return found
    }
}

/// What a judge said of something in a group.
public struct Verdict: Hashable, Sendable, Codable {
    /// What a verdict is about; episodes and steps are counted from 0 in the group.
    public enum Subject: Hashable, Sendable, Codable {
        case group
        case episode(Int)
        case role(Int, Role)
        case step(Int, Int)
        /// Tokens of a step.
        case span(Int, Int, ClosedRange<Int>)
        case pair(Int, over: Int)
    }

    /// What it is about.
    public var on: Subject
    /// What it measures.
    public var kind: VerdictKind
    /// The measure, in the unit of its kind.
    public var value: Double
    /// How sure the judge is, from 0 to 1.
    public var confidence: Double?
    /// The judge's words.
    public var critique: String?
    /// The episode in which a model made it.
    public var madeBy: EpisodeID?

    /// A verdict.
    public init(
        on subject: Subject, kind: VerdictKind, value: Double, confidence: Double? = nil, critique: String? = nil,
        madeBy: EpisodeID? = nil
    ) {
        on = subject
        self.kind = kind
        self.value = value
        self.confidence = confidence
        self.critique = critique
        self.madeBy = madeBy
    }
}
