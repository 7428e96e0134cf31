import HoneCore

/// What a population is worth as a whole.
///
/// Source: Balduzzi et al., "Open-ended Learning in Symmetric Zero-sum Games", 2019.
public enum PopulationPerformance {
    /// The effective diversity Σ_ij p_i·p_j·max(a_ij, 0) of a population with pay-offs a and its equilibrium p (of largest entropy).
    ///
    /// It counts the ways in which the players that matter beat each other: 0 where one player dominates or all are even, 1/3 for rock,
    /// paper and scissors.
    public static func effectiveDiversity(_ matrix: PayoffMatrix) throws -> Double {
        let advantages = matrix.advantages
        let p = try NashAverage(advantages: advantages).probabilities
        return p.indices.reduce(0.0) { sum, i in p.indices.reduce(sum) { $0 + p[i] * p[$1] * max(advantages[i][$1], 0) } }
    }

    /// The same with an interval over pay-offs drawn anew, as `PayoffMatrix.estimate` gives it. Chance makes diversity where there is none.
    public static func effectiveDiversity(_ matrix: PayoffMatrix, draws: Int = 400, seed: Seed) throws -> Estimate {
        try matrix.estimate(unit: "pay-off", draws: draws, seed: seed) { try effectiveDiversity($0) }
    }

    /// The relative performance of two populations: what the first one's best mixture gets from the second one's, in −1…1.
    ///
    /// It is the value of the zero-sum game in which each side chooses one of its players. The interval is the normal approximation in
    /// which both mixtures are held, for a small change of a score changes the value by the product of its two probabilities; it is exact
    /// for many games and equilibria that are unique. `count` is the number of games. Pairs that have not met count as even and as known.
    /// Throws for unknown, repeated or no names.
    public static func relative(_ first: [String], to second: [String], in matrix: PayoffMatrix) throws -> Estimate {
        guard !first.isEmpty, !second.isEmpty, Set(first).count == first.count, Set(second).count == second.count else {
            throw CoreError.invalid("Two populations of different players are needed, but \(first) and \(second) were given")
        }
        let (rows, columns) = (try first.map(matrix.index(of:)), try second.map(matrix.index(of:)))
        let advantages = matrix.advantages
        let solution = try ZeroSumSolution(rows.map { i in columns.map { advantages[i][$0] } })
        // A pair that is in the game twice, each way round, is one score: its two weights are taken together.
        let n = matrix.players.count
        var weights = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        var isUsed = [[Bool]](repeating: [Bool](repeating: false, count: n), count: n)
        for (a, i) in rows.enumerated() {
            for (b, j) in columns.enumerated() where i != j {
                weights[min(i, j)][max(i, j)] += (i < j ? 1 : -1) * solution.row[a] * solution.column[b]
                isUsed[min(i, j)][max(i, j)] = true
            }
        }
        var (variance, games) = (0.0, 0)
        for i in 0..<n {
            for j in (i + 1)..<max(n, i + 1) where isUsed[i][j] {
                variance += 4 * weights[i][j] * weights[i][j] * matrix.variance(i, j)
                games += matrix.scores[i][j].count
            }
        }
        let half = Distributions.normalQuantile(0.975) * variance.squareRoot()
        return Estimate(
            mean: solution.value, low: max(-1, solution.value - half), high: min(1, solution.value + half), count: games, unit: "pay-off")
    }
}
