import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Tokenizers of the kinds that models in use have")
struct TokenizerKindsTests {
    static let kinds = [
        "gpt2", "gpt2-prefix", "qwen2", "qwen-marks", "llama3", "tiktoken", "wide", "smollm", "deepseek", "neox", "splits", "llama2",
        "llama2-metaspace", "gemma", "unknowns", "unfused",
    ]

    private func fixture(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: String(decoding: Reference.data("text_kinds/\(name).json"), as: UTF8.self))
    }

    private func tokenizer(_ fixture: JSONValue) throws -> BPETokenizer {
        try BPETokenizer(tokenizerJSON: Array(try #require(fixture["tokenizer"]?.text).utf8))
    }

    /// Ids, offsets and decoding as the reference script spells them.
    private func spelled(_ text: String, _ tokenizer: BPETokenizer) throws -> (ids: String, offsets: String, decoded: String) {
        let framed = try tokenizer.encodeAsLibrary(text)
        let plain = try tokenizer.encodeRecognizingAddedTokens(text)
        return (
            framed.tokens.map(String.init).joined(separator: " "),
            framed.scalarOffsets.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " "), tokenizer.decode(plain)
        )
    }

    private func same(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    @Test("ids, offsets and decoding of chosen texts are those of the Python library", arguments: kinds)
    func chosen(kind: String) throws {
        let fixture = try fixture(kind)
        let tokenizer = try tokenizer(fixture)
        let cases = try #require(fixture["cases"]?.elements)
        #expect(cases.count > 50)
        for entry in cases {
            let parts = entry.elements?.compactMap(\.text) ?? []
            let (ids, offsets, decoded) = try spelled(parts[0], tokenizer)
            #expect(ids == parts[1], "\(parts[0].debugDescription)")
            #expect(offsets == parts[2], "\(parts[0].debugDescription)")
            #expect(same(decoded, parts[3]), "\(parts[0].debugDescription): \(decoded.debugDescription) is not \(parts[3].debugDescription)")
        }
    }

    @Test("ids, offsets and decoding of 1500 fuzzed texts have the digests of the Python library", arguments: kinds)
    func fuzzed(kind: String) throws {
        let fixture = try fixture(kind)
        let tokenizer = try tokenizer(fixture)
        let texts = try #require(try self.fixture("fuzzed").elements).compactMap(\.text)
        let digests = Array(try #require(fixture["digests"]?.text))
        #expect(texts.count == 1500 && digests.count == 8 * texts.count)
        for (index, text) in texts.enumerated() {
            let (ids, offsets, decoded) = try spelled(text, tokenizer)
            let digest = SHA256.hex("\(ids)|\(offsets)|\(decoded)").prefix(8)
            #expect(digest == String(digests[(8 * index)..<(8 * index + 8)]), "\(text.debugDescription)")
        }
    }

    @Test("tokens in any order decode to the text of the Python library, whole and one by one", arguments: kinds)
    func decodings(kind: String) throws {
        let fixture = try fixture(kind)
        let tokenizer = try tokenizer(fixture)
        for entry in try #require(fixture["decodings"]?.elements) {
            let pair = try #require(entry.elements)
            let ids = try #require(pair[0].elements).compactMap(\.int).map { TokenID($0) }
            let wanted = try #require(pair[1].text)
            #expect(same(tokenizer.decode(ids), wanted), "\(ids)")
            var stream = TokenStream(tokenizer)
            let streamed = ids.map { stream.push($0) }.joined() + stream.finish()
            #expect(same(streamed, wanted), "\(ids)")
            #expect(ids.map { stream.push($0) }.joined() + stream.finish() == streamed, "a stream that is finished begins anew")
        }
    }

    @Test("what is written reads back to the same tokenizer, and the file's own bytes are kept", arguments: kinds)
    func written(kind: String) throws {
        let fixture = try fixture(kind)
        let read = try tokenizer(fixture)
        #expect(try read.fileBytes() == Array(try #require(fixture["tokenizer"]?.text).utf8))
        let again = try BPETokenizer(tokenizerJSON: Array(read.json().canonical.utf8))
        #expect(again.fingerprint == read.fingerprint && again.addedTokens == read.addedTokens && again.template == read.template)
        for entry in try #require(fixture["cases"]?.elements) {
            let text = try #require(entry.elements?.first?.text)
            #expect(try spelled(text, again) == spelled(text, read), "\(text.debugDescription)")
        }
    }

    @Test("positions do not change what is encoded", arguments: kinds)
    func withoutOffsets(kind: String) throws {
        let tokenizer = try tokenizer(try fixture(kind))
        for text in try #require(try fixture("fuzzed").elements).prefix(300).compactMap(\.text) {
            #expect(try tokenizer.encodeRecognizingAddedTokens(text) == tokenizer.encodeWithOffsets(text, recognizesAddedTokens: true).tokens)
            let plain = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: false)
            #expect(try tokenizer.encode(text) == plain.tokens)
            #expect(plain.byteOffsets.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= text.utf8.count })
        }
    }

    /// `python Tests/References/text_kinds.py dump DIR COUNT SEED` makes the folder.
    @Test("the texts of a folder get what the Python library gives", .enabled(if: ProcessInfo.processInfo.environment["HONE_TOKENIZER_LINES"] != nil), arguments: kinds)
    func longCheck(kind: String) throws {
        let folder = ProcessInfo.processInfo.environment["HONE_TOKENIZER_LINES"] ?? ""
        let tokenizer = try BPETokenizer(contentsOf: URL(fileURLWithPath: "\(folder)/\(kind).json"))
        let lines = try String(contentsOfFile: "\(folder)/\(kind).lines", encoding: .utf8).split(separator: "\n")
        var differing = 0
        for line in lines {
            let entry = try JSONValue(parsing: String(line))
            let text = try #require(entry["text"]?.text)
            let framed = try tokenizer.encodeAsLibrary(text)
            let decoded = tokenizer.decode(try tokenizer.encodeRecognizingAddedTokens(text))
            let offsets = framed.scalarOffsets.map { JSONValue.array([.integer($0.lowerBound), .integer($0.upperBound)]) }
            let isEqual = .array(framed.tokens.map { .integer(Int($0)) }) == entry["ids"] && .array(offsets) == entry["offsets"]
                && same(decoded, entry["decoded"]?.text ?? "")
            if !isEqual {
                differing += 1
                if differing <= 3 { Issue.record("\(text.debugDescription): \(framed.tokens) \(framed.scalarOffsets) \(decoded.debugDescription), not \(line)") }
            }
        }
        #expect(differing == 0)
        print("\(kind): \(lines.count) texts compared")
    }
}
