/// A quantity a credit or an objective wants of a model that is not being trained: references, teachers, critics.
public struct Score: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What is wanted.
    public var quantity: Quantity
    /// Of which model.
    public var by: ModelRef
    /// Under which context: `sampled` is the one the step was made in.
    public var context: String

    /// A score.
    public init(_ quantity: Quantity, by model: ModelRef, context: String = "sampled") {
        self.quantity = quantity
        by = model
        self.context = context
    }

    public var description: String { "\(quantity) by \(by) (\(context))" }

    /// The channel in which a row may bring the score along, one number per token: log-probabilities of a reference that
    /// does not change need not be computed again.
    public var channel: String { description }
}

/// One row to learn from: the tokens of a step or of a whole transcript, and what each is worth.
///
/// All per-token lists have the length of `tokens`; position 0 can never be trained, as nothing comes before it.
public struct Example: Hashable, Sendable, Codable {
    /// The tokens, context first.
    public var tokens: [TokenID]
    /// Which of them learning touches.
    public var isTrained: [Bool]
    /// The weight of each token in the loss; 1 where nothing else is said.
    public var weights: [Float]
    /// The advantage of each token; empty where the objective needs none.
    public var advantages: [Float]
    /// The sampler's log-probability of each token; empty where unknown, never padded with a made-up number.
    public var samplerLogProbs: [Float]
    /// More numbers per token, by the name an objective asks for.
    public var channels: [String: [Float]]
    /// Numbers about the whole row: `reward`, `label`.
    public var scalars: [String: Double]
    /// Which group it belongs to.
    public var group: Int
    /// Where it comes from.
    public var episode: EpisodeID

    /// A row.
    public init(
        tokens: [TokenID], isTrained: [Bool], weights: [Float]? = nil, advantages: [Float] = [],
        samplerLogProbs: [Float] = [], channels: [String: [Float]] = [:], scalars: [String: Double] = [:],
        group: Int = 0, episode: EpisodeID = ""
    ) {
        self.tokens = tokens
        self.isTrained = isTrained
        self.weights = weights ?? [Float](repeating: 1, count: tokens.count)
        self.advantages = advantages
        self.samplerLogProbs = samplerLogProbs
        self.channels = channels
        self.scalars = scalars
        self.group = group
        self.episode = episode
    }

    /// How many tokens learning touches.
    public var trainedCount: Int { isTrained.reduce(0) { $0 + ($1 ? 1 : 0) } }
}

/// A preference between two rows of a batch.
public struct Pair: Hashable, Sendable, Codable {
    /// The index of the row that is preferred.
    public var chosen: Int
    /// The index of the other row.
    public var rejected: Int
    /// How likely the preference is right.
    public var probability: Double
    /// By how much the chosen one is better, in the judge's unit.
    public var margin: Double
    /// The pair's weight in the loss.
    public var weight: Double

    /// A preference.
    public init(chosen: Int, rejected: Int, probability: Double = 1, margin: Double = 0, weight: Double = 1) {
        self.chosen = chosen
        self.rejected = rejected
        self.probability = probability
        self.margin = margin
        self.weight = weight
    }
}

/// What a credit hands to an objective.
public struct TrainingBatch: Hashable, Sendable, Codable {
    /// The rows.
    public var examples: [Example]
    /// Preferences between rows, where the credit makes them.
    public var pairs: [Pair]

    /// A batch.
    public init(examples: [Example] = [], pairs: [Pair] = []) {
        self.examples = examples
        self.pairs = pairs
    }

    /// How many tokens learning touches.
    public var trainedTokens: Int { examples.reduce(0) { $0 + $1.trainedCount } }
}

/// Scores asked for by a credit, by episode and step.
public struct ScoreTable: Sendable {
    /// Where in an episode a score belongs.
    public struct Place: Hashable, Sendable {
        /// The episode.
        public var episode: EpisodeID
        /// The step in it.
        public var step: Int

        /// A place.
        public init(episode: EpisodeID, step: Int) {
            self.episode = episode
            self.step = step
        }
    }

    /// The scores, of the tokens of the step's context and move after the first.
    public var rows: [Score: [Place: Scores]]

    /// A table.
    public init(rows: [Score: [Place: Scores]] = [:]) { self.rows = rows }
}

/// A number that changes with the count of optimiser steps or iterations.
public enum Schedule: Hashable, Sendable, Codable {
    case constant(Double)
    case linear(from: Double, to: Double, over: Int)
    case cosine(from: Double, to: Double, over: Int)
    /// Changes by the same factor at each step; both ends above 0.
    case geometric(from: Double, to: Double, over: Int)
    /// Rises evenly from 0 over the first steps, then follows a cosine down.
    case warmupCosine(peak: Double, to: Double, warmup: Int, over: Int)
}

/// How the optimiser works.
public struct OptimiserSettings: Hashable, Sendable, Codable {
    /// The learning rate, by optimiser step.
    public var rate: Schedule
    /// AdamW's β₁.
    public var beta1: Double
    /// AdamW's β₂.
    public var beta2: Double
    /// AdamW's ε.
    public var epsilon: Double
    /// Decoupled weight decay, on matrices only.
    public var weightDecay: Double
    /// The largest global gradient norm; larger ones are scaled down to it. 0 clips nothing.
    public var clip: Double
    /// Rates of parameters whose name begins so, instead of `rate`; 0 freezes them.
    public var groups: [String: Schedule]
    /// What is done with a step whose loss or gradient is not finite.
    public var onNonFinite: NonFinitePolicy

    /// AdamW with a constant rate unless said otherwise.
    public init(
        rate: Schedule = .constant(1e-3), beta1: Double = 0.9, beta2: Double = 0.99, epsilon: Double = 1e-8,
        weightDecay: Double = 0, clip: Double = 1, groups: [String: Schedule] = [:],
        onNonFinite: NonFinitePolicy = .skip
    ) {
        self.rate = rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clip = clip
        self.groups = groups
        self.onNonFinite = onNonFinite
    }
}

/// What is done with an optimiser step whose loss or gradient is not finite.
public enum NonFinitePolicy: String, Hashable, Sendable, Codable {
    /// Leave the weights as they are and count it.
    case skip
    /// End the run with a sentence.
    case halt
}

/// How a model of a plan comes to be.
public indirect enum ModelSource: Hashable, Sendable, Codable {
    /// A new transformer of a named size.
    case scratch(size: String)
    /// A model folder on disk, and how it is used.
    case folder(String, ModelLoading = ModelLoading())
    /// LoRA adapters of this rank over another model of the plan.
    case adapter(on: ModelName, rank: Int)
    /// The weights another model has when the run begins.
    case copy(of: ModelName)
}

/// Something done to weights between iterations.
public indirect enum WeightOperation: Hashable, Sendable, Codable {
    /// Copies one model's weights over another's, or into a named snapshot.
    case copy(ModelRef, to: ModelRef)
    /// Moves a model's weights towards another's, keeping this share of its own: a moving average.
    case blend(ModelRef, into: ModelRef, keep: Double)
    /// Starts the optimiser afresh, and the weights too unless only the optimiser is meant.
    case reset(ModelName, optimiserOnly: Bool)
    /// Keeps an even sample of a model's iterates as snapshots: the first so many times each becomes `prefix` + a number,
    /// then each replaces a drawn one with the probability that leaves every iterate so far equally likely to be there.
    case keepIterate(ModelName, prefix: String, limit: Int)
    /// Keeps the newest iterates of a model as snapshots `prefix` + a number, so many of them in turn: each new one replaces the oldest.
    case keepInTurn(ModelName, prefix: String, limit: Int)
    /// Does it only every so many iterations of a stage, at the last of each.
    case every(Int, WeightOperation)
}
