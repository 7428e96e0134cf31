import Foundation
import HoneCore
import HoneEndpoint
import Testing

@Suite("Probing an endpoint")
struct ProbeTests {
    private func probe(_ abilities: FakeAbilities, _ change: (inout EndpointSettings) -> Void = { _ in }) async throws -> EndpointCapabilities {
        try await withModelServer(abilities) { server, _ in
            var settings = patientSettings(server.url)
            change(&settings)
            return try await EndpointProbe(EndpointClient(settings, environment: [:], clock: TestClock())).findings()
        }
    }

    @Test("a server with everything is found to have everything")
    func everything() async throws {
        let found = try await probe(.everything)
        #expect(found.findings.allSatisfy { $0.finding == .yes }, "\(found)")
        #expect(found.scoring == .echo && found.limitField == .maxTokens && found.notes.isEmpty)
    }

    @Test("a server that ignores what it does not know is not believed")
    func little() async throws {
        var abilities = FakeAbilities()
        (abilities.stop, abilities.seed, abilities.stream, abilities.usage, abilities.system) = (.ignored, false, true, false, false)
        let found = try await probe(abilities)
        #expect(found.chat == .yes && found.completions == .no && found.stream == .yes)
        for finding in [
            found.samples, found.logProbs, found.stop, found.seed, found.tokenIDs, found.usage, found.systemRole, found.continuesLastMessage,
        ] {
            #expect(finding == .no)
        }
        #expect(found.tellsStopText == .unknown && found.scoring == .none)
        #expect(found.notes["n"] != nil && found.notes["stop"]?.contains("went on") == true && found.notes["seed"] != nil)
    }

    @Test(
        "each ability is found by itself", arguments: ["n", "logprobs", "seed", "token ids", "stream", "continues", "system role", "top_k", "usage"])
    func single(name: String) async throws {
        for has in [true, false] {
            var abilities = FakeAbilities()
            switch name {
            case "n": abilities.n = has
            case "logprobs": abilities.logProbs = has
            case "seed": abilities.seed = has
            case "token ids": abilities.tokenIDs = has
            case "continues": abilities.continues = has
            case "system role": abilities.system = has
            case "top_k": abilities.refusesTopK = !has
            case "usage": abilities.usage = has
            default: abilities.stream = has
            }
            let found = try await probe(abilities)
            // A server that does not stream answers whole, which serves as well.
            let expected: EndpointCapabilities.Finding = has || name == "stream" ? .yes : .no
            #expect(found.findings.first { $0.name == name }?.finding == expected, "\(name) \(has)")
        }
    }

    @Test("the newer field for the limit is found where the older one is refused")
    func limitField() async throws {
        var abilities = FakeAbilities()
        abilities.wantsNewLimit = true
        let found = try await probe(abilities)
        #expect(found.limitField == .maxCompletionTokens && found.chat == .yes && found.notes["chat"] == nil)
    }

    @Test("a server with completions only is used by completions, and one with neither is refused in a sentence")
    func routes() async throws {
        var abilities = FakeAbilities.everything
        abilities.chat = false
        let found = try await probe(abilities)
        #expect(found.chat == .no && found.completions == .yes && found.samples == .yes && found.scoring == .echo)
        abilities.completions = false
        let fault = await fault { try await probe(abilities) }
        #expect(fault?.kind == .abilityMissing && fault?.description.contains("neither") == true)
        try await withModelServer(.everything) { server, _ in
            var settings = patientSettings(server.url)
            settings.route = .completions
            let model = try await EndpointModel.connect(settings, as: "remote", environment: [:], clock: TestClock())
            #expect(model.capabilities.chat == .unknown)
            let completion = try await model.complete([question()])[0]
            #expect(server.requests.allSatisfy { $0.path == "/v1/completions" })
            #expect(completion.context.tokens == Array("2+2=".utf8).map(TokenID.init))
            #expect(completion.samples[0].segments[0].samplerLogProbs?.count == completion.samples[0].segments.tokens?.count)
        }
    }

    @Test(
        "what says nothing about abilities is thrown: a refused key, a missing model, no server",
        arguments: [
            ("401 Unauthorized", EndpointFault.Kind.unauthorized), ("404 Not Found", .modelNotFound), ("503 Service Unavailable", .overloaded),
        ])
    func thrown(status: String, kind: EndpointFault.Kind) async throws {
        let server = FaultyServer { _ in Spelled.answer(#"{"error":{"message":"The model does not exist"}}"#, status: status) }
        defer { server.stop() }
        let client = try EndpointClient(patientSettings(server.url), environment: [:], clock: TestClock())
        #expect(await fault { try await EndpointProbe(client).findings() }?.kind == kind)
    }

    @Test("a probe is made once and recorded; another model is probed anew")
    func recorded() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try await withModelServer(.everything) { server, _ in
            var settings = patientSettings(server.url)
            settings.cache = folder.path
            let first = try await EndpointModel.connect(settings, as: "remote", environment: [:], clock: TestClock())
            let sent = server.requests.count
            let second = try await EndpointModel.connect(settings, as: "remote", environment: [:], clock: TestClock())
            #expect(server.requests.count == sent && second.capabilities == first.capabilities)
            settings.model = "other"
            _ = try await EndpointModel.connect(settings, as: "remote", environment: [:], clock: TestClock())
            #expect(server.requests.count > sent)
        }
    }

    @Test("the models of a server are listed in its order")
    func models() async throws {
        try await withModelServer { server, _ in
            let client = try EndpointClient(patientSettings(server.url), environment: [:])
            #expect(try await client.models() == ["m", "other"])
        }
    }
}
