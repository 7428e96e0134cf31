import Foundation
import HoneCore
import HoneEndpoint
import Testing

@Suite("Caps, estimates and kept answers")
struct SpendingTests {
    private let sampling = Sampling(limit: 10)

    @Test("a call that could pass the cap on tokens is not sent, and usage replaces the bound")
    func tokenCap() async throws {
        let server = FaultyServer { _ in Spelled.answer(Spelled.chat("4")) }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        // One call is bounded by 4 + 128 + 16 for the prompt and 10 for the answer, and costs 8.
        settings.caps.tokens = 170
        let model = try model(settings)
        for _ in 0..<2 { _ = try await model.complete([question(sampling: sampling)]) }
        let fault = await fault { try await model.complete([question(sampling: sampling)]) }
        #expect(fault?.kind == .tokenCapReached)
        #expect(fault?.description.contains("158") == true && fault?.description.contains("16 of the cap of 170") == true)
        #expect(server.requests.count == 2)
        #expect(model.source.ledger.spending == spending(calls: 2, prompt: 10, sampled: 6))
    }

    @Test("a call that could pass the cap on money is not sent")
    func moneyCap() async throws {
        let server = FaultyServer { _ in Spelled.answer(Spelled.chat("4")) }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        (settings.prices.promptPerMillion, settings.prices.sampledPerMillion) = (1000, 3000)
        settings.caps.money = 0.19
        let model = try model(settings)
        _ = try await model.complete([question(sampling: sampling)])
        #expect(abs(model.source.ledger.money - 0.014) < 1e-12)
        #expect(await fault { try await model.complete([question(sampling: sampling)]) }?.kind == .moneyCapReached)
        #expect(server.requests.count == 1)
    }

    @Test("calls under way count for the cap, so that many at once cannot pass it")
    func together() async throws {
        let server = FaultyServer { _ in [.pause(milliseconds: 5)] + Spelled.answer(Spelled.chat("4")) }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.caps.tokens = 158 * 3
        let model = try model(settings)
        _ = await fault { try await model.complete((0..<20).map { question("q\($0 % 10)", sampling: sampling) }) }
        let spent = model.source.ledger.spending
        #expect(spent.prompt + spent.sampled <= 158 * 3)
        #expect(server.requests.count < 20)
    }

    @Test("where usage is missing the bound stays charged; a refused call costs nothing, a broken one its bound")
    func assumed() async throws {
        let server = FaultyServer { request in
            switch request.number {
            case 0: Spelled.answer(Spelled.chat("4").replacingOccurrences(of: "\"usage\"", with: "\"other\""))
            case 1: Spelled.answer("{}", status: "400 Bad Request")
            default: [.text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"), .close]
            }
        }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.retries.limit = 0
        let model = try model(settings)
        _ = try await model.complete([question(sampling: sampling)])
        #expect(model.source.ledger.spending == spending(calls: 1, prompt: 148, sampled: 10, assumed: 1))
        _ = await fault { try await model.complete([question(sampling: sampling)]) }
        #expect(model.source.ledger.spending == spending(calls: 2, prompt: 148, sampled: 10, assumed: 1))
        _ = await fault { try await model.complete([question(sampling: sampling)]) }
        #expect(model.source.ledger.spending == spending(calls: 3, prompt: 296, sampled: 20, assumed: 2))
    }

    private func spending(calls: Int, prompt: Int, sampled: Int, assumed: Int = 0) -> EndpointLedger.Spending {
        var spending = EndpointLedger.Spending()
        (spending.calls, spending.prompt, spending.sampled, spending.assumedCalls) = (calls, prompt, sampled, assumed)
        return spending
    }

    @Test("an estimate names calls, tokens and money, least and most, and sends nothing")
    func estimate() async throws {
        try await withModelServer { server, _ in
            var settings = patientSettings(server.url)
            (settings.prices.promptPerMillion, settings.prices.sampledPerMillion, settings.prices.currency) = (1, 2, "EUR")
            let model = try model(settings)
            let requests = [
                question(String(repeating: "a", count: 80), count: 3, sampling: Sampling(limit: 100)), question("b", sampling: Sampling(limit: 100)),
            ]
            let estimate = try model.estimate(requests)
            #expect(estimate.calls == 4 && estimate.cachedCalls == 0)
            let most = 3 * (80 + 144) + (1 + 144)
            #expect(estimate.tokens == 31...most + 400)
            #expect(abs(estimate.money.upperBound - Double(most + 800) / 1e6) < 1e-12 && abs(estimate.money.lowerBound - 31e-6) < 1e-12)
            #expect(estimate.currency == "EUR")
            #expect(server.requests.isEmpty)
            let completions = try await model.complete(requests)
            #expect(estimate.tokens.contains(completions.reduce(0) { $0 + $1.computedTokens }))
        }
    }

    @Test("a kept answer is used again by the same seed, not by another one, and an estimate knows of it")
    func cache() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var abilities = FakeAbilities()
        // The server answers differently each time: only the cache can repeat it.
        abilities.seed = false
        try await withModelServer(abilities) { server, _ in
            var settings = patientSettings(server.url)
            settings.cache = folder.path
            let request = question(count: 2, sampling: Sampling(limit: 40))
            let first = try await model(settings).complete([request])
            let sent = server.requests.count
            let again = try model(settings)
            #expect(try again.estimate([request]).cachedCalls == 2)
            #expect(try await again.complete([request]) == first)
            #expect(server.requests.count == sent)
            #expect(again.source.ledger.spending.cachedCalls == 2 && again.source.ledger.spending.calls == 0)
            #expect(try await again.complete([question(count: 2, sampling: Sampling(limit: 40), seed: Seed(8))]) != first)
            #expect(server.requests.count == sent + 2)
        }
    }

    @Test("a damaged entry is asked for again and replaced, whatever the damage")
    func damagedCache() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try await withModelServer { server, _ in
            var settings = patientSettings(server.url)
            settings.cache = folder.path
            let request = question(sampling: Sampling(limit: 40).greedy)
            let expected = try await model(settings).complete([request])
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
            #expect(names.count == 1)
            let file = folder.appendingPathComponent(names[0])
            let whole = try Data(contentsOf: file)
            let text = String(decoding: whole, as: UTF8.self)
            for damage in [
                "", "{}", String(text.dropLast(30)), text.replacingOccurrences(of: "four", with: "five"),
                text.replacingOccurrences(of: "\"format\":1", with: "\"format\":2"),
            ] {
                try Data(damage.utf8).write(to: file)
                let before = server.requests.count
                #expect(try await model(settings).complete([request]) == expected)
                #expect(server.requests.count == before + 1)
                #expect(try Data(contentsOf: file) == whole)
            }
        }
    }

    @Test("what is wrong with settings is said all at once")
    func settingsFaults() {
        var settings = EndpointSettings()
        settings.url = "nonsense"
        settings.headers = ["X-Api-Key": "v", "Bad Name": "v", "Host": "x", "X-Line": "a\r\nb"]
        settings.extra = ["model": .string("x")]
        (settings.concurrency, settings.firstByteSeconds, settings.deadlineSeconds) = (0, 0, .infinity)
        settings.caps.money = 1
        settings.prices.promptPerMillion = -1
        #expect(settings.faults().count == 11)
        #expect(EndpointSettings(url: "http://localhost:8000", model: "m").faults().isEmpty)
        #expect { try EndpointClient(settings, environment: [:]) } throws: { ($0 as? EndpointFault)?.kind == .badSettings }
    }

    @Test("settings survive their JSON")
    func coding() throws {
        var settings = EndpointSettings(url: "http://localhost:8000", model: "m")
        settings.key = KeySource(file: "keys/endpoint")
        settings.extra = ["min_p": .number(0.1)]
        settings.caps.money = 2
        #expect(try JSONValue(encoding: settings).decode(EndpointSettings.self) == settings)
    }
}
