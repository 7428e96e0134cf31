import HoneCore
import HoneModel

/// T1: REINFORCE with leave-one-out advantages, a bonus on token entropy, and a divergence from a moving average of itself.
///
/// Source: Hou et al. 2025, “Advancing Language Model Reasoning through Reinforcement Learning and Inference Scaling”,
/// section 2.3. The moving anchor is a snapshot that the plan blends after each iteration.
public struct T1: SurrogateObjective {
    public static let card = PartCard(
        name: "t1", summary: "policy gradient with entropy bonus and a moving anchor", source: "Hou et al. 2025, section 2.3",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/T Σᵢₜ [ Aᵢ log πᵢₜ + η Hᵢₜ − β kl(πᵢₜ‖anchor) ],  A = r − mean of the group's other r,  "
            + "anchor ← κ anchor + (1−κ) π", normaliser: "all trained tokens of the batch", reduction: "tokenMean",
        metrics: PolicyCards.metrics("entropy", "kl"),
        departures: [
            "factors and the divergence's estimator are not published; the defaults are chosen here",
            "the equations could not be confirmed word for word: no code is released", PolicyCards.miniBatch,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// η, the factor of the entropy bonus.
        public var entropyBonus = 0.003
        /// β, the factor of the divergence from the anchor.
        public var beta = 0.01
        /// How the divergence is estimated.
        public var estimator = KLEstimator.k2
        /// The moving average of the policy.
        public var anchor = ModelRef("policy", snapshot: "anchor")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            ratio: .none, normaliser: .tokenMean,
            penalty: PolicySurrogate.Penalty(settings.estimator, factor: settings.beta, reference: settings.anchor),
            entropyBonus: settings.entropyBonus)
    }

    /// Rewards minus the mean of the group's other rewards; 0 in a group of one.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.leaveOneOut(rewards, groups)
    }
}
