import HoneCore
import HoneModel
import HoneTensor

/// Conservative Q-learning over tokens: fitted Q iteration by a target copy, held down at tokens that were not chosen.
public struct ConservativeQ: TokenObjective, HeadObjective {
    public static let card = PartCard(
        name: "cql", summary: "offline Q-learning that does not trust actions it never saw",
        source: "Kumar et al. 2020, CQL, equation 4, with the optimality operator", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ wᵢₜ [½ (Q(s, a) − r − γ max_v Q̂(s′, v))² + α (log Σ_v e^{Q(s, v)} − Q(s, a))] / Σᵢₜ |wᵢₜ|,  "
            + "s′ = the state of the row's next trained token, of value 0 after its last",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: [
            "q": "mean of Q(s, a) over trained tokens", "squaredError": "mean of the squared Bellman error over trained tokens",
            "conservative": "mean of log Σ e^Q − Q(s, a) over trained tokens",
        ],
        departures: ["a row is an episode: what follows its last trained token is worth nothing", "α is fixed, without the paper's dual update"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "q"
        /// γ, the discount per trained token.
        public var discount = 0.99
        /// α, the factor of the conservative term.
        public var conservatism = 1.0
        /// The target copy, kept by the stage's weight operations.
        public var target = ModelRef("policy", snapshot: "target")
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(channels: ["rewards": ActionValues.rewards]) }
    public var heads: [Head] { [Head(head, .vocabulary)] }
    public var needs: [Score] { [Score(.head(head), by: settings.target)] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let q = try ActionValues(settings.head, inputs)
        let rewards = try Reading.constant(inputs.channels["rewards"], "channel “rewards”", inputs)
        let best = try Reading.wide(inputs.scores[needs[0]], "target's action values", inputs).max(2).values
        let errors = try (q.chosen - rewards - Reading.following(best, inputs) * settings.discount).square()
        return TokenLosses(
            try errors * 0.5 + q.conservative * settings.conservatism,
            metrics: [
                "q": try Reading.tally(q.chosen, inputs), "squaredError": try Reading.tally(errors, inputs),
                "conservative": try Reading.tally(q.conservative, inputs),
            ])
    }
}

extension ActionValues {
    /// What the channel `rewards` means.
    static let rewards = RowNeeds.Number("the reward between this token and the row's next trained one", -2...2)
}
