import HoneCore
import HoneNumerics

/// SPO: each episode is worth the share of its siblings it is preferred to, minus the group's mean share.
///
/// r_i = 1/(k−1) Σ_{j≠i} P(i ≻ j), A_i = r_i − mean r. P comes from pair verdicts of a kind: the value of `pair(i, over: j)`
/// is P(i ≻ j), that of the mirrored pair 1 − P; both are averaged when given. Without pair verdicts of the kind, rewards of
/// that kind are compared, a tie counting half. No reward model is needed, and cyclic preferences have their share.
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
        let judged = try groups.enumerated().map { try PairVerdicts($1, number: $0, kind: kind) }
        var ranked = groups
        for (number, pairs) in judged.enumerated() where !pairs.isEmpty {
            // Shares stand where rewards would, so that all that follows is the same.
            let playing = groups[number].episodes.indices.filter { !groups[number].episodes[$0].steps.isEmpty }
            ranked[number].verdicts.removeAll { $0.kind == kind }
            for (place, share) in zip(playing, try pairs.winShares(of: playing)) {
                ranked[number].verdicts.append(Verdict(on: .episode(place), kind: kind, value: share))
            }
        }
        return try ExampleBuilder.batch(for: roles, from: ranked, kind: kind) { _, plays in
            plays.map { plays in
                guard let number = plays.first?.group else { return [] }
                let rewards = plays.map(\.reward)
                return GroupRelative.advantages(
                    judged[number].isEmpty ? GroupStatistics.winShares(rewards) : rewards, normaliseByStd: normaliseByStd, epsilon: 1e-4)
            }
        }
    }
}
