import Foundation
import HoneCore

/// Curves as lines of text, for terminals and logs.
public struct TextChart: Sendable {
    /// With which characters.
    public enum Style: Sendable {
        /// Braille dots: fine lines on terminals that show Unicode.
        case braille
        /// Plain ASCII letters: files, and terminals that were asked for plain output.
        case ascii
    }

    /// The characters.
    public var style: Style
    /// Columns, at least 32.
    public var width: Int
    /// Rows of the picture, at least 4, without the axis below.
    public var height: Int

    /// A way of drawing.
    public init(style: Style, width: Int = 72, height: Int = 12) {
        self.style = style
        self.width = max(32, width)
        self.height = max(4, height)
    }

    private static let letters: [Character] = ["*", "o", "x", "+", "#"]

    /// The chart as lines, none longer than `width`: curves with their names at the right, axes with round marks.
    ///
    /// `paint` may colour a piece of the curve of this number; it must not change its length on the screen.
    public func lines(_ chart: RunReport.Chart, paint: (Int, String) -> String = { $1 }) -> [String] {
        guard !chart.isEmpty else { return ["(nothing to draw yet)"] }
        let y = chart.yAxis(most: max(2, height / 3))
        let labels = Dictionary(y.marks.map { (row(of: $0, y), String(plain(y.label($0)).prefix(width / 3))) }) { first, _ in first }
        let gutter = labels.values.map(\.count).max() ?? 0
        let longest = min(width / 4, chart.curves.filter { !$0.drawable.isEmpty }.map { $0.name.count }.max() ?? 0)
        let columns = max(8, width - gutter - 3 - longest - 3)
        let x = chart.xAxis(most: max(2, columns / 14))
        let cells = draw(chart, x, y, columns)
        let names = place(chart, y)
        var lines = (0..<height).map { row in
            var line = (labels[row] ?? "").leftPadded(to: gutter) + (style == .ascii ? " |" : " ┤")
            for cell in cells[row] { line += cell.owner.map { paint($0, String(cell.character)) } ?? String(cell.character) }
            if let index = names[row] {
                line += " " + paint(index, "\(sample(index, chart.curves[index].kind)) \(plain(String(chart.curves[index].name.prefix(longest))))")
            }
            return line.trimmedRight()
        }
        let corner = String(repeating: " ", count: gutter) + (style == .ascii ? " +" : " └")
        lines.append(corner + String(repeating: style == .ascii ? "-" : "─", count: columns))
        lines.append(axis(x, columns, indent: gutter + 2, label: plain(chart.xLabel)))
        return lines
    }

    private func row(of value: Double, _ y: Axis) -> Int { Int(((1 - y.place(value)) * Double(height - 1)).rounded()) }

    /// A piece of the curve beside its name.
    private func sample(_ index: Int, _ kind: RunReport.Curve.Kind) -> String {
        if style == .ascii { return String(Self.letters[index % Self.letters.count]) }
        switch kind {
        case .measured: return "⠒"
        case .expected: return "⠂"
        case .control: return "⠐"
        }
    }

    private struct Cell {
        var character: Character = " "
        var dots: UInt32 = 0
        var owner: Int?
    }

    /// The grid of characters. Earlier curves are drawn over later ones.
    private func draw(_ chart: RunReport.Chart, _ x: Axis, _ y: Axis, _ columns: Int) -> [[Cell]] {
        var cells = [[Cell]](repeating: [Cell](repeating: Cell(), count: columns), count: height)
        let (wide, high) = style == .ascii ? (columns, height) : (columns * 2, height * 4)
        for (index, curve) in chart.curves.enumerated().reversed() {
            // Dots of a braille line: all of what was measured, every third of what was expected, every fifth of a control.
            let every = style == .ascii ? 1 : curve.kind == .expected ? 3 : curve.kind == .control ? 5 : 1
            let points = curve.drawable.map { point in
                (x: x.place(point.x) * Double(wide - 1), y: (1 - y.place(point.y.mean)) * Double(high - 1))
            }.sorted { $0.x < $1.x }
            for (number, place) in Self.trace(points).enumerated() where number % every == 0 {
                if style == .ascii {
                    cells[place.y][place.x] = Cell(character: Self.letters[index % Self.letters.count], owner: index)
                } else {
                    var cell = cells[place.y / 4][place.x / 2]
                    cell.dots |= Self.dot(place.x % 2, place.y % 4)
                    cell.owner = index
                    cell.character = Unicode.Scalar(0x2800 + cell.dots).map(Character.init) ?? " "
                    cells[place.y / 4][place.x / 2] = cell
                }
            }
        }
        return cells
    }

    /// The grid places along straight lines between the points.
    private static func trace(_ points: [(x: Double, y: Double)]) -> [(x: Int, y: Int)] {
        guard var last = points.first else { return [] }
        var places = [(x: Int(last.x.rounded()), y: Int(last.y.rounded()))]
        for point in points.dropFirst() {
            let steps = max(1, Int(max(abs(point.x - last.x), abs(point.y - last.y)).rounded(.up)))
            for step in 1...steps {
                let share = Double(step) / Double(steps)
                let place = (x: Int((last.x + share * (point.x - last.x)).rounded()), y: Int((last.y + share * (point.y - last.y)).rounded()))
                if let previous = places.last, previous == place { continue }
                places.append(place)
            }
            last = point
        }
        return places
    }

    /// The bit of a dot in a braille cell of 2 by 4 dots.
    private static func dot(_ x: Int, _ y: Int) -> UInt32 {
        y == 3 ? (x == 0 ? 0x40 : 0x80) : UInt32(1) << UInt32(y + 3 * x)
    }

    /// In which rows the names of the curves stand: near where each ends, no two in one row.
    private func place(_ chart: RunReport.Chart, _ y: Axis) -> [Int: Int] {
        var taken: [Int: Int] = [:]
        for (index, curve) in chart.curves.enumerated() {
            guard let last = curve.drawable.last else { continue }
            let wanted = row(of: last.y.mean, y)
            let free = (0..<height).filter { taken[$0] == nil }
            if let row = free.min(by: { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }) { taken[row] = index }
        }
        return taken
    }

    /// The marks of the horizontal axis under the picture, and what it measures.
    private func axis(_ x: Axis, _ columns: Int, indent: Int, label: String) -> String {
        var line = [Character](repeating: " ", count: width)
        var free = 0
        func write(_ text: String, at start: Int) {
            guard start >= free, start + text.count <= width else { return }
            for (offset, character) in text.enumerated() { line[start + offset] = character }
            free = start + text.count + 1
        }
        for mark in x.marks {
            let text = plain(x.label(mark))
            write(text, at: max(0, indent + Int((x.place(mark) * Double(columns - 1)).rounded()) - text.count / 2))
        }
        write(label, at: free + 1)
        return String(line).trimmedRight()
    }

    /// Text in plain ASCII where that is asked for.
    private func plain(_ text: String) -> String { style == .ascii ? Self.ascii(text) : text }

    /// The text with everything outside printable ASCII replaced.
    static func ascii(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "−" ? "-" : (0x20...0x7E).contains($0.value) ? $0 : "?" }))
    }

    /// Values from 0 to 1 as a row of characters of rising height, the newest at the end; at most `most` of them.
    public static func sparkline(_ values: [Double], style: Style, most: Int = 40) -> String {
        let levels = Array(style == .ascii ? "_.-=+*%#" : "▁▂▃▄▅▆▇█")
        return String(
            values.suffix(max(0, most)).map { value in
                value.isFinite ? levels[min(levels.count - 1, Int(min(1, max(0, value)) * Double(levels.count)))] : "?"
            })
    }
}

extension String {
    fileprivate func leftPadded(to count: Int) -> String { String(repeating: " ", count: max(0, count - self.count)) + self }
    fileprivate func trimmedRight() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
