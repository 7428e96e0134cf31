import Foundation
import HoneCore

extension PayoffMatrix {
    /// The matrix as other games between the same players could have shown it: every score that rests on games is drawn anew.
    ///
    /// Scores are drawn from their posterior under Jeffreys' prior, Beta(points + ½, lost points + ½), each pair by itself; exact
    /// scores and pairs that have not met stay as they are.
    public func redrawn(using generator: inout SeededGenerator) -> PayoffMatrix {
        var drawn = scores
        for i in players.indices {
            for j in players.indices where i < j && scores[i][j].count > 0 {
                let points = scores[i][j].mean * Double(scores[i][j].count)
                let won = Self.gamma(points + 0.5, &generator)
                let lost = Self.gamma(Double(scores[i][j].count) - points + 0.5, &generator)
                drawn[i][j].mean = won / (won + lost)
                drawn[j][i].mean = 1 - drawn[i][j].mean
            }
        }
        return PayoffMatrix(checked: players, drawn)
    }

    /// A number made of the matrix with the percentile interval at 95 % over redrawn matrices.
    ///
    /// The mean is the statistic of the scores as found; `count` is the number of games. A statistic that chance pushes one way, such as
    /// the share of cycles, can lie outside its own interval: its bias is then larger than its spread.
    public func estimate(
        unit: String, draws: Int = 400, seed: Seed, statistic: (PayoffMatrix) throws -> Double
    ) rethrows -> Estimate {
        let centre = try statistic(self)
        let games = players.indices.reduce(0) { sum, i in sum + (0..<i).reduce(0) { $0 + scores[i][$1].count } }
        var generator = seed.child("pay-offs").generator
        var found: [Double] = []
        for _ in 0..<max(0, draws) { found.append(try statistic(redrawn(using: &generator))) }
        return Estimate(
            mean: centre, low: Statistics.quantile(found, 0.025) ?? centre, high: Statistics.quantile(found, 0.975) ?? centre, count: games,
            unit: unit)
    }

    /// A draw of the gamma distribution with scale 1 (Marsaglia and Tsang 2000, with their boost for shapes below 1).
    private static func gamma(_ shape: Double, _ generator: inout SeededGenerator) -> Double {
        func open() -> Double { (Double(generator.next() >> 12) + 0.5) * 0x1p-52 }
        if shape < 1 { return gamma(shape + 1, &generator) * pow(open(), 1 / shape) }
        let d = shape - 1 / 3.0
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = Distributions.normalQuantile(open())
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            if log(open()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
        }
    }
}
