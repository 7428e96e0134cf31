import HoneCore

/// Plays problems for a measure, side by side and each under its own scope, and has them judged.
public struct HeldOutPlay: Sendable {
    /// The problems.
    public let problems: [Problem]
    /// Samples of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Says what the answers are worth; nil leaves it at what the world says.
    public let judge: (any Judge)?
    /// What the scopes of single problems are called: draws follow from it.
    public let label: String

    /// Play.
    public init(problems: [Problem], samples: Int = 1, cast: Cast, judge: (any Judge)? = nil, label: String = "problem") {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.judge = judge
        self.label = label
    }

    /// The groups, in the order of the problems.
    public func groups(in scope: Scope) async throws -> [EpisodeGroup] {
        try await problems.concurrently { index, problem in
            let own = scope.child(label, index)
            var group = try await own.services.play(Assignment(problem: problem, samples: samples, cast: cast), in: own)
            if let judgement = try await judge?.judge(group, in: own.child("judge")) {
                group.verdicts += judgement.verdicts
                group.children += judgement.children
            }
            return group
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
