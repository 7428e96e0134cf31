import HoneCore
import HoneNumerics

/// What a second answer does to a first one, problem by problem.
///
/// Source: Yang et al. 2024, “Confidence v.s. Critique: A Decomposition of Self-Correction Capability for LLMs”.
public struct SelfCorrection: Hashable, Sendable, Codable {
    /// A first and a second answer to the same problem.
    public struct Attempt: Hashable, Sendable, Codable {
        /// Whether the first answer is right.
        public let isFirstRight: Bool
        /// Whether the second answer is right.
        public let isSecondRight: Bool

        /// An attempt.
        public init(first: Bool, second: Bool) {
            (isFirstRight, isSecondRight) = (first, second)
        }
    }

    /// How many problems were tried.
    public let problems: Int
    /// Acc₁ = mean over problems of P_a, the share of first answers that are right.
    public let firstAccuracy: Double
    /// Acc₂ = mean over problems of the share of second answers that are right.
    public let secondAccuracy: Double
    /// CL = Σ P_a P_b / Σ P_a with P_b = P(second right | first right): how often what is right stays right; nil where no first answer is right.
    public let confidence: Double?
    /// CS = Σ (1 − P_a) P_c / Σ (1 − P_a) with P_c = P(second right | first wrong): how often what is wrong becomes right; nil where no first
    /// answer is wrong.
    public let critique: Double?

    /// The share of all answers that go from right to wrong: Acc₁ (1 − CL).
    public var rightToWrong: Double { firstAccuracy * (1 - (confidence ?? 1)) }
    /// The share of all answers that go from wrong to right: (1 − Acc₁) CS.
    public var wrongToRight: Double { (1 - firstAccuracy) * (critique ?? 0) }
    /// RSS = (Acc₂ − Acc₁²) / (2 Acc₁ (1 − Acc₁)), above ½ exactly where the second answers are better; nil where Acc₁ is 0 or 1.
    public var relativeScore: Double? {
        let width = 2 * firstAccuracy * (1 - firstAccuracy)
        return width > 0 ? (secondAccuracy - firstAccuracy * firstAccuracy) / width : nil
    }

    /// From attempts by problem; problems without any are left out. nil without problems.
    ///
    /// The identity Acc₂ = Acc₁ · CL + (1 − Acc₁) · CS holds exactly, but for rounding: both sides are the same sum, with each problem's
    /// attempts weighing the same. An undefined part stands beside a factor of 0.
    public init?(_ attempts: [[Attempt]]) {
        self.init(
            chances: attempts.filter { !$0.isEmpty }.map { own in
                let count = Double(own.count)
                return (
                    first: Double(own.filter(\.isFirstRight).count) / count,
                    bothRight: Double(own.filter { $0.isFirstRight && $0.isSecondRight }.count) / count,
                    corrected: Double(own.filter { !$0.isFirstRight && $0.isSecondRight }.count) / count
                )
            })
    }

    /// From exact chances of each problem, as option probabilities give them: first right, both right, and first wrong but second
    /// right. nil without problems.
    public init?(chances: [(first: Double, bothRight: Double, corrected: Double)]) {
        guard !chances.isEmpty else { return nil }
        let count = Double(chances.count)
        let right = chances.reduce(0) { $0 + $1.first }
        let kept = chances.reduce(0) { $0 + $1.bothRight }
        let corrected = chances.reduce(0) { $0 + $1.corrected }
        problems = chances.count
        firstAccuracy = right / count
        secondAccuracy = (kept + corrected) / count
        confidence = right > 0 ? kept / right : nil
        critique = right < count ? corrected / (count - right) : nil
    }

    /// Estimates with intervals over problems; rates are shares of all answers, so that second − first = wrong→right − right→wrong.
    public static func estimates(of attempts: [[Attempt]]) -> [String: Estimate] {
        func share(_ isCounted: (Attempt) -> Bool) -> Estimate {
            Estimate.clustered(attempts.map { $0.map { isCounted($0) ? 1 : 0 } }, unit: "share")
        }
        return [
            "first accuracy": share(\.isFirstRight), "second accuracy": share(\.isSecondRight),
            "right to wrong": share { $0.isFirstRight && !$0.isSecondRight },
            "wrong to right": share { !$0.isFirstRight && $0.isSecondRight },
        ]
    }
}
