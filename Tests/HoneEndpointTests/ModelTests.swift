import HoneCore
import HoneEndpoint
import Testing

@Suite("An endpoint as a model")
struct ModelTests {
    private func connect(_ server: FaultyServer, _ change: (inout EndpointSettings) -> Void = { _ in }) async throws -> EndpointModel {
        var settings = patientSettings(server.url)
        change(&settings)
        return try await EndpointModel.connect(settings, as: "remote", environment: [:], clock: TestClock())
    }

    @Test("it answers, says who answered, and charges what the server counted", arguments: [false, true])
    func plain(isStreamed: Bool) async throws {
        try await withModelServer { server, _ in
            let model = try await connect(server) { $0.isStreamed = isStreamed }
            let before = server.requests.count
            let completion = try await model.complete([question(sampling: Sampling(limit: 200).greedy)])[0]
            #expect(completion.samples.count == 1)
            #expect(completion.samples[0].segments.text == FakeModelServer.greedy)
            #expect(completion.samples[0].finish == .stop)
            #expect(completion.samples[0].segments[0].origin == .model("remote", update: 0))
            #expect(completion.samples[0].segments[0].samplerLogProbs == nil)
            let prompt = "<user>2+2=<assistant>".utf8.count
            #expect(completion.reported == ReportedTokens(prompt: prompt, sampled: [FakeModelServer.greedy.utf8.count]))
            #expect(completion.computedTokens == prompt + FakeModelServer.greedy.utf8.count)
            let cost = Cost(of: completion, sample: 0, arithmetic: nil)
            #expect(cost.promptTokens == prompt && cost.sampledTokens == FakeModelServer.greedy.utf8.count && cost.calls == 1)
            #expect(server.requests.count == before + 1)
            #expect((server.requests[before].json["stream"] == .bool(true)) == isStreamed)
            #expect(model.abilities.isEmpty)
        }
    }

    @Test("a limit that was reached is told from an end")
    func length() async throws {
        try await withModelServer { server, _ in
            let sample = try await connect(server).complete([question(sampling: Sampling(limit: 6).greedy)])[0].samples[0]
            #expect(sample.finish == .length && sample.segments.text == "four, ")
        }
    }

    @Test("samples are the same whether the server honours n or ignores it and is asked once for each")
    func samples() async throws {
        var calls: [Int] = []
        for honours in [true, false] {
            var abilities = FakeAbilities()
            abilities.n = honours
            try await withModelServer(abilities) { server, _ in
                let model = try await connect(server)
                let before = server.requests.count
                let completion = try await model.complete([question(count: 5)])[0]
                #expect(completion.samples.count == 5)
                #expect(Set(completion.samples.map(\.segments.text)).count > 1)
                calls.append(server.requests.count - before)
                let again = try await model.complete([question(count: 5)])[0]
                #expect(again.samples == completion.samples)
            }
        }
        #expect(calls == [1, 5])
    }

    @Test("a server that stops honouring n is asked again for the missing samples only")
    func missingSamples() async throws {
        try await withModelServer { server, _ in
            let settings = patientSettings(server.url)
            let model = try model(settings, plainChat { $0.samples = .yes })
            let completion = try await model.complete([question(count: 3)])[0]
            #expect(completion.samples.count == 3)
            #expect(server.requests.map { $0.json["n"]?.int ?? 1 } == [3, 1, 1])
            #expect(completion.reported?.sampled == completion.samples.map { $0.segments.text.utf8.count })
        }
    }

    @Test("many samples are split into calls of the settings' width")
    func width() async throws {
        var abilities = FakeAbilities()
        abilities.n = true
        try await withModelServer(abilities) { server, _ in
            var settings = patientSettings(server.url)
            settings.samplesPerRequest = 4
            let model = try model(settings, plainChat { $0.samples = .yes })
            let completion = try await model.complete([question(count: 10)])[0]
            #expect(completion.samples.count == 10)
            #expect(server.requests.map { $0.json["n"]?.int ?? 1 }.sorted() == [2, 4, 4])
            #expect(completion.reported?.sampled.reduce(0, +) == completion.samples.reduce(0) { $0 + $1.segments.text.utf8.count })
        }
    }

    @Test("results stand in the order of requests and samples, not of arrival")
    func order() async throws {
        let server = FaultyServer { request in
            let text = request.json["messages"]?.elements?.first?["content"]?.text ?? ""
            return [.pause(milliseconds: text == "0" ? 60 : 1)] + Spelled.answer(Spelled.chat("answer to \(text)"))
        }
        defer { server.stop() }
        let model = try model(patientSettings(server.url))
        let completions = try await model.complete((0..<6).map { question("\($0)") })
        #expect(completions.map { $0.samples[0].segments.text } == (0..<6).map { "answer to \($0)" })
    }

    @Test("tokens and the sampler's log-probabilities are taken only where both are known and the sampler drew from the whole distribution")
    func tokens() async throws {
        try await withModelServer(.everything) { server, _ in
            let model = try await connect(server)
            #expect(model.abilities == [.tokens, .logProbs, .onPolicyLogProbs])
            let whole = try await model.complete([question()])[0].samples[0].segments[0]
            #expect(whole.tokens == whole.text.utf8.map(TokenID.init))
            #expect(whole.samplerLogProbs == whole.text.utf8.map { -Float($0) / 256 })
            for sampling in [Sampling(temperature: 0.7), Sampling(topK: 5), Sampling(topP: 0.9), Sampling().greedy] {
                let own = try await model.complete([question(sampling: sampling)])[0].samples[0].segments[0]
                #expect(own.tokens != nil && own.samplerLogProbs == nil)
            }
            let trusting = try await connect(server) { $0.reportsSamplerLogProbs = true }
            #expect(try await trusting.complete([question(sampling: Sampling(temperature: 0.7))])[0].samples[0].segments[0].samplerLogProbs != nil)
        }
    }

    @Test("whichever way a server treats stop texts, the answer ends with the text that ended it", arguments: ["ignored", "leftOut", "told", "kept"])
    func stops(way: String) async throws {
        var abilities = FakeAbilities()
        abilities.stop = ["ignored": .ignored, "leftOut": .leftOut, "told": .told, "kept": .kept][way] ?? .ignored
        try await withModelServer(abilities) { server, _ in
            let model = try await connect(server)
            #expect(model.capabilities.stop == (way == "ignored" ? .no : .yes))
            #expect(model.capabilities.tellsStopText == (way == "told" || way == "kept" ? .yes : way == "ignored" ? .unknown : .no))
            for stop in [["ix"], ["nine", "ive,"], ["never"]] {
                let sample = try await model.complete([question(sampling: Sampling(limit: 200, stop: stop).greedy)])[0].samples[0]
                let expected = ["four, five, six", "four, five,", FakeModelServer.greedy][stop == ["ix"] ? 0 : stop == ["never"] ? 2 : 1]
                // One text of a server that leaves it out cannot be told from an end of text.
                let assumed = way == "leftOut" && stop == ["never"] ? "never" : ""
                #expect(sample.segments.text == expected + assumed)
                #expect(sample.finish == .stop)
            }
        }
    }

    @Test("an answer cut here keeps the tokens up to the one that completes the stop text")
    func cutTokens() async throws {
        var abilities = FakeAbilities.everything
        abilities.stop = .ignored
        try await withModelServer(abilities) { server, _ in
            let model = try await connect(server)
            let segment = try await model.complete([question(sampling: Sampling(limit: 200, stop: ["ive,", "six"]).greedy)])[0].samples[0].segments[0]
            #expect(segment.text == "four, five,")
            #expect(segment.tokens == segment.text.utf8.map(TokenID.init))
        }
    }

    @Test("texts are scored in each of the three ways servers offer", arguments: ["echo", "echoAndOne", "promptLogProbs", "none"])
    func scores(way: String) async throws {
        var abilities = FakeAbilities.everything
        abilities.echo = ["echo": .alone, "echoAndOne": .andOne][way] ?? .none
        abilities.promptLogProbs = way == "promptLogProbs"
        try await withModelServer(abilities) { server, _ in
            let model = try await connect(server)
            #expect(model.capabilities.scoring.rawValue == way)
            #expect(model.abilities.contains(.logProbs) == (way != "none"))
            let transcripts: [Transcript] = [[.text("2+2=", from: .world), .text("4", from: .model("m", update: 0))], [.text("ab", from: .world)]]
            guard way != "none" else {
                let fault = await fault { try await model.score(transcripts, .logProbs) }
                #expect(fault?.kind == .abilityMissing && fault?.description.contains("prompt_logprobs") == true)
                return
            }
            let scores = try await model.score(transcripts, .logProbs)
            for (own, transcript) in zip(scores, transcripts) {
                #expect(own.values == transcript.text.utf8.dropFirst().map { -Float($0) / 256 })
                #expect(own.shape == [transcript.text.utf8.count - 1])
            }
            let tokens = try await model.score([[Segment(origin: .world, content: .tokens([97, 98, 99], text: "abc"))]], .logProbs)
            #expect(tokens[0].values == [-98.0 / 256, -99.0 / 256])
            #expect(await fault { try await model.score(transcripts, .entropies) }?.kind == .abilityMissing)
        }
    }

    @Test("a transcript that ends with the model's own words is continued where that is possible, and refused elsewhere")
    func continuing() async throws {
        let context: Transcript = [.text("Count: ", from: .world), .text("three, ", from: .model("remote", update: 0))]
        let request = Completion.Request(context: context, sampling: Sampling(), seed: Seed(1))
        var abilities = FakeAbilities()
        abilities.continues = true
        try await withModelServer(abilities) { server, _ in
            _ = try await connect(server).complete([request])
            #expect(server.requests.last?.json["continue_final_message"] == .bool(true))
        }
        abilities.continues = false
        abilities.completions = true
        try await withModelServer(abilities) { server, _ in
            _ = try await connect(server).complete([request])
            #expect(server.requests.last?.path == "/v1/completions")
            #expect(server.requests.last?.json["prompt"]?.text == "Count: three, ")
        }
        abilities.completions = false
        try await withModelServer(abilities) { server, _ in
            let model = try await connect(server)
            #expect(await fault { try await model.complete([request]) }?.kind == .cannotContinue)
        }
    }

    @Test("where usage is missing, tokens are estimated from the text and marked so")
    func missingUsage() async throws {
        var abilities = FakeAbilities()
        abilities.usage = false
        try await withModelServer(abilities) { server, _ in
            let model = try await connect(server)
            #expect(model.capabilities.usage == .no)
            let completion = try await model.complete([question(sampling: Sampling(limit: 200).greedy)])[0]
            #expect(completion.reported == ReportedTokens(prompt: 1, sampled: [9], isEstimated: true))
        }
    }

    @Test("top-k is refused in a sentence where the server does not take it")
    func topK() async throws {
        var abilities = FakeAbilities()
        abilities.refusesTopK = true
        try await withModelServer(abilities) { server, _ in
            let model = try await connect(server)
            #expect(model.capabilities.topK == .no)
            _ = try await model.complete([question()])
            #expect(server.requests.last?.json["top_k"] == nil)
            #expect(await fault { try await model.complete([question(sampling: Sampling(topK: 3))]) }?.kind == .abilityMissing)
        }
    }

    @Test("what was asked arrives as it was meant: sampling, seed, limit and messages")
    func request() async throws {
        try await withModelServer { server, _ in
            let model = try await connect(server) { $0.extra = ["min_p": .number(0.05)] }
            _ = try await model.complete([question("hi", sampling: Sampling(temperature: 0.3, topP: 0.8, limit: 9))])
            let body = server.requests.last?.json
            #expect(body?["temperature"]?.double == 0.3 && body?["top_p"]?.double == 0.8 && body?["max_tokens"]?.int == 9)
            #expect(body?["top_k"]?.int == -1 && body?["min_p"]?.double == 0.05)
            #expect(body?["messages"]?.canonical == #"[{"content":"hi","role":"user"}]"#)
            #expect(body?["seed"]?.int.map { (0..<1 << 31).contains($0) } == true)
        }
    }

    @Test("a client gives tools and the pieces of a stream to those who ask for them")
    func tools() async throws {
        let call =
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"add","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#
        let server = FaultyServer { request in
            Spelled.stream(request.json["tools"] == nil ? [Spelled.delta("He"), Spelled.delta("y"), Spelled.end(), "[DONE]"] : [call, "[DONE]"])
        }
        defer { server.stop() }
        let client = try EndpointClient(patientSettings(server.url), environment: [:])
        var request = EndpointRequest(.chat([ChatMessage(.user, "u")]))
        request.isStreamed = true
        let seen = Seen()
        let reply = try await client.reply(to: request, seed: Seed(0), by: ServedModel("m")) { seen.add($0.text) }
        #expect(reply.choices[0].text == "Hey" && seen.all == ["He", "y"])
        request.tools = [ToolSpecification(name: "add", summary: "Adds.")]
        #expect(try await client.reply(to: request, seed: Seed(0)).choices[0].toolCalls.map(\.name) == ["add"])
    }
}
