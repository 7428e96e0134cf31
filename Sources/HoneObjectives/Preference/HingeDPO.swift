import HoneCore
import HoneModel
import HoneTensor

/// The hinge form of DPO: pairs whose implicit reward margin is 1 or more cost nothing.
public struct HingeDPO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "hinge-dpo", summary: "asks of each pair an implicit reward margin of 1, no more",
        source: "Liu et al. 2024 (RSO), the hinge-norm loss; after SLiC, Zhao et al. 2023", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = mean max(0, 1 − m)",
        departures: [
            "SLiC itself has no reference and adds a likelihood term; this is the form with log-ratios, as in RSO and TRL (hinge)",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor { try PairLoss.hinge(margin) }
}
