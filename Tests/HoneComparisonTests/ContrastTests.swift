import HoneComparison
import HoneCore
import HoneNumerics
import Testing

/// A result whose only measure has these values by problem.
func result(_ values: [String: Double], measure: String = "pass@1", unit: String = "share") -> CellResult {
    CellResult(
        findings: Findings(
            estimates: [measure: Estimate(mean: 0, low: 0, high: 0, count: values.count, unit: unit)], values: [measure: values]),
        votes: 1, cost: Cost(), shared: Cost(), iterations: 0, isBudgetSpent: false, curve: [])
}

@Suite("Contrasts of arms")
struct ContrastTests {
    private func term(_ arm: String, _ weight: Double, _ seeds: [[String: Double]], measure: String = "pass@1") -> Contrast.Term {
        Contrast.Term(arm: arm, measure: measure, weight: weight, results: seeds.map { result($0) })
    }

    @Test("a contrast pairs problems and seeds, and weighs its terms")
    func weights() throws {
        let contrast = try Contrast(
            "recovery",
            [
                term("a", 1, [["p": 0.9, "q": 0.5], ["p": 0.7, "q": 0.3]]), term("b", -0.7, [["p": 0.5, "q": 0.5], ["p": 0.3, "q": 0.1]]),
                term("c", -0.3, [["q": 1, "p": 0], ["q": 0, "p": 1]]),
            ])
        // Seed 1: p 0.9 − 0.35 − 0 = 0.55, q 0.5 − 0.35 − 0.3 = −0.15; seed 2: p 0.7 − 0.21 − 0.3 = 0.19, q 0.3 − 0.07 − 0 = 0.23.
        #expect(zip(contrast.bySeed, [0.2, 0.21]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(abs(contrast.difference - 0.205) < 1e-12)
        #expect(contrast.problems == 2 && contrast.missing == 0 && contrast.unit == "share")
        let direct = try PairedComparison(differences: CrossedDesign([[0.55, 0.19], [-0.15, 0.23]]))
        #expect(abs((contrast.low ?? 0) - direct.low) < 1e-12 && abs((contrast.high ?? 0) - direct.high) < 1e-12)
    }

    @Test("problems that some arm has not are left out, and counted")
    func missing() throws {
        let contrast = try Contrast("x", [term("a", 1, [["p": 1, "q": 1, "r": 0]]), term("b", -1, [["p": 0, "r": 0, "s": 1]])])
        #expect(contrast.problems == 2 && contrast.missing == 2 && contrast.difference == 0.5)
        #expect(contrast.basis == .problemsOnly)
    }

    @Test("seeds that hardly have a problem in common are compared by the means over their own")
    func ownProblems() throws {
        // Seed 1 has p, q, r; seed 2 has r, s, t and for a also u: r alone is common, so the rows are seeds.
        let contrast = try Contrast(
            "x",
            [
                term("a", 1, [["p": 1, "q": 0, "r": 0.5], ["r": 1, "s": 1, "t": 0.7, "u": 9]]),
                term("b", -1, [["p": 0, "q": 0, "r": 0], ["r": 0, "s": 0.5, "t": 0.2]]),
            ])
        #expect(zip(contrast.bySeed, [0.5, 2 / 3.0]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(contrast.problems == 1 && contrast.missing == 1)
        // One common problem of two is half of them: it is compared by itself.
        let half = try Contrast("x", [term("a", 1, [["p": 1, "q": 0], ["q": 1, "r": 1]])])
        #expect(half.bySeed == [0, 1] && half.problems == 1 && half.missing == 2)
        // And where a seed has none, nothing is compared.
        #expect(throws: (any Error).self) { try Contrast("x", [term("a", 1, [["p": 1], [:]])]) }
    }

    @Test("what cannot be compared is refused in a sentence")
    func refusals() {
        func message(_ terms: [Contrast.Term]) -> String {
            do { return try Contrast("x", terms).name } catch { return "\(error)" }
        }
        #expect(message([]).contains("no arm has a result"))
        #expect(message([term("a", 1, [["p": 1]]), term("b", -1, [["q": 1]])]).contains("no measured problem in common"))
        #expect(message([term("a", 1, [["p": 1], ["p": 0]]), term("b", -1, [["p": 1]])]).contains("“b” has 1 seeds, the others have 2"))
        #expect(message([term("a", 1, [["p": 1]], measure: "pass@2")]).contains("did you mean “pass@1”"))
    }

    @Test("p-values are corrected for their number, in the order of the contrasts")
    func correction() throws {
        func contrast(_ shift: Double) throws -> Contrast {
            try Contrast("x", unit: "", table: (0..<20).map { [shift + Double($0 % 5) / 10, shift + Double($0 % 3) / 10] })
        }
        let three = try [contrast(1), contrast(-0.15), contrast(0.05)]
        let corrected = three.corrected()
        #expect(corrected.map(\.adjustedPValue) == MultipleComparisons.holm(three.map(\.pValue)))
        #expect(corrected.map(\.pValue) == three.map(\.pValue))
    }

    @Test("a verdict comes from the interval, with open ends where there is none")
    func verdicts() throws {
        let single = try Contrast("x", unit: "share", table: [[0.5]])
        #expect(single.low == nil && single.verdict(.higher, smallest: 0.1) == .inconclusive)
        let agreed = try Contrast("x", unit: "share", table: (0..<50).map { _ in [0, 0, 0] })
        // None of 50 problems differed: 1 − 0.025^(1/50) = 7.11 % of problems may differ all the same.
        #expect(abs((agreed.high ?? 0) - 0.07112) < 1e-4 && abs((agreed.low ?? 0) + 0.07112) < 1e-4 && agreed.pValue == 1)
        #expect(agreed.verdict(.equivalent, smallest: 0.05) == .inconclusive && agreed.verdict(.equivalent, smallest: 0.08) == .holds)
        let sure = try Contrast("x", unit: "share", table: (0..<50).map { _ in [0.2, 0.2, 0.2] })
        #expect(sure.verdict(.higher, smallest: 0.1) == .holds && sure.verdict(.lower, smallest: 0.1) == .fails)
        #expect(ClaimVerdict(of: [.holds, .holds]) == .holds && ClaimVerdict(of: [.holds, .inconclusive]) == .inconclusive)
        #expect(ClaimVerdict(of: [.inconclusive, .fails]) == .fails)
    }
}

@Suite("Controls")
struct ControlTests {
    /// Values of an arm under some seeds: problems differ, seeds differ, and so many samples of each problem are right or wrong.
    private func arm(_ generator: inout SeededGenerator, problems: [Double], seeds: Int, samples: Int, spread: Double) -> [[String: Double]] {
        (0..<seeds).map { _ in
            let shift = spread * Distributions.normalQuantile(min(0.999999, max(1e-6, generator.unit())))
            return Dictionary(uniqueKeysWithValues: problems.enumerated().map { index, level in
                let p = min(1, max(0, level + shift))
                let right = (0..<samples).reduce(0) { sum, _ in sum + (generator.unit() < p ? 1 : 0) }
                return ("p\(index)", Double(right) / Double(samples))
            })
        }
    }

    private func table(_ first: [[String: Double]], _ second: [[String: Double]]) throws -> [[Double]] {
        func term(_ weight: Double, _ seeds: [[String: Double]]) -> Contrast.Term {
            Contrast.Term(arm: "x", measure: "pass@1", weight: weight, results: seeds.map { result($0) })
        }
        return try Contrast.table([term(1, second), term(-1, first)]).values
    }

    @Test("an arm against itself is no difference in 93 to 97 % of 1,000, and a planted effect of the stated size is found in 90 %", arguments: [3, 5])
    func simulation(seeds: Int) throws {
        // Seeds that move all problems alike by 1 to 2 points, as retrained models do here; differences have twice the variance of an arm.
        let spread = 0.015
        // The size is stated before: what the design finds in a little more than nine of ten. Four samples at p from 0 to 0.7 have a variance of
        // 0.19/4, and planting, which turns cells right with a chance near 0.2, adds 0.2·0.8·0.65².
        let stated = VarianceComponents(problems: 0, seeds: 2 * spread * spread, residual: 2 * 0.19 / 4 + 0.068)
        let effect = SmallestEffect.detectable(components: stated, problems: 100, seeds: seeds, power: 0.93)
        #expect(effect < 0.25)
        var generator = Seed(11).child("controls", seeds).generator
        let repeats = 1000
        var (quiet, found) = (0, 0)
        for _ in 0..<repeats {
            let problems = (0..<100).map { _ in generator.unit() * 0.7 }
            let first = arm(&generator, problems: problems, seeds: seeds, samples: 4, spread: spread)
            let second = arm(&generator, problems: problems, seeds: seeds, samples: 4, spread: spread)
            let differences = try table(first, second)
            let null = try Contrast("null", unit: "share", table: differences)
            if (null.low ?? -1) <= 0, (null.high ?? 1) >= 0 { quiet += 1 }
            let levels = try table(first.map { $0.mapValues { _ in 0 } }, second)
            let planted = PlantedEffect.plant(effect, into: levels, isShare: true, seed: Seed(generator.next()))
            let raised = zip(differences, zip(levels, planted)).map { row, pair in row.indices.map { row[$0] + pair.1[$0] - pair.0[$0] } }
            if (try Contrast("planted", unit: "share", table: raised).low ?? -1) > 0 { found += 1 }
        }
        #expect((930...970).contains(quiet), "\(quiet) of \(repeats) quiet")
        #expect(found >= 900, "\(found) of \(repeats) found")
    }

    @Test("planting raises the mean by the effect, never beyond 1, and shifts what is no share")
    func planting() {
        let values = (0..<400).map { [Double($0 % 5) / 5, Double($0 % 3) / 4] }
        let planted = PlantedEffect.plant(0.1, into: values, isShare: true, seed: Seed(4))
        let rise = planted.joined().reduce(0, +) / 800 - values.joined().reduce(0, +) / 800
        #expect(abs(rise - 0.1) < 0.03, "\(rise)")
        #expect(zip(planted.joined(), values.joined()).allSatisfy { $0 == 1 || $0 == $1 })
        #expect(PlantedEffect.plant(0.1, into: [[3, 4]], isShare: false, seed: Seed(4)) == [[3.1, 4.1]])
        #expect(PlantedEffect.plant(0.1, into: [[1, 1]], isShare: true, seed: Seed(4)) == [[1, 1]])
    }
}
