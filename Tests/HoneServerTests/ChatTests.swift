import HoneCore
import HoneServer
import HoneText
import Testing

@Suite("Chat completions")
struct ChatTests {
    private static let hello = #""messages":[{"role":"user","content":"hi"}]"#

    @Test("an answer has OpenAI's shape, with usage that counts every drawn token", arguments: [true, false])
    func plainAnswer(streams: Bool) async throws {
        let inner = StreamedBytes(saying: "hello, wörld")
        let model: any Model = streams ? inner : WholeOnly(inner: inner)
        try await RunningServer.with([hosted(model)]) { server in
            let reply = try await server.post("/v1/chat/completions", #"{"model":"bytes",\#(Self.hello),"unknown_field":[1]}"#)
            #expect(reply.status == 200)
            #expect(reply.fields["content-type"] == "application/json")
            #expect(reply.json["object"] == "chat.completion")
            #expect(reply.json["model"] == "bytes")
            #expect(reply.json["created"] == 1_700_000_000)
            #expect(reply.json["id"]?.text?.hasPrefix("chatcmpl-") == true)
            #expect(reply.choices.count == 1)
            #expect(reply.choices.first?["message"] == ["role": "assistant", "content": "hello, wörld", "refusal": nil])
            #expect(reply.choices.first?["finish_reason"] == "stop")
            #expect(reply.choices.first?["stop_reason"] == JSONValue.null)
            #expect(reply.choices.first?["logprobs"] == JSONValue.null)
            // 13 bytes and the end of text.
            #expect(reply.json["usage"] == ["prompt_tokens": 2, "completion_tokens": 14, "total_tokens": 16])
        }
    }

    @Test("a stream begins with the role, never has half a character, and joins to the whole answer", arguments: [true, false])
    func stream(streams: Bool) async throws {
        let text = "a😀é漢字 e\u{301} end"
        let inner = StreamedBytes(saying: text)
        try await RunningServer.with([hosted(streams ? inner : WholeOnly(inner: inner))]) { server in
            let body = #"{"model":"bytes",\#(Self.hello),"stream":true,"stream_options":{"include_usage":true}}"#
            let reply = try await server.post("/v1/chat/completions", body)
            #expect(reply.fields["content-type"] == "text/event-stream")
            #expect(reply.isDone)
            let events = reply.events
            #expect(events.first?["choices"]?[0]?["delta"] == ["role": "assistant", "content": ""])
            let pieces = events.compactMap { $0["choices"]?[0]?["delta"]?["content"]?.text }
            #expect(pieces.joined().utf8.elementsEqual(text.utf8))
            #expect(pieces.allSatisfy { !$0.contains("\u{FFFD}") })
            #expect(pieces.contains("😀"))
            #expect(events.dropLast().last?["choices"]?[0]?["finish_reason"] == "stop")
            #expect(events.dropLast().allSatisfy { $0["usage"] == .null })
            #expect(events.last?["choices"] == [])
            #expect(events.last?["usage"]?["completion_tokens"] == .integer(text.utf8.count + 1))
            #expect(Set(events.compactMap { $0["id"]?.text }).count == 1)
        }
    }

    @Test("tokens are sent when they are drawn, not when the answer is complete")
    func tokensComeAsDrawn() async throws {
        let gate = Gate()
        try await RunningServer.with([hosted(StreamedBytes({ _, _ in "xyz" }, gate: gate))]) { server in
            let client = try server.begin("/v1/chat/completions", #"{\#(Self.hello),"stream":true}"#)
            let early = await client.receive(until: #""content":"x""#)
            #expect(early.contains(#""content":"x""#) && !early.contains(#""content":"y""#))
            gate.open()
            let late = await client.receive(until: "[DONE]")
            #expect(late.contains(#""content":"z""#))
            client.close()
        }
    }

    @Test("n samples are kept apart, streamed or not, and the seed reaches the model")
    func severalChoices() async throws {
        let model = StreamedBytes { _, sample in "answer \(sample)" }
        try await RunningServer.with([hosted(model)]) { server in
            let whole = try await server.post("/v1/chat/completions", #"{\#(Self.hello),"n":3,"seed":-5,"temperature":0.5,"top_p":0.9,"top_k":7}"#)
            #expect(whole.choices.map { $0["message"]?["content"]?.text } == ["answer 0", "answer 1", "answer 2"])
            #expect(whole.choices.map { $0["index"]?.int } == [0, 1, 2])
            let asked = try #require(model.bytes.log.all.last)
            #expect(asked.seed == Seed(UInt64(bitPattern: -5)))
            #expect(asked.count == 3)
            #expect(asked.sampling.temperature == 0.5 && asked.sampling.topP == 0.9 && asked.sampling.topK == 7)
            let streamed = try await server.post("/v1/chat/completions", #"{\#(Self.hello),"n":3,"stream":true}"#)
            var texts = ["", "", ""]
            for event in streamed.events {
                guard let choice = event["choices"]?[0], let index = choice["index"]?.int else { continue }
                texts[index] += choice["delta"]?["content"]?.text ?? ""
            }
            #expect(texts == ["answer 0", "answer 1", "answer 2"])
        }
    }

    @Test("log-probabilities are told with bytes and likeliest tokens, those of the end of text left out", arguments: [true, false])
    func logProbs(streams: Bool) async throws {
        let inner = StreamedBytes(saying: "aé")
        try await RunningServer.with([hosted(streams ? inner : WholeOnly(inner: inner))]) { server in
            let reply = try await server.post("/v1/chat/completions", #"{\#(Self.hello),"logprobs":true,"top_logprobs":2}"#)
            let content = try #require(reply.choices.first?["logprobs"]?["content"]?.elements)
            #expect(content.map { $0["bytes"] } == [[97], [0xC3], [0xA9]])
            #expect(content[0]["token"] == "a")
            #expect(content[0]["logprob"] == .number(-97.0 / 256))
            let top = try #require(content[0]["top_logprobs"]?.elements)
            #expect(top.map { $0["token"]?.text } == ["a", "B"])
            let values: [Float] = top.map { Float($0["logprob"]?.double ?? 0) }
            let own = ScriptedBytes.logProb(97)
            #expect(values == [own, own - 1])
            #expect(top[1]["bytes"]?[0]?.int == 66)
            let streamed = try await server.post("/v1/chat/completions", #"{\#(Self.hello),"logprobs":true,"stream":true}"#)
            let told = streamed.events.flatMap { $0["choices"]?[0]?["logprobs"]?["content"]?.elements ?? [] }
            #expect(told.map { $0["bytes"] } == [[97], [0xC3], [0xA9]])
            #expect(told.allSatisfy { $0["top_logprobs"] == [] })
        }
    }

    @Test("token ids are exact: the prompt's, and all that were drawn with the end of text, with a log-probability each")
    func tokenIDs() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "ok%rest"))]) { server in
            let body = #"{\#(Self.hello),"return_token_ids":true,"logprobs":true,"stop":"%""#
            let reply = try await server.post("/v1/chat/completions", body + "}")
            #expect(reply.json["prompt_token_ids"] == [104, 105])
            #expect(reply.choices.first?["message"]?["content"] == "ok")
            #expect(reply.choices.first?["token_ids"] == [111, 107, 37])
            #expect(reply.choices.first?["logprobs"]?["content"]?.elements?.count == 3)
            let streamed = try await server.post("/v1/chat/completions", body + #","stream":true}"#)
            #expect(streamed.events.flatMap { $0["choices"]?[0]?["token_ids"]?.elements ?? [] } == [111, 107, 37])
            let end = try await server.post("/v1/chat/completions", #"{\#(Self.hello),"return_token_ids":true}"#)
            #expect(end.choices.first?["token_ids"]?.elements?.last == 256)
        }
    }

    @Test("the older and the newer limit of tokens are both taken, the newer one first")
    func limits() async throws {
        try await RunningServer.with([hosted(StreamedBytes(saying: "0123456789"))]) { server in
            let old = try await server.post("/v1/chat/completions", #"{\#(Self.hello),"max_tokens":4}"#)
            #expect(old.choices.first?["message"]?["content"] == "0123")
            #expect(old.choices.first?["finish_reason"] == "length")
            let both = try await server.post("/v1/chat/completions", #"{\#(Self.hello),"max_tokens":4,"max_completion_tokens":2}"#)
            #expect(both.choices.first?["message"]?["content"] == "01")
        }
    }

    @Test("a chat template makes the prompt; variables, tools and continuing the last message reach it")
    func template() async throws {
        let source =
            "{% for m in messages %}[{{ m.role }}]{{ m.content }}<turn>{% endfor %}{% if tools %}T{{ tools | length }}{% endif %}"
            + "{% if add_generation_prompt %}[assistant]{% if mood %}({{ mood }}){% endif %}{% endif %}"
        let template = try ChatTemplate(source)
        let prompt = TemplatePrompt(template) { TemplateTime(year: 2026, month: 1, day: 1) }
        let model = StreamedBytes(saying: "ok")
        try await RunningServer.with([hosted(model, prompt: prompt)]) { server in
            func shown(_ extra: String) async throws -> String {
                let messages = #""messages":[{"role":"user","content":[{"type":"text","text":"hi"}]},{"role":"assistant","content":"I am "}]"#
                    .replacing(#"[{"type":"text","text":"hi"}]"#, with: #""hi""#)
                let reply = try await server.post("/v1/chat/completions", "{\(messages)\(extra)}")
                #expect(reply.status == 200, "\(reply.text)")
                let tokens = model.bytes.log.all.last?.context.tokens ?? []
                return tokens.map { $0 == 258 ? "␄" : String(decoding: [UInt8(truncatingIfNeeded: $0)], as: UTF8.self) }.joined()
            }
            #expect(try await shown("") == "[user]hi␄[assistant]I am ␄[assistant]")
            #expect(try await shown(#","chat_template_kwargs":{"mood":"glad"},"tools":[{"type":"function"}]"#) == "[user]hi␄[assistant]I am ␄T1[assistant](glad)")
            #expect(try await shown(#","add_generation_prompt":false"#) == "[user]hi␄[assistant]I am ␄")
            #expect(try await shown(#","continue_final_message":true"#) == "[user]hi␄[assistant]I am ")
            let both = try await server.post(
                "/v1/chat/completions", #"{\#(Self.hello),"continue_final_message":true,"add_generation_prompt":true}"#)
            #expect(both.status == 400)
        }
    }
}
