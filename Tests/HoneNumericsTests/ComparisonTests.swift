import Foundation
import HoneCore
import HoneNumerics
import Testing

/// Values of SciPy, statsmodels and scikit-learn, made by Tests/References/comparisons.py.
struct ComparisonReferences: Decodable {
    struct Crossed: Decodable {
        var first, second: [[Double]]
        var squares: [Double]
        var degrees, error, difference, low, high, p: Double
    }
    struct OneSeed: Decodable {
        var first, second: [Double]
        var p, low, high: Double
    }
    struct Correction: Decodable { var p, holm, bh: [Double] }
    struct Kappa: Decodable {
        var first, second: [Int]
        var categories: Int
        var none, linear, quadratic: Double
    }
    struct Calibrated: Decodable {
        var confidence: [Double]
        var right: [Bool]
        var ece, brier, auroc: Double
    }
    var crossed: [Crossed]
    var oneSeed: [OneSeed]
    var corrections: [Correction]
    var power: [[Double]]
    var kappa: [Kappa]
    var calibration: [Calibrated]

    static func read() throws -> ComparisonReferences {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/comparisons.json")
        return try JSONDecoder().decode(ComparisonReferences.self, from: try Data(contentsOf: url))
    }
}

@Suite("Comparisons")
struct ComparisonTests {
    @Test("mean squares are statsmodels', interval and p-value SciPy's at the documented degrees of freedom")
    func crossedReferences() throws {
        for reference in try ComparisonReferences.read().crossed {
            let found = try PairedComparison(from: reference.first, to: reference.second)
            #expect(isClose(found.components.problemSquare, reference.squares[0], 1e-9))
            #expect(isClose(found.components.seedSquare, reference.squares[1], 1e-9))
            #expect(isClose(found.components.residualSquare, reference.squares[2], 1e-9))
            #expect(isClose(found.difference, reference.difference) && isClose(found.standardError, reference.error, 1e-9))
            #expect(isClose(found.degrees, reference.degrees, 1e-9) && isClose(found.pValue, reference.p, 1e-8))
            #expect(isClose(found.low, reference.low, 1e-8) && isClose(found.high, reference.high, 1e-8))
            #expect(found.basis == .problemsAndSeeds)
        }
    }

    @Test("with one seed, or one problem, it is the paired t test and says what it rests on")
    func oneFactor() throws {
        for reference in try ComparisonReferences.read().oneSeed {
            let seeds = try PairedComparison(from: [reference.first], to: [reference.second], level: 0.9)
            let problems = try PairedComparison(from: reference.first.map { [$0] }, to: reference.second.map { [$0] }, level: 0.9)
            #expect(problems.basis == .problemsOnly && seeds.basis == .seedsOnly)
            for found in [seeds, problems] {
                #expect(isClose(found.low, reference.low, 1e-9) && isClose(found.high, reference.high, 1e-9))
                #expect(isClose(found.pValue, reference.p, 1e-9))
            }
            #expect(problems.estimate(unit: "share").count == reference.first.count)
        }
    }

    @Test("a table by hand: 2 problems × 2 seeds of differences 0, 2, 4, 10")
    func byHand() throws {
        let found = PairedComparison(differences: try CrossedDesign([[0, 2], [4, 10]]))
        // Means: rows 1 and 7, columns 2 and 6, all 4. MS_P = 2·(9+9) = 36, MS_S = 2·(4+4) = 16, left over ±1: MS_E = 4.
        #expect(found.difference == 4)
        #expect(found.components.problemSquare == 36 && found.components.seedSquare == 16 && found.components.residualSquare == 4)
        #expect(found.components.problems == 16 && found.components.seeds == 6 && found.components.residual == 4)
        // A = 36 − 4, B = 16: V = 48/4, ν = 48 / (32/1 + 16/1) = 1.
        #expect(isClose(found.standardError, 12.0.squareRoot()) && isClose(found.degrees, 1))
        #expect(found.components.variance(problems: 2, seeds: 2) == 12)
    }

    @Test("values that are all equal have an interval without width; the basis says so")
    func allEqual() throws {
        let same = try PairedComparison(from: [[1, 0], [0, 1]], to: [[1, 0], [0, 1]])
        #expect(same.basis == .allEqual && same.low == 0 && same.high == 0 && same.pValue == 1)
        let other = try PairedComparison(from: [[0.1, 0.1], [0.1, 0.1], [0.1, 0.1]], to: [[0.4, 0.4], [0.4, 0.4], [0.4, 0.4]])
        #expect(other.basis == .allEqual && other.low == other.high && other.pValue == 0)
        #expect(SmallestEffect.detectable(in: same) == 0)
    }

    @Test("one difference alone supports nothing")
    func single() throws {
        let found = try PairedComparison(from: [[1]], to: [[5]])
        #expect(found.basis == .singleValue && found.low == -.infinity && found.high == .infinity && found.pValue == 1)
        #expect(found.verdict(smallest: 1, direction: .higher) == .inconclusive)
        #expect(found.estimate(unit: "x") == Estimate(mean: 4, low: 4, high: 4, count: 1, unit: "x"))
        #expect(SmallestEffect.detectable(in: found) == .infinity)
    }

    @Test("seeds that agree exactly while cells differ leave the noise of the cells, not an interval without width")
    func seedsAgree() throws {
        let found = PairedComparison(differences: try CrossedDesign([[1, -1, 0], [-1, 1, 0], [0, 0, 0]]))
        #expect(found.components.seedSquare == 0 && found.difference == 0)
        #expect(found.degrees == 4 && isClose(found.standardError, (found.components.residual / 9).squareRoot()))
        #expect(found.high > 0.3)
    }

    @Test("swapping arms mirrors the interval; scaling and shifting both arms scales it", arguments: [UInt64(1), 2, 3])
    func symmetries(seed: UInt64) throws {
        var generator = Seed(seed).generator
        let first = (0..<8).map { _ in (0..<4).map { _ in generator.unit() } }
        let second = (0..<8).map { _ in (0..<4).map { _ in generator.unit() } }
        let (forth, back) = (try PairedComparison(from: first, to: second), try PairedComparison(from: second, to: first))
        #expect(isClose(forth.low, -back.high) && isClose(forth.pValue, back.pValue))
        let scaled = try PairedComparison(from: first.map { $0.map { 3 * $0 + 7 } }, to: second.map { $0.map { 3 * $0 + 7 } })
        #expect(isClose(scaled.low, 3 * forth.low, 1e-9) && isClose(scaled.degrees, forth.degrees, 1e-7))
        let shuffled = generator.shuffled(Array(zip(first, second)))
        let again = try PairedComparison(from: shuffled.map(\.0), to: shuffled.map(\.1))
        #expect(isClose(again.low, forth.low, 1e-12))
    }

    @Test("tables with gaps are refused with a sentence that says where")
    func refusals() {
        #expect(throws: ComparisonError.empty) { try CrossedDesign([]) }
        #expect(throws: ComparisonError.empty) { try CrossedDesign([[]]) }
        #expect(throws: ComparisonError.ragged(problem: 1, found: 1, expected: 2)) { try CrossedDesign([[1, 2], [3]]) }
        #expect(throws: ComparisonError.notFinite(problem: 0, seed: 1)) { try CrossedDesign([[1, .nan]]) }
        #expect(throws: ComparisonError.unequalShapes(first: [1, 2], second: [2, 2])) {
            try CrossedDesign(from: [[1, 2]], to: [[1, 2], [3, 4]])
        }
        #expect("\(ComparisonError.ragged(problem: 4, found: 2, expected: 3))".contains("Problem 4 has values of 2 seeds, expected 3"))
    }

    @Test("Holm's and Benjamini–Hochberg's p-values agree with statsmodels, in the order given")
    func corrections() throws {
        for reference in try ComparisonReferences.read().corrections {
            #expect(zip(MultipleComparisons.holm(reference.p), reference.holm).allSatisfy { isClose($0, $1) })
            #expect(zip(MultipleComparisons.benjaminiHochberg(reference.p), reference.bh).allSatisfy { isClose($0, $1) })
        }
        #expect(MultipleComparisons.holm([]) == [] && MultipleComparisons.benjaminiHochberg([]) == [])
        // 0.01·3, 0.02·2, then 0.03·1 lifted to 0.04; and 0.03·3/3 for all.
        #expect(MultipleComparisons.holm([0.02, 0.01, 0.03]).map { ($0 * 100).rounded() } == [4, 3, 4])
        #expect(MultipleComparisons.benjaminiHochberg([0.02, 0.01, 0.03]).map { ($0 * 100).rounded() } == [3, 3, 3])
    }

    @Test("the smallest detectable effect of one sample is statsmodels', and power and effect are inverse")
    func detectable() throws {
        let unit = VarianceComponents(problems: 1, seeds: 0, residual: 0)
        for row in try ComparisonReferences.read().power {
            let found = SmallestEffect.detectable(components: unit, problems: Int(row[0]), seeds: 1, power: row[1])
            #expect(isClose(found, row[2], 1e-5), "n \(row[0]), power \(row[1]): \(found)")
        }
        let mixed = VarianceComponents(problems: 0.2, seeds: 0.01, residual: 0.3)
        let effect = SmallestEffect.detectable(components: mixed, problems: 80, seeds: 4)
        #expect(isClose(SmallestEffect.power(effect: effect, components: mixed, problems: 80, seeds: 4), 0.8, 1e-7))
    }

    @Test("without an effect, 3–7 % are found whatever problems and seeds contribute", arguments: 3...10, [50, 500])
    func falseFindings(seeds: Int, problems: Int) {
        for between in [0, 0.1, 0.5, 2, 20] as [Double] {
            for bySeeds in [0, 0.3, 1, 3, 10, 100, 1000] as [Double] {
                let components = VarianceComponents(problems: between, seeds: bySeeds / Double(problems), residual: 1)
                let found = SmallestEffect.power(effect: 0, components: components, problems: problems, seeds: seeds)
                #expect(found > 0.03 && found < 0.07, "\(found) at \(between), \(bySeeds)")
            }
        }
    }

    @Test("more seeds or more problems can see smaller effects")
    func moreSeesMore() {
        let components = VarianceComponents(problems: 0.2, seeds: 0.01, residual: 0.3)
        let bySeeds = [2, 3, 5, 10].map { SmallestEffect.detectable(components: components, problems: 100, seeds: $0) }
        #expect(zip(bySeeds, bySeeds.dropFirst()).allSatisfy { $0 > $1 })
        let byProblems = [20, 100, 500].map { SmallestEffect.detectable(components: components, problems: $0, seeds: 5) }
        #expect(zip(byProblems, byProblems.dropFirst()).allSatisfy { $0 > $1 })
    }
}

@Suite("Verdicts on claims")
struct ClaimVerdictTests {
    @Test("each region of the interval against a smallest effect of 2", arguments: [
        // low, high, higher, higher by the margin, equivalent, not lower
        (2.5, 4.0, "holds", "holds", "fails", "holds"), (1.0, 3.0, "holds", "inconclusive", "inconclusive", "holds"),
        (0.5, 1.5, "fails", "fails", "holds", "holds"), (-1.0, 1.0, "fails", "fails", "holds", "holds"),
        (-1.0, 3.0, "inconclusive", "inconclusive", "inconclusive", "holds"),
        (-3.0, 3.0, "inconclusive", "inconclusive", "inconclusive", "inconclusive"),
        (-3.0, -1.0, "fails", "fails", "inconclusive", "inconclusive"), (-5.0, -2.5, "fails", "fails", "fails", "fails"),
        (2.0, 2.0, "holds", "holds", "holds", "holds"), (0.0, 2.0, "inconclusive", "inconclusive", "holds", "holds"),
    ])
    func regions(_ row: (Double, Double, String, String, String, String)) {
        let directions: [ClaimDirection] = [.higher, .higherByMargin, .equivalent, .notLower]
        for (direction, expected) in zip(directions, [row.2, row.3, row.4, row.5]) {
            #expect(ClaimVerdict(low: row.0, high: row.1, smallest: 2, direction: direction).rawValue == expected, "\(direction)")
        }
        // The claims downwards are those upwards in the mirror.
        for (up, down) in [(ClaimDirection.higher, ClaimDirection.lower), (.higherByMargin, .lowerByMargin), (.notLower, .notHigher)] {
            #expect(
                ClaimVerdict(low: row.0, high: row.1, smallest: 2, direction: up)
                    == ClaimVerdict(low: -row.1, high: -row.0, smallest: 2, direction: down))
        }
    }

    @Test("with no smallest effect, only exactly equal arms are equivalent, and they are not lower")
    func zeroMargin() {
        #expect(ClaimVerdict(low: 0, high: 0, smallest: 0, direction: .equivalent) == .holds)
        #expect(ClaimVerdict(low: 0, high: 0, smallest: 0, direction: .notLower) == .holds)
        #expect(ClaimVerdict(low: 0, high: 0, smallest: 0, direction: .higher) == .fails)
        #expect(ClaimVerdict(low: -0.1, high: 0.1, smallest: 0, direction: .equivalent) == .inconclusive)
    }

    @Test("a narrower interval inside another never turns holds into fails or back")
    func narrowing() {
        var generator = Seed(5).generator
        for _ in 0..<2000 {
            let ends = [generator.unit() * 8 - 4, generator.unit() * 8 - 4].sorted()
            let width = ends[1] - ends[0]
            let inner = [ends[0] + width * generator.unit() / 2, ends[1] - width * generator.unit() / 2]
            for direction in ClaimDirection.allCases where direction != .higher && direction != .lower {
                let wide = ClaimVerdict(low: ends[0], high: ends[1], smallest: 1, direction: direction)
                let narrow = ClaimVerdict(low: inner[0], high: inner[1], smallest: 1, direction: direction)
                #expect(wide == .inconclusive || wide == narrow)
            }
        }
    }
}
