import HoneCore
import HoneModel

/// REINFORCE++: PPO's clipped surrogate without a critic, the divergence from the reference in each token's return, and
/// advantages normalised over the whole batch.
///
/// Source: Hu et al. 2025, “REINFORCE++”, sections 3.1–3.4 (token-level KL, clipped surrogate, advantage normalisation).
public struct ReinforcePlusPlus: SurrogateObjective {
    public static let card = PartCard(
        name: "reinforce++", summary: "clipped policy gradient with batch-normalised returns and KL in the return",
        source: "Hu et al. 2025, section 3", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/T Σᵢₜ min(ρᵢₜ Âᵢₜ, clip(ρᵢₜ, 1−ε, 1+ε) Âᵢₜ),  Â = (A − μ)/σ over all trained tokens,  "
            + "Aᵢₜ = advantageᵢₜ − β Σ_{u≥t} (log π_sampler − log π_reference)ᵢᵤ",
        normaliser: PolicyNormaliser.words, reduction: "tokenMean unless set otherwise",
        metrics: PolicyCards.metrics("ratio", "clipFraction", "kl"),
        departures: [
            "σ is the population's and at least 10⁻⁴, as in OpenRLHF; verl divides by √(sample variance + 10⁻⁸)",
            PolicyCards.miniBatch, PolicyCards.held,
            "the variant REINFORCE++-baseline is had by advantages from which the group's mean is subtracted",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// ε, how far the ratio may move.
        public var clip = 0.2
        /// β, the factor of the divergence in the returns.
        public var beta = 0.0
        /// Whether advantages are normalised over the batch.
        public var whitens = true
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.tokenMean
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64
        /// The model the divergence is from.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            limit: .clip(low: settings.clip, high: settings.clip), normaliser: settings.normaliser, length: settings.length,
            penalty: PolicySurrogate.Penalty(.k1, factor: settings.beta, reference: settings.reference, isInReturns: true),
            whitens: settings.whitens)
    }

    /// The rewards themselves: the batch's mean is subtracted in the loss, whatever the groups are.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] { rewards }
}
