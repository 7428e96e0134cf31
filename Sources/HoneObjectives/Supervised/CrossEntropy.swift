import HoneCore
import HoneModel
import HoneTensor

/// Cross-entropy on trained tokens: −Σ w·log p / Σ |w| over the whole batch.
public struct CrossEntropy: TokenObjective {
    public static let card = PartCard(
        name: "cross-entropy", summary: "imitates the trained tokens", source: "maximum likelihood", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σᵢₜ wᵢₜ log π(yᵢₜ | y₍ᵢ,<ₜ₎) / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise", metrics: ["logProb": "Σ w·log π / Σ w over trained tokens"])

    /// How per-token terms become one number.
    public typealias Reduction = TokenReduction

    /// What can be set.
    public struct Settings: TokenSettings {
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var reads: Set<Quantity> { [.logProbs] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        try Imitation.losses(inputs, weights: try Reading.weights(inputs))
    }
}

/// What all imitation of given tokens shares.
enum Imitation {
    /// −log π of each trained token, with its weighted mean as the metric `logProb`.
    static func losses(_ inputs: borrowing LossInputs, weights: Tensor) throws -> TokenLosses {
        let logProbs = try Reading.logProbs(inputs)
        return TokenLosses(try -logProbs, metrics: ["logProb": try tally(logProbs, weights)])
    }

    /// The weighted mean of a detached per-token tensor.
    static func tally(_ values: Tensor, _ weights: Tensor) throws -> Tally {
        Tally(sum: try (values.detach() * weights).sum().item(), count: try weights.sum().item())
    }
}
