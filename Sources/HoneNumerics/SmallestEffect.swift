import Foundation

/// What a crossed comparison could have seen.
public enum SmallestEffect {
    /// The smallest true difference that the design finds with the given power in a two-sided test, 0 where nothing varies;
    /// infinite for a single value.
    ///
    /// Compare it with the smallest effect of interest: “no difference” means little where it is the larger one. With one seed
    /// it speaks, as the interval does, of problems only.
    public static func detectable(
        components: VarianceComponents, problems: Int, seeds: Int, power: Double = 0.8, level: Double = 0.95
    ) -> Double {
        precondition(power > 1 - level && power < 1, "Power lies between the level of the test and 1")
        guard problems > 1 || seeds > 1 else { return .infinity }
        guard let test = PowerOfTest(components, problems: problems, seeds: seeds, level: level) else { return 0 }
        var (low, high) = (0.0, test.deviation)
        while test.power(of: high) < power, high < 1e6 * test.deviation { high *= 2 }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if test.power(of: middle) < power { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The same for a comparison that was made, with the components found in it.
    public static func detectable(in comparison: PairedComparison, power: Double = 0.8) -> Double {
        detectable(
            components: comparison.components, problems: comparison.problems, seeds: comparison.seeds, power: power,
            level: comparison.level)
    }

    /// The chance that a true difference of this size is found: that the interval leaves out 0.
    public static func power(
        effect: Double, components: VarianceComponents, problems: Int, seeds: Int, level: Double = 0.95
    ) -> Double {
        guard problems > 1 || seeds > 1 else { return 0 }
        guard let test = PowerOfTest(components, problems: problems, seeds: seeds, level: level) else { return effect == 0 ? 0 : 1 }
        return test.power(of: abs(effect))
    }
}

/// The power of `PairedComparison` in a design, averaged over what the factor with few levels may show.
///
/// Its mean square B is σ² χ²_f / f, independent of the mean difference; the other part of the variance rests on many levels and is taken
/// as known. With q(B) = t_ν(B) √V(B) the half-width that B leads to, power = E_B [Φ((δ − q)/√V) + Φ((−δ − q)/√V)]. For one factor
/// alone this is the noncentral t (Cohen 1988, “Statistical Power Analysis”, chapter 2). A noncentral t at the *expected* ν would
/// promise too much where seeds are few, because wide intervals go with few degrees.
private struct PowerOfTest {
    let deviation: Double
    private let nodes: [(weight: Double, limit: Double)]

    /// nil where nothing varies.
    init?(_ components: VarianceComponents, problems n: Int, seeds m: Int, level: Double) {
        // With one seed, what the seed adds to all problems alike cannot be seen, and is no part of the interval either.
        let expected = Spread.Parts(
            problemSquare: n > 1 ? components.residual + Double(m) * components.problems : 0,
            seedSquare: m > 1 ? components.residual + Double(n) * components.seeds : 0,
            residualSquare: components.residual, problems: n, seeds: m)
        guard expected.known + expected.few > 0 else { return nil }
        let degrees = expected.fewDegrees
        let half = degrees / 2
        // The density of s = √(χ²_f/f) is 2 (f/2)^{f/2} / Γ(f/2) · s^{f−1} · exp(−f s²/2). Simpson's rule between ends that hold all of it
        // but 1e-15.
        let logConstant = log(2.0) + half * log(half) - lgamma(half)
        let width = 8.5 / (2 * degrees).squareRoot()
        let (start, end) = (max(0, 1 - width - 2 / degrees), 1 + width + 2 / degrees)
        let steps = 300
        let step = (end - start) / Double(steps)
        nodes = (0...steps).map { index in
            let s = start + Double(index) * step
            let density =
                s > 0 ? exp(logConstant + (degrees - 1) * log(s) - half * s * s) : degrees == 1 ? exp(logConstant) : 0
            let simpson: Double = index == 0 || index == steps ? 1 : index.isMultiple(of: 2) ? 2 : 4
            var shown = expected
            shown.few *= s * s
            guard density > 1e-16, shown.known + shown.few > 0 else { return (simpson * density * step / 3, 0) }
            let spread = Spread(shown)
            let quantile = Distributions.studentQuantile((1 + level) / 2, degrees: spread.degrees)
            return (simpson * density * step / 3, quantile * spread.variance.squareRoot())
        }
        deviation = Spread(expected).variance.squareRoot()
    }

    func power(of effect: Double) -> Double {
        func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
        return nodes.reduce(0) {
            $0 + $1.weight * (normal((effect - $1.limit) / deviation) + normal((-effect - $1.limit) / deviation))
        }
    }
}
