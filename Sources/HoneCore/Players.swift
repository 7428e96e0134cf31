/// A model of the plan, live or as a snapshot of an earlier moment.
public struct ModelRef: Hashable, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// Which model.
    public var name: ModelName
    /// Which of its snapshots; nil is the live weights.
    public var snapshot: String?

    /// The model with this name, or one of its snapshots.
    public init(_ name: ModelName, snapshot: String? = nil) {
        self.name = name
        self.snapshot = snapshot
    }

    public init(stringLiteral value: String) { self.init(ModelName(value)) }

    public var description: String { snapshot.map { "\(name)@\($0)" } ?? name.text }
}

/// How tokens are drawn.
public struct Sampling: Hashable, Sendable, Codable {
    /// Divides the logits; 0 takes the likeliest token (the first of equals).
    public var temperature: Double
    /// Keeps this many likeliest tokens; 0 keeps all.
    public var topK: Int
    /// Keeps the smallest set of likeliest tokens whose probability reaches this; 1 keeps all.
    public var topP: Double
    /// The most tokens a completion may have.
    public var limit: Int
    /// Texts after which the completion ends; the text itself stays in the completion.
    public var stop: [String]

    /// Sampling from the model's own distribution unless said otherwise.
    public init(temperature: Double = 1, topK: Int = 0, topP: Double = 1, limit: Int = 64, stop: [String] = []) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.limit = limit
        self.stop = stop
    }

    /// The same limits with the likeliest token taken at each step.
    public var greedy: Sampling {
        var copy = self
        copy.temperature = 0
        return copy
    }

    /// Whether the sampler draws from the model's whole distribution, so that its log-probabilities are the model's.
    public var keepsWholeDistribution: Bool { topK == 0 && topP >= 1 }
}

/// Who plays a role, and how.
public struct Player: Hashable, Sendable, Codable {
    /// The model that answers.
    public var model: ModelRef
    /// How its prompts are made and its answers read.
    public var policy: PolicyName
    /// The search it thinks with, if any.
    public var search: SearchName?
    /// How its tokens are drawn.
    public var sampling: Sampling
    /// The memory it reads, if any.
    public var memory: MemoryName?
    /// A named way of seeing the world, where a world offers several.
    public var view: String?
    /// Whether what it says may be learned from; nil is yes.
    public var learns: Bool?

    /// A player that answers directly with a model.
    public init(
        model: ModelRef, policy: PolicyName = "direct", search: SearchName? = nil, sampling: Sampling = Sampling(),
        memory: MemoryName? = nil, view: String? = nil, learns: Bool? = nil
    ) {
        self.learns = learns
        self.model = model
        self.policy = policy
        self.search = search
        self.sampling = sampling
        self.memory = memory
        self.view = view
    }
}

/// Who plays which role.
public typealias Cast = [Role: Player]
