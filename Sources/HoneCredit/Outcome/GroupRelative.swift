import HoneCore
import HoneNumerics

/// Advantages relative to a group of episodes of one problem: (r − mean) / (std + ε).
///
/// Source: Shao et al. 2024, “DeepSeekMath”, section 4.1; without the division it is Dr. GRPO's (Liu et al. 2025). The
/// standard deviation is the population's (divided by n) unless set otherwise. A group whose rewards are all equal has
/// advantage 0 throughout, exactly.
public struct GroupRelative: Credit {
    public static let card = PartCard(
        name: "group-relative", summary: "reward minus the group's mean, divided by its standard deviation",
        source: "Shao et al. 2024, section 4.1", gives: [.onPolicyLogProbs, .groups], needs: [.groups])

    /// What the squared deviations are divided by.
    public enum Deviation: String, Hashable, Sendable, Codable, CaseIterable {
        /// By n.
        case population
        /// By n − 1, as several libraries do; a group of one has deviation 0.
        case sample
    }

    /// Whether advantages are divided by the group's standard deviation.
    public var normaliseByStd: Bool
    /// ε in the division.
    public var epsilon: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Which standard deviation is meant.
    public var deviation: Deviation

    /// The credit.
    public init(
        normaliseByStd: Bool = true, epsilon: Double = 1e-4, kind: VerdictKind = .worldReturn,
        deviation: Deviation = .population
    ) {
        self.normaliseByStd = normaliseByStd
        self.epsilon = epsilon
        self.kind = kind
        self.deviation = deviation
    }

    /// The advantages of a group's rewards, in their order.
    public static func advantages(
        _ rewards: [Double], normaliseByStd: Bool, epsilon: Double, deviation: Deviation = .population
    ) -> [Double] {
        guard normaliseByStd else { return GroupStatistics.centred(rewards) }
        return GroupStatistics.standardised(rewards, correction: deviation == .sample ? 1 : 0, epsilon: epsilon)
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups, kind: kind) { _, plays in
            plays.map {
                Self.advantages($0.map(\.reward), normaliseByStd: normaliseByStd, epsilon: epsilon, deviation: deviation)
            }
        }
    }
}
