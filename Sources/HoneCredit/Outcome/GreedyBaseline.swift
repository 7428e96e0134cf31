import HoneCore

/// ReMax: each reward minus that of the greedy answer to the same problem.
///
/// Source: Li et al. 2024, “ReMax”, algorithm 1: A = r(x, a) − r(x, ā) with ā the greedy response. The greedy play is the
/// first episode in which the role's player samples at temperature 0, in the group itself or among its children; it is the
/// baseline only and is not learned from.
public struct GreedyBaseline: Credit {
    public static let card = PartCard(
        name: "greedy-baseline", summary: "reward minus the reward of the greedy answer to the same problem (ReMax)",
        source: "Li et al. 2024, algorithm 1", gives: [.onPolicyLogProbs, .groups], needs: [.groups])

    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(kind: VerdictKind = .worldReturn) { self.kind = kind }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups, kind: kind) { role, plays in
            try plays.enumerated().map { number, own in
                if own.isEmpty { return [] }
                let children = try groups[number].children.flatMap {
                    try ExampleBuilder.plays(of: $0.keeping { $0.isGreedy(role) }, number: number, role: role, kind: kind)
                }
                guard let greedy = (own + children).first(where: { $0.episode.isGreedy(role) }) else {
                    throw CreditError(
                        "Group \(number) (problem “\(groups[number].assignment.problem.id)”) has no greedy episode for role “\(role)”; "
                            + "play one with temperature 0 in the group or among its children")
                }
                return own.map { $0.episode.isGreedy(role) ? nil : $0.reward - greedy.reward }
            }
        }
    }
}

extension Episode {
    /// Whether the role's player takes the likeliest token at each step.
    func isGreedy(_ role: Role) -> Bool { cast[role]?.sampling.temperature == 0 }
}

extension EpisodeGroup {
    /// The group as it would be had only some of its episodes been played: the others lose their steps, so that all
    /// verdicts still point to what they are about.
    func keeping(_ isKept: (Episode) -> Bool) -> EpisodeGroup {
        var copy = self
        for index in copy.episodes.indices where !isKept(copy.episodes[index]) { copy.episodes[index].steps = [] }
        return copy
    }
}
