import Foundation
import HoneText
import Testing

@Suite("Chat templates against Jinja")
struct ChatTemplateCorpusTests {
    private func fixture(_ name: String) throws -> JSONTree {
        try JSONTree(parsing: String(decoding: Reference.data(name), as: UTF8.self))
    }

    /// 9 February 2024, 05:07:03, as in the reference script.
    static let now = TemplateTime(year: 2024, month: 2, day: 9, hour: 5, minute: 7, second: 3)
    private static let tokens: [String: JSONTree] = ["bos_token": .text("<s>"), "eos_token": .text("</s>"), "pad_token": .text("<pad>")]

    private func members(_ tree: JSONTree?) -> [String: JSONTree] {
        guard case .object(let members)? = tree else { return [:] }
        return Dictionary(members.map { ($0.key.string, $0.value) }) { first, _ in first }
    }

    private func items(_ tree: JSONTree?) -> [JSONTree] { if case .array(let items)? = tree { items } else { [] } }
    private func text(_ tree: JSONTree?) -> String? { if case .string(let text)? = tree { text.string } else { nil } }

    /// What a template gives, or the sentence of its error.
    private func rendered(
        _ template: ChatTemplate, _ messages: [JSONTree], tools: [JSONTree]? = nil, prompts: Bool = false, extra: [String: JSONTree] = [:]
    ) -> (text: String?, failure: String) {
        do throws(TextError) {
            let rendering = try template.rendering(of: messages, tools: tools, addGenerationPrompt: prompts, extra: extra, now: Self.now)
            return (rendering.text, "")
        } catch { return (nil, error.description) }
    }

    private func check(_ found: (text: String?, failure: String), _ wanted: String?, _ comment: String) {
        guard let wanted else {
            #expect(found.text == nil, "\(comment): Jinja fails, but this gives \(found.text.debugDescription)")
            if found.text == nil { #expect(found.failure.count > 20, "\(comment)") }
            return
        }
        let isSame = found.text.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        #expect(isSame, "\(comment)\nfound  \(found.text?.debugDescription ?? found.failure)\nwanted \(wanted.debugDescription)")
    }

    @Test("templates in the styles of well-known models write every conversation as Jinja does, or fail where it fails")
    func models() throws {
        let fixture = try fixture("text_templates.json")
        var templates: [String: ChatTemplate] = [:]
        for (name, source) in members(fixture["templates"]) { templates[name] = try ChatTemplate(try #require(text(source)), tokens: Self.tokens) }
        let conversations = members(fixture["conversations"])
        let tools = items(fixture["tools"])
        var count = 0
        for entry in items(fixture["cases"]) {
            let parts = items(entry)
            let (name, chat) = (try #require(text(parts[0])), try #require(text(parts[1])))
            let (prompts, hasTools) = (parts[2] == .bool(true), parts[3] == .bool(true))
            let template = try #require(templates[name])
            let found = rendered(template, items(conversations[chat]), tools: hasTools ? tools : nil, prompts: prompts)
            check(found, text(parts[4]), "\(name), \(chat), prompt \(prompts), tools \(hasTools)")
            count += 1
        }
        #expect(count > 500)
        for entry in items(fixture["extra"]) {
            let parts = items(entry)
            let template = try #require(templates[text(parts[0]) ?? ""])
            let found = rendered(
                template, items(conversations[text(parts[1]) ?? ""]), tools: [tools[0]], prompts: true, extra: members(parts[2]))
            check(found, text(parts[3]), "\(parts[0]), \(parts[2])")
        }
    }

    private func compare(_ rows: [JSONTree], _ variables: [String: JSONTree]) {
        for row in rows {
            let parts = items(row)
            let source = text(parts[0]) ?? ""
            var found: (text: String?, failure: String)
            do throws(TextError) {
                found = rendered(try ChatTemplate(source, tokens: Self.tokens), [], extra: variables)
            } catch { found = (nil, error.description) }
            check(found, text(parts[1]), source.debugDescription)
        }
    }

    @Test("each part of the language does what Jinja does, or fails where it fails")
    func parts() throws {
        let fixture = try fixture("text_template_parts.json")
        let rows = items(fixture["parts"])
        #expect(rows.count > 700)
        compare(rows, members(fixture["variables"]))
    }

    @Test("random templates do what Jinja does, or fail where it fails")
    func random() throws {
        let fixture = try fixture("text_template_parts.json")
        let rows = items(fixture["random"])
        #expect(rows.count > 600)
        compare(rows, members(fixture["variables"]))
    }

    /// `python Tests/References/text_templates.py fuzz COUNT SEED FILE` makes the file.
    @Test("the templates of a file do what Jinja does", .enabled(if: ProcessInfo.processInfo.environment["HONE_TEMPLATES"] != nil))
    func longCheck() throws {
        let path = ProcessInfo.processInfo.environment["HONE_TEMPLATES"] ?? ""
        let fixture = try JSONTree(parsing: try String(contentsOfFile: path, encoding: .utf8))
        let rows = items(fixture["random"])
        compare(rows, members(fixture["variables"]))
        print("\(rows.count) templates compared")
    }
}
