import HoneCore
import HoneModel
import HoneTensor

/// Robust DPO: a loss whose mean over labels flipped with probability ε equals the DPO loss of the clean labels.
public struct RobustDPO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "robust-dpo", summary: "DPO without the bias that flipped labels bring",
        source: "Chowdhury, Kini and Natarajan 2024 (rDPO), the unbiased loss", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = −mean [ (1−ε) log σ(m) − ε log σ(−m) ] / (1 − 2ε)",
        departures: [
            "the number of the equation could not be confirmed; the formula is TRL's robust loss",
            "unbounded below where every label agrees: meant for labels that are in fact noisy",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// ε, the probability with which labels were flipped, below ½; 0 is DPO.
        public var smoothing = 0.1
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        let flipped = settings.smoothing
        guard flipped >= 0, flipped < 0.5 else {
            throw ObjectiveError("Robust DPO has the smoothing \(flipped); expected a probability from 0 to below 0.5")
        }
        // A cross-entropy whose “probabilities” (1−ε)/(1−2ε) and −ε/(1−2ε) also add up to 1.
        return try PairLoss.soft(margin, probability: try pairs.numbers { _ in (1 - flipped) / (1 - 2 * flipped) })
    }
}
