import HoneCore
import HoneModel
import HoneTensor

/// Length-normalised DPO: each row's log-ratio is divided by its length before the two are compared.
public struct LengthNormalisedDPO: PairwiseObjective {
    public static let card = PartCard(
        name: "ln-dpo", summary: "DPO on log-ratios per token, so that length earns nothing",
        source: "Lambert et al. 2024 (Tülu 3), equation 6; Meng et al. 2024, appendix", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = −mean log σ(m),  m = β [ 1/|y_w| log π(y_w)/π_ref(y_w) − 1/|y_l| log π(y_l)/π_ref(y_l) ]", margin: "m",
        departures: [
            "|y| is the sum of a row's token weights, the token count where weights are 1",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β; larger than for DPO, as log-ratios per token are smaller.
        public var beta = 5.0
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var references: [ModelRef] { [settings.reference] }

    public func margin(of pairs: PairSides) throws -> Tensor {
        let (chosen, rejected) = (pairs.chosen, pairs.rejected)
        return try (chosen.logRatio() / chosen.length - rejected.logRatio() / rejected.length) * settings.beta
    }
}
