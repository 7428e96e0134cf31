import HoneCore

/// The page of a comparison or of a claim: what was compared, what came out, how sure that is, and what it cost.
public struct ComparisonReport: Sendable {
    /// The heading.
    public var title: String
    /// What was asked and how, in a few sentences.
    public var summary: [String]
    /// The result in a sentence.
    public var headline: String
    /// How to read the result, in sentences.
    public var reading: [String]
    /// What a reader should know before believing it.
    public var warnings: [String]
    /// All that came out on one sight, such as a grid of arms; nil where there is none.
    public var overview: RunReport.Table?
    /// The arms, with what each is.
    public var arms: Forest
    /// The differences.
    public var differences: [Forest]
    /// The way there.
    public var charts: [RunReport.Chart]
    /// Cost, settings that differ, machine.
    public var tables: [RunReport.Table]
    /// How intervals and p-values were made.
    public var footnotes: [String]

    /// A page.
    public init(
        title: String, summary: [String], headline: String, reading: [String] = [], warnings: [String] = [], overview: RunReport.Table? = nil,
        arms: Forest, differences: [Forest], charts: [RunReport.Chart] = [], tables: [RunReport.Table] = [], footnotes: [String] = []
    ) {
        self.title = title
        self.summary = summary
        self.headline = headline
        self.reading = reading
        self.warnings = warnings
        self.overview = overview
        self.arms = arms
        self.differences = differences
        self.charts = charts
        self.tables = tables
        self.footnotes = footnotes
    }

    /// One HTML file with everything in it: no script, nothing fetched, readable without colours.
    public func html() -> String {
        HTML.begin(title: title, style: HTML.style + HTML.forestStyle) + body() + footer() + "</main></body></html>\n"
    }

    /// One HTML file of several comparisons on different problems, each a part of its own behind a list of them.
    public static func html(title: String, parts: [(name: String, report: ComparisonReport)]) -> String {
        var out = HTML.begin(title: title, style: HTML.style + HTML.forestStyle) + "<ul>"
        for (number, part) in parts.enumerated() { out += "<li><a href=\"#part-\(number + 1)\">\(HTML.escaped(part.name))</a></li>" }
        out += "</ul></header>\n"
        for (number, part) in parts.enumerated() {
            out += "<header id=\"part-\(number + 1)\"><h1>\(HTML.escaped(part.name))</h1>\n" + part.report.body() + part.report.footer()
        }
        return out + "</main></body></html>\n"
    }

    /// What stands behind the heading; begins inside the open header.
    private func body() -> String {
        var out = ""
        for sentence in summary { out += HTML.element("p", sentence) + "\n" }
        out += "</header>\n<section class=\"headline\">\(HTML.element("p", headline, class: "delta"))"
        for sentence in reading { out += HTML.element("p", sentence, class: "reading") }
        out += "</section>\n"
        if !warnings.isEmpty {
            out += "<section class=\"warnings\"><h2>To be known first</h2><ul>"
            for warning in warnings { out += HTML.element("li", warning) }
            out += "</ul></section>\n"
        }
        if let overview, !overview.rows.isEmpty { out += "<section>\(overview.html())</section>\n" }
        for forest in differences { out += forest.html() }
        out += arms.html()
        for chart in charts where chart.curves.contains(where: { !$0.points.isEmpty }) { out += chart.html() }
        for table in tables where !table.rows.isEmpty { out += "<section>\(table.html())</section>\n" }
        return out
    }

    private func footer() -> String { "<footer>" + footnotes.map { HTML.element("p", $0, class: "soft") }.joined() + "</footer>" }
}

extension HTML {
    /// The head of a page, up to its first heading; `header` stays open.
    static func begin(title: String, style: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
        <meta name="color-scheme" content="light dark"/>
        <title>\(escaped(title))</title><style>
        \(style)</style></head><body><main>
        <header><h1>\(escaped(title))</h1>

        """
    }

    /// The style of forest plots: three columns, or one on narrow pages.
    static let forestStyle = """
        .forest ul{list-style:none;padding:0;margin:.5rem 0}
        .forest li{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr minmax(11rem,17rem);gap:.2rem 1.2rem;align-items:center;padding:.4rem 0;border-bottom:1px solid var(--line)}
        .forest li.scale{border-bottom:0;font-size:.8rem}.what{overflow-wrap:anywhere}.what small{display:block;font-size:.8rem;line-height:1.35}
        .strip{position:relative;height:1.7rem;margin:0 .6rem}.strip i,.strip span{position:absolute;top:50%;display:block}
        .strip .margin{top:0;height:100%;background:var(--card);border-left:1px dashed var(--soft);border-right:1px dashed var(--soft)}
        .strip .zero{top:-.2rem;bottom:-.2rem;width:1px;background:var(--soft)}
        .strip .bar{height:4px;transform:translateY(-50%);background:var(--c2);border-radius:2px;min-width:2px}.strip .bar.clear{background:var(--c0);height:6px}
        .strip .seed{width:7px;height:7px;border:1.5px solid var(--c1);border-radius:50%;transform:translate(-50%,-50%);background:var(--paper)}
        .strip .mean{width:11px;height:11px;background:var(--ink);transform:translate(-50%,-50%) rotate(45deg)}
        .scale .strip span{transform:translateX(-50%);top:0;font-variant-numeric:tabular-nums;color:var(--soft);white-space:nowrap}
        .words{font-size:.92rem;font-variant-numeric:tabular-nums}
        @media(max-width:44rem){.forest li{grid-template-columns:1fr}.scale .what{display:none}}

        """
}
