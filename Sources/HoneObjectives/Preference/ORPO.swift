import HoneCore
import HoneModel
import HoneTensor

/// ORPO: likelihood plus the logistic loss of the log odds ratio, where a row's probability is that of its mean token.
public struct ORPO: PairwiseObjective {
    public static let card = PartCard(
        name: "orpo", summary: "imitates the chosen rows and raises their odds over the rejected ones'",
        source: "Hong, Lee and Thorne 2024, equations 6 and 7", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean [ −log p_w − λ log σ(m) ],  m = log p_w/(1−p_w) − log p_l/(1−p_l),  p = exp(log π(y)/|y|)", margin: "m",
        departures: [
            "the likelihood term is the mean over each chosen row's tokens, then over pairs; TRL takes the mean over all chosen tokens of the batch and includes the prompt",
            "mean log-probabilities above −10⁻⁶ are held there in the odds: certainty has none",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// λ, the factor of the odds ratio (beta in TRL).
        public var lambda = 0.1

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func margin(of pairs: PairSides) throws -> Tensor {
        func logOdds(_ side: PairSide) throws -> Tensor { try PairLoss.logOdds(side.logProb / side.length) }
        return try logOdds(pairs.chosen) - logOdds(pairs.rejected)
    }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try pairs.chosen.negativeMeanLogProb() + PairLoss.logistic(margin) * settings.lambda
    }
}
