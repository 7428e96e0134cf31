import Foundation
import HoneCore
import HoneServer
import HoneText
import Synchronization

/// Numbers that count up, for seeds and times of tests.
final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int { value.withLock { $0 += 1; return $0 } }
}

/// A model of bytes under the name “bytes”.
func hosted(_ model: any Model, name: String = "bytes", context: Int = 512, prompt: any ConversationPrompt = PlainPrompt()) -> HostedModel {
    HostedModel(name: name, model: model, tokenizer: ByteTokenizer(), contextLength: context, prompt: prompt)
}

/// A server on a free port while a test runs.
struct RunningServer {
    let server: ModelServer
    let port: Int

    /// Starts a server, runs the test, and stops it.
    static func with<Value>(
        _ models: [HostedModel], limits: ServerLimits = ServerLimits(), adapters: (any AdapterLoading)? = nil, token: String? = nil,
        _ test: (RunningServer) async throws -> Value
    ) async throws -> Value {
        let counter = Counter()
        var limits = limits
        // On a busy machine minutes may pass between a connection and its request; only tests of idle connections want them closed.
        if limits.idleSeconds == ServerLimits().idleSeconds { limits.idleSeconds = 3600 }
        let service = ModelService(
            models, limits: limits, adapters: adapters, unixSeconds: { 1_700_000_000 }, seeds: { Seed(UInt64(counter.next())) })
        let server = try ModelServer(service, at: ServerAddress(port: 0), token: token.map { try BearerToken($0) })
        let (ports, told) = AsyncStream<Int>.makeStream()
        let running = Task { try await server.run { told.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        let port = await iterator.next() ?? 0
        do {
            let value = try await test(RunningServer(server: server, port: port))
            await server.stop(graceSeconds: 0)
            try await running.value
            return value
        } catch {
            await server.stop(graceSeconds: 0)
            throw error
        }
    }

    static func head(_ method: String, _ path: String, _ fields: [String: String], count: Int?) -> String {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: \(fields["Host"] ?? "127.0.0.1")\r\n"
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) where name != "Host" { text += "\(name): \(value)\r\n" }
        if let count { text += "Content-Type: application/json\r\nContent-Length: \(count)\r\n" }
        return text + "\r\n"
    }

    /// One exchange on a connection of its own.
    func ask(_ method: String, _ path: String, _ body: String? = nil, _ fields: [String: String] = [:]) async throws -> WireReply {
        let client = try WireClient(port: port)
        defer { client.close() }
        client.send(Self.head(method, path, fields, count: body?.utf8.count) + (body ?? ""))
        return try await client.reply()
    }

    func post(_ path: String, _ body: String, _ fields: [String: String] = [:]) async throws -> WireReply { try await ask("POST", path, body, fields) }

    /// A connection whose request has been sent.
    func begin(_ path: String, _ body: String) throws -> WireClient {
        let client = try WireClient(port: port)
        client.send(Self.head("POST", path, [:], count: body.utf8.count) + body)
        return client
    }
}

/// Waits until something holds; gives up after some seconds.
func eventually(_ holds: () -> Bool) async -> Bool {
    for _ in 0..<12_000 {
        if holds() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return holds()
}
