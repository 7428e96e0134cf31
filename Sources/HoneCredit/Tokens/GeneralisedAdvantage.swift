import HoneCore
import HoneNumerics

/// Generalised advantage estimation: δ_u = r_u + γ·V_{u+1} − V_u, A_u = δ_u + γλ·A_{u+1}, over tokens, steps or turns.
///
/// V comes from a head, read before the unit's first trained token, and is 0 after the last: an episode that was cut off is
/// not continued by its value. Every token of a unit has the unit's advantage; the channel `returns` holds A + V, the target
/// of the value head, and `oldValues` the V that was used, for clipping. With a KL coefficient each token pays
/// β·(log π − log π_ref) as well. Rewards of the streams are summed; their own discounts are not used here.
///
/// Source: Schulman et al. 2016, equations 11 and 16; the token penalty is that of Ouyang et al. 2022.
public struct GeneralisedAdvantage: Credit {
    public static let card = PartCard(
        name: "gae", summary: "generalised advantages of a value head over tokens, steps or turns, and returns to teach it",
        source: "Schulman et al. 2016, equations 11 and 16", gives: [.onPolicyLogProbs])

    /// What is rewarded.
    public var streams: [RewardStream]
    /// γ, from one unit to the next.
    public var discount: Double
    /// λ: 0 trusts the values, 1 the rewards.
    public var lambda: Double
    /// What discounts are counted over.
    public var unit: CreditUnit
    /// Whose value head is read.
    public var critic: ModelRef
    /// The head.
    public var head: HeadName
    /// β of the penalty against the reference; 0 asks for none.
    public var klCoefficient: Double
    /// Against which model.
    public var reference: ModelRef
    /// Whether the advantages of all trained tokens of a role are given mean 0 and deviation 1, as many libraries do.
    public var whitens: Bool

    /// The credit.
    public init(
        streams: [RewardStream] = [RewardStream(.worldReturn)], discount: Double = 1, lambda: Double = 0.95, unit: CreditUnit = .token,
        critic: ModelRef = "policy", head: HeadName = "value", klCoefficient: Double = 0,
        reference: ModelRef = ModelRef("policy", snapshot: "base"), whitens: Bool = false
    ) {
        self.streams = streams
        self.discount = discount
        self.lambda = lambda
        self.unit = unit
        self.critic = critic
        self.head = head
        self.klCoefficient = klCoefficient
        self.reference = reference
        self.whitens = whitens
    }

    public var needs: [Score] {
        [Score(.head(head), by: critic)] + (klCoefficient > 0 ? [Score(.logProbs, by: reference)] : [])
    }

    /// The advantages of a chain of units given their rewards and the values before them; the value after the last is 0.
    public static func advantages(rewards: [Double], values: [Double], discount: Double, lambda: Double) -> [Double] {
        var advantages = rewards
        var (next, nextValue) = (0.0, 0.0)
        for unit in rewards.indices.reversed() {
            next = rewards[unit] + discount * nextValue - values[unit] + discount * lambda * next
            nextValue = values[unit]
            advantages[unit] = next
        }
        return advantages
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        for group in groups { try ExampleBuilder.refuseHeldOut(group) }
        let paths = try roles.flatMap { role in
            var own = try streams.paths(of: role, in: groups).map { path, rewards in
                try estimate(path, rewards: rewards, penalties: path.penalties(klCoefficient, reference: reference, scores), scores)
            }
            guard whitens else { return own }
            let all = own.flatMap(\.advantages)
            let (mean, spread) = (GroupStatistics.mean(all), GroupStatistics.deviation(all))
            for index in own.indices { own[index].advantages = own[index].advantages.map { spread == 0 ? 0 : ($0 - mean) / (spread + 1e-8) } }
            return own
        }
        return TrainingBatch(examples: try RolePath.examples(of: paths))
    }

    private func estimate(_ path: RolePath, rewards: [[Double]], penalties: [Double], _ scores: ScoreTable) throws -> RolePath {
        var path = path
        let units = path.units(unit)
        let values = try path.values(of: Score(.head(head), by: critic), in: scores)
        var (paid, before) = ([Double](), [Double]())
        for (place, unit) in units.enumerated() {
            if unit == paid.count {
                paid.append(0)
                before.append(values[place])
            }
            paid[unit] += penalties[place] + rewards.reduce(0) { $0 + $1[place] }
        }
        let advantages = Self.advantages(rewards: paid, values: before, discount: discount, lambda: lambda)
        path.advantages = units.map { advantages[$0] }
        path.channels["returns"] = units.map { advantages[$0] + before[$0] }
        path.channels["oldValues"] = values
        return path
    }
}
