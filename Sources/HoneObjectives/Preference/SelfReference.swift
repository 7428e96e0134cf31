import HoneCore
import HoneModel
import HoneTensor

/// The soft-label ranking loss of self-reference feedback: a reward head learns preferences of known strength.
///
/// The label's probability is the judge's confidence: σ of the difference in log-perplexity of its two possible verdicts.
public struct SelfReference: PairwiseObjective {
    public static let card = PartCard(
        name: "self-reference", summary: "teaches a reward head preferences of known strength",
        source: "Li et al. 2024, “Aligning Large Language Models from Self-Reference AI Feedback”, the soft-label reward loss",
        needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = −mean [ p log σ(m) + (1−p) log σ(−m) ],  m = r(y_w) − r(y_l),  r the reward head at the row's last trained token, p the pair's probability",
        margin: "m",
        metrics: ["chosen": "mean reward of chosen rows", "rejected": "mean reward of rejected rows"],
        departures: ["the number of the equation could not be confirmed", "pairs of doubtful labels are discounted by their weights, which the credit sets"])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The head that is taught.
        public var head = HeadName("reward")

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public var settings: Settings

    /// The objective.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    public static let defaults = Settings()
    public var heads: [Head] { [Head(settings.head)] }
    public var reads: Set<Quantity> { [.head(settings.head)] }

    public func responses(_ inputs: borrowing LossInputs) throws -> Responses {
        try Responses(inputs, scoredBy: settings.head, words: "rewards")
    }

    public func margin(of pairs: PairSides) throws -> Tensor { try pairs.logRatioDifference() }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try PairLoss.soft(margin, probability: pairs.numbers(\.probability))
    }
}
