import HoneCore
import HoneText
import Testing

@Suite("Tokens around a text")
struct TokenTemplateTests {
    /// A tokenizer of the bytes with `<s>`, `</s>` and `<mask>` and this post-processor.
    private func tokenizer(_ postProcessor: String) throws -> BPETokenizer {
        var model = NaiveBPE(spellings: NaiveBPE.alphabet.map { String($0) })
        model.added = ["<s>", "</s>", "<mask>"].enumerated().map { NaiveBPE.Added(text: $1, id: 256 + $0) }
        guard case .object(var root) = model.json else { return try BPETokenizer(tokenizerJSON: []) }
        root["post_processor"] = try JSONValue(parsing: postProcessor)
        return try BPETokenizer(tokenizerJSON: Array(JSONValue.object(root).canonical.utf8))
    }

    private static func template(
        _ single: String, _ pair: String, _ tokens: String = #"{"<s>":{"ids":[256]},"</s>":{"ids":[257]}}"#) -> String {
        func list(_ names: String) -> String {
            names.split(separator: " ").map { name in
                name == "A" || name == "B" ? #"{"Sequence":{"id":"\#(name)"}}"# : #"{"SpecialToken":{"id":"\#(name)"}}"#
            }.joined(separator: ",")
        }
        return #"{"type":"TemplateProcessing","single":[\#(list(single))],"pair":[\#(list(pair))],"special_tokens":\#(tokens)}"#
    }

    /// Post-processors with what they make of “a” and of “a”, “b”: 256 is `<s>` and 257 is `</s>`.
    static let understood: [(String, [TokenID], [TokenID])] = [
        ("null", [97], [97, 98]), (#"{"type":"ByteLevel"}"#, [97], [97, 98]),
        (#"{"type":"BertProcessing","cls":["<s>",256],"sep":["</s>",257]}"#, [256, 97, 257], [256, 97, 257, 98, 257]),
        (#"{"type":"RobertaProcessing","cls":["<s>",256],"sep":["</s>",257]}"#, [256, 97, 257], [256, 97, 257, 257, 98, 257]),
        (template("<s> A", "<s> A <s> B"), [256, 97], [256, 97, 256, 98]), (template("A </s>", "A B </s>"), [97, 257], [97, 98, 257]),
        (template("A", "B A"), [97], [98, 97]), (template("<s> <s> A", "A B"), [256, 256, 97], [97, 98]),
        (template("x A", "A x B", #"{"x":{"ids":[256,258]}}"#), [256, 258, 97], [97, 256, 258, 98]),
        (#"{"type":"Sequence","processors":[]}"#, [97], [97, 98]),
        (#"{"type":"Sequence","processors":[{"type":"ByteLevel"},\#(template("<s> A", "A B"))]}"#, [256, 97], [97, 98]),
        (#"{"type":"Sequence","processors":[\#(template("A", "A B")),{"type":"ByteLevel"}]}"#, [97], [97, 98]),
    ]

    @Test("post-processors that are understood put their tokens where they say", arguments: 0..<understood.count)
    func applied(number: Int) throws {
        let (text, single, pair) = Self.understood[number]
        let tokenizer = try tokenizer(text)
        let ids = try ["a", "b"].map { try tokenizer.encode($0)[0] }
        func named(_ tokens: [TokenID]) -> [TokenID] { tokens.map { $0 == 97 ? ids[0] : $0 == 98 ? ids[1] : $0 } }
        #expect(try tokenizer.encode("a", addSpecialTokens: true) == named(single))
        #expect(try tokenizer.encode("a", addSpecialTokens: false) == [ids[0]])
        #expect(try tokenizer.encode(pair: "a", "b") == named(pair))
        #expect(tokenizer.template.applied(to: [1, 2], and: []) == tokenizer.template.applied(to: [1, 2], and: [9]).filter { $0 != 9 })
        #expect(tokenizer.decode(try tokenizer.encode("aé日", addSpecialTokens: true)) == "aé日")
    }

    @Test("templates are written so that reading them gives them again", arguments: 0..<understood.count)
    func written(number: Int) throws {
        let tokenizer = try tokenizer(Self.understood[number].0)
        let again = try BPETokenizer(tokenizerJSON: Array(tokenizer.json().canonical.utf8))
        #expect(again.template == tokenizer.template)
        #expect(again.offsetTrimming == tokenizer.offsetTrimming)
        #expect(try tokenizer.json()["post_processor"] == .null || tokenizer.template != .plain || tokenizer.offsetTrimming != nil)
    }

    @Test("tokens of the template cover nothing, and the others what they cover without it", arguments: 0..<understood.count)
    func offsets(number: Int) throws {
        let tokenizer = try tokenizer(Self.understood[number].0)
        for text in ["", "a", "é日", "a<s>b"] {
            for recognizes in [false, true] {
                let plain = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: recognizes, addSpecialTokens: false)
                let full = try tokenizer.encodeWithOffsets(text, recognizesAddedTokens: recognizes, addSpecialTokens: true)
                #expect(full.tokens == tokenizer.template.applied(to: plain.tokens))
                #expect(full.byteOffsets.filter { !$0.isEmpty } == plain.byteOffsets)
                #expect(full.scalarOffsets.filter { !$0.isEmpty } == plain.scalarOffsets)
                let around = full.tokens.count - plain.tokens.count
                #expect(full.byteOffsets.count { $0 == 0..<0 } == around && full.scalarOffsets.count { $0 == 0..<0 } == around)
            }
        }
    }

    static let refused: [(String, String)] = [
        (#"{"type":"Split"}"#, "needs a post-processor of type Split, which is not supported; TemplateProcessing, BertProcessing"),
        ("{}", "a post-processor of type unknown"), ("[]", "a post-processor of type unknown"), ("7", "a post-processor of type unknown"),
        (#"{"type":"BertProcessing"}"#, "has no “cls” with a token and its id"),
        (#"{"type":"BertProcessing","cls":["<s>",256]}"#, "has no “sep” with a token and its id"),
        (#"{"type":"RobertaProcessing","cls":["<s>"],"sep":["</s>",257]}"#, "has no “cls”"),
        (#"{"type":"RobertaProcessing","cls":["<s>",-1],"sep":["</s>",257]}"#, "has no “cls”"),
        (#"{"type":"RobertaProcessing","cls":["<s>",259],"sep":["</s>",257]}"#, "adds the token 259, but the vocabulary has 259 tokens"),
        (#"{"type":"Sequence"}"#, "has no list of “processors”"),
        (#"{"type":"Sequence","processors":[{"type":"Sequence","processors":[]}]}"#, "may not be nested"),
        (
            #"{"type":"Sequence","processors":[\#(template("<s> A", "A B")),\#(template("A </s>", "A B"))]}"#,
            "adds tokens in 2 steps; one is understood"
        ),
        (#"{"type":"TemplateProcessing"}"#, "has no list “single”"),
        (#"{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}}]}"#, "has no list “pair”"),
        (template("<s>", "A B"), "The list “single” of the post-processor must name each text once"), (template("A A", "A B"), "“single”"),
        (template("A", "A"), "The list “pair” of the post-processor must name each text once"), (template("A", "A B B"), "“pair”"),
        (template("B", "A B"), "A sequence in “single” of the post-processor has no id that is A or B"),
        (template("<x> A", "A B"), "token “<x>” has no ids in “special_tokens”"),
        (template("<s> A", "A B", #"{"<s>":{"ids":[]}}"#), "has no ids"),
        (template("<s> A", "A B", #"{"<s>":{"ids":["256"]}}"#), "token “<s>” has no id from 0 to 16777215"),
        (template("<s> A", "A B", #"{"<s>":{"ids":[16777216]}}"#), "has no id from 0 to 16777215"),
        (template("<s> A", "A B", "[]"), "has no ids in “special_tokens”"),
        (#"{"type":"TemplateProcessing","single":[{"Word":1}],"pair":[]}"#, "An entry of “single” in the post-processor is neither"),
        (#"{"type":"TemplateProcessing","single":[{"Sequence":{"id":"C"}}],"pair":[]}"#, "has no id that is A or B"),
        (#"{"type":"TemplateProcessing","single":[{"SpecialToken":{}}],"pair":[]}"#, "is neither a Sequence nor a SpecialToken"),
    ]

    @Test("post-processors that are not understood are refused with what is missing", arguments: 0..<refused.count)
    func refusals(number: Int) {
        let (text, words) = Self.refused[number]
        #expect {
            _ = try tokenizer(text)
        } throws: { error in
            "\(error)".contains(words)
        }
    }

    @Test("a template of one's own is applied place by place")
    func byHand() {
        let template = TokenTemplate(single: [.token(7), .first, .token(8)], pair: [.second, .token(9), .first])
        #expect(template.applied(to: [1, 2]) == [7, 1, 2, 8])
        #expect(template.applied(to: [1, 2], and: [3]) == [3, 9, 1, 2])
        #expect(template.applied(to: []) == [7, 8])
        #expect(TokenTemplate.plain.applied(to: [1], and: [2]) == [1, 2])
        #expect(TokenTemplate(single: [.first, .second], pair: []).applied(to: [5]) == [5])
    }

    @Test("a character tokenizer puts nothing around a text")
    func characters() throws {
        let nano = CharacterTokenizer.nano
        #expect(nano.template == .plain)
        #expect(try nano.encode("1+1", addSpecialTokens: true) == nano.encode("1+1"))
        #expect(try nano.encode(pair: "1+", "1") == nano.encode("1+1"))
    }
}
