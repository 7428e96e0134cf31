import Foundation
import HoneText
import Testing

@Suite("Chat templates of model folders, and whether they only append")
struct ChatTemplateFolderTests {
    private let now = ChatTemplateCorpusTests.now

    private func folder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("template-\(UInt64.random(in: 0 ... .max))").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
        try body(path)
    }

    private func source(_ path: String) throws -> String? { try ChatTemplate.read(folder: path).map(\.source) }

    private func written(_ path: String) throws -> String { try #require(try ChatTemplate.read(folder: path)).render(messages: [], now: now) }

    @Test("the file of its own comes before the configuration, and special tokens can be named")
    func files() throws {
        try folder(["config.json": "{}"]) { path in
            let source = try source(path)
            #expect(source == nil)
        }
        try folder(["tokenizer_config.json": "{}"]) { path in
            let source = try source(path)
            #expect(source == nil)
        }
        let configuration = #"{"bos_token":"<s>","eos_token":{"content":"</s>"},"chat_template":"c{{ bos_token }}{{ eos_token }}{{ pad_token }}"}"#
        try folder(["tokenizer_config.json": configuration, "special_tokens_map.json": #"{"pad_token":"<p>","bos_token":"x"}"#]) { path in
            let text = try written(path)
            #expect(text == "c<s></s><p>")
        }
        try folder(["tokenizer_config.json": configuration, "chat_template.jinja": "own {{ bos_token }}"]) { path in
            let text = try written(path)
            #expect(text == "own <s>")
        }
    }

    @Test("of named templates the default is taken, and another for tools")
    func named() throws {
        let both = #"{"chat_template":[{"name":"tool_use","template":"tools"},{"name":"default","template":"plain"},{"name":"rag","template":"x"}]}"#
        try folder(["tokenizer_config.json": both]) { path in
            let template = try #require(try ChatTemplate.read(folder: path))
            #expect(try template.render(messages: [], now: now) == "plain")
            #expect(try template.render(messages: [], tools: [], now: now) == "tools")
        }
        try folder(["tokenizer_config.json": #"{"chat_template":[{"name":"only","template":"one"}]}"#]) { path in
            let text = try written(path)
            #expect(text == "one")
        }
        let refusals = [
            (#"{"chat_template":[{"name":"a","template":"1"},{"name":"b","template":"2"}]}"#, "no template called default, but a, b"),
            (#"{"chat_template":[{"name":"a"}]}"#, "has no “name” or no “template”"), (#"{"chat_template":5}"#, "neither a text nor a list"),
            (#"{"chat_template":"{% if %}"}"#, "tokenizer_config.json, line 1: An expression was expected"), ("{", "malformed at line 1"),
        ]
        for (text, words) in refusals {
            try folder(["tokenizer_config.json": text]) { path in
                #expect { try ChatTemplate.read(folder: path) } throws: { "\($0)".contains(words) && "\($0)".contains(path) }
            }
        }
    }

    private static let plain =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"

    @Test("a template that writes message after message only appends")
    func appends() throws {
        #expect(try ChatTemplate(Self.plain).appendOnlyBreak(now: now) == nil)
    }

    @Test("where a template changes what it wrote before is told")
    func changes() throws {
        // The number of messages stands in front.
        let counting = try ChatTemplate("{{ messages|length }}" + Self.plain)
        let first = try #require(try counting.appendOnlyBreak(now: now))
        #expect(first.messages == 1 && first.offset == 0 && !first.hasGenerationPrompt)
        #expect(first.shorter.hasPrefix("1<user>") && first.longer.hasPrefix("2<user>"))
        #expect("\(first)".hasPrefix("With 1 message the text goes on after 0 bytes with “1<user>"))
        // The prompt opens thoughts that a message without thoughts does not have.
        let thinking = try ChatTemplate(Self.plain.replacing("<assistant>{%", with: "<assistant><think>{%"))
        let second = try #require(try thinking.appendOnlyBreak(now: now))
        #expect(second.messages == 1 && second.hasGenerationPrompt && second.shorter == "<think>" && second.longer.hasPrefix("Answer 1"))
        #expect("\(second)".contains("and the prompt for the next"))
        // Thoughts are kept for the last message only.
        let forgetting = try ChatTemplate(
            "{% for m in messages %}<{{ m.role }}>{% if m.reasoning_content is defined and loop.last %}({{ m.reasoning_content }}){% endif %}{{ m.content }}{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}")
        let third = try #require(try forgetting.appendOnlyBreak(now: now))
        #expect(third.messages == 2 && third.shorter.hasPrefix("(Thought 1)") && third.longer.hasPrefix("Answer 1"))
    }

    @Test("beginnings that a template refuses are passed over; a conversation that it refuses is an error")
    func refused() throws {
        let paired = try ChatTemplate(
            "{% if messages|length % 2 == 1 and not add_generation_prompt %}{{ raise_exception('odd') }}{% endif %}" + Self.plain)
        #expect(try paired.appendOnlyBreak(now: now) == nil)
        let odd = [ConversationMessage(role: "user", content: "a")]
        #expect { try paired.appendOnlyBreak(messages: odd, now: now) } throws: { "\($0)".contains("refuses these messages: odd") }
    }
}
