/// Values of every problem under every seed: a table of problems × seeds without gaps.
///
/// One value per cell: a 0 or 1, a mean over the samples of that cell, or a number of any unit. For a paired comparison it holds
/// the differences of two arms.
public struct CrossedDesign: Hashable, Sendable {
    /// The values by problem, then by seed.
    public let values: [[Double]]
    /// How many problems there are, at least 1.
    public var problems: Int { values.count }
    /// How many seeds there are, at least 1.
    public var seeds: Int { values[0].count }

    /// A table of values by problem, then by seed; throws where it has gaps or values that are not finite.
    public init(_ values: [[Double]]) throws(ComparisonError) {
        guard let width = values.first?.count, width > 0 else { throw .empty }
        for (problem, row) in values.enumerated() {
            guard row.count == width else { throw .ragged(problem: problem, found: row.count, expected: width) }
            if let seed = row.firstIndex(where: { !$0.isFinite }) { throw .notFinite(problem: problem, seed: seed) }
        }
        self.values = values
    }

    /// The differences of two arms, second minus first; throws where the arms differ in shape.
    public init(from first: [[Double]], to second: [[Double]]) throws(ComparisonError) {
        let (one, two) = (try CrossedDesign(first), try CrossedDesign(second))
        guard one.problems == two.problems, one.seeds == two.seeds else {
            throw .unequalShapes(first: [one.problems, one.seeds], second: [two.problems, two.seeds])
        }
        try self.init(zip(first, second).map { pair in zip(pair.0, pair.1).map { $1 - $0 } })
    }

    /// The mean of all values.
    public var mean: Double { GroupStatistics.mean(values.map(GroupStatistics.mean)) }
    /// The mean of each problem over seeds.
    public var problemMeans: [Double] { values.map(GroupStatistics.mean) }
    /// The mean of each seed over problems.
    public var seedMeans: [Double] { (0..<seeds).map { seed in GroupStatistics.mean(values.map { $0[seed] }) } }
    /// Whether no value differs from another.
    public var isConstant: Bool { values.allSatisfy { $0.allSatisfy { $0 == values[0][0] } } }

    /// The variance components of the table.
    public var components: VarianceComponents { VarianceComponents(of: self) }
}

/// How the values of a crossed table vary: by problem, by seed, and beyond both.
///
/// The model is d_ij = δ + P_i + S_j + E_ij with independent random effects (two-way crossed, one value per cell). The mean
/// squares estimate E MS_P = σ_E² + m σ_P², E MS_S = σ_E² + n σ_S², E MS_E = σ_E² for n problems and m seeds, and the components
/// solve these equations (the analysis-of-variance estimators; Searle, Casella and McCulloch 1992, “Variance Components”, chapter
/// 4.4).
public struct VarianceComponents: Hashable, Sendable, Codable {
    /// The variance between problems, never below 0.
    public let problems: Double
    /// The variance between seeds, never below 0.
    public let seeds: Double
    /// The variance within cells, which problem and seed do not explain; it contains the noise of sampling.
    public let residual: Double
    /// The mean square of problems, with n − 1 degrees of freedom; 0 for one problem.
    public let problemSquare: Double
    /// The mean square of seeds, with m − 1 degrees of freedom; 0 for one seed.
    public let seedSquare: Double
    /// The mean square of the rest, with (n − 1)(m − 1) degrees of freedom; 0 for one problem or one seed.
    public let residualSquare: Double

    /// The components of a table. With one seed all variance between values counts as the problems', with one problem as the
    /// seeds': the rest cannot be told from it.
    public init(of design: CrossedDesign) {
        let (n, m) = (Double(design.problems), Double(design.seeds))
        guard !design.isConstant else {
            (problems, seeds, residual) = (0, 0, 0)
            (problemSquare, seedSquare, residualSquare) = (0, 0, 0)
            return
        }
        let (rows, columns) = (design.problemMeans, design.seedMeans)
        let (meanOfRows, centre) = (GroupStatistics.mean(rows), GroupStatistics.mean(columns))
        problemSquare = n > 1 ? m * rows.reduce(0) { $0 + ($1 - meanOfRows) * ($1 - meanOfRows) } / (n - 1) : 0
        seedSquare = m > 1 ? n * columns.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / (m - 1) : 0
        guard n > 1, m > 1 else {
            (residual, residualSquare) = (0, 0)
            (problems, seeds) = (problemSquare, seedSquare)
            return
        }
        let rest = zip(design.values, rows).reduce(0.0) { sum, row in
            zip(row.0, columns).reduce(sum) { partial, cell in
                let left = cell.0 - row.1 - cell.1 + centre
                return partial + left * left
            }
        }
        residualSquare = rest / ((n - 1) * (m - 1))
        residual = residualSquare
        problems = max(0, (problemSquare - residualSquare) / m)
        seeds = max(0, (seedSquare - residualSquare) / n)
    }

    /// Components known beforehand, for planning; the mean squares are those of one problem and one seed and play no part.
    public init(problems: Double, seeds: Double, residual: Double) {
        precondition(problems >= 0 && seeds >= 0 && residual >= 0, "Variances cannot be below 0")
        (self.problems, self.seeds, self.residual) = (problems, seeds, residual)
        (problemSquare, seedSquare, residualSquare) = (0, 0, 0)
    }

    /// The variance of the mean over so many problems and seeds: σ_P²/n + σ_S²/m + σ_E²/(nm).
    public func variance(problems n: Int, seeds m: Int) -> Double {
        problems / Double(n) + seeds / Double(m) + residual / Double(n * m)
    }
}
