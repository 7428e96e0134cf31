import Foundation
import HoneCore

extension RunReport.Chart {
    private static let size = (width: 720.0, height: 340.0)
    private static let margin = (left: 58.0, right: 16.0, top: 14.0, bottom: 46.0)

    /// The chart as SVG with 95 % bands, and its numbers as a table behind it.
    func html() -> String {
        "<h2>\(HTML.escaped(title))</h2>\n\(svg())\n<details><summary>the numbers</summary>\(table())</details>\n"
    }

    private func svg() -> String {
        let all = curves.flatMap(\.points)
        let xMost = max(all.map(\.x).max() ?? 1, 1e-9)
        let isShare = all.first?.y.unit == "share"
        let yMost = isShare ? 1.0 : max(all.map(\.y.high).max() ?? 1, 1e-9)
        let yLeast = isShare ? 0.0 : min(0, all.map(\.y.low).min() ?? 0)
        let (w, h) = (Self.size.width - Self.margin.left - Self.margin.right, Self.size.height - Self.margin.top - Self.margin.bottom)
        func px(_ x: Double) -> String { String(format: "%.1f", Self.margin.left + x / xMost * w) }
        func py(_ y: Double) -> String {
            String(format: "%.1f", Self.margin.top + (1 - (min(yMost, max(yLeast, y)) - yLeast) / (yMost - yLeast)) * h)
        }
        var out = "<svg viewBox=\"0 0 \(Int(Self.size.width)) \(Int(Self.size.height))\" role=\"img\" aria-label=\"\(HTML.escaped(title))\">"
        for step in 0...4 {
            let y = yLeast + (yMost - yLeast) * Double(step) / 4
            let x = xMost * Double(step) / 4
            out += "<line class=\"grid\" x1=\"\(px(0))\" x2=\"\(px(xMost))\" y1=\"\(py(y))\" y2=\"\(py(y))\"/>"
            let label = isShare ? String(format: "%.0f %%", y * 100) : String(format: "%.3g", y)
            out += "<text class=\"soft\" x=\"\(Self.margin.left - 8)\" y=\"\(py(y))\" text-anchor=\"end\" dominant-baseline=\"middle\">\(label)</text>"
            out += "<text class=\"soft\" x=\"\(px(x))\" y=\"\(Self.margin.top + h + 18)\" text-anchor=\"middle\">\(Self.short(x))</text>"
        }
        out += "<text class=\"soft\" x=\"\(Self.margin.left + w / 2)\" y=\"\(Self.size.height - 6)\" text-anchor=\"middle\">\(HTML.escaped(xLabel))</text>"
        for (index, curve) in curves.enumerated() where !curve.points.isEmpty {
            let colour = "k\(index % 4)"
            let upper = curve.points.map { "\(px($0.x)),\(py($0.y.high))" }
            let lower = curve.points.reversed().map { "\(px($0.x)),\(py($0.y.low))" }
            if curve.points.count > 1 {
                out += "<polygon class=\"band \(colour)\" points=\"\((upper + lower).joined(separator: " "))\"/>"
                let line = curve.points.map { "\(px($0.x)),\(py($0.y.mean))" }.joined(separator: " ")
                let dash = curve.name.hasPrefix("expected") ? " stroke-dasharray=\"6 5\"" : ""
                out += "<polyline class=\"curve \(colour)\" style=\"fill:none\" points=\"\(line)\"\(dash)/>"
            }
            for point in curve.points {
                let tip = "\(curve.name): \(String(format: "%.3f [%.3f, %.3f]", point.y.mean, point.y.low, point.y.high)) at \(Self.short(point.x))"
                out += "<circle class=\"\(colour)\" r=\"2.6\" cx=\"\(px(point.x))\" cy=\"\(py(point.y.mean))\"><title>\(HTML.escaped(tip))</title></circle>"
            }
            out += "<text x=\"\(Self.margin.left + 34)\" y=\"\(Self.margin.top + 14 + Double(index) * 18)\">\(HTML.escaped(curve.name))</text>"
            let y = Self.margin.top + 10 + Double(index) * 18
            out += "<line class=\"\(colour)\" stroke-width=\"3\" x1=\"\(Self.margin.left + 8)\" x2=\"\(Self.margin.left + 28)\" y1=\"\(y)\" y2=\"\(y)\"/>"
        }
        out += "<text class=\"soft\" transform=\"translate(14 \(Self.margin.top + h / 2)) rotate(-90)\" text-anchor=\"middle\">\(HTML.escaped(yLabel))</text>"
        return out + "</svg>"
    }

    private static func short(_ x: Double) -> String {
        if x >= 1e6 { return String(format: "%.3g M", x / 1e6) }
        if x >= 1e4 { return String(format: "%.3g k", x / 1e3) }
        return String(format: "%.4g", x)
    }

    private func table() -> String {
        var out = "<div class=\"scroll\"><table><tr><th>curve</th><th>\(HTML.escaped(xLabel))</th><th>mean</th><th>95 % interval</th><th>n</th></tr>"
        for curve in curves {
            for point in curve.points {
                let y = point.y
                out += "<tr><td>\(HTML.escaped(curve.name))</td><td>\(Self.short(point.x))</td><td>\(String(format: "%.4f", y.mean))</td>"
                out += "<td>\(String(format: "%.4f – %.4f", y.low, y.high))</td><td>\(y.count)</td></tr>"
            }
        }
        return out + "</table></div>"
    }
}
