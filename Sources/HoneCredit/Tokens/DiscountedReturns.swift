import HoneCore
import HoneNumerics

/// Returns from each token, step or turn on, each stream of rewards with its own discount, minus a baseline.
///
/// G_{u,i} = w_i·r_{u,i} + γ_i·G_{u+1,i}, A_u = Σ_i G_{u,i} − b_u. Every token of a unit has the unit's advantage; the channel
/// `returns` holds Σ_i G_{u,i}, the target of a value head, `returns1`, `returns2`, … those of several streams, `rewards` what is
/// paid at a token, and `turn` is 0 in the role's first step and 1 later. With `step` or `turn` these are per-step and per-turn
/// returns.
///
/// Source: Williams 1992 (REINFORCE with rewards to go); Yeo et al. 2025, “Demystifying Long Chain-of-Thought Reasoning”,
/// section 4.3, for streams with own discounts (its advantage is G − V, λ = 1: the baseline `valueHead`).
public struct DiscountedReturns: Credit {
    public static let card = PartCard(
        name: "discounted-returns", summary: "rewards to go per token, step or turn, each stream with its own discount, minus a baseline",
        source: "Williams 1992; Yeo et al. 2025, section 4.3", gives: [.onPolicyLogProbs])

    /// What is subtracted from the return of a unit.
    public enum Baseline: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing.
        case none
        /// The mean over all episodes of the batch, of the units with the same number.
        case batchMean
        /// The mean over the group's episodes, of the units with the same number.
        case groupMean
        /// The same mean without the episode itself: unbiased. A unit that no other episode reached has advantage 0.
        case leaveOneOut
        /// A value head, read before the unit's first trained token.
        case valueHead
    }

    /// What is rewarded.
    public var streams: [RewardStream]
    /// What discounts are counted over.
    public var unit: CreditUnit
    /// What is subtracted.
    public var baseline: Baseline
    /// Whose value head is read, for that baseline.
    public var critic: ModelRef
    /// The head.
    public var head: HeadName

    /// The credit.
    public init(
        streams: [RewardStream] = [RewardStream(.worldReturn)], unit: CreditUnit = .step, baseline: Baseline = .groupMean,
        critic: ModelRef = "policy", head: HeadName = "value"
    ) {
        self.streams = streams
        self.unit = unit
        self.baseline = baseline
        self.critic = critic
        self.head = head
    }

    public var needs: [Score] { baseline == .valueHead ? [Score(.head(head), by: critic)] : [] }

    /// The returns of a chain of units: G_u = r_u + γ·G_{u+1}.
    public static func returns(_ rewards: [Double], discount: Double) -> [Double] {
        var returns = rewards
        for unit in rewards.indices.dropLast().reversed() { returns[unit] += discount * returns[unit + 1] }
        return returns
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        for group in groups { try ExampleBuilder.refuseHeldOut(group) }
        var all: [RolePath] = []
        for role in roles {
            var paths: [RolePath] = []
            var units: [[Int]] = []
            var totals: [[Double]] = []
            for (bare, rewards) in try streams.paths(of: role, in: groups) {
                var path = bare
                let own = path.units(unit)
                let returns = streamReturns(rewards, units: own)
                path.channels["rewards"] = path.places.indices.map { place in rewards.reduce(0) { $0 + $1[place] } }
                path.channels["turn"] = path.places.map { $0.row == 0 ? 0 : 1 }
                if streams.count > 1 {
                    for (number, stream) in returns.enumerated() { path.channels["returns\(number + 1)"] = own.map { stream[$0] } }
                }
                units.append(own)
                totals.append((0..<(own.last ?? -1) + 1).map { unit in returns.reduce(0) { $0 + $1[unit] } })
                paths.append(path)
            }
            let advantages = try advantages(of: totals, paths: paths, units: units, scores)
            for index in paths.indices {
                paths[index].advantages = units[index].map { advantages[index][$0] }
                paths[index].channels["returns"] = units[index].map { totals[index][$0] }
            }
            all += paths
        }
        return TrainingBatch(examples: try RolePath.examples(of: all))
    }

    private func streamReturns(_ rewards: [[Double]], units: [Int]) -> [[Double]] {
        zip(streams, rewards).map { stream, own in
            var paid = [Double](repeating: 0, count: (units.last ?? -1) + 1)
            for (place, unit) in units.enumerated() { paid[unit] += own[place] }
            return Self.returns(paid, discount: stream.discount)
        }
    }

    private func advantages(
        of totals: [[Double]], paths: [RolePath], units: [[Int]], _ scores: ScoreTable
    ) throws -> [[Double]] {
        switch baseline {
        case .none: return totals
        case .valueHead:
            return try paths.indices.map { index in
                let values = try paths[index].values(of: Score(.head(head), by: critic), in: scores)
                return totals[index].enumerated().map { unit, value in
                    value - (units[index].firstIndex(of: unit).map { values[$0] } ?? 0)
                }
            }
        case .batchMean, .groupMean, .leaveOneOut:
            var result = totals
            for unit in 0..<(totals.map(\.count).max() ?? 0) {
                let reached = totals.indices.filter { totals[$0].count > unit }
                let centred = GroupStatistics.byGroup(
                    reached.map { totals[$0][unit] }, groups: reached.map { baseline == .batchMean ? 0 : paths[$0].group }
                ) { values in
                    baseline == .leaveOneOut
                        ? zip(values, GroupStatistics.leaveOneOutMeans(values)).map { $0 - $1 } : GroupStatistics.centred(values)
                }
                for (index, value) in zip(reached, centred) { result[index][unit] = value }
            }
            return result
        }
    }
}
