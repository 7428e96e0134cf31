import Foundation
import HoneCore
import HoneReport
import Testing

private func drawn(_ style: TextChart.Style, width: Int = 72, height: Int = 10, _ curves: RunReport.Curve...) -> [String] {
    TextChart(style: style, width: width, height: height).lines(chart(curves))
}

@Suite("A curve in text")
struct TextChartTests {
    @Test("never is wider than asked for, in any style, with any names", arguments: [TextChart.Style.braille, .ascii], [10, 32, 40, 79, 120, 200])
    func width(style: TextChart.Style, width: Int) {
        let lines = drawn(
            style, width: width, curve("measured", [0.1, 0.4, 0.3, 0.9]), curve("expected", [0.2, 0.5, 0.7], kind: .expected),
            curve("a control with a name that is far too long to be written out", [0.1, 0.1, 0.2], kind: .control))
        #expect(lines.count == 12)
        #expect(lines.allSatisfy { $0.count <= max(32, width) }, "\(lines.map(\.count))")
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test("is plain ASCII where that is asked for, whatever the names are")
    func ascii() {
        var odd = curve("gemessen → ✓ é", [-0.1, 0.4, 0.3], unit: "nats")
        odd.points[1].y.mean = -5
        let lines = TextChart(style: .ascii).lines(RunReport.Chart(title: "t", xLabel: "Größe", yLabel: "", curves: [odd]))
        #expect(lines.joined().unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
        #expect(lines.joined().contains("gemessen ? ? ?"))
        #expect(lines.contains { $0.contains("-") })
    }

    @Test("shows where the values are: rising to the right is rising up the lines")
    func rises() throws {
        let lines = drawn(.ascii, height: 11, curve("m", (0...10).map { Double($0) / 10 }, half: 0))
        let columns = lines.prefix(11).map { line in line.firstIndex(of: "*").map { line.distance(from: line.startIndex, to: $0) } }
        #expect(columns.allSatisfy { $0 != nil })
        for (upper, lower) in zip(columns, columns.dropFirst()) { #expect((upper ?? 0) >= (lower ?? 0)) }
        #expect(lines.first?.hasPrefix("100 % |") == true)
        #expect(lines[10].hasPrefix("  0 % |"))
    }

    @Test("draws a straight line in Braille without gaps, of one dot a column")
    func braille() {
        let lines = drawn(.braille, height: 8, curve("m", [0, 1], half: 0, unit: ""))
        let dots = lines.prefix(8).flatMap { line in
            line.split(separator: " ").first { $0.hasPrefix("┤") || $0.contains("⠀") }.map { _ in line.unicodeScalars.filter { (0x2801...0x28FF).contains($0.value) } } ?? []
        }
        #expect(!dots.isEmpty)
        let all = lines.prefix(8).flatMap { $0.unicodeScalars.filter { (0x2801...0x28FF).contains($0.value) } }
        let count = all.reduce(0) { $0 + ($1.value - 0x2800).nonzeroBitCount }
        // About two dots for each of the columns, and the sample beside the name.
        #expect(count > 100 && count < 160, "\(count)")
        for line in lines.prefix(8) { #expect(line.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }) }
    }

    @Test("names each curve once at the right, near where it ends, in lines of their own")
    func names() throws {
        let lines = drawn(
            .ascii, height: 10, curve("measured", [0.2, 0.8], half: 0), curve("expected", [0.2, 0.8], kind: .expected, half: 0),
            curve("control", [0.2, 0.25], kind: .control, half: 0))
        func row(_ name: String) -> Int? { lines.firstIndex { $0.hasSuffix(name) } }
        let (measured, expected, control) = (try #require(row("* measured")), try #require(row("o expected")), try #require(row("x control")))
        #expect(Set([measured, expected, control]).count == 3)
        #expect(abs(measured - expected) == 1 && control > max(measured, expected))
    }

    @Test("draws the measured curve over the expected one")
    func order() {
        let same = [0.2, 0.5, 0.8]
        let lines = drawn(.ascii, curve("measured", same), curve("expected", same, kind: .expected))
        let picture = lines.prefix(10).map { $0.replacingOccurrences(of: "o expected", with: "") }.joined()
        #expect(!picture.contains("o") && picture.contains("*"))
    }

    @Test("of nothing says so", arguments: [[], [Double.nan], [.infinity, .nan]])
    func nothing(values: [Double]) {
        #expect(drawn(.ascii, curve("m", values)) == ["(nothing to draw yet)"])
        #expect(drawn(.braille, curve("m", values)) == ["(nothing to draw yet)"])
        #expect(TextChart(style: .ascii).lines(chart([])) == ["(nothing to draw yet)"])
    }

    @Test("of one point, of equal points and of huge numbers still is a picture", arguments: [[0.5], [0.5, 0.5, 0.5], [0], [1e300, -1e300], [.leastNonzeroMagnitude], [.greatestFiniteMagnitude]])
    func degenerate(values: [Double]) {
        for style in [TextChart.Style.braille, .ascii] {
            let lines = drawn(style, curve("m", values, half: 0, unit: ""))
            #expect(lines.count == 12)
            #expect(lines.prefix(10).contains { $0.contains { $0 == "*" || ("\u{2801}"..."\u{28FF}").contains($0) } })
        }
    }

    @Test("passes over values that are not finite")
    func gaps() {
        let lines = drawn(.ascii, curve("m", [0.1, .nan, 0.3, .infinity, 0.5]))
        #expect(lines.count == 12 && lines.joined().contains("*"))
    }

    @Test("survives any numbers in any size", arguments: 0..<40)
    func random(seed: Int) {
        var generator = Seed(UInt64(seed)).generator
        let odd: [Double] = [.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 0]
        let curves = (0..<generator.integer(in: 0...6)).map { index in
            curve(
                "c\(index)", (0..<generator.integer(in: 0...50)).map { _ in generator.chance(0.3) ? odd[generator.integer(in: 0...6)] : generator.unit() },
                kind: [.measured, .expected, .control][index % 3], unit: generator.chance(0.5) ? "share" : "")
        }
        let style: TextChart.Style = generator.chance(0.5) ? .ascii : .braille
        let width = generator.integer(in: -5...150)
        let lines = TextChart(style: style, width: width, height: generator.integer(in: -3...30)).lines(chart(curves, countsWhole: generator.chance(0.5)))
        #expect(lines.allSatisfy { $0.count <= max(32, width) })
    }

    @Test("colours pieces of curves without moving anything")
    func paint() {
        let curves = [curve("measured", [0.1, 0.9]), curve("expected", [0.2, 0.6], kind: .expected)]
        let maker = TextChart(style: .braille, width: 60, height: 8)
        let plain = maker.lines(chart(curves))
        let painted = maker.lines(chart(curves)) { "<\($0)>\($1)</\($0)>" }
        let bare = painted.map { $0.replacingOccurrences(of: "</?[0-9]>", with: "", options: .regularExpression) }
        #expect(bare == plain)
        #expect(painted.joined().contains("<0>") && painted.joined().contains("<1>"))
    }
}

@Suite("A sparkline")
struct SparklineTests {
    @Test(
        "has one character a value, of its height",
        arguments: [
            ([0, 0.5, 1], TextChart.Style.braille, "▁▅█"), ([0, 0.5, 1], .ascii, "_+#"), ([-3, 7], .braille, "▁█"), ([], .ascii, ""),
            ([.nan, 0.2, .infinity], .ascii, "?.?"), ([0.124, 0.125], .ascii, "_."), ([.greatestFiniteMagnitude], .ascii, "#"),
        ])
    func values(values: [Double], style: TextChart.Style, text: String) { #expect(TextChart.sparkline(values, style: style) == text) }

    @Test("keeps the newest values")
    func newest() {
        #expect(TextChart.sparkline([0, 0, 0, 1], style: .ascii, most: 2) == "_#")
        #expect(TextChart.sparkline([Double](repeating: 1, count: 100), style: .braille).count == 40)
        #expect(TextChart.sparkline([1], style: .ascii, most: -1).isEmpty)
    }
}
