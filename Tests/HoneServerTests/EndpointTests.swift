import HoneCore
import HoneEndpoint
import HoneServer
import HoneText
import Testing

/// A model with a life of its own: greedy answers are always the same sentence, others depend on seed and sample.
private func sentences() -> StreamedBytes {
    StreamedBytes { request, sample in
        let text = request.context.text
        if request.sampling.temperature == 0 { return text.contains("list") ? "one, two, three, four, five, six" : "four, five, six, seven, eight, nine." }
        let words = ["red", "green", "blue", "white", "black", "grey", "pink", "brown"]
        var generator = request.seed.child("sample", sample).generator
        return (0..<6).map { _ in words[generator.integer(in: 0...7)] }.joined(separator: " ")
    }
}

@Suite("Hone's own client against Hone's server")
struct EndpointTests {
    private func settings(_ server: RunningServer) -> EndpointSettings { EndpointSettings(url: "http://127.0.0.1:\(server.port)/v1", model: "bytes") }

    @Test("the client's probe finds every ability it knows of")
    func probe() async throws {
        let source = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
        let prompt = TemplatePrompt(try ChatTemplate(source)) { TemplateTime(year: 2026, month: 1, day: 1) }
        try await RunningServer.with([hosted(sentences(), context: 4096, prompt: prompt)]) { server in
            let found = try await EndpointProbe(EndpointClient(settings(server), environment: [:])).findings()
            for (name, finding) in found.findings { #expect(finding != .no, "\(name): \(found.notes)") }
            #expect(found.samples == .yes && found.logProbs == .yes && found.seed == .yes && found.tokenIDs == .yes && found.tokenPrompts == .yes)
            #expect(found.keepsStopText == .yes && found.stream == .yes && found.usage == .yes && found.scoring == .echo)
        }
    }

    @Test("a model asked through the server gives the tokens and log-probabilities that it gives when asked directly")
    func throughTheWire() async throws {
        let model = StreamedBytes { _, sample in "word \(sample), né\n" }
        try await RunningServer.with([hosted(model, context: 4096)]) { server in
            let remote = try await EndpointModel.connect(settings(server), as: "remote", environment: [:])
            let request = Completion.Request(
                context: [.text("hi", from: .prompt)], sampling: Sampling(limit: 40, stop: [","]), seed: Seed(3), count: 2)
            let direct = try await model.complete([request])[0]
            let asked = try await remote.complete([request])[0]
            #expect(asked.samples.map { $0.segments.text } == direct.samples.map { $0.segments.text })
            #expect(asked.samples.map { $0.segments.tokens } == direct.samples.map { $0.segments.tokens })
            #expect(asked.samples.map { $0.segments.first?.samplerLogProbs } == direct.samples.map { $0.segments.first?.samplerLogProbs })
            #expect(asked.samples.map(\.finish) == [.stop, .stop])
            let text: Transcript = [.text("abc", from: .prompt)]
            #expect(try await remote.score([text], .logProbs)[0].values == [ScriptedBytes.logProb(98), ScriptedBytes.logProb(99)])
        }
    }

    @Test("a fleet's weights are refreshed by adapters that the server loads, and former ones are unloaded")
    func weights() async throws {
        let adapters = FolderAdapters(unloaded: Counter())
        try await RunningServer.with([hosted(StreamedBytes(saying: "base"), context: 4096)], adapters: adapters) { server in
            let settings = settings(server)
            let fleet = try EndpointFleet([settings], environment: [:])
            let capabilities = try await EndpointProbe(EndpointClient(settings, environment: [:])).findings()
            let model = EndpointModel("fleet", fleet, settings: settings, capabilities: capabilities)
            let request = Completion.Request(context: [.text("hi", from: .prompt)], sampling: Sampling(limit: 40), seed: Seed(1))
            func said() async throws -> String { try await model.complete([request])[0].samples[0].segments.text }
            #expect(try await said() == "base")
            try await fleet.refreshWeights(adapter: "/adapters/3", name: "policy", version: 3)
            #expect(try await said() == "/adapters/3")
            try await fleet.refreshWeights(adapter: "/adapters/4", name: "policy", version: 4)
            #expect(try await said() == "/adapters/4")
            #expect(server.server.service.hosted.map(\.name) == ["bytes", "policy-v4"])
        }
    }
}
