import HoneCore
import HoneModel
import HoneTensor

/// Mistake tuning: right and wrong rationales as two domains behind their tags, each with its own mean.
public struct MistakeTuning: ConfigurableObjective {
    public static let card = PartCard(
        name: "mistake-tuning", summary: "imitates right and wrong rationales as two tagged domains of equal weight",
        source: "Tong et al. 2024, Can LLMs learn from previous mistakes?, section 4.2", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σ_right w log π(r⁺ | q, right tag) / Σ_right |w|  −  λ Σ_wrong w log π(r⁻ | q, wrong tag) / Σ_wrong |w|",
        normaliser: "each domain by its own: " + TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: LabelledRows.metrics,
        departures: ["read from notes of the paper; that each domain has its own mean is how “equal weight” is taken here"])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// λ, the weight of the wrong domain.
        public var mistakeWeight = 1.0
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(scalars: ["label": LabelledRows.label]) }
    public var reads: Set<Quantity> { [.logProbs] }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let (right, wrong) = try LabelledRows.split(inputs)
        let totals = try settings.reduction.totals(right, prefix: "right.")
        return totals.merging(try settings.reduction.totals(wrong, prefix: "wrong.")) { $1 }
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let logProbs = try Reading.logProbs(inputs)
        let (right, wrong) = try LabelledRows.split(inputs)
        let losses = try -logProbs
        let good = try settings.reduction.mean(losses, weights: right, totals: inputs.totals, prefix: "right.")
        let bad = try settings.reduction.mean(losses, weights: wrong, totals: inputs.totals, prefix: "wrong.")
        return Loss(total: try good + bad * settings.mistakeWeight, metrics: try LabelledRows.tallies(logProbs, inputs))
    }
}
