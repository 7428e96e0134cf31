import HoneCore

/// Each better episode against the worse one that differs least from it, so that a pair says what made the difference.
///
/// The difference is the edit distance of the token rows as a share of the longer one.
///
/// Source: Cheng et al. 2024, “SPaR”, section 2, whose pairs of a response and its refinement differ only in what was repaired;
/// here nearness is measured instead of made. It is `PreferencePairs` with that choice.
public struct MinimalDifference: Credit {
    public static let card = PartCard(
        name: "minimal-difference", summary: "each better episode against the worse one that differs least from it",
        source: "Cheng et al. 2024, section 2", gives: [.pairs, .groups], needs: [.groups])

    /// Which verdict is the reward, or the preference between two.
    public var kind: VerdictKind
    /// The difference of rewards must be larger than this.
    public var threshold: Double

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, threshold: Double = 0) {
        self.kind = kind
        self.threshold = threshold
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var general = PreferencePairs(kind: kind, choice: .minimalDifference, threshold: threshold)
        return try general.batch(for: roles, from: groups, scores: scores)
    }
}
