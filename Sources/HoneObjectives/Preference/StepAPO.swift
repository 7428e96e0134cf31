import HoneCore
import HoneModel
import HoneTensor

/// Step-APO: sibling steps share the value of their state, so the difference of their advantages is that of their action
/// values; the implicit reward has to lead by α times it.
public struct StepAPO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "step-apo", summary: "DPO on sibling steps, asking a margin as large as their difference in value",
        source: "Wang et al. 2024 (CPL), the Step-APO loss", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = −mean log σ(m − α δ),  δ = Q(s,w) − Q(s,l), the pair's margin",
        departures: [
            "the number of the equation could not be confirmed",
            "scaling solution-level values (0.3 in the paper) is left to whoever makes the pairs",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.3
        /// α, the margin asked per unit of action value; 0 is step-wise DPO.
        public var alpha = 1.0
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try PairLoss.logistic(margin - pairs.numbers { settings.alpha * $0.margin })
    }
}
