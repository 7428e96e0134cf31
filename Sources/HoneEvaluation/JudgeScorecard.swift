import HoneCore
import HoneNumerics

/// How good a judge is, from its verdicts beside the truth.
///
/// What cannot be said of the verdicts at hand is nil: accuracy and calibration of scores that are no probabilities, an area without right and wrong
/// answers, position without pairs.
public struct JudgeScorecard: Hashable, Sendable, Codable {
    /// A verdict on one answer.
    public struct Answer: Hashable, Sendable, Codable {
        /// The problem it answers; answers to one problem are not independent.
        public var problem: String
        /// What the judge said; higher for better.
        public var score: Double
        /// Whether the answer is right.
        public var isRight: Bool
        /// How long it is, in any unit.
        public var length: Double

        /// A verdict.
        public init(problem: String, score: Double, isRight: Bool, length: Double) {
            self.problem = problem
            self.score = score
            self.isRight = isRight
            self.length = length
        }
    }

    /// A verdict on two answers to one problem, in both orders.
    public struct Pair: Hashable, Sendable, Codable {
        /// The problem.
        public var problem: String
        /// How much is for an answer that is shown first, from 0 to 1.
        public var whenFirst: Double
        /// How much is for the same answer where it is shown second.
        public var whenSecond: Double
        /// Whether that answer is the better one; nil where both are as good.
        public var isBetter: Bool?

        /// A verdict in both orders.
        public init(problem: String, whenFirst: Double, whenSecond: Double, isBetter: Bool?) {
            self.problem = problem
            self.whenFirst = whenFirst
            self.whenSecond = whenSecond
            self.isBetter = isBetter
        }
    }

    /// The share of answers whose score is above ½ where they are right and at most ½ where they are wrong; of pairs with a better answer, those in
    /// which both orders prefer it, a tie counting half. Answers and pairs count alike.
    public let accuracy: Double?
    /// The chance that a right answer has a higher score than a wrong one.
    public let areaUnderROC: Double?
    /// The expected calibration error of scores from 0 to 1 in ten bins of equal width.
    public let expectedCalibrationError: Double?
    /// How much more than ½ is for what stands first, over both orders of all pairs: −½ to ½, above 0 where the first is liked.
    public let positionBias: Double?
    /// Spearman's correlation of score and length, −1 to 1.
    public let lengthBias: Double?
    /// The share of pairs in which both orders prefer the same answer, or neither.
    public let orderConsistency: Double?

    /// The scorecard of these verdicts.
    public init(answers: [Answer], pairs: [Pair] = []) {
        let (scores, isRight) = (answers.map(\.score), answers.map(\.isRight))
        let areShares = scores.allSatisfy { (0...1).contains($0) }
        var points = areShares ? answers.map { ($0.score > 0.5) == $0.isRight ? 1.0 : 0.0 } : []
        points += pairs.compactMap(\.point)
        accuracy = points.isEmpty ? nil : Statistics.mean(points)
        areaUnderROC = Calibration.areaUnderROC(scores, isRight)
        expectedCalibrationError = areShares ? Calibration.expectedError(scores, isRight) : nil
        // Where an answer is shown second, what is not for it is for the first.
        positionBias = pairs.isEmpty ? nil : Statistics.mean(pairs.map { ($0.whenFirst + 1 - $0.whenSecond) / 2 - 0.5 })
        lengthBias = RankCorrelation.spearman(scores, answers.map(\.length))
        orderConsistency = pairs.isEmpty ? nil : Statistics.mean(pairs.map { $0.sides.0 == $0.sides.1 ? 1 : 0 })
    }

    /// All parts by their names in records, with units.
    static let parts: [(name: String, unit: String, value: @Sendable (JudgeScorecard) -> Double?)] = [
        ("accuracy", "share", { $0.accuracy }), ("AUROC", "share", { $0.areaUnderROC }), ("ECE", "share", { $0.expectedCalibrationError }),
        ("position bias", "share", { $0.positionBias }), ("length bias", "−1 to 1", { $0.lengthBias }), ("order consistency", "share", { $0.orderConsistency }),
    ]

    /// Estimates of all that can be said, by name with a prefix, with bootstrap intervals over problems. Redraws in which something cannot be said
    /// are left out of its interval.
    public static func estimates(answers: [Answer], pairs: [Pair] = [], prefix: String = "judge.", draws: Int = 400, seed: Seed) -> [String: Estimate] {
        let whole = JudgeScorecard(answers: answers, pairs: pairs)
        let problems = Set(answers.map(\.problem) + pairs.map(\.problem)).sorted()
        let byProblem = (Dictionary(grouping: answers, by: \.problem), Dictionary(grouping: pairs, by: \.problem))
        var generator = seed.child("scorecard").generator
        let redrawn: [JudgeScorecard] = problems.isEmpty ? [] : (0..<draws).map { _ in
            let drawn = problems.map { _ in problems[generator.integer(in: 0...(problems.count - 1))] }
            return JudgeScorecard(answers: drawn.flatMap { byProblem.0[$0] ?? [] }, pairs: drawn.flatMap { byProblem.1[$0] ?? [] })
        }
        var found: [String: Estimate] = [:]
        for part in parts {
            guard let centre = part.value(whole) else { continue }
            let known = redrawn.compactMap { part.value($0) }
            found[prefix + part.name] = Estimate(
                mean: centre, low: Statistics.quantile(known, 0.025) ?? centre, high: Statistics.quantile(known, 0.975) ?? centre, count: problems.count, unit: part.unit)
        }
        return found
    }
}

extension JudgeScorecard.Pair {
    /// What each order prefers: 1 the answer, −1 the other, 0 neither.
    fileprivate var sides: (Int, Int) {
        func side(_ share: Double) -> Int { share > 0.5 ? 1 : share < 0.5 ? -1 : 0 }
        return (side(whenFirst), side(whenSecond))
    }

    /// 1 where both orders prefer the better answer, 0 where both prefer the other, else ½; nil where none is better.
    fileprivate var point: Double? {
        guard let isBetter else { return nil }
        let (first, second) = sides
        guard first == second, first != 0 else { return 0.5 }
        return (first == 1) == isBetter ? 1 : 0
    }
}
