import HoneCore

/// RLOO: each reward minus the mean of the group's others.
///
/// Source: Ahmadian et al. 2024, “Back to Basics”, equation 7 (Kool et al. 2019). It is `ReinforceBaseline` with its
/// leave-one-out baseline; a group of one has no others and gets advantage 0.
public struct LeaveOneOut: Credit {
    public static let card = PartCard(
        name: "leave-one-out", summary: "reward minus the mean reward of the group's others (RLOO)",
        source: "Ahmadian et al. 2024, equation 7", gives: [.onPolicyLogProbs, .groups], needs: [.groups])

    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(kind: VerdictKind = .worldReturn) { self.kind = kind }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var general = ReinforceBaseline(baseline: .leaveOneOut, kind: kind)
        return try general.batch(for: roles, from: groups, scores: scores)
    }
}
