import HoneCore
import HoneModel

/// Dr. GRPO: GRPO without the two biases, neither divided by an answer's length nor by the group's deviation.
///
/// Source: Liu et al. 2025, “Understanding R1-Zero-Like Training”, section 3.2.
public struct DrGRPO: SurrogateObjective {
    public static let card = PartCard(
        name: "dr-grpo", summary: "GRPO without length and deviation bias", source: "Liu et al. 2025, section 3.2",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/(G·M) Σᵢ Σₜ min(ρᵢₜ Aᵢ, clip(ρᵢₜ, 1−ε, 1+ε) Aᵢ),  A = r − mean of the group, M a fixed length",
        normaliser: "rows × `length`", reduction: "sum over tokens, divided by a constant",
        metrics: PolicyCards.metrics("ratio", "clipFraction"),
        departures: [
            "the paper's formula has no M; its code divides by the largest length of an answer, which only scales the rate",
            PolicyCards.held, PolicyCards.rows,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// ε, how far the ratio may move.
        public var clip = 0.2
        /// M, the fixed length, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            limit: .clip(low: settings.clip, high: settings.clip), normaliser: .constant, length: settings.length)
    }
}
