import HoneCore
import HoneTensor

/// What an objective is given: the rows of a batch (or of a micro-batch) as tensors, padded on the right.
///
/// R rows, T columns; column t stands for token t+1 of the row, so a row of n tokens fills n−1 columns.
/// Padding and untrained tokens have `mask` 0; values there are 0 and must not change a loss.
public struct LossInputs {
    /// The rows' examples.
    public let examples: [Example]
    /// Preferences between these rows, by their index in `examples`.
    public let pairs: [Pair]
    /// 1 where a token is trained, else 0: [R, T].
    public let mask: Tensor
    /// Weights of the tokens, 0 where masked: [R, T].
    public let weights: Tensor
    /// Advantages: [R, T]; nil when the credit gave none.
    public let advantages: Tensor?
    /// The sampler's log-probabilities: [R, T]; nil when unknown for any trained token.
    public let samplerLogProbs: Tensor?
    /// Scores of other models that the objective asked for in `needs`, constant to the gradient: [R, T], or [R, T, K] for
    /// `allLogProbs` (K the vocabulary) and heads of K > 1 outputs.
    public let scores: [Score: Tensor]
    /// More numbers per token, by name: [R, T].
    public let channels: [String: Tensor]
    /// Quantities of the model in training, with gradient, for all that `reads` names: [R, T], or [R, T, K] as in `scores`.
    public let reads: [Quantity: Tensor]
    /// Where factors that carry no gradient (stop-gradients of a formula) are taken instead of at `reads`; empty in training.
    /// A check by finite differences moves `reads` and leaves these in place.
    public let held: [Quantity: Tensor]
    /// What `totals` returned for the whole batch; empty while totals are taken.
    public let totals: [String: Double]

    /// Inputs of a loss; see the properties for shapes.
    public init(
        examples: [Example], pairs: [Pair] = [], mask: Tensor, weights: Tensor, advantages: Tensor? = nil,
        samplerLogProbs: Tensor? = nil, scores: [Score: Tensor] = [:], channels: [String: Tensor] = [:],
        reads: [Quantity: Tensor] = [:], held: [Quantity: Tensor] = [:], totals: [String: Double] = [:]
    ) {
        self.examples = examples
        self.pairs = pairs
        self.mask = mask
        self.weights = weights
        self.advantages = advantages
        self.samplerLogProbs = samplerLogProbs
        self.scores = scores
        self.channels = channels
        self.reads = reads
        self.held = held
        self.totals = totals
    }
}

/// A sum and the count it is to be divided by, so that metrics of micro-batches add up.
public struct Tally: Hashable, Sendable, Codable {
    /// The sum.
    public var sum: Double
    /// The count.
    public var count: Double

    /// A tally.
    public init(sum: Double, count: Double) {
        self.sum = sum
        self.count = count
    }

    /// The mean; 0 when nothing was counted.
    public var mean: Double { count == 0 ? 0 : sum / count }

    /// The tally of both.
    public static func + (left: Tally, right: Tally) -> Tally {
        Tally(sum: left.sum + right.sum, count: left.count + right.count)
    }
}

/// A loss and what is reported beside it.
public struct Loss {
    /// The scalar to differentiate: a sum over rows, already divided by the whole batch's normaliser.
    public let total: Tensor
    /// Detached numbers, by the names the objective's card explains.
    public let metrics: [String: Tally]

    /// A loss.
    public init(total: Tensor, metrics: [String: Tally] = [:]) {
        self.total = total
        self.metrics = metrics
    }
}

/// How an objective introduces itself: formula, normaliser, and the meaning of what it reports.
public struct ObjectiveCard: Hashable, Sendable, Codable {
    /// The formula in plain text.
    public var formula: String
    /// What the sum is divided by.
    public var normaliser: String
    /// How per-token terms become one number.
    public var reduction: String
    /// Each reported metric with its formula.
    public var metrics: [String: String]
    /// Where it departs from its source.
    public var departures: [String]

    /// A card.
    public init(
        formula: String, normaliser: String, reduction: String, metrics: [String: String] = [:],
        departures: [String] = []
    ) {
        self.formula = formula
        self.normaliser = normaliser
        self.reduction = reduction
        self.metrics = metrics
        self.departures = departures
    }
}

/// What an objective takes from the rows of its batch beside tokens and mask.
///
/// Declared, so that a batch that lacks something is refused before anything is computed, that `hone pipe loss` knows what to
/// read, and that the conformance checker can make batches for it.
public struct RowNeeds: Hashable, Sendable, Codable {
    /// A number that the credit gives: what it means and where it lies.
    public struct Number: Hashable, Sendable, Codable {
        /// What it means, with its unit.
        public var meaning: String
        /// The least value that makes sense.
        public var low: Double
        /// The largest.
        public var high: Double
        /// Whether only whole numbers make sense.
        public var isWhole: Bool

        /// A number between two bounds.
        public init(_ meaning: String, _ range: ClosedRange<Double> = -2...2, isWhole: Bool = false) {
            self.meaning = meaning
            low = range.lowerBound
            high = range.upperBound
            self.isWhole = isWhole
        }
    }

    /// Whether it needs an advantage per token.
    public var advantages: Bool
    /// Whether it needs the sampler's log-probabilities.
    public var samplerLogProbs: Bool
    /// Whether it learns from pairs of rows; rows that no pair names add nothing.
    public var pairs: Bool
    /// Whether rows of one `group` must be seen together; they then stay in one micro-batch.
    public var wholeGroups: Bool
    /// Numbers per token, by name, from `Example.channels`.
    public var channels: [String: Number]
    /// Numbers per row, by name, from `Example.scalars`.
    public var scalars: [String: Number]

    /// Needs.
    public init(
        advantages: Bool = false, samplerLogProbs: Bool = false, pairs: Bool = false, wholeGroups: Bool = false,
        channels: [String: Number] = [:], scalars: [String: Number] = [:]
    ) {
        self.advantages = advantages
        self.samplerLogProbs = samplerLogProbs
        self.pairs = pairs
        self.wholeGroups = wholeGroups
        self.channels = channels
        self.scalars = scalars
    }
}

/// A loss. Synchronous and pure: it sees tensors and numbers, never a model.
public protocol Objective: Part {
    /// Its formula and normaliser.
    static var formula: ObjectiveCard { get }
    /// Scores of other models it wants; computed once and constant to the gradient.
    var needs: [Score] { get }
    /// What it takes from the rows.
    var takes: RowNeeds { get }
    /// The heads it teaches; the model gets them when a plan routes to this objective.
    var heads: [Head] { get }
    /// What it differentiates.
    var reads: Set<Quantity> { get }
    /// Whether `totals` wants `reads` too (without gradient); costs another forward pass.
    var totalsReadModel: Bool { get }
    /// Sums over the whole batch, before it is cut into micro-batches: normalisers and batch statistics.
    func totals(of inputs: borrowing LossInputs) throws -> [String: Double]
    /// The loss of some rows, a sum over them given the totals. Masked tokens cannot change it; a batch without any
    /// trained token gives 0.
    func loss(_ inputs: borrowing LossInputs) throws -> Loss
}

extension Objective {
    public var needs: [Score] { [] }
    public var takes: RowNeeds { RowNeeds() }
    public var heads: [Head] { [] }
    public var totalsReadModel: Bool { false }
}

/// One part of an update: a batch, the objective it goes into, and its share.
public struct Term: Sendable {
    /// The rows.
    public var batch: TrainingBatch
    /// What is computed on them.
    public var objective: any Objective
    /// The factor of its loss.
    public var weight: Double

    /// A term.
    public init(batch: TrainingBatch, objective: any Objective, weight: Double = 1) {
        self.batch = batch
        self.objective = objective
        self.weight = weight
    }
}

/// What one call of `update` did.
public struct UpdateReport: Hashable, Sendable, Codable {
    /// Optimiser steps taken.
    public var steps: Int
    /// Optimiser steps left out because something was not finite.
    public var skipped: Int
    /// How many of them for what: `loss`, `gradient`, or `numbers` of rows and scores.
    public var skippedFor: [String: Int]
    /// Tokens that other models scored for the objectives.
    public var scoredTokens: Int
    /// Tokens that went through forward and backward.
    public var trainedTokens: Int
    /// Means over the steps: `loss`, `gradientNorm`, `rate`, and the objectives' metrics.
    public var values: [String: Double]

    /// A report.
    public init(
        steps: Int = 0, skipped: Int = 0, skippedFor: [String: Int] = [:], scoredTokens: Int = 0, trainedTokens: Int = 0,
        values: [String: Double] = [:]
    ) {
        self.steps = steps
        self.skipped = skipped
        self.skippedFor = skippedFor
        self.scoredTokens = scoredTokens
        self.trainedTokens = trainedTokens
        self.values = values
    }
}

/// A model whose weights can be learned.
public protocol TrainableModel: Model {
    /// Learns from the terms: `passes` times over the rows in mini-batches of `miniBatch` rows (0: all rows at once), each
    /// mini-batch one optimiser step on the weighted sum of the terms' losses.
    func update(
        _ terms: [Term], with settings: OptimiserSettings, passes: Int, miniBatch: Int, seed: Seed
    ) async throws -> UpdateReport
}

/// An objective that users configure by name.
public protocol ConfigurableObjective: Objective {
    /// What can be set; `init()` gives the defaults.
    associatedtype Settings: Codable & Hashable & Sendable
    /// The defaults.
    static var defaults: Settings { get }
    /// The objective with these settings.
    init(_ settings: Settings)
    /// The advantages its paper makes of the rows' rewards, given each row's group; rewards minus their group's mean where
    /// the objective says nothing else.
    static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double]
}

extension ConfigurableObjective {
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        var members: [String: [Double]] = [:]
        for (reward, group) in zip(rewards, groups) { members[group, default: []].append(reward) }
        return zip(rewards, groups).map { reward, group in
            let own = members[group] ?? []
            // Equal rewards are told by comparing them: their mean can be off by a rounding.
            guard own.contains(where: { $0 != own[0] }) else { return 0 }
            return reward - own.reduce(0, +) / Double(own.count)
        }
    }
}
