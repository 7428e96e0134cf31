import HoneCore

/// Another credit's pairs, so many of them at most: so that two ways to make pairs teach in as many steps.
///
/// Where there are more they are taken evenly from all, in the order of the groups; a row that two kept pairs share stands there twice.
public struct LimitedPairs: Credit {
    public static let card = PartCard(
        name: "limited-pairs", summary: "so many of another credit's pairs", source: "no paper: equal numbers of pairs", gives: [.pairs])

    /// What makes the pairs.
    public var credit: any Credit
    /// The most pairs; 0 keeps all.
    public var limit: Int

    /// The credit.
    public init(credit: any Credit, limit: Int) {
        self.credit = credit
        self.limit = limit
    }

    public var needs: [Score] { credit.needs }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        let all = try credit.batch(for: roles, from: groups, scores: scores)
        guard limit > 0, all.pairs.count > limit else { return all }
        var kept = TrainingBatch()
        for place in 0..<limit {
            var pair = all.pairs[place * all.pairs.count / limit]
            kept.examples += [all.examples[pair.chosen], all.examples[pair.rejected]]
            (pair.chosen, pair.rejected) = (kept.examples.count - 2, kept.examples.count - 1)
            kept.pairs.append(pair)
        }
        return kept
    }
}
