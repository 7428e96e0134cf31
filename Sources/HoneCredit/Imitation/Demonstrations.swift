import HoneCore

/// Learns what others wrote: moves of demonstration origin become trained rows, but for those of players that are not learned from.
public struct Demonstrations: Credit {
    public static let card = PartCard(
        name: "demonstrations", summary: "moves written by others become rows to imitate",
        source: "maximum likelihood on demonstrations", gives: [.demonstrations])

    /// Whether a role's demonstrated moves of an episode become one row: the same tokens are learned for less work. Each context must begin
    /// with the one before it and its move.
    public var joins: Bool

    /// The credit.
    public init(joins: Bool = false) { self.joins = joins }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var batch = TrainingBatch()
        for (g, group) in groups.enumerated() {
            try ExampleBuilder.refuseHeldOut(group)
            for episode in group.episodes {
                let roles = roles.filter { episode.cast[$0]?.learns != false }
                if joins {
                    for role in roles {
                        let own = episode.steps.filter { $0.role == role && $0.move.segments.contains { $0.origin == .demonstration } }
                        guard !own.isEmpty else { continue }
                        batch.examples.append(
                            try ExampleBuilder.transcript(of: own, group: g, episode: episode.id, training: .markedAndDemonstrated))
                    }
                    continue
                }
                for step in episode.steps
                where roles.contains(step.role) && step.move.segments.contains(where: { $0.origin == .demonstration }) {
                    batch.examples.append(
                        try ExampleBuilder.example(
                            of: step, group: g, episode: episode.id, training: .markedAndDemonstrated, needsLogProbs: false))
                }
            }
        }
        return batch
    }
}
