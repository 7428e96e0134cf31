import HoneCore
import HoneModel

/// Dual-clip PPO: a floor under the clipped surrogate where the advantage is negative and the ratio large.
///
/// Source: Ye et al. 2020, “Mastering Complex Control in MOBA Games with Deep Reinforcement Learning”, equation 5.
public struct DualClip: SurrogateObjective {
    public static let card = PartCard(
        name: "dual-clip", summary: "clipped policy gradient with a floor for negative advantages",
        source: "Ye et al. 2020, equation 5", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/T Σᵢₜ { max(min(ρ A, clip(ρ, 1−εₗ, 1+εₕ) A), c A) where A < 0, else min(ρ A, clip(ρ, 1−εₗ, 1+εₕ) A) }",
        normaliser: PolicyNormaliser.words, reduction: "tokenMean unless set otherwise",
        metrics: PolicyCards.metrics("ratio", "clipFraction"),
        departures: [PolicyCards.held, "verl applies the floor by default in every PPO-like loss; here only under this name"])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How far the ratio may fall.
        public var clipLow = 0.2
        /// How far it may rise.
        public var clipHigh = 0.2
        /// c, above 1: the ratio beyond which a negative advantage loses its gradient.
        public var floor = 3.0
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.tokenMean
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            limit: .dualClip(low: settings.clipLow, high: settings.clipHigh, floor: settings.floor),
            normaliser: settings.normaliser, length: settings.length)
    }
}
