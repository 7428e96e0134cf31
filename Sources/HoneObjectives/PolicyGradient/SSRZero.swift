import HoneCore
import HoneModel

/// SSR-Zero: GRPO on rewards that the model in training gives its own answers; only the answers' tokens are learned.
///
/// Source: Yang et al. 2025, “SSR-Zero”, equations 1–3. Who judges, and that judging tokens are not trained, is the plan's.
public struct SSRZero: SurrogateObjective {
    public static let card = PartCard(
        name: "ssr-zero", summary: "group-relative policy gradient on self-given rewards", source: "Yang et al. 2025, equations 1–3",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: GroupPolicyGradient.formula.formula + ",  A = (r − mean)/deviation of the group, r the model's own score / 100",
        normaliser: "rows with trained tokens, each by its token count", reduction: "sequenceMean",
        metrics: PolicyCards.metrics("ratio", "clipFraction", "kl"),
        departures: GroupPolicyGradient.formula.departures + [
            "β is not published; 0.01 is chosen here", PolicyCards.unconfirmed,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// ε, how far the ratio may move.
        public var clip = 0.2
        /// The factor of the KL penalty.
        public var beta = 0.01
        /// The model the KL penalty refers to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        var general = GroupPolicyGradient.Settings()
        (general.clipLow, general.clipHigh) = (settings.clip, settings.clip)
        (general.beta, general.reference) = (settings.beta, settings.reference)
        return GroupPolicyGradient(general).surrogate
    }

    /// Rewards minus their group's mean, divided by its population deviation; equal rewards give 0.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.standardised(rewards, groups)
    }
}
