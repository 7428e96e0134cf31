import HoneCore
import HoneEndpoint
import Testing

@Suite("The wire form")
struct WireTests {
    @Test("a request with everything has the fields of the interface, and one with nothing has none of them")
    func bodies() throws {
        var request = EndpointRequest(.chat([ChatMessage(.system, "s"), ChatMessage(.user, "u")]))
        #expect(request.body(model: "m").canonical == #"{"messages":[{"content":"s","role":"system"},{"content":"u","role":"user"}],"model":"m"}"#)
        (request.count, request.temperature, request.topP, request.topK, request.limit, request.seed) = (3, 0.5, 0.9, -1, 7, 11)
        (request.stop, request.logProbs, request.isStreamed, request.asksTokenIDs) = (["\n"], 2, true, true)
        request.limitField = .maxCompletionTokens
        request.tools = [ToolSpecification(name: "add", summary: "Adds.", parameters: .object(["type": .string("object")]))]
        request.toolChoice = .named("add")
        request.responseFormat = .jsonSchema(name: "n", schema: .object([:]), isStrict: true)
        (request.keepsStopText, request.continuesLastMessage, request.promptLogProbs) = (true, true, 1)
        request.extra = ["min_p": .number(0.1)]
        let expected = try JSONValue(
            parsing: #"""
                {"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],"n":3,"temperature":0.5,"top_p":0.9,"top_k":-1,
                "max_completion_tokens":7,"seed":11,"stop":["\n"],"logprobs":true,"top_logprobs":2,"stream":true,"stream_options":{"include_usage":true},
                "return_token_ids":true,"tools":[{"type":"function","function":{"name":"add","description":"Adds.","parameters":{"type":"object"}}}],
                "tool_choice":{"type":"function","function":{"name":"add"}},
                "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{},"strict":true}},"include_stop_str_in_output":true,
                "continue_final_message":true,"add_generation_prompt":false,"prompt_logprobs":1,"min_p":0.1}
                """#)
        #expect(request.body(model: "m") == expected)
        var plain = EndpointRequest(.tokens([1, 2]))
        (plain.logProbs, plain.echoesPrompt, plain.limit) = (1, true, 0)
        #expect(plain.body(model: "m").canonical == #"{"echo":true,"logprobs":1,"max_tokens":0,"model":"m","prompt":[1,2]}"#)
        #expect(plain.route == .completions && request.route == .chat)
    }

    @Test("every field a request sets itself is one that settings may not set")
    func ownFields() {
        var request = EndpointRequest(.chat([ChatMessage(.user, "u")]))
        (request.count, request.temperature, request.topP, request.topK, request.limit, request.seed, request.logProbs) = (2, 1, 1, 1, 1, 1, 1)
        (request.stop, request.isStreamed, request.asksTokenIDs, request.promptLogProbs, request.echoesPrompt) = (["a"], true, true, 1, true)
        (request.keepsStopText, request.continuesLastMessage, request.toolChoice, request.responseFormat) = (true, true, .required, .jsonObject)
        request.tools = [ToolSpecification(name: "a", summary: "")]
        guard case .object(let members) = request.body(model: "m") else { return #expect(Bool(false)) }
        #expect(Set(members.keys).isSubset(of: EndpointRequest.ownFields))
        for field in EndpointRequest.ownFields {
            var settings = EndpointSettings(url: "http://localhost", model: "m")
            settings.extra = [field: .null]
            #expect(!settings.faults().isEmpty)
        }
    }

    @Test("an answer is read with tokens, log-probabilities, tool calls, usage and stop reason, choices by index")
    func reply() throws {
        let body = #"""
            {"model":"m-1","choices":[
             {"index":1,"message":{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},"finish_reason":"length"},
             {"index":0,"message":{"role":"assistant","content":"x","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls",
              "token_ids":[5],"stop_reason":"\n","logprobs":{"content":[{"token":"x","logprob":-0.5,"bytes":[120],"top_logprobs":[{"token":"x","logprob":-0.5},{"token":"y","logprob":-9999.0}]}]}}],
             "usage":{"prompt_tokens":4,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}},"prompt_token_ids":[1,2,3,4]}
            """#
        var request = EndpointRequest(.chat([ChatMessage(.user, "u")]))
        request.count = 2
        let reply = try EndpointReply(parsing: Array(body.utf8), to: request)
        #expect(reply.choices.map(\.index) == [0, 1])
        #expect(reply.choices[0].toolCalls == [ToolCall(id: "c", name: "f", arguments: "{}")])
        #expect(reply.choices[0].finish == .toolCalls && reply.choices[1].finish == .length)
        #expect(reply.choices[0].stopReason == .text("\n"))
        #expect(reply.choices[0].tokenIDs == [5])
        #expect(reply.choices[0].logProbs?.first?.bytes == [120])
        #expect(reply.choices[0].logProbs?.first?.top.map(\.token) == ["x", "y"])
        #expect(reply.choices[1].text == "ab")
        #expect(reply.usage == EndpointReply.Usage(prompt: 4, completion: 2, cached: 3))
        #expect(reply.promptTokenIDs == [1, 2, 3, 4])
    }

    @Test("a stream with two choices, tools, tokens and usage comes to the same as a whole answer")
    func assembled() throws {
        var request = EndpointRequest(.chat([ChatMessage(.user, "u")]))
        request.count = 2
        var assembler = StreamAssembler(request)
        var seen: [StreamPiece] = []
        for data in [
            #"{"choices":[{"index":1,"delta":{"role":"assistant","content":""}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"He"},"token_ids":[1],"logprobs":{"content":[{"token":"He","logprob":-1}]}}]}"#,
            #"{"choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"a\""}}]}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"y"},"token_ids":[2],"logprobs":{"content":[{"token":"y","logprob":-2}]}},{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1,"delta":{},"finish_reason":"tool_calls"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":3}}"#, " [DONE] ",
        ] { seen += try assembler.take(ServerSentEvent(data: data)) }
        let reply = try assembler.finish()
        #expect(seen.map(\.text) == ["He", "y"])
        #expect(reply.choices[0].text == "Hey")
        #expect(reply.choices[0].tokenIDs == [1, 2])
        #expect(reply.choices[0].logProbs?.map(\.logProb) == [-1, -2])
        #expect(reply.choices[1].toolCalls == [ToolCall(id: "c", name: "f", arguments: #"{"a":1}"#)])
        #expect(reply.usage?.completion == 3)
    }

    @Test("bounds hold what a request can cost: bytes for tokens, the limit for each choice")
    func bounds() {
        var request = EndpointRequest(.text("zwölf"))
        (request.limit, request.count) = (10, 3)
        #expect(request.bounds() == TokenBounds(prompt: 1...7, sampled: 0...30))
        var chat = EndpointRequest(.chat([ChatMessage(.user, String(repeating: "a", count: 80))]))
        #expect(chat.bounds(unlimited: 99).prompt == 10...80 + 128 + 16)
        #expect(chat.bounds(unlimited: 99).sampled == 0...99)
        chat.tools = [ToolSpecification(name: "f", summary: "s")]
        #expect(chat.bounds().prompt.upperBound > 80 + 128 + 16 + 50)
        #expect(EndpointRequest(.tokens([1, 2, 3])).bounds().prompt == 3...4)
    }

    @Test("a transcript becomes messages by who said what, and the text stays the same")
    func mapping() throws {
        let transcript: Transcript = [
            .text("rules ", from: .prompt, author: "system"), .text("Q1", from: .world), .text(" hint", from: .hint),
            .text("A1", from: .model("m", update: 0), author: "solver"), .text("no, ", from: .model("other", update: 0), author: "critic"),
            .text("tool says 4", from: .tool), .text("A2", from: .model("m", update: 0), author: "solver"), .text("", from: .world),
            .text("?", from: .demonstration),
        ]
        let messages = try TranscriptMapping().messages(transcript)
        #expect(
            messages == [
                ChatMessage(.system, "rules "), ChatMessage(.user, "Q1 hint"), ChatMessage(.assistant, "A1"), ChatMessage(.user, "no, tool says 4"),
                ChatMessage(.assistant, "A2"), ChatMessage(.user, "?"),
            ])
        #expect(messages.map(\.text).joined() == transcript.text)
        #expect(try TranscriptMapping(hasSystemRole: false).messages(transcript)[0] == ChatMessage(.user, "rules Q1 hint"))
        #expect(try TranscriptMapping().prompt(transcript, takesTokens: true) == .text(transcript.text))
        let tokens: Transcript = [Segment(origin: .world, content: .tokens([3, 4], text: "ab"))]
        #expect(try TranscriptMapping().prompt(tokens, takesTokens: true) == .tokens([3, 4]))
        #expect(try TranscriptMapping().prompt(tokens, takesTokens: false) == .text("ab"))
        for bad: Transcript in [[], [.text("", from: .world)], [Segment(origin: .world, content: .numbers([1], shape: [1]))]] {
            #expect { try TranscriptMapping().messages(bad) } throws: { ($0 as? EndpointFault)?.kind == .cannotShow }
            #expect { try TranscriptMapping().prompt(bad, takesTokens: true) } throws: { ($0 as? EndpointFault)?.kind == .cannotShow }
        }
    }

    @Test("the stop text that is complete first ends the answer, wherever it stands in the list")
    func stopTexts() {
        #expect(StopTexts.end(of: ["\n\n", "b"], in: "a\nb\n\n") == 3)
        #expect(StopTexts.end(of: ["abc", "b"], in: "abc") == 2)
        #expect(StopTexts.end(of: ["aab"], in: "aaab") == 4)
        #expect(StopTexts.end(of: ["x", "", "längst"], in: "kürzest") == nil)
        #expect(StopTexts.end(of: ["ü"], in: "kü") == 3)
        #expect(StopTexts.end(of: ["a"], in: "") == nil)
        let told = plainChat { $0.tellsStopText = .yes }
        #expect(StopTexts(["a", "b"], plainChat { $0.keepsStopText = .yes }) == .keptByServer)
        #expect(StopTexts(["a", "b"], told) == .toldByServer)
        #expect(StopTexts(["a", ""], plainChat()) == .assumed("a"))
        #expect(StopTexts(["a", "b"], plainChat()) == .cutHere(["a", "b"]))
        #expect(StopTexts(["a"], plainChat { $0.stop = .no }) == .cutHere(["a"]))
        #expect(StopTexts(["a"], told, cutsHere: true) == .cutHere(["a"]))
        #expect(StopTexts([""], told) == StopTexts.none)
    }
}
