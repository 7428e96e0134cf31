import Foundation
import HoneCore
import HoneText
import Testing

/// A `tokenizer.json` with everything in it that is understood, and changes of it.
private enum WholeFile {
    static let model: NaiveBPE = {
        var generator = Seed(11).generator
        var model = NaiveBPE.random(&generator, merges: 12, over: ["ab", " é"])
        model.added = [
            NaiveBPE.Added(text: "<end>", id: model.spellings.count),
            NaiveBPE.Added(text: "<b>", id: model.spellings.count + 1, isSpecial: false, takesSpaceBehind: true),
        ]
        return model
    }()

    static let complete: JSONValue = {
        guard case .object(var root) = model.json else { return .null }
        let end = model.spellings.count
        root["version"] = .string("1.0")
        root["normalizer"] = .null
        root["post_processor"] = .object([
            "type": .string("TemplateProcessing"),
            "single": .array([part("SpecialToken", "<end>"), part("Sequence", "A")]),
            "pair": .array([part("Sequence", "A"), part("SpecialToken", "<end>"), part("Sequence", "B")]),
            "special_tokens": .object(["<end>": .object(["id": .string("<end>"), "ids": .array([.integer(end)])])]),
        ])
        return .object(root)
    }()

    static func part(_ kind: String, _ id: String) -> JSONValue { .object([kind: .object(["id": .string(id), "type_id": .integer(0)])]) }

    /// The file with the value at a path replaced, or removed.
    static func changed(_ path: [String], to value: JSONValue?, in tree: JSONValue = complete) -> JSONValue {
        guard let key = path.first else { return value ?? .null }
        let rest = Array(path.dropFirst())
        switch tree {
        case .object(var members):
            if rest.isEmpty { members[key] = value } else { members[key] = changed(rest, to: value, in: members[key] ?? .object([:])) }
            return .object(members)
        case .array(var elements):
            guard let index = Int(key), elements.indices.contains(index) else { return tree }
            elements[index] = changed(rest, to: value, in: elements[index])
            if rest.isEmpty, value == nil { elements.remove(at: index) }
            return .array(elements)
        default: return tree
        }
    }

    /// The paths of all values but most entries of the vocabulary.
    static func paths(of tree: JSONValue = complete, at path: [String] = []) -> [[String]] {
        switch tree {
        case .object(let members):
            let keys = path.last == "vocab" ? Array(members.keys.sorted().prefix(3)) : members.keys.sorted()
            return [path] + keys.flatMap { paths(of: members[$0] ?? .null, at: path + [$0]) }
        case .array(let elements):
            return [path] + elements.indices.prefix(4).flatMap { paths(of: elements[$0], at: path + [String($0)]) }
        default: return [path]
        }
    }

    static func read(_ file: JSONValue) throws(TextError) -> BPETokenizer { try BPETokenizer(tokenizerJSON: Array(file.canonical.utf8)) }
}

@Suite("Files of tokenizers")
struct TokenizerFileTests {
    /// What every tokenizer that was read must do, however its file came to be.
    private func works(_ tokenizer: BPETokenizer, _ comment: String) throws {
        #expect(tokenizer.vocabularySize >= 256, "\(comment)")
        #expect(tokenizer.bytes(of: tokenizer.endOfText).isEmpty, "\(comment)")
        for text in ["", "ab é\n\u{0}<end>日", " aab"] {
            let tokens = try tokenizer.encode(text)
            #expect(tokens.allSatisfy { (0..<TokenID(tokenizer.vocabularySize)).contains($0) }, "\(comment)")
            let wanted = tokenizer.settings.addsPrefixSpace && !text.isEmpty && !text.hasPrefix(" ") ? " " + text : text
            #expect(tokenizer.decode(tokens).utf8.elementsEqual(wanted.utf8), "\(comment)")
        }
        let again = try BPETokenizer(tokenizerJSON: Array(tokenizer.json().canonical.utf8))
        #expect(again.fingerprint == tokenizer.fingerprint, "\(comment)")
        #expect(again.template == tokenizer.template && again.addedTokens == tokenizer.addedTokens, "\(comment)")
        #expect(again.settings == tokenizer.settings && again.endOfText == tokenizer.endOfText, "\(comment)")
    }

    @Test("any value of the file replaced by any other kind gives a sentence, or a tokenizer that works", arguments: WholeFile.paths())
    func replaced(path: [String]) throws {
        let others: [JSONValue?] = [
            nil, .null, .bool(true), .integer(7), .integer(-1), .integer(Int.max), .number(1.5), .string("x"), .string(""), .array([]),
            .array([.null]), .object([:]), .object(["type": .string("Sequence")]), .string("Sequence"),
        ]
        for other in others {
            let comment = "\(path.joined(separator: ".")) = \(other?.canonical ?? "removed")"
            do throws(TextError) {
                let tokenizer = try WholeFile.read(WholeFile.changed(path, to: other))
                do { try works(tokenizer, comment) } catch { Issue.record("\(comment): \(error)") }
            } catch {
                #expect(error.description.count > 20 && !error.description.hasSuffix("."), "\(comment): \(error)")
            }
        }
    }

    @Test("the complete file is read", arguments: [0])
    func complete(number: Int) throws {
        let tokenizer = try WholeFile.read(WholeFile.complete)
        try works(tokenizer, "complete")
        let end = tokenizer.endOfText
        #expect(try tokenizer.encode("ab", addSpecialTokens: true) == [end] + tokenizer.encode("ab"))
        #expect(try tokenizer.encode(pair: "a", "b") == tokenizer.encode("a") + [end] + tokenizer.encode("b"))
        #expect(tokenizer.id(ofAdded: "<b>") == end + 1)
    }

    @Test("changed, lost and doubled bytes give a sentence with a place, or a tokenizer that works", arguments: UInt64(0)..<12)
    func mutated(seed: UInt64) throws {
        var generator = Seed(seed).child("mutation").generator
        let bytes = Array(WholeFile.complete.canonical.utf8)
        for _ in 0..<20 {
            var changed = bytes
            for _ in 0..<generator.integer(in: 1...3) {
                let place = generator.integer(in: 0...(changed.count - 1))
                switch generator.integer(in: 0...4) {
                case 0: changed[place] = UInt8(generator.integer(in: 0...255))
                case 1: changed.remove(at: place)
                case 2: changed.insert(changed[place], at: place)
                case 3: changed.swapAt(place, generator.integer(in: 0...(changed.count - 1)))
                default: changed.removeSubrange(place..<min(changed.count, place + generator.integer(in: 1...40)))
                }
            }
            do throws(TextError) {
                let tokenizer = try BPETokenizer(tokenizerJSON: changed)
                do { try works(tokenizer, "mutation") } catch { Issue.record("\(error)") }
            } catch {
                #expect(error.description.count > 20)
            }
        }
    }

    @Test("every beginning of a file is malformed, at a line and a column")
    func cutOff() {
        let bytes = Array(WholeFile.complete.canonical.utf8)
        for end in stride(from: 0, to: bytes.count, by: 37) {
            #expect {
                _ = try BPETokenizer(tokenizerJSON: Array(bytes[..<end]))
            } throws: { error in
                "\(error)".hasPrefix("The JSON text is malformed at line 1, column ")
            }
        }
    }

    /// An added token that declares a token of the vocabulary special.
    private static func special(_ text: String) -> JSONValue {
        .object([
            "content": .string(text), "id": .integer(WholeFile.model.spellings.firstIndex(of: text) ?? -1),
            "special": .bool(true),
        ])
    }

    private static func split(_ pattern: String, _ behavior: String = "Isolated") -> JSONValue? {
        try? JSONValue(parsing: #"{"type":"Split","pattern":\#(pattern),"behavior":"\#(behavior)","invert":false}"#)
    }

    static let refusals: [(path: [String], value: JSONValue?, words: String)] = [
        (["model"], nil, "This tokenizer.json has no “model”"),
        (["model", "type"], .string("WordLevel"), "a model of type WordLevel, which is not supported; supported are models of type BPE"),
        (["model", "continuing_subword_prefix"], .string("##"), "a BPE model with continuing_subword_prefix"),
        (["model", "end_of_word_suffix"], .string("</w>"), "a BPE model with end_of_word_suffix"),
        (["model", "dropout"], .number(0.1), "a BPE model with dropout"), (["model", "dropout"], .integer(1), "a BPE model with dropout"),
        (["model", "byte_fallback"], .string("no"), "“byte_fallback” of this tokenizer.json must be true or false"),
        (["model", "ignore_merges"], .integer(1), "“ignore_merges” of this tokenizer.json must be true or false"),
        (["pre_tokenizer", "use_regex"], .string("yes"), "“use_regex” of this tokenizer.json must be true or false"),
        (["pre_tokenizer", "add_prefix_space"], .integer(0), "“add_prefix_space” of this tokenizer.json must be true or false"),
        (["pre_tokenizer"], nil, "a decoder of type ByteLevel without a ByteLevel pre-tokenizer"),
        (["pre_tokenizer"], .null, "a decoder of type ByteLevel without a ByteLevel pre-tokenizer"),
        (["pre_tokenizer"], .object([:]), "a pre-tokenizer of type unknown"),
        (["pre_tokenizer"], .object(["type": .string("Whitespace")]), "a pre-tokenizer of type Whitespace"),
        (
            ["pre_tokenizer"],
            .object([
                "type": .string("Sequence"),
                "pretokenizers": .array([.object(["type": .string("Whitespace")]), .object(["type": .string("ByteLevel")])]),
            ]),
            "a pre-tokenizer of type Sequence (Whitespace, ByteLevel)"
        ),
        (
            ["pre_tokenizer"],
            .object([
                "type": .string("Sequence"),
                "pretokenizers": .array([.object(["type": .string("ByteLevel")]), .object(["type": .string("Digits")])]),
            ]),
            "A step follows ByteLevel in the pre-tokenizer; it must be the last"
        ),
        (["pre_tokenizer"], .object(["type": .string("Split")]), "pre-tokenizer of type Split is neither a String nor a Regex"),
        (["pre_tokenizer"], split(#"{"String":""}"#), "The pattern of the pre-tokenizer of type Split is empty"),
        (["pre_tokenizer"], split(#"{"Regex":"(a"}"#), "The regular expression “(a” of the pre-tokenizer of type Split cannot be understood"),
        (["pre_tokenizer"], split(#"{"Regex":"\\h+"}"#), "uses \\h, which is not supported"),
        (["pre_tokenizer"], split(#"{"Regex":"a"}"#, "Merged"), "The “behavior” of the pre-tokenizer of type Split is none of"),
        (["pre_tokenizer"], .object(["type": .string("Metaspace")]), "pre-tokenizer of type Metaspace has no “replacement” of one character"),
        (["normalizer"], .object(["type": .string("Prepend")]), "The normalizer of type Prepend has no text “prepend”"),
        (["normalizer"], .object(["type": .string("Replace")]), "The normalizer of type Replace has no text “content”"),
        (["model", "unk_token"], .integer(3), "“unk_token” of this tokenizer.json must be a text or null"),
        (["model", "vocab", "a"], .integer(1 << 20), "The token “a” has the id 1048576, far beyond the"),
        (
            ["normalizer"],
            .object(["type": .string("Sequence"), "normalizers": .array([.object(["type": .string("NFC")]), .object([:])])]),
            "a normalizer of type Sequence (NFC, unknown)"
        ),
        (["normalizer"], .object(["type": .string("BertNormalizer")]), "a normalizer of type BertNormalizer"),
        (["decoder"], .object(["type": .string("Metaspace")]), "a decoder of type Metaspace"),
        (["decoder"], .object(["type": .string("Sequence"), "decoders": .array([])]), "a decoder of type Sequence"),
        (["model", "vocab"], nil, "The model of this tokenizer.json has no “vocab”"),
        (["model", "vocab"], .array([]), "The model of this tokenizer.json has no “vocab”"),
        (["model", "vocab", "a"], .string("0"), "The token “a” has no id from 0 to 16777215"),
        (["model", "vocab", "a"], .integer(1 << 24), "The token “a” has no id from 0 to 16777215"),
        (["model", "vocab", "q"], nil, "The vocabulary has no ordinary token for the byte 113; a byte-level vocabulary needs all 256"),
        (["added_tokens", "1"], special("q"), "The vocabulary has no ordinary token for the byte 113"),
        (["model", "vocab", "zzz"], .integer(0), "Two tokens have the id 0, one of them “"),
        (["model", "merges"], nil, "The model of this tokenizer.json has no list of “merges”"),
        (["model", "merges", "3"], .string("a"), "Merge 3 of this tokenizer.json does not name two tokens whose union is a token"),
        (["model", "merges", "0"], .string("a b c"), "Merge 0 of this tokenizer.json"),
        (["model", "merges", "1"], .array([.string("a")]), "Merge 1 of this tokenizer.json"),
        (["model", "merges", "2"], .array([.string("q"), .string("z")]), "Merge 2 of this tokenizer.json"),
        (["added_tokens"], .object([:]), "“added_tokens” of this tokenizer.json is no list"),
        (["added_tokens"], nil, "The post-processor adds the token \(WholeFile.model.spellings.count), but the vocabulary has"),
        (["added_tokens", "0", "content"], .string("<stop>"), "No special token ends a text; <end>, <|endoftext|>"),
        (["added_tokens", "0", "special"], .bool(false), "No special token ends a text"),
        (["added_tokens", "0", "content"], .string(""), "An entry of “added_tokens” has no content or no id"),
        (["added_tokens", "0", "id"], .integer(-1), "An entry of “added_tokens” has no content or no id"),
        (["added_tokens", "1", "id"], .integer(WholeFile.model.spellings.count), "which contradicts the vocabulary"),
        (["added_tokens", "1", "content"], .string("a"), "The added token “a” has the id"),
        (["added_tokens", "1", "lstrip"], .integer(1), "“lstrip” of this tokenizer.json must be true or false"),
    ]

    @Test("each part that is not understood is refused by name", arguments: 0..<refusals.count)
    func refusal(number: Int) {
        let (path, value, words) = Self.refusals[number]
        #expect {
            _ = try WholeFile.read(WholeFile.changed(path, to: value))
        } throws: { error in
            "\(error)".contains(words)
        }
    }

    @Test("what says nothing about tokens may be there: options that are off, wrapped steps, unknown keys")
    func harmless() throws {
        let plain = try WholeFile.read(WholeFile.complete)
        let byteLevel = WholeFile.complete["pre_tokenizer"] ?? .null
        let changes: [([String], JSONValue)] = [
            (["model", "dropout"], .integer(0)), (["model", "dropout"], .null), (["model", "continuing_subword_prefix"], .string("")),
            (["model", "end_of_word_suffix"], .null), (["model", "byte_fallback"], .null), (["model", "unk_token"], .string("a")),
            (["model", "fuse_unk"], .bool(true)), (["truncation"], .object([:])), (["padding"], .object([:])), (["x"], .array([])),
            (["pre_tokenizer"], .object(["type": .string("Sequence"), "pretokenizers": .array([byteLevel])])),
            (["decoder"], .object(["type": .string("Sequence"), "decoders": .array([byteLevel])])), (["decoder"], .null),
            (["pre_tokenizer", "trim_offsets"], .bool(true)), (["model", "byte_fallback"], .bool(true)),
        ]
        for (path, value) in changes {
            #expect(try WholeFile.read(WholeFile.changed(path, to: value)).fingerprint == plain.fingerprint, "\(path)")
        }
    }

    @Test("the fingerprint changes with everything that changes tokens")
    func fingerprints() throws {
        var prints: [String: String] = [:]
        let changes: [([String], JSONValue?)] = [
            (["x"], .null), (["model", "merges", "0"], nil), (["model", "ignore_merges"], .bool(true)),
            (["pre_tokenizer", "use_regex"], .bool(false)), (["pre_tokenizer", "add_prefix_space"], .bool(true)),
            (["added_tokens", "1"], nil), (["added_tokens", "1", "rstrip"], .bool(false)), (["added_tokens", "1", "lstrip"], .bool(true)),
            (["added_tokens", "1", "single_word"], .bool(true)), (["added_tokens", "1", "content"], .string("<c>")),
            (["added_tokens", "1", "special"], .bool(true)), (["post_processor"], .null), (["model", "vocab", "zz"], .integer(600)),
        ]
        for (path, value) in changes {
            let print = try WholeFile.read(WholeFile.changed(path, to: value)).fingerprint
            #expect(prints.updateValue(path.joined(separator: "."), forKey: print) == nil, "\(path)")
            #expect(print.count == 64)
        }
    }

    @Test("tokens that only composition tells apart cannot be written, but change the fingerprint as everything else does")
    func ambiguousSpellings() throws {
        func vocabulary(_ name: String) -> JSONValue? { WholeFile.complete["model"]?["vocab"]?[name] }
        #expect(vocabulary("é") != nil)
        // A text is no key of two in a dictionary of Swift, so the second spelling is put in as text.
        let twice = { (file: JSONValue) in file.canonical.replacing("\"vocab\":{", with: "\"vocab\":{\"e\u{301}\":900,") }
        var prints: Set<String> = []
        let changes: [([String], JSONValue?)] = [
            (["x"], .null), (["model", "merges", "0"], nil), (["model", "ignore_merges"], .bool(true)), (["post_processor"], .null),
            (["pre_tokenizer", "use_regex"], .bool(false)), (["added_tokens", "1", "rstrip"], .bool(false)),
            (["model", "vocab", "zz"], .integer(901)),
        ]
        for (path, value) in changes {
            let tokenizer = try BPETokenizer(tokenizerJSON: Array(twice(WholeFile.changed(path, to: value)).utf8))
            #expect(throws: TextError.self) { try tokenizer.json() }
            #expect(prints.insert(tokenizer.fingerprint).inserted, "\(path)")
            let held: any Tokenizer = tokenizer
            #expect(held.fingerprint == tokenizer.fingerprint)
        }
    }

    @Test("escapes of every sort in a file are the characters they stand for")
    func escapes() throws {
        let text = WholeFile.complete.canonical.replacing("\"<b>\"", with: #""\b\f\n\r\t\/\\\"\u00e9\u0000\ud83d\ude00\uD834\uDD1E""#)
        let tokenizer = try BPETokenizer(tokenizerJSON: Array(text.utf8))
        let added = try #require(tokenizer.addedTokens.last)
        #expect(added.text.utf8.elementsEqual("\u{8}\u{C}\n\r\t/\\\"é\u{0}😀𝄞".utf8))
        #expect(tokenizer.bytes(of: added.id) == Array(added.text.utf8))
        #expect(try tokenizer.encodeRecognizingAddedTokens("a\(added.text)b").contains(added.id))
    }

    @Test("a file on disk is read as its bytes are, and its name stands before what is wrong in it")
    func onDisk() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tokenizer-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let good = folder.appendingPathComponent("tokenizer.json")
        try Data(WholeFile.complete.canonical.utf8).write(to: good)
        #expect(try BPETokenizer(contentsOf: good).fingerprint == WholeFile.read(WholeFile.complete).fingerprint)
        let bad = folder.appendingPathComponent("bad.json")
        try Data("{\n  \"model\": tru\n}".utf8).write(to: bad)
        #expect(throws: TextError("\(bad.path): The JSON text is malformed at line 2, column 12: expected true")) {
            try BPETokenizer(contentsOf: bad)
        }
        #expect(throws: TextError.self) { try BPETokenizer(contentsOf: folder) }
    }
}
