import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Chat templates")
struct ChatTemplateTests {
    private let now = ChatTemplateCorpusTests.now

    private func render(_ source: String, _ extra: [String: JSONTree] = [:], limits: ChatTemplate.Limits = .init()) throws -> String {
        var template = try ChatTemplate(source)
        template.limits = limits
        return try template.render(messages: [], extra: extra, now: now)
    }

    @Test("a conversation of messages is written with the prompt for the next where that is wanted")
    func chat() throws {
        let template = try ChatTemplate(
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}")
        let messages = [ConversationMessage(role: "user", content: "Hi"), ConversationMessage(role: "assistant", content: "Ho")]
        #expect(try template.render(messages: messages, now: now) == "<user>Hi\n<assistant>Ho\n")
        #expect(try template.render(messages: Array(messages.prefix(1)), addGenerationPrompt: true, now: now) == "<user>Hi\n<assistant>")
    }

    @Test("tools keep the order of their keys, and messages have the keys that templates ask for")
    func tools() throws {
        let template = try ChatTemplate("{{ tools | tojson }}{% for m in messages %}{{ '\\n' }}{{ m | tojson }}{% endfor %}")
        let tool = try JSONTree(parsing: #"{"type":"function","function":{"name":"f","b":1,"a":[1.0,true,null]}}"#)
        let call = ConversationMessage.ToolCall(id: "c1", name: "f", arguments: .object(["z": .integer(1), "y": .text("ü")]))
        let messages = [
            ConversationMessage(role: "assistant", content: nil, toolCalls: [call], reasoning: "hm"),
            ConversationMessage(role: "tool", content: .parts([.object(["type": .text("text"), "text": .text("x")])]), name: "f", toolCallID: "c1"),
        ]
        let wanted = """
            [{"type": "function", "function": {"name": "f", "b": 1, "a": [1.0, true, null]}}]
            {"thinking": "hm", "role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": \
            {"name": "f", "arguments": {"z": 1, "y": "ü"}}}], "reasoning_content": "hm"}
            {"role": "tool", "content": [{"type": "text", "text": "x"}], "name": "f", "tool_call_id": "c1"}
            """
        let found = try template.render(messages: messages, tools: [tool], now: now)
        #expect(found == wanted)
        for message in messages { #expect(try ConversationMessage(message.tree) == message) }
        #expect(try template.render(messages: [], now: now) == "null")
    }

    static let broken: [(String, String)] = [
        (#"{"content":"x"}"#, "an object with a “role”"), (#"[]"#, "an object with a “role”"), (#"{"role":"user","content":5}"#, "must be a text or a list"),
        (#"{"role":"user","name":5}"#, "“name” of a message must be a text"), (#"{"role":"a","tool_calls":5}"#, "“tool_calls” of a message must be a list"),
        (#"{"role":"a","tool_calls":[{}]}"#, "has no “name”"),
    ]

    @Test("what is no message is refused with what is wrong", arguments: 0..<broken.count)
    func messages(number: Int) throws {
        let (text, words) = Self.broken[number]
        #expect { try ConversationMessage(try JSONTree(parsing: text)) } throws: { "\($0)".contains(words) }
    }

    @Test("what the model is to say is told by its ranges in bytes")
    func generation() throws {
        let template = try ChatTemplate(
            "{% for m in messages %}{{ m.role }}: {% if m.role == 'assistant' %}{% generation %}{{ m.content }}!{% endgeneration %}{% else %}{{ m.content }}{% endif %};{% endfor %}")
        let messages = [("user", "ü"), ("assistant", "ä"), ("user", "b"), ("assistant", "cd")].map { ConversationMessage(role: $0.0, content: $0.1).tree }
        let rendering = try template.rendering(of: messages, now: now)
        #expect(rendering.text == "user: ü;assistant: ä!;user: b;assistant: cd!;")
        let bytes = Array(rendering.text.utf8)
        #expect(rendering.generated.map { String(decoding: bytes[$0], as: UTF8.self) } == ["ä!", "cd!"])
    }

    @Test("an error names the line; what the template itself refuses is told as its own words")
    func errors() throws {
        #expect(throws: TextError("The chat template, line 3: A tag that begins with {% has no end")) {
            try ChatTemplate("a\nb\n{% if x")
        }
        #expect(throws: TextError("The chat template, line 2: There is no filter called “nope”")) { try ChatTemplate("\n{{ a|nope }}") }
        #expect(throws: TextError("The chat template, line 2: “a” is undefined")) { try render("x\n{{ a.b }}") }
        #expect(throws: TextError("The chat template, line 3 refuses these messages: roles!")) {
            try render("\n{% if true %}\n{{ raise_exception('roles!') }}{% endif %}")
        }
        #expect(throws: TextError("t, line 1: A number is divided by zero")) {
            try ChatTemplate("{{ 1 // 0 }}", place: "t").render(messages: [], now: now)
        }
    }

    static let endless: [(String, String)] = [
        ("{% for a in range(2000) %}{% for b in range(2000) %}{% endfor %}{% endfor %}", "The loops of the template run more than 20000 times"),
        ("{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}", "calls itself more than 150 levels deep"),
        ("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "calls itself more than 150 levels deep"),
        ("{{ 'a' * 100000000 }}", "A text becomes longer than 1048576 bytes"), ("{{ [1] * 100000000 }}", "A list becomes longer than 20000 items"),
        ("{{ 'a' * (2 ** 62) }}", "A text becomes longer"), ("{{ 9 ** 999999999 }}", "64 bits"), ("{{ range(1000000000)|list }}", "“range” gives up to 100000"),
        ("{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "A text becomes longer"),
        ("{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s.replace('', ns.s) %}{% endfor %}", "A text becomes longer"),
        ("{% set ns = namespace(l=[1, 2]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "A list becomes longer"),
        ("{% set ns = namespace(l=[]) %}{% for i in range(99) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}", "nested more than 60 deep"),
        ("{{ 'x'.center(999999999) }}", "A text becomes longer"), ("{{ 'x'|indent(999999999) }}", "A text becomes longer"),
        ("{{ '%999999999d' % 1 }}", "a width or a precision"), ("{{ '{:999999999}'.format(1) }}", "six digits"), ("{{ 1|tojson(indent=999999) }}", "up to 100"),
        ("{{ [[1]]|batch(99999999, 1)|list }}", "needs a whole number"), ("{% for x in range(99999) %}{{ 'a' * 9999 }}{% endfor %}", "A text becomes longer"),
        ("{% for x in range(99999) %}{{ range(99999)|map('string')|join|length }}{% endfor %}", "steps, which is the limit"),
    ]

    @Test("what would never end, or fill the memory, ends with a sentence", arguments: 0..<endless.count)
    func limits(number: Int) {
        let (source, words) = Self.endless[number]
        var limits = ChatTemplate.Limits()
        (limits.iterations, limits.output, limits.steps) = (20_000, 1 << 20, 300_000)
        #expect { try render(source, limits: limits) } throws: { "\($0)".contains(words) }
    }

    @Test("limits can be set, and nesting in the source is limited too")
    func ownLimits() throws {
        var limits = ChatTemplate.Limits()
        limits.iterations = 3
        #expect(try render("{% for i in range(3) %}{{ i }}{% endfor %}", limits: limits) == "012")
        #expect { try render("{% for i in range(4) %}{{ i }}{% endfor %}", limits: limits) } throws: { "\($0)".contains("more than 3 times") }
        limits.output = 2
        #expect { try render("abc", limits: limits) } throws: { "\($0)".contains("longer than 2 bytes") }
        for (open, middle, close) in [("(", "1", ")"), ("[", "", "]"), ("not ", "1", ""), ("-", "1", ""), ("{'a':", "1", "}"), ("1 if 1 else ", "1", "")] {
            let deep = "{{ " + String(repeating: open, count: 5000) + middle + String(repeating: close, count: 5000) + " }}"
            #expect { try ChatTemplate(deep) } throws: { "\($0)".contains("nested more than 100 deep") }
            let shallow = "{{ " + String(repeating: open, count: 45) + middle + String(repeating: close, count: 45) + " }}"
            _ = try render(shallow)
        }
        let blocks = String(repeating: "{% if 1 %}", count: 5000) + String(repeating: "{% endif %}", count: 5000)
        #expect { try ChatTemplate(blocks) } throws: { "\($0)".contains("nested more than 100 deep") }
        #expect { try ChatTemplate(String(repeating: "a", count: 1 << 21)) } throws: { "\($0)".contains("up to 1048576 are read") }
        // Long chains are no nesting for the reader, but for the one who runs them.
        let sum = "{{ " + String(repeating: "1 + ", count: 5000) + "1 }}"
        #expect { try render(sum) } throws: { "\($0)".contains("levels deep") }
        #expect(try render("{{ " + String(repeating: "1 + ", count: 90) + "1 }}") == "91")
    }

    @Test("changed templates give a text or a sentence, and never more", arguments: UInt64(0)..<12)
    func mutated(seed: UInt64) throws {
        let fixture = try JSONTree(parsing: String(decoding: Reference.data("text_templates.json"), as: UTF8.self))
        guard case .object(let templates)? = fixture["templates"], case .string(let source)? = Optional(templates[Int(seed)].value) else { return }
        var generator = Seed(seed).child("template").generator
        let parts = ["{{", "}}", "{%", "%}", "{#", "-", "|", "(", ")", "[", "]", "'", "\"", "\\", "if", "for", "endfor", "set", "~", ".", ":", ",", "é"].map { Array($0.utf8) }
        let messages = [ConversationMessage(role: "user", content: "a"), ConversationMessage(role: "assistant", content: "b")]
        for _ in 0..<60 {
            var bytes = source.bytes
            for _ in 0..<generator.integer(in: 1...3) {
                let place = generator.integer(in: 0...(bytes.count - 1))
                switch generator.integer(in: 0...2) {
                case 0: bytes.removeSubrange(place..<min(bytes.count, place + generator.integer(in: 1...8)))
                case 1: bytes.insert(contentsOf: generator.element(of: parts) ?? [], at: place)
                default: bytes.swapAt(place, generator.integer(in: 0...(bytes.count - 1)))
                }
            }
            do throws(TextError) {
                _ = try ChatTemplate(String(decoding: bytes, as: UTF8.self)).render(messages: messages, now: now)
            } catch { #expect(error.description.hasPrefix("The chat template")) }
        }
    }

    @Test("the time is that of the clock which is given, in its time zone")
    func time() throws {
        let zone = try #require(TimeZone(secondsFromGMT: 3600))
        let time = TemplateTime(Date(timeIntervalSince1970: 951_782_400 - 1), in: zone)
        #expect(time == TemplateTime(year: 2000, month: 2, day: 29, hour: 0, minute: 59, second: 59))
        let template = try ChatTemplate("{{ strftime_now('%A %j %U %W %u %-I %p %c') }}")
        #expect(try template.render(messages: [], now: time) == "Tuesday 060 09 09 2 12 AM Tue Feb 29 00:59:59 2000")
        #expect(TemplateTime(year: 2023, month: 2, day: 31) == TemplateTime(year: 2023, month: 2, day: 28))
        #expect { try render("{{ strftime_now('%Q') }}") } throws: { "\($0)".contains("does not know “%Q”") }
    }
}
