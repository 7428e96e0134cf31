import HoneCore

/// DAPO's dynamic sampling: leaves groups out in which every episode has the same reward, then gives another credit the rest.
///
/// Such groups have no gradient under a group-relative credit, only cost, and dilute means over tokens or rows. Group
/// numbers stay as they were. Filling the batch up again is the controller's business, which can play more.
///
/// Source: Yu et al. 2025, “DAPO”, equation 11: 0 < |{correct}| < G.
public struct DynamicSampling<Inner: Credit>: Credit {
    public static var card: PartCard {
        PartCard(
            name: "dynamic-sampling", summary: "leaves out groups whose rewards are all equal (DAPO), then “\(Inner.card.name)”",
            source: "Yu et al. 2025, equation 11", gives: Inner.card.gives, needs: Inner.card.needs.union([.groups]))
    }

    /// Which credit the rest goes to.
    public var inner: Inner
    /// Which verdict must differ: correctness, as the paper has it, or a shaped reward.
    public var kind: VerdictKind

    /// The credit.
    public init(_ inner: Inner, kind: VerdictKind = .worldReturn) {
        self.inner = inner
        self.kind = kind
    }

    public var needs: [Score] { inner.needs }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var kept = groups
        for (number, group) in groups.enumerated() {
            try ExampleBuilder.refuseHeldOut(group)
            for role in roles {
                let rewards = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind).map(\.reward)
                guard let first = rewards.first, rewards.allSatisfy({ $0 == first }) else { continue }
                for index in group.episodes.indices { kept[number].episodes[index].leaveOut(role) }
            }
        }
        return try inner.batch(for: roles, from: kept, scores: scores)
    }
}

extension Episode {
    /// Takes a role's steps away from credit; they stay where they are, so that places of verdicts and scores still hold.
    mutating func leaveOut(_ role: Role) {
        for step in steps.indices where steps[step].role == role { steps[step].role = "left out" }
    }
}

extension DynamicSampling: Stateful where Inner: Stateful {
    public var memo: Inner.Memo {
        get { inner.memo }
        set { inner.memo = newValue }
    }
}
