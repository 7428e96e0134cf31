import HoneCore

/// Changes what a group's episodes are worth before any credit is given: length, repetition, cut-off, improvement.
///
/// It speaks in verdicts, so that there is one place for reward: a verdict of the kind it was asked about replaces the reward
/// (the last one on a role counts), one of another kind or on a step or a span is paid beside it by credits that read it.
public protocol RewardShaping: Part {
    /// The verdicts it adds to a group for a role.
    func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict]
}

/// Another credit on shaped rewards: each shaping sees what those before it left.
public struct Shaped<Inner: Credit>: Credit {
    public static var card: PartCard {
        PartCard(
            name: "shaped", summary: "shapes rewards (length, repetition, cut-off, improvement), then “\(Inner.card.name)”",
            source: "each shaping names its own; \(Inner.card.source)", gives: Inner.card.gives, needs: Inner.card.needs)
    }

    /// Which credit sees the shaped rewards.
    public var inner: Inner
    /// The shapings, in order.
    public var shapings: [any RewardShaping]

    /// The credit.
    public init(_ inner: Inner, by shapings: [any RewardShaping]) {
        self.inner = inner
        self.shapings = shapings
    }

    public var needs: [Score] { inner.needs }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var shaped = groups
        for number in shaped.indices {
            try ExampleBuilder.refuseHeldOut(shaped[number])
            for shaping in shapings {
                for role in roles {
                    shaped[number].verdicts += try shaping.verdicts(on: shaped[number], number: number, role: role)
                }
            }
        }
        return try inner.batch(for: roles, from: shaped, scores: scores)
    }
}

extension Shaped: Stateful where Inner: Stateful {
    public var memo: Inner.Memo {
        get { inner.memo }
        set { inner.memo = newValue }
    }
}

extension RewardShaping {
    /// New rewards in place of the old, one for each of the role's plays.
    func replacing(_ kind: VerdictKind, of plays: [Play], _ reward: (Play) throws -> Double) throws -> [Verdict] {
        try plays.map { Verdict(on: .role($0.index, $0.role), kind: kind, value: try reward($0)) }
    }
}
