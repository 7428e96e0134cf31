import Foundation
import HoneCore
import HoneNumerics

/// A weighted sum of arms' measures with its interval: a difference of two arms, or anything else that is linear in them.
public struct Contrast: Hashable, Sendable, Codable {
    /// One measure of one arm under all seeds.
    public struct Term: Sendable {
        /// The arm's name.
        public var arm: String
        /// Its measure.
        public var measure: String
        /// Its factor.
        public var weight: Double
        /// Its results by seed; the same seeds in the same order for all terms.
        public var results: [CellResult]

        /// A term.
        public init(arm: String, measure: String, weight: Double, results: [CellResult]) {
            self.arm = arm
            self.measure = measure
            self.weight = weight
            self.results = results
        }
    }

    /// What is compared, in words: `star − start`.
    public let name: String
    /// The unit of the measure.
    public let unit: String
    /// The mean over problems and seeds.
    public let difference: Double
    /// The lower end of the 95 % interval; nil for minus infinity.
    public let low: Double?
    /// Its upper end; nil for infinity.
    public let high: Double?
    /// The p-value of “no difference” against both sides.
    public let pValue: Double
    /// The same, corrected for all comparisons made together (Holm).
    public internal(set) var adjustedPValue: Double
    /// The smallest true difference that would have been found in four of five repetitions; nil where that cannot be said.
    public let detectable: Double?
    /// What the interval rests on.
    public let basis: PairedComparison.Basis
    /// How many problems all arms met under all seeds; 1 where seeds are compared by the means over their own problems.
    public let problems: Int
    /// Problems that were left out because some arm has no value there.
    public let missing: Int
    /// The mean over problems under each seed.
    public let bySeed: [Double]

    /// The contrast of these terms; throws a sentence where a measure is missing or no problem is common to all.
    public init(_ name: String, _ terms: [Term]) throws {
        let (table, missing) = try Self.table(terms)
        try self.init(name, unit: Self.unit(terms), table: table, missing: missing)
    }

    /// The contrast of a table of values by problem, then by seed.
    public init(_ name: String, unit: String, table: [[Double]], missing: Int = 0) throws {
        let design = try CrossedDesign(table)
        let comparison = PairedComparison(differences: design)
        let detectable = SmallestEffect.detectable(in: comparison)
        self.name = name
        self.unit = unit
        self.missing = missing
        difference = comparison.difference
        if comparison.basis == .allEqual, unit == "share" {
            let half = Self.unseen(problems: design.problems)
            (low, high) = (comparison.difference - half, comparison.difference + half)
            pValue = abs(comparison.difference) <= half ? 1 : comparison.pValue
            self.detectable = half
        } else {
            low = comparison.low.isFinite ? comparison.low : nil
            high = comparison.high.isFinite ? comparison.high : nil
            pValue = comparison.pValue
            self.detectable = detectable.isFinite ? detectable : nil
        }
        adjustedPValue = pValue
        basis = comparison.basis
        problems = design.problems
        bySeed = design.seedMeans
    }

    /// How far the mean of shares may be off although all problems agreed: problems that differ may be this frequent and none have come up.
    ///
    /// The upper end of the interval of Clopper and Pearson 1934 at 95 % for none of n, 1 − 0.025^(1/n); about 3.7/n.
    static func unseen(problems: Int) -> Double { 1 - pow(0.025, 1 / Double(problems)) }

    /// The verdict of the interval on a claim about it.
    public func verdict(_ direction: ClaimDirection, smallest: Double) -> ClaimVerdict {
        ClaimVerdict(low: low ?? -.infinity, high: high ?? .infinity, smallest: smallest, direction: direction)
    }

    /// Weighted sums by problem and seed, over the problems that all have, in the order of their names; and how many were left out.
    ///
    /// Some measures exist only where something came about, such as an order of values where a search ended twice; then seeds hardly have a problem in
    /// common. Where those of all seeds are fewer than half of those that every seed has by itself, one row is given: each seed's mean over its own.
    public static func table(_ terms: [Term]) throws -> (values: [[Double]], missing: Int) {
        guard let seeds = terms.first?.results.count, seeds > 0 else {
            throw CoreError.invalid("There is nothing to compare: no arm has a result")
        }
        var common: Set<String>?
        var own: [Set<String>?] = Array(repeating: nil, count: seeds)
        var all: Set<String> = []
        for term in terms {
            guard term.results.count == seeds else {
                throw CoreError.invalid("Arm “\(term.arm)” has \(term.results.count) seeds, the others have \(seeds)")
            }
            for (seed, result) in term.results.enumerated() {
                guard let values = result.findings.values[term.measure] else {
                    throw CoreError.unknown(
                        kind: "measure with values by problem of arm “\(term.arm)”", name: term.measure,
                        known: result.findings.values.keys.sorted())
                }
                common = common?.intersection(values.keys) ?? Set(values.keys)
                own[seed] = own[seed]?.intersection(values.keys) ?? Set(values.keys)
                all.formUnion(values.keys)
            }
        }
        func value(_ problem: String, _ seed: Int) -> Double {
            terms.reduce(0) { $0 + $1.weight * ($1.results[seed].findings.values[$1.measure]?[problem] ?? 0) }
        }
        let least = own.map { $0?.count ?? 0 }.min() ?? 0
        if seeds > 1, least > 0, 2 * (common?.count ?? 0) < least {
            let means = own.enumerated().map { seed, problems in
                GroupStatistics.mean((problems ?? []).sorted().map { value($0, seed) })
            }
            let used = own.reduce(into: Set<String>()) { $0.formUnion($1 ?? []) }
            return ([means], all.count - used.count)
        }
        guard let problems = common?.sorted(), !problems.isEmpty else {
            let names = terms.map { "“\($0.arm)”" }.joined(separator: ", ")
            throw CoreError.invalid(
                "The arms \(names) have no measured problem in common; give them the same task and evaluation settings")
        }
        let table = problems.map { problem in (0..<seeds).map { value(problem, $0) } }
        return (table, all.count - problems.count)
    }

    private static func unit(_ terms: [Term]) -> String {
        terms.first.flatMap { $0.results.first?.findings.estimates[$0.measure]?.unit } ?? ""
    }
}

extension [Contrast] {
    /// The same contrasts with p-values corrected for their number.
    public func corrected() -> [Contrast] {
        zip(self, MultipleComparisons.holm(map(\.pValue))).map { contrast, adjusted in
            var copy = contrast
            copy.adjustedPValue = adjusted
            return copy
        }
    }
}
