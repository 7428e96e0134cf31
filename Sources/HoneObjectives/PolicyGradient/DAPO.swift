import HoneCore
import HoneModel

/// DAPO: GRPO with a higher upper clip and a mean over all tokens.
///
/// Source: Yu et al. 2025, “DAPO”, equation 8. Its other two parts are not the loss's: dynamic sampling leaves out groups of
/// equal rewards (the credit's `dropsEqualGroups`), overlong shaping lowers rewards (equation 13, a shaping of rewards).
public struct DAPO: SurrogateObjective {
    public static let card = PartCard(
        name: "dapo", summary: "decoupled clip and token mean over groups", source: "Yu et al. 2025, equation 8",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/Σᵢ|oᵢ| Σᵢₜ min(ρᵢₜ Aᵢ, clip(ρᵢₜ, 1−εₗ, 1+εₕ) Aᵢ),  A = (r − mean)/deviation of the group",
        normaliser: "all trained tokens of the batch", reduction: "tokenMean", metrics: PolicyCards.metrics("ratio", "clipFraction"),
        departures: [
            "dynamic sampling and overlong reward shaping belong to credit and rewards and are named there", PolicyCards.miniBatch,
            PolicyCards.held, "verl adds 10⁻⁶ and TRL 10⁻⁴ to the deviation; the paper and advantages made here add nothing",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How far the ratio may fall.
        public var clipLow = 0.2
        /// How far it may rise.
        public var clipHigh = 0.28

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(limit: .clip(low: settings.clipLow, high: settings.clipHigh), normaliser: .tokenMean)
    }

    /// Rewards minus their group's mean, divided by its population deviation (equation 9); equal rewards give 0.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.standardised(rewards, groups)
    }
}
