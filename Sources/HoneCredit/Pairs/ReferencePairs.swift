import HoneCore

/// Pairs of what the policy said with what its base said to the same prompt: episode i of a group against episode i of the group's last
/// child, whichever has the larger reward first, with the difference as margin. Rows carry `reward`, and `isReference`: 1 for those of
/// the child.
///
/// Without a child the group's own episodes are paired two by two, 0 with 1, 2 with 3 and so on, the second of the two as reference.
/// The same words make no pair. Source: Huang et al. 2024, “The Sharpening Mechanism”, equation 4 (two answers of the base) and
/// algorithm 1 (one of the policy, one of the base).
public struct ReferencePairs: Credit {
    public static let card = PartCard(
        name: "reference-pairs", summary: "what the policy said against what its base said, or two answers of one draw, with reward difference",
        source: "Huang et al. 2024, “The Sharpening Mechanism”, equation 4 and algorithm 1", gives: [.pairs, .groups], needs: [.groups])

    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(kind: VerdictKind = .worldReturn) { self.kind = kind }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let own = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)
            let pairs: [(Play, Play)]
            if let child = group.children.last {
                try ExampleBuilder.refuseHeldOut(child)
                let reference = try ExampleBuilder.plays(of: child, number: number, role: role, kind: kind)
                pairs = Array(zip(own, reference))
            } else {
                pairs = stride(from: 0, to: own.count - 1, by: 2).map { (own[$0], own[$0 + 1]) }
            }
            for (first, second) in pairs {
                var rows = try [first, second].map { play in
                    try ExampleBuilder.transcript(
                        of: play.episode.steps.filter { $0.role == role }, group: number, episode: play.episode.id)
                }
                guard rows[0].tokens != rows[1].tokens else { continue }
                rows[0].scalars = ["reward": first.reward, "isReference": 0]
                rows[1].scalars = ["reward": second.reward, "isReference": 1]
                let start = batch.examples.count
                batch.examples += rows
                let isFirst = first.reward >= second.reward
                batch.pairs.append(
                    Pair(chosen: start + (isFirst ? 0 : 1), rejected: start + (isFirst ? 1 : 0), margin: abs(first.reward - second.reward)))
            }
        }
    }
}
