import HoneCore

/// Intervals by drawing the observations again.
public enum Bootstrap {
    /// The percentile interval at 95 % of a statistic (Efron 1979), from draws with replacement keyed by the seed.
    ///
    /// The same seed gives the same interval in every process. `count` is the number of values; no values give an estimate
    /// of 0 with count 0.
    public static func interval(
        of values: [Double], unit: String, draws: Int = 2000, seed: Seed, statistic: ([Double]) -> Double = Statistics.mean
    ) -> Estimate {
        clustered(values.map { [$0] }, unit: unit, draws: draws, seed: seed) { statistic($0.flatMap { $0 }) }
    }

    /// The same, drawing whole clusters: samples of one problem are not independent.
    public static func clustered(
        _ clusters: [[Double]], unit: String, draws: Int = 2000, seed: Seed, statistic: ([[Double]]) -> Double
    ) -> Estimate {
        let filled = clusters.filter { !$0.isEmpty }
        guard !filled.isEmpty, draws > 0 else { return Estimate(mean: 0, low: 0, high: 0, count: 0, unit: unit) }
        var generator = seed.child("bootstrap").generator
        let results = (0..<draws).map { _ in
            statistic(filled.map { _ in filled[generator.integer(in: 0...(filled.count - 1))] })
        }
        let centre = statistic(filled)
        return Estimate(
            mean: centre, low: Statistics.quantile(results, 0.025) ?? centre,
            high: Statistics.quantile(results, 0.975) ?? centre, count: filled.count, unit: unit)
    }
}
