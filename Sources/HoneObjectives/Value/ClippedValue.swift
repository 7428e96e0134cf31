import HoneCore
import HoneModel
import HoneTensor

/// PPO's value loss: regression on returns that a value may approach only by a step from what it was.
public struct ClippedValue: TokenObjective, HeadObjective {
    public static let card = PartCard(
        name: "clipped-value", summary: "value regression whose step from the old values is held small",
        source: "Schulman et al. 2017, PPO, equation 9; the clipping of OpenAI's baselines (Huang et al. 2022, detail 9)", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = ½ Σᵢₜ wᵢₜ max[(V − G)², (V_old + clip(V − V_old, −ε, ε) − G)²] / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise",
        metrics: ValueFit.metrics.merging(["clipFraction": "share of trained tokens at which the clipped term is the larger one"]) { $1 },
        departures: ["V_old is what the model of `old` says when the update begins, once for all its steps"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "value"
        /// ε, how far a value may move from the old one.
        public var clip = 0.2
        /// The model whose values are the old ones: the one in training, as it is when the update begins.
        public var old = ModelRef("policy")
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(channels: ["returns": ValueFit.returns]) }
    public var needs: [Score] { [Score(.head(head), by: settings.old)] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let (values, returns) = (try outputs(inputs), try ValueFit.returns(inputs))
        let old = try Reading.constant(inputs.scores[needs[0]], "old values", inputs)
        let fit = try ValueFit.clipped(values, old: old, returns, by: settings.clip)
        var metrics = try ValueFit.tallies(values, returns, inputs)
        metrics["clipFraction"] = try Reading.tally(fit.isClipped, inputs)
        return TokenLosses(fit.losses, metrics: metrics)
    }
}
