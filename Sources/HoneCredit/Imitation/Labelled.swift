import HoneCore

/// Every episode as rows with a label: what succeeded and what failed, for objectives that learn from both.
///
/// The label is 1 from the threshold on and 0 below it, or, soft, the reward itself held to [0, 1].
///
/// Source: Ethayarajh et al. 2024 (KTO) for desirable and undesirable rows; Wang et al. 2024 (negative-aware training); Cobbe et
/// al. 2021 for labels of an outcome reward model.
public struct Labelled: Credit {
    public static let card = PartCard(
        name: "labelled", summary: "every episode as rows labelled 1 for success and 0 for failure, or softly by its reward",
        source: "Ethayarajh et al. 2024; Cobbe et al. 2021", gives: [.demonstrations])

    /// The smallest reward that is a success.
    public var threshold: Double
    /// Whether the reward itself is the label.
    public var isSoft: Bool
    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Whether only a role's last step is a row: of answers in steps, the answer as a whole.
    public var isLastOnly: Bool

    /// The credit.
    public init(threshold: Double = 1, isSoft: Bool = false, kind: VerdictKind = .worldReturn, isLastOnly: Bool = false) {
        self.isLastOnly = isLastOnly
        self.threshold = threshold
        self.isSoft = isSoft
        self.kind = kind
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for play in try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind) {
                let label = isSoft ? min(1, max(0, play.reward)) : play.reward >= threshold ? 1 : 0
                let rows = try ExampleBuilder.imitations(of: play.episode, role: role, group: number, reward: play.reward)
                for var row in isLastOnly ? rows.suffix(1) : rows[...] {
                    row.scalars["label"] = label
                    batch.examples.append(row)
                }
            }
        }
    }
}
