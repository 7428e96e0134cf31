import Foundation
import HoneCore
import HoneText
import Testing

@Suite("The JSON of tokenizer files")
struct TokenizerJSONTests {
    @Test("what is broken is told with its line, its column and what was expected", arguments: [
        ("", 1, 1, "the text ends where a value is expected"), ("[1,\n 2,\n]", 3, 1, "expected a value"),
        ("{\"a\" 1}", 1, 6, "expected a colon"),
        ("{\"a\":1 \"b\":2}", 1, 8, "expected a comma or a closing brace"), ("[1 2]", 1, 4, "expected a comma or a closing bracket"),
        ("{a:1}", 1, 2, "expected a key in quotes"), ("{\"é\":1,\n\"日\" 1}", 2, 5, "expected a colon"), ("tru", 1, 1, "expected true"),
        ("nul", 1, 1, "expected null"), ("falsE", 1, 1, "expected false"), ("01", 1, 3, "expected a value"),
        ("-", 1, 2, "expected a value"),
        ("1.", 1, 3, "expected digits after the decimal point"), ("1e+", 1, 4, "expected digits in the exponent"),
        ("1e999", 1, 6, "out of range"), ("\"a", 1, 3, "no closing quote"), ("\"\\", 1, 3, "no closing quote"),
        ("\"\\q\"", 1, 4, "unknown escape"),
        ("\"\\u12G4\"", 1, 6, "four hexadecimal digits"), ("\"\\udc00\"", 1, 8, "no partner"), ("\"\\ud800\\u0041\"", 1, 14, "no partner"),
        ("\"\n\"", 2, 1, "control character"), ("{} {}", 1, 4, "text after the value"),
        ("+1", 1, 1, "expected a value"), (".5", 1, 1, "expected a value"),
        ("NaN", 1, 1, "expected a value"), ("[\"a\",]", 1, 6, "expected a value"),
        ("{\"a\":1,}", 1, 8, "expected a key"), ("'a'", 1, 1, "expected a value"),
    ])
    func places(text: String, line: Int, column: Int, words: String) {
        #expect {
            _ = try BPETokenizer(tokenizerJSON: Array(text.utf8))
        } throws: { error in
            let sentence = "\(error)"
            return sentence.hasPrefix("The JSON text is malformed at line \(line), column \(column): ") && sentence.contains(words)
        }
    }

    @Test("texts that are not UTF-8 are refused where they begin", arguments: [
        [0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0x80],
    ])
    func notUnicode(bytes: [UInt8]) {
        #expect(throws: TextError("The JSON text is malformed at line 1, column 3: the string is not valid UTF-8")) {
            try BPETokenizer(tokenizerJSON: Array("[\"".utf8) + bytes + Array("\"]".utf8))
        }
    }

    @Test("it is refused as malformed just when Foundation's reader refuses it", arguments: UInt64(0)..<8)
    func likeFoundation(seed: UInt64) {
        var generator = Seed(seed).child("json").generator
        let parts = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\n\"", "\"\\u00e9\"", "1", "-0", "2.5", "1e3", "true",
            "false", "null", " ", "\n", "01", "-", "tru",
            "{\"a\":1}", "[1,2]", "{\"b\":[]}", "\"", "\\",
        ]
        for _ in 0..<400 {
            let text = (0..<generator.integer(in: 1...7)).compactMap { _ in generator.element(of: parts) }.joined()
            let isValid = (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
            do throws(TextError) {
                _ = try BPETokenizer(tokenizerJSON: Array(text.utf8))
                Issue.record("\(text) is no tokenizer")
            } catch {
                let isMalformed = error.description.contains("malformed")
                // A repeated key is valid JSON, and refused because one of the two values would be lost.
                #expect(isMalformed != isValid || error.description.contains("is repeated"), "\(text.debugDescription): \(error)")
            }
        }
    }
}
