import HoneCore
import HoneModel
import HoneTensor

/// CPO: DPO against a uniform reference plus the likelihood of the chosen rows.
public struct CPO: PairwiseObjective {
    public static let card = PartCard(
        name: "cpo", summary: "DPO without a reference, with a likelihood term",
        source: "Xu et al. 2024, the CPO loss", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean [ −log σ(m) − λ log π(y_w) ],  m = β [ log π(y_w) − log π(y_l) ]", margin: "m",
        departures: [
            "the likelihood is summed over a row's tokens as in the paper; TRL (cpo_alpha) takes the mean over all chosen tokens of the batch",
            "the number of the equation could not be confirmed",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β, the scale of the margin.
        public var beta = 0.1
        /// λ, the factor of the likelihood term (1 in the paper).
        public var lambda = 1.0

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func margin(of pairs: PairSides) throws -> Tensor { try pairs.logRatioDifference() * settings.beta }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try PairLoss.logistic(margin) - pairs.chosen.logProb * settings.lambda
    }
}
