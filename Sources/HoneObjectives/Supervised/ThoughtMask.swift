import HoneCore
import HoneModel
import HoneTensor

/// Progressive thought refinement: drafts stand in the row but carry no loss, and better-founded answers count more.
public struct ThoughtMask: TokenObjective {
    public static let card = PartCard(
        name: "thought-mask", summary: "imitates refined answers without the drafts before them",
        source: "Du et al. 2024, Think thrice before you act, section 3.2 (weighted thought-mask fine-tuning)", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ vᵢₜ [−λ₁ log π(yᵢₜ) + λ₃ (1 − π(yᵢₜ))] / Σᵢₜ |vᵢₜ|,  v = w (1 − thought)(1 + λ₂ consistency of the row)",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: [
            "logProb": "Σ v·log π / Σ v over answer tokens", "thoughts": "share of trained tokens that are thoughts",
        ],
        departures: [
            "the paper's equation could not be confirmed; known are its parts: likelihood of the answer, consistency of the attempts and confidence",
            "consistency does not depend on the model, so it weighs the row instead of being added",
            "with λ₂ = λ₃ = 0, the defaults, this is the masked cross-entropy of the released trainer",
        ])

    /// What can be set.
    public struct Settings: TokenSettings {
        /// λ₁, the factor of the answer's likelihood.
        public var answerWeight = 1.0
        /// λ₂, how much more consistent rows count; 0 needs no consistency.
        public var consistencyWeight = 0.0
        /// λ₃, the factor of the confidence term.
        public var confidenceWeight = 0.0
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds {
        RowNeeds(
            channels: ["thought": .init("1 for tokens of drafts, 0 for tokens of the answer", 0...1, isWhole: true)],
            scalars: settings.consistencyWeight == 0 ? [:] : ["consistency": .init("how well the attempts agree", 0...1)])
    }
    public var reads: Set<Quantity> { [.logProbs] }

    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor {
        let answers = try Reading.weights(inputs) * (1 - thoughts(inputs))
        if settings.consistencyWeight == 0 { return answers }
        return try answers * (Reading.scalars("consistency", inputs) * settings.consistencyWeight + 1)
    }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let logProbs = try Reading.logProbs(inputs)
        var losses = try logProbs * -settings.answerWeight
        if settings.confidenceWeight != 0 { losses = try losses + (1 - logProbs.exp()) * settings.confidenceWeight }
        return TokenLosses(
            losses,
            metrics: [
                "logProb": try Imitation.tally(logProbs, try weights(inputs)),
                "thoughts": try Reading.tally(try thoughts(inputs), inputs),
            ])
    }

    private func thoughts(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.constant(inputs.channels["thought"], "channel “thought”", inputs)
    }
}
