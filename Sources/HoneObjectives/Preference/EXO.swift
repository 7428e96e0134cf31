import Foundation
import HoneCore
import HoneModel
import HoneTensor

/// EXO on pairs: the policy's own preference q is drawn to the label by reverse KL, which seeks one mode.
public struct EXO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "exo", summary: "reverse KL from the pair's softmax of implicit rewards to the smoothed label",
        source: "Ji et al. 2024 (EXO), equation 16; phase II of PRefLexOR, Buehler 2024", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = mean [ q log q/(1−ε) + (1−q) log (1−q)/ε ],  q = σ(m)",
        departures: [
            "TRL (exo_pair) takes ε = 10⁻³ where it is set to 0; here that is refused",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// ε, the probability the label leaves to the rejected row, above 0.
        public var smoothing = 0.005
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        let e = settings.smoothing
        guard e > 0, e < 1 else { throw ObjectiveError("EXO has the smoothing \(e); expected a probability between 0 and 1") }
        // log q − log(1−ε) = log σ(m) − log(1−ε), and the same for the other side.
        let (chosen, rejected) = (try PairLoss.logistic(margin), try PairLoss.logistic(margin * -1))
        return try margin.sigmoid() * (chosen + log(1 - e)) * -1 - (margin * -1).sigmoid() * (rejected + log(e))
    }
}
