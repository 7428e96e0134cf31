import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Byte-level BPE against its definition")
struct BPEDefinitionTests {
    /// Pieces of text around which word splitting, merging and offsets are delicate.
    static let parts: [String] = [
        "a", "b", "ab", "aab", "A", " ", " ", "  ", "\n", "\n\n", "\t", "\r\n", "\u{A0}", "\u{2028}", "\u{85}", "\u{3000}", "\u{B}",
        "é", "e\u{301}", "\u{301}", "日", "日本", "👍", "👨‍👩‍👧", "\u{200D}", "1", "12", "²", "½", "Ⅷ", "①", "٣", "'s",
        "'ll", "'re", "'", "'S", "’s",
        "!", "?!", "_", "-", "…", "<", ">", "<end>", "<e>", "<end", "x_", "İ", "ǅ", "ª", "\u{0}", "\u{7F}",
        "\u{AD}", "\u{FEFF}", "\u{10FFFF}",
    ]

    static func text(_ generator: inout SeededGenerator, upTo count: Int = 14) -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<generator.integer(in: 0...count) { view.append(contentsOf: (generator.element(of: parts) ?? "").unicodeScalars) }
        return String(view)
    }

    /// A random tokenizer, with several added tokens that differ in all they can differ in.
    static func model(_ generator: inout SeededGenerator, merges: Int = 60) -> NaiveBPE {
        var model = NaiveBPE.random(&generator, merges: merges, over: ["ab", " ", "é日", "1!'s"])
        model.splitsWords = generator.chance(0.7)
        model.addsPrefixSpace = generator.chance(0.4)
        model.ignoresMerges = generator.chance(0.3)
        var next = model.spellings.count
        for text in ["<end>", "<e>", "<a", "ab", "👍", "é!", "日本"] where text == "<end>" || generator.chance(0.5) {
            let known = model.spellings.firstIndex(of: text)
            model.added.append(
                NaiveBPE.Added(
                    text: text, id: known ?? next, isSpecial: text == "<end>" || generator.chance(0.5),
                    takesSpaceBefore: generator.chance(0.4), takesSpaceBehind: generator.chance(0.4), isWholeWord: generator.chance(0.4)))
            if known == nil { next += 1 }
        }
        return model
    }

    @Test(
        "tokens, byte offsets and scalar offsets are those of the definition, whatever the vocabulary and settings",
        arguments: UInt64(0)..<20)
    func encodings(seed: UInt64) throws {
        var generator = Seed(seed).child("definition").generator
        let model = Self.model(&generator)
        let tokenizer = try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
        #expect(tokenizer.vocabularySize == (model.added.map(\.id).max() ?? 0) + 1)
        for _ in 0..<30 {
            let text = Self.text(&generator)
            for recognizes in [false, true] {
                let wanted = model.encode(text, recognizesAddedTokens: recognizes)
                let found = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: recognizes)
                #expect(found.tokens == wanted.tokens, "\(text.debugDescription)")
                #expect(found.byteOffsets == wanted.bytes, "\(text.debugDescription)")
                #expect(found.scalarOffsets == wanted.scalars, "\(text.debugDescription)")
            }
            #expect(try tokenizer.encode(text) == model.encode(text, recognizesAddedTokens: false).tokens)
        }
    }

    @Test("a special token that the vocabulary and a merge spell never comes from ordinary text", arguments: UInt64(0)..<8)
    func specialMerges(seed: UInt64) throws {
        var generator = Seed(seed).child("special").generator
        var model = NaiveBPE.random(&generator, merges: 40, over: ["ab", " é"])
        // The results of some merges are declared special.
        var special: Set<Int> = []
        for _ in 0..<6 { special.insert(generator.integer(in: 256...(model.spellings.count - 1))) }
        model.ignoresMerges = generator.chance(0.5)
        model.added = special.sorted().map { NaiveBPE.Added(text: model.spellings[$0], id: $0) }
        model.added.append(NaiveBPE.Added(text: "<end>", id: model.spellings.count))
        let tokenizer = try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
        for _ in 0..<60 {
            let text = (0..<generator.integer(in: 0...9)).compactMap { _ in generator.element(of: ["a", "b", " ", "é", "ab"]) }.joined()
            let tokens = try tokenizer.encode(text)
            #expect(tokens == model.encode(text, recognizesAddedTokens: false).tokens, "\(text)")
            #expect(tokens.allSatisfy { !special.contains(Int($0)) })
            #expect(tokenizer.decode(tokens).utf8.elementsEqual(text.utf8))
        }
    }

    @Test("where only special tokens are added the byte offsets tile the text, and each token's bytes are the text's there", arguments: UInt64(0)..<8)
    func tiling(seed: UInt64) throws {
        var generator = Seed(seed).child("tiling").generator
        var model = Self.model(&generator)
        model.addsPrefixSpace = false
        model.added.removeAll { !$0.isSpecial }
        let tokenizer = try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
        for _ in 0..<60 {
            let text = Self.text(&generator)
            let bytes = Array(text.utf8)
            let encoding = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: false)
            var end = 0
            for (token, range) in zip(encoding.tokens, encoding.byteOffsets) {
                #expect(range.lowerBound == end)
                #expect(tokenizer.bytes(of: token) == Array(bytes[range]))
                end = range.upperBound
            }
            #expect(end == bytes.count)
            #expect(tokenizer.decode(encoding.tokens).utf8.elementsEqual(text.utf8))
            #expect(encoding.scalarOffsets.allSatisfy { !$0.isEmpty && $0.upperBound <= text.unicodeScalars.count })
            let firsts = encoding.scalarOffsets.map(\.lowerBound)
            #expect(firsts == firsts.sorted())
        }
    }

    @Test("words longer than 64 bytes get the tokens of the definition too", arguments: UInt64(0)..<6)
    func longWords(seed: UInt64) throws {
        var generator = Seed(seed).child("long").generator
        var model = NaiveBPE.random(&generator, merges: 30, over: ["ab"])
        model.splitsWords = seed % 2 == 0
        model.added = [NaiveBPE.Added(text: "<end>", id: model.spellings.count)]
        let tokenizer = try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
        for length in [63, 64, 65, 66, 129, 200] {
            let text = String((0..<length).map { _ in generator.chance(0.5) ? "a" : "b" })
            let wanted = model.encode(text, recognizesAddedTokens: false)
            let found = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: false)
            #expect(found.tokens == wanted.tokens)
            #expect(found.byteOffsets == wanted.bytes)
        }
    }

    @Test("merges written as pairs and as texts with a space mean the same")
    func spellingsOfMerges() throws {
        var generator = Seed(3).generator
        var model = NaiveBPE.random(&generator, merges: 50, over: ["ab é"])
        model.added = [NaiveBPE.Added(text: "<end>", id: model.spellings.count)]
        guard case .object(var root) = model.json, case .object(var inner)? = root["model"] else { return }
        let pairs = try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
        inner["merges"] = .array(model.merges.map { .string("\($0.left) \($0.right)") })
        root["model"] = .object(inner)
        let texts = try BPETokenizer(tokenizerJSON: Array(JSONValue.object(root).canonical.utf8))
        #expect(pairs.fingerprint == texts.fingerprint)
    }

    @Test("a token spelled outside the byte alphabet stands for no ordinary text, whatever its id")
    func foreignSpellings() throws {
        // A literal space and a literal “日” come before the tokens whose spellings stand for these bytes.
        var model = NaiveBPE(spellings: [" ", "日"] + NaiveBPE.alphabet.map { String($0) })
        let spelled = "日".utf8.map { String(NaiveBPE.alphabet[Int($0)]) }
        model.spellings += [spelled.joined(), spelled[0] + spelled[1]]
        model.merges = [(spelled[0], spelled[1]), (spelled[0] + spelled[1], spelled[2])]
        model.added = [NaiveBPE.Added(text: "<end>", id: model.spellings.count)]
        for ignoresMerges in [false, true] {
            model.ignoresMerges = ignoresMerges
            let tokenizer = try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
            for text in [" ", "日", " 日 日", "日日"] {
                #expect(try tokenizer.encode(text) == model.encode(text, recognizesAddedTokens: false).tokens, "\(text)")
                #expect(tokenizer.decode(try tokenizer.encode(text)) == text)
            }
            #expect(tokenizer.decode([0, 1]) == " 日")
        }
    }

    @Test("encoding takes time in proportion to the text, with and without added tokens")
    func time() throws {
        var generator = Seed(4).generator
        var model = NaiveBPE.random(&generator, merges: 60, over: ["ab <", "é"])
        for (place, text) in ["<end>", "<a>", "<ab>", "<<<", "<<<<<<<<b", "ab é", " "].enumerated() {
            model.added.append(
                NaiveBPE.Added(
                    text: text, id: model.spellings.count + place, isSpecial: place == 0, takesSpaceBefore: place % 2 == 0,
                    takesSpaceBehind: place % 3 == 0, isWholeWord: place == 5))
        }
        for splits in [true, false] {
            model.splitsWords = splits
            let tokenizer = try BPETokenizer(tokenizerJSON: Array(model.json.canonical.utf8))
            for part in ["<", "<e", "ab", "ab ", " ", "<end> ", " <a>", "<<<<<<<<a", "aab<", "é", "\n", "ba b"] {
                let text = String(repeating: part, count: 20_000 / part.utf8.count)
                let began = ownSeconds()
                let encoding = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: true)
                #expect(encoding.tokens.count == encoding.scalarOffsets.count)
                // A guard against work that grows with the square of the length, not a measure of speed.
                #expect(ownSeconds() - began < 10, "\(part)")
            }
        }
    }
}
