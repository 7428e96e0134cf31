import HoneCore

/// OREAL's choice of rows: of each group one right and one wrong episode, with what another credit gave them in the whole group.
///
/// The inner credit sees all episodes, so that baselines are those of the whole group; then one episode at or above the
/// threshold and one below it are drawn, keyed by problem and seed, and the others' rows are left out. A group without one of
/// both is left out altogether. Only for credits that make no pairs.
///
/// Source: Lyu et al. 2025, “Exploring the Limit of Outcome Reward for Learning Mathematical Reasoning”, section 3, and its code.
public struct OnePerOutcome<Inner: Credit>: Credit {
    public static var card: PartCard {
        PartCard(
            name: "one-per-outcome", summary: "one right and one wrong episode of each group, with what “\(Inner.card.name)” gave them (OREAL)",
            source: "Lyu et al. 2025, section 3", gives: Inner.card.gives.subtracting([.pairs]), needs: Inner.card.needs.union([.groups]))
    }

    /// Which credit says what episodes are worth.
    public var inner: Inner
    /// The smallest reward of a right episode.
    public var threshold: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// The key of the draws.
    public var seed: Int

    /// The credit.
    public init(_ inner: Inner, threshold: Double = 1, kind: VerdictKind = .worldReturn, seed: Int = 0) {
        self.inner = inner
        self.threshold = threshold
        self.kind = kind
        self.seed = seed
    }

    public var needs: [Score] { inner.needs }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        let chosen = try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let plays = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)
            var generator = Seed(UInt64(bitPattern: Int64(seed))).child(group.assignment.problem.id).child(role.text).generator
            guard let right = generator.element(of: plays.filter { $0.reward >= threshold }),
                let wrong = generator.element(of: plays.filter { $0.reward < threshold })
            else { return }
            for play in [right, wrong] {
                batch.examples += try ExampleBuilder.imitations(of: play.episode, role: role, group: number, reward: play.reward)
            }
        }
        let kept = Set(chosen.examples.map(RowKey.init))
        let made = try inner.batch(for: roles, from: groups, scores: scores)
        return TrainingBatch(examples: made.examples.filter { kept.contains(RowKey($0)) })
    }
}

/// What tells rows of a batch apart.
private struct RowKey: Hashable {
    let group: Int
    let episode: EpisodeID
    let tokens: [TokenID]

    init(_ row: Example) { (group, episode, tokens) = (row.group, row.episode, row.tokens) }
}

extension OnePerOutcome: Stateful where Inner: Stateful {
    public var memo: Inner.Memo {
        get { inner.memo }
        set { inner.memo = newValue }
    }
}
