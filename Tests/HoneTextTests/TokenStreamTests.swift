import HoneCore
import HoneText
import Testing

/// Decodes UTF-8 as the Unicode standard recommends: each maximal part of a broken character becomes one U+FFFD.
private func naiveDecoding(_ bytes: [UInt8]) -> String {
    var out = String.UnicodeScalarView()
    var place = 0
    while place < bytes.count {
        let lead = bytes[place]
        place += 1
        if lead < 0x80 {
            out.append(Unicode.Scalar(lead))
            continue
        }
        // How many bytes follow, the first bits, and what the second byte may be (Table 3-7 of the standard).
        let shape: (count: Int, bits: UInt32, second: ClosedRange<UInt8>)? =
            switch lead {
            case 0xC2...0xDF: (1, UInt32(lead & 0x1F), 0x80...0xBF)
            case 0xE0: (2, 0, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE...0xEF: (2, UInt32(lead & 0x0F), 0x80...0xBF)
            case 0xED: (2, 0x0D, 0x80...0x9F)
            case 0xF0: (3, 0, 0x90...0xBF)
            case 0xF1...0xF3: (3, UInt32(lead & 0x07), 0x80...0xBF)
            case 0xF4: (3, 4, 0x80...0x8F)
            default: nil
            }
        guard let shape else {
            out.append("\u{FFFD}")
            continue
        }
        var code = shape.bits
        var left = shape.count
        while left > 0, place < bytes.count, (left == shape.count ? shape.second : 0x80...0xBF).contains(bytes[place]) {
            code = code << 6 | UInt32(bytes[place] & 0x3F)
            place += 1
            left -= 1
        }
        out.append(left == 0 ? Unicode.Scalar(code) ?? "\u{FFFD}" : "\u{FFFD}")
    }
    return String(out)
}

@Suite("Tokens into text, one by one")
struct TokenStreamTests {
    /// All bytes, two special tokens and a few tokens of several bytes, some of which are parts of characters.
    private func tokenizer() throws -> BPETokenizer {
        let texts = ["日本日本日本 éé 👍👍👍👍 ab ab ab", "日日 👍👍 é"]
        return try BPETrainer(vocabularySize: 285, minimumFrequency: 2).train(on: texts)
    }

    private func streamed(_ tokens: [TokenID], _ tokenizer: some Tokenizer) -> (pieces: [String], rest: String) {
        var stream = TokenStream(tokenizer)
        let pieces = tokens.map { stream.push($0) }
        return (pieces, stream.finish())
    }

    @Test("bytes in any order decode as the Unicode standard recommends, whole and one by one", arguments: UInt64(0)..<10)
    func bytesInAnyOrder(seed: UInt64) throws {
        var generator = Seed(seed).child("bytes").generator
        let tokenizer = try tokenizer()
        // Bytes at the edges of what may begin and go on characters come more often than chance would bring them.
        let edges: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0,
            0xF1, 0xF4, 0xF5, 0xFF,
        ]
        let byteTokens = try (0...255).map { byte in try #require((2..<258).first { tokenizer.bytes(of: $0) == [UInt8(byte)] }) }
        for _ in 0..<200 {
            let bytes = (0..<generator.integer(in: 0...12)).map { _ in generator.element(of: edges) ?? 0 }
            let tokens = bytes.map { byteTokens[Int($0)] }
            let wanted = naiveDecoding(bytes)
            #expect(tokenizer.decode(tokens).utf8.elementsEqual(wanted.utf8), "\(bytes)")
            let (pieces, rest) = streamed(tokens, tokenizer)
            #expect((pieces.joined() + rest).utf8.elementsEqual(wanted.utf8), "\(bytes): \(pieces)")
        }
    }

    @Test("tokens in any order, with special and unknown ones between, stream to what they decode to", arguments: UInt64(0)..<10)
    func tokensInAnyOrder(seed: UInt64) throws {
        var generator = Seed(seed).child("tokens").generator
        let tokenizer = try tokenizer()
        for _ in 0..<150 {
            let last = tokenizer.vocabularySize + 1
            let tokens = (0..<generator.integer(in: 0...20)).map { _ in TokenID(generator.integer(in: -2...last)) }
            let (pieces, rest) = streamed(tokens, tokenizer)
            #expect((pieces.joined() + rest).utf8.elementsEqual(tokenizer.decode(tokens).utf8), "\(tokens)")
            let bytes = tokens.flatMap { tokenizer.bytes(of: $0) }
            #expect(tokenizer.decode(tokens).utf8.elementsEqual(naiveDecoding(bytes).utf8))
        }
    }

    @Test("a valid text comes out whole: every piece is valid, and what is missing is less than a character", arguments: UInt64(0)..<10)
    func validTexts(seed: UInt64) throws {
        var generator = Seed(seed).child("valid").generator
        let tokenizer = try tokenizer()
        for _ in 0..<60 {
            let text = BPEDefinitionTests.text(&generator, upTo: 10)
            var stream = TokenStream(tokenizer)
            var given: [UInt8] = []
            var pushed = 0
            for token in try tokenizer.encode(text) {
                given += Array(stream.push(token).utf8)
                pushed += tokenizer.bytes(of: token).count
                #expect(text.utf8.starts(with: given))
                #expect(pushed - given.count < 4)
            }
            #expect(stream.finish().isEmpty)
            #expect(text.utf8.elementsEqual(given))
        }
    }

    @Test("a special token within a character neither breaks nor completes it")
    func specialWithinCharacter() throws {
        let tokenizer = try tokenizer()
        let bytes = Array("é".utf8).compactMap { byte in (2..<258).first { tokenizer.bytes(of: $0) == [byte] } }
        #expect(bytes.count == 2)
        let tokens = [bytes[0], 1, 0, bytes[1]]
        #expect(tokenizer.decode(tokens) == "é")
        #expect(streamed(tokens, tokenizer).pieces == ["", "", "", "é"])
    }

    @Test("a copy of a stream goes its own way, and a finished one begins anew")
    func values() throws {
        let tokenizer = try tokenizer()
        let bytes = Array("日é".utf8).compactMap { byte in (2..<258).first { tokenizer.bytes(of: $0) == [byte] } }
        var first = TokenStream(tokenizer)
        #expect(first.push(bytes[0]) == "")
        var second = first
        #expect(first.push(bytes[1]) == "" && first.push(bytes[2]) == "日")
        #expect(second.finish() == "\u{FFFD}")
        #expect(second.finish() == "")
        #expect(second.push(bytes[3]) == "" && second.push(bytes[4]) == "é")
        #expect(first.finish() == "")
    }

    @Test("how much of a broken character is held back is decided by its first two bytes", arguments: [
        ([0xE0, 0x80], "\u{FFFD}\u{FFFD}", ""), ([0xE0, 0xA0], "", "\u{FFFD}"), ([0xED, 0xA0], "\u{FFFD}\u{FFFD}", ""),
        ([0xF0, 0x8F], "\u{FFFD}\u{FFFD}", ""), ([0xF0, 0x90, 0x80], "", "\u{FFFD}"), ([0xF4, 0x90], "\u{FFFD}\u{FFFD}", ""),
        ([0xF5], "\u{FFFD}", ""), ([0xC1], "\u{FFFD}", ""), ([0xC2], "", "\u{FFFD}"), ([0x80], "\u{FFFD}", ""),
        ([0xE2, 0x82, 0x41], "\u{FFFD}A", ""), ([0xF0, 0x9F, 0x91, 0xF0], "\u{FFFD}", "\u{FFFD}"), ([0xC3, 0xC3], "\u{FFFD}", "\u{FFFD}"),
    ] as [([UInt8], String, String)])
    func heldBack(bytes: [UInt8], given: String, rest: String) throws {
        let tokenizer = try tokenizer()
        let tokens = bytes.compactMap { byte in (2..<258).first { tokenizer.bytes(of: $0) == [byte] } }
        let found = streamed(tokens, tokenizer)
        #expect(found.pieces.joined() == given)
        #expect(found.rest == rest)
    }

    @Test("the character tokenizer streams a character per token")
    func characters() throws {
        let tokenizer = CharacterTokenizer(alphabet: "aé日👍")
        let tokens = try tokenizer.encode("日aé👍")
        #expect(streamed(tokens + [1], tokenizer).pieces == ["日", "a", "é", "👍", ""])
    }
}
