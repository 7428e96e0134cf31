import HoneCore
import HoneModel

/// ReMax: REINFORCE whose baseline is the reward of the greedy answer.
///
/// Source: Li et al. 2023, “ReMax”, equation 7 and Algorithm 2. The greedy answer is sampled and subtracted by the credit.
public struct ReMax: SurrogateObjective {
    public static let card = PartCard(
        name: "remax", summary: "REINFORCE with the greedy answer's reward as baseline", source: "Li et al. 2023, equation 7",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Aᵢ Σₜ log πᵢₜ + β kl,  A = r(y) − r(greedy y)", normaliser: "rows with trained tokens",
        reduction: "sum over tokens, mean over rows", metrics: PolicyCards.metrics("kl"),
        departures: [
            "the greedy baseline is the credit's; advantages made here of rewards alone have no baseline",
            "the paper charges the divergence in the reward, as the credit does; β adds it to the loss instead, where k2 has the same "
                + "expected gradient on policy", PolicyCards.unconfirmed, PolicyCards.rows,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// The factor of a KL penalty in the loss.
        public var beta = 0.0
        /// How the KL penalty is estimated.
        public var estimator = KLEstimator.k2
        /// The model the KL penalty refers to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            ratio: .none, normaliser: .rowSum,
            penalty: PolicySurrogate.Penalty(settings.estimator, factor: settings.beta, reference: settings.reference))
    }

    /// The rewards themselves, as the greedy answer's is not known here.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] { rewards }
}
