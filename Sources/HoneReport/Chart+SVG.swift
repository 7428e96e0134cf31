import Foundation
import HoneCore

/// How the curve at some place in a chart looks: no two curves differ by colour alone.
struct CurveStyle {
    /// The class of its colour.
    let colour: String
    /// The dashes of its line.
    let dashes: String?
    /// Whether its marks are square; round otherwise.
    let isSquare: Bool
    /// Whether its marks are hollow.
    let isHollow: Bool

    /// The style of a curve, by its place among the curves of its chart and by what it is.
    init(_ index: Int, _ kind: RunReport.Curve.Kind) {
        colour = "k\(index % 5)"
        isSquare = index / 2 % 2 == 1
        isHollow = index % 2 == 1
        switch kind {
        case .expected: dashes = "7 6"
        case .control: dashes = "2 4"
        case .measured: dashes = index == 0 ? nil : ["14 4", "9 3 2 3", "4 3", "18 3 2 3"][(index - 1) % 4]
        }
    }

    private var dashing: String { dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "" }

    /// A line of the curve.
    func line(_ path: String) -> String { "<path class=\"curve \(colour)\" d=\"\(path)\"\(dashing)/>" }

    /// A mark at a place: a line without length, of which only the caps are drawn, so that it keeps its shape when stretched.
    func mark(_ x: String, _ y: String) -> String {
        let caps = isSquare ? " square" : ""
        let path = "M\(x) \(y)h0.01"
        let hole = isHollow ? "<path class=\"hole\(caps)\" d=\"\(path)\"/>" : ""
        return "<path class=\"mark\(caps) \(colour)\" d=\"\(path)\"/>\(hole)"
    }

    /// A piece of the line with a mark, for the legend.
    var key: String {
        "<svg class=\"key\" viewBox=\"0 0 40 12\" width=\"40\" height=\"12\" aria-hidden=\"true\">\(line("M1 6H39"))\(mark("20", "6"))</svg>"
    }
}

extension RunReport.Chart {
    /// How many points a curve is drawn with at most; of more, the lowest and the highest of each stretch are kept.
    static let mostPoints = 400
    /// How many points still get a mark each.
    static let mostMarks = 40

    /// Whether there is nothing finite to draw.
    var isEmpty: Bool { curves.allSatisfy { $0.drawable.isEmpty } }

    private var isShare: Bool { curves.contains { $0.points.contains { $0.y.unit == "share" } } }

    /// The horizontal axis over all drawable points.
    func xAxis(most: Int) -> Axis { Axis(covering: curves.flatMap { $0.drawable.map(\.x) }, kind: countsWhole ? .whole : .number, most: most) }

    /// The vertical axis over all drawable means and finite interval ends.
    func yAxis(most: Int) -> Axis {
        let values = curves.flatMap { $0.drawable.flatMap { [$0.y.mean, $0.y.low, $0.y.high] } }
        return Axis(covering: values, kind: isShare ? .share : .number, most: most)
    }

    /// The chart as a figure: heading, legend, picture with labels around it, and its numbers as a table.
    ///
    /// The picture stretches with the page while its labels are text beside it, so they stay legible at every width.
    func html(isSmall: Bool = false) -> String {
        let level = isSmall ? "h3" : "h2"
        var out = "<figure class=\"\(isSmall ? "small" : "large")\"><figcaption><\(level)>\(HTML.escaped(title))</\(level)>"
        if !note.isEmpty { out += HTML.element("p", note, class: "soft") }
        out += "</figcaption>\n"
        guard !isEmpty else { return out + "<p class=\"soft\">There is no finite number to draw.</p>\n\(details())</figure>\n" }
        if curves.filter({ !$0.points.isEmpty }).count > 1 {
            out += "<ul class=\"legend\">"
            for (index, curve) in curves.enumerated() where !curve.points.isEmpty {
                out += "<li>\(CurveStyle(index, curve.kind).key) \(HTML.escaped(curve.name))</li>"
            }
            out += "</ul>\n"
        }
        let (x, y) = (xAxis(most: isSmall ? 4 : 6), yAxis(most: isSmall ? 3 : 5))
        if !yLabel.isEmpty { out += HTML.element("p", yLabel, class: "soft axis") + "\n" }
        out += "<div class=\"plot\">\(svg(x, y))"
        for mark in y.marks { out += "<span class=\"y\" aria-hidden=\"true\" style=\"bottom:\(Self.percent(y.place(mark)))\">\(y.label(mark))</span>" }
        for mark in x.marks { out += "<span class=\"x\" aria-hidden=\"true\" style=\"left:\(Self.percent(x.place(mark)))\">\(x.label(mark))</span>" }
        return out + "</div>\n\(HTML.element("p", xLabel, class: "soft axis under"))\n\(details())</figure>\n"
    }

    /// The curves with their bands, in a picture of 1000 by 500 units without text.
    func svg(_ x: Axis, _ y: Axis) -> String {
        func px(_ value: Double) -> String { Self.unit(1000 * x.place(value)) }
        func py(_ value: Double) -> String { Self.unit(500 * (1 - y.place(value))) }
        var out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 500\" preserveAspectRatio=\"none\" role=\"img\" "
        out += "aria-label=\"\(HTML.escaped(spoken))\">"
        for mark in y.marks { out += "<path class=\"grid\" d=\"M0 \(py(mark))H1000\"/>" }
        for (index, curve) in curves.enumerated().reversed() {
            let style = CurveStyle(index, curve.kind)
            let points = curve.thinned(to: Self.mostPoints)
            for run in Self.runs(points, where: { $0.y.mean.isFinite }) where run.count > 1 && !curve.isScattered {
                out += style.line("M" + run.map { "\(px($0.x)) \(py($0.y.mean))" }.joined(separator: "L"))
            }
            let known = Self.runs(points, where: \.hasInterval)
            let drawn = curve.isScattered ? known.joined().map { [$0] } : known
            for run in drawn {
                let upper = run.map { "\(px($0.x)) \(py($0.y.high))" }
                let lower = run.reversed().map { "\(px($0.x)) \(py($0.y.low))" }
                let (first, last) = (upper.first ?? "", lower.first ?? "")
                // A single point has a whisker, as a band needs two.
                out += run.count > 1
                    ? "<path class=\"band \(style.colour)\" d=\"M\((upper + lower).joined(separator: "L"))Z\"/>"
                    : "<path class=\"whisker \(style.colour)\" d=\"M\(first)L\(last)\"/>"
            }
            let finite = points.filter { $0.x.isFinite && $0.y.mean.isFinite }
            guard finite.count <= Self.mostMarks else { continue }
            for point in finite {
                out += "<g>\(HTML.element("title", "\(curve.name): \(point.words) at \(Figure.short(point.x))"))"
                out += "\(style.mark(px(point.x), py(point.y.mean)))</g>"
            }
        }
        return out + "</svg>"
    }

    /// The picture in words, for those who cannot see it.
    private var spoken: String {
        let parts = curves.compactMap { curve -> String? in
            guard let first = curve.drawable.first, let last = curve.drawable.last else { return nil }
            let from = Figure.value(first.y.mean, unit: first.y.unit)
            guard curve.drawable.count > 1 else { return "\(curve.name): \(from)" }
            if curve.isScattered { return "\(curve.name): \(curve.drawable.map { Figure.value($0.y.mean, unit: $0.y.unit) }.joined(separator: ", "))" }
            return "\(curve.name): from \(from) to \(Figure.value(last.y.mean, unit: last.y.unit))"
        }
        return "\(title), over \(xLabel). \(parts.joined(separator: "; ")). The numbers are in the table below."
    }

    /// Stretches of neighbouring points that all satisfy the condition and lie at a finite place.
    private static func runs(_ points: [RunReport.Curve.Point], where holds: (RunReport.Curve.Point) -> Bool) -> [[RunReport.Curve.Point]] {
        points.split { !$0.x.isFinite || !holds($0) }.map(Array.init)
    }

    private static func unit(_ value: Double) -> String { String(format: "%.1f", value) }
    /// A place from 0 to 1 as CSS takes it.
    static func percent(_ share: Double) -> String { String(format: "%.2f%%", 100 * share) }
}
