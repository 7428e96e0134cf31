import HoneCore

/// What a report shows; `html()` writes it as one page.
public struct RunReport: Sendable {
    /// The heading.
    public var title: String
    /// What was asked and how, in a few sentences.
    public var summary: [String]
    /// The result in one glance; nil when nothing was measured.
    public var headline: Headline?
    /// What a reader should know before believing the result.
    public var warnings: [String]
    /// The main pictures.
    public var charts: [Chart]
    /// Answers side by side.
    public var samples: [Sample]
    /// How the samples were chosen.
    public var samplesNote: String
    /// Small pictures: held-out measures, the metrics of each stage.
    public var sections: [Section]
    /// Tables: cost, machine.
    public var tables: [Table]
    /// How learning worked, route by route.
    public var routes: [RouteNote]
    /// What controllers decided, in order.
    public var decisions: [String]
    /// Settings that differ from the recipe's defaults: name, value, default.
    public var changes: [(name: String, value: JSONValue, usual: JSONValue?)]
    /// All settings.
    public var settings: JSONValue
    /// How the intervals were made, and by what program.
    public var footnotes: [String]

    /// A report.
    public init(
        title: String, summary: [String] = [], headline: Headline? = nil, warnings: [String] = [], charts: [Chart] = [],
        samples: [Sample] = [], samplesNote: String = "", sections: [Section] = [], tables: [Table] = [],
        routes: [RouteNote] = [], decisions: [String] = [],
        changes: [(name: String, value: JSONValue, usual: JSONValue?)] = [], settings: JSONValue = .object([:]),
        footnotes: [String] = []
    ) {
        self.title = title
        self.summary = summary
        self.headline = headline
        self.warnings = warnings
        self.charts = charts
        self.samples = samples
        self.samplesNote = samplesNote
        self.sections = sections
        self.tables = tables
        self.routes = routes
        self.decisions = decisions
        self.changes = changes
        self.settings = settings
        self.footnotes = footnotes
    }
}

extension RunReport {
    /// A curve with intervals.
    public struct Curve: Sendable {
        /// What a curve is compared with the others.
        public enum Kind: Sendable {
            /// What the run measured.
            case measured
            /// What another run measured, for comparison.
            case control
            /// What was to be expected beforehand.
            case expected
        }

        /// Its name in the legend.
        public var name: String
        /// What it is.
        public var kind: Kind
        /// Its points: where, and what was estimated there. An estimate of no observations has no interval.
        public var points: [(x: Double, y: Estimate)]
        /// Whether the points are things of one kind rather than stations of a way: nothing is drawn between them.
        public var isScattered: Bool

        /// A curve.
        public init(name: String, kind: Kind = .measured, points: [(x: Double, y: Estimate)], isScattered: Bool = false) {
            self.name = name
            self.kind = kind
            self.points = points
            self.isScattered = isScattered
        }
    }

    /// A picture of some curves.
    public struct Chart: Sendable {
        /// Its heading.
        public var title: String
        /// What is to be known about it, in a sentence; may be empty.
        public var note: String
        /// What the horizontal axis measures, with unit.
        public var xLabel: String
        /// What the vertical axis measures, with unit.
        public var yLabel: String
        /// Whether the horizontal axis counts something, so that its marks are whole numbers.
        public var countsWhole: Bool
        /// The curves.
        public var curves: [Curve]

        /// A chart.
        public init(
            title: String, note: String = "", xLabel: String, yLabel: String, countsWhole: Bool = false, curves: [Curve]
        ) {
            self.title = title
            self.note = note
            self.xLabel = xLabel
            self.yLabel = yLabel
            self.countsWhole = countsWhole
            self.curves = curves
        }
    }

    /// Small pictures under one heading.
    public struct Section: Sendable {
        /// Its heading.
        public var title: String
        /// What is to be known about all of them; may be empty.
        public var note: String
        /// The pictures.
        public var charts: [Chart]

        /// A section.
        public init(title: String, note: String = "", charts: [Chart]) {
            self.title = title
            self.note = note
            self.charts = charts
        }
    }

    /// Rows of words and numbers.
    public struct Table: Sendable {
        /// Its heading.
        public var title: String
        /// What is to be known about it; may be empty.
        public var note: String
        /// The headings of its columns; the first names the rows.
        public var columns: [String]
        /// Its rows, each as long as `columns`.
        public var rows: [[String]]
        /// Whether all columns but the first hold numbers.
        public var isNumeric: Bool

        /// A table.
        public init(title: String, note: String = "", columns: [String], rows: [[String]], isNumeric: Bool = false) {
            self.title = title
            self.note = note
            self.columns = columns
            self.rows = rows
            self.isNumeric = isNumeric
        }

        /// The same table with its rows as columns, for readers of many narrow columns.
        public func turned() -> Table {
            var copy = self
            copy.columns = [columns.first ?? ""] + rows.map { $0.first ?? "" }
            copy.rows = columns.indices.dropFirst().map { column in [columns[column]] + rows.map { $0[column] } }
            return copy
        }
    }

    /// One way from what was played to a loss.
    public struct RouteNote: Sendable {
        /// Its stage, credit and objective in words.
        public var title: String
        /// What is said of it: formula, normaliser, reduction, settings, source.
        public var facts: [(name: String, text: String)]

        /// A route.
        public init(title: String, facts: [(name: String, text: String)]) {
            self.title = title
            self.facts = facts
        }
    }
}
