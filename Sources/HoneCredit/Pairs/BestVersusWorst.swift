import HoneCore

/// One pair per group: the best episode against the worst.
///
/// Source: Yuan et al. 2024, “Self-Rewarding Language Models”, section 2.3; Wu et al. 2024 (SPPO) pick by win share, which pair
/// verdicts give here. It is `PreferencePairs` with that choice.
public struct BestVersusWorst: Credit {
    public static let card = PartCard(
        name: "best-versus-worst", summary: "one pair per group: the best episode against the worst",
        source: "Yuan et al. 2024, section 2.3", gives: [.pairs, .groups], needs: [.groups])

    /// Which verdict is the reward, or the preference between two.
    public var kind: VerdictKind
    /// The difference must be larger than this.
    public var threshold: Double

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, threshold: Double = 0) {
        self.kind = kind
        self.threshold = threshold
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var general = PreferencePairs(kind: kind, choice: .bestVersusWorst, threshold: threshold)
        return try general.batch(for: roles, from: groups, scores: scores)
    }
}
