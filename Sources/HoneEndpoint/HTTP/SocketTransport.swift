import Foundation
import Synchronization

/// HTTP/1.1 over plain sockets, for `http://` endpoints: model servers on this machine or in its network.
///
/// Written out rather than left to `URLSession`, which on Linux ends the process when a server breaks off within a header or
/// sends trailers, and refuses answers without a reason phrase. Connections are kept and used again; a request that meets a kept
/// connection which the server has closed meanwhile is sent once more over a new one. Proxies are not used, nor is compression
/// asked for.
public final class SocketTransport: HTTPTransport {
    /// A connection that waits for another request to its host and port.
    private struct Idle {
        let authority: String
        let connection: SocketConnection
    }

    /// Connections that wait, the newest last.
    private let idle = Mutex<[Idle]>([])
    /// The most connections that wait for one host and port.
    private let idleLimit: Int

    /// A transport without connections.
    public init(idleLimit: Int = 64) { self.idleLimit = idleLimit }

    public func exchange(_ request: HTTPRequest, limits: ExchangeLimits) async throws -> HTTPAnswer {
        try Task.checkCancellation()
        guard !request.address.isEncrypted else {
            throw EndpointFault(.badSettings, "plain sockets do not carry https", address: request.place)
        }
        let work = SocketExchange(request, limits, self)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { work.start($0) }
        } onCancel: {
            work.stop()
        }
    }

    /// A kept connection that still stands.
    fileprivate func kept(_ authority: String) -> SocketConnection? {
        while let connection = newest(authority) {
            if connection.isQuiet { return connection }
            connection.close()
        }
        return nil
    }

    private func newest(_ authority: String) -> SocketConnection? {
        idle.withLock { all in
            all.lastIndex { $0.authority == authority }.map { all.remove(at: $0).connection }
        }
    }

    fileprivate func keep(_ connection: SocketConnection, _ authority: String) {
        let isKept = idle.withLock { all in
            guard all.count(where: { $0.authority == authority }) < idleLimit else { return false }
            all.append(Idle(authority: authority, connection: connection))
            return true
        }
        if !isKept { connection.close() }
    }
}

/// One exchange on a thread of its own: what blocks must not hold a thread of the concurrency pool.
private final class SocketExchange: Sendable {
    private struct State {
        var isStopped = false
        var connection: SocketConnection?
        var answer: CheckedContinuation<HTTPAnswer, any Error>?
        var body: AsyncThrowingStream<[UInt8], any Error>.Continuation?
    }

    private let state = Mutex(State())
    private let request: HTTPRequest
    private let limits: ExchangeLimits
    private let transport: SocketTransport

    init(_ request: HTTPRequest, _ limits: ExchangeLimits, _ transport: SocketTransport) {
        self.request = request
        self.limits = limits
        self.transport = transport
    }

    func start(_ continuation: CheckedContinuation<HTTPAnswer, any Error>) {
        state.withLock { $0.answer = continuation }
        let thread = Thread { self.run() }
        thread.stackSize = 512 << 10
        thread.start()
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.connection?.interrupt()
        }
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func run() {
        do {
            try exchange()
        } catch {
            var failure = error
            if var fault = error as? EndpointFault {
                fault.address = request.place
                failure = isStopped ? CancellationError() : fault
            }
            let (answer, body) = state.withLock { state in
                state.connection?.close()
                state.connection = nil
                defer { state.answer = nil }
                return (state.answer, state.body)
            }
            answer?.resume(throwing: failure)
            body?.finish(throwing: failure)
        }
    }

    private func exchange() throws {
        let begin = ContinuousClock.now
        let end = begin + .seconds(limits.wholeSeconds)
        let bytes = Self.spelled(request)
        if let connection = transport.kept(request.address.authority) {
            // The server may have closed it without our having heard: then no byte of an answer comes.
            do { if try carry(bytes, over: connection, end, isFresh: false) { return } } catch let fault as EndpointFault
                where fault.kind == .connectionLost && state.withLock({ $0.answer != nil })
            {}
            connection.close()
        }
        let connectEnd = min(end, ContinuousClock.now + .seconds(limits.connectSeconds))
        let connection = try SocketConnection.open(request.address, until: connectEnd) { isStopped }
        _ = try carry(bytes, over: connection, end, isFresh: true)
    }

    /// Whether an answer came; false only of a kept connection that had ended.
    private func carry(_ bytes: [UInt8], over connection: SocketConnection, _ end: ContinuousClock.Instant, isFresh: Bool) throws -> Bool {
        try state.withLock { state in
            if state.isStopped { throw CancellationError() }
            state.connection = connection
        }
        let stopped: () -> Bool = { self.isStopped }
        let firstEnd = min(end, ContinuousClock.now + .seconds(limits.firstByteSeconds))
        guard try connection.send(bytes, until: firstEnd, isStopped: stopped) else { throw late(firstEnd, end, .firstByteTimedOut) }
        var parser = HTTPResponseParser()
        var received = 0
        var waitEnd = min(end, ContinuousClock.now + .seconds(limits.firstByteSeconds))
        while true {
            guard let piece = try connection.receive(until: waitEnd, isStopped: stopped) else {
                throw late(waitEnd, end, parser.hasBegun ? .stalled : .firstByteTimedOut)
            }
            if piece.isEmpty, !parser.hasBegun, !isFresh, !isStopped { return false }
            if isStopped { throw CancellationError() }
            for event in piece.isEmpty ? try parser.close() : try parser.take(piece) {
                switch event {
                case .head(let head):
                    let coding = head.fields.value(of: "content-encoding")?.lowercased() ?? "identity"
                    guard coding == "identity" || coding.isEmpty else {
                        throw EndpointFault(.unreadableEncoding, "the answer is encoded as “\(coding.prefix(40))”, which was not asked for")
                    }
                    hand(head)
                case .body(let part):
                    received += part.count
                    guard received <= limits.bodyBytes else {
                        throw EndpointFault(.bodyTooLarge, "the answer exceeds \(limits.bodyBytes) bytes; raise the limit if such answers are meant")
                    }
                    _ = state.withLock { $0.body }?.yield(part)
                case .end:
                    let body = state.withLock { state in
                        state.connection = nil
                        return state.body
                    }
                    if parser.keepsAlive, !parser.hasSurplus, !isStopped {
                        transport.keep(connection, request.address.authority)
                    } else {
                        connection.close()
                    }
                    body?.finish()
                    return true
                }
            }
            waitEnd = min(end, ContinuousClock.now + .seconds(limits.betweenBytesSeconds))
        }
    }

    private func hand(_ head: HTTPHead) {
        let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        continuation.onTermination = { [weak self] reason in if case .cancelled = reason { self?.stop() } }
        let answer = state.withLock { state in
            state.body = continuation
            defer { state.answer = nil }
            return state.answer
        }
        answer?.resume(returning: HTTPAnswer(head: head, body: stream))
    }

    private func late(_ wait: ContinuousClock.Instant, _ end: ContinuousClock.Instant, _ kind: EndpointFault.Kind) -> EndpointFault {
        if wait >= end { return EndpointFault(.deadlineExceeded, "there was no complete answer before the deadline; raise it or ask for less") }
        return kind == .stalled
            ? EndpointFault(.stalled, "the answer stopped for \(limits.betweenBytesSeconds.plain) s before it was complete")
            : EndpointFault(
                .firstByteTimedOut, "no answer began within \(limits.firstByteSeconds.plain) s; the server may be busy, or the prompt long")
    }

    private static func spelled(_ request: HTTPRequest) -> [UInt8] {
        let path = request.address.path
        var text = "\(request.method) \(path.isEmpty ? "/" : path) HTTP/1.1\r\nHost: \(request.address.authority)\r\n"
        for field in request.fields { text += "\(field.name): \(field.value)\r\n" }
        if request.method != "GET" { text += "Content-Length: \(request.body.count)\r\n" }
        return Array((text + "\r\n").utf8) + request.body
    }
}

extension Double {
    /// The number without a needless “.0”.
    var plain: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
