import HoneCore

/// What a report shows.
public struct RunReport: Sendable {
    /// A curve with intervals.
    public struct Curve: Sendable {
        /// Its name in the legend.
        public var name: String
        /// Its points: where, and what was estimated there.
        public var points: [(x: Double, y: Estimate)]

        /// A curve.
        public init(name: String, points: [(x: Double, y: Estimate)]) {
            self.name = name
            self.points = points
        }
    }

    /// A picture of some curves.
    public struct Chart: Sendable {
        /// Its heading.
        public var title: String
        /// What the horizontal axis measures, with unit.
        public var xLabel: String
        /// What the vertical axis measures, with unit.
        public var yLabel: String
        /// The curves.
        public var curves: [Curve]

        /// A chart.
        public init(title: String, xLabel: String, yLabel: String, curves: [Curve]) {
            self.title = title
            self.xLabel = xLabel
            self.yLabel = yLabel
            self.curves = curves
        }
    }

    /// One problem answered before and after.
    public struct Sample: Sendable {
        public var problem: String
        public var before: String
        public var beforeIsCorrect: Bool
        public var after: String
        public var afterIsCorrect: Bool

        /// A sample.
        public init(problem: String, before: String, beforeIsCorrect: Bool, after: String, afterIsCorrect: Bool) {
            self.problem = problem
            self.before = before
            self.beforeIsCorrect = beforeIsCorrect
            self.after = after
            self.afterIsCorrect = afterIsCorrect
        }
    }

    /// The heading.
    public var title: String
    /// What was asked and what came out, in a few sentences.
    public var summary: [String]
    /// The pictures.
    public var charts: [Chart]
    /// Answers side by side.
    public var samples: [Sample]
    /// Tables of name and value: cost, routes, machine.
    public var tables: [(title: String, rows: [(name: String, value: String)])]
    /// All settings.
    public var settings: JSONValue

    /// A report.
    public init(
        title: String, summary: [String], charts: [Chart], samples: [Sample] = [],
        tables: [(title: String, rows: [(name: String, value: String)])] = [], settings: JSONValue = .object([:])
    ) {
        self.title = title
        self.summary = summary
        self.charts = charts
        self.samples = samples
        self.tables = tables
        self.settings = settings
    }

    /// One HTML file with everything in it: no script, nothing fetched.
    public func html() -> String {
        var out = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(HTML.escaped(title))</title><style>\(HTML.style)</style></head><body><main>
            <h1>\(HTML.escaped(title))</h1>
            """
        for sentence in summary { out += "<p>\(HTML.escaped(sentence))</p>\n" }
        for chart in charts where chart.curves.contains(where: { !$0.points.isEmpty }) { out += chart.html() }
        if !samples.isEmpty {
            out += "<h2>Before and after</h2><div class=\"scroll\"><table><tr><th>problem</th><th>before</th><th>after</th></tr>"
            for sample in samples {
                func cell(_ text: String, _ isCorrect: Bool) -> String {
                    "<td class=\"\(isCorrect ? "right" : "wrong")\"><code>\(HTML.escaped(text))</code> \(isCorrect ? "✓" : "✗")</td>"
                }
                out += "<tr><td><code>\(HTML.escaped(sample.problem))</code></td>\(cell(sample.before, sample.beforeIsCorrect))"
                out += "\(cell(sample.after, sample.afterIsCorrect))</tr>\n"
            }
            out += "</table></div>"
        }
        for table in tables {
            out += "<h2>\(HTML.escaped(table.title))</h2><div class=\"scroll\"><table>"
            for row in table.rows { out += "<tr><th>\(HTML.escaped(row.name))</th><td>\(HTML.escaped(row.value))</td></tr>" }
            out += "</table></div>\n"
        }
        out += "<h2>Settings</h2><details><summary>all settings</summary><pre>\(HTML.escaped(HTML.indented(settings)))</pre></details>"
        return out + "</main></body></html>\n"
    }
}

/// Pieces of HTML.
enum HTML {
    /// The text with everything that means something in HTML made harmless.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\n": out += "⏎ "
            case _ where scalar.value < 0x20 || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
                out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// JSON with one setting a line.
    static func indented(_ value: JSONValue, path: String = "") -> String {
        guard case .object(let members) = value else { return "\(path) = \(value.canonical)\u{2028}" }
        return members.sorted { $0.key < $1.key }.map { indented($0.value, path: path.isEmpty ? $0.key : "\(path).\($0.key)") }.joined()
    }

    static let style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#667;--line:#d5d9e0;--c0:#1665c1;--c1:#b3541e;--c2:#2c7a3f;--c3:#7a3f9d}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#14171a;--soft:#9aa;--line:#343a42;--c0:#6cb0ff;--c1:#f0a070;--c2:#79cf8e;--c3:#c79be8}}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}main{max-width:60rem;margin:0 auto;padding:1rem}
        h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem}svg{width:100%;height:auto;display:block}
        text{fill:var(--ink);font:13px system-ui,sans-serif}.soft{fill:var(--soft)}.grid{stroke:var(--line);stroke-width:1}
        table{border-collapse:collapse;font-size:.92rem}th,td{border-bottom:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top}
        th{font-weight:600}.scroll{overflow-x:auto}code,pre{font:.88rem ui-monospace,monospace}pre{white-space:pre-wrap;overflow-wrap:anywhere}
        .right{color:var(--c2)}.wrong{color:var(--c1)}summary{cursor:pointer;color:var(--soft)}
        .k0{stroke:var(--c0);fill:var(--c0)}.k1{stroke:var(--c1);fill:var(--c1)}.k2{stroke:var(--c2);fill:var(--c2)}.k3{stroke:var(--c3);fill:var(--c3)}
        .band{stroke:none;opacity:.18}.curve{fill:none;stroke-width:2.2}
        """
}
