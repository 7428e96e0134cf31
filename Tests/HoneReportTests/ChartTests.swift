import Foundation
import HoneCore
import HoneReport
import Testing

/// The main picture of a page.
private func picture(_ root: Element) throws -> Element { try #require(root.classed("plot").first?.every("svg").first) }

/// A label beside a picture: its place from the left or bottom, from 0 to 1, and its number.
private func labels(_ root: Element, _ axis: String) -> [(place: Double, value: Double)] {
    root.classed("plot").first.map { plot in
        plot.classed(axis).compactMap { label in
            let place = (label.attributes["style"] ?? "").filter { "0123456789.".contains($0) }
            let isPercent = label.text.hasSuffix("%")
            var words = label.text.replacingOccurrences(of: "−", with: "-").replacingOccurrences(of: " %", with: "")
            var factor = isPercent ? 0.01 : 1
            for (letter, size) in [(" k", 1e3), (" M", 1e6), (" G", 1e9), (" T", 1e12)] where words.hasSuffix(letter) {
                words.removeLast(2)
                factor = size
            }
            guard let value = Double(words), let share = Double(place) else { return nil }
            return (share / 100, value * factor)
        }
    } ?? []
}

private func reading(_ place: Double, _ labels: [(place: Double, value: Double)]) throws -> Double {
    let (a, b) = (try #require(labels.first), try #require(labels.last))
    return a.value + (place - a.place) / (b.place - a.place) * (b.value - a.value)
}

@Suite("A chart")
struct ChartTests {
    @Test(
        "shows every value where its labels say, to within a tenth of a percent of the axis",
        arguments: [
            [0.1, 0.2, 0.7], [0, 1], [0.5, 0.5, 0.5], [0.0013, 0.0011], [0.98, 0.985, 0.991],
        ], ["share", ""])
    func agreesWithLabels(values: [Double], unit: String) throws {
        let root = try page(chart([curve("a", values, half: 0, unit: unit)]))
        let (x, y) = (labels(root, "x"), labels(root, "y"))
        #expect(x.count >= 2 && y.count >= 2)
        let line = places(try #require(try picture(root).classed("curve").first))
        let height = try reading(1, y) - reading(0, y)
        for (index, place) in line.enumerated() {
            #expect(abs(try reading(place.x / 1000, x) - Double(index)) < 0.003 * Double(values.count))
            #expect(abs(try reading(1 - place.y / 500, y) - values[index]) < 0.002 * height)
        }
    }

    @Test("has round marks in ascending order, at least two and at most eight, whatever the range", arguments: 0..<60)
    func marks(seed: Int) throws {
        var generator = Seed(UInt64(seed)).generator
        let size = pow(10, Double(generator.integer(in: -3...7)))
        let shift = generator.chance(0.5) ? 0 : size * (20 * generator.unit() - 10)
        let values = (0..<generator.integer(in: 1...30)).map { _ in shift + size * (generator.unit() - 0.5) }
        let root = try page(chart([curve("a", values, half: 0, unit: "")], countsWhole: generator.chance(0.5)))
        for axis in ["x", "y"] {
            let marks = labels(root, axis)
            #expect((2...9).contains(marks.count), "\(marks)")
            for (a, b) in zip(marks, marks.dropFirst()) { #expect(a.place < b.place && a.value < b.value) }
            #expect(marks.allSatisfy { (0...1).contains($0.place) })
        }
    }

    @Test("marks shares in percent from 0 and never above 100")
    func shares() throws {
        let root = try page(chart([curve("a", [0.93, 0.99], half: 0.04)]))
        let y = labels(root, "y")
        #expect(y.first?.value == 0 && y.last?.value == 1)
        #expect(root.classed("plot").first?.classed("y").allSatisfy { $0.text.hasSuffix(" %") } == true)
        let low = labels(try page(chart([curve("a", [0.02, 0.03], half: 0.005)])), "y")
        #expect(low.first?.value == 0 && (low.last?.value ?? 1) <= 0.05)
    }

    @Test("counts iterations in whole numbers")
    func whole() throws {
        for count in 2...13 {
            let marks = labels(try page(chart([curve("a", [Double](repeating: 0.5, count: count))])), "x")
            #expect(marks.allSatisfy { $0.value == $0.value.rounded() })
        }
    }

    @Test("draws no coordinate that is not finite or outside the picture, whatever the numbers", arguments: 0..<60)
    func survivesAnything(seed: Int) throws {
        var generator = Seed(UInt64(1000 + seed)).generator
        let odd: [Double] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, -0.0, 1e-300, 1e17]
        func number() -> Double { generator.chance(0.4) ? odd[generator.integer(in: 0...(odd.count - 1))] : 4 * generator.unit() - 2 }
        let curves = (0..<generator.integer(in: 1...6)).map { index in
            RunReport.Curve(
                name: "c\(index)", kind: [.measured, .control, .expected][index % 3],
                points: (0..<generator.integer(in: 0...12)).map { _ in
                    (number(), Estimate(mean: number(), low: number(), high: number(), count: generator.integer(in: 0...2), unit: generator.chance(0.5) ? "share" : ""))
                })
        }
        let drawn = chart(curves, countsWhole: generator.chance(0.5))
        let root = try parsed(RunReport(title: "t", charts: [drawn], sections: [.init(title: "s", charts: [drawn])]).html())
        for path in root.every("svg").filter({ $0.attributes["role"] == "img" }).flatMap({ $0.every("path") }) {
            for place in places(path) where path.attributes["class"]?.contains("grid") != true {
                #expect(place.x.isFinite && place.y.isFinite)
            }
            #expect(path.attributes["d"]?.contains("n") == false && path.attributes["d"]?.contains("i") == false)
            for place in places(path) where path.classed("curve").count == 1 || path.classed("band").count == 1 {
                #expect((0...1000).contains(place.x) && (0...500).contains(place.y))
            }
        }
        for label in root.classed("plot").flatMap({ $0.classed("x") + $0.classed("y") }) {
            #expect(label.attributes["style"]?.contains("nan") == false && label.attributes["style"]?.contains("inf") == false)
        }
    }

    @Test("leaves a gap where a value is not finite, and still lists it")
    func gaps() throws {
        let root = try page(chart([curve("a", [0.1, 0.2, .nan, 0.4, 0.5, .infinity, 0.3])]))
        let svg = try picture(root)
        #expect(svg.classed("curve").map { places($0).count } == [2, 2])
        #expect(svg.classed("mark").count == 5)
        #expect(svg.classed("band").count == 2)
        let rows = root.every("tbody").first?.every("tr").map { $0.children.map(\.text) } ?? []
        #expect(rows.count == 7)
        #expect(rows[2][1] == "not a number" && rows[5][1] == "infinite")
    }

    @Test("draws a curve whose interval is not finite without that piece of its band")
    func brokenBand() throws {
        var broken = curve("a", [0.1, 0.2, 0.3, 0.4, 0.5])
        broken.points[2].y.high = .infinity
        let svg = try picture(try page(chart([broken])))
        #expect(svg.classed("curve").map { places($0).count } == [5])
        #expect(svg.classed("band").map { places($0).count } == [4, 4])
    }

    @Test("of one point has a mark and a whisker, and no line")
    func onePoint() throws {
        let svg = try picture(try page(chart([curve("a", [0.4])])))
        #expect(svg.classed("curve").isEmpty && svg.classed("band").isEmpty)
        #expect(svg.classed("mark").count == 1 && svg.classed("whisker").count == 1)
        let whisker = places(try #require(svg.classed("whisker").first))
        #expect(whisker.count == 2 && whisker[0].x == whisker[1].x && whisker[0].y < whisker[1].y)
    }

    @Test("of exact numbers has neither bands nor columns for them")
    func exact() throws {
        let points = (0..<4).map { (x: Double($0), y: Estimate(mean: Double($0), low: Double($0), high: Double($0), count: 0, unit: "")) }
        let root = try page(chart([RunReport.Curve(name: "loss", points: points)]))
        #expect(try picture(root).classed("band").isEmpty)
        #expect(root.every("thead").first?.every("th").map(\.text) == ["iteration", "mean"])
    }

    @Test("with nothing finite says so and shows no picture; without any point it is left out")
    func nothing() throws {
        let broken = try page(chart([curve("a", [.nan, .infinity])]))
        #expect(broken.text.contains("There is no finite number to draw."))
        #expect(broken.classed("plot").isEmpty)
        #expect(broken.every("tbody").first?.every("tr").count == 2)
        #expect(try page(chart([curve("a", [])])).every("figure").isEmpty)
        #expect(try page(chart([])).every("figure").isEmpty)
    }

    @Test("of many points stays small and keeps the highest, the lowest, the first and the last", arguments: [401, 5000, 20_000])
    func manyPoints(count: Int) throws {
        var values = (0..<count).map { 0.5 + 0.1 * sin(Double($0) / 40) }
        values[count / 3] = 0.97
        values[count / 2] = 0.02
        let html = RunReport(title: "t", charts: [chart([curve("a", values)])]).html()
        #expect(html.utf8.count < 120_000)
        let root = try parsed(html)
        let svg = try picture(root)
        let line = places(try #require(svg.classed("curve").first))
        #expect(line.count <= 400 && line.count > 300)
        let y = labels(root, "y")
        let heights = try line.map { try reading(1 - $0.y / 500, y) }
        #expect(abs((heights.max() ?? 0) - 0.97) < 0.002 && abs((heights.min() ?? 1) - 0.02) < 0.002)
        #expect(abs(heights[0] - values[0]) < 0.002 && abs(heights[heights.count - 1] - values[count - 1]) < 0.002)
        #expect(zip(line, line.dropFirst()).allSatisfy { $0.x <= $1.x })
        #expect(svg.classed("mark").isEmpty)
        let rows = root.every("tbody").first?.every("tr") ?? []
        #expect(rows.count == 200)
        #expect(rows.first?.children.first?.text == "0" && root.text.contains("200 of the \(count) points"))
    }

    @Test("lists every point of a curve of up to 200 points, with its interval and count")
    func table() throws {
        let root = try page(chart([curve("measured", [0.25, 0.5], half: 0.0625), curve("expected", [0.3], kind: .expected, half: 0)]))
        let body = root.every("tbody").first?.every("tr").map { $0.children.map(\.text) }
        #expect(
            body == [
                ["measured", "0", "25.0 %", "18.8 to 31.2 %", "200"], ["measured", "1", "50.0 %", "43.8 to 56.2 %", "200"],
                ["expected", "0", "30.0 %", "30.0 to 30.0 %", "200"],
            ])
        for count in [1, 2, 199, 200] {
            let rows = try page(chart([curve("a", [Double](repeating: 0.5, count: count))])).every("tbody").first?.every("tr")
            #expect(rows?.count == count)
        }
    }

    @Test("tells its curves apart without colours: by dashes and by the shape of their marks")
    func withoutColour() throws {
        let kinds: [RunReport.Curve.Kind] = [.measured, .expected, .control, .measured, .measured]
        let root = try page(chart(kinds.enumerated().map { curve("c\($0)", [0.1 * Double($0), 0.2], kind: $1) }))
        let keys = root.classed("key")
        #expect(keys.count == 5)
        let looks = keys.map { key in
            let line = key.classed("curve").first?.attributes["stroke-dasharray"] ?? "solid"
            let square = key.classed("square").isEmpty ? "round" : "square"
            return "\(line) \(square) \(key.classed("hole").isEmpty ? "filled" : "hollow")"
        }
        #expect(Set(looks).count == 5, "\(looks)")
        #expect(looks[0] == "solid round filled")
        let dashes = keys.map { $0.classed("curve").first?.attributes["stroke-dasharray"] ?? "solid" }
        #expect(Set(dashes).count == 5)
    }

    @Test("has a legend only when it has several curves, in their order, without empty ones")
    func legend() throws {
        #expect(try page(chart([curve("a", [0.1])])).classed("legend").isEmpty)
        let root = try page(chart([curve("a", [0.1]), curve("none", []), curve("b", [0.2])]))
        #expect(root.classed("legend").first?.every("li").map { $0.text.replacingOccurrences(of: " ", with: "") } == ["a", "b"])
    }

    @Test("tells its content in words to those who cannot see it, and in tips to those who point at it")
    func words() throws {
        let root = try page(chart([curve("a", [0.1, 0.25]), curve("b", [0.5])], title: "Held-out pass@1"))
        let svg = try picture(root)
        #expect(
            svg.attributes["aria-label"]
                == "Held-out pass@1, over iteration. a: from 10.0 % to 25.0 %; b: 50.0 %. The numbers are in the table below.")
        #expect(svg.attributes["role"] == "img")
        #expect(svg.every("title").map(\.text).contains("a: 25.0 %, 95 % interval 20.0 to 30.0 % at 1"))
        #expect(root.classed("plot").first?.every("span").allSatisfy { $0.attributes["aria-hidden"] == "true" } == true)
        #expect(root.every("summary").contains { $0.text == "Numbers of Held-out pass@1" })
    }

    @Test("keeps the shape of lines and marks when it is stretched, as nothing in it is text")
    func stretches() throws {
        let root = try page(chart([curve("a", [0.1, 0.2])]))
        let svg = try picture(root)
        #expect(svg.attributes["preserveAspectRatio"] == "none")
        #expect(svg.every("text").isEmpty && svg.every("circle").isEmpty)
        #expect(root.every("style").first?.text.contains("vector-effect:non-scaling-stroke") == true)
    }
}
