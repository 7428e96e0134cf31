import Foundation
import HoneCore
import HoneEndpoint
import Testing

@Suite("What can be survived is survived")
struct SurvivalTests {
    private func answer(
        _ change: (inout EndpointSettings) -> Void = { _ in }, clock: TestClock = TestClock(), requests: Int = 1,
        _ script: @escaping @Sendable (Received) -> [Act]
    ) async throws -> [String] {
        let server = FaultyServer(script)
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.retries.limit = 3
        change(&settings)
        let model = try model(settings, plainChat { $0.stream = .yes }, clock: clock)
        var texts: [String] = []
        for _ in 0..<requests { texts.append(try await model.complete([question()])[0].samples[0].segments.text) }
        return texts
    }

    private static let good = Spelled.answer(Spelled.chat("4"))

    @Test(
        "failures that pass are tried again, each after a longer pause",
        arguments: [
            Spelled.answer("{}", status: "500 Internal Server Error"), Spelled.answer("{}", status: "503 Service Unavailable"),
            Spelled.answer("{}", status: "429 Too Many Requests"), [Act.close], [Act.reset], [Act.text("HTTP/1.1 200 OK\r\nConte"), .close],
            [Act.text("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"), .close],
        ])
    func passing(acts: [Act]) async throws {
        let clock = TestClock()
        let texts = try await answer(clock: clock) { $0.number < 2 ? acts : Self.good }
        #expect(texts == ["4"])
        #expect(clock.waits.count == 2)
        #expect(clock.waits.first.map { 0.25...0.5 ~= $0 } == true && clock.waits.last.map { 0.5...1 ~= $0 } == true)
    }

    @Test(
        "the pause is what the server asks for, in seconds or by a date",
        arguments: ["Retry-After: 9", "Retry-After: Sun, 06 Nov 1994 08:49:46 GMT", "retry-after-ms: 9000"])
    func asked(field: String) async throws {
        let clock = TestClock()
        let texts = try await answer(clock: clock) {
            $0.number == 0 ? Spelled.answer("{}", status: "429 Too Many Requests", fields: [field]) : Self.good
        }
        #expect(texts == ["4"])
        #expect(clock.waits.count == 1 && clock.waits.allSatisfy { 9..<10 ~= $0 })
    }

    @Test("a broken stream is asked for again and nothing of it stays")
    func brokenStream() async throws {
        let texts = try await answer({ $0.isStreamed = true }) { request in
            request.number == 0
                ? Spelled.stream([Spelled.delta("half of it")], ends: false) + [.close]
                : Spelled.stream([Spelled.delta("4"), Spelled.end(), Spelled.usage, "[DONE]"])
        }
        #expect(texts == ["4"])
    }

    @Test("a stream is whole with [DONE], whatever becomes of the connection", arguments: [[Act.close], [Act.hold], [Act.reset]])
    func afterDone(acts: [Act]) async throws {
        let texts = try await answer({ $0.isStreamed = true }) { _ in
            Spelled.stream([Spelled.delta("4"), Spelled.end(), "[DONE]"], ends: false) + [.pause(milliseconds: 20)] + acts
        }
        #expect(texts == ["4"])
    }

    @Test("a server that does not stream may answer at once")
    func notStreaming() async throws {
        #expect(try await answer({ $0.isStreamed = true }) { _ in Self.good } == ["4"])
    }

    @Test("a stream may come byte by byte, with comments, and with returns for line ends")
    func drippingStream() async throws {
        let text = ": hello\r\rdata: \(Spelled.delta("4"))\r\r: ping\r\ndata: \(Spelled.end())\n\ndata: [DONE]\r\n\r\n"
        let texts = try await answer({ $0.isStreamed = true }) { _ in
            [.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nContent-Length: \(text.utf8.count)\r\n\r\n")]
                + text.utf8.map { Act.bytes([$0]) }
        }
        #expect(texts == ["4"])
    }

    @Test(
        "odd but whole answers are read",
        arguments: [
            "HTTP/1.1 200\r\nContent-Type: application/json\r\n", "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n", "HTTP/1.1 200 OK\n",
            "HTTP/1.1 200 OK\r\nContent-Type: Application/Problem+JSON; charset=utf-8\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        ])
    func odd(head: String) async throws {
        #expect(try await answer { _ in [.text(head + "\r\n" + Spelled.chat("4")), .close] } == ["4"])
    }

    @Test("one connection carries many requests, and one that the server closed meanwhile is replaced without a try")
    func keepAlive() async throws {
        let server = FaultyServer { $0.number == 2 ? Self.good + [.close] : Self.good }
        defer { server.stop() }
        let clock = TestClock()
        let model = try model(patientSettings(server.url), clock: clock)
        for _ in 0..<6 { #expect(try await model.complete([question()])[0].samples[0].segments.text == "4") }
        #expect(server.connectionCount == 2)
        #expect(clock.waits.isEmpty)
    }

    @Test("a kept connection that closes on the next request is replaced once")
    func staleConnection() async throws {
        let server = FaultyServer { $0.number == 1 ? [.close] : Self.good }
        defer { server.stop() }
        let clock = TestClock()
        let model = try model(patientSettings(server.url), clock: clock)
        for _ in 0..<2 { #expect(try await model.complete([question()])[0].samples[0].segments.text == "4") }
        #expect(server.requests.count == 3 && clock.waits.isEmpty)
    }

    @Test("bytes after the end of an answer do not become the next answer, whether they come with it or later", arguments: [0, 15])
    func surplus(milliseconds: Int) async throws {
        let server = FaultyServer {
            guard $0.number == 0, case .text(let good) = Self.good[0] else { return Self.good }
            let more = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
            return milliseconds == 0 ? [.text(good + more)] : [.text(good), .pause(milliseconds: milliseconds), .text(more)]
        }
        defer { server.stop() }
        let clock = TestClock()
        let model = try model(patientSettings(server.url), clock: clock)
        #expect(try await model.complete([question()])[0].samples[0].segments.text == "4")
        try await Task.sleep(for: .milliseconds(60))
        #expect(try await model.complete([question()])[0].samples[0].segments.text == "4")
        #expect(server.connectionCount == 2 && clock.waits.isEmpty)
    }

    @Test("no more requests are under way at once than the settings allow")
    func concurrency() async throws {
        let server = FaultyServer { _ in [.pause(milliseconds: 10)] + Self.good }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.concurrency = 3
        let model = try model(settings)
        // Twice, so that a slot given back too often would show.
        for _ in 0..<2 { #expect(try await model.complete((0..<12).map { question("\($0)") }).count == 12) }
        #expect(server.connectionCount <= 3)
    }

    @Test(
        "Foundation's transport gives the same outcomes where it gives any",
        arguments: ["plain", "stream", "short", "redirect", "stall", "first", "large", "401"])
    func foundation(way: String) async throws {
        let server = FaultyServer { _ in
            switch way {
            case "plain": Self.good
            case "stream": Spelled.stream([Spelled.delta("4"), Spelled.end(), "[DONE]"])
            case "short": [.text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"), .close]
            case "redirect": Spelled.answer("{}", status: "302 Found", fields: ["Location: http://127.0.0.1:1/"])
            case "stall": [.text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"), .hold]
            case "first": [.hold]
            case "401": Spelled.answer("{}", status: "401 Unauthorized", fields: ["WWW-Authenticate: Bearer"])
            default: Spelled.answer(Spelled.chat(String(repeating: "a", count: 5000)))
            }
        }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.retries.limit = 0
        settings.isStreamed = way == "stream"
        settings.bodyBytes = way == "large" ? 1000 : 64 << 20
        if way == "stall" { settings.betweenBytesSeconds = 0.08 }
        if way == "first" { settings.firstByteSeconds = 0.12 }
        let client = try EndpointClient(settings, environment: [:], transport: URLSessionTransport(connections: 4))
        let model = EndpointModel("remote", client, settings: settings, capabilities: plainChat { $0.stream = .yes })
        let expected: [String: EndpointFault.Kind] = [
            "short": .bodyCutShort, "redirect": .redirected, "stall": .stalled, "first": .firstByteTimedOut, "large": .bodyTooLarge,
            "401": .unauthorized,
        ]
        if let kind = expected[way] {
            let fault = await fault { try await model.complete([question()]) }
            #expect(fault?.kind == kind, "\(fault?.description ?? "no fault")")
        } else {
            #expect(try await model.complete([question()])[0].samples[0].segments.text == "4")
        }
    }
}
