import HoneCore
import HoneModel

/// GSPO: one ratio for each answer, the geometric mean of its tokens' ratios, clipped as a whole.
///
/// Source: Zheng et al. 2025, “Group Sequence Policy Optimization”, equations 5–7; GSPO-token is equations 13 and 14.
public struct GSPO: SurrogateObjective {
    public static let card = PartCard(
        name: "gspo", summary: "clipped policy gradient on the ratio of whole answers", source: "Zheng et al. 2025, equation 5",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/G Σᵢ min(sᵢ Aᵢ, clip(sᵢ, 1−εₗ, 1+εₕ) Aᵢ),  sᵢ = exp(1/|yᵢ| Σₜ log ρᵢₜ); per token: "
            + "−1/G Σᵢ 1/|yᵢ| Σₜ min(sᵢₜ Aᵢₜ, clip(sᵢₜ, …) Aᵢₜ),  sᵢₜ = sg[sᵢ] · πᵢₜ/sg[πᵢₜ]",
        normaliser: "rows with trained tokens, each by its token count", reduction: "sequenceMean",
        metrics: [
            "ratio": "mean of sᵢ over trained tokens", "clipFraction": "share of trained tokens in answers whose term the clip replaced",
        ],
        departures: [
            "answers whose tokens differ in advantage: without `perToken` the clip is taken at each token's own advantage",
            PolicyCards.held, PolicyCards.rows,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How far the ratio may fall.
        public var clipLow = 3e-4
        /// How far it may rise.
        public var clipHigh = 4e-4
        /// Whether it is GSPO-token: the same value, each token with a gradient of its own advantage.
        public var perToken = false

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            ratio: settings.perToken ? .sequencePerToken : .sequence,
            limit: .clip(low: settings.clipLow, high: settings.clipHigh), normaliser: .sequenceMean)
    }

    /// Rewards minus their group's mean, divided by its population deviation (equation 6); equal rewards give 0.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.standardised(rewards, groups)
    }
}
