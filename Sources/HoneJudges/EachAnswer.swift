import HoneCore

/// Whether each of the solver's answers would be right if it were the only one: kind `correct`, on each of its steps.
///
/// The answer is played in the world from the start, so the world must be over after one move of the solver; a return that is the
/// largest possible is right. Each look is charged as a judge's call.
public struct EachAnswer: Judge {
    public static let card = PartCard(
        name: "each-answer", summary: "whether each answer of an episode would be right alone, by the world's own return", needs: [.branches])

    /// The judge.
    public init() {}

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        Judgement(try await verdicts(on: group, by: try scope.services.world(group.assignment.problem.world), in: scope))
    }

    private func verdicts<W: World>(on group: EpisodeGroup, by world: W, in scope: Scope) async throws -> [Verdict] {
        var verdicts: [Verdict] = []
        for (index, episode) in group.episodes.enumerated() {
            for (number, step) in episode.steps.enumerated() where step.role == .solver {
                let own = scope.child("episode", index).child("step", number)
                var state = try await world.begin(group.assignment.problem, in: own)
                try await world.advance(&state, by: [.solver: step.move], in: own)
                let value = world.returns(of: state)[.solver] ?? 0
                await world.release(state)
                verdicts.append(
                    Verdict(on: .step(index, number), kind: .correct, value: value >= world.rules.range.upperBound ? 1 : 0))
                var cost = Cost()
                cost.judgeCalls = 1
                scope.services.charge(cost)
            }
        }
        return verdicts
    }
}

extension VerdictKind {
    /// Whether an answer is right: 1 or 0.
    public static var correct: VerdictKind { "correct" }
}
