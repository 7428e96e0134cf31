import HoneCore

extension Estimate {
    /// A share of successes with Wilson's interval at 95 % (Wilson 1927); of nothing, the interval is all of 0…1.
    public static func share(successes: Int, of count: Int) -> Estimate {
        guard count > 0 else { return Estimate(mean: 0, low: 0, high: 1, count: 0, unit: "share") }
        return wilson(mean: Double(successes) / Double(count), count: count)
    }

    /// A mean with Student's t interval at 95 %; see `clustered` for single values and shares.
    public static func mean(of values: [Double], unit: String) -> Estimate {
        clustered(values.map { [$0] }, unit: unit)
    }

    /// The mean over clusters of the clusters' means, with Student's t interval at 95 % over clusters: observations of one
    /// cluster, such as samples of one problem, are not independent.
    ///
    /// Empty clusters are left out; `count` is the number of the others. A share whose clusters all agree has no spread to
    /// judge by, so Wilson's interval over the clusters stands in. One value of another unit has itself as both ends:
    /// nothing is known of its spread, and `count` 1 says so.
    public static func clustered(_ clusters: [[Double]], unit: String) -> Estimate {
        let means = clusters.filter { !$0.isEmpty }.map(Statistics.mean)
        guard !means.isEmpty else { return Estimate(mean: 0, low: 0, high: unit == "share" ? 1 : 0, count: 0, unit: unit) }
        let centre = Statistics.mean(means)
        if unit == "share", means.allSatisfy({ $0 == means[0] }) { return wilson(mean: means[0], count: means.count) }
        guard means.count > 1 else { return Estimate(mean: centre, low: centre, high: centre, count: 1, unit: unit) }
        let n = Double(means.count)
        let half = Distributions.studentQuantile(0.975, degrees: n - 1) * (Statistics.variance(means) / n).squareRoot()
        let limits = unit == "share" ? (0.0, 1.0) : (-Double.infinity, Double.infinity)
        return Estimate(
            mean: centre, low: max(limits.0, centre - half), high: min(limits.1, centre + half), count: means.count, unit: unit)
    }

    /// The estimate of a difference of paired values, second minus first, with Student's t interval at 95 %.
    ///
    /// The lists must be equally long: value i of both belongs to the same problem.
    public static func difference(_ first: [Double], _ second: [Double], unit: String) -> Estimate {
        precondition(first.count == second.count, "Paired values need two lists of the same length")
        let changes = zip(first, second).map { $1 - $0 }
        // Differences of shares lie in −1…1, so the limits of a share must not be put on them.
        var estimate = mean(of: changes, unit: unit == "share" ? "" : unit)
        estimate.unit = unit
        return estimate
    }

    /// Wilson's interval around a mean of values in 0…1; the ends have the given level, and `count` must be above 0.
    static func wilson(mean p: Double, count: Int, level: Double = 0.95) -> Estimate {
        let z = Distributions.normalQuantile((1 + level) / 2)
        let n = Double(count)
        let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return Estimate(
            mean: p, low: p == 0 ? 0 : max(0, centre - half), high: p == 1 ? 1 : min(1, centre + half), count: count,
            unit: "share")
    }
}
