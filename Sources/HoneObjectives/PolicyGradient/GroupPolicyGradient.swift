import HoneCore
import HoneModel

/// GRPO: the clipped surrogate of PPO on per-token ratios to the sampler's policy, with advantages relative to the group.
///
/// Source: Shao et al. 2024, “DeepSeekMath”, equation 3; the KL penalty is the k3 estimator, as in equation 4.
public struct GroupPolicyGradient: SurrogateObjective {
    public static let card = PartCard(
        name: "grpo", summary: "clipped policy gradient with group-relative advantages",
        source: "Shao et al. 2024, equation 3", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/G Σᵢ 1/|oᵢ| Σₜ [ min(ρᵢₜ Aᵢₜ, clip(ρᵢₜ, 1−εₗ, 1+εₕ) Aᵢₜ) − β (e^{r−l} − (r−l) − 1) ],  ρ = π/π_sampler",
        normaliser: PolicyNormaliser.words, reduction: "sequenceMean unless set otherwise",
        metrics: PolicyCards.metrics("ratio", "clipFraction", "kl"),
        departures: [
            PolicyCards.held, "on-policy updates leave ρ at 1 up to rounding; clipping acts from the second step on the same samples",
            PolicyCards.rows, "TRL's later default is DAPO's token mean; here the paper's mean over rows is the default",
        ])

    /// How per-token terms become one number.
    public typealias Normaliser = PolicyNormaliser

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How far the ratio may fall.
        public var clipLow = 0.2
        /// How far it may rise.
        public var clipHigh = 0.2
        /// The factor of the KL penalty.
        public var beta = 0.0
        /// How the KL penalty is estimated.
        public var estimator = KLEstimator.k3
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.sequenceMean
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64
        /// The model the KL penalty refers to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            limit: .clip(low: settings.clipLow, high: settings.clipHigh), normaliser: settings.normaliser,
            length: settings.length,
            penalty: PolicySurrogate.Penalty(settings.estimator, factor: settings.beta, reference: settings.reference))
    }

    /// Rewards minus their group's mean, divided by its population deviation + 10⁻⁴ (section 4.1); equal rewards give 0.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.standardised(rewards, groups, epsilon: 1e-4)
    }
}
