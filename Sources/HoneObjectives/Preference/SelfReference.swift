import HoneCore
import HoneModel
import HoneTensor

/// The soft-label ranking loss of self-reference feedback: a reward head learns preferences of known strength.
///
/// The label's probability is the judge's confidence: σ of the difference in log-perplexity of its two possible verdicts.
public struct SelfReference: HeadObjective {
    public static let card = PartCard(
        name: "self-reference", summary: "teaches a reward head preferences of known strength",
        source: "Li et al. 2024, “Aligning Large Language Models from Self-Reference AI Feedback”, the soft-label reward loss",
        needs: [.pairs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −mean [ p log σ(m) + (1−p) log σ(−m) ],  m = r(y_w) − r(y_l),  r the reward head at the row's last trained token, p the pair's probability",
        normaliser: RewardPairs.formula.normaliser, reduction: "weighted mean over pairs", metrics: RewardPairs.formula.metrics,
        departures: ["the number of the equation could not be confirmed", "pairs of doubtful labels are discounted by their weights, which the credit sets"])

    /// What can be set.
    public struct Settings: HeadSettings {
        /// The head that is taught.
        public var head = "reward"

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    private var general: RewardPairs {
        var general = RewardPairs.Settings()
        general.head = settings.head
        general.usesProbability = true
        return RewardPairs(general)
    }

    public var takes: RowNeeds { general.takes }
    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { try general.totals(of: inputs) }
    public func loss(_ inputs: borrowing LossInputs) throws -> Loss { try general.loss(inputs) }
}
