import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Byte-level BPE")
struct ByteLevelBPETests {
    /// One text with what the Python library makes of it.
    private struct Case: Decodable {
        var text: String
        var ids: [TokenID]
        var decoded: String?
        var offsets: [[Int]]?
    }

    private struct Decoding: Decodable {
        var ids: [TokenID]
        var text: String
    }

    private struct Fixture: Decodable {
        var tokenizer: String
        var cases: [Case]
        var corpus: [String]?
        var decodings: [Decoding]?
    }

    private func fixture() throws -> Fixture { try JSONDecoder().decode(Fixture.self, from: Reference.data("text_bpe_cases.json")) }

    private func same(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    private func compare(_ tokenizer: BPETokenizer, _ cases: [Case]) throws {
        for entry in cases {
            let encoding = try tokenizer.encodeWithOffsets(entry.text, recognizesAddedTokens: true)
            #expect(encoding.tokens == entry.ids, "\(entry.text.debugDescription)")
            #expect(same(tokenizer.decode(entry.ids), entry.decoded ?? entry.text), "\(entry.text.debugDescription)")
            if let offsets = entry.offsets {
                #expect(encoding.scalarOffsets.map { [$0.lowerBound, $0.upperBound] } == offsets, "\(entry.text.debugDescription)")
            }
        }
    }

    @Test("a file written by the Python library is read, and every text gets the ids, offsets and decoding of that library")
    func equalsPythonLibrary() throws {
        let fixture = try fixture()
        #expect(fixture.cases.count > 2000)
        try compare(BPETokenizer(tokenizerJSON: Array(fixture.tokenizer.utf8)), fixture.cases)
    }

    @Test(
        "prefix space, merges in the old spelling, no word splitting, whole words first, and added tokens are read as the library does",
        arguments: ["prefix", "whole", "added"])
    func variants(name: String) throws {
        let all = try JSONDecoder().decode([String: Fixture].self, from: Reference.data("text_bpe_variants.json"))
        let fixture = try #require(all[name])
        try compare(BPETokenizer(tokenizerJSON: Array(fixture.tokenizer.utf8)), fixture.cases)
    }

    @Test("training on the same texts gives the vocabulary and merges of the Python library")
    func trainingEqualsPythonLibrary() throws {
        let fixture = try fixture()
        let reference = try BPETokenizer(tokenizerJSON: Array(fixture.tokenizer.utf8))
        let trained = try BPETrainer(vocabularySize: 600).train(on: try #require(fixture.corpus))
        #expect(trained.vocabularySize == 600)
        #expect(try trained.json() == reference.json())
        #expect(trained.fingerprint == reference.fingerprint)
        let folder = ProcessInfo.processInfo.environment["HONE_WRITTEN_TOKENIZERS"]
        if let folder {
            try Data(trained.json().canonical.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("bpe.json"))
            let nano = try CharacterTokenizer.nano.json().canonical
            try Data(nano.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("nano.json"))
        }
    }

    @Test("what is written reads back to the same tokenizer")
    func roundTripOfFile() throws {
        let trainer = BPETrainer(vocabularySize: 300, specialTokens: ["<pad>", "<end>", "<user>"])
        let trained = try trainer.train(on: ["low lower lowest low low"])
        let read = try BPETokenizer(tokenizerJSON: Array(trained.json().canonical.utf8))
        #expect(read.fingerprint == trained.fingerprint)
        #expect(read.addedTokens == trained.addedTokens)
        #expect(read.endOfText == 1)
        #expect(read.padding == 0)
        #expect(read.id(ofAdded: "<user>") == 2)
        #expect(try read.encode("lowest low") == trained.encode("lowest low"))
    }

    @Test("the most frequent pair becomes the first token; ties go to the lowest ids")
    func mergesByHand() throws {
        // “ab” occurs three times, “bc” twice and “ca” once: first ab; then abc, which occurs twice.
        let trained = try BPETrainer(vocabularySize: 260, minimumFrequency: 1).train(on: ["abcab", "abc"])
        let first = trained.bytes(of: 258)
        let second = trained.bytes(of: 259)
        #expect(first == Array("ab".utf8))
        #expect(second == Array("abc".utf8))
        #expect(try trained.encode("abcab") == [259, 258])
        // x y and z w occur equally often; the bytes of x and y have lower ids than z.
        let tied = try BPETrainer(vocabularySize: 259, minimumFrequency: 1).train(on: ["zw", "xy"])
        #expect(tied.bytes(of: 258) == Array("xy".utf8))
    }

    @Test("no pair below the minimum frequency becomes a token")
    func minimumFrequency() throws {
        #expect(try BPETrainer(vocabularySize: 400, minimumFrequency: 3).train(on: ["ab ab cd"]).vocabularySize == 258)
    }

    @Test("any bytes of any text come back")
    func roundTripOfText() throws {
        let tokenizer = try BPETrainer(vocabularySize: 280).train(on: ["hello hello hello world world"])
        for text in ["", "a\r\nb", "cafe\u{301} café", "\u{0}\u{1}", "👨‍👩‍👧‍👦", "नमस्ते", String(repeating: "hello", count: 60)] {
            #expect(same(tokenizer.decode(try tokenizer.encode(text)), text))
        }
    }

    @Test("composed and decomposed letters get different tokens")
    func canonicalEquivalents() throws {
        let tokenizer = try BPETrainer(vocabularySize: 258).train(on: [String]())
        #expect(try tokenizer.encode("\u{e9}") != tokenizer.encode("e\u{301}"))
        #expect(try tokenizer.encode("\r\n").count == 2)
    }

    @Test("the written form of a special token in plain text stays text, unless recognition is asked for")
    func specialTokensInText() throws {
        let tokenizer = try BPETrainer(vocabularySize: 258).train(on: [String]())
        #expect(try tokenizer.encode("<end>").count == 5)
        #expect(try tokenizer.encodeRecognizingAddedTokens("a<end>") == [tokenizer.encode("a")[0], 1])
        #expect(tokenizer.decode([1, 0]) == "")
    }

    @Test("merging a long word by queue equals merging it pair by pair")
    func longWords() throws {
        let fixture = try fixture()
        let tokenizer = try BPETokenizer(tokenizerJSON: Array(fixture.tokenizer.utf8))
        var generator = Seed(9).generator
        for _ in 0..<20 {
            // Letters of a word are merged within the word only, so a word of 65 letters goes through the queue.
            let letters = (0..<70).map { _ in String(["t", "h", "e", "o", "a"][generator.integer(in: 0...4)]) }.joined()
            #expect(try tokenizer.encode(letters) == slow(letters, tokenizer))
        }
        let long = String(repeating: "the", count: 20_000)
        let began = ownSeconds()
        let count = try tokenizer.encode(long).count
        #expect(count < 60_000)
        #expect(ownSeconds() - began < 20)
    }

    /// Merges as the definition says: among all neighbours the pair of the lowest rank, the leftmost first.
    private func slow(_ word: String, _ tokenizer: BPETokenizer) throws -> [TokenID] {
        let merges = try #require(tokenizer.json()["model"]?["merges"]?.elements).map { $0.elements?.compactMap(\.text) ?? [] }
        let vocabulary = try #require(tokenizer.json()["model"]?["vocab"])
        var ranks: [[String]: Int] = [:]
        for (rank, merge) in merges.enumerated() { ranks[merge] = rank }
        var parts = word.map { String($0) }
        while let best = (0..<max(0, parts.count - 1)).compactMap({ i in ranks[[parts[i], parts[i + 1]]].map { ($0, i) } }).min(by: <) {
            parts.replaceSubrange(best.1...(best.1 + 1), with: [parts[best.1] + parts[best.1 + 1]])
        }
        return parts.compactMap { vocabulary[$0]?.int.map { TokenID($0) } }
    }

    @Test("tokens in any order decode to the text of the Python library, as a whole and as a stream")
    func decodingOfRandomTokens() throws {
        let fixture = try fixture()
        let tokenizer = try BPETokenizer(tokenizerJSON: Array(fixture.tokenizer.utf8))
        for entry in try #require(fixture.decodings) {
            #expect(same(tokenizer.decode(entry.ids), entry.text), "\(entry.ids)")
            var stream = TokenStream(tokenizer)
            var streamed = ""
            for id in entry.ids { streamed += stream.push(id) }
            streamed += stream.finish()
            #expect(same(streamed, entry.text), "\(entry.ids)")
        }
    }

    @Test("a stream never gives out half a character")
    func streaming() throws {
        let tokenizer = try BPETrainer(vocabularySize: 258).train(on: [String]())
        var stream = TokenStream(tokenizer)
        let pieces = try tokenizer.encode("aé👍").map { stream.push($0) }
        #expect(pieces == ["a", "", "é", "", "", "", "👍"])
        #expect(stream.finish() == "")
        var cut = TokenStream(tokenizer)
        for id in try tokenizer.encode("👍").prefix(3) { #expect(cut.push(id) == "") }
        #expect(cut.finish() == "\u{FFFD}")
    }

    @Test(
        "kinds of tokenizer that are not supported are refused by name",
        arguments: [
            (#"{"model": {"type": "WordPiece", "vocab": {}}}"#, "WordPiece"), (#"{"model": {"type": "Unigram", "vocab": []}}"#, "Unigram"),
            (#"{"model": {"type": "BPE", "vocab": {}, "merges": []}, "pre_tokenizer": {"type": "Split"}}"#, "Split"),
            (#"{"model": {"type": "BPE", "vocab": {}, "merges": []}, "normalizer": {"type": "Nmt"}}"#, "Nmt"),
            (#"{"model": {"type": "BPE", "byte_fallback": true, "vocab": {}, "merges": []}}"#, "No special token ends a text"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "pre_tokenizer": {"type": "ByteLevel"}}"#, "256"),
            (#"{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}, "pre_tokenizer": {"type": "ByteLevel"}}"#, "no id"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}, "pre_tokenizer": {"type": "ByteLevel"}}"#, "Two tokens"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}, "pre_tokenizer": {"type": "ByteLevel"}}"#, "Merge 0"),
            ("{", "line 1"), ("", "line 1"), (#"{"a": 1, "a": 2}"#, "repeated"), ("{\"a\":\n \"\u{1}\"}", "line 2"),
            (#"{"a": "\ud800"}"#, "surrogate"),
            ("{}", "model"), (#"[01]"#, "line 1"), (String(repeating: "[", count: 1000), "nested"),
        ])
    func refusals(file: String, word: String) {
        #expect {
            _ = try BPETokenizer(tokenizerJSON: Array(file.utf8))
        } throws: { error in
            "\(error)".contains(word)
        }
    }

    @Test("a file that does not exist is named in the error")
    func missingFile() {
        #expect {
            _ = try BPETokenizer(contentsOf: URL(fileURLWithPath: "/nonexistent/tokenizer.json"))
        } throws: { error in
            "\(error)".contains("/nonexistent/tokenizer.json")
        }
    }

    @Test("a vocabulary without room for the bytes is refused")
    func tooSmall() {
        #expect(throws: TextError.self) { try BPETrainer(vocabularySize: 257).train(on: ["a"]) }
        #expect(throws: TextError.self) { try BPETrainer(vocabularySize: 300, specialTokens: ["<end>", "<end>"]).train(on: ["a"]) }
        #expect(throws: TextError.self) { try BPETrainer(vocabularySize: 300, specialTokens: ["<stop>"]).train(on: ["a"]) }
    }
}
