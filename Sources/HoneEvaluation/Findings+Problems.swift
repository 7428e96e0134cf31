import HoneCore
import HoneNumerics

extension Findings {
    /// Adds a measure from the values seen at each problem: the estimate has its interval over problems, and a problem's value is the
    /// mean of what was seen there. Problems without values are left out.
    public mutating func add(_ name: String, unit: String, _ seen: [(problem: String, values: [Double])]) {
        let filled = seen.filter { !$0.values.isEmpty }
        guard !filled.isEmpty else { return }
        estimates[name] = Estimate.clustered(filled.map(\.values), unit: unit)
        values[name] = Dictionary(filled.map { ($0.problem, Statistics.mean($0.values)) }) { first, _ in first }
    }

    /// Adds a ratio Σ num / Σ den over problems, linearised so that its interval and its values per problem are those of a mean;
    /// left out where the denominators add up to 0.
    ///
    /// value_i = R + (num_i − R·den_i) / mean(den): the first-order expansion of the ratio (Cochran 1977, “Sampling Techniques”,
    /// chapter 6).
    public mutating func addRatio(_ name: String, unit: String, _ parts: [(problem: String, numerator: Double, denominator: Double)]) {
        let denominator = parts.reduce(0) { $0 + $1.denominator }
        guard denominator > 0 else { return }
        let ratio = parts.reduce(0) { $0 + $1.numerator } / denominator
        let mean = denominator / Double(parts.count)
        add(name, unit: unit, parts.map { ($0.problem, [ratio + ($0.numerator - ratio * $0.denominator) / mean]) })
    }
}
