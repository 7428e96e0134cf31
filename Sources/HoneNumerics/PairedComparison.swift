import HoneCore

/// The mean difference of two arms that met the same problems under the same seeds, with an interval and a p-value.
///
/// Problems and seeds are both taken as samples of more problems and seeds, so the interval speaks of new problems and new
/// training runs. Its variance adds what varies between problems to what varies between seeds:
///
///     V = (A + B) / (nm),  A = the mean square of the factor with more levels less that of the residual, or 0 where that is negative,
///                          B = the mean square of the factor with fewer levels (seeds, as a rule),
///     1/ν = (A / (levels of A − 1) + B / (levels of B − 1)) / (A + B),  interval: mean ± t_ν √V.
///
/// V is that of the analysis of variance for two crossed random factors (Searle, Casella and McCulloch 1992, chapter 4). The
/// degrees of freedom go back to Satterthwaite 1946, “An Approximate Distribution of Estimates of Variance Components”, whose
/// formula weighs by the *squares* of the shares A/(A+B) and B/(A+B). With three seeds these squares, being estimated, make ν too
/// large whenever the seeds happen to agree; its intervals cover as little as 92 %. Weighing by the shares themselves covers
/// 94–96 % (docs/decisions/0008-intervals-of-comparisons.md).
public struct PairedComparison: Hashable, Sendable, Codable {
    /// What the interval rests on.
    public enum Basis: String, Hashable, Sendable, Codable {
        /// Problems and seeds.
        case problemsAndSeeds = "problems and seeds"
        /// Problems only, because there is one seed: nothing is said about other training runs.
        case problemsOnly = "problems only, one seed"
        /// Seeds only, because there is one problem: nothing is said about other problems.
        case seedsOnly = "seeds only, one problem"
        /// All differences are the same number, so the interval has no width.
        case allEqual = "all differences are equal"
        /// One difference alone says nothing about its spread: the interval is everything.
        case singleValue = "a single difference"
    }

    /// The mean of second minus first.
    public let difference: Double
    /// The lower end of the interval.
    public let low: Double
    /// The upper end of the interval.
    public let high: Double
    /// The standard error of the difference; infinite for a single value.
    public let standardError: Double
    /// The degrees of freedom of the interval; 0 where there is no t distribution behind it.
    public let degrees: Double
    /// The two-sided p-value of “no difference”: 1 where all differences are 0, 0 where all are the same other number.
    public let pValue: Double
    /// The confidence level of the interval.
    public let level: Double
    /// How many problems both arms met.
    public let problems: Int
    /// How many seeds both arms ran under.
    public let seeds: Int
    /// What the interval rests on.
    public let basis: Basis
    /// How the differences vary.
    public let components: VarianceComponents

    /// Compares two arms by values indexed by problem, then by seed; throws where they differ in shape.
    public init(from first: [[Double]], to second: [[Double]], level: Double = 0.95) throws(ComparisonError) {
        self.init(differences: try CrossedDesign(from: first, to: second), level: level)
    }

    /// Compares by a table of differences.
    public init(differences design: CrossedDesign, level: Double = 0.95) {
        precondition(level > 0 && level < 1, "A confidence level lies between 0 and 1")
        let components = design.components
        let spread = Spread(of: components, problems: design.problems, seeds: design.seeds)
        difference = design.mean
        (problems, seeds, self.level, self.components) = (design.problems, design.seeds, level, components)
        switch (design.problems, design.seeds) {
        case (1, 1): basis = .singleValue
        case _ where design.isConstant: basis = .allEqual
        case (_, 1): basis = .problemsOnly
        case (1, _): basis = .seedsOnly
        default: basis = .problemsAndSeeds
        }
        switch basis {
        case .singleValue:
            (low, high, standardError, degrees, pValue) = (-.infinity, .infinity, .infinity, 0, 1)
        case .allEqual:
            (low, high, standardError, degrees, pValue) = (difference, difference, 0, 0, difference == 0 ? 1 : 0)
        default:
            standardError = spread.variance.squareRoot()
            degrees = spread.degrees
            let half = Distributions.studentQuantile((1 + level) / 2, degrees: degrees) * standardError
            (low, high) = (difference - half, difference + half)
            pValue = 2 * Distributions.studentCDF(-abs(difference / standardError), degrees: degrees)
        }
    }

    /// The difference as an estimate; `count` is the number of problems, or of seeds where the interval rests on them alone.
    ///
    /// A single difference has itself as both ends, as estimates of one value have.
    public func estimate(unit: String) -> Estimate {
        let ends = basis == .singleValue ? (difference, difference) : (low, high)
        return Estimate(mean: difference, low: ends.0, high: ends.1, count: basis == .seedsOnly ? seeds : problems, unit: unit)
    }
}

/// The variance of a mean difference and its degrees of freedom.
struct Spread: Hashable, Sendable {
    let variance: Double
    let degrees: Double

    private init(variance: Double, degrees: Double) {
        self.variance = variance
        self.degrees = degrees
    }

    /// From the mean squares of a table that is not constant.
    init(of components: VarianceComponents, problems n: Int, seeds m: Int) {
        let parts = Parts(
            problemSquare: components.problemSquare, seedSquare: components.seedSquare, residualSquare: components.residualSquare,
            problems: n, seeds: m)
        // Seeds may agree to the last bit while cells differ, as rare successes do: what is left then is the noise of the cells.
        guard parts.known + parts.few > 1e-12 * components.residualSquare else {
            self.init(variance: components.residualSquare / parts.cells, degrees: Double((n - 1) * (m - 1)))
            return
        }
        self.init(parts)
    }

    /// From parts that are not both 0.
    init(_ parts: Parts) {
        let sum = parts.known + parts.few
        self.init(variance: sum / parts.cells, degrees: sum / (parts.known / parts.knownDegrees + parts.few / parts.fewDegrees))
    }

    /// The two parts of the variance: one of many levels, and the mean square of the factor with few.
    struct Parts: Hashable, Sendable {
        var known, few, knownDegrees, fewDegrees, cells: Double

        /// From mean squares, as they are found or as they are expected.
        init(problemSquare: Double, seedSquare: Double, residualSquare: Double, problems n: Int, seeds m: Int) {
            cells = Double(n * m)
            guard n > 1, m > 1 else {
                (known, few) = (0, max(problemSquare, seedSquare))
                fewDegrees = Double(max(1, n - 1, m - 1))
                knownDegrees = fewDegrees
                return
            }
            let (many, fewer) = m <= n ? (problemSquare, seedSquare) : (seedSquare, problemSquare)
            (known, few) = (max(0, many - residualSquare), fewer)
            (knownDegrees, fewDegrees) = (Double(max(n, m) - 1), Double(min(n, m) - 1))
        }
    }
}
