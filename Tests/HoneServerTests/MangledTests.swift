import HoneCore
import HoneServer
import Testing

@Suite("Mangled requests")
struct MangledTests {
    private static let bodies = [
        #"{"model":"bytes","messages":[{"role":"user","content":"hi"}],"n":2,"seed":5,"temperature":0.7,"logprobs":true,"top_logprobs":2,"stream":true}"#,
        #"{"model":"bytes@best-of-3","prompt":["ab","c"],"max_tokens":4,"logprobs":1,"echo":true,"stop":["x","yz"],"top_p":0.5,"top_k":3}"#,
        #"{"prompt":[[97,98],[99]],"max_tokens":3,"stream":true,"stream_options":{"include_usage":true},"return_token_ids":true}"#,
        #"{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"continue_final_message":true,"chat_template_kwargs":{"a":[1]}}"#,
        #"{"tokens":[104,195,169]}"#, #"{"prompt":"text","add_special_tokens":false,"return_token_strs":true}"#,
    ]
    private static let values = [
        "null", "true", "-1", "0", "1e999", "1e30", "9223372036854775807", "-9223372036854775808", "0.5", "\"\"", "\"\\u0000\"", "[]", "[null]", "{}",
        "[[[]]]", "\"bytes@best-of-9999999999999999999\"", "\"@\"", "1000000",
    ]

    @Test("whatever stands in a body, it is answered or refused as the client's mistake, streams end, and no place stays taken")
    func mangled() async throws {
        let counter = Counter()
        let service = ModelService(
            [hosted(StreamedBytes(saying: "abc"))], unixSeconds: { 0 }, seeds: { Seed(UInt64(counter.next())) })
        var generator = Seed(2).generator
        var (answered, refused) = (0, 0)
        for round in 0..<1500 {
            var body = Self.bodies[generator.integer(in: 0...Self.bodies.count - 1)]
            for _ in 0..<generator.integer(in: 1...2) { body = Self.mangle(body, &generator) }
            let paths = ["/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize"]
            let path = round % 2 == 0 ? paths[generator.integer(in: 0...3)] : body.contains("messages") ? paths[0] : paths[1]
            let (parts, sink) = AsyncThrowingStream<ReplyPart, any Error>.makeStream()
            do {
                try await service.answer(ServerCall(method: "POST", path: path, body: Array(body.utf8)), to: sink)
                sink.finish()
                answered += 1
            } catch {
                refused += 1
                let refusal = ServerRefusal(error)
                #expect((400..<500).contains(refusal.status), "\(path) \(body): \(refusal)")
                sink.finish()
            }
            var kinds: [ReplyPart] = []
            for try await part in parts { kinds.append(part) }
            if kinds.first == .events { #expect(kinds.last == .done) } else { #expect(kinds.count <= 1) }
        }
        #expect(service.load == (0, 0))
        #expect(answered > 100 && refused > 100, "\(answered) answered, \(refused) refused")
    }

    /// A body with a value replaced, a part cut out, or a byte changed.
    private static func mangle(_ body: String, _ generator: inout SeededGenerator) -> String {
        var bytes = Array(body.utf8)
        switch generator.integer(in: 0...3) {
        case 0, 1:
            // The value after some colon, up to the next comma or bracket.
            let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
            guard let colon = generator.element(of: colons) else { return body }
            let end = bytes[(colon + 1)...].firstIndex { ",}]".utf8.contains($0) } ?? bytes.endIndex
            bytes.replaceSubrange(colon + 1..<end, with: Array((generator.element(of: values) ?? "0").utf8))
        case 2:
            let start = generator.integer(in: 0...bytes.count - 1)
            bytes.removeSubrange(start..<min(bytes.count, start + generator.integer(in: 1...12)))
        default: bytes[generator.integer(in: 0...bytes.count - 1)] = UInt8(generator.integer(in: 32...126))
        }
        return bytes.isEmpty ? "{" : String(decoding: bytes, as: UTF8.self)
    }
}
