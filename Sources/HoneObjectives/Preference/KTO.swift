import HoneCore
import HoneModel
import HoneTensor

/// KTO: learns from responses that are called good or bad one by one, as a loss-averse person would value them.
///
/// The baseline z₀ is the policy's KL divergence from the reference as the whole mini-batch estimates it; no gradient flows
/// through it. Rows with the label 2 are completions of other prompts: they serve the estimate only, as in the paper.
public struct KTO: ResponseObjective {
    public static let card = PartCard(
        name: "kto", summary: "learns from single responses labelled good or bad", source: "Ethayarajh et al. 2024, equations 7 and 8",
        needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = mean over labelled rows of λ_D (1 − σ(β (r − z₀))) if good, λ_U (1 − σ(β (z₀ − r))) if bad,  r = log π(y)/π_ref(y),  "
            + "z₀ = max(0, mean r of the rows with label 2, or of all rows where there is none)",
        normaliser: "rows of the mini-batch with trained tokens and the label 0 or 1",
        reduction: "log-ratios are summed over a row's trained tokens, each times its weight; mean over rows",
        metrics: [
            "goodReward": "mean of β r over rows labelled good", "badReward": "mean of β r over rows labelled bad",
            "baseline": "z₀, in nats",
        ],
        departures: [
            "the paper takes z₀ from responses put to other prompts (label 2); where there is none, it is taken from the labelled rows themselves",
            "z₀ is taken over the whole mini-batch; TRL takes it over each device's part and averages",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// λ_D, the weight of good rows.
        public var good = 1.0
        /// λ_U, the weight of bad rows.
        public var bad = 1.0
        /// The model that log-ratios are against.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var reference: ModelRef { settings.reference }
    public var totalsReadModel: Bool { true }
    public var takes: RowNeeds {
        RowNeeds(scalars: ["label": .init("1 good, 0 bad, 2 a completion of another prompt that serves the baseline only", 0...2, isWhole: true)])
    }

    public func counts(_ example: Example) -> Bool { example.scalars["label"] == 0 || example.scalars["label"] == 1 }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let examples = inputs.examples
        let responses = try Responses(inputs, references: [reference], usesSampler: false)
        let own = try (Reading.held(.logProbs, "log-probabilities", inputs) * Reading.weights(inputs)).sum(1)
        let ratios = try (own - responses.references[0]).doubles()
        let filled = examples.indices.filter { responses.isFilled[$0] }
        let others = filled.filter { !counts(examples[$0]) }
        let sources = others.isEmpty ? filled : others
        let mean = sources.isEmpty ? 0 : sources.reduce(0) { $0 + ratios[$1] } / Double(sources.count)
        return ["rows": Double(filled.count - others.count), "baseline": max(0, mean)]
    }

    public func terms(
        of responses: Responses, _ examples: [Example], totals: [String: Double]
    ) throws -> (cost: Tensor, metrics: [String: ResponseMean]) {
        let isGood = try responses.constants(examples.map { $0.scalars["label"] == 1 ? 1 : 0 })
        let isBad = try responses.constants(examples.map { $0.scalars["label"] == 0 ? 1 : 0 })
        let baseline = totals["baseline"] ?? 0
        let ratio = try responses.logProb - responses.references[0]
        let lead = try (ratio - baseline) * settings.beta
        // 1 − σ(x) = σ(−x).
        let cost = try (lead * -1).sigmoid() * isGood * settings.good + lead.sigmoid() * isBad * settings.bad
        let reward = try ratio * settings.beta
        return (cost, ["goodReward": .init(reward, over: isGood), "badReward": .init(reward, over: isBad), "baseline": .init(try ratio * 0 + baseline)])
    }
}
