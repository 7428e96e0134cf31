import HoneCore

/// Learns what others wrote: moves of demonstration origin become trained rows.
public struct Demonstrations: Credit {
    public static let card = PartCard(
        name: "demonstrations", summary: "moves written by others become rows to imitate",
        source: "maximum likelihood on demonstrations", gives: [.demonstrations])

    /// The credit.
    public init() {}

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var batch = TrainingBatch()
        for (g, group) in groups.enumerated() {
            try ExampleBuilder.refuseHeldOut(group)
            for episode in group.episodes {
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
