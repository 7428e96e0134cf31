import Foundation
import HoneCore
import HoneReport
import Testing

/// Texts that would do harm or break the page if they were written as they are.
private let hostile = [
    "<script>alert(1)</script>", "\"><svg onload=\"alert(1)\">", "' onmouseover='x", "a & b &amp; c", "]]>", "<!-- comment",
    "<?xml version=\"1.0\"?>", "&#x0;", "</title></style></pre></table>", "\u{0}\u{1}\u{8}\u{B}\u{1B}[31m", "\u{FFFE}\u{FFFF}",
    "\u{202E}desrever\u{2066}", "\u{85}\u{9F}", "é e\u{301} 漢 🙂 👩‍👩‍👧", "%s %d %@", "javascript:alert(1)",
]

/// What a reader sees of a text: unfit scalars become the replacement character, everything else stays.
private func shown(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { scalar in
                let value = scalar.value
                let isUnfit = (value < 0x20 && value != 9) || (0x7F...0x9F).contains(value) || (0x202A...0x202E).contains(value)
                    || (0x2066...0x2069).contains(value) || value & 0xFFFE == 0xFFFE
                return isUnfit ? "\u{FFFD}" : scalar
            }))
}

/// A report with one text in every place that takes text.
private func filled(with text: String) -> RunReport {
    let answer = RunReport.Answer(text: text, isCorrect: true, correct: 1, samples: 2)
    let noted = RunReport.Chart(title: text, note: text, xLabel: text, yLabel: text, curves: [curve(text, [0.1, 0.2]), curve(text, [0.3])])
    return RunReport(
        title: text, summary: [text],
        headline: Headline(
            measure: text, before: estimate(0.1, unit: text), after: estimate(0.3, unit: text), control: (text, estimate(0.2, unit: text)),
            seeds: [1]),
        warnings: [text], charts: [noted], samples: [RunReport.Sample(problem: text, reference: text, before: answer, after: answer)],
        samplesNote: text, sections: [RunReport.Section(title: text, note: text, charts: [noted])],
        tables: [RunReport.Table(title: text, note: text, columns: [text, text], rows: [[text, text]])],
        routes: [RunReport.RouteNote(title: text, facts: [(text, text)])], decisions: [text],
        changes: [(text, .string(text), .string(text))], settings: .object([text: .string(text)]), footnotes: [text])
}

@Suite("Text in a report")
struct EscapingTests {
    @Test("is harmless in every place that takes text, and is read back as it was", arguments: hostile)
    func isHarmless(text: String) throws {
        let page = filled(with: text).html()
        let root = try parsed(page)
        let known: Set = [
            "document", "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "p", "section", "span", "b",
            "dl", "dt", "dd", "div", "ul", "ol", "li", "figure", "figcaption", "svg", "path", "g", "details", "summary", "table", "thead",
            "tbody", "tr", "th", "td", "pre", "code", "footer",
        ]
        #expect(Set(root.all.map(\.name)).subtracting(known).isEmpty)
        for element in root.all {
            #expect(!element.attributes.keys.contains { $0.lowercased().hasPrefix("on") || ["href", "src", "action"].contains($0) })
        }
        #expect(root.every("h1").first?.text == shown(text))
        #expect(root.every("title").first?.text == shown(text))
        #expect(root.classed("problem").first?.every("pre").first?.text == shown(text))
        #expect(root.classed("pair").first?.every("pre").map(\.text) == [shown(text), shown(text)])
        #expect(root.classed("warnings").first?.every("li").map(\.text) == [shown(text)])
        #expect(root.classed("route").first?.children.map(\.text) == [shown(text), shown(text)])
        #expect(root.every("footer").first?.text == shown(text))
        #expect(root.classed("legend").first?.every("li").map { $0.text.trimmingCharacters(in: .init(charactersIn: " ")) }.count == 2)
        #expect(root.every("svg").contains { $0.attributes["aria-label"]?.contains(shown(text)) == true })
    }

    @Test("keeps its line breaks in answers and settings, whatever kind they are")
    func keepsLines() throws {
        let text = "one\ntwo\r\nthree\rfour\u{2028}five\u{2029}six"
        let root = try parsed(filled(with: text).html())
        #expect(root.classed("pair").first?.every("pre").first?.text == "one\ntwo\nthree\nfour\nfive\nsix")
        #expect(root.every("h1").first?.text == "one⏎ two⏎ three⏎ four⏎ five⏎ six")
        #expect(!root.text.contains("\u{2028}"))
    }

    @Test("loses line breaks at the end of an answer only, and an empty answer is said to be empty")
    func trims() throws {
        func pre(_ text: String) throws -> String? {
            let answer = RunReport.Answer(text: text, isCorrect: false)
            let sample = RunReport.Sample(problem: "p", before: answer, after: answer)
            return try parsed(RunReport(title: "t", samples: [sample]).html()).classed("pair").first?.every("pre").first?.text
        }
        #expect(try pre("42\n") == "42")
        #expect(try pre("\n42\r\n\n") == "\n42")
        #expect(try pre("  4 2 ") == "  4 2 ")
        #expect(try pre("") == "(nothing)")
    }

    @Test("cannot make the page load or run anything: the policy forbids it, and no address is in it")
    func isSelfContained() throws {
        let page = filled(with: "x").html()
        let root = try parsed(page)
        let policy = root.every("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
        #expect(policy?.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'")
        let addresses = page.components(separatedBy: "http").dropFirst().filter { !$0.hasPrefix("-equiv") }
        #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/2000/svg\"") })
        #expect(!page.contains("url(") && !page.contains("@import") && !page.contains("<script"))
    }

    @Test("of settings is one path=value a line, in the order of names, with quotes only where they are needed")
    func settingsLines() throws {
        let settings = JSONValue.object([
            "task": .object(["world": .string("arithmetic"), "settings": .object(["terms": .integer(4), "path": .string("a b/c.jsonl")])]),
            "learner": .object(["rate": .number(0.001), "anneals": .bool(true), "halt": .string("true"), "none": .null]),
            "list": .array([.integer(1), .string("x")]), "empty": .object([:]), "blank": .string(""), "digits": .string("12"),
            "odd": .string("a=b\nc"),
        ])
        let root = try parsed(RunReport(title: "t", settings: settings).html())
        let lines = root.every("pre").last?.text.components(separatedBy: "\n")
        #expect(
            lines == [
                "blank=\"\"", "digits=\"12\"", "empty={}", "learner.anneals=true", "learner.halt=\"true\"", "learner.none=null",
                "learner.rate=0.001", "list=[1,\"x\"]", "odd=\"a=b\\nc\"", "task.settings.path=a b/c.jsonl", "task.settings.terms=4",
                "task.world=arithmetic",
            ])
        #expect(root.every("summary").last?.text == "All 12 settings, as --set takes them")
    }

    @Test("of random scalars is always well-formed and read back", arguments: 0..<40)
    func random(seed: Int) throws {
        var generator = Seed(UInt64(seed)).generator
        var scalars = String.UnicodeScalarView()
        for _ in 0..<200 {
            let value = generator.chance(0.5) ? generator.integer(in: 0...0x2FF) : generator.integer(in: 0...0x10FFFF)
            if let scalar = Unicode.Scalar(UInt32(value)), !"\n\r\t\u{2028}\u{2029}".unicodeScalars.contains(scalar) { scalars.append(scalar) }
        }
        let text = String(scalars)
        let root = try parsed(filled(with: text).html())
        let read = try #require(root.every("h1").first?.text)
        #expect(read.unicodeScalars.count == text.unicodeScalars.count)
        for (a, b) in zip(read.unicodeScalars, text.unicodeScalars) { #expect(a == b || a == "\u{FFFD}") }
        for plain in 0x20..<0x7F where text.unicodeScalars.contains(where: { $0.value == plain }) {
            #expect(read.unicodeScalars.contains { $0.value == plain })
        }
    }
}

@Suite("A page")
struct PageTests {
    @Test("of an empty report says that nothing was measured, and has no empty sections")
    func empty() throws {
        let root = try parsed(RunReport(title: "t").html())
        #expect(root.text.contains("Nothing was measured on held-out problems."))
        #expect(root.every("h2").map(\.text) == ["Settings"])
        #expect(root.every("figure").isEmpty && root.every("table").isEmpty && root.every("ol").isEmpty)
    }

    @Test("has one title, one first heading, a language, and headings that skip no level")
    func structure() throws {
        let root = try parsed(filled(with: "x").html())
        #expect(root.every("head").first?.every("title").count == 1)
        #expect(root.every("h1").count == 1 && root.every("main").count == 1)
        #expect(root.every("html").first?.attributes["lang"] == "en")
        var level = 0
        for heading in root.all.compactMap({ ["h1": 1, "h2": 2, "h3": 3][$0.name] }) {
            #expect(heading <= level + 1)
            level = heading
        }
        #expect(root.every("meta").contains { $0.attributes["name"] == "viewport" })
    }

    @Test("has heads for the columns and rows of its tables, and as many cells in each row")
    func tables() throws {
        let table = RunReport.Table(
            title: "Cost", note: "as asked for", columns: ["", "a", "b"], rows: [["x", "1", "2"], ["y", "3", "4"]], isNumeric: true)
        let root = try parsed(RunReport(title: "t", tables: [table]).html())
        let found = try #require(root.every("table").first)
        #expect(found.every("thead").first?.every("th").map { $0.attributes["scope"] } == ["col", "col", "col"])
        #expect(found.every("tbody").first?.every("tr").map { $0.children.map(\.text) } == [["x", "1", "2"], ["y", "3", "4"]])
        #expect(found.every("tbody").first?.every("th").allSatisfy { $0.attributes["scope"] == "row" } == true)
        #expect(found.attributes["class"] == "numbers")
    }

    @Test("leaves out the heads of a table that has none")
    func headless() throws {
        let table = RunReport.Table(title: "Machine", columns: ["", ""], rows: [["cores", "2"]])
        let root = try parsed(RunReport(title: "t", tables: [table]).html())
        #expect(root.every("thead").isEmpty)
        #expect(root.every("td").map(\.text) == ["2"])
    }

    @Test("follows the reader's light or dark system, and sets no text below 11 pixels")
    func style() throws {
        let style = try #require(try parsed(RunReport(title: "t").html()).every("style").first?.text)
        #expect(style.contains("prefers-color-scheme:dark"))
        for piece in style.components(separatedBy: "font-size:").dropFirst() {
            let number = try #require(Double(piece.prefix { "0123456789.".contains($0) }.description.isEmpty ? "2" : piece.prefix { "0123456789.".contains($0) }))
            #expect(number * 16 >= 11, "font-size:\(piece.prefix(10))")
        }
    }

    @Test("lists changed settings with their defaults")
    func changes() throws {
        let defaults = JSONValue.object([
            "a": .integer(1), "b": .object(["c": .number(0.5), "d": .string("x")]), "gone": .bool(true), "list": .array([.integer(1)]),
        ])
        let settings = JSONValue.object([
            "a": .number(1), "b": .object(["c": .number(0.25), "d": .string("x")]), "new": .null, "list": .array([.integer(2)]),
        ])
        let found = RunReport.changes(from: defaults, to: settings)
        #expect(found.map(\.name) == ["b.c", "list", "new"])
        #expect(found.map(\.value) == [.number(0.25), .array([.integer(2)]), .null])
        #expect(found.map(\.usual) == [.number(0.5), .array([.integer(1)]), nil])
        let root = try parsed(RunReport(title: "t", changes: found, settings: settings).html())
        #expect(root.every("tbody").first?.every("tr").map { $0.children.map(\.text) } == [["b.c", "0.25", "0.5"], ["list", "[2]", "[1]"], ["new", "null", "–"]])
        #expect(RunReport.changes(from: defaults, to: defaults).isEmpty)
    }
}
