import HoneCore
import HoneNumerics

/// Advantages of REINFORCE: the reward minus a baseline that does not depend on the episode's own actions, or nearly so.
///
/// Source: Williams 1992 for the baseline; Kool et al. 2019 and Ahmadian et al. 2024 (RLOO) for leaving one out.
public struct ReinforceBaseline: Credit {
    public static let card = PartCard(
        name: "reinforce-baseline", summary: "reward minus a baseline: the batch's mean, or the mean of the group's others",
        source: "Williams 1992; Ahmadian et al. 2024", gives: [.onPolicyLogProbs])

    /// What is subtracted.
    public enum Baseline: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing.
        case none
        /// The mean over all episodes of the batch: biased by the episode's own share, 1/n.
        case batchMean
        /// The mean over the other episodes of the group: unbiased. A group of one has no others and gets advantage 0.
        case leaveOneOut
    }

    /// What is subtracted.
    public var baseline: Baseline
    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(baseline: Baseline = .leaveOneOut, kind: VerdictKind = .worldReturn) {
        self.baseline = baseline
        self.kind = kind
    }

    /// The advantages of groups of rewards, in their order.
    public static func advantages(_ groups: [[Double]], baseline: Baseline) -> [[Double]] {
        switch baseline {
        case .none: return groups
        case .batchMean:
            let mean = GroupStatistics.mean(groups.flatMap { $0 })
            return groups.map { $0.map { $0 - mean } }
        case .leaveOneOut:
            return groups.map { rewards in zip(rewards, GroupStatistics.leaveOneOutMeans(rewards)).map { $0 - $1 } }
        }
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups, kind: kind) { _, plays in
            Self.advantages(plays.map { $0.map(\.reward) }, baseline: baseline)
        }
    }
}
