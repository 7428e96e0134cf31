/// Whether stated confidences from 0 to 1 match how often answers are right.
public enum Calibration {
    /// How confidences are put into bins.
    public enum Bins: Hashable, Sendable {
        /// So many bins of the same width; the upper end belongs to the bin, and 0 to the first.
        case equalWidth(Int)
        /// So many bins of as equal counts as can be, in the order of confidence; equal confidences may be torn apart.
        case equalMass(Int)
    }

    /// One bin of a reliability diagram.
    public struct Bin: Hashable, Sendable, Codable {
        /// The mean confidence in it.
        public let confidence: Double
        /// The share of right answers in it.
        public let accuracy: Double
        /// How many answers it has, at least 1.
        public let count: Int
    }

    /// The bins that have any answers, in the order of confidence.
    public static func reliability(_ confidences: [Double], _ isRight: [Bool], bins: Bins) -> [Bin] {
        check(confidences, isRight)
        let order = confidences.indices.sorted { (confidences[$0], $0) < (confidences[$1], $1) }
        var members: [[Int]]
        switch bins {
        case .equalWidth(let count):
            precondition(count > 0, "There is at least one bin")
            members = Array(repeating: [], count: count)
            for place in order {
                let upper = (confidences[place] * Double(count)).rounded(.up)
                members[min(count - 1, max(0, Int(upper) - 1))].append(place)
            }
        case .equalMass(let count):
            precondition(count > 0, "There is at least one bin")
            members = (0..<count).map { Array(order[(order.count * $0 / count)..<(order.count * ($0 + 1) / count)]) }
        }
        return members.filter { !$0.isEmpty }.map { places in
            Bin(
                confidence: GroupStatistics.mean(places.map { confidences[$0] }),
                accuracy: Double(places.filter { isRight[$0] }.count) / Double(places.count), count: places.count)
        }
    }

    /// The expected calibration error: Σ_b (n_b/n) |accuracy_b − confidence_b|; nil for no answers.
    ///
    /// Source: Guo et al. 2017, “On Calibration of Modern Neural Networks”, equation 3 (after Naeini et al. 2015).
    public static func expectedError(_ confidences: [Double], _ isRight: [Bool], bins: Bins = .equalWidth(10)) -> Double? {
        guard !confidences.isEmpty else { return nil }
        return reliability(confidences, isRight, bins: bins).reduce(0) { $0 + Double($1.count) * abs($1.accuracy - $1.confidence) }
            / Double(confidences.count)
    }

    /// Brier's score: the mean of (confidence − 1 or 0)², 0 at best; nil for no answers. Source: Brier 1950.
    public static func brier(_ confidences: [Double], _ isRight: [Bool]) -> Double? {
        check(confidences, isRight)
        guard !confidences.isEmpty else { return nil }
        return zip(confidences, isRight).reduce(0.0) { sum, pair in
            let miss = pair.0 - (pair.1 ? 1 : 0)
            return sum + miss * miss
        } / Double(confidences.count)
    }

    /// Brier's score taken apart over the values that confidences take: score = reliability − resolution + uncertainty, exactly.
    ///
    /// Reliability Σ n_k (f_k − o_k)²/n, resolution Σ n_k (o_k − ō)²/n, uncertainty ō(1 − ō) for the distinct confidences f_k.
    /// Source: Murphy 1973, “A New Vector Partition of the Probability Score”. nil for no answers.
    public static func brierParts(
        _ confidences: [Double], _ isRight: [Bool]
    ) -> (reliability: Double, resolution: Double, uncertainty: Double)? {
        check(confidences, isRight)
        guard !confidences.isEmpty else { return nil }
        let n = Double(confidences.count)
        let base = Double(isRight.filter { $0 }.count) / n
        let order = confidences.indices.sorted { (confidences[$0], $0) < (confidences[$1], $1) }
        var (reliability, resolution, start) = (0.0, 0.0, 0)
        while start < order.count {
            let forecast = confidences[order[start]]
            let end = order[start...].firstIndex { confidences[$0] != forecast } ?? order.count
            let count = Double(end - start)
            let observed = Double(order[start..<end].filter { isRight[$0] }.count) / count
            reliability += count * (forecast - observed) * (forecast - observed)
            resolution += count * (observed - base) * (observed - base)
            start = end
        }
        return (reliability / n, resolution / n, base * (1 - base))
    }

    /// The area under the receiver operating curve: the chance that a right answer has a higher score than a wrong one, ties
    /// counting half; nil where all are right or all are wrong.
    ///
    /// From ranks, as the statistic of Mann and Whitney 1947 (Hanley and McNeil 1982). Scores may be any finite numbers.
    public static func areaUnderROC(_ scores: [Double], _ isRight: [Bool]) -> Double? {
        precondition(scores.count == isRight.count, "\(scores.count) scores against \(isRight.count) verdicts")
        let right = isRight.filter { $0 }.count
        let wrong = isRight.count - right
        guard right > 0, wrong > 0 else { return nil }
        let ranks = zip(GroupStatistics.ranks(scores), isRight).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
        return (ranks - Double(right) * Double(right + 1) / 2) / (Double(right) * Double(wrong))
    }

    /// The area under risk against coverage: the mean over k of the share of wrong answers among the k most confident ones, 0 at
    /// best; nil for no answers.
    ///
    /// Answers of equal confidence come in together, as if in all orders. Source: Geifman and El-Yaniv 2017, “Selective
    /// Classification for Deep Neural Networks”.
    public static func areaUnderRiskCoverage(_ confidences: [Double], _ isRight: [Bool]) -> Double? {
        check(confidences, isRight)
        guard !confidences.isEmpty else { return nil }
        let order = confidences.indices.sorted { (-confidences[$0], $0) < (-confidences[$1], $1) }
        var (area, wrong, start) = (0.0, 0.0, 0)
        while start < order.count {
            let own = confidences[order[start]]
            let end = order[start...].firstIndex { confidences[$0] != own } ?? order.count
            let rate = Double(order[start..<end].filter { !isRight[$0] }.count) / Double(end - start)
            for place in start..<end {
                wrong += rate
                area += wrong / Double(place + 1)
            }
            start = end
        }
        return area / Double(confidences.count)
    }

    private static func check(_ confidences: [Double], _ isRight: [Bool]) {
        precondition(confidences.count == isRight.count, "\(confidences.count) confidences against \(isRight.count) verdicts")
        precondition(confidences.allSatisfy { $0 >= 0 && $0 <= 1 }, "A confidence lies between 0 and 1")
    }
}
