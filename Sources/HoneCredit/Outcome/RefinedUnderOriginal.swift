import HoneCore

/// Critique-GRPO's credit: the best refinement of a group joins its first answers and is learned under the original prompt.
///
/// An episode is an answer, a critique, and a refinement by another role. Of all refinements the best one (the first of equals)
/// is kept and stands in one group with the answers; advantages are rewards minus that group's mean. The refinement's row has
/// the context of the answer it refines, so that the critique is not in sight, and the channel `refinement` 1 (answers have 0): the
/// shaped ratio p/(p + c) is the objective's. Its sampler's log-probabilities are those under the prompt it was sampled with.
///
/// Source: Zhang et al. 2025, “Critique-GRPO”, section 4 and its released code (one refinement per prompt, no division by the
/// deviation).
public struct RefinedUnderOriginal: Credit {
    public static let card = PartCard(
        name: "refined-under-original", summary: "the best refinement joins the group's answers, under their prompt (Critique-GRPO)",
        source: "Zhang et al. 2025, section 4", gives: [.onPolicyLogProbs, .groups], needs: [.groups])

    /// Who answers first.
    public var answers: Role
    /// Who refines.
    public var refines: Role
    /// Which verdict, on the role or on its step, is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(answers: Role = .solver, refines: Role = "refiner", kind: VerdictKind = .worldReturn) {
        self.answers = answers
        self.refines = refines
        self.kind = kind
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var batch = TrainingBatch()
        for (number, group) in groups.enumerated() {
            try ExampleBuilder.refuseHeldOut(group)
            let first = try ExampleBuilder.plays(of: group, number: number, role: answers, kind: kind)
            let refined = try ExampleBuilder.plays(of: group, number: number, role: refines, kind: kind)
            let best = refined.enumerated().max { ($0.element.reward, -$0.offset) < ($1.element.reward, -$1.offset) }?.element
            let joint = first.map(\.reward) + (best.map { [$0.reward] } ?? [])
            let advantages = GroupRelative.advantages(joint, normaliseByStd: false, epsilon: 0)
            if roles.contains(answers) {
                for (play, advantage) in zip(first, advantages) {
                    batch.examples += try ExampleBuilder.rows(of: play, advantage: advantage).map { $0.marked("refinement", 0) }
                }
            }
            guard roles.contains(refines), let best, let advantage = advantages.last else { continue }
            var moved = best
            guard let answer = best.episode.steps.first(where: { $0.role == answers }),
                let refinement = best.episode.steps.last(where: { $0.role == refines })
            else {
                throw CreditError("Episode “\(best.episode.id)” has a refinement by “\(refines)” but no answer by “\(answers)” whose prompt it could take")
            }
            moved.episode.steps = [Step(role: refines, context: answer.context, move: refinement.move)]
            batch.examples += try ExampleBuilder.rows(of: moved, advantage: advantage).map { $0.marked("refinement", 1) }
        }
        return batch
    }
}

extension Example {
    /// The row with the same number at all its tokens in a channel.
    func marked(_ channel: String, _ value: Float) -> Example {
        var copy = self
        copy.channels[channel] = [Float](repeating: value, count: tokens.count)
        return copy
    }
}
