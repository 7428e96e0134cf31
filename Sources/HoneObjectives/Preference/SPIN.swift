import HoneCore
import HoneModel
import HoneTensor

/// SPIN: the logistic loss of DPO where the chosen row is a demonstration and the rejected one was written by the previous
/// iterate, which is also the reference. Its fixed point is the distribution of the demonstrations.
public struct SPIN: PairwiseObjective {
    public static let card = PartCard(
        name: "spin", summary: "tells demonstrations from the policy's own earlier answers",
        source: "Chen et al. 2024, equation 4.7", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean log(1 + e^(−m)),  m = λ [ log π(y)/π_t(y) − log π(y′)/π_t(y′) ],  y a demonstration, y′ by π_t", margin: "m",
        departures: [
            "which rows are demonstrations is the pairing's matter: the chosen row is taken to be one",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// λ, the regularisation.
        public var lambda = 0.1
        /// The policy of the iteration before, against which log-ratios are taken.
        public var reference = ModelRef("policy", snapshot: "previous")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var references: [ModelRef] { [settings.reference] }

    public func margin(of pairs: PairSides) throws -> Tensor { try pairs.logRatioDifference() * settings.lambda }
}
