/// Statistics of the values of one group, as advantages and baselines are made of them.
///
/// They live here once, for credit and for objectives. Values that are all equal are told by comparing them, never by their
/// mean, which can be off by a rounding: whatever is centred is then exactly 0. Order is kept; an empty group gives an
/// empty list.
public enum GroupStatistics {
    /// Whether no value differs from another; also for none and for one.
    public static func areEqual(_ values: [Double]) -> Bool {
        guard let first = values.first else { return true }
        return values.allSatisfy { $0 == first }
    }

    /// The arithmetic mean; the value itself where all are equal, 0 for none.
    public static func mean(_ values: [Double]) -> Double {
        areEqual(values) ? values.first ?? 0 : Statistics.mean(values)
    }

    /// The standard deviation, divided by n − `correction`: 0 for a population, 1 for a sample.
    ///
    /// Exactly 0 where all values are equal, and where there are not more of them than the correction.
    public static func deviation(_ values: [Double], correction: Int = 0) -> Double {
        areEqual(values) ? 0 : Statistics.variance(values, correction: correction).squareRoot()
    }

    /// Each value minus the mean of all.
    public static func centred(_ values: [Double]) -> [Double] {
        let centre = mean(values)
        return values.map { $0 - centre }
    }

    /// Each value minus the mean of all, divided by (standard deviation + ε).
    ///
    /// All 0 where the values are equal, also for ε = 0.
    public static func standardised(_ values: [Double], correction: Int = 0, epsilon: Double) -> [Double] {
        guard !areEqual(values) else { return values.map { _ in 0 } }
        let divisor = deviation(values, correction: correction) + epsilon
        return centred(values).map { $0 / divisor }
    }

    /// For each value the mean of the others; the value itself in a group of one, which has no others.
    public static func leaveOneOutMeans(_ values: [Double]) -> [Double] {
        guard !areEqual(values) else { return values }
        let sum = values.reduce(0, +)
        return values.map { (sum - $0) / Double(values.count - 1) }
    }

    /// For each value the share of the others it beats, from 0 to 1; a tie counts half, and a value alone has ½.
    ///
    /// Source: Swamy et al. 2024 (SPO), Algorithm 1, with the preference taken from comparing numbers.
    public static func winShares(_ values: [Double]) -> [Double] {
        winShares(count: values.count) { values[$0] > values[$1] ? 1 : values[$0] < values[$1] ? 0 : 0.5 }
    }

    /// For each of `count` members the mean probability that it is preferred to another: 1/(k−1) Σ_{j≠i} P(i ≻ j).
    ///
    /// Source: Swamy et al. 2024 (SPO), Algorithm 1. A member alone has ½.
    public static func winShares(count: Int, preference: (Int, Int) -> Double) -> [Double] {
        (0..<count).map { own in
            guard count > 1 else { return 0.5 }
            let wins = (0..<count).reduce(0.0) { $1 == own ? $0 : $0 + preference(own, $1) }
            return wins / Double(count - 1)
        }
    }

    /// The rank of each value, 1 for the smallest; equal values share the mean of their ranks.
    public static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
            start = end + 1
        }
        return ranks
    }

    /// Σ w·x / Σ w; the plain mean where nothing has weight, and the value itself where all are equal.
    ///
    /// With the lengths of responses as weights it is the baseline of least variance of OPO (Hao et al. 2025, equation 5).
    public static func weightedMean(_ values: [Double], weights: [Double]) -> Double {
        precondition(values.count == weights.count, "\(values.count) values have \(weights.count) weights")
        let total = weights.reduce(0, +)
        guard !areEqual(values), total > 0 else { return mean(values) }
        return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    }

    /// What `statistic` makes of the values of each group, put back in the order of the values.
    public static func byGroup<Group: Hashable>(
        _ values: [Double], groups: [Group], _ statistic: ([Double]) -> [Double]
    ) -> [Double] {
        precondition(values.count == groups.count, "\(values.count) values have \(groups.count) groups")
        var places: [Group: [Int]] = [:]
        for (place, group) in groups.enumerated() { places[group, default: []].append(place) }
        var result = [Double](repeating: 0, count: values.count)
        for own in places.values {
            for (place, value) in zip(own, statistic(own.map { values[$0] })) { result[place] = value }
        }
        return result
    }
}
