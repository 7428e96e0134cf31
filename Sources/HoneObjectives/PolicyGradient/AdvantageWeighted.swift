import HoneCore
import HoneModel
import HoneTensor

/// Advantage-weighted regression: imitation of sampled tokens, each weighted by the exponential of its advantage.
///
/// Source: Peng et al. 2019, “Advantage-Weighted Regression”, equation 10 and Algorithm 1. Fitting the value that advantages
/// come from is a term of its own (value regression).
public struct AdvantageWeighted: ConfigurableObjective {
    public static let card = PartCard(
        name: "awr", summary: "imitation weighted by exponentials of advantages", source: "Peng et al. 2019, equation 10", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/T Σᵢₜ min(e^{Aᵢₜ/β}, ω) log πᵢₜ", normaliser: PolicyNormaliser.words, reduction: "tokenMean unless set otherwise",
        metrics: [
            "weight": "mean of min(e^{A/β}, ω) over trained tokens", "clipFraction": "share of trained tokens whose weight is ω",
            "logProb": "mean of log π over trained tokens",
        ],
        departures: [
            "an advantage of 0 has weight 1: rows are imitated even then", "the authors' code also normalises advantages over the batch, "
                + "which the equation does not; the credit can", "exponents beyond ±20 are held there", PolicyCards.unconfirmed,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β, the temperature, in units of advantage.
        public var temperature = 1.0
        /// ω, the largest weight.
        public var largestWeight = 20.0
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.tokenMean
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(advantages: true) }
    public var reads: Set<Quantity> { [.logProbs] }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { try PolicyReduction.totals(inputs) }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let logProbs = try Reading.logProbs(inputs)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        let full = try Reading.ratio(advantages / max(settings.temperature, 1e-9))
        let weights = try full.clamp(nil, settings.largestWeight)
        let reduction = PolicyReduction(normaliser: settings.normaliser, length: settings.length)
        return Loss(
            total: try -reduction.reduce(weights * logProbs * Reading.weights(inputs), inputs),
            metrics: [
                "weight": try Reading.tally(weights, inputs),
                "clipFraction": try Reading.tally(full.isGreater(than: settings.largestWeight).to(inputs.mask.dataType), inputs),
                "logProb": try Reading.tally(logProbs, inputs),
            ])
    }
}
