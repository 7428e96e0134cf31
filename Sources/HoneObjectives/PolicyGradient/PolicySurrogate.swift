import HoneCore
import HoneModel
import HoneTensor

/// The policy gradient of which the named ones are settings: an importance ratio, what limits it, penalties, a normaliser.
///
/// L = −N Σᵢₜ wᵢₜ [ g(ρᵢₜ, Aᵢₜ) − c (ρ log ρ − ρ + 1) − βᵢₜ kl(l, r) + η H ] with N the normaliser, l, s and r the
/// log-probabilities of policy, sampler and reference. Everything that is 0 or none is left out, and not asked for.
public struct PolicySurrogate: Hashable, Sendable {
    /// What weighs a token against the sampler's policy.
    public enum Ratio: Hashable, Sendable {
        /// Nothing: g = A log π, and no sampler's log-probabilities are needed.
        case none
        /// e^(l−s) of the token: PPO, GRPO.
        case token
        /// e^(mean over the row of l−s), the same for all tokens of a row: GSPO.
        case sequence
        /// The value of `sequence` with the gradient of each token's own ratio: GSPO-token.
        case sequencePerToken
        /// e^(sum over the row of l−s): the ratio of whole answers.
        case answer
    }

    /// What keeps the ratio's influence bounded.
    public enum Limit: Hashable, Sendable {
        /// g = ρA.
        case none
        /// g = min(ρA, clip(ρ, 1−low, 1+high) A).
        case clip(low: Double, high: Double)
        /// The same, and never below `floor`·A where A < 0.
        case dualClip(low: Double, high: Double, floor: Double)
        /// g = sg[clip(ρ, 1−low, 1+high)] A log π: every token keeps a gradient.
        case weight(low: Double, high: Double)
    }

    /// A divergence from another model.
    public struct Penalty: Hashable, Sendable {
        /// How it is estimated.
        public var estimator: KLEstimator
        /// Whether it is estimated by ρ d − (ρ − 1), d = l − r, instead: unbiased in value and gradient also for a sampler
        /// that lags behind the policy.
        public var isWeighted: Bool
        /// β, its factor.
        public var factor: Double
        /// What is added to the factor where the channel `turn` is 0.
        public var firstTurn: Double
        /// The other model.
        public var reference: ModelRef
        /// Whether −β(s − r), summed from each token to its row's end, goes into the advantages instead of the loss.
        public var isInReturns: Bool

        /// A penalty in the loss, the same everywhere unless said otherwise.
        public init(
            _ estimator: KLEstimator, isWeighted: Bool = false, factor: Double, firstTurn: Double = 0, reference: ModelRef,
            isInReturns: Bool = false
        ) {
            self.isWeighted = isWeighted
            self.estimator = estimator
            self.factor = factor
            self.firstTurn = firstTurn
            self.reference = reference
            self.isInReturns = isInReturns
        }

        var isActive: Bool { factor != 0 || firstTurn != 0 }
        var score: Score { Score(.logProbs, by: reference) }
    }

    /// What weighs a token against the sampler.
    public var ratio: Ratio
    /// What bounds it.
    public var limit: Limit
    /// How terms become one number.
    public var normaliser: PolicyNormaliser
    /// The fixed length of the `constant` normaliser, in tokens.
    public var length: Int
    /// The divergence that is charged.
    public var penalty: Penalty?
    /// c, the factor of the divergence from the sampler, estimated by ρ log ρ − ρ + 1.
    public var proximity: Double
    /// η, the factor of the entropy bonus.
    public var entropyBonus: Double
    /// Whether advantages are centred and divided by their deviation over all trained tokens of the batch.
    public var whitens: Bool

    /// A surrogate.
    public init(
        ratio: Ratio = .token, limit: Limit = .none, normaliser: PolicyNormaliser = .tokenMean, length: Int = 1,
        penalty: Penalty? = nil, proximity: Double = 0, entropyBonus: Double = 0, whitens: Bool = false
    ) {
        self.ratio = ratio
        self.limit = limit
        self.normaliser = normaliser
        self.length = length
        self.penalty = penalty.flatMap { $0.isActive ? $0 : nil }
        self.proximity = proximity
        self.entropyBonus = entropyBonus
        self.whitens = whitens
    }

    /// What it takes from the rows.
    public var takes: RowNeeds {
        let asksSampler = ratio != .none || proximity != 0 || penalty?.isInReturns == true || penalty?.isWeighted == true
        var takes = RowNeeds(advantages: true, samplerLogProbs: asksSampler)
        if let penalty, penalty.firstTurn != 0 { takes.channels["turn"] = Self.turn }
        return takes
    }
    /// What it differentiates.
    public var reads: Set<Quantity> { entropyBonus != 0 ? [.logProbs, .entropies] : [.logProbs] }
    /// What it asks of other models.
    public var needs: [Score] { penalty.map { [$0.score] } ?? [] }

    var reduction: PolicyReduction { PolicyReduction(normaliser: normaliser, length: length) }

    static let turn = RowNeeds.Number("0 in the first attempt, 1 in later ones", 0...1, isWhole: true)
}

/// An objective that is a setting of the general policy gradient.
public protocol SurrogateObjective: ConfigurableObjective {
    var surrogate: PolicySurrogate { get }
}

extension SurrogateObjective {
    public var takes: RowNeeds { surrogate.takes }
    public var reads: Set<Quantity> { surrogate.reads }
    public var needs: [Score] { surrogate.needs }
    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { try surrogate.totals(of: inputs) }
    public func loss(_ inputs: borrowing LossInputs) throws -> Loss { try surrogate.loss(inputs) }
}
