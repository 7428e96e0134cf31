import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Tokenizers of model folders")
struct TokenizerFolderTests {
    /// A folder with a small byte-level tokenizer and the given files beside it.
    private func folder(_ files: [String: String], tokenizer: String? = nil, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("folder-\(UInt64.random(in: 0 ... .max))").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var files = files
        files["tokenizer.json"] = try tokenizer ?? Self.file()
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
        try body(path)
    }

    /// Bytes, then `<s>` 256, `</s>` 257, `<|im_end|>` 258, `<fill>` 259 (not special), `<pad>` 260.
    private static func file() throws -> String {
        var model = NaiveBPE(spellings: NaiveBPE.alphabet.map { String($0) })
        for (place, text) in ["<s>", "</s>", "<|im_end|>", "<fill>", "<pad>"].enumerated() {
            model.added.append(NaiveBPE.Added(text: text, id: 256 + place, isSpecial: text != "<fill>"))
        }
        return model.json.canonical
    }

    @Test("without other files the usual names say what ends, begins and fills a text")
    func alone() throws {
        try folder([:]) { path in
            for place in [path, "\(path)/tokenizer.json"] {
                let tokenizer = try TokenizerFile.read(place)
                #expect(tokenizer.endOfText == 258 && tokenizer.stopTokens == [258])
                #expect(tokenizer.beginOfText == 256 && tokenizer.padding == 260)
            }
        }
    }

    static let roles: [(files: [String: String], end: TokenID, begin: TokenID?, padding: TokenID, stops: [TokenID])] = [
        (["tokenizer_config.json": #"{"eos_token":"</s>","bos_token":"<s>","pad_token":"<fill>"}"#], 257, 256, 259, [257]),
        (["tokenizer_config.json": #"{"eos_token":{"content":"</s>","lstrip":false},"bos_token":null}"#], 257, nil, 260, [257]),
        (["special_tokens_map.json": #"{"eos_token":{"content":"</s>"}}"#, "tokenizer_config.json": #"{"eos_token":"<pad>"}"#], 260, nil, 260, [260]),
        (["special_tokens_map.json": #"{"eos_token":"</s>"}"#, "tokenizer_config.json": "{}"], 257, nil, 260, [257]),
        (["generation_config.json": #"{"eos_token_id":257,"bos_token_id":256,"pad_token_id":0}"#], 257, 256, 0, [257]),
        (["generation_config.json": #"{"eos_token_id":[260,257,258]}"#], 260, 256, 260, [257, 258, 260]),
        (
            ["generation_config.json": #"{"eos_token_id":[257,258]}"#, "tokenizer_config.json": #"{"eos_token":"<|im_end|>"}"#], 258, nil, 260,
            [257, 258]
        ),
        (["config.json": #"{"eos_token_id":257,"pad_token_id":-1}"#], 257, 256, 260, [257]),
        (["config.json": #"{"text_config":{"eos_token_id":[257]}}"#], 257, 256, 260, [257]),
        (["config.json": #"{"eos_token_id":260}"#, "generation_config.json": #"{"eos_token_id":257}"#], 257, 256, 260, [257]),
        (["config.json": #"{"eos_token_id":null}"#], 258, 256, 260, [258]),
    ]

    @Test("the files beside it name the tokens, and the ids after which a model has finished", arguments: 0..<roles.count)
    func named(number: Int) throws {
        let wanted = Self.roles[number]
        try folder(wanted.files) { path in
            let tokenizer = try TokenizerFile.read(path)
            #expect(tokenizer.endOfText == wanted.end && tokenizer.beginOfText == wanted.begin)
            #expect(tokenizer.padding == wanted.padding && tokenizer.stopTokens == wanted.stops)
            // What a file names as a role is left out of text, whatever the tokenizer's own file says.
            for token in wanted.stops + [wanted.end] { #expect(tokenizer.decode([97, token]) == tokenizer.decode([97])) }
        }
    }

    @Test("a role that names a token which is not there is refused, with the file's path")
    func missing() throws {
        let files: [(String, String, String)] = [
            ("tokenizer_config.json", #"{"eos_token":"<stop>"}"#, "names the token “<stop>”, which the vocabulary does not have"),
            ("generation_config.json", #"{"eos_token_id":[300]}"#, "names the token 300, but the vocabulary has 0 to 260"),
            ("config.json", "{", "is malformed at line 1"), ("special_tokens_map.json", #"{"a":1,"a":2}"#, "repeated"),
        ]
        for (name, text, words) in files {
            try folder([name: text]) { path in
                #expect { try TokenizerFile.read(path) } throws: { "\($0)".contains(words) && "\($0)".contains("\(path)/\(name)") }
            }
        }
        #expect { try TokenizerFile.read("/nonexistent/folder") } throws: { "\($0)".contains("There is no file /nonexistent/folder") }
    }

    @Test("a file of single characters gives the tokenizer of characters")
    func characters() throws {
        try folder([:], tokenizer: try CharacterTokenizer.nano.json().canonical) { path in
            let tokenizer = try TokenizerFile.read(path)
            #expect(tokenizer is CharacterTokenizer && tokenizer.fingerprint == CharacterTokenizer.nano.fingerprint)
            #expect(try tokenizer.encode("48/2=24") == CharacterTokenizer.nano.encode("48/2=24"))
        }
    }

    @Test("kinds that are not supported are refused by name", arguments: ["WordPiece", "Unigram", "WordLevel"])
    func kinds(kind: String) throws {
        try folder([:], tokenizer: #"{"model":{"type":"\#(kind)","vocab":{}}}"#) { path in
            #expect { try TokenizerFile.read(path) } throws: {
                "\($0)".contains("a model of type \(kind), which is not supported") && "\($0)".hasPrefix(path)
            }
        }
    }

    /// Steps that models in use have nowhere, or that cannot be run token by token.
    static let refusals: [(path: [String], value: String, words: String)] = [
        (["decoder"], #"{"type":"WordPiece"}"#, "a decoder of type WordPiece without a ByteLevel pre-tokenizer"),
        (["decoder"], #"{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"ByteFallback"}]}"#, "a decoder of type Sequence (Fuse, ByteFallback)"),
        (["decoder"], #"{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":1}]}"#, "takes 1 off the end"),
        (["decoder"], #"{"type":"Strip","content":"ab","start":1,"stop":0}"#, "needs a “content” of one character"),
        (["decoder"], #"{"type":"Replace","pattern":{"String":"a"}}"#, "has no text “content”"),
        (["decoder"], #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"often"}"#, "none of always, first, never"),
        (["decoder"], #"{"type":"Metaspace","replacement":"▁","add_prefix_space":false}"#, "contradicts its “prepend_scheme”"),
        (["decoder"], #"{"type":"ByteLevel"}"#, "a decoder of type ByteLevel without a ByteLevel pre-tokenizer"),
        (["pre_tokenizer"], #"{"type":"BertPreTokenizer"}"#, "a pre-tokenizer of type BertPreTokenizer"),
        (["normalizer"], #"{"type":"Precompiled"}"#, "a normalizer of type Precompiled"),
    ]

    @Test("steps of character-level files that are not understood are refused by name", arguments: 0..<refusals.count)
    func steps(number: Int) throws {
        let (path, value, words) = Self.refusals[number]
        let whole = try JSONValue(parsing: String(decoding: Reference.data("text_kinds/llama2.json"), as: UTF8.self))
        guard case .object(var root) = try JSONValue(parsing: try #require(whole["tokenizer"]?.text)) else { return }
        root[path[0]] = try JSONValue(parsing: value)
        #expect { try BPETokenizer(tokenizerJSON: Array(JSONValue.object(root).canonical.utf8)) } throws: { "\($0)".contains(words) }
    }

    @Test("changed bytes of files of every kind give a sentence within a second, or a tokenizer that works", arguments: TokenizerKindsTests.kinds)
    func mutated(kind: String) throws {
        let whole = try JSONValue(parsing: String(decoding: Reference.data("text_kinds/\(kind).json"), as: UTF8.self))
        let bytes = Array(try #require(whole["tokenizer"]?.text).utf8)
        // Most of a file is vocabulary; the steps stand before it and are changed more often.
        let head = try #require(whole["tokenizer"]?.text.flatMap { $0.range(of: "\"vocab\"") }.map { $0.lowerBound.utf16Offset(in: whole["tokenizer"]?.text ?? "") })
        var generator = Seed(17).child(kind).generator
        for round in 0..<40 {
            var changed = bytes
            for _ in 0..<generator.integer(in: 1...3) {
                let place = generator.integer(in: 0...((round % 3 == 0 ? changed.count : head) - 1))
                switch generator.integer(in: 0...3) {
                case 0: changed[place] = UInt8(generator.integer(in: 0...255))
                case 1: changed.remove(at: place)
                case 2: changed.insert(UInt8(generator.integer(in: 32...126)), at: place)
                default: changed.removeSubrange(place..<min(changed.count, place + generator.integer(in: 1...40)))
                }
            }
            let began = ownSeconds()
            do throws(TextError) {
                let tokenizer = try BPETokenizer(tokenizerJSON: changed)
                // A character may have lost its token, which is an error of the text and no defect.
                if let encoding = try? tokenizer.encodeAsLibrary("ab é\n<s>日 12 </s>") {
                    #expect(encoding.tokens.count == encoding.scalarOffsets.count)
                    _ = tokenizer.decode(encoding.tokens)
                }
            } catch { #expect(error.description.count > 20) }
            // In proportion: an unoptimised build on a busy machine takes a good part of this for a whole file.
            #expect(ownSeconds() - began < 5)
        }
    }
}

@Suite("Added tokens")
struct AddedTokenTests {
    private func tokenizer(_ added: [NaiveBPE.Added]) throws -> BPETokenizer {
        var model = NaiveBPE(spellings: NaiveBPE.alphabet.map { String($0) })
        model.added = [NaiveBPE.Added(text: "<end>", id: 256)] + added
        return try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
    }

    @Test("white space that a token takes may hold tokens that are white space themselves, as in the Python library")
    func overlapping() throws {
        // The library gave these for the same tokens.
        let tokenizer = try tokenizer([
            NaiveBPE.Added(text: " ", id: 257, isSpecial: false, takesSpaceBehind: true),
            NaiveBPE.Added(text: "<l>", id: 258, isSpecial: false, takesSpaceBefore: true, takesSpaceBehind: true),
        ])
        let first = try tokenizer.encodeWithOffsets("a    b", recognizesAddedTokens: true)
        #expect(first.tokens == [97, 257, 257, 257, 257, 98])
        #expect(first.scalarOffsets == [0..<1, 1..<5, 2..<5, 3..<5, 4..<5, 5..<6])
        let second = try tokenizer.encodeWithOffsets(" <l>  <l> c", recognizesAddedTokens: true)
        #expect(second.tokens == [257, 258, 257, 257, 258, 257, 99])
        #expect(second.scalarOffsets == [0..<1, 1..<6, 4..<6, 5..<6, 6..<10, 9..<10, 10..<11])
    }

    @Test("tokens that are not special are recognised in plain text, special ones are not, and hide what they contain")
    func plainText() throws {
        let tokenizer = try tokenizer([
            NaiveBPE.Added(text: "<call>", id: 257, isSpecial: false), NaiveBPE.Added(text: "nd>", id: 258, isSpecial: false),
        ])
        #expect(try tokenizer.encode("<call>") == [257])
        #expect(try tokenizer.encode("and>") == [97, 258])
        #expect(try tokenizer.encode("<end>") == Array("<end>".utf8).map { TokenID($0) })
        #expect(try tokenizer.encodeRecognizingAddedTokens("<end>nd>") == [256, 258])
    }
}
