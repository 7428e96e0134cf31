import HoneCore

/// Projected replicator dynamics of a symmetric zero-sum game: the average over time of a mixture that grows where it does better than the
/// mean.
///
/// Source: Lanctot et al., "A Unified Game-Theoretic Approach to Multiagent Reinforcement Learning", 2017: x ← P(x + δ·x·(Ax − x·Ax)),
/// where P is the nearest point whose probabilities are at least the floor. It starts even, and the start counts in the average.
public struct ReplicatorDynamics: Hashable, Sendable, Codable {
    /// How many steps are made.
    public let steps: Int
    /// The size δ of a step.
    public let stepSize: Double
    /// The least probability of a player; a population too large for it has even probabilities.
    public let floor: Double

    /// Settings; throws for fewer than one step, a step size that is not above 0 or a floor outside 0 ≤ floor < 1.
    public init(steps: Int = 10_000, stepSize: Double = 0.01, floor: Double = 1e-6) throws {
        guard steps > 0, stepSize > 0, stepSize.isFinite, floor >= 0, floor < 1 else {
            throw CoreError.invalid(
                "Replicator dynamics need at least one step, a step size above 0 and a floor from 0 to below 1, but \(steps), \(stepSize) and \(floor) were given")
        }
        (self.steps, self.stepSize, self.floor) = (steps, stepSize, floor)
    }

    /// Reads settings and checks them as the initialiser does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            steps: try container.decode(Int.self, forKey: .steps), stepSize: try container.decode(Double.self, forKey: .stepSize),
            floor: try container.decode(Double.self, forKey: .floor))
    }

    /// The average mixture for square pay-offs of which the row's player gets `payoffs[i][j]`; empty for none.
    public func average(_ payoffs: [[Double]]) -> [Double] {
        let n = payoffs.count
        guard n > 0, floor * Double(n) < 1 else { return [Double](repeating: 1 / Double(max(n, 1)), count: n) }
        var x = [Double](repeating: 1 / Double(n), count: n)
        var sum = x
        for _ in 0..<steps {
            let gains = payoffs.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
            let mean = zip(gains, x).reduce(0) { $0 + $1.0 * $1.1 }
            x = projected(zip(x, gains).map { $0 + stepSize * $0 * ($1 - mean) })
            for i in 0..<n { sum[i] += x[i] }
        }
        let total = sum.reduce(0, +)
        return sum.map { $0 / total }
    }

    /// The nearest point with all probabilities at the floor or above and a sum of 1 (Wang and Carreira-Perpiñán 2013).
    private func projected(_ values: [Double]) -> [Double] {
        let free = 1 - floor * Double(values.count)
        var (above, shift) = (0.0, 0.0)
        for (place, value) in values.map({ $0 - floor }).sorted(by: >).enumerated() {
            above += value
            let candidate = (free - above) / Double(place + 1)
            if value + candidate > 0 { shift = candidate }
        }
        return values.map { max($0 + shift, floor) }
    }
}
