import HoneCore
import HoneModel
import HoneTensor

/// A divergence from a reference as a loss of its own, by one of Schulman's estimators.
public struct KLPenalty: TokenObjective {
    public static let card = PartCard(
        name: "kl-penalty", summary: "holds the model near a reference", source: "Schulman 2020, Approximating KL divergence",
        needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ wᵢₜ k(dᵢₜ) / Σᵢₜ |wᵢₜ|,  d = log π − log π_ref;  k1 = d,  k2 = d²/2,  k3 = e^(−d) + d − 1",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: ["k1": "mean of d", "k2": "mean of d²/2", "k3": "mean of e^(−d) + d − 1, all over trained tokens"],
        departures: [
            "log-ratios beyond ±20 are held there",
            "estimates are taken at the tokens of the rows, without a weight for tokens that another policy drew",
            "the default is k2, whose gradient on policy is that of the divergence; GRPO's k3 has the gradient of the forward divergence",
        ])

    /// What can be set.
    public struct Settings: TokenSettings {
        /// Which estimator is made small.
        public var estimator = KLEstimator.k2
        /// The model that is stayed near to.
        public var reference = ModelRef("policy", snapshot: "base")
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var reads: Set<Quantity> { [.logProbs] }
    public var needs: [Score] { [Score(.logProbs, by: settings.reference)] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let logProbs = try Reading.logProbs(inputs)
        let reference = try Reading.constant(
            inputs.scores[Score(.logProbs, by: settings.reference)], "reference's log-probabilities", inputs)
        return TokenLosses(
            try settings.estimator.values(logProbs, against: reference),
            metrics: try KLEstimator.tallies(logProbs, against: reference, inputs))
    }
}
