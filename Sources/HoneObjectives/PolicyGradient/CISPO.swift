import HoneCore
import HoneModel

/// CISPO: REINFORCE whose importance weight is clipped and carries no gradient, so that every token keeps its own.
///
/// Source: MiniMax 2025, “MiniMax-M1”, equations 4 and 5.
public struct CISPO: SurrogateObjective {
    public static let card = PartCard(
        name: "cispo", summary: "policy gradient with clipped importance weights", source: "MiniMax 2025 (MiniMax-M1), equation 4",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/Σᵢ|oᵢ| Σᵢₜ sg[clip(ρᵢₜ, 1−εₗ, 1+εₕ)] Aᵢ log πᵢₜ,  sg: no gradient", normaliser: "all trained tokens of the batch",
        reduction: "tokenMean",
        metrics: ["ratio": "mean of ρ over trained tokens", "clipFraction": "share of trained tokens whose weight the clip changed"],
        departures: [
            "the paper tunes εₕ without naming it and sets no lower bound; here weights go from 0 to 5 (Khatri et al. 2025) unless set",
            "TRL gives the largest weight itself, 1 + εₕ; verl clips at 1 ± ε", PolicyCards.miniBatch, PolicyCards.held,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How far below 1 a weight may be; 1 is no bound.
        public var clipLow = 1.0
        /// How far above 1 a weight may be.
        public var clipHigh = 4.0

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(limit: .weight(low: settings.clipLow, high: settings.clipHigh), normaliser: .tokenMean)
    }

    /// Rewards minus their group's mean, divided by its population deviation; equal rewards give 0.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.standardised(rewards, groups)
    }
}
