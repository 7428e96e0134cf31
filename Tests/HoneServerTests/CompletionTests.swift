import HoneCore
import HoneServer
import HoneText
import Testing

@Suite("Completions")
struct CompletionTests {
    @Test("a prompt is a text, texts, tokens, or lists of tokens; each has its choices in order")
    func prompts() async throws {
        let model = StreamedBytes { request, sample in "\(request.context.text)\(sample)" }
        try await RunningServer.with([hosted(model)]) { server in
            func texts(_ prompt: String, _ extra: String = "") async throws -> [String?] {
                try await server.post("/v1/completions", #"{"model":"bytes","prompt":\#(prompt)\#(extra)}"#).choices.map { $0["text"]?.text }
            }
            #expect(try await texts(#""ab""#) == ["ab0"])
            #expect(try await texts(#"["ab","c"]"#, #","n":2"#) == ["ab0", "ab1", "c0", "c1"])
            #expect(try await texts("[97,98]") == ["ab0"])
            #expect(try await texts("[[97],[98,99]]") == ["a0", "bc0"])
            #expect(try await texts("[\(Array(repeating: "97", count: 300).joined(separator: ","))]", #","max_tokens":1"#) == ["a"])
            #expect(model.bytes.log.all.last?.context.tokens?.count == 300)
            // Streamed choices of several prompts come with their own numbers.
            let streamed = try await server.post("/v1/completions", #"{"prompt":["ab","c"],"n":2,"stream":true}"#)
            var joined = [String](repeating: "", count: 4)
            var ends = Set<Int>()
            for event in streamed.events {
                guard let choice = event["choices"]?[0], let index = choice["index"]?.int else { continue }
                joined[index] += choice["text"]?.text ?? ""
                if choice["finish_reason"] == "stop" { ends.insert(index) }
            }
            #expect(joined == ["ab0", "ab1", "c0", "c1"])
            #expect(ends == [0, 1, 2, 3] && streamed.isDone)
        }
    }

    @Test("prompts of one request have streams of their own, and the first has the request's seed")
    func seedsOfPrompts() async throws {
        let model = StreamedBytes(saying: "x")
        try await RunningServer.with([hosted(model)]) { server in
            _ = try await server.post("/v1/completions", #"{"prompt":["a","a"],"seed":9}"#)
            #expect(Set(model.bytes.log.all.map(\.seed)) == [Seed(9), Seed(9).child("prompt", 1)])
            _ = try await server.post("/v1/completions", #"{"prompt":"a"}"#)
            _ = try await server.post("/v1/completions", #"{"prompt":"a"}"#)
            #expect(Set(model.bytes.log.all.suffix(2).map(\.seed)).count == 2, "requests without a seed draw anew")
        }
    }

    @Test("sixteen tokens are drawn when nothing is said")
    func usualLimit() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: String(repeating: "z", count: 40)))]) { server in
            let reply = try await server.post("/v1/completions", #"{"prompt":"a"}"#)
            #expect(reply.choices.first?["text"]?.text?.count == 16)
            #expect(reply.choices.first?["finish_reason"] == "length")
            #expect(reply.json["object"] == "text_completion")
        }
    }

    @Test("written forms of special tokens in a prompt become those tokens, and stop tokens leave no text")
    func specialTokens() async throws {
        let turn = TurnEnding()
        try await RunningServer.with([hosted(turn)]) { server in
            let reply = try await server.post("/v1/completions", #"{"prompt":"a<turn>","return_token_ids":true,"logprobs":0}"#)
            #expect(reply.choices.first?["prompt_token_ids"] == [97, 258])
            #expect(reply.choices.first?["text"] == "b")
            #expect(reply.choices.first?["stop_reason"] == 258)
            #expect(reply.choices.first?["token_ids"] == [98, 258])
            #expect(reply.choices.first?["logprobs"]?["tokens"] == ["b", "<turn>"])
        }
    }

    @Test("log-probabilities have tokens, offsets in characters and the drawn token among the likeliest", arguments: [true, false])
    func logProbs(streams: Bool) async throws {
        let inner = StreamedBytes(saying: "hé!")
        try await RunningServer.with([hosted(streams ? inner : WholeOnly(inner: inner))]) { server in
            let reply = try await server.post("/v1/completions", #"{"prompt":"a","logprobs":2}"#)
            let logProbs = try #require(reply.choices.first?["logprobs"])
            #expect(logProbs["tokens"] == ["h", "\u{FFFD}", "\u{FFFD}", "!"])
            #expect(logProbs["token_logprobs"]?[0] == .number(-104.0 / 256))
            #expect(logProbs["text_offset"] == [0, 1, 1, 2])
            #expect(logProbs["top_logprobs"]?[0]?["h"] == .number(-104.0 / 256))
            #expect(logProbs["top_logprobs"]?[0]?["B"] != nil)
            let none = try await server.post("/v1/completions", #"{"prompt":"a","logprobs":0}"#)
            #expect(none.choices.first?["logprobs"]?["top_logprobs"] == JSONValue.null)
        }
    }

    @Test("echo repeats the prompt with its log-probabilities, with and without drawing more, streamed or whole")
    func echo() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "yz"))]) { server in
            let reply = try await server.post("/v1/completions", #"{"prompt":"ab","echo":true,"logprobs":1}"#)
            #expect(reply.choices.first?["text"] == "abyz")
            let logProbs = try #require(reply.choices.first?["logprobs"])
            #expect(logProbs["tokens"] == ["a", "b", "y", "z"])
            #expect(logProbs["token_logprobs"]?[0] == .null)
            #expect(logProbs["token_logprobs"]?[1] == .number(-98.0 / 256))
            #expect(logProbs["text_offset"] == [0, 1, 2, 3])
            #expect(logProbs["top_logprobs"]?[0] == .null)
            let only = try await server.post("/v1/completions", #"{"prompt":["ab","c"],"echo":true,"logprobs":0,"max_tokens":0}"#)
            #expect(only.choices.map { $0["text"]?.text } == ["ab", "c"])
            #expect(only.choices.first?["finish_reason"] == "length")
            #expect(only.json["usage"]?["completion_tokens"] == 0)
            #expect(only.json["usage"]?["prompt_tokens"] == 3)
            let streamed = try await server.post("/v1/completions", #"{"prompt":"ab","echo":true,"stream":true}"#)
            #expect(streamed.events.compactMap { $0["choices"]?[0]?["text"]?.text }.joined() == "abyz")
        }
    }

    @Test("tokens and texts are turned into each other")
    func tokenizing() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "x"))]) { server in
            let tokens = try await server.post("/tokenize", #"{"model":"bytes","prompt":"hé<end>","return_token_strs":true}"#)
            #expect(tokens.json["tokens"] == [104, 0xC3, 0xA9, 256])
            #expect(tokens.json["count"] == 4)
            #expect(tokens.json["max_model_len"] == 512)
            #expect(tokens.json["token_strs"]?[3] == "<end>")
            let chat = try await server.post("/tokenize", #"{"messages":[{"role":"user","content":"ab"}]}"#)
            #expect(chat.json["tokens"] == [97, 98])
            let text = try await server.post("/detokenize", #"{"tokens":[104,195,169]}"#)
            #expect(text.json["prompt"] == "hé")
            #expect(try await server.post("/detokenize", #"{"tokens":[259]}"#).error["param"] == "tokens")
        }
    }
}

/// A model that says “b” and ends its turn, but does not know that this is an end.
private struct TurnEnding: Model {
    var abilities: Set<HoneCore.Trait> { [.tokens] }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        requests.map { request in
            let segment = Segment(
                origin: .model("turn", update: 0), content: .tokens([98, 258, 99], text: "bc"), samplerLogProbs: [-1, -2, -3])
            return Completion(context: request.context, samples: [Completion.Sample(segments: [segment], finish: .length)])
        }
    }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { throw CoreError.unsupported("no scores") }
}
