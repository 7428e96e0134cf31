import HoneCore
import HoneModel
import HoneTensor

/// DNO: the logistic regression of implicit rewards onto win rates against the previous iterate, whose average over
/// iterations approaches the Nash equilibrium of a preference that need not be transitive.
public struct DNO: PairwiseObjective {
    public static let card = PartCard(
        name: "dno", summary: "draws pairs to their difference in win rate against the previous policy",
        source: "Rosset et al. 2024, Algorithm 1 (soft labels) and Algorithm 2 (DNO-Prct)", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = −mean [ p log σ(m) + (1−p) log σ(−m) ] − α mean log π(y_w)/|y_w|,  m = η [ log π(y_w)/π_t(y_w) − log π(y_l)/π_t(y_l) ],  "
            + "p = σ(r_w − r_l) with r the rows' win share against π_t; p = 1 with hard labels", margin: "m",
        departures: [
            "choosing pairs by a margin of scores and replaying old ones is the credit's matter",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// η, the strength of the tie to the previous iterate.
        public var eta = 0.1
        /// Whether pairs count as certain (DNO-Prct) instead of by their rows' win shares.
        public var usesHardLabels = false
        /// α, the factor of the likelihood term (0.005 in DNO-Prct).
        public var likelihood = 0.0
        /// The policy of the iteration before, against which log-ratios are taken.
        public var reference = ModelRef("policy", snapshot: "previous")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var references: [ModelRef] { [settings.reference] }
    public var takes: RowNeeds {
        RowNeeds(pairs: true, scalars: settings.usesHardLabels ? [:] : [WinShare.name: WinShare.number])
    }

    public func margin(of pairs: PairSides) throws -> Tensor { try pairs.logRatioDifference() * settings.eta }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        var probability = try pairs.numbers { _ in 1 }
        if !settings.usesHardLabels {
            probability = try (pairs.chosen.number(WinShare.name) - pairs.rejected.number(WinShare.name)).sigmoid()
        }
        let cost = try PairLoss.soft(margin, probability: probability)
        return settings.likelihood == 0 ? cost : try cost + pairs.chosen.negativeMeanLogProb() * settings.likelihood
    }
}
