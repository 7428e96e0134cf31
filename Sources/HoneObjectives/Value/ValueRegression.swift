import HoneCore
import HoneModel
import HoneTensor

/// Regression of a value head on Monte-Carlo returns.
public struct ValueRegression: TokenObjective {
    public static let card = PartCard(
        name: "value-regression", summary: "teaches a value head the returns that followed",
        source: "Sutton and Barto 2018, equation 9.1 with Monte-Carlo returns", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = ½ Σᵢₜ wᵢₜ (V(sᵢₜ) − Gᵢₜ)² / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise", metrics: ValueFit.metrics,
        departures: ["V at a token is computed from the state before it, so the return includes the reward of that token"])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The head that is taught.
        public var head = "value"
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
    public var heads: [Head] { [Head(HeadName(settings.head))] }
    public var reads: Set<Quantity> { [.head(HeadName(settings.head))] }
    public var reduction: TokenReduction { settings.reduction }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let (values, returns) = try ValueFit.read(settings.head, inputs)
        return TokenLosses(try (values - returns).square() * 0.5, metrics: try ValueFit.tallies(values, returns, inputs))
    }
}

/// What the losses of value heads share.
enum ValueFit {
    /// What the channel `returns` means.
    static let returns = RowNeeds.Number("the return from this token on", -2...2)

    /// What cards say of the metrics.
    static let metrics = [
        "value": "mean of V over trained tokens", "return": "mean of G over trained tokens",
        "squaredError": "mean of (V − G)² over trained tokens",
    ]

    /// A head's outputs and the returns at each place.
    static func read(_ head: String, _ inputs: borrowing LossInputs) throws -> (values: Tensor, returns: Tensor) {
        (
            try Reading.quantity(.head(HeadName(head)), "outputs of the head “\(head)”", inputs),
            try Reading.constant(inputs.channels["returns"], "channel “returns”", inputs)
        )
    }

    /// The metrics.
    static func tallies(_ values: Tensor, _ returns: Tensor, _ inputs: borrowing LossInputs) throws -> [String: Tally] {
        [
            "value": try Reading.tally(values, inputs), "return": try Reading.tally(returns, inputs),
            "squaredError": try Reading.tally((values - returns).square(), inputs),
        ]
    }
}
