import HoneCore
import HoneModel
import HoneTensor

/// cDPO: cross-entropy to a preference of probability 1 − ε, so that the margin stays finite.
public struct ConservativeDPO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "cdpo", summary: "DPO that reckons with flipped labels",
        source: "Mitchell 2023, “A note on DPO with noisy preferences and relationship to IPO”, equation 3", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = −mean [ (1−ε) log σ(m) + ε log σ(−m) ]",
        departures: [
            "the number of the equation could not be confirmed; the formula is TRL's sigmoid loss with label smoothing",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// ε, the share of labels that are taken to be wrong; 0 is DPO.
        public var smoothing = 0.1
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try PairLoss.soft(margin, probability: try pairs.numbers { _ in 1 - settings.smoothing })
    }
}
