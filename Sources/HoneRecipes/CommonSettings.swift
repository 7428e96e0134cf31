import HoneCore
import HoneObjectives
import HoneWorlds

/// What every recipe lets one set.
public struct CommonSettings: Hashable, Sendable, Codable {
    /// What is learned.
    public var task: TaskSettings
    /// The model.
    public var model: ModelSettings
    /// How it is taught before it improves itself.
    public var base: BaseSettings
    /// What is played in an iteration.
    public var play: PlaySettings
    /// How it learns.
    public var learner: LearnerSettings
    /// How it is measured.
    public var evaluation: EvaluationSettings
    /// How many iterations.
    public var iterations: Int

    /// The names of its members; other members of a recipe's settings are its own.
    public static let keys: Set = ["task", "model", "base", "play", "learner", "evaluation", "iterations"]

    /// The defaults.
    public init(
        task: TaskSettings, model: ModelSettings = ModelSettings(), base: BaseSettings = BaseSettings(),
        play: PlaySettings = PlaySettings(), learner: LearnerSettings = LearnerSettings(),
        evaluation: EvaluationSettings = EvaluationSettings(), iterations: Int = 30
    ) {
        self.task = task
        self.model = model
        self.base = base
        self.play = play
        self.learner = learner
        self.evaluation = evaluation
        self.iterations = iterations
    }
}

/// Which problems.
public struct TaskSettings: Hashable, Sendable, Codable {
    /// The world, by its catalogue name.
    public var world: String
    /// The world's own settings.
    public var settings: JSONValue
    /// How many different problems training may see; at most as many as there are.
    public var trainProblems: Int
    /// The share of all problems kept for measuring, decided by a hash of each problem's text.
    public var heldOutShare: Double

    /// A task.
    public init(world: String, settings: JSONValue, trainProblems: Int = 2000, heldOutShare: Double = 0.2) {
        self.world = world
        self.settings = settings
        self.trainProblems = trainProblems
        self.heldOutShare = heldOutShare
    }
}

/// Teaching from demonstrations, before any self-improvement; shared by all runs that have it in common.
public struct BaseSettings: Hashable, Sendable, Codable {
    /// How many problems are demonstrated.
    public var demonstrations: Int
    /// How they are written (`hone list corpora`); it also decides how answers are read.
    public var corpus: String
    /// The corpus's own settings.
    public var settings: JSONValue
    /// The share of demonstrations with an injected error.
    public var errorRate: Double
    /// How often all demonstrations are gone through; 0 teaches nothing.
    public var passes: Int
    /// Rows per optimiser step.
    public var miniBatch: Int
    /// The learning rate at its peak.
    public var rate: Double
    /// What counts alike: `tokenMean`, each token; `sequenceMean`, each demonstration, so that a verdict of one token weighs as much as an answer of
    /// thirty where both are taught.
    public var reduction: TokenReduction

    /// Teaching.
    public init(
        demonstrations: Int = 400, corpus: String = "plain", settings: JSONValue = .object([:]), errorRate: Double = 0, passes: Int = 20,
        miniBatch: Int = 32, rate: Double = 1e-3, reduction: TokenReduction = .tokenMean
    ) {
        self.reduction = reduction
        self.demonstrations = demonstrations
        self.corpus = corpus
        self.settings = settings
        self.errorRate = errorRate
        self.passes = passes
        self.miniBatch = miniBatch
        self.rate = rate
    }

    /// How demonstrations are learned.
    var imitation: CrossEntropy {
        var objective = CrossEntropy()
        objective.settings.reduction = reduction
        return objective
    }
}

/// What is played in one iteration.
public struct PlaySettings: Hashable, Sendable, Codable {
    /// Problems per iteration.
    public var problems: Int
    /// Samples of each problem.
    public var samples: Int
    /// The sampling temperature.
    public var temperature: Double
    /// The most tokens of an answer.
    public var limit: Int

    /// Play.
    public init(problems: Int = 32, samples: Int = 8, temperature: Double = 1, limit: Int = 40) {
        self.problems = problems
        self.samples = samples
        self.temperature = temperature
        self.limit = limit
    }
}

/// How the model learns from what it played.
public struct LearnerSettings: Hashable, Sendable, Codable {
    /// The learning rate.
    public var rate: Double
    /// The largest gradient norm; 0 clips nothing.
    public var clip: Double
    /// Decoupled weight decay.
    public var weightDecay: Double
    /// How often an iteration's rows are gone through.
    public var passes: Int
    /// Rows per optimiser step; 0 takes all rows in one step.
    public var miniBatch: Int
    /// Rows an iteration learns from, drawn evenly from all there are; 0 takes each row once a pass.
    public var rows: Int
    /// Whether the rate falls along a cosine over the whole run, which needs `rows`.
    public var anneals: Bool
    /// What is done when a loss or gradient is not finite: `skip` or `halt`.
    public var onNonFinite: NonFinitePolicy

    /// Learning.
    public init(
        rate: Double = 3e-4, clip: Double = 1, weightDecay: Double = 0, passes: Int = 1, miniBatch: Int = 0,
        rows: Int = 0, anneals: Bool = false, onNonFinite: NonFinitePolicy = .skip
    ) {
        self.rate = rate
        self.clip = clip
        self.weightDecay = weightDecay
        self.passes = passes
        self.miniBatch = miniBatch
        self.rows = rows
        self.anneals = anneals
        self.onNonFinite = onNonFinite
    }

    /// The optimiser with a learning rate, which is another for teaching than for learning.
    public func optimiser(_ rate: Schedule) -> OptimiserSettings {
        OptimiserSettings(rate: rate, weightDecay: weightDecay, clip: clip, onNonFinite: onNonFinite)
    }
}

/// How held-out problems are measured; never changes what is learned.
public struct EvaluationSettings: Hashable, Sendable, Codable {
    /// Every so many iterations, and before the first and after the last; 0 measures never.
    public var every: Int
    /// How many held-out problems.
    public var problems: Int
    /// Samples of each.
    public var samples: Int

    /// Measuring.
    public init(every: Int = 5, problems: Int = 200, samples: Int = 4) {
        self.every = every
        self.problems = problems
        self.samples = samples
    }
}

extension CommonSettings {
    /// The world that the task names.
    public func world() throws -> any QuestionWorld { try WorldCatalog.make(name: task.world, settings: task.settings) }

    /// Everything that cannot work, as sentences with the key in front.
    public func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        faults += model.faults
        require(iterations >= 0, "iterations", iterations, "0 or more")
        require(play.problems >= 1, "play.problems", play.problems, "1 or more")
        require(play.samples >= 1, "play.samples", play.samples, "1 or more")
        require(play.temperature >= 0, "play.temperature", play.temperature, "0 (greedy) or more")
        require(play.limit >= 1, "play.limit", play.limit, "1 or more")
        require(learner.rate >= 0, "learner.rate", learner.rate, "0 or more")
        require(learner.clip >= 0, "learner.clip", learner.clip, "0 (no clipping) or more")
        require(learner.passes >= 1, "learner.passes", learner.passes, "1 or more")
        require(learner.miniBatch >= 0, "learner.miniBatch", learner.miniBatch, "0 (all rows) or more")
        require(learner.rows >= 0, "learner.rows", learner.rows, "0 (all) or more")
        require(
            !learner.anneals || learner.rows > 0, "learner.anneals", learner.anneals,
            "false unless learner.rows says how many rows an iteration has")
        require(base.demonstrations >= 0, "base.demonstrations", base.demonstrations, "0 or more")
        require(base.passes >= 0, "base.passes", base.passes, "0 or more")
        require(base.miniBatch >= 1, "base.miniBatch", base.miniBatch, "1 or more")
        require((0...1).contains(base.errorRate), "base.errorRate", base.errorRate, "between 0 and 1")
        require(task.trainProblems >= 1, "task.trainProblems", task.trainProblems, "1 or more")
        require(
            task.heldOutShare > 0 && task.heldOutShare < 1, "task.heldOutShare", task.heldOutShare, "between 0 and 1, e.g. 0.2")
        require(evaluation.every >= 0, "evaluation.every", evaluation.every, "0 (never) or more")
        require(evaluation.problems >= 1, "evaluation.problems", evaluation.problems, "1 or more")
        require(evaluation.samples >= 1, "evaluation.samples", evaluation.samples, "1 or more")
        return faults
    }
}
