import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Damaged and hostile chat templates")
struct ChatTemplateFuzzTests {
    private static let now = ChatTemplateCorpusTests.now

    private struct Corpus {
        var templates: [[UInt8]] = []
        var conversations: [[JSONTree]] = []
        var tools: [JSONTree] = []
    }

    private static func corpus() throws -> Corpus {
        let fixture = try JSONTree(parsing: String(decoding: Reference.data("text_templates.json"), as: UTF8.self))
        var corpus = Corpus()
        if case .object(let templates)? = fixture["templates"] {
            for case .string(let text) in templates.map(\.value) { corpus.templates.append(text.bytes) }
        }
        if case .object(let conversations)? = fixture["conversations"] {
            for case .array(let messages) in conversations.map(\.value) { corpus.conversations.append(messages) }
        }
        if case .array(let tools)? = fixture["tools"] { corpus.tools = tools }
        return corpus
    }

    /// Pieces that make something of what stands around them.
    private static let parts: [[UInt8]] = [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "|", "(", ")", "[", "]", "'", "\"", "\\", "~", ".", ":", ",", "é", " * 9223372036854775807", " * -1", "[::-1]",
        "[-9223372036854775807:]", "|list", "|tojson", "|length", "|join(',')", "|reverse", "|sort", "|map('upper')", "|batch(3)|list", "|indent(4000)",
        "|truncate(3)", "|replace('', 'ab')", "|string", "|unique|list", "|groupby('role')", "|center(99999)", "|int", "|float", "|round(-300)", ".items()",
        ".split('')", ".split()", ".strip('a')", ".format(1, 2)", " % (1, 2)", " % messages", "{% set x = messages %}", "{% set x = x + x %}", "{% for a in x %}",
        "{% endfor %}", "{% if x %}", "{% endif %}", "{% macro m(a) %}{{ m(a) }}{% endmacro %}", "{{ m(1) }}", "{% set ns = namespace(a=[]) %}",
        "{% set ns.a = [ns.a, ns.a] %}", "{% set ns.a = ns %}", "{{ ns.a }}", "{% generation %}", "{% endgeneration %}", " recursive", "{{ loop(messages) }}",
        " == messages", " in messages", " is sameas messages", " if x else ", " or ", " and ", "not ", "**", "//", "9223372036854775807", "1e308", "none", "[]", "{}",
    ].map { Array($0.utf8) }

    @Test("each damaged template gives a text within the limits, or is refused in a sentence", .timeLimit(.minutes(30)), arguments: 0..<12)
    func damaged(number: Int) throws {
        let corpus = try Self.corpus()
        let source = corpus.templates[number]
        var mutations = Mutations(Seed(8).child("template", number))
        var limits = ChatTemplate.Limits()
        (limits.iterations, limits.output, limits.steps) = (5_000, 1 << 16, 40_000)
        var (written, refused) = (0, 0)
        for round in 0..<300 {
            // Pieces of other templates are put in as well.
            var parts = Self.parts
            for _ in 0..<20 {
                let other = corpus.templates[mutations.generator.integer(in: 0...(corpus.templates.count - 1))]
                let start = mutations.generator.integer(in: 0...(other.count - 1))
                parts.append(Array(other[start..<min(other.count, start + mutations.generator.integer(in: 1...120))]))
            }
            let bytes = mutations.bytes(source, parts: parts)
            let messages = corpus.conversations[round % corpus.conversations.count]
            do throws(TextError) {
                var template = try ChatTemplate(String(decoding: bytes, as: UTF8.self), tokens: ["bos_token": .text("<s>"), "eos_token": .text("</s>")])
                template.limits = limits
                let rendering = try template.rendering(of: messages, tools: round % 2 == 0 ? corpus.tools : nil, addGenerationPrompt: round % 3 == 0, now: Self.now)
                #expect(rendering.text.utf8.count <= limits.output * 3)
                #expect(rendering.generated.allSatisfy { $0.upperBound <= rendering.text.utf8.count * 3 })
                written += 1
            } catch {
                refused += 1
                #expect(error.description.hasPrefix("The chat template") && error.description.utf8.count < 5000)
            }
        }
        #expect(refused > 10 && written + refused == 300)
    }

    @Test("a template whose messages are damaged gives a text, or is refused in a sentence", .timeLimit(.minutes(30)), arguments: 0..<12)
    func damagedMessages(number: Int) throws {
        let corpus = try Self.corpus()
        let template = try ChatTemplate(String(decoding: corpus.templates[number], as: UTF8.self), tokens: ["bos_token": .text("<s>"), "eos_token": .text("</s>")])
        let fixture = try JSONValue(parsing: String(decoding: Reference.data("text_templates.json"), as: UTF8.self))
        let conversations = try #require(fixture["conversations"])
        var mutations = Mutations(Seed(9).child("messages", number))
        for _ in 0..<40 {
            guard case .object(let changed) = mutations.tree(conversations) else { continue }
            for (_, messages) in changed.sorted(by: { $0.key < $1.key }) {
                guard let list = messages.elements else { continue }
                do throws(TextError) { _ = try template.rendering(of: list.map { JSONTree($0) }, now: Self.now) } catch {
                    #expect(error.description.hasPrefix("The chat template"))
                }
            }
        }
    }

    static let grow = "{% set ns = namespace(x=[1], t='ab', g=['a']) %}"

    /// Templates that would fill the memory, take for ever or overflow a stack, and what they are refused with; nothing where they
    /// have to be written, because there is no harm in them.
    static let traps: [(source: String, words: String)] = [
        // What is shared is written, compared, hashed and sorted as often as it occurs.
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}", "A text becomes longer"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}", "A text becomes longer"),
        (grow + "{% for i in range(50) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x|tojson(indent=2) }}", "A text becomes longer"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x == ns.x }}", "steps, which is the limit"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x in [ns.x] }}", "steps, which is the limit"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ [ns.x, ns.x]|sort }}", "steps, which is the limit"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ [ns.x].index(ns.x) }}", "steps, which is the limit"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x is sameas ns.x }}", "steps, which is the limit"),
        ("{% set ns = namespace(x=(1,)) %}{% for i in range(50) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}", "steps, which is the limit"),
        ("{% set ns = namespace(x=(1,)) %}{% for i in range(50) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ [ns.x]|unique|list }}", "steps, which is the limit"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ '%r' % [ns.x] }}", "A text becomes longer"),
        (grow + "{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ {}[ns.x] }}", ""),
        (grow + "{% set ns.t = 'ab' * 4000000 %}{{ ([ns.t] * 200000)|tojson }}", "A text becomes longer"),
        (grow + "{% set ns.t = 'ab' * 4000000 %}{{ [ns.t] * 200000 }}", "A text becomes longer"),
        // Deep chains could not be given back.
        (grow + "{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}", "nested more than 250 deep"),
        (grow + "{% for i in range(90000) %}{% set ns.x = (ns.x,) %}{% endfor %}", "nested more than 250 deep"),
        (grow + "{% for i in range(90000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}", "nested more than 250 deep"),
        (grow + "{% for i in range(90000) %}{% set ns.x = dict(a=ns.x) %}{% endfor %}", "nested more than 250 deep"),
        (grow + "{% for i in range(90000) %}{% set ns.g = ns.g|map('upper') %}{% endfor %}{{ ns.g|list }}", "nested more than 250 deep"),
        (grow + "{% for i in range(200) %}{% set ns.g = ns.g|map('upper') %}{% endfor %}{{ ns.g|list }}", "levels deep"),
        (grow + "{% for i in range(90000) %}{% set ns.x = [ns.x].index %}{% endfor %}", "nested more than 250 deep"),
        (grow + "{% for i in range(90000) %}{% set ns.x = joiner(ns.x) %}{% endfor %}", "nested more than 250 deep"),
        (grow + "{% for i in range(90000) %}{% set ns.x = namespace(a=ns.x) %}{% endfor %}done", ""),
        ("{% set t = namespace() %}{% set ns = namespace(t=t) %}{% for i in range(90000) %}{% set n = namespace() %}{% set t = ns.t %}{% set t.next = n %}{% set ns.t = n %}{% endfor %}done", ""),
        (grow + "{% for i in range(60000) %}{% set p = ns.x %}{% macro m() %}{{ p }}{% endmacro %}{% set ns.x = m %}{% endfor %}done", ""),
        (grow + "{% for i in range(60000) %}{% for j in [1] %}{% if loop.changed(ns.x) %}{% endif %}{% set ns.x = loop %}{% endfor %}{% endfor %}done", ""),
        (grow + "{% set ns.x = ns %}{% set ns.g = [ns] %}done", ""), (grow + "{{ ns.x }}{% set ns.x = [ns] %}{{ ns.x }}", "cannot be printed"),
        // Texts and lists on the way to a text that is short.
        (grow + "{% set ns.t = 'ab' * 4000000 %}{{ (" + (0..<60).map { _ in "ns.t" }.joined(separator: " ~ ") + ")|length }}", "A text becomes longer"),
        ("{{ ('x\\n' * 4000000)|indent(8000000)|length }}", "A text becomes longer"), ("{{ ('x\\n' * 4000000)|indent('ab' * 4000000, true, true)|length }}", "A text becomes longer"),
        ("{{ ('é' * 4000000).center(8000000, 'é')|length }}", "A text becomes longer"), ("{{ ('a,' * 4000000).split(',')|length }}", "A list becomes longer"),
        ("{{ ('a ' * 4000000).split()|length }}", "A list becomes longer"), ("{{ ('a\\n' * 4000000).splitlines()|length }}", "A list becomes longer"),
        ("{{ ('a' * 8000000)|list|length }}", "is gone through one by one"), ("{{ ('é' * 4000000)[::-1]|length }}", ""), ("{{ ('é' * 4000000)|upper|length }}", ""),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + [range(99999)] %}{% endfor %}", "steps, which is the limit"),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + ['a' * 8000000] %}{% endfor %}", "steps, which is the limit"),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + [('ab' * 120000)|list] %}{% endfor %}", "steps, which is the limit"),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + [('a,' * 120000).split(',')] %}{% endfor %}", "steps, which is the limit"),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + [[1] * 250000] %}{% endfor %}", "steps, which is the limit"),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + [range(99999)[::-1]] %}{% endfor %}", "steps, which is the limit"),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + [range(99999)|batch(1)|list] %}{% endfor %}", "steps, which is the limit"),
        (grow + "{% for i in range(9999) %}{% set ns.x = ns.x + [dict.fromkeys(range(99999)).items()] %}{% endfor %}", "steps, which is the limit"),
        ("{{ (['AB' * 4000000] * 9999)|sort|length }}", "steps, which is the limit"), ("{{ (['AB' * 4000000] * 9999)|unique|list }}", "steps, which is the limit"),
        ("{{ (['AB' * 4000000] * 9999)|groupby('nothing')|length }}", "has no"), ("{{ (['AB' * 4000000] * 9999)|map('lower')|list|length }}", "steps, which is the limit"),
        ("{% macro f(n) %}{{ 'ab' * 4000000 }}{{ f(n + 1)|length }}{% endmacro %}{{ f(0)|length }}", "the limit"),
        ("{% macro f(n) %}{% set x %}{{ 'ab' * 2000000 }}{% endset %}{{ f(n + 1) }}{{ x|length }}{% endmacro %}{{ f(0) }}", "the limit"),
        ("{{ 'ab' * 4000000 }}{{ 'ab' * 4000000 }}", "A text becomes longer"), ("{{ strftime_now('%c' * 4000000)|length }}", "A text becomes longer"),
        ("{{ 'a'|map(attribute='a.' * 4000000)|list }}", "The path of an attribute"), ("{{ [1]|sort(attribute='a,' * 4000000) }}", "The path of an attribute"),
        // Searches that would take the product of two lengths.
        ("{{ ('a' * 4000000).replace('a' * 2000000 + 'b', '')|length }}", ""), ("{{ ('a' * 4000000).find('a' * 2000000 + 'b') }}", ""),
        ("{{ ('a' * 4000000).rfind('b' + 'a' * 2000000) }}", ""), ("{{ ('a' * 2000000 + 'b') in ('a' * 4000000) }}", ""),
        ("{{ ('a' * 4000000).count('a' * 2000000 + 'b') }}", ""), ("{{ ('a' * 4000000).rpartition('b' + 'a' * 2000000)|length }}", ""),
        // Numbers at the end of their range.
        ("{{ 'x'.center(-9223372036854775807 - 1) }}{{ 'x'.ljust(-9223372036854775807 - 1) }}{{ '-x'.zfill(-9223372036854775807 - 1) }}", ""),
        ("{{ [1]|truncate(9223372036854775807) }}", "64 bits"), ("{{ 'abc'|truncate(9223372036854775807, true, '', 9223372036854775807) }}", ""),
        ("{{ 'abc'|truncate(3, true, '', 9223372036854775807) }}", ""), ("{{ range(0, 10, 9223372036854775807)[::9223372036854775807] }}", ""),
        ("{{ range(-9223372036854775807, 9223372036854775807, 9223372036854775807)|list }}", ""), ("{{ range(-9223372036854775807 - 1, 9223372036854775807, 2 ** 62)|list }}", ""),
        ("{{ 'abc'[::-9223372036854775807 - 1] }}{{ [1, 2][-9223372036854775807 - 1:9223372036854775807:9223372036854775807] }}", ""),
        ("{{ 'abc'[-9223372036854775807 - 1] }}", ""), ("{{ [1]|batch(-9223372036854775807 - 1, 1)|list }}{{ [1, 2]|slice(-9223372036854775807 - 1)|list }}", ""),
        ("{{ (-9223372036854775807 - 1)|abs }}", "64 bits"), ("{{ -(-9223372036854775807 - 1) }}", "64 bits"), ("{{ (-9223372036854775807 - 1) // -1 }}", "64 bits"),
        ("{{ (-9223372036854775807 - 1) % -1 }}", "64 bits"), ("{{ 1e308 * 10 }}{{ (1e308 * 10)|int }}", ""), ("{{ 1e308|int }}", "64 bits"),
        ("{{ 9223372036854775807|round(-18) }}{{ 1e308|round(300) }}", ""), ("{{ '%*d' % (1, 2) }}", "is not supported"), ("{{ '%c' % -1 }}{{ '%c' % 9223372036854775807 }}", "%c"),
        ("{{ 'x'|indent(-9223372036854775807 - 1) }}", ""), ("{{ 'a'.split('a', -9223372036854775807 - 1) }}{{ 'aa'.rsplit('a', 9223372036854775807) }}", ""),
        ("{{ '{:>999999}'.format(1)|length }}{{ '%999999d' % 1 }}{{ '%.999999d' % 1 }}", ""), ("{{ '%.999999f' % 1 }}", "precision"), ("{{ 'z' * -9223372036854775807 }}", ""),
        ("{{ [] * 9223372036854775807 }}{{ '' * 9223372036854775807 }}", ""),
    ]

    @Test("a template that would fill the memory, take for ever or overflow a stack ends with a text or a sentence", .timeLimit(.minutes(30)), arguments: 0..<traps.count)
    func hostile(number: Int) throws {
        let (source, words) = Self.traps[number]
        do throws(TextError) {
            let text = try ChatTemplate(source).render(messages: [], now: Self.now)
            #expect(words.isEmpty, "\(source) gave \(text.prefix(100))")
        } catch {
            #expect(!words.isEmpty && error.description.contains(words), "\(source.prefix(200)): \(error)")
            #expect(error.description.utf8.count < 5000)
        }
    }

    @Test("chains of operations are limited when a template is read", .timeLimit(.minutes(30)), arguments: [
        ("{{ a", "|e", " }}"), ("{{ a", ".b", " }}"), ("{{ a", "[0]", " }}"), ("{{ a", "()", " }}"), ("{{ a", "+a", " }}"), ("{{ a", "*a", " }}"), ("{{ a", "**a", " }}"),
        ("{{ a", " or a", " }}"), ("{{ a", " and a", " }}"), ("{{ a", " is none or a", " }}"), ("{{ a", " if a", " }}"), ("{{ a", "|e(1)", " }}"),
        ("{% filter e", "|e(a)", " %}{% endfilter %}"), ("{% set x", "|e(a)", " %}{% endset %}"), ("{% if a", ".b", " %}{% endif %}"), ("{% set x = a", "-1", " %}"),
        ("{% call a", "(1)", " %}{% endcall %}"),
    ])
    func chains(open: String, part: String, close: String) {
        #expect { try ChatTemplate(open + String(repeating: part, count: 40_000) + close) } throws: { "\($0)".contains("more than 1000 operations") }
        #expect(throws: Never.self) { try ChatTemplate(String(repeating: open + String(repeating: part, count: 40) + close, count: 50)) }
    }

    @Test("long templates of many parts are read in a time that grows with their length", .timeLimit(.minutes(30)), arguments: [
        "{% macro m@(a@, b@=1) %}{{ a@ }}{% endmacro %}", "{% if a@ %}{% set b@ = 1 %}{% endif %}", "{{ a@ }}", "{% if a@ %}{{ b@ }}{% elif c@ %}{% set d@ = 1 %}{% endif %}",
        "{% for a@ in b@ %}{% endfor %}", "{# @ #}", "{% raw %}{{ @{% endraw %}", "a{{ [1, 2, @] }}\n", "{% set a@ = {'b': c@} %}",
    ])
    func long(part: String) throws {
        var source = ""
        var number = 0
        while source.utf8.count < 200_000 {
            source += part.replacing("@", with: "\(number)")
            number += 1
        }
        _ = try ChatTemplate(source).render(messages: [], now: Self.now)
    }

    @Test("parameters, arguments and sentences have limits as well")
    func others() throws {
        let names = (0..<2000).map { "a\($0)" }
        #expect { try ChatTemplate("{% macro m(" + names.joined(separator: ",") + ") %}{% endmacro %}") } throws: { "\($0)".contains("more than 255 parameters") }
        #expect { try ChatTemplate("{{ f(" + names.joined(separator: ",") + ") }}") } throws: { "\($0)".contains("more than 1000 arguments") }
        #expect { try ChatTemplate("{{ raise_exception('ab' * 4000000) }}").render(messages: [], now: Self.now) } throws: {
            "\($0)".hasPrefix("The chat template, line 1 refuses these messages: abab") && "\($0)".utf8.count < 2000
        }
        #expect(try ChatTemplate("{{ dict(**dict.fromkeys(range(90000)|map('string')))|length }}").render(messages: [], now: Self.now) == "90000")
    }
}
