import HoneCore

/// Labels of the steps of one answer from a check of each: a row for each answer, with all its steps up to the first wrong one.
///
/// The channel `steps` holds, at each step's last token, 1 for a right step and 0 for the first wrong one, or their quality values; what comes after a
/// wrong step says nothing and is cut off. Steps that somebody wrote count as those that were sampled. The quality value of the k-th of K steps is
/// k/K; that of a wrong one max(v − (1 − v) / (K − k + 2), 0) with v = (k − 1)/K, as a wrong step is as far from the end as the position it was made at.
///
/// Source: Lightman et al. 2023, “Let's Verify Step by Step”, section 2.4, for labels up to the first error; Zhang et al. 2024, “ReST-MCTS*”, section 3.1,
/// for quality values, and section 3.3 for a first value from written solutions and damaged ones.
public struct CheckedSteps: Credit {
    public static let card = PartCard(
        name: "checked-steps", summary: "labels of an answer's steps up to the first wrong one, from a check of each",
        source: "Lightman et al. 2023, section 2.4; Zhang et al. 2024, “ReST-MCTS*”, sections 3.1 and 3.3", gives: [.demonstrations, .stepVerdicts],
        needs: [.stepVerdicts])

    /// Which verdict on a step says whether it is right.
    public var kind: VerdictKind
    /// A step whose verdict is below this is wrong.
    public var threshold: Double
    /// Whether labels are quality values, which rise from step to step, instead of 1 and 0.
    public var isQuality: Bool

    /// The credit.
    public init(kind: VerdictKind = .step, threshold: Double = 0.5, isQuality: Bool = false) {
        self.kind = kind
        self.threshold = threshold
        self.isQuality = isQuality
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for (index, episode) in group.episodes.enumerated() {
                let judged = try group.judgedSteps(of: role, episode: index, number: number, kind: kind)
                let taken = judged.prefix((judged.firstIndex { $0.value < threshold } ?? judged.count - 1) + 1)
                guard !taken.isEmpty else { continue }
                let steps = taken.map { episode.steps[$0.step] }
                var row = try ExampleBuilder.transcript(of: steps, group: number, episode: episode.id, training: .markedAndDemonstrated)
                var labels = [Float](repeating: -1, count: row.tokens.count)
                for (place, (step, verdict)) in zip(steps, taken).enumerated() {
                    let end = (step.context + step.move.segments).reduce(0) { $0 + ($1.tokens?.count ?? 0) }
                    guard let last = row.isTrained[..<end].lastIndex(of: true) else { continue }
                    let isRight = verdict.value >= threshold
                    let label = isQuality ? Self.quality(of: place + 1, among: judged.count, isRight: isRight) : isRight ? 1 : 0
                    labels[last] = try ExampleBuilder.single(label, "label", of: episode.id)
                }
                guard labels.contains(where: { $0 >= 0 }) else { continue }
                row.channels["steps"] = labels
                batch.examples.append(row)
            }
        }
    }

    /// The quality value of the k-th of so many steps, counted from 1, before which all are right.
    public static func quality(of step: Int, among count: Int, isRight: Bool) -> Double {
        guard !isRight else { return Double(step) / Double(count) }
        let before = Double(step - 1) / Double(count)
        return max(0, before - (1 - before) / Double(count - step + 2))
    }
}
