import HoneCore

extension RunReport {
    /// One HTML file with everything in it: no script, nothing fetched, readable without colours.
    ///
    /// The page is XML too. Its policy forbids scripts and requests, so that text of problems and answers cannot do anything.
    public func html() -> String {
        var out = HTML.begin(title: title, style: HTML.style)
        for sentence in summary { out += HTML.element("p", sentence) + "\n" }
        out += "</header>\n"
        out += headline?.html() ?? "<p>Nothing was measured on held-out problems.</p>\n"
        if !warnings.isEmpty {
            out += "<section class=\"warnings\"><h2>To be known first</h2><ul>"
            for warning in warnings { out += HTML.element("li", warning) }
            out += "</ul></section>\n"
        }
        for chart in charts where chart.curves.contains(where: { !$0.points.isEmpty }) { out += chart.html() }
        out += samplesHTML() + sectionsHTML()
        for table in tables { out += "<section>\(table.html())</section>\n" }
        out += routesHTML() + decisionsHTML() + settingsHTML()
        out += "<footer>"
        for note in footnotes { out += HTML.element("p", note, class: "soft") }
        return out + "</footer></main></body></html>\n"
    }

    private func samplesHTML() -> String {
        guard !samples.isEmpty || !samplesNote.isEmpty else { return "" }
        var out = "<section><h2>Before and after</h2>"
        if !samplesNote.isEmpty { out += HTML.element("p", samplesNote, class: "soft") }
        if !samples.isEmpty { out += "\n<ol class=\"samples\">\(samples.map { $0.html() }.joined())</ol>" }
        return out + "</section>\n"
    }

    private func sectionsHTML() -> String {
        var out = ""
        for section in sections where !section.charts.isEmpty {
            out += "<section><h2>\(HTML.escaped(section.title))</h2>"
            if !section.note.isEmpty { out += HTML.element("p", section.note, class: "soft") }
            out += "\n<div class=\"charts\">\(section.charts.map { $0.html(isSmall: true) }.joined())</div></section>\n"
        }
        return out
    }

    private func routesHTML() -> String {
        guard !routes.isEmpty else { return "" }
        var out = "<section><h2>How it learned</h2>\n"
        for route in routes {
            out += HTML.element("h3", route.title) + "<dl class=\"route\">"
            for fact in route.facts { out += HTML.element("dt", fact.name) + HTML.element("dd", fact.text) }
            out += "</dl>\n"
        }
        return out + "</section>\n"
    }

    private func decisionsHTML() -> String {
        guard !decisions.isEmpty else { return "" }
        return "<section><h2>Decisions on the way</h2><details><summary>\(decisions.count) by controllers</summary>"
            + "<ul>\(decisions.map { HTML.element("li", $0) }.joined())</ul></details></section>\n"
    }

    private func settingsHTML() -> String {
        var out = "<section><h2>Settings</h2>\n"
        if !changes.isEmpty {
            let rows = changes.map { [$0.name, HTML.plain($0.value), $0.usual.map(HTML.plain) ?? "–"] }
            out += Table(title: "", note: "What differs from the recipe's defaults:", columns: ["setting", "here", "default"], rows: rows).html()
        }
        let lines = HTML.assignments(settings)
        out += "<details><summary>All \(lines.count) settings, as --set takes them</summary>"
        return out + "<pre>\(HTML.preformatted(lines.joined(separator: "\n")))</pre></details></section>\n"
    }
}

extension RunReport.Table {
    /// The table with its heading and note.
    func html() -> String {
        var out = title.isEmpty ? "" : HTML.element("h2", title)
        if !note.isEmpty { out += HTML.element("p", note, class: "soft") }
        out += "\n<div class=\"scroll\"><table\(isNumeric ? " class=\"numbers\"" : "")>"
        if columns.contains(where: { !$0.isEmpty }) {
            out += "<thead><tr>\(columns.map { "<th scope=\"col\">\(HTML.escaped($0))</th>" }.joined())</tr></thead>"
        }
        out += "<tbody>\n"
        for row in rows {
            let cells = row.dropFirst().map { HTML.element("td", $0) }.joined()
            out += "<tr><th scope=\"row\">\(HTML.escaped(row.first ?? ""))</th>\(cells)</tr>\n"
        }
        return out + "</tbody></table></div>\n"
    }
}
