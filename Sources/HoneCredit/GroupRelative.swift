import HoneCore

/// Advantages relative to a group of episodes of one problem: (r − mean) / (std + ε).
///
/// Source: Shao et al. 2024, “DeepSeekMath”, section 4.1; without the division it is Dr. GRPO's (Liu et al. 2025). The
/// standard deviation is the population's (divided by n). A group whose rewards are all equal has advantage 0 throughout.
public struct GroupRelative: Credit {
    public static let card = PartCard(
        name: "group-relative", summary: "reward minus the group's mean, divided by its standard deviation",
        source: "Shao et al. 2024, section 4.1", gives: [.onPolicyLogProbs, .groups], needs: [.groups])

    /// Whether advantages are divided by the group's standard deviation.
    public var normaliseByStd: Bool
    /// ε in the division.
    public var epsilon: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Whether groups without any difference are left out of the batch; they have no gradient, only cost.
    public var dropsEqualGroups: Bool

    /// The credit.
    public init(
        normaliseByStd: Bool = true, epsilon: Double = 1e-4, kind: VerdictKind = .worldReturn, dropsEqualGroups: Bool = false
    ) {
        self.normaliseByStd = normaliseByStd
        self.epsilon = epsilon
        self.kind = kind
        self.dropsEqualGroups = dropsEqualGroups
    }

    /// The advantages of a group's rewards.
    public static func advantages(_ rewards: [Double], normaliseByStd: Bool, epsilon: Double) -> [Double] {
        guard !rewards.isEmpty else { return [] }
        let mean = rewards.reduce(0, +) / Double(rewards.count)
        let centred = rewards.map { $0 - mean }
        guard normaliseByStd else { return centred }
        let deviation = (centred.reduce(0) { $0 + $1 * $1 } / Double(rewards.count)).squareRoot()
        return deviation == 0 ? centred.map { _ in 0 } : centred.map { $0 / (deviation + epsilon) }
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var batch = TrainingBatch()
        for (g, group) in groups.enumerated() {
            try ExampleBuilder.refuseHeldOut(group)
            for role in roles {
                let indices = group.episodes.indices.filter { index in group.episodes[index].steps.contains { $0.role == role } }
                let rewards = indices.compactMap { group.value(of: kind, episode: $0, role: role) }
                guard rewards.count == indices.count else {
                    throw CreditError("Group \(g) has episodes without a “\(kind)” verdict for role “\(role)”; add a judge that gives it")
                }
                let advantages = Self.advantages(rewards, normaliseByStd: normaliseByStd, epsilon: epsilon)
                if dropsEqualGroups, advantages.allSatisfy({ $0 == 0 }) { continue }
                for (place, index) in indices.enumerated() {
                    let episode = group.episodes[index]
                    for step in episode.steps where step.role == role {
                        var example = try ExampleBuilder.example(of: step, group: g, episode: episode.id, needsLogProbs: true)
                        example.advantages = [Float](repeating: Float(advantages[place]), count: example.tokens.count)
                        example.scalars["reward"] = rewards[place]
                        batch.examples.append(example)
                    }
                }
            }
        }
        return batch
    }
}
