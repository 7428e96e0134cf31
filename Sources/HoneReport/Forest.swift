import HoneCore

/// Estimates with intervals under each other on one axis, with a point for each seed: a forest plot.
public struct Forest: Sendable {
    /// One row.
    public struct Row: Sendable {
        /// What is estimated.
        public var label: String
        /// What stands below the label in small letters; may be empty.
        public var note: String
        /// The estimate.
        public var mean: Double
        /// The lower end of its interval; nil where it has none.
        public var low: Double?
        /// The upper end; nil where it has none.
        public var high: Double?
        /// The value under each seed.
        public var seeds: [Double]
        /// Values between which a difference is too small to matter; nil where nothing was said of that.
        public var band: ClosedRange<Double>?
        /// What stands beside the row: the numbers, a verdict.
        public var words: String

        /// A row.
        public init(
            label: String, note: String = "", mean: Double, low: Double?, high: Double?, seeds: [Double] = [],
            band: ClosedRange<Double>? = nil, words: String
        ) {
            self.label = label
            self.note = note
            self.mean = mean
            self.low = low
            self.high = high
            self.seeds = seeds
            self.band = band
            self.words = words
        }
    }

    /// Its heading.
    public var title: String
    /// How to read it, in a sentence.
    public var note: String
    /// What the axis measures.
    public var axis: String
    /// Whether values are shares, written in percent.
    public var isShare: Bool
    /// Whether the rows are differences, so that 0 is marked.
    public var isDifference: Bool
    /// The rows, from above.
    public var rows: [Row]

    /// A plot.
    public init(title: String, note: String = "", axis: String, isShare: Bool, isDifference: Bool, rows: [Row]) {
        self.title = title
        self.note = note
        self.axis = axis
        self.isShare = isShare
        self.isDifference = isDifference
        self.rows = rows
    }

    private func words(_ value: Double) -> String {
        isShare ? Figure.fixed(100 * value, decimals: 1) + (isDifference ? "" : " %") : Figure.significant(value)
    }

    /// The plot as a section: each row a label, a strip with the interval, the mean and the seeds, and the numbers in words.
    func html() -> String {
        guard !rows.isEmpty else { return "" }
        var values = rows.flatMap { [$0.mean, $0.low ?? $0.mean, $0.high ?? $0.mean] + $0.seeds }
        if isDifference { values.append(0) }
        for row in rows { if let band = row.band { values += [band.lowerBound, band.upperBound] } }
        // Differences of shares have both signs, so they are no shares to the axis.
        let shown = isShare ? values.map { 100 * $0 } : values
        let axis = Axis(covering: shown, kind: .number, most: 4)
        func left(_ value: Double) -> String { RunReport.Chart.percent(axis.place(isShare ? 100 * value : value)) }
        func width(_ low: Double, _ high: Double) -> String {
            RunReport.Chart.percent(max(0, axis.place(isShare ? 100 * high : high) - axis.place(isShare ? 100 * low : low)))
        }
        var out = "<section class=\"forest\"><h2>\(HTML.escaped(title))</h2>"
        if !note.isEmpty { out += HTML.element("p", note, class: "soft") }
        out += "\n<ul>"
        for row in rows {
            out += "<li><div class=\"what\">\(HTML.escaped(row.label))"
            if !row.note.isEmpty { out += HTML.element("small", row.note, class: "soft") }
            out += "</div><div class=\"strip\" aria-hidden=\"true\">"
            if let band = row.band {
                out += "<i class=\"margin\" style=\"left:\(left(band.lowerBound));width:\(width(band.lowerBound, band.upperBound))\"></i>"
            }
            if isDifference { out += "<i class=\"zero\" style=\"left:\(left(0))\"></i>" }
            if let low = row.low, let high = row.high {
                let isClear = isDifference && (low > 0 || high < 0)
                out += "<i class=\"bar\(isClear ? " clear" : "")\" style=\"left:\(left(low));width:\(width(low, high))\"></i>"
            }
            for seed in row.seeds { out += "<i class=\"seed\" style=\"left:\(left(seed))\"></i>" }
            out += "<i class=\"mean\" style=\"left:\(left(row.mean))\"></i></div>"
            out += "<div class=\"words\"><b>\(words(row.mean))</b>"
            if let low = row.low, let high = row.high { out += " <span class=\"soft\">[\(words(low)), \(words(high))]</span>" }
            out += row.words.isEmpty ? "" : " " + HTML.element("span", row.words)
            out += "</div></li>\n"
        }
        out += "<li class=\"scale\"><div class=\"what\"></div><div class=\"strip\" aria-hidden=\"true\">"
        for mark in axis.marks { out += "<span style=\"left:\(RunReport.Chart.percent(axis.place(mark)))\">\(axis.label(mark))</span>" }
        return out + "</div><div class=\"words soft\">\(HTML.escaped(self.axis))</div></li></ul></section>\n"
    }
}
