import Foundation
import HoneCore
import HoneEndpoint
import Testing

@Suite("Fleets of endpoints")
struct FleetTests {
    private func fleet(_ servers: [FaultyServer], clock: TestClock = TestClock(), _ change: (inout EndpointSettings) -> Void = { _ in }) throws
        -> EndpointFleet
    {
        try EndpointFleet(
            servers.map { server in
                var settings = patientSettings(server.url)
                settings.retries.limit = 0
                change(&settings)
                return settings
            }, environment: [:], clock: clock, breaker: CircuitBreaker(failuresToOpen: 2, coolSeconds: 30))
    }

    private func model(_ fleet: EndpointFleet) -> EndpointModel {
        EndpointModel("fleet", fleet, settings: fleet.clients[0].settings, capabilities: plainChat())
    }

    @Test("calls go to the endpoint with the fewest under way, the first of equals, and results stand in order")
    func balance() async throws {
        let script: @Sendable (Received) -> [Act] = { request in
            let text = request.json["messages"]?.elements?.first?["content"]?.text ?? ""
            return [.pause(milliseconds: 25)] + Spelled.answer(Spelled.chat("to \(text)"))
        }
        let servers = [FaultyServer(script), FaultyServer(script), FaultyServer(script)]
        defer { for server in servers { server.stop() } }
        let model = model(try fleet(servers))
        for _ in 0..<2 { _ = try await model.complete([question("alone")]) }
        #expect(servers.map(\.requests.count) == [2, 0, 0])
        let completions = try await model.complete((0..<9).map { question("\($0)") })
        #expect(completions.map { $0.samples[0].segments.text } == (0..<9).map { "to \($0)" })
        #expect(servers.allSatisfy { $0.requests.count >= 3 })
    }

    @Test("a failing endpoint's calls go to another one; after some it is left alone, and tried once when it has cooled")
    func breaker() async throws {
        let bad = FaultyServer { $0.number < 3 ? Spelled.answer("{}", status: "500 Internal Server Error") : Spelled.answer(Spelled.chat("bad")) }
        let good = FaultyServer { _ in Spelled.answer(Spelled.chat("good")) }
        defer { for server in [bad, good] { server.stop() } }
        let clock = TestClock()
        let model = model(try fleet([bad, good], clock: clock))
        func ask() async throws -> String { try await model.complete([question()])[0].samples[0].segments.text }
        for _ in 0..<5 { #expect(try await ask() == "good") }
        #expect(bad.requests.count == 2 && good.requests.count == 5)
        clock.advance(31)
        // The trial fails, so it is left alone again.
        for _ in 0..<3 { #expect(try await ask() == "good") }
        #expect(bad.requests.count == 3)
        clock.advance(31)
        for _ in 0..<3 { #expect(try await ask() == "bad") }
        #expect(bad.requests.count == 6)
    }

    @Test("a breaker opens at the limit, lets one call through when cooled, and closes by its success")
    func breakerAlone() {
        var breaker = CircuitBreaker(failuresToOpen: 2, coolSeconds: 10)
        breaker.fail(at: 0)
        breaker.succeed()
        breaker.fail(at: 1)
        #expect(breaker.lets(at: 1))
        breaker.fail(at: 2)
        #expect(!breaker.lets(at: 11.9) && breaker.lets(at: 12))
        breaker.begin()
        #expect(!breaker.lets(at: 13))
        breaker.abandon()
        #expect(breaker.lets(at: 13))
        breaker.begin()
        breaker.fail(at: 14)
        #expect(!breaker.lets(at: 23) && breaker.lets(at: 24))
        breaker.begin()
        breaker.succeed()
        #expect(breaker.lets(at: 24))
    }

    @Test("a fault of the request is not carried from endpoint to endpoint, and when all fail that is said")
    func faults() async throws {
        let refusing = [0, 1].map { _ in FaultyServer { _ in Spelled.answer("{}", status: "400 Bad Request") } }
        let failing = [0, 1].map { _ in FaultyServer { _ in [.close] } }
        defer { for server in refusing + failing { server.stop() } }
        let first = try fleet(refusing)
        #expect(await fault { try await model(first).complete([question()]) }?.kind == .badRequest)
        #expect(refusing.map(\.requests.count) == [1, 0])
        let second = try fleet(failing)
        for _ in 0..<2 { #expect(await fault { try await model(second).complete([question()]) }?.kind == .noEndpointLeft) }
        let last = await fault { try await model(second).complete([question()]) }
        #expect(last?.kind == .noEndpointLeft && last?.description.contains("lately") == true)
        #expect(failing.map(\.requests.count) == [2, 2])
    }

    @Test("new weights reach every endpoint, later samples carry their version, and the former adapter goes")
    func weights() async throws {
        let fakes = [FakeModelServer(.everything), FakeModelServer(.everything)]
        let servers = fakes.map { FaultyServer($0.answer) }
        defer { for server in servers { server.stop() } }
        let fleet = try fleet(servers)
        let model = model(fleet)
        func origin() async throws -> Segment.Origin { try await model.complete([question()])[0].samples[0].segments[0].origin }
        #expect(try await origin() == .model("fleet", update: 0))
        let refresh = try await fleet.refreshWeights(adapter: "/shared/adapters/3", name: "policy", version: 3)
        #expect(refresh == WeightRefresh(served: ServedModel("policy-v3", update: 3), taken: [0, 1], refused: [:]))
        #expect(try await origin() == .model("fleet", update: 3))
        #expect(servers[0].requests.last?.json["model"]?.text == "policy-v3")
        #expect(servers[1].requests.last?.json.canonical == #"{"lora_name":"policy-v3","lora_path":"/shared/adapters/3"}"#)
        try await fleet.refreshWeights(adapter: "/shared/adapters/4", name: "policy", version: 4)
        #expect(try await origin() == .model("fleet", update: 4))
        for fake in fakes { #expect(fake.loaded == ["policy-v4"]) }
        #expect(await fault { try await fleet.refreshWeights(adapter: "/x", name: "policy", version: 4) }?.kind == .badSettings)
        #expect(await fault { try await fleet.refreshWeights(adapter: "relative", name: "policy", version: 5) }?.kind == .badSettings)
        #expect(await fault { try await fleet.refreshWeights(adapter: "/x", name: "a/b", version: 5) }?.kind == .badSettings)
    }

    @Test("an endpoint that does not take new weights gets no calls, and when none takes them the old ones stay")
    func refusedWeights() async throws {
        let willing = FakeModelServer(.everything)
        let unwilling = FakeModelServer()
        let servers = [FaultyServer(unwilling.answer), FaultyServer(willing.answer)]
        defer { for server in servers { server.stop() } }
        let both = try fleet(servers)
        let refresh = try await both.refreshWeights(adapter: "/a", name: "p", version: 1)
        #expect(refresh.taken == [1] && refresh.refused[0]?.kind == .notFound)
        let before = servers[0].requests.count
        for _ in 0..<3 { _ = try await model(both).complete([question()]) }
        #expect(servers[0].requests.count == before)
        let one = try fleet([servers[0]])
        #expect(await fault { try await one.refreshWeights(adapter: "/a", name: "p", version: 1) }?.kind == .adapterRefused)
        #expect(try await model(one).complete([question()])[0].samples[0].segments[0].origin == .model("fleet", update: 0))
    }

    @Test("an answer is found again in the cache whichever endpoint gave it, but not under other weights")
    func cache() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let fakes = [FakeModelServer(.everything), FakeModelServer(.everything)]
        let servers = fakes.map { FaultyServer($0.answer) }
        defer { for server in servers { server.stop() } }
        let fleet = try fleet(servers) { $0.cache = folder.path }
        let requests = (0..<4).map { question("\($0)") }
        let first = try await model(fleet).complete(requests)
        let sent = servers.map(\.requests.count).reduce(0, +)
        #expect(try await model(fleet).complete(requests) == first)
        #expect(servers.map(\.requests.count).reduce(0, +) == sent)
        try await fleet.refreshWeights(adapter: "/a", name: "p", version: 1)
        #expect(
            try await model(fleet).complete(requests).map { $0.samples[0].segments[0].origin } == requests.map { _ in .model("fleet", update: 1) })
    }

    @Test("endpoints that differ in what must be the same are no fleet")
    func mixed() {
        var other = EndpointSettings(url: "http://localhost:2", model: "n")
        #expect { try EndpointFleet([EndpointSettings(url: "http://localhost:1", model: "m"), other], environment: [:]) } throws: {
            ($0 as? EndpointFault)?.kind == .badSettings
        }
        other.model = "m"
        #expect(throws: Never.self) { try EndpointFleet([EndpointSettings(url: "http://localhost:1", model: "m"), other], environment: [:]) }
        #expect { try EndpointFleet([], environment: [:]) } throws: { ($0 as? EndpointFault)?.kind == .badSettings }
    }
}
