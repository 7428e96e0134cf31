import HoneCore

/// DAPO's soft overlong punishment: from `limit − buffer` tokens on the reward falls, linearly, by up to 1 at the limit.
///
/// R += 0 for L ≤ limit − buffer, (limit − buffer − L) / buffer up to the limit, −1 beyond, times `factor`.
///
/// Source: Yu et al. 2025, “DAPO”, equation 13. The factor is the libraries'; the paper's is 1.
public struct OverlongPenalty: RewardShaping {
    public static let card = PartCard(
        name: "overlong", summary: "reward falls linearly over the last tokens before the length limit",
        source: "Yu et al. 2025, equation 13")

    /// The most tokens a response should have.
    public var limit: Int
    /// Over how many tokens before the limit the penalty grows.
    public var buffer: Int
    /// The largest penalty.
    public var factor: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The shaping.
    public init(limit: Int = 64, buffer: Int = 16, factor: Double = 1, kind: VerdictKind = .worldReturn) {
        self.limit = limit
        self.buffer = buffer
        self.factor = factor
        self.kind = kind
    }

    /// What is added to the reward of a response of this length; never positive.
    public func penalty(length: Int) -> Double {
        if length <= limit - buffer { return 0 }
        if length > limit || buffer <= 0 { return -factor }
        return factor * Double(limit - buffer - length) / Double(buffer)
    }

    public func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict] {
        try replacing(kind, of: ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)) {
            $0.reward + penalty(length: $0.length)
        }
    }
}
