import Foundation
import HoneCore
import Foundation
import HoneReport
import Testing

@Suite("The page of a comparison")
struct ComparisonReportTests {
    private func estimate(_ mean: Double) -> Estimate { Estimate(mean: mean, low: mean - 0.1, high: mean + 0.1, count: 50, unit: "share") }

    private func forest(_ rows: [Forest.Row], isDifference: Bool = true) -> Forest {
        Forest(title: "Differences", note: "how to read", axis: "points", isShare: true, isDifference: isDifference, rows: rows)
    }

    private func page(_ rows: [Forest.Row], warnings: [String] = []) -> ComparisonReport {
        ComparisonReport(
            title: "a <b> & c", summary: ["asked"], headline: "found", reading: ["read"], warnings: warnings,
            arms: forest([Forest.Row(label: "arm", mean: 0.4, low: 0.3, high: 0.5, words: "")], isDifference: false), differences: [forest(rows)],
            charts: [
                RunReport.Chart(title: "way", xLabel: "operations", yLabel: "share", curves: [RunReport.Curve(name: "arm", points: [(0, estimate(0.2)), (1e12, estimate(0.4))])])
            ], tables: [RunReport.Table(title: "cost", columns: ["", "arm"], rows: [["tokens", "5"]])], footnotes: ["made so"])
    }

    private func style(_ element: Element, _ key: String) -> Double? {
        element.attributes["style"]?.split(separator: ";").lazy.compactMap { piece -> Double? in
            let parts = piece.split(separator: ":")
            return parts.count == 2 && parts[0] == key ? Double(parts[1].dropLast()) : nil
        }.first
    }

    @Test("is well formed, whatever names say, and runs and fetches nothing")
    func wellFormed() throws {
        let rows = [Forest.Row(label: "x <script> − y & z", note: "\"quoted\"", mean: 0.1, low: -0.1, high: 0.3, seeds: [0, 0.2], words: "p < 0.05")]
        let html = page(rows, warnings: ["one & only"]).html()
        let root = try parsed(html)
        #expect((root.every("script") + root.every("img") + root.every("link")).isEmpty)
        #expect(html.contains("x &lt;script&gt; − y &amp; z") && html.contains("a &lt;b&gt; &amp; c") && html.contains("one &amp; only"))
        #expect(html.contains("default-src 'none'"))
    }

    @Test("a table that is turned has its rows as columns, and turned twice it is itself")
    func turned() {
        let table = RunReport.Table(title: "cost", columns: ["", "a", "b"], rows: [["tokens", "5", "6"], ["steps", "1", "2"]], isNumeric: true)
        #expect(table.turned().columns == ["", "tokens", "steps"] && table.turned().rows == [["a", "5", "1"], ["b", "6", "2"]])
        #expect(table.turned().turned().rows == table.rows && table.turned().turned().columns == table.columns)
    }

    @Test("points that are things of one kind have a mark and a whisker each, and no line between them")
    func scattered() throws {
        func figure(_ isScattered: Bool) throws -> Element {
            var report = page([])
            let points = [(x: 10.0, y: estimate(0.2)), (x: 20.0, y: estimate(0.6))]
            report.charts = [RunReport.Chart(title: "t", xLabel: "tokens", yLabel: "share", curves: [RunReport.Curve(name: "beam", points: points, isScattered: isScattered)])]
            return try #require(try parsed(report.html()).every("figure").first)
        }
        let (scattered, joined) = (try figure(true), try figure(false))
        #expect(scattered.classed("whisker").count == 2 && scattered.classed("band").isEmpty && scattered.classed("curve").isEmpty)
        #expect(joined.classed("whisker").isEmpty && joined.classed("band").count == 1 && joined.classed("curve").count == 1)
        #expect(scattered.every("title").count == 2)
    }

    @Test("comparisons on different problems are parts of one page, each behind a link and with its overview")
    func parts() throws {
        var report = page([Forest.Row(label: "d", mean: 0.1, low: 0, high: 0.2, words: "")])
        report.overview = RunReport.Table(title: "The grid", columns: ["", "x"], rows: [["a", "1 & 2"]])
        let root = try parsed(ComparisonReport.html(title: "both", parts: [("sums <1>", report), ("games", report)]))
        let links = root.every("a").compactMap { $0.attributes["href"] }
        #expect(links == ["#part-1", "#part-2"])
        #expect(Set(root.every("header").compactMap { $0.attributes["id"] }) == ["part-1", "part-2"])
        #expect(root.every("h1").count == 3 && root.every("footer").count == 2)
        #expect(root.every("h2").count { $0.text == "The grid" } == 2)
    }

    @Test("a row's interval, mean, seeds and margin lie where the axis says")
    func places() throws {
        let row = Forest.Row(label: "d", mean: 0.1, low: 0.05, high: 0.2, seeds: [0.0, 0.2], band: -0.05...0.05, words: "")
        let root = try parsed(page([row]).html())
        let strip = try #require(root.classed("strip").first)
        func marks(_ kind: String) -> [Element] { strip.classed(kind) }
        // Values from −5 to 20 points: the axis runs from −10 to 20 in steps of 10.
        func left(_ points: Double) -> Double { 100 * (points + 10) / 30 }
        func close(_ a: Double?, _ b: Double) -> Bool { abs((a ?? -1) - b) < 0.02 }
        #expect(close(style(try #require(marks("mean").first), "left"), left(10)))
        #expect(close(style(try #require(marks("zero").first), "left"), left(0)))
        let bar = try #require(marks("bar").first)
        #expect(close(style(bar, "left"), left(5)) && close(style(bar, "width"), left(20) - left(5)))
        #expect(bar.attributes["class"] == "bar clear", "an interval beside 0 is told from one across it")
        #expect(marks("seed").compactMap { style($0, "left") }.count == 2)
        let margin = try #require(marks("margin").first)
        #expect(close(style(margin, "left"), left(-5)) && close(style(margin, "width"), left(5) - left(-5)))
    }

    @Test("an interval across 0 is not marked as clear, and arms have no line at 0")
    func unclear() throws {
        let html = page([Forest.Row(label: "d", mean: 0.1, low: -0.05, high: 0.2, words: "")]).html()
        #expect(html.contains("class=\"bar\"") && !html.contains("bar clear"))
        let arms = try #require(html.range(of: "class=\"zero\"").map { html[$0.upperBound...] })
        #expect(!arms.contains("class=\"zero\""))
    }

    @Test("a difference without an interval has a mean and no line")
    func open() {
        let html = page([Forest.Row(label: "d", mean: 0.1, low: nil, high: nil, words: "one value")]).html()
        #expect(html.contains("<b>10.0</b>") && html.contains("one value"))
        #expect(html.components(separatedBy: "class=\"bar").count == 2, "only the arm has one")
    }

    @Test("empty plots and tables leave no trace")
    func empty() {
        let html = page([]).html()
        #expect(!html.contains("how to read</p>\n<ul></ul>"))
        #expect(html.components(separatedBy: "class=\"forest\"").count == 2)
    }
}
