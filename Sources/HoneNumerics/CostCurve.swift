/// A score that changes with what has been spent: a learning curve, or accuracy against the cost of an answer.
public struct CostCurve: Hashable, Sendable, Codable {
    /// One measured point.
    public struct Point: Hashable, Sendable, Codable {
        /// What had been spent: tokens, FLOPs, seconds.
        public let cost: Double
        /// The score there.
        public let score: Double

        /// A point.
        public init(cost: Double, score: Double) {
            self.cost = cost
            self.score = score
        }
    }

    /// The points by rising cost; no two have the same cost.
    public let points: [Point]

    /// A curve through points in any order. Points of the same cost become one with their mean score.
    public init(_ points: [Point]) {
        precondition(points.allSatisfy { $0.cost.isFinite && $0.score.isFinite }, "A curve runs through finite points")
        let sorted = points.sorted { ($0.cost, $0.score) < ($1.cost, $1.score) }
        var merged: [Point] = []
        var start = 0
        while start < sorted.count {
            let cost = sorted[start].cost
            let end = sorted[start...].firstIndex { $0.cost != cost } ?? sorted.count
            merged.append(Point(cost: cost, score: GroupStatistics.mean(sorted[start..<end].map(\.score))))
            start = end
        }
        self.points = merged
    }

    /// The score at a cost, on straight lines between points and level outside them; nil without points.
    public func score(at cost: Double) -> Double? {
        guard let first = points.first, let last = points.last else { return nil }
        if cost <= first.cost { return first.score }
        if cost >= last.cost { return last.score }
        let above = points.firstIndex { $0.cost >= cost } ?? 0
        let (a, b) = (points[above - 1], points[above])
        return a.score + (b.score - a.score) * (cost - a.cost) / (b.cost - a.cost)
    }

    /// The mean score over costs from `start` to `end`: the area under the curve by the trapezoid rule over the width, so that it has
    /// the unit of the score; nil without points.
    ///
    /// Arms are compared over the same costs. Beyond its ends a curve stays level: an arm that spent less keeps its last score. For
    /// `start` = `end` it is the score there.
    public func meanScore(from start: Double, to end: Double) -> Double? {
        precondition(start <= end && start.isFinite && end.isFinite, "Costs run upwards and are finite")
        guard let first = score(at: start), let last = score(at: end) else { return nil }
        guard end > start else { return first }
        let inner = points.filter { $0.cost > start && $0.cost < end }
        let all = [Point(cost: start, score: first)] + inner + [Point(cost: end, score: last)]
        let area = zip(all, all.dropFirst()).reduce(0) { $0 + ($1.1.cost - $1.0.cost) * ($1.0.score + $1.1.score) / 2 }
        return area / (end - start)
    }

    /// The least cost at which the curve, on straight lines, reaches a score; nil where it never does.
    public func cost(reaching score: Double) -> Double? {
        guard let first = points.first else { return nil }
        if first.score >= score { return first.cost }
        for (a, b) in zip(points, points.dropFirst()) where b.score >= score {
            return a.cost + (b.cost - a.cost) * (score - a.score) / (b.score - a.score)
        }
        return nil
    }

    /// The points that no other beats: none costs at most as much and scores at least as well, one of the two strictly.
    ///
    /// Places in the list given, by rising cost; of equal points all stay.
    public static func frontier(_ points: [Point]) -> [Int] {
        points.indices.filter { own in
            !points.contains { other in
                other.cost <= points[own].cost && other.score >= points[own].score
                    && (other.cost < points[own].cost || other.score > points[own].score)
            }
        }.sorted { (points[$0].cost, $0) < (points[$1].cost, $1) }
    }
}
