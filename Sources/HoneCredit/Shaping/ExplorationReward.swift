import HoneCore

/// RLSP's reward: correctness and, apart from it, a reward for thinking longer or harder.
///
/// base = the reward, or `unanswered` where a verdict of the kind `answered` is 0. Length form: R = base − λ / L, which pays ever
/// less for more. Effort form, where a verdict of the kind `effort` in [0, 1] is given: R = (1 − w)·R + w·effort.
///
/// Source: Ye et al. 2025, “On the Emergence of Thinking in LLMs I”, section 3 (R = α·R_correct + (1 − α)·R_explore), in the
/// form of its released reward server.
public struct ExplorationReward: RewardShaping {
    public static let card = PartCard(
        name: "exploration", summary: "correctness, minus λ over the length, and a share for judged effort (RLSP)",
        source: "Ye et al. 2025, section 3")

    /// λ, in tokens; 0 pays nothing for length.
    public var lengthScale: Double
    /// w: the share of judged effort, where it is judged.
    public var effortShare: Double
    /// The base of an episode without an answer.
    public var unanswered: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Which verdict says how much effort was made, from 0 to 1.
    public var effort: VerdictKind
    /// Which verdict says whether there is an answer at all: 0 for no.
    public var answered: VerdictKind

    /// The shaping.
    public init(
        lengthScale: Double = 8, effortShare: Double = 0.2, unanswered: Double = -0.5, kind: VerdictKind = .worldReturn,
        effort: VerdictKind = "effort", answered: VerdictKind = "answered"
    ) {
        self.lengthScale = lengthScale
        self.effortShare = effortShare
        self.unanswered = unanswered
        self.kind = kind
        self.effort = effort
        self.answered = answered
    }

    public func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict] {
        try replacing(kind, of: ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)) { play in
            let hasAnswer = group.value(of: answered, episode: play.index, role: role) != 0
            var reward = (hasAnswer ? play.reward : unanswered) - lengthScale / Double(max(1, play.length))
            if let judged = group.value(of: effort, episode: play.index, role: role) {
                try ExampleBuilder.check(judged, "“\(effort)” verdict", of: group, number: number, episode: play.index)
                reward = (1 - effortShare) * reward + effortShare * judged
            }
            return reward
        }
    }
}
