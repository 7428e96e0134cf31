import HoneCore
import HoneNumerics

/// OPO: each reward minus the group's mean reward weighted by the lengths of the responses.
///
/// Source: Hao et al. 2025, “On-Policy RL with Optimal Reward Baseline”: b = Σ l_i·r_i / Σ l_i, the baseline of least
/// variance when the squared gradient of a response grows with its length. The length is the count of tokens that the role
/// wrote in the episode. The episode's own reward is part of its baseline, as in the paper.
public struct LengthWeightedBaseline: Credit {
    public static let card = PartCard(
        name: "length-weighted-baseline", summary: "reward minus the group's mean reward weighted by response lengths (OPO)",
        source: "Hao et al. 2025, section 3.2: b = Σ l·r / Σ l", gives: [.onPolicyLogProbs, .groups], needs: [.groups])

    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(kind: VerdictKind = .worldReturn) { self.kind = kind }

    /// The advantages of a group's rewards, given the length of each response.
    public static func advantages(_ rewards: [Double], lengths: [Int]) -> [Double] {
        let baseline = GroupStatistics.weightedMean(rewards, weights: lengths.map(Double.init))
        return rewards.map { $0 - baseline }
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups, kind: kind) { _, plays in
            plays.map { Self.advantages($0.map(\.reward), lengths: $0.map(\.length)) }
        }
    }
}
