import HoneCore
import HoneNumerics

/// SPO: each episode is worth the share of its siblings it is preferred to, minus the group's mean share.
///
/// r_i = 1/(k−1) Σ_{j≠i} P(i ≻ j), A_i = r_i − mean r. P comes from pair verdicts of a kind: the value of `pair(i, over: j)`
/// is P(i ≻ j), that of the mirrored pair 1 − P; both are averaged when given. Without pair verdicts of the kind, rewards of
/// that kind are compared, a tie counting half. No reward model is needed, and cyclic preferences have their share. Rows carry
/// the share as `reward` and `winShare`.
///
/// Source: Swamy et al. 2024, “A Minimaximalist Approach to RLHF” (SPO), algorithm 1 in its form for prompts. Departure: the
/// queue of earlier trajectories of the control form is the group.
public struct WinShare: Credit {
    public static let card = PartCard(
        name: "win-share", summary: "share of the group's others an episode is preferred to, minus the mean share (SPO)",
        source: "Swamy et al. 2024, algorithm 1", gives: [.onPolicyLogProbs, .groups], needs: [.groups])

    /// The kind of pair verdicts, or of rewards to compare.
    public var kind: VerdictKind
    /// Whether advantages are divided by the group's standard deviation.
    public var normaliseByStd: Bool

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, normaliseByStd: Bool = false) {
        self.kind = kind
        self.normaliseByStd = normaliseByStd
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        // Shares stand where rewards would, so that all that follows is the same.
        var ranked = groups
        for (number, group) in groups.enumerated() {
            let judged = try PairVerdicts(group, number: number, kind: kind)
            for role in roles {
                let playing = group.episodes.indices.filter { index in group.episodes[index].steps.contains { $0.role == role } }
                let shares =
                    judged.isEmpty
                    ? GroupStatistics.winShares(try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind).map(\.reward))
                    : try judged.winShares(of: playing)
                for (index, share) in zip(playing, shares) {
                    ranked[number].verdicts.append(Verdict(on: .role(index, role), kind: kind, value: share))
                }
            }
        }
        var general = GroupRelative(normaliseByStd: normaliseByStd, kind: kind)
        var batch = try general.batch(for: roles, from: ranked, scores: scores)
        for row in batch.examples.indices { batch.examples[row].scalars["winShare"] = batch.examples[row].scalars["reward"] }
        return batch
    }
}
