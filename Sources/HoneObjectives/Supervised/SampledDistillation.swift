import HoneCore
import HoneModel
import HoneTensor

/// On-policy distillation from the log-probabilities of the drawn tokens alone: a policy gradient whose advantage is what
/// the teacher thinks better of each token than the sampler did.
public struct SampledDistillation: TokenObjective {
    public static let card = PartCard(
        name: "sampled-distillation", summary: "distils on the student's own tokens without whole distributions",
        source: "Gu et al. 2024, MiniLLM, equation 4, the single-step part", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σᵢₜ wᵢₜ ρᵢₜ aᵢₜ / Σᵢₜ |wᵢₜ|,  a = log P − log Q_sampler (within ±limit),  ρ = Q / Q_sampler",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: ["reverseKL": "mean of log Q_sampler − log P over trained tokens, in nats", "ratio": "mean of ρ over trained tokens"],
        departures: [
            "only the divergence at the token itself is counted, not that of later tokens of the row",
            "log-ratios ρ beyond ±20 are held there",
        ])

    /// What can be set.
    public struct Settings: TokenSettings {
        /// The model whose opinion is learned.
        public var teacher = ModelRef("teacher")
        /// The largest size of an advantage, in nats.
        public var limit = 20.0
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(samplerLogProbs: true) }
    public var reads: Set<Quantity> { [.logProbs] }
    public var needs: [Score] { [Score(.logProbs, by: settings.teacher)] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let sampler = try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs)
        let teacher = try Reading.constant(
            inputs.scores[Score(.logProbs, by: settings.teacher)], "teacher's log-probabilities", inputs)
        let ratio = try Reading.ratio(try Reading.logProbs(inputs) - sampler)
        let gain = try (teacher - sampler).clamp(-settings.limit, settings.limit)
        return TokenLosses(
            try -(ratio * gain),
            metrics: ["reverseKL": try Reading.tally(-gain, inputs), "ratio": try Reading.tally(ratio, inputs)])
    }
}
