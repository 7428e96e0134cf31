import HoneCore

/// SPIN's pairs: what a person or a better model wrote against what the model says itself.
///
/// In each group every episode with demonstrated moves is chosen over every episode that a model alone played, episodes of the
/// group first and those of its children after them. No verdict is read; the same words make no pair. Log-probabilities are
/// kept on what models sampled.
///
/// Source: Chen et al. 2024, “Self-Play Fine-Tuning Converts Weak Language Models to Strong Language Models”, algorithm 1.
public struct DemonstrationPairs: Credit {
    public static let card = PartCard(
        name: "demonstration-pairs", summary: "demonstrations chosen over what the model says itself (SPIN)",
        source: "Chen et al. 2024 (SPIN), algorithm 1", gives: [.pairs, .demonstrations, .groups], needs: [.groups])

    /// The credit.
    public init() {}

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let episodes = (group.episodes + group.children.flatMap(\.episodes)).filter { $0.steps.contains { $0.role == role } }
            let rows = try episodes.map { episode in
                try ExampleBuilder.transcript(
                    of: episode.steps.filter { $0.role == role }, group: number, episode: episode.id, training: .markedAndDemonstrated)
            }
            let areDemonstrated = episodes.map { $0.steps.contains { $0.role == role && $0.move.segments.contains { $0.origin == .demonstration } } }
            try SiblingPairs.add(
                Array(rows.indices), values: areDemonstrated.map { $0 ? 1 : 0 }, to: &batch, row: { rows[$0] }, isPair: { $0 > $1 })
            // That one was written and the other was not is no degree.
            for index in batch.pairs.indices { batch.pairs[index].margin = 0 }
        }
    }
}
