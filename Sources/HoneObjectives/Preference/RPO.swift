import HoneCore
import HoneModel
import HoneTensor

/// DPO with a likelihood term on the chosen rows, which keeps their probability from falling along with the rejected ones'.
public struct RPO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "rpo", summary: "DPO that also imitates the chosen rows",
        source: "Pang et al. 2024, “Iterative Reasoning Preference Optimization”, equation 1", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = mean [ −log σ(m) − α log π(y_w)/|y_w| ]",
        departures: [
            "the likelihood term is divided by each chosen row's own length, as in the paper; TRL (rpo_alpha) takes the mean over all chosen tokens of the batch",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// α, the factor of the likelihood term; 0 is DPO.
        public var alpha = 1.0
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try PairLoss.logistic(margin) + pairs.chosen.negativeMeanLogProb() * settings.alpha
    }
}
