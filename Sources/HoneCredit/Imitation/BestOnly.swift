import HoneCore

/// Keeps the best episode of each group as a demonstration to learn: best-of-N distillation.
///
/// Best is who has the largest reward of the kind, the first of equals. Source: Huang et al. 2024, “Self-Improvement in Language Models:
/// The Sharpening Mechanism”, section 2 (SFT-Sharpening), where the reward is the model's own likelihood.
public struct BestOnly: Credit {
    public static let card = PartCard(
        name: "best-only", summary: "each group's best episode becomes rows to imitate",
        source: "Huang et al. 2024, “The Sharpening Mechanism”, section 2", gives: [.demonstrations])

    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(kind: VerdictKind = .worldReturn) { self.kind = kind }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let plays = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)
            guard let best = plays.indices.min(by: { (-plays[$0].reward, $0) < (-plays[$1].reward, $1) }) else { return }
            batch.examples += try ExampleBuilder.imitations(of: plays[best].episode, role: role, group: number, reward: plays[best].reward)
        }
    }
}
