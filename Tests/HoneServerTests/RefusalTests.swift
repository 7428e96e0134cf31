import HoneCore
import HoneServer
import Testing

/// A request that is refused, and how.
struct Refused: Sendable, CustomTestStringConvertible {
    var path = "/v1/chat/completions"
    var body: String
    var status = 400
    var param: String?
    var testDescription: String { "\(path) \(body.prefix(100))" }

    static func chat(_ extra: String, _ param: String?, status: Int = 400) -> Refused {
        Refused(body: #"{"model":"bytes","messages":[{"role":"user","content":"hi"}],\#(extra)}"#, status: status, param: param)
    }

    static func text(_ body: String, _ param: String?, status: Int = 400) -> Refused {
        Refused(path: "/v1/completions", body: body, status: status, param: param)
    }

    static let all: [Refused] = [
        Refused(body: "", param: nil), Refused(body: "{", param: nil), Refused(body: "[]", param: nil), Refused(body: "\"x\"", param: nil),
        Refused(body: #"{"a":1,"a":2}"#, param: nil), Refused(body: String(repeating: "[", count: 5000), param: nil),
        Refused(body: "{}", param: "messages"), Refused(body: #"{"messages":[]}"#, param: "messages"),
        Refused(body: #"{"messages":"hi"}"#, param: "messages"), Refused(body: #"{"messages":[{"content":"no role"}]}"#, param: "messages[0]"),
        Refused(body: #"{"messages":[{"role":"user","content":5}]}"#, param: "messages[0]"),
        Refused(body: #"{"messages":[{"role":"user","content":"☠"}]}"#, param: "messages"),
        Refused(body: #"{"model":"nobody","messages":[{"role":"user","content":"hi"}]}"#, status: 404, param: "model"),
        Refused(body: #"{"model":7,"messages":[{"role":"user","content":"hi"}]}"#, param: "model"),
        .chat(#""n":0"#, "n"), .chat(#""n":"2""#, "n"), .chat(#""n":1.5"#, "n"), .chat(#""n":65"#, "n"), .chat(#""n":1e30"#, "n"),
        .chat(#""temperature":-0.1"#, "temperature"), .chat(#""temperature":"hot""#, "temperature"), .chat(#""top_p":0"#, "top_p"),
        .chat(#""top_p":1.1"#, "top_p"), .chat(#""top_k":-2"#, "top_k"), .chat(#""seed":"x""#, "seed"), .chat(#""max_tokens":0"#, "max_tokens"),
        .chat(#""max_tokens":-1"#, "max_tokens"), .chat(#""max_completion_tokens":true"#, "max_completion_tokens"),
        .chat(#""max_tokens":511"#, "messages"), .chat(#""max_tokens":40000"#, "max_tokens"), .chat(#""stop":5"#, "stop"), .chat(#""stop":[""]"#, "stop"),
        .chat(#""stop":["a",1]"#, "stop"), .chat("\"stop\":[\(Array(repeating: "\"a\"", count: 17).joined(separator: ","))]", "stop"),
        .chat(#""stream":"yes""#, "stream"), .chat(#""stream_options":{"include_usage":true}"#, "stream_options"),
        .chat(#""logprobs":3"#, "logprobs"), .chat(#""top_logprobs":3"#, "top_logprobs"), .chat(#""logprobs":true,"top_logprobs":21"#, "top_logprobs"),
        .chat(#""return_token_ids":1"#, "return_token_ids"), .chat(#""chat_template_kwargs":[]"#, "chat_template_kwargs"),
        .chat(#""tools":{}"#, "tools"), .chat(#""tools":[{"type":"function"}]"#, "tools"), .chat(#""frequency_penalty":0.5"#, "frequency_penalty"),
        .chat(#""logit_bias":{"5":1}"#, "logit_bias"), .chat(#""response_format":{"type":"json_object"}"#, "response_format"),
        .chat(#""tool_choice":"required""#, "tool_choice"), .text(#"{"model":"bytes"}"#, "prompt"), .text(#"{"prompt":[]}"#, "prompt"),
        .text(#"{"prompt":[[]]}"#, "prompt"), .text(#"{"prompt":{"a":1}}"#, "prompt"), .text(#"{"prompt":["a",5]}"#, "prompt"),
        .text(#"{"prompt":[5,"a"]}"#, "prompt"), .text(#"{"prompt":[-1]}"#, "prompt"), .text(#"{"prompt":[259]}"#, "prompt"),
        .text(#"{"prompt":[true]}"#, "prompt"), .text(#"{"prompt":"☠"}"#, "prompt"), .text(#"{"prompt":"a","max_tokens":0}"#, "max_tokens"),
        .text(#"{"prompt":"a","best_of":4}"#, "best_of"), .text(#"{"prompt":"a","logprobs":true}"#, "logprobs"), .text(#"{"prompt":"a","echo":1}"#, "echo"),
        .text("{\"prompt\":[\(Array(repeating: "\"a\"", count: 257).joined(separator: ","))]}", "prompt"),
        .text("{\"prompt\":\"\(String(repeating: "a", count: 600))\"}", "messages"), .text(#"{"prompt":["a","b","c","d","e"],"n":60}"#, "n"),
        Refused(path: "/tokenize", body: "{}", param: "prompt"), Refused(path: "/detokenize", body: "{}", param: "tokens"),
        Refused(path: "/v1/load_lora_adapter", body: #"{"lora_name":"x","lora_path":"/y"}"#, status: 403, param: nil),
        Refused(path: "/v1/nowhere", body: "{}", status: 404, param: nil), Refused(path: "/v1/models", body: "{}", status: 405, param: nil),
        Refused(path: "/", body: "{}", status: 404, param: nil),
    ]
}

@Suite("Refusals")
struct RefusalTests {
    @Test("what cannot be answered is refused with a status, a sentence and the field's name, and the model is not asked")
    func refusals() async throws {
        let model = StreamedBytes(saying: "x")
        try await RunningServer.with([hosted(model)]) { server in
            // One connection for all: a refusal leaves it usable.
            let client = try WireClient(port: server.port)
            defer { client.close() }
            for refused in Refused.all {
                client.send(RunningServer.head("POST", refused.path, [:], count: refused.body.utf8.count) + refused.body)
                let reply = try await client.reply()
                #expect(reply.status == refused.status, "\(refused.testDescription): \(reply.text)")
                #expect(reply.error["param"]?.text == refused.param, "\(refused.testDescription): \(reply.text)")
                #expect((reply.error["message"]?.text ?? "").count > 10, "\(refused.testDescription)")
                #expect(reply.error["type"]?.text != nil)
                #expect(reply.json["error"]?["code"] != nil)
            }
            #expect(model.bytes.log.all.isEmpty)
            #expect(try await server.ask("GET", "/v1/chat/completions").status == 405)
            #expect(try await server.post("/v1/completions", #"{"prompt":"a","seed":null,"stop":null,"n":null}"#).status == 200, "null is absent")
        }
    }

    @Test("a model's failure is told as such: before the answer as a status, within a stream as an event without [DONE]")
    func failures() async throws {
        try await RunningServer.with([hosted(FailingModel())]) { server in
            let whole = try await server.post("/v1/completions", #"{"prompt":"a"}"#)
            #expect(whole.status == 500 && whole.error["type"] == "server_error")
            #expect(whole.error["message"]?.text?.contains("out of luck") == true)
            let streamed = try await server.post("/v1/completions", #"{"prompt":"a","stream":true}"#)
            #expect(streamed.status == 200)
            #expect(streamed.events.first?["choices"]?[0]?["text"] == "a")
            #expect(streamed.events.last?["error"]?["message"]?.text?.contains("out of luck") == true)
            #expect(!streamed.isDone)
        }
        try await RunningServer.with([hosted(WholeOnly(inner: FailingModel()))]) { server in
            let early = try await server.post("/v1/completions", #"{"prompt":"a","stream":true}"#)
            #expect(early.status == 500, "a stream that fails before its first token has the status of its failure")
        }
    }
}

/// A model that draws one token and fails.
private struct FailingModel: StreamingModel {
    struct Luck: Error, CustomStringConvertible { var description: String { "out of luck" } }
    var abilities: Set<HoneCore.Trait> { [] }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { throw Luck() }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { throw Luck() }
    func stream(_ request: Completion.Request, top: Int) -> AsyncThrowingStream<StreamedToken, any Error> {
        AsyncThrowingStream {
            $0.yield(StreamedToken(sample: 0, token: 97, text: "a", logProb: -1))
            $0.finish(throwing: Luck())
        }
    }
}
