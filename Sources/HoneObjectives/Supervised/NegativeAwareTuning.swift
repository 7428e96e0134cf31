import HoneCore
import HoneModel
import HoneTensor

/// Negative-aware tuning: imitates good and bad trajectories alike, after prompts that say which is which.
///
/// The prompts are written where the rows are made; at test time only the good one is used.
public struct NegativeAwareTuning: TokenObjective {
    public static let card = PartCard(
        name: "negative-aware-tuning", summary: "imitates failures too, told apart by their prompts",
        source: "Wang et al. 2024, Learning from failure, section 3", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σᵢ cᵢ Σₜ wᵢₜ log π(yᵢₜ | prompt of its label, y₍ᵢ,<ₜ₎) / Σᵢₜ |cᵢ wᵢₜ|,  c = 1 for label ≥ ½, else negativeWeight",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise", metrics: LabelledRows.metrics,
        departures: ["the paper has no factor for failures and mixes them in by their number; negativeWeight 1 is the paper's loss"])

    /// What can be set.
    public struct Settings: TokenSettings {
        /// How much failures count beside successes.
        public var negativeWeight = 1.0
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(scalars: ["label": LabelledRows.label]) }
    public var reads: Set<Quantity> { [.logProbs] }

    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor {
        let (right, wrong) = try LabelledRows.split(inputs)
        return try right + wrong * settings.negativeWeight
    }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let logProbs = try Reading.logProbs(inputs)
        return TokenLosses(try -logProbs, metrics: try LabelledRows.tallies(logProbs, inputs))
    }
}

/// Rows that a label divides into right and wrong ones.
enum LabelledRows {
    /// What the label means.
    static let label = RowNeeds.Number("1 for a success, 0 for a failure", 0...1, isWhole: true)

    /// What cards say of the metrics.
    static let metrics = [
        "rightLogProb": "Σ w·log π / Σ w over trained tokens of successes",
        "wrongLogProb": "Σ w·log π / Σ w over trained tokens of failures",
    ]

    /// The weights of the tokens of successes and of failures, [R, T] each, 0 elsewhere.
    static func split(_ inputs: borrowing LossInputs) throws -> (right: Tensor, wrong: Tensor) {
        let isRight = try Reading.scalars("label", inputs).isAtLeast(0.5).to(inputs.mask.dataType)
        let weights = try Reading.weights(inputs)
        return (try weights * isRight, try weights * (1 - isRight))
    }

    /// The metrics.
    static func tallies(_ logProbs: Tensor, _ inputs: borrowing LossInputs) throws -> [String: Tally] {
        let (right, wrong) = try split(inputs)
        return [
            "rightLogProb": try Imitation.tally(logProbs, right), "wrongLogProb": try Imitation.tally(logProbs, wrong),
        ]
    }
}
