import Foundation
import HoneCore
import HoneModel
import HoneTensor

/// MM-DPO: dynamic reward scaling gives clear pairs a steeper loss and doubtful ones a flatter one.
public struct MMDPO: PairwiseObjective {
    public static let card = PartCard(
        name: "mm-dpo", summary: "DPO whose slope grows with the reward model's margin",
        source: "Zhang et al. 2025 (MM-RLHF), dynamic reward scaling β(δ)", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean [ −log σ(m) − g log π(y_w)/|y_w| ],  "
            + "m = β (1 + w max(10⁻³, 1 − e^(−k δ))) [ log π(y_w)/π_ref(y_w) − log π(y_l)/π_ref(y_l) ],  δ the pair's margin", margin: "m",
        departures: [
            "k is 1 unless set; the released data carry 1 − e^(−kδ) ready made",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// w, how much β grows at most, relative to itself.
        public var scale = 0.1
        /// k, how fast it grows with the margin.
        public var rate = 1.0
        /// g, the factor of the likelihood term.
        public var likelihood = 0.25
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var references: [ModelRef] { [settings.reference] }

    public func margin(of pairs: PairSides) throws -> Tensor {
        try pairs.logRatioDifference() * pairs.numbers {
            settings.beta * (1 + settings.scale * max(1e-3, 1 - exp(-settings.rate * $0.margin)))
        }
    }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try PairLoss.logistic(margin) + pairs.chosen.negativeMeanLogProb() * settings.likelihood
    }
}
