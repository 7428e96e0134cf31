import Foundation
import HoneCore
import HoneReport
import Testing

@Suite("A headline")
struct HeadlineTests {
    @Test("puts the interval of a difference together from both intervals' own sides")
    func difference() {
        // a = 0.7 [0.6, 0.75], b = 0.2 [0.17, 0.24]: d = 0.5, low = 0.5 − √(0.1² + 0.04²), high = 0.5 + √(0.05² + 0.03²).
        let after = Estimate(mean: 0.7, low: 0.6, high: 0.75, count: 100, unit: "share")
        let before = Estimate(mean: 0.2, low: 0.17, high: 0.24, count: 100, unit: "share")
        let found = Headline.Difference(after, minus: before)
        #expect(abs(found.value - 0.5) < 1e-12)
        #expect(abs(found.low - (0.5 - 0.0116.squareRoot())) < 1e-12)
        #expect(abs(found.high - (0.5 + 0.0034.squareRoot())) < 1e-12)
        #expect(found.isClear)
        let turned = Headline.Difference(before, minus: after)
        #expect(abs(turned.low + found.high) < 1e-12 && abs(turned.high + found.low) < 1e-12)
    }

    @Test("gives Newcombe's interval for two shares when it is given Wilson's intervals")
    func newcombe() {
        // Newcombe 1998, table II, method 10: 56/70 − 48/80 has the interval 0.0524 to 0.3339.
        func wilson(_ successes: Double, _ count: Double) -> Estimate {
            let (z, p) = (1.959964, successes / count)
            let middle = (p + z * z / (2 * count)) / (1 + z * z / count)
            let half = z / (1 + z * z / count) * (p * (1 - p) / count + z * z / (4 * count * count)).squareRoot()
            return Estimate(mean: p, low: middle - half, high: middle + half, count: Int(count), unit: "share")
        }
        let found = Headline.Difference(wilson(56, 70), minus: wilson(48, 80))
        #expect(abs(found.value - 0.2) < 1e-12)
        #expect(abs(found.low - 0.0524) < 5e-5 && abs(found.high - 0.3339) < 5e-5)
    }

    @Test("is clear exactly when its interval leaves out 0", arguments: 0..<50)
    func clear(seed: Int) {
        var generator = Seed(UInt64(seed)).generator
        let (a, b) = (generator.unit(), generator.unit())
        let (h, k) = (0.3 * generator.unit(), 0.3 * generator.unit())
        let found = Headline.Difference(estimate(a, h), minus: estimate(b, k))
        #expect(found.isClear == (abs(a - b) > (h * h + k * k).squareRoot()))
        #expect(found.low <= found.value && found.value <= found.high)
    }

    private func text(_ headline: Headline) throws -> String {
        let root = try parsed(RunReport(title: "t", headline: headline).html())
        return try #require(root.classed("headline").first).text
    }

    @Test("says before, after, difference with interval, control, problems and seed")
    func complete() throws {
        let headline = Headline(
            measure: "pass@1", before: estimate(0.231, 0.03), after: estimate(0.706, 0.04), control: ("more steps", estimate(0.25, 0.03)), seeds: [7])
        let found = try text(headline)
        for piece in [
            "pass@1 on held-out problems", "23.1 %", "70.6 %", "+47.5 points", "95 % interval +42.5 points to +52.5 points", "20.1 to 26.1 %",
            "66.6 to 74.6 %", "control: more steps", "25.0 %", "problems200", "seed7",
            "Against the control: +45.6 points (95 % interval +40.6 points to +50.6 points); the interval does not hold 0.",
            "more than before", "not how another seed would fare",
        ] { #expect(found.contains(piece), "\(piece)\n\(found)") }
    }

    @Test(
        "claims only what the interval allows",
        arguments: [
            (0.2, 0.5, 0.05, "does not hold 0: more than before"), (0.5, 0.2, 0.05, "does not hold 0: less than before"),
            (0.2, 0.22, 0.05, "no change is shown"), (0.2, 0.2, 0.0, "no change is shown"), (0.2, 0.6, Double.nan, "nothing can be said"),
            (0.2, .nan, 0.05, "nothing can be said"), (0.2, 0.6, .infinity, "nothing can be said"),
        ])
    func reading(before: Double, after: Double, half: Double, words: String) throws {
        let headline = Headline(measure: "m", before: estimate(before, half), after: estimate(after, half), seeds: [0])
        #expect(headline.reading.first?.contains(words) == true, "\(headline.reading)")
        #expect(try text(headline).contains(words))
    }

    @Test("of one measurement compares nothing, and shows no arrow")
    func once() throws {
        let headline = Headline(measure: "m", before: estimate(0.4), after: nil, seeds: [0])
        #expect(headline.difference == nil)
        let found = try text(headline)
        #expect(found.contains("It was measured once") && !found.contains("→") && !found.contains("points"))
    }

    @Test("of other units speaks in them")
    func units() throws {
        let headline = Headline(measure: "length", before: estimate(30.5, 1.5, unit: "tokens"), after: estimate(12.25, 0.25, unit: "tokens"), seeds: [1, 2])
        let found = try text(headline)
        #expect(found.contains("30.50 tokens") && found.contains("12.25 tokens") && found.contains("−18.25 tokens"))
        #expect(found.contains("seeds1, 2") && !found.contains("another seed"))
    }
}

@Suite("A figure")
struct FigureTests {
    @Test(
        "with fixed decimals has a true minus and never a negative zero",
        arguments: [
            (0.0, 1, "0.0"), (-0.0, 1, "0.0"), (-0.04, 1, "0.0"), (-0.06, 1, "−0.1"), (1234.56, 0, "1235"), (2.5, -3, "2"),
            (Double.nan, 2, "not a number"), (.infinity, 2, "infinite"), (-.infinity, 2, "−infinite"),
        ])
    func fixed(value: Double, decimals: Int, text: String) { #expect(Figure.fixed(value, decimals: decimals) == text) }

    @Test(
        "with significant digits has about four of them at every size",
        arguments: [
            (0.0, "0"), (1.0, "1.000"), (12.3456, "12.35"), (123.456, "123.5"), (1234.56, "1235"), (99_999.4, "99999"), (0.00123456, "0.001235"),
            (0.0001, "0.0001000"), (-0.5, "−0.5000"), (3.2e6, "3.20·10^6"), (-4.56e-7, "−4.56·10^−7"), (1e300, "1.00·10^300"), (Double.nan, "not a number"),
        ])
    func significant(value: Double, text: String) { #expect(Figure.significant(value) == text) }

    @Test(
        "on an axis is short",
        arguments: [
            (0.0, "0"), (850.0, "850"), (9_999.0, "9999"), (12_500.0, "12.5 k"), (1_234_567.0, "1.23 M"), (2e9, "2 G"), (5e12, "5 T"),
            (-20_000.0, "−20 k"), (0.125, "0.125"), (Double.infinity, "infinite"),
        ])
    func short(value: Double, text: String) { #expect(Figure.short(value) == text) }

    @Test(
        "of a count has its thousands apart",
        arguments: [(0, "0"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567"), (-45_678, "-45 678"), (Int.max, "9 223 372 036 854 775 807"), (Int.min, "-9 223 372 036 854 775 808")])
    func grouped(number: Int, text: String) { #expect(Figure.grouped(number) == text) }

    @Test("of a share is percent, its change is points, and other units follow the number; ranges do not")
    func units() {
        #expect(Figure.value(0.4131, unit: "share") == "41.3 %")
        #expect(Figure.value(.nan, unit: "share") == "not a number")
        #expect(Figure.value(2, unit: "nats") == "2.000 nats")
        #expect(Figure.value(2, unit: "") == "2.000")
        // What values mean is no unit of theirs.
        #expect(Figure.value(0.5, unit: "−1 to 1") == "0.5000" && Figure.change(-0.159, unit: "−1 to 1") == "−0.1590")
        #expect(Figure.value(3, unit: "as the reward") == "3.000")
        #expect(Figure.change(0.125, unit: "share") == "+12.5 points")
        #expect(Figure.change(-0.125, unit: "share") == "−12.5 points")
        #expect(Figure.change(0, unit: "share") == "0.0 points")
        #expect(Figure.change(1.5, unit: "nats") == "+1.500 nats")
        #expect(Figure.interval(0.1, 0.2, unit: "share") == "10.0 to 20.0 %")
        #expect(Figure.interval(1, .infinity, unit: "share") == "1.000 to infinite")
    }
}
