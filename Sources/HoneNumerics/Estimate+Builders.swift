import HoneCore

extension Estimate {
    /// A share of successes with Wilson's interval (Wilson 1927) at 95 %.
    public static func share(successes: Int, of count: Int) -> Estimate {
        guard count > 0 else { return Estimate(mean: 0, low: 0, high: 1, count: 0, unit: "share") }
        let z = Distributions.normalQuantile(0.975)
        let n = Double(count)
        let p = Double(successes) / n
        let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return Estimate(mean: p, low: max(0, centre - half), high: min(1, centre + half), count: count, unit: "share")
    }

    /// A mean with Student's t interval at 95 %; a single value has an interval without end, written as the value itself.
    public static func mean(of values: [Double], unit: String) -> Estimate {
        clustered(values.map { [$0] }, unit: unit)
    }

    /// The mean over clusters of the clusters' means, with a t interval over clusters: observations of one cluster, such as
    /// samples of one problem, are not independent.
    public static func clustered(_ clusters: [[Double]], unit: String) -> Estimate {
        let means = clusters.filter { !$0.isEmpty }.map { $0.reduce(0, +) / Double($0.count) }
        guard let first = means.first else { return Estimate(mean: 0, low: 0, high: 0, count: 0, unit: unit) }
        let n = Double(means.count)
        let mean = means.reduce(0, +) / n
        guard means.count > 1 else { return Estimate(mean: first, low: first, high: first, count: 1, unit: unit) }
        let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let half = Distributions.studentQuantile(0.975, degrees: n - 1) * (variance / n).squareRoot()
        var low = mean - half
        var high = mean + half
        if unit == "share" {
            low = max(0, low)
            high = min(1, high)
        }
        return Estimate(mean: mean, low: low, high: high, count: means.count, unit: unit)
    }

    /// The estimate of a difference of paired values, second minus first.
    public static func difference(_ first: [Double], _ second: [Double], unit: String) -> Estimate {
        mean(of: zip(first, second).map { $1 - $0 }, unit: unit)
    }
}

/// Measures of repeated samples.
public enum RepeatedSamples {
    /// The chance that at least one of k samples is right, from n samples of which c are: 1 − C(n−c, k)/C(n, k).
    ///
    /// Unbiased for k ≤ n (Chen et al. 2021, “Evaluating Large Language Models Trained on Code”, equation 1); nil for k > n.
    public static func passAtK(samples n: Int, correct c: Int, k: Int) -> Double? {
        guard k >= 1, k <= n, c >= 0, c <= n else { return nil }
        if n - c < k { return 1 }
        var miss = 1.0
        for i in (n - c + 1)...max(n - c + 1, n) where c > 0 { miss *= 1 - Double(k) / Double(i) }
        return 1 - miss
    }
}
