import HoneCore

/// Plays problems for a measure, each under its own scope, and has them judged.
struct HeldOutPlay {
    /// The problems.
    let problems: [Problem]
    /// Samples of each.
    let samples: Int
    /// Who plays.
    let cast: Cast
    /// Says what the answers are worth.
    let judge: (any Judge)?

    /// The groups, in the order of the problems.
    func groups(in scope: Scope) async throws -> [EpisodeGroup] {
        try await withThrowingTaskGroup(of: (Int, EpisodeGroup).self) { tasks in
            for (index, problem) in problems.enumerated() {
                let own = scope.child("problem", index)
                tasks.addTask {
                    var group = try await own.services.play(Assignment(problem: problem, samples: samples, cast: cast), in: own)
                    if let judgement = try await judge?.judge(group, in: own.child("judge")) {
                        group.verdicts += judgement.verdicts
                        group.children += judgement.children
                    }
                    return (index, group)
                }
            }
            var groups: [(Int, EpisodeGroup)] = []
            for try await result in tasks { groups.append(result) }
            return groups.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension EpisodeGroup {
    /// Whether each answer of the solver is right, episode by episode, of verdicts of a kind on its steps.
    public func answers(judged kind: VerdictKind) -> [[Bool]] {
        episodes.indices.map { episode in
            episodes[episode].steps.indices.compactMap { step in
                guard episodes[episode].steps[step].role == .solver else { return nil }
                return verdicts.last { $0.kind == kind && $0.on == .step(episode, step) }.map { $0.value >= 1 }
            }
        }
    }
}
