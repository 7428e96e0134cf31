import HoneCore
import HoneNumerics

/// Asks each held-out problem twice in one conversation and takes apart what the second answer does to the first.
///
/// Played by a society in which the solver answers twice; episodes with another count of judged answers are left out.
public struct SelfCorrectionTrial: Measure {
    public static let card = PartCard(
        name: "self-correction", summary: "accuracy of first and second answers, confidence level, critique score, relative self-correction",
        source: "Yang et al. 2024, “Confidence v.s. Critique: A Decomposition of Self-Correction Capability for LLMs”")

    /// The problems.
    public let problems: [Problem]
    /// Samples of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Says of each step of the solver whether it is right.
    public let judge: any Judge
    /// The kind of its verdicts.
    public let kind: VerdictKind

    /// The measure.
    public init(problems: [Problem], samples: Int, cast: Cast, judge: any Judge, kind: VerdictKind = "correct") {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.judge = judge
        self.kind = kind
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast, judge: judge).groups(in: scope)
        return SelfCorrection.findings(
            of: groups.map { group in
                let pairs = group.answers(judged: kind).filter { $0.count == 2 }
                return (group.assignment.problem.id, pairs.map { SelfCorrection.Attempt(first: $0[0], second: $0[1]) })
            })
    }
}

extension SelfCorrection {
    /// All parts of the decomposition, with intervals over problems and each problem's value.
    ///
    /// CL and CS are ratios and RSS a function of both accuracies; all three are linearised over problems, so that their values have
    /// the reported number as mean. What is undefined is left out: CL where no first answer is right, CS where none is wrong, RSS in
    /// both cases.
    public static func findings(of attempts: [(problem: String, attempts: [Attempt])]) -> Findings {
        var found = Findings()
        let filled = attempts.filter { !$0.attempts.isEmpty }
        guard let whole = SelfCorrection(filled.map(\.attempts)) else { return found }
        func share(_ isCounted: (Attempt) -> Bool) -> [(problem: String, values: [Double])] {
            filled.map { ($0.problem, $0.attempts.map { isCounted($0) ? 1 : 0 }) }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let first = share(\.isFirstRight).map { ($0.problem, mean($0.values)) }
        let second = share(\.isSecondRight).map { ($0.problem, mean($0.values)) }
        let kept = share { $0.isFirstRight && $0.isSecondRight }.map { ($0.problem, mean($0.values)) }
        let corrected = share { !$0.isFirstRight && $0.isSecondRight }.map { ($0.problem, mean($0.values)) }
        found.add("first accuracy", unit: "share", share(\.isFirstRight))
        found.add("second accuracy", unit: "share", share(\.isSecondRight))
        found.add("right to wrong", unit: "share", share { $0.isFirstRight && !$0.isSecondRight })
        found.add("wrong to right", unit: "share", share { !$0.isFirstRight && $0.isSecondRight })
        found.addRatio("confidence level", unit: "share", zip(first, kept).map { ($0.0, numerator: $1.1, denominator: $0.1) })
        found.addRatio("critique score", unit: "share", zip(first, corrected).map { ($0.0, numerator: $1.1, denominator: 1 - $0.1) })
        if let relative = whole.relativeScore {
            let (a, b) = (whole.firstAccuracy, whole.secondAccuracy)
            let width = 2 * a * (1 - a)
            let byFirst = (-2 * a * width - (b - a * a) * (2 - 4 * a)) / (width * width)
            found.add(
                "relative self-correction", unit: "share of the range",
                zip(first, second).map { ($0.0, [relative + byFirst * ($0.1 - a) + ($1.1 - b) / width]) })
        }
        return found
    }
}
