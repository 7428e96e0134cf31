import HoneCore

/// SPIRAL's role-conditioned advantage: each reward minus a running mean of its world and role.
///
/// A = R − b[world, role] with b read before b ← α·b + (1 − α)·R, episode after episode in canonical order, so that the
/// baseline never depends on the episode's own moves and the gradient stays unbiased. A step's advantage is A·γ^(own steps
/// that follow). Parts of opponents that only play, parts with advantage 0 and, if asked for, episodes cut off by a budget are left out. What is carried is one
/// number per world and role.
///
/// Source: Liu et al. 2025, “SPIRAL”, section 3.3. The paper's display updates b before it is subtracted; its code and this
/// credit subtract first (`updatesFirst` gives the display's order).
public struct RoleConditioned: Credit, Stateful {
    public static let card = PartCard(
        name: "role-conditioned", summary: "reward minus a running mean kept for each world and role (SPIRAL)",
        source: "Liu et al. 2025, section 3.3", gives: [.onPolicyLogProbs])

    /// What is carried from batch to batch.
    public struct Memo: Hashable, Sendable, Codable {
        /// The running means, by world and role.
        public var baselines: [WorldName: [Role: Double]] = [:]

        /// No means yet.
        public init() {}
    }

    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// α: how much of the old mean is kept, from 0 to 1.
    public var decay: Double
    /// γ: the discount from a step to the role's next.
    public var discount: Double
    /// Whether the mean takes in the reward before it is subtracted, which shrinks and biases the advantage.
    public var updatesFirst: Bool
    /// Whether all roles of a world share one mean, the ablation: a seat that always wins is then praised for all it does.
    public var sharesBaseline: Bool
    /// Whether episodes that a budget ended are left out (their rewards still move the mean).
    public var skipsCutOff: Bool
    /// The running means.
    public var memo = Memo()

    /// The credit.
    public init(
        kind: VerdictKind = .worldReturn, decay: Double = 0.95, discount: Double = 1, updatesFirst: Bool = false,
        skipsCutOff: Bool = true, sharesBaseline: Bool = false
    ) {
        self.sharesBaseline = sharesBaseline
        self.kind = kind
        self.decay = decay
        self.discount = discount
        self.updatesFirst = updatesFirst
        self.skipsCutOff = skipsCutOff
    }

    /// The advantage of a reward, after which the running mean has taken it in.
    public mutating func advantage(of reward: Double, world: WorldName, role: Role) -> Double {
        let role: Role = sharesBaseline ? "all" : role
        let old = memo.baselines[world]?[role] ?? 0
        let new = decay * old + (1 - decay) * reward
        memo.baselines[world, default: [:]][role] = new
        return reward - (updatesFirst ? new : old)
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var learned = self
        var batch = TrainingBatch()
        for group in groups { try ExampleBuilder.refuseHeldOut(group) }
        for (number, group) in groups.enumerated() {
            for role in roles {
                for play in try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind) where play.isLearned {
                    let advantage = learned.advantage(of: play.reward, world: group.assignment.problem.world, role: role)
                    if advantage == 0 || skipsCutOff && play.episode.ending == .budget { continue }
                    var rows = try ExampleBuilder.rows(of: play, advantage: advantage)
                    var factor = 1.0
                    for row in rows.indices.reversed() {
                        let own = try ExampleBuilder.single(advantage * factor, "advantage", of: play.episode.id)
                        rows[row].advantages = [Float](repeating: own, count: rows[row].tokens.count)
                        factor *= discount
                    }
                    batch.examples += rows
                }
            }
        }
        // A refused batch leaves the means as they were.
        memo = learned.memo
        return batch
    }
}
