import HoneCore
import HoneModel
import HoneTensor

/// Regression of action values on Monte-Carlo returns, held down at tokens that were not chosen.
public struct ActionValueRegression: TokenObjective, HeadObjective {
    public static let card = PartCard(
        name: "q-regression", summary: "teaches a head of action values the returns that followed",
        source: "Abdulhai et al. 2023, LMRL-Gym, MC returns", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ wᵢₜ [½ (Q(s, a) − G)² + α (log Σ_v e^{Q(s, v)} − Q(s, a))] / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise",
        metrics: [
            "q": "mean of Q(s, a) over trained tokens", "squaredError": "mean of (Q − G)² over trained tokens",
            "conservative": "mean of log Σ e^Q − Q(s, a) over trained tokens",
        ])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "q"
        /// α, the factor of the conservative term.
        public var conservatism = 0.0
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(channels: ["returns": ValueFit.returns]) }
    public var heads: [Head] { [Head(head, .vocabulary)] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let q = try ActionValues(settings.head, inputs)
        let returns = try Reading.constant(inputs.channels["returns"], "channel “returns”", inputs)
        let errors = try (q.chosen - returns).square()
        return TokenLosses(
            try errors * 0.5 + q.conservative * settings.conservatism,
            metrics: [
                "q": try Reading.tally(q.chosen, inputs), "squaredError": try Reading.tally(errors, inputs),
                "conservative": try Reading.tally(q.conservative, inputs),
            ])
    }
}

/// The action values of a head as wide as the vocabulary.
struct ActionValues {
    /// Of every token, [R, T, K].
    let all: Tensor
    /// Of the token that came, [R, T].
    let chosen: Tensor
    /// log Σ e^Q − Q(s, a): how far the chosen token is from being the only one of value, [R, T].
    let conservative: Tensor

    /// What a head of the model in training says.
    init(_ head: String, _ inputs: borrowing LossInputs) throws {
        all = try Reading.wide(inputs.reads[.head(HeadName(head))], "outputs of the head “\(head)”", inputs)
        chosen = try Reading.chosen(all, inputs)
        conservative = try all.logSumExp(2) - chosen
    }
}
