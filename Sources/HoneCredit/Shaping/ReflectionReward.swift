import Foundation
import HoneCore

/// Satori's reward: correctness, a bonus by where the episode started, and a squashed preference score.
///
/// R = (c − 1) + s·b + w·σ(preference): b = +1 when an episode that goes on from a wrong solution ends right, −1 when one that
/// goes on from a right solution ends wrong, else 0. What was gone on from stands in the problem's detail `startedFrom`:
/// `right` or `wrong`; a fresh problem has none.
///
/// Source: Shen et al. 2025, “Satori”, section 4.2 (outcome reward, reflection bonus, preference bonus). Departure: the
/// preference score is squashed by the logistic function and weighed by a setting, as the released code's constants differ.
public struct ReflectionReward: RewardShaping {
    public static let card = PartCard(
        name: "reflection", summary: "correctness, a bonus for repairing and a malus for spoiling what was begun, a preference score (Satori)",
        source: "Shen et al. 2025, section 4.2")

    /// The problem's detail that says what the episode goes on from.
    public static let startedFrom = "startedFrom"

    /// s: what repairing or spoiling is worth.
    public var bonus: Double
    /// w: the share of the preference score, where one is given.
    public var preferenceShare: Double
    /// The smallest reward of a right answer.
    public var threshold: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Which verdict is the preference score, on any scale.
    public var preference: VerdictKind

    /// The shaping.
    public init(
        bonus: Double = 0.5, preferenceShare: Double = 1, threshold: Double = 1, kind: VerdictKind = .worldReturn,
        preference: VerdictKind = "preference"
    ) {
        self.bonus = bonus
        self.preferenceShare = preferenceShare
        self.threshold = threshold
        self.kind = kind
        self.preference = preference
    }

    public func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict] {
        let problem = group.assignment.problem
        let started = problem.details[Self.startedFrom]
        guard started == nil || started == "right" || started == "wrong" else {
            throw CreditError(
                "Problem “\(problem.id)” was started from “\(started ?? "")”; expected “right”, “wrong” or no such detail")
        }
        return try replacing(kind, of: ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)) { play in
            let isRight = play.reward >= threshold
            var reward: Double = isRight ? 0 : -1
            if started == "wrong", isRight { reward += bonus }
            if started == "right", !isRight { reward -= bonus }
            if let score = group.value(of: preference, episode: play.index, role: role) {
                try ExampleBuilder.check(score, "“\(preference)” verdict", of: group, number: number, episode: play.index)
                reward += preferenceShare / (1 + Foundation.exp(-score))
            }
            return reward
        }
    }
}
