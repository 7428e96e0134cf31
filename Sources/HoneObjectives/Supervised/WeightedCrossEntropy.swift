import HoneCore
import HoneModel
import HoneTensor

/// Cross-entropy whose token weights come from the credit, in a channel; negative weights push a token away.
public struct WeightedCrossEntropy: TokenObjective {
    public static let card = PartCard(
        name: "weighted-cross-entropy", summary: "imitates the trained tokens, each by a weight of its own",
        source: "weighted maximum likelihood", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σᵢₜ wᵢₜ cᵢₜ log π(yᵢₜ | y₍ᵢ,<ₜ₎) / Σᵢₜ |wᵢₜ cᵢₜ|,  c from the channel “tokenWeights”, within ±limit",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: ["logProb": "Σ w·c·log π / Σ w·c over trained tokens", "weight": "mean of c over trained tokens"],
        departures: [
            "weights are divided by the sum of their sizes, so that their scale does not change the step",
            "libraries multiply the mean loss by unnormalised weights; scale the rate for that",
        ])

    /// What can be set.
    public struct Settings: TokenSettings {
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean
        /// The largest size of a weight; larger ones are held there.
        public var limit = 100.0

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(channels: ["tokenWeights": .init("how much the token counts; below 0 it is made rarer", -2...2)]) }
    public var reads: Set<Quantity> { [.logProbs] }

    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.weights(inputs) * tokenWeights(inputs)
    }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let losses = try Imitation.losses(inputs, weights: try weights(inputs))
        let own = try Reading.tally(try tokenWeights(inputs), inputs)
        return TokenLosses(losses.losses, metrics: losses.metrics.merging(["weight": own]) { $1 })
    }

    /// c at each place, [R, T].
    private func tokenWeights(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.constant(inputs.channels["tokenWeights"], "channel “tokenWeights”", inputs).clamp(-settings.limit, settings.limit)
    }
}
