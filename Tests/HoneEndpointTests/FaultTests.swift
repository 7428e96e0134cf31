import Foundation
import Glibc
import HoneCore
import HoneEndpoint
import Testing

@Suite("What can go wrong has a named outcome")
struct FaultTests {
    /// Asks a server that follows the row's script, and looks at the outcome.
    private func check(_ row: FaultRow) async throws {
        let server = FaultyServer(row.script)
        defer { server.stop() }
        var settings = quickSettings(server.url)
        // Where no time has to pass, a busy machine gets all it wants.
        if row.kind != .firstByteTimedOut { settings.firstByteSeconds = 20 }
        if row.kind != .stalled { settings.betweenBytesSeconds = 20 }
        settings.isStreamed = row.isStreamed
        row.change(&settings)
        let model = try model(
            settings,
            plainChat {
                $0.stream = .yes
                $0.samples = .yes
            })
        let fault = await fault { try await model.complete([question(count: row.count)]) }
        #expect(fault?.kind == row.kind, "\(row.name): \(fault?.description ?? "no fault")")
        #expect(server.requests.count == row.tries)
        #expect(fault?.attempts == row.tries || fault?.address == "Model “remote”")
        #expect(fault.map { $0.description.count > 20 && !$0.description.hasSuffix(".") } == true)
    }

    @Test("between the machines and in the form of answers", arguments: transportFaults)
    func transport(row: FaultRow) async throws { try await check(row) }

    @Test("in what a status says", arguments: statusFaults)
    func status(row: FaultRow) async throws { try await check(row) }

    @Test("in what a body says", arguments: bodyFaults)
    func bodies(row: FaultRow) async throws { try await check(row) }

    @Test("in streams", arguments: streamFaults)
    func streams(row: FaultRow) async throws { try await check(row) }

    @Test("the names of the rows are all different, and there are more than a hundred")
    func names() {
        let rows = transportFaults + statusFaults + bodyFaults + streamFaults
        #expect(Set(rows.map(\.name)).count == rows.count)
        #expect(rows.count > 100)
    }

    @Test("where nothing listens, the connection is refused")
    func refused() async throws {
        let model = try model(quickSettings("http://127.0.0.1:\(FaultyServer.closedPort)/v1"))
        let fault = await fault { try await model.complete([question()]) }
        #expect(fault?.kind == .connectionRefused)
        #expect(fault?.attempts == 2)
    }

    @Test("a host that nobody knows is not asked again")
    func unknownHost() async throws {
        let model = try model(quickSettings("http://no-such-host.invalid/v1"))
        let fault = await fault { try await model.complete([question()]) }
        #expect(fault?.kind == .hostNotFound)
        #expect(fault?.attempts == 1)
    }

    @Test("where connections are not taken, the client gives up in time")
    func connectTimesOut() async throws {
        // A queue of length 0 that is full: further attempts to connect get no reply.
        let (socket, port) = FaultyServer.listen(backlog: 0)
        var fillers: [Int32] = []
        for _ in 0..<4 {
            let filler = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(filler, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
            fillers.append(filler)
        }
        defer { for own in fillers + [socket] { close(own) } }
        var settings = quickSettings("http://127.0.0.1:\(port)/v1")
        settings.connectSeconds = 0.05
        let model = try model(settings)
        let fault = await fault { try await model.complete([question()]) }
        #expect(fault?.kind == .connectTimedOut)
    }

    @Test("a server without TLS behind https is told as such, whatever the reason it gives")
    func noTLS() async throws {
        let server = FaultyServer { _ in [.close] }
        defer { server.stop() }
        var settings = patientSettings(server.url.replacingOccurrences(of: "http:", with: "https:"))
        settings.connectSeconds = 0.2
        settings.retries.limit = 0
        let model = try model(settings)
        let fault = await fault { try await model.complete([question()]) }
        // The server waits for a request and the client for a handshake.
        #expect(fault?.kind == .connectTimedOut || fault?.kind == .secureConnectionFailed)
        #expect(server.requests.isEmpty)
    }

    @Test("the deadline counts the pauses between tries")
    func deadlineWithPauses() async throws {
        let server = FaultyServer { _ in Spelled.answer("{}", status: "503 Service Unavailable", fields: ["Retry-After: 7"]) }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.retries.limit = 10
        settings.deadlineSeconds = 20
        let clock = TestClock()
        let model = try model(settings, clock: clock)
        let fault = await fault { try await model.complete([question()]) }
        #expect(fault?.kind == .deadlineExceeded)
        #expect(fault?.status == 503)
        #expect(clock.waits.count == 2 && clock.waits.allSatisfy { $0 >= 7 && $0 < 8 })
    }

    @Test("a cancelled request ends at once and leaves nothing waiting")
    func cancellation() async throws {
        let server = FaultyServer { _ in [.hold] }
        defer { server.stop() }
        var settings = patientSettings(server.url)
        settings.concurrency = 1
        let model = try model(settings)
        // The second waits for the slot of the first.
        let work = Task { try await model.complete([question("a"), question("b")]) }
        while server.requests.isEmpty { await Task.yield() }
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
    }
}
