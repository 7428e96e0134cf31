import HoneCore
import HoneNumerics

/// REINFORCE++: rewards with a per-token KL penalty, normalised over the whole batch.
///
/// A_t = r − β Σ_{i≥t} (log π(i) − log π_ref(i)), then (A − mean) / (std + ε) over all trained tokens of the role in the
/// batch. With `subtractsGroupMean` the group's mean reward is taken off first and only the deviation is divided by
/// (“REINFORCE++ with baseline”).
///
/// Source: Hu et al. 2025, “REINFORCE++”, equations 7–9 (global advantage normalisation). Departures: the deviation is the
/// population's; statistics are taken for each role by itself.
public struct BatchNormalised: Credit {
    public static let card = PartCard(
        name: "batch-normalised", summary: "reward with a KL penalty, normalised by mean and deviation over the whole batch (REINFORCE++)",
        source: "Hu et al. 2025, equations 7–9", gives: [.onPolicyLogProbs])

    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Whether the group's mean is taken off first instead of the batch's.
    public var subtractsGroupMean: Bool
    /// β of the penalty against the reference; 0 asks for none.
    public var klCoefficient: Double
    /// Against which model.
    public var reference: ModelRef
    /// ε in the division.
    public var epsilon: Double

    /// The credit.
    public init(
        kind: VerdictKind = .worldReturn, subtractsGroupMean: Bool = false, klCoefficient: Double = 0,
        reference: ModelRef = ModelRef("policy", snapshot: "base"), epsilon: Double = 1e-8
    ) {
        self.kind = kind
        self.subtractsGroupMean = subtractsGroupMean
        self.klCoefficient = klCoefficient
        self.reference = reference
        self.epsilon = epsilon
    }

    public var needs: [Score] { klCoefficient > 0 ? [Score(.logProbs, by: reference)] : [] }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var paths: [RolePath] = []
        for group in groups { try ExampleBuilder.refuseHeldOut(group) }
        for role in roles {
            var own: [RolePath] = []
            for (number, group) in groups.enumerated() {
                let plays = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)
                let bases = subtractsGroupMean ? GroupStatistics.centred(plays.map(\.reward)) : plays.map(\.reward)
                for (play, base) in zip(plays, bases) {
                    var path = try RolePath(play)
                    let penalties = try path.penalties(klCoefficient, reference: reference, scores)
                    path.advantages = penalties.reversed().reduce(into: []) { $0.append(($0.last ?? 0) + $1) }.reversed().map { base + $0 }
                    own.append(path)
                }
            }
            paths += Self.normalised(own, keepsMean: subtractsGroupMean, epsilon: epsilon)
        }
        return TrainingBatch(examples: try RolePath.examples(of: paths))
    }

    private static func normalised(_ paths: [RolePath], keepsMean: Bool, epsilon: Double) -> [RolePath] {
        let all = paths.flatMap(\.advantages)
        let mean = keepsMean ? 0 : GroupStatistics.mean(all)
        let spread = GroupStatistics.deviation(all)
        return paths.map { path in
            var path = path
            // Without any spread there is nothing to divide by: what remains of equal values is 0, or a common offset.
            path.advantages = path.advantages.map { spread == 0 ? (keepsMean ? 0 : $0 - mean) : ($0 - mean) / (spread + epsilon) }
            return path
        }
    }
}
