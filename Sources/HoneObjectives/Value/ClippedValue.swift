import HoneCore
import HoneModel
import HoneTensor

/// PPO's value loss: regression on returns that a value may approach only by a step from what it was.
public struct ClippedValue: TokenObjective {
    public static let card = PartCard(
        name: "clipped-value", summary: "value regression whose step from the old values is held small",
        source: "Schulman et al. 2017, PPO, equation 9; the clipping of OpenAI's baselines (Huang et al. 2022, detail 9)", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = ½ Σᵢₜ wᵢₜ max[(V − G)², (V_old + clip(V − V_old, −ε, ε) − G)²] / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise",
        metrics: ValueFit.metrics.merging(["clipFraction": "share of trained tokens at which the clipped term is the larger one"]) { $1 },
        departures: ["V_old is what the model of `old` says when the update begins, once for all its steps"])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The head that is taught.
        public var head = "value"
        /// ε, how far a value may move from the old one.
        public var clip = 0.2
        /// The model whose values are the old ones: the one in training, as it is when the update begins.
        public var old = ModelRef("policy")
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public var settings: Settings

    /// The objective.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    public static let defaults = Settings()
    public var takes: RowNeeds { RowNeeds(channels: ["returns": ValueFit.returns]) }
    public var needs: [Score] { [Score(.head(HeadName(settings.head)), by: settings.old)] }
    public var heads: [Head] { [Head(HeadName(settings.head))] }
    public var reads: Set<Quantity> { [.head(HeadName(settings.head))] }
    public var reduction: TokenReduction { settings.reduction }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let (values, returns) = try ValueFit.read(settings.head, inputs)
        let old = try Reading.constant(inputs.scores[needs[0]], "old values", inputs)
        let held = try old + (values - old).clamp(-settings.clip, settings.clip)
        let (plain, clipped) = (try (values - returns).square(), try (held - returns).square())
        let isClipped = try clipped.detach().isGreater(than: plain.detach()).to(inputs.mask.dataType)
        var metrics = try ValueFit.tallies(values, returns, inputs)
        metrics["clipFraction"] = try Reading.tally(isClipped, inputs)
        return TokenLosses(try plain.maximum(clipped) * 0.5, metrics: metrics)
    }
}
