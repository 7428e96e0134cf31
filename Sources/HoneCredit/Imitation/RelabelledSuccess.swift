import HoneCore

/// SMART's relabelling: the attempt that succeeded is learned as if it had been the first.
///
/// Attempts are the role's steps; the first one whose verdict reaches the threshold becomes a row under the first attempt's
/// context, so that the failed attempts before it are forgotten. What was forced at the head of its move (a strategy tag, as a
/// hint) is learned too, as the choice to make. Episodes without success are left out.
///
/// Source: Liu et al. 2024, “SMART: Self-learning Meta-strategy Agent for Reasoning Tasks”, section 3.2.
public struct RelabelledSuccess: Credit {
    public static let card = PartCard(
        name: "relabelled-success", summary: "the attempt that succeeded, learned as if it had been the first (SMART)",
        source: "Liu et al. 2024, section 3.2", gives: [.demonstrations])

    /// Which verdict on a step says whether the attempt succeeded.
    public var kind: VerdictKind
    /// The smallest verdict of a success.
    public var threshold: Double
    /// The most different rows of one problem; 0 keeps all.
    public var keep: Int
    /// Whether hints inside the move are learned.
    public var learnsForced: Bool

    /// The credit.
    public init(kind: VerdictKind = .step, threshold: Double = 1, keep: Int = 2, learnsForced: Bool = true) {
        self.kind = kind
        self.threshold = threshold
        self.keep = keep
        self.learnsForced = learnsForced
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            var seen: Set<[TokenID]> = []
            for (index, episode) in group.episodes.enumerated() {
                let attempts = try group.judgedSteps(of: role, episode: index, number: number, kind: kind)
                guard let first = episode.steps.first(where: { $0.role == role }), let success = attempts.first(where: { $0.value >= threshold })
                else { continue }
                var move = episode.steps[success.step].move
                for place in move.segments.indices where learnsForced && move.segments[place].origin == .hint {
                    move.segments[place].isTrained = true
                }
                var row = try ExampleBuilder.example(
                    of: Step(role: role, context: first.context, move: move), group: number, episode: episode.id, needsLogProbs: false)
                row.scalars["reward"] = success.value
                if seen.insert(row.tokens).inserted, keep <= 0 || seen.count <= keep { batch.examples.append(row) }
            }
        }
    }
}
