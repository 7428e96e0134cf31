import HoneCore
import HoneModel

/// SCoRe, stage I: learns to change its answer in the second attempt while the first stays close to the start model.
///
/// Source: Kumar et al. 2024, “Training Language Models to Self-Correct via Reinforcement Learning”, equation 3.
public struct SCoReFirstStage: SurrogateObjective {
    public static let card = PartCard(
        name: "score-stage1", summary: "policy gradient with a strong divergence on the first attempt",
        source: "Kumar et al. 2024, equation 3", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Σₜ [ Aᵢₜ log πᵢₜ − (β₁ + β₂ [turn = 0]) kl(πᵢₜ‖reference) ]",
        normaliser: "rows with trained tokens", reduction: "sum over tokens, mean over rows", metrics: PolicyCards.metrics("kl"),
        departures: SCoReCards.departures + ["the equation has β₂ only; the text keeps the usual smaller divergence β₁ on both attempts"])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β₁, the factor of the divergence on every attempt.
        public var beta = 0.01
        /// β₂, what is added on the first attempt.
        public var firstTurnBeta = 0.1
        /// How the divergence is estimated.
        public var estimator = KLEstimator.k2
        /// The model the divergence is from.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            ratio: .none, normaliser: .rowSum,
            penalty: PolicySurrogate.Penalty(
                settings.estimator, factor: settings.beta, firstTurn: settings.firstTurnBeta, reference: settings.reference))
    }
}

/// SCoRe, stage II: both attempts are rewarded, the second with a bonus for improvement, under one divergence.
///
/// Source: Kumar et al. 2024, equation 4 and the shaping b = α (r(y₂) − r(y₁)), which the credit adds.
public struct SCoReSecondStage: SurrogateObjective {
    public static let card = PartCard(
        name: "score-stage2", summary: "policy gradient on both attempts with one divergence", source: "Kumar et al. 2024, equation 4",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Σₜ [ Aᵢₜ log πᵢₜ − β₁ kl(πᵢₜ‖reference) ]", normaliser: "rows with trained tokens",
        reduction: "sum over tokens, mean over rows", metrics: PolicyCards.metrics("kl"), departures: SCoReCards.departures)

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β₁, the factor of the divergence.
        public var beta = 0.01
        /// How the divergence is estimated.
        public var estimator = KLEstimator.k2
        /// The model the divergence is from.
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
}

enum SCoReCards {
    static let departures = [
        "rewards, their bonus for improvement and the baseline are the credit's, per attempt",
        "the divergence is estimated per token by k2, whose gradient on policy is that of the divergence of that token; the paper does "
            + "not say how it is estimated", PolicyCards.rows,
    ]
}
