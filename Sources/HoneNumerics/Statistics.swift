import Foundation

/// Sums that statistics are made of, in double precision.
public enum Statistics {
    /// The arithmetic mean; 0 for no values.
    public static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// The variance, divided by n − `correction`: 1 for a sample (unbiased), 0 for a whole population.
    ///
    /// 0 where there are not more values than the correction. Taken in two passes, so that a large common offset does not
    /// cancel the digits.
    public static func variance(_ values: [Double], correction: Int = 1) -> Double {
        guard values.count > correction else { return 0 }
        let centre = mean(values)
        return values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - correction)
    }

    /// The quantile between order statistics by linear interpolation (type 7 of Hyndman and Fan 1996), for 0 ≤ p ≤ 1;
    /// nil for no values.
    public static func quantile(_ values: [Double], _ p: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let place = min(1, max(0, p)) * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }

    /// log Σ exp(x), without overflow; −∞ for no values.
    public static func logSumExp(_ values: [Double]) -> Double {
        guard let largest = values.max(), largest > -.infinity else { return -.infinity }
        if largest == .infinity { return .infinity }
        return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
    }

    /// The entropy of a distribution in nats: −Σ p·log p, with weights scaled to add up to 1.
    ///
    /// Weights that are 0 add nothing; 0 when nothing has weight.
    public static func entropy(_ weights: [Double]) -> Double {
        let total = weights.reduce(0, +)
        guard total > 0 else { return 0 }
        let sum = weights.reduce(0.0) { sum, weight in
            let p = weight / total
            return p > 0 ? sum - p * log(p) : sum
        }
        return max(0, sum)
    }

    /// The standard error of the mean of all observations when those of one cluster go together:
    /// √(G/(G−1) · Σ_g (Σ_i (x_gi − x̄))²) / N for G clusters of N observations in all.
    ///
    /// Source: the cluster-robust variance (Liang and Zeger 1986) of a mean; clusters may differ in size. 0 for fewer than
    /// two clusters.
    public static func clusteredStandardError(_ clusters: [[Double]]) -> Double {
        let filled = clusters.filter { !$0.isEmpty }
        guard filled.count > 1 else { return 0 }
        let centre = mean(filled.flatMap { $0 })
        let count = Double(filled.reduce(0) { $0 + $1.count })
        let squares = filled.reduce(0.0) { sum, cluster in
            let residual = cluster.reduce(0) { $0 + ($1 - centre) }
            return sum + residual * residual
        }
        let groups = Double(filled.count)
        return (groups / (groups - 1) * squares).squareRoot() / count
    }
}
