import HoneCore

/// Learns an answer up to its first error and nothing after it.
///
/// The steps of the role before the first one judged wrong become rows to imitate; with `learnsError` the wrong step itself is a
/// row too, with `label` 0 where the others have 1. An episode without a wrong step is learned whole.
///
/// Source: Lightman et al. 2023, “Let's Verify Step by Step”, section 2.4, where only the steps up to the first error are labelled.
public struct FirstError: Credit {
    public static let card = PartCard(
        name: "first-error", summary: "steps up to the first wrong one, and nothing after it",
        source: "Lightman et al. 2023, section 2.4", gives: [.demonstrations, .stepVerdicts], needs: [.stepVerdicts])

    /// Which verdict on a step says whether it is right.
    public var kind: VerdictKind
    /// A step whose verdict is below this is wrong.
    public var threshold: Double
    /// Whether the wrong step is a row as well.
    public var learnsError: Bool

    /// The credit.
    public init(kind: VerdictKind = .step, threshold: Double = 0.5, learnsError: Bool = false) {
        self.kind = kind
        self.threshold = threshold
        self.learnsError = learnsError
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for (index, episode) in group.episodes.enumerated() {
                let judged = try group.judgedSteps(of: role, episode: index, number: number, kind: kind)
                let error = judged.first { $0.value < threshold }?.step ?? episode.steps.count
                for (place, step) in episode.steps.enumerated() where step.role == role && (place < error || learnsError && place == error) {
                    var row = try ExampleBuilder.example(of: step, group: number, episode: episode.id, needsLogProbs: false)
                    row.scalars["label"] = place == error ? 0 : 1
                    batch.examples.append(row)
                }
            }
        }
    }
}
