import HoneCore

/// An advantage for each decision: the reward minus what the other plays of the batch got from the same position.
///
/// Positions are the same where a role's context is the same, token by token (the anchor states of GiGPO). A decision's baseline is
/// b = (Σ_{j≠i} Rⱼ + m·b[world, role]) / (n − 1 + m) over the n decisions of the batch at its position: the leave-one-out mean, drawn towards
/// the running mean of the role by as much as m decisions count, so that positions met once have a baseline too. It never depends on the
/// decision it judges, so the gradient stays unbiased. In games with few positions it takes the luck of the deal out of the advantages, which
/// a mean for each role leaves in.
///
/// Source: Feng et al. 2025, “Group-in-Group Policy Optimization for LLM Agent Training”, anchor-state grouping, with the leave-one-out mean of Kool et al. 2019 for its mean and
/// without its division by the standard deviation; running means as in `RoleConditioned`.
public struct StateConditioned: Credit, Stateful {
    public static let card = PartCard(
        name: "state-conditioned", summary: "reward minus the mean of the other decisions at the same position (GiGPO's anchor states)",
        source: "Feng et al. 2025, anchor-state grouping; Kool et al. 2019", gives: [.onPolicyLogProbs])

    /// m: as how many decisions the role's running mean counts, 0 or more; at 0, positions met once have the role's mean alone.
    public var prior: Double
    /// The running means, the reward's kind, and which plays are left out.
    public var roles: RoleConditioned
    /// The running means by world and role.
    public var memo: RoleConditioned.Memo {
        get { roles.memo }
        set { roles.memo = newValue }
    }

    /// The credit; `decay` is how much of a role's old mean is kept, from 0 to 1.
    public init(kind: VerdictKind = .worldReturn, prior: Double = 1, decay: Double = 0.95, sharesBaseline: Bool = false, skipsCutOff: Bool = true) {
        self.prior = prior
        roles = RoleConditioned(kind: kind, decay: decay, skipsCutOff: skipsCutOff, sharesBaseline: sharesBaseline)
    }

    private struct Position: Hashable {
        let world: WorldName
        let role: Role
        let tokens: ArraySlice<TokenID>
    }

    private struct Decision {
        let example: Example
        let episode: Episode
        let position: Position
        let reward: Double
        /// The running mean of its role, read before its reward was taken in.
        let mean: Double
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var learned = self.roles
        for group in groups { try ExampleBuilder.refuseHeldOut(group) }
        var decisions: [Decision] = []
        var sums: [Position: (total: Double, count: Int)] = [:]
        for (number, group) in groups.enumerated() {
            let world = group.assignment.problem.world
            for role in roles {
                for play in try ExampleBuilder.plays(of: group, number: number, role: role, kind: learned.kind) where play.isLearned {
                    let mean = play.reward - learned.advantage(of: play.reward, world: world, role: role)
                    if learned.skipsCutOff && play.episode.ending == .budget { continue }
                    let steps = play.episode.steps.filter { $0.role == role }
                    for (step, example) in zip(steps, try ExampleBuilder.rows(of: play, advantage: 0)) {
                        let length = step.context.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
                        let position = Position(world: world, role: role, tokens: example.tokens.prefix(length))
                        decisions.append(Decision(example: example, episode: play.episode, position: position, reward: play.reward, mean: mean))
                        let old = sums[position] ?? (0, 0)
                        sums[position] = (old.total + play.reward, old.count + 1)
                    }
                }
            }
        }
        var batch = TrainingBatch()
        for decision in decisions {
            let all = sums[decision.position] ?? (0, 0)
            let weight = Double(all.count - 1) + prior
            let baseline = weight > 0 ? (all.total - decision.reward + prior * decision.mean) / weight : decision.mean
            let advantage = decision.reward - baseline
            if advantage == 0 { continue }
            var example = decision.example
            let own = try ExampleBuilder.single(advantage, "advantage", of: decision.episode.id)
            example.advantages = [Float](repeating: own, count: example.tokens.count)
            batch.examples.append(example)
        }
        // A refused batch leaves the means as they were.
        self.roles = learned
        return batch
    }
}
