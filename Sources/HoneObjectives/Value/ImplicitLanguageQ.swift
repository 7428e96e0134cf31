import HoneCore
import HoneModel
import HoneTensor

/// Implicit language Q-learning: two heads of action values towards r + γV, a value head towards an expectile of the lesser
/// target action value, a conservative term, and imitation where asked for.
public struct ImplicitLanguageQ: TokenObjective {
    public static let card = PartCard(
        name: "ilql", summary: "offline Q-learning over tokens whose value is an expectile of seen actions",
        source: "Snell et al. 2022, ILQL, section 4; Kostrikov et al. 2021, equations 5 and 6", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ wᵢₜ [Σ_k (Q_k(s, a) − r − γ V̂(s′))² + |τ − 1[Q̂ < V]| (Q̂ − V(s))² + α Σ_k (log Σ_v e^{Q_k(s, v)} − Q_k(s, a)) "
            + "− b e^{β(Q̂ − V̂(s))} log π(a)] / Σᵢₜ |wᵢₜ|,  Q̂ = min_k Q̂_k(s, a) of the target copy",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: [
            "q": "mean of min_k Q_k(s, a) over trained tokens", "v": "mean of V over trained tokens",
            "bellmanError": "mean of Σ_k (Q_k − r − γV̂)² over trained tokens",
            "valueError": "mean of the expectile loss over trained tokens",
            "conservative": "mean of Σ_k log Σ e^{Q_k} − Q_k(s, a) over trained tokens",
        ],
        departures: [
            "V̂, through which no gradient flows, is that of the model of `bootstrap` when the update begins, not of each step",
            "a row is an episode: what follows its last trained token is worth nothing",
            "imitation of the data (b) is off unless set, since a route of its own can do it; trlX sets b = 1, β = 0",
            "log-weights β(Q̂ − V̂) beyond ±20 are held there",
        ])

    /// What can be set.
    public struct Settings: TokenSettings {
        /// γ, the discount per trained token.
        public var discount = 0.99
        /// τ, between ½ (values of the data's policy) and 1 (values of its best actions).
        public var expectile = 0.7
        /// α, the factor of the conservative term.
        public var conservatism = 0.1
        /// b, the factor of imitation.
        public var imitation = 0.0
        /// β, how much better actions count more in imitation.
        public var temperature = 0.0
        /// Whether there are two heads of action values; else one.
        public var isTwin = true
        /// The target copy of the action values, kept by the stage's weight operations.
        public var target = ModelRef("policy", snapshot: "target")
        /// The model whose values follow the reward: the one in training, as it is when the update begins.
        public var bootstrap = ModelRef("policy")
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    private var actionHeads: [HeadName] { settings.isTwin ? ["q1", "q2"] : ["q1"] }
    public var takes: RowNeeds { RowNeeds(channels: ["rewards": ActionValues.rewards]) }
    public var heads: [Head] { actionHeads.map { Head($0, .vocabulary) } + ["value"] }
    public var reads: Set<Quantity> {
        Set(actionHeads.map { .head($0) } + [.head("value")] + (settings.imitation != 0 ? [.logProbs] : []))
    }
    public var needs: [Score] {
        actionHeads.map { Score(.head($0), by: settings.target) } + [Score(.head("value"), by: settings.bootstrap)]
    }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let q = try actionHeads.map { try ActionValues($0.text, inputs) }
        let values = try Reading.quantity(.head("value"), "outputs of the head “value”", inputs)
        let rewards = try Reading.constant(inputs.channels["rewards"], "channel “rewards”", inputs)
        let known = try Reading.constant(inputs.scores[Score(.head("value"), by: settings.bootstrap)], "values to go on from", inputs)
        var targets: [Tensor] = []
        for head in actionHeads {
            let outputs = try Reading.wide(inputs.scores[Score(.head(head), by: settings.target)], "target's action values", inputs)
            targets.append(try Reading.chosen(outputs, inputs))
        }
        let goal = try rewards + Reading.following(known, inputs) * settings.discount
        let least = try targets.dropFirst().reduce(targets[0]) { try $0.minimum($1) }
        let bellman = try sum(q.map { try ($0.chosen - goal).square() })
        let fit = try ValueFit.expectile(least - values, settings.expectile)
        let conservative = try sum(q.map(\.conservative))
        var losses = try bellman + fit + conservative * settings.conservatism
        if settings.imitation != 0 {
            let factors = try Reading.ratio((least - known) * settings.temperature)
            losses = try losses - Reading.logProbs(inputs) * factors * settings.imitation
        }
        return TokenLosses(
            losses,
            metrics: [
                "q": try Reading.tally(try q.dropFirst().reduce(q[0].chosen) { try $0.minimum($1.chosen) }, inputs),
                "v": try Reading.tally(values, inputs), "bellmanError": try Reading.tally(bellman, inputs),
                "valueError": try Reading.tally(fit, inputs), "conservative": try Reading.tally(conservative, inputs),
            ])
    }

    private func sum(_ terms: [Tensor]) throws -> Tensor { try terms.dropFirst().reduce(terms[0]) { try $0 + $1 } }
}
