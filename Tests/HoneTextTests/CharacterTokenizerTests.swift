import HoneCore
import HoneText
import Testing

@Suite("Character tokenizer")
struct CharacterTokenizerTests {
    @Test("the nano alphabet has exactly 64 entries, and padding is not the end of the text")
    func nanoSize() {
        let nano = CharacterTokenizer.nano
        #expect(nano.vocabularySize == 64)
        #expect(nano.padding == 0)
        #expect(nano.endOfText == 1)
        #expect(nano.addedTokens.map(\.text) == ["<pad>", "<end>"])
    }

    @Test("every text over the alphabet comes back, one token per scalar")
    func roundTrip() throws {
        let nano = CharacterTokenizer.nano
        var generator = Seed(1).generator
        for _ in 0..<200 {
            var text = ""
            for _ in 0..<generator.integer(in: 0...40) {
                text.unicodeScalars.append(nano.alphabet[generator.integer(in: 0...(nano.alphabet.count - 1))])
            }
            let tokens = try nano.encode(text)
            #expect(tokens.count == text.unicodeScalars.count)
            #expect(tokens.allSatisfy { $0 >= 2 && $0 < 64 })
            #expect(nano.decode(tokens).utf8.elementsEqual(text.utf8))
        }
    }

    @Test("a symbol outside the alphabet is an error that names it and its place")
    func unknownSymbol() {
        for text in ["ab\u{e9}", "abE", "ab\r\n"] {
            #expect {
                _ = try CharacterTokenizer.nano.encode(text)
            } throws: { error in
                "\(error)".contains("position 2") && "\(error)".contains("U+")
            }
        }
    }

    @Test("text is fitted to the alphabet: small letters, plain signs, spaces for the rest")
    func fitting() throws {
        let nano = CharacterTokenizer.nano
        #expect(nano.fitted("“Tom’s” 3×4 − 1…") == "\"tom's\" 3*4 - 1...")
        #expect(nano.fitted("½ 日") == "1/2  ")
        for text in ["ÀÉ ß 日本 \r\n\t \u{0} 👍", "NAÏVE"] { #expect(throws: Never.self) { try nano.encode(nano.fitted(text)) } }
    }

    @Test("composed and decomposed letters are different symbols")
    func scalars() throws {
        let tokenizer = CharacterTokenizer(alphabet: "\u{e9}e\u{301}")
        #expect(tokenizer.vocabularySize == 5)
        #expect(try tokenizer.encode("\u{e9}") == [2])
        #expect(try tokenizer.encode("e\u{301}") == [3, 4])
        #expect(tokenizer.decode([3, 4]).unicodeScalars.count == 2)
    }

    @Test("written forms of special tokens are text, unless recognition is asked for")
    func specialTokens() throws {
        let nano = CharacterTokenizer.nano
        #expect(try nano.encode("<end>").count == 5)
        let encoding = try nano.encodeWithOffsets("a<end>b", recognizesAddedTokens: true)
        #expect(encoding.tokens == [try nano.encode("a")[0], 1, try nano.encode("b")[0]])
        #expect(encoding.byteOffsets == [0..<1, 1..<6, 6..<7])
        #expect(encoding.scalarOffsets == [0..<1, 1..<6, 6..<7])
        #expect(nano.decode([1]) == "")
        #expect(nano.bytes(of: 1).isEmpty)
        #expect(nano.bytes(of: 64).isEmpty)
        #expect(nano.bytes(of: -1).isEmpty)
    }

    @Test("offsets count bytes and scalars")
    func offsets() throws {
        let encoding = try CharacterTokenizer(alphabet: "aé日").encodeWithOffsets("é日a", recognizesAddedTokens: false)
        #expect(encoding.byteOffsets == [0..<2, 2..<5, 5..<6])
        #expect(encoding.scalarOffsets == [0..<1, 1..<2, 2..<3])
    }

    @Test("what is written reads back; the fingerprint depends on the order of the alphabet")
    func file() throws {
        let nano = CharacterTokenizer.nano
        let read = try CharacterTokenizer(json: nano.json())
        #expect(read.alphabet == nano.alphabet)
        #expect(read.fingerprint == nano.fingerprint)
        #expect(CharacterTokenizer(alphabet: "ab").fingerprint != CharacterTokenizer(alphabet: "ba").fingerprint)
        #expect(throws: TextError.self) { try CharacterTokenizer(json: .object([:])) }
    }

    @Test("encoding and decoding take time in proportion to the text")
    func speed() throws {
        let text = String(repeating: "3+4=7\n", count: 20_000)
        var count = 0
        let began = ownSeconds()
        count = try CharacterTokenizer.nano.encode(text).count
        #expect(count == 120_000)
        // Work that grew with the square of the length would take minutes.
        #expect(ownSeconds() - began < 20)
    }
}
