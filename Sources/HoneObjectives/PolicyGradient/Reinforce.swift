import HoneCore
import HoneModel

/// REINFORCE with a baseline: −Σ A·log π over trained tokens, mean over rows, with an optional entropy bonus.
///
/// Source: Williams 1992; the baseline is in the advantage: a group's mean, a moving mean, a value head's estimate.
public struct Reinforce: SurrogateObjective {
    public static let card = PartCard(
        name: "reinforce", summary: "policy gradient with a baseline", source: "Williams 1992, equation 11",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Σₜ wᵢₜ (Aᵢₜ log πᵢₜ + η Hᵢₜ)", normaliser: "rows with trained tokens", reduction: "sum over tokens, mean over rows",
        metrics: PolicyCards.metrics("entropy"))

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// η, the factor of the entropy bonus.
        public var entropyBonus = 0.0

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(ratio: .none, normaliser: .rowSum, entropyBonus: settings.entropyBonus)
    }
}
