import HoneCore

/// Kimi's length reward: within a group short answers gain and long ones lose, wrong ones never gain.
///
/// λ = ½ − (L − L_min) / (L_max − L_min); a right answer gets λ, a wrong one min(0, λ), times `weight`; 0 throughout when all
/// lengths are equal.
///
/// Source: Kimi Team 2025, “Kimi k1.5”, section 2.3.3. Switching it on after a first phase, as the paper does, is the stage's
/// business.
public struct GroupLengthReward: RewardShaping {
    public static let card = PartCard(
        name: "group-length", summary: "short answers of a group gain, long ones lose, wrong ones never gain (Kimi k1.5)",
        source: "Kimi Team 2025, section 2.3.3")

    /// The share of the length reward.
    public var weight: Double
    /// The smallest reward of a right answer.
    public var threshold: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The shaping.
    public init(weight: Double = 0.2, threshold: Double = 1, kind: VerdictKind = .worldReturn) {
        self.weight = weight
        self.threshold = threshold
        self.kind = kind
    }

    /// The length rewards of a group, without the weight.
    public static func rewards(lengths: [Int], areRight: [Bool]) -> [Double] {
        guard let low = lengths.min(), let high = lengths.max(), low < high else { return lengths.map { _ in 0 } }
        return zip(lengths, areRight).map { length, isRight in
            let share = 0.5 - Double(length - low) / Double(high - low)
            return isRight ? share : min(0, share)
        }
    }

    public func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict] {
        let plays = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)
        let added = Self.rewards(lengths: plays.map(\.length), areRight: plays.map { $0.reward >= threshold })
        return zip(plays, added).map { Verdict(on: .role($0.index, role), kind: kind, value: $0.reward + weight * $1) }
    }
}
