import HoneCore
import HoneModel
import HoneTensor

/// SimPO: the reward is the mean log-probability of a row's tokens; the chosen one has to lead by γ.
public struct SimPO: PairwiseObjective {
    public static let card = PartCard(
        name: "simpo", summary: "compares mean log-probabilities without a reference, with a target margin",
        source: "Meng, Xia and Chen 2024, equation 6", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = −mean log σ(m − γ),  m = β/|y_w| log π(y_w) − β/|y_l| log π(y_l)", margin: "m",
        departures: [
            "γ is subtracted from the scaled margin as in the paper; the authors' code sets γ/β (gamma_beta_ratio) instead",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β, the scale of the reward.
        public var beta = 2.0
        /// γ, the margin by which the chosen reward has to lead.
        public var gamma = 1.0

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func margin(of pairs: PairSides) throws -> Tensor {
        try (pairs.rejected.negativeMeanLogProb() - pairs.chosen.negativeMeanLogProb()) * settings.beta
    }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor { try PairLoss.logistic(margin - settings.gamma) }
}
