import HoneCore
import HoneModel

/// RLOO: REINFORCE on whole answers, each with the mean reward of its group's other answers as baseline.
///
/// Source: Ahmadian et al. 2024, “Back to Basics”, equation 8 (after Kool et al. 2019).
public struct RLOO: SurrogateObjective {
    public static let card = PartCard(
        name: "rloo", summary: "REINFORCE with the other answers' mean reward as baseline",
        source: "Ahmadian et al. 2024, equation 8", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Aᵢ log π(yᵢ|x),  log π(y|x) = Σₜ log πₜ,  A = r − mean of the group's other r; with ε > 0: "
            + "−1/R Σᵢ min(ρᵢ Aᵢ, clip(ρᵢ, 1−ε, 1+ε) Aᵢ),  ρ = π(y|x)/π_sampler(y|x)",
        normaliser: "rows with trained tokens", reduction: "sum over tokens, mean over rows",
        metrics: PolicyCards.metrics("ratio", "clipFraction", "kl"),
        departures: [
            "the paper's KL belongs to the reward and is charged there by the credit; β adds it to the loss instead, where k2 has "
                + "the same expected gradient on policy",
            "ε > 0 is TRL's form for several steps on the same samples; the paper takes one step without a ratio",
            "a per-token advantage is taken as given, with ε > 0 as its mean over the row's tokens", PolicyCards.unconfirmed, PolicyCards.held, PolicyCards.rows,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// ε, how far the ratio of whole answers may move; 0 uses log π without any ratio.
        public var clip = 0.0
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
        let penalty = PolicySurrogate.Penalty(settings.estimator, factor: settings.beta, reference: settings.reference)
        guard settings.clip > 0 else { return PolicySurrogate(ratio: .none, normaliser: .rowSum, penalty: penalty) }
        return PolicySurrogate(
            ratio: .answer, limit: .clip(low: settings.clip, high: settings.clip), normaliser: .sequenceMean, penalty: penalty)
    }

    /// Rewards minus the mean of the group's other rewards; 0 in a group of one.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.leaveOneOut(rewards, groups)
    }
}
