import HoneCore
import HoneModel
import HoneTensor

/// IPO: least squares of the log-ratio difference to 1/(2β), which does not run away where preferences are certain.
public struct IPO: PairwiseObjective {
    public static let card = PartCard(
        name: "ipo", summary: "draws the log-ratio difference of each pair to a set distance",
        source: "Azar et al. 2024, equation 17", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean (h − 1/(2β))²,  h = log π(y_w)/π_ref(y_w) − log π(y_l)/π_ref(y_l)", margin: "h",
        departures: [
            "log-ratios are summed over tokens as in the paper; TRL divides each by its row's length",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β (τ in the paper), the strength of the tie to the reference.
        public var beta = 0.1
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var references: [ModelRef] { [settings.reference] }

    public func margin(of pairs: PairSides) throws -> Tensor { try pairs.logRatioDifference() }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        guard settings.beta > 0 else { throw ObjectiveError("IPO has the beta \(settings.beta); expected a number above 0") }
        return try PairLoss.square(margin, target: 1 / (2 * settings.beta))
    }
}
