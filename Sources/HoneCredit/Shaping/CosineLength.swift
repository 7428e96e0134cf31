import Foundation
import HoneCore

/// The cosine length reward: what a right and a wrong answer are worth depends on their length.
///
/// R = a + ½(b − a)(1 + cos(π·L / L_max)) with b the value at length 0 and a the value at L_max, one pair for right answers and
/// one for wrong ones; a fixed penalty once the length reaches L_max. It takes the place of the reward.
///
/// Source: Yeo et al. 2025, “Demystifying Long Chain-of-Thought Reasoning in LLMs”, section 4.2, with the settings of its runs.
public struct CosineLength: RewardShaping {
    public static let card = PartCard(
        name: "cosine-length", summary: "reward follows a cosine of the length, one for right answers and one for wrong",
        source: "Yeo et al. 2025, section 4.2")

    /// L_max, the length that counts as overflow.
    public var limit: Int
    /// A right answer at length 0.
    public var rightShort: Double
    /// A right answer at the limit.
    public var rightLong: Double
    /// A wrong answer at length 0.
    public var wrongShort: Double
    /// A wrong answer at the limit.
    public var wrongLong: Double
    /// Any answer that reaches the limit.
    public var overflow: Double
    /// The smallest reward of a right answer.
    public var threshold: Double
    /// Which verdict is the reward.
    public var kind: VerdictKind

    /// The shaping.
    public init(
        limit: Int = 64, rightShort: Double = 2, rightLong: Double = 1, wrongShort: Double = -10, wrongLong: Double = 0,
        overflow: Double = -10, threshold: Double = 1, kind: VerdictKind = .worldReturn
    ) {
        self.limit = limit
        self.rightShort = rightShort
        self.rightLong = rightLong
        self.wrongShort = wrongShort
        self.wrongLong = wrongLong
        self.overflow = overflow
        self.threshold = threshold
        self.kind = kind
    }

    /// The reward of an answer of this length.
    public func reward(isRight: Bool, length: Int) -> Double {
        guard length < limit else { return overflow }
        let (short, long) = isRight ? (rightShort, rightLong) : (wrongShort, wrongLong)
        return long + 0.5 * (short - long) * (1 + Foundation.cos(Double.pi * Double(length) / Double(limit)))
    }

    public func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict] {
        try replacing(kind, of: ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)) {
            reward(isRight: $0.reward >= threshold, length: $0.length)
        }
    }
}
