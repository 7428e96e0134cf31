import HoneCore
import HoneModel
import HoneTensor

/// Soft-label DPO, as OSP uses it: cross-entropy to each pair's probability, whose optimum is a finite margin.
public struct SoftDPO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "osp", summary: "DPO to preferences of known strength",
        source: "Zhai et al. 2024, “Online Self-Preferring Language Models”, the soft-preference cross-entropy", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = −mean [ p log σ(m) + (1−p) log σ(−m) ],  p the pair's probability",
        departures: [
            "the number of the equation could not be confirmed",
            "holding p within [0.05, 0.95] is our choice",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// Probabilities are held between this and 1 minus it; 0 takes them as they are.
        public var least = 0.05
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        let (low, high) = (min(settings.least, 0.5), max(1 - settings.least, 0.5))
        return try PairLoss.soft(margin, probability: try pairs.numbers { min(max($0.probability, low), high) })
    }
}
