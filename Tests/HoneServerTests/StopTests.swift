import HoneCore
import HoneServer
import Testing

/// A case of stop texts: what the model would say, the stops, and what is left with them out and in.
struct StopCase: Sendable, CustomTestStringConvertible {
    var says: String
    var stops: String
    var without: String
    var with: String
    var reason: String?
    var testDescription: String { "\(says) until \(stops)" }

    static let all = [
        StopCase(says: "one\ntwo", stops: #""\n""#, without: "one", with: "one\n", reason: "\n"),
        StopCase(says: "abcabd!", stops: #"["abd"]"#, without: "abc", with: "abcabd", reason: "abd"),
        // The beginning of a stop text that is none must come out in the end.
        StopCase(says: "aab", stops: #"["aabc"]"#, without: "aab", with: "aab", reason: nil),
        StopCase(says: "xabcz", stops: #"["bcd","c"]"#, without: "xab", with: "xabc", reason: "c"),
        // Of two that are complete together the one that begins first.
        StopCase(says: "xabcz", stops: #"["c","abc"]"#, without: "x", with: "xabc", reason: "abc"),
        StopCase(says: "né!", stops: #"["é"]"#, without: "n", with: "né", reason: "é"),
        StopCase(says: "aaaab", stops: #"["aab"]"#, without: "aa", with: "aaaab", reason: "aab"),
    ]
}

@Suite("Stop texts")
struct StopTests {
    @Test("an answer ends before its stop text, or with it where that is wanted, streamed or whole", arguments: StopCase.all)
    func stops(_ test: StopCase) async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: test.says)), hosted(Deaf(says: test.says), name: "deaf")]) { server in
            for model in ["bytes", "deaf"] {
                for (keeps, expected) in [(false, test.without), (true, test.with)] {
                    let body = #"{"model":"\#(model)","prompt":"p","stop":\#(test.stops),"include_stop_str_in_output":\#(keeps),"logprobs":0"#
                    let whole = try await server.post("/v1/completions", body + "}")
                    #expect(whole.choices.first?["text"]?.text == expected, "\(model)")
                    #expect(whole.choices.first?["finish_reason"] == "stop")
                    #expect(whole.choices.first?["stop_reason"] == (test.reason.map { .string($0) } ?? JSONValue.null))
                    // Every visible byte has a log-probability, no other has.
                    #expect(whole.choices.first?["logprobs"]?["tokens"]?.elements?.count == expected.utf8.count)
                    let streamed = try await server.post("/v1/completions", body + #","stream":true}"#)
                    let pieces = streamed.events.compactMap { $0["choices"]?[0]?["text"]?.text }
                    #expect(pieces.joined() == expected, "\(model)")
                    let told = streamed.events.flatMap { $0["choices"]?[0]?["logprobs"]?["tokens"]?.elements ?? [] }
                    #expect(told.count == expected.utf8.count)
                }
            }
        }
    }
}

/// A model that does not know of stop texts.
private struct Deaf: Model {
    var says: String
    var abilities: Set<HoneCore.Trait> { [.tokens] }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        var deaf = requests
        for index in deaf.indices { deaf[index].sampling.stop = [] }
        return try await ScriptedBytes(saying: says).complete(deaf)
    }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { throw CoreError.unsupported("no scores") }
}
