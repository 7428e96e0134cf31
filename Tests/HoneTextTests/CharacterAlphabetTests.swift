import HoneCore
import HoneText
import Testing

@Suite("Alphabets of character tokenizers")
struct CharacterAlphabetTests {
    static let symbols: [Unicode.Scalar] = [
        "a", "b", "z", "A", "0", "9", " ", "\n", "\t", "<", ">", "e", "n", "d", "p", "é", "\u{301}", "ß", "İ", "日",
        "👍", "\u{200D}", "\u{0}", "\u{7F}", "½", "−",
        "'", "’", "Å", "\u{212B}", "\u{AD}", "\u{10FFFF}",
    ]

    /// A random alphabet, some of whose symbols come twice.
    private func alphabet(_ generator: inout SeededGenerator) -> String {
        let chosen = generator.shuffled(Self.symbols).prefix(generator.integer(in: 0...Self.symbols.count))
        return String(String.UnicodeScalarView(Array(chosen) + chosen.prefix(3)))
    }

    private func text(_ alphabet: [Unicode.Scalar], _ generator: inout SeededGenerator) -> String {
        String(String.UnicodeScalarView((0..<generator.integer(in: 0...20)).compactMap { _ in generator.element(of: alphabet) }))
    }

    @Test("a token is the place of its symbol's first occurrence, after the two special tokens", arguments: UInt64(0)..<10)
    func places(seed: UInt64) throws {
        var generator = Seed(seed).child("alphabet").generator
        let given = alphabet(&generator)
        let tokenizer = CharacterTokenizer(alphabet: given)
        var wanted: [Unicode.Scalar] = []
        for scalar in given.unicodeScalars where !wanted.contains(scalar) { wanted.append(scalar) }
        #expect(tokenizer.alphabet == wanted)
        #expect(tokenizer.vocabularySize == wanted.count + 2)
        for _ in 0..<20 {
            let text = text(wanted, &generator)
            let encoding = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: false)
            #expect(encoding.tokens == text.unicodeScalars.compactMap { wanted.firstIndex(of: $0).map { TokenID($0 + 2) } })
            #expect(try tokenizer.encode(text) == encoding.tokens)
            #expect(encoding.scalarOffsets == text.unicodeScalars.indices.enumerated().map { $0.offset..<($0.offset + 1) })
            let covered = encoding.byteOffsets.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self).unicodeScalars.map { $0 } }
            #expect(covered == text.unicodeScalars.map { [$0] })
            #expect(tokenizer.decode(encoding.tokens).utf8.elementsEqual(text.utf8))
        }
    }

    @Test("fitted text can be encoded, and fitting it again changes nothing", arguments: UInt64(0)..<10)
    func fitting(seed: UInt64) throws {
        var generator = Seed(seed).child("fit").generator
        let tokenizer = CharacterTokenizer(alphabet: alphabet(&generator))
        for _ in 0..<30 {
            let fitted = tokenizer.fitted(BPEDefinitionTests.text(&generator))
            #expect(throws: Never.self) { try tokenizer.encode(fitted) }
            #expect(tokenizer.fitted(fitted).utf8.elementsEqual(fitted.utf8))
        }
        let inside = text(tokenizer.alphabet, &generator)
        #expect(tokenizer.fitted(inside).utf8.elementsEqual(inside.utf8))
    }

    @Test("without a space in the alphabet, what cannot be fitted is left out", arguments: [
        ("abc", "a?b c", "abc"), ("abc", "ABC", "abc"), ("", "abc", ""), ("a1/2", "½a", "1/2a"), ("ss", "ß", ""),
        ("i\u{307}", "İ", "i\u{307}"), ("caf e", "CAFÉ café", "cafe cafe"),
        ("cafeé", "CAFÉ", "café"), (". ", "…?", "... "),
    ])
    func fittingWithoutSpace(alphabet: String, text: String, fitted: String) {
        #expect(CharacterTokenizer(alphabet: alphabet).fitted(text).utf8.elementsEqual(fitted.utf8))
    }

    @Test("a file of an alphabet reads back, unless composition would lose a symbol", arguments: UInt64(0)..<12)
    func files(seed: UInt64) throws {
        var generator = Seed(seed).child("file").generator
        let tokenizer = CharacterTokenizer(alphabet: alphabet(&generator))
        let isAmbiguous = tokenizer.alphabet.contains("Å") && tokenizer.alphabet.contains("\u{212B}")
        if isAmbiguous {
            #expect(throws: TextError("The alphabet holds symbols in composed and decomposed form, which this format cannot keep apart")) {
                try tokenizer.json()
            }
        } else {
            let again = try CharacterTokenizer(json: JSONValue(parsing: tokenizer.json().canonical))
            #expect(again.alphabet == tokenizer.alphabet)
            #expect(again.fingerprint == tokenizer.fingerprint)
        }
        #expect(tokenizer.fingerprint.count == 64)
        let longer = CharacterTokenizer(alphabet: String(String.UnicodeScalarView(tokenizer.alphabet + ["ж"])))
        #expect(longer.fingerprint != tokenizer.fingerprint)
    }

    @Test("alphabets that no file keeps apart still have different fingerprints")
    func ambiguousFingerprints() {
        let prints = ["Å\u{212B}", "\u{212B}Å", "Å\u{212B}a", "aÅ\u{212B}"].map { CharacterTokenizer(alphabet: $0).fingerprint }
        #expect(Set(prints).count == prints.count)
    }

    private static let file = #"{"model":{"type":"BPE","merges":[],"vocab":{"<pad>":0,"<end>":1,"a":2,"b":3}}}"#

    @Test("files of another make are refused with what was expected", arguments: [
        ("BPE", "WordPiece", "a BPE model without merges was expected"),
        (#""merges":[]"#, #""merges":["a b"]"#, "a BPE model without merges was expected"),
        (#""merges":[],"#, "", "a BPE model without merges was expected"),
        ("{\"<pad>\":0,\"<end>\":1,\"a\":2,\"b\":3}", "[]", "without merges was expected"),
        ("\"b\":3", "\"b\":4", "the ids 0 to 3 were expected, but none is 3"),
        ("\"b\":3", "\"b\":2", "the ids 0 to 3 were expected, but none is 3"),
        ("\"b\":3", "\"b\":\"3\"", "the ids 0 to 3 were expected, but none is 0"),
        ("\"b\":3", "\"bc\":3", "tokens of one character were expected"),
        ("\"b\":3", "\"\":3", "tokens of one character were expected"), ("<pad>", "<unk>", "tokens of one character were expected"),
        ("\"<pad>\":0,\"<end>\":1", "\"<end>\":0,\"<pad>\":1", "tokens of one character were expected"),
        ("\"b\":3", "\"b\":-1", "but none is 0"),
    ])
    func refusals(part: String, other: String, words: String) throws {
        #expect(try CharacterTokenizer(json: JSONValue(parsing: Self.file)).alphabet == ["a", "b"])
        let changed = try JSONValue(parsing: Self.file.replacing(part, with: other))
        #expect {
            _ = try CharacterTokenizer(json: changed)
        } throws: { error in
            "\(error)".hasPrefix("This tokenizer.json is not a character-level one: ") && "\(error)".contains(words)
        }
    }

    @Test("a symbol outside the alphabet is named with its code, its place and the text's beginning")
    func missing() throws {
        let long = String(repeating: "a", count: 60) + "É" + "b"
        let sentence =
            "Character “É” (U+C9) at position 60 of “\(String(repeating: "a", count: 40))” is not in the model's alphabet of 2 characters; "
            + "use a model with another tokenizer, or other text"
        let tokenizer = CharacterTokenizer(alphabet: "ab")
        #expect(throws: TextError(sentence)) { try tokenizer.encode(long) }
        #expect(throws: TextError(sentence)) { try tokenizer.encodeWithOffsets(long, recognizesAddedTokens: true) }
        #expect {
            _ = try tokenizer.encodeWithOffsets("ab<end>a?", recognizesAddedTokens: true)
        } throws: { error in
            "\(error)".contains("“?” (U+3F) at position 8 of")
        }
    }

    @Test("recognised special tokens split the text at their longest written form", arguments: [
        ("<pad><end>", [0, 1]), ("a<end", nil), ("<<end>", nil), ("a<pad>b", [2, 0, 3]), ("<end><end>a", [1, 1, 2]), ("", []),
    ] as [(String, [TokenID]?)])
    func recognition(text: String, tokens: [TokenID]?) throws {
        let tokenizer = CharacterTokenizer(alphabet: "ab")
        if let tokens {
            #expect(try tokenizer.encodeRecognizingAddedTokens(text) == tokens)
        } else {
            #expect(throws: TextError.self) { try tokenizer.encodeRecognizingAddedTokens(text) }
        }
    }
}
