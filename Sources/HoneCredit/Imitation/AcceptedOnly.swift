import HoneCore

/// Keeps what the verifier accepted, as demonstrations to learn: rejection sampling.
///
/// Source: Zelikman et al. 2022 (STaR); Singh et al. 2024 (ReST-EM), who keep at most ten solutions a problem.
public struct AcceptedOnly: Credit {
    public static let card = PartCard(
        name: "accepted-only", summary: "episodes whose verdict reaches the threshold become rows to imitate",
        source: "Zelikman et al. 2022; Singh et al. 2024, Algorithm 1", gives: [.demonstrations])

    /// The most different solutions of one problem; 0 keeps all.
    public var keep: Int
    /// The smallest reward that is accepted.
    public var threshold: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The credit.
    public init(keep: Int = 0, threshold: Double = 1, kind: VerdictKind = .worldReturn) {
        self.keep = keep
        self.threshold = threshold
        self.kind = kind
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            var seen: Set<[TokenID]> = []
            for (index, episode) in group.episodes.enumerated() {
                guard let reward = group.value(of: kind, episode: index, role: role) else { continue }
                try ExampleBuilder.check(reward, "reward", of: group, number: number, episode: index)
                guard reward >= threshold else { continue }
                let rows = try ExampleBuilder.imitations(of: episode, role: role, group: number, reward: reward)
                guard seen.insert(rows.flatMap(\.tokens)).inserted else { continue }
                if keep > 0, seen.count > keep { break }
                batch.examples += rows
            }
        }
    }
}
