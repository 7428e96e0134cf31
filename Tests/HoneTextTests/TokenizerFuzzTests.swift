import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Damaged tokenizer files")
struct TokenizerFuzzTests {
    static let kinds = TokenizerKindsTests.kinds
    private static let samples = [
        "", " ", "a", "Hello, world! 123 is 0.5", "  two  spaces\n\n\tand a tab ", "é ü 日本語 🙂 \u{301}x", "<s>[INST]<|im_end|></s><unk>", "▁a ▁▁b Ġc",
        String(repeating: "ab a", count: 40),
    ]
    /// Words of which each refusal has one: the file, or the part of it that is meant.
    private static let named = ["tokenizer.json", "JSON text", "“", "vocabulary", "pre-tokenizer", "normalizer", "decoder", "post-processor", "Merge", "special token"]

    static func json(_ kind: String) throws -> String {
        let fixture = try JSONValue(parsing: String(decoding: Reference.data("text_kinds/\(kind).json"), as: UTF8.self))
        return try #require(fixture["tokenizer"]?.text)
    }

    /// Uses a tokenizer in all ways: what it does may be refused, and what it gives must hold together.
    private func use(_ tokenizer: any Tokenizer) {
        let size = TokenID(tokenizer.vocabularySize)
        for text in Self.samples {
            do throws(TextError) {
                let encoding = try tokenizer.encodeAsLibrary(text)
                #expect(encoding.tokens.count == encoding.byteOffsets.count && encoding.tokens.count == encoding.scalarOffsets.count)
                #expect(encoding.tokens.allSatisfy { $0 >= 0 && $0 < size })
                #expect(encoding.byteOffsets.allSatisfy { $0.upperBound <= text.utf8.count })
                let plain = try tokenizer.encode(text)
                let decoded = tokenizer.decode(plain)
                var stream = TokenStream(tokenizer)
                #expect(plain.map { stream.push($0) }.joined() + stream.finish() == decoded)
            } catch { check(error) }
        }
        _ = tokenizer.decode([-1, 0, 1, 2, size - 1, size, size + 1, .max, .min])
        #expect(tokenizer.endOfText < size && tokenizer.padding < size && tokenizer.stopTokens.allSatisfy { $0 < size })
        _ = try? tokenizer.json()
    }

    private func check(_ error: TextError, path: String? = nil) {
        #expect(error.description.utf8.count < 2000, "\(error.description.prefix(300))")
        if let path { #expect(error.description.contains(path), "\(error)") } else {
            #expect(Self.named.contains { error.description.contains($0) }, "\(error)")
        }
    }

    @Test("each damaged tokenizer.json is read, and then works, or is refused in a sentence", .timeLimit(.minutes(30)), arguments: kinds)
    func damaged(kind: String) throws {
        let source = try Self.json(kind)
        let tree = try JSONValue(parsing: source)
        var mutations = Mutations(Seed(5).child(kind))
        var (read, refused) = (0, 0)
        for number in 0..<240 {
            let bytes = number % 3 == 0 ? mutations.bytes(Array(source.utf8)) : Array(mutations.tree(tree).canonical.utf8)
            do throws(TextError) {
                let tokenizer = try BPETokenizer(tokenizerJSON: bytes)
                read += 1
                use(tokenizer)
            } catch {
                refused += 1
                check(error)
            }
        }
        #expect(read > 10 && refused > 10)
    }

    @Test("each damaged part of a tokenizer's pipeline is read, and then works, or is refused in a sentence", .timeLimit(.minutes(30)), arguments: kinds)
    func damagedParts(kind: String) throws {
        let tree = try JSONValue(parsing: try Self.json(kind))
        var mutations = Mutations(Seed(6).child(kind))
        for number in 0..<150 {
            let key = ["normalizer", "pre_tokenizer", "decoder", "post_processor", "added_tokens"][number % 5]
            let changed = tree.setting([key], to: mutations.tree(tree[key] ?? .null))
            do throws(TextError) { use(try BPETokenizer(tokenizerJSON: Array(changed.canonical.utf8))) } catch { check(error) }
        }
    }

    @Test("each damaged file beside a tokenizer.json is read, or is refused by its path", .timeLimit(.minutes(30)))
    func besides() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-fuzz-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files: [(name: String, content: JSONValue)] = [
            (
                "tokenizer_config.json",
                .object([
                    "eos_token": .string("</s>"), "bos_token": .object(["content": .string("<s>"), "lstrip": .bool(false)]), "pad_token": .null,
                    "chat_template": .array([
                        .object(["name": .string("default"), "template": .string("{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}")]),
                        .object(["name": .string("tool_use"), "template": .string("{{ tools|tojson }}")]),
                    ]),
                ])
            ),
            ("special_tokens_map.json", .object(["eos_token": .string("</s>"), "additional_special_tokens": .array([.string("<s>"), .object(["content": .string("a")])])])),
            ("generation_config.json", .object(["eos_token_id": .array([.integer(2), .integer(1)]), "bos_token_id": .integer(1), "pad_token_id": .integer(3)])),
            ("config.json", .object(["text_config": .object(["eos_token_id": .integer(2)]), "bos_token_id": .integer(1)])),
        ]
        try Data(try Self.json("llama2").utf8).write(to: URL(fileURLWithPath: "\(folder)/tokenizer.json"))
        func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        for (name, content) in files { try write(name, Array(content.canonical.utf8)) }
        _ = try TokenizerFile.read(folder)
        #expect(try ChatTemplate.read(folder: folder) != nil)
        let messages = [ConversationMessage(role: "user", content: "a")]
        var mutations = Mutations(Seed(7))
        var refused = 0
        for (name, content) in files {
            for number in 0..<200 {
                try write(name, number % 3 == 0 ? mutations.bytes(Array(content.canonical.utf8)) : Array(mutations.tree(content).canonical.utf8))
                do throws(TextError) { use(try TokenizerFile.read(folder)) } catch {
                    refused += 1
                    check(error, path: folder)
                }
                do throws(TextError) { _ = try ChatTemplate.read(folder: folder)?.render(messages: messages, now: ChatTemplateCorpusTests.now) } catch {
                    check(error, path: folder)
                }
            }
            try write(name, Array(content.canonical.utf8))
        }
        #expect(refused > 100)
    }

    /// A part of the llama2 tokenizer replaced.
    private func tokenizer(_ key: String, _ json: String) throws -> BPETokenizer {
        try BPETokenizer(tokenizerJSON: Array(try JSONValue(parsing: try Self.json("llama2")).setting([key], to: try JSONValue(parsing: json)).canonical.utf8))
    }

    @Test("a normalizer that makes texts far longer is refused when it is used, whatever the number of its steps")
    func growth() throws {
        let double = #"{"type":"Replace","pattern":{"String":"a"},"content":"aa"}"#
        let doubling = try tokenizer("normalizer", #"{"type":"Sequence","normalizers":["# + Array(repeating: double, count: 60).joined(separator: ",") + "]}")
        #expect { try doubling.encode("a") } throws: { "\($0)".contains("normalizer makes more than 1056 bytes") }
        #expect(try doubling.encode("b") == doubling.encode("b"))
        let long = String(repeating: "x", count: 100_000)
        // This one is at work while the file is read, because some added token is looked for in changed text.
        let growing = #"{"type":"Replace","pattern":{"Regex":"x?$"},"content":"\#(long)"}"#
        #expect { try tokenizer("normalizer", growing) } throws: { "\($0)".contains("normalizer makes more than") }
        #expect { try tokenizer("normalizer", #"{"type":"Prepend","prepend":"\#(long)"}"#).encode("a") } throws: { "\($0)".contains("bytes out of a text") }
        #expect { try tokenizer("normalizer", #"{"type":"Sequence","normalizers":["# + Array(repeating: double, count: 65).joined(separator: ",") + "]}") } throws: {
            "\($0)".contains("more than 64 steps")
        }
        // The written forms of tokens, and the spellings of the vocabulary, are changed when the file is read.
        #expect { try tokenizer("decoder", #"{"type":"Replace","pattern":{"String":"e"},"content":"\#(long)"}"#) } throws: {
            "\($0)".contains("The decoder makes more than")
        }
    }

    @Test("an expression that goes back and forth is refused by the number of its steps", .timeLimit(.minutes(30)), arguments: [
        "(a+)+b", "(a|a)*b", "(a|aa)+$b", "(.*)*x", "([a-z]+)*=",
    ])
    func backtracking(pattern: String) throws {
        let text = String(repeating: "a", count: 400)
        for (key, json) in [
            ("pre_tokenizer", #"{"type":"Split","pattern":{"Regex":"\#(pattern)"},"behavior":"Isolated"}"#),
            ("normalizer", #"{"type":"Replace","pattern":{"Regex":"\#(pattern)"},"content":"-"}"#),
        ] {
            let tokenizer = try tokenizer(key, json)
            do throws(TextError) { _ = try tokenizer.encode(text) } catch { #expect(error.description.contains("goes back and forth"), "\(error)") }
        }
    }

    @Test("vocabularies and merges that do not fit together are refused by what is wrong", arguments: [
        (#"{"a":0,"b":1}"#, #"["a c"]"#, "Merge 0"), (#"{"a":0,"b":1}"#, #"["a b"]"#, "Merge 0"), (#"{"a":0,"b":0}"#, "[]", "Two tokens have the id 0"),
        (#"{"a":0,"":1}"#, #"[["a",""]]"#, ""), (#"{"a":0,"b":-1}"#, "[]", "has no id"), (#"{"a":0,"b":1.5}"#, "[]", "has no id"),
        (#"{"a":0,"b":9223372036854775807}"#, "[]", "has no id"), (#"{"a":0,"b":16000000}"#, "[]", "far beyond the 2 tokens"), (#"[]"#, "[]", "no “vocab”"),
        (#"{"a":0}"#, "{}", "no list of “merges”"), (#"{"a":0,"aa":1,"aaa":2}"#, #"["a a","a aa","aa a","a aa"]"#, ""),
        (#"{"a":0}"#, #"["a"]"#, "Merge 0"), (#"{"a":0}"#, #"[["a"]]"#, "Merge 0"), (#"{"a":0}"#, #"[[[]]]"#, "Merge 0"),
    ])
    func models(vocabulary: String, merges: String, words: String) throws {
        let json = #"{"added_tokens":[{"id":3,"content":"</s>","special":true}],"model":{"type":"BPE","unk_token":"a","vocab":\#(vocabulary),"merges":\#(merges)}}"#
        do throws(TextError) {
            let tokenizer = try BPETokenizer(tokenizerJSON: Array(json.utf8))
            #expect(words.isEmpty)
            use(tokenizer)
        } catch { #expect(!words.isEmpty && error.description.contains(words), "\(error)") }
    }

    @Test("what is no file is not read: a pipe, a folder, a device; a link to a file is")
    func noFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-pipes-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(folder)/model", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = "\(folder)/model/tokenizer.json"
        try #require(mkfifo(place, 0o600) == 0)
        #expect { try TokenizerFile.read("\(folder)/model") } throws: { "\($0)".contains("is no file") && "\($0)".contains(place) }
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "/dev/zero")
        #expect { try TokenizerFile.read("\(folder)/model") } throws: { "\($0)".contains("is no file") }
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        #expect { try TokenizerFile.read("\(folder)/model") } throws: { "\($0)".contains("is no file") }
        try FileManager.default.removeItem(atPath: place)
        // Caches keep a model's files as links to where the bytes are.
        try Data(try Self.json("llama2").utf8).write(to: URL(fileURLWithPath: "\(folder)/bytes"))
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "../bytes")
        #expect(try TokenizerFile.read("\(folder)/model").vocabularySize > 0)
    }
}
