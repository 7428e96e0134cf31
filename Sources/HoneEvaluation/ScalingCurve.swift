import HoneCore
import HoneNumerics

/// How accuracy grows with the samples spent on an answer.
public enum ScalingCurve {
    /// How samples become one answer.
    public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
        /// Any right one counts: pass@k.
        case oracle = "pass"
        /// The most frequent answer.
        case majority
        /// The answer with the best score.
        case best
    }

    /// The samples of one problem.
    public struct Samples: Hashable, Sendable {
        /// The answers; nil where a sample gave none.
        public var answers: [String?]
        /// Whether each is right.
        public var isRight: [Bool]
        /// A score of each, for best-of-k.
        public var scores: [Double]
        /// What each cost, in any unit.
        public var costs: [Double]

        /// Samples, all lists equally long; scores may be left out.
        public init(answers: [String?], isRight: [Bool], scores: [Double]? = nil, costs: [Double]) {
            precondition(
                answers.count == isRight.count && answers.count == costs.count && answers.count == scores?.count ?? answers.count,
                "Samples need as many verdicts, scores and costs as answers")
            (self.answers, self.isRight, self.costs) = (answers, isRight, costs)
            self.scores = scores ?? answers.map { _ in 0 }
        }
    }

    /// The accuracy at one number of samples.
    public struct Point: Hashable, Sendable, Codable {
        /// The number of samples.
        public let k: Int
        /// The mean cost of k samples of a problem, over all draws: k times the mean cost of one.
        public let cost: Double
        /// The accuracy, with an interval over problems.
        public let accuracy: Estimate
    }

    /// The points for k = 1, 2, 4, … and the smallest count of samples of any problem; empty without samples.
    ///
    /// Source: Brown et al. 2024, “Large Language Monkeys”; Snell et al. 2024, “Scaling LLM Test-Time Compute Optimally”.
    public static func points(_ problems: [Samples], method: Method, seed: Seed) -> [Point] {
        let filled = problems.filter { !$0.answers.isEmpty }
        guard let most = filled.map(\.answers.count).min() else { return [] }
        var sizes = Array(sequence(first: 1) { $0 * 2 < most ? $0 * 2 : nil })
        if most > 1 { sizes.append(most) }
        return sizes.map { k in
            let values = filled.enumerated().map { index, own -> [Double] in
                let value: Double? =
                    switch method {
                    case .oracle:
                        RepeatedSamples.passAtK(samples: own.isRight.count, correct: own.isRight.filter { $0 }.count, k: k)
                    case .majority:
                        ScoredSamples.majorityAtK(
                            answers: own.answers, isRight: own.isRight, k: k, seed: seed.child("problem", index).child("k", k))
                    case .best: ScoredSamples.bestOfK(scores: own.scores, isRight: own.isRight, k: k)
                    }
                return value.map { [$0] } ?? []
            }
            let cost = Statistics.mean(filled.map { Double(k) * Statistics.mean($0.costs) })
            return Point(k: k, cost: cost, accuracy: Estimate.clustered(values, unit: "share"))
        }
    }
}
