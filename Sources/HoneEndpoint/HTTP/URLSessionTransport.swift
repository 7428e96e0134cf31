import Foundation
import FoundationNetworking
import Synchronization

/// HTTP by Foundation's `URLSession`, for `https://` endpoints; certificates are checked against the machine's trusted roots.
///
/// On Linux `URLSession` ends the process when a server closes within the header of an answer or sends trailers; servers behind
/// `https` that do so have to be reached through a proxy on this machine. Proxies named in the environment are used.
/// The connect limit counts until the request's first bytes were sent.
public final class URLSessionTransport: HTTPTransport {
    private let session: URLSession
    private let exchanges = Exchanges()

    /// A transport with room for this many connections to one host.
    public init(connections: Int = 64) {
        let settings = URLSessionConfiguration.ephemeral
        settings.httpMaximumConnectionsPerHost = connections
        settings.urlCache = nil
        settings.httpCookieStorage = nil
        settings.urlCredentialStorage = nil
        // The limits of each exchange are watched here; Foundation's own only has whole seconds.
        settings.timeoutIntervalForRequest = 86_400
        session = URLSession(configuration: settings, delegate: exchanges, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    public func exchange(_ request: HTTPRequest, limits: ExchangeLimits) async throws -> HTTPAnswer {
        try Task.checkCancellation()
        guard let url = URL(string: request.address.description) else {
            throw EndpointFault(.badSettings, "Foundation does not read this URL", address: request.place)
        }
        var foundation = URLRequest(url: url)
        foundation.httpMethod = request.method
        if request.method != "GET" { foundation.httpBody = Data(request.body) }
        for field in request.fields { foundation.setValue(field.value, forHTTPHeaderField: field.name) }
        let task = session.dataTask(with: foundation)
        let exchange = URLSessionExchange(task, limits, place: request.place)
        exchanges.add(exchange, task.taskIdentifier)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { exchange.start($0) }
        } onCancel: {
            exchange.end(CancellationError())
        }
    }
}

/// Hands what the session says to the exchange it concerns.
private final class Exchanges: NSObject, URLSessionDataDelegate, Sendable {
    private let all = Mutex<[Int: URLSessionExchange]>([:])

    func add(_ exchange: URLSessionExchange, _ id: Int) { all.withLock { $0[id] = exchange } }

    private subscript(task: URLSessionTask) -> URLSessionExchange? { all.withLock { $0[task.taskIdentifier] } }

    func urlSession(_ session: URLSession, task: URLSessionTask, didSendBodyData: Int64, totalBytesSent: Int64, totalBytesExpectedToSend: Int64) {
        self[task]?.hasConnected()
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        self[dataTask]?.take(response)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) { self[dataTask]?.take(data) }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        all.withLock { $0.removeValue(forKey: task.taskIdentifier) }?.complete(error)
    }
}

/// One exchange of the session.
private final class URLSessionExchange: Sendable {
    private enum Phase { case connecting, waiting, receiving, over }

    private struct State {
        var phase = Phase.connecting
        var since = ContinuousClock.now
        var received = 0
        var answer: CheckedContinuation<HTTPAnswer, any Error>?
        var early: (any Error)?
        var body: AsyncThrowingStream<[UInt8], any Error>.Continuation?
    }

    private let state = Mutex(State())
    private let task: URLSessionDataTask
    private let limits: ExchangeLimits
    private let place: String

    init(_ task: URLSessionDataTask, _ limits: ExchangeLimits, place: String) {
        self.task = task
        self.limits = limits
        self.place = place
    }

    func start(_ continuation: CheckedContinuation<HTTPAnswer, any Error>) {
        let early = state.withLock { state in
            if state.phase != .over { state.answer = continuation }
            state.since = .now
            return state.phase == .over ? state.early ?? CancellationError() : nil
        }
        if let early { return continuation.resume(throwing: early) }
        task.resume()
        Task { [weak self] in await self?.watch(from: .now) }
    }

    /// Ends the exchange when one of its limits has passed.
    private func watch(from begin: ContinuousClock.Instant) async {
        let whole = begin + .seconds(limits.wholeSeconds)
        while true {
            let (phase, since) = state.withLock { ($0.phase, $0.since) }
            let (seconds, kind, sentence): (Double, EndpointFault.Kind, String) =
                switch phase {
                case .over: (0, .stalled, "")
                case .connecting:
                    (
                        limits.connectSeconds, .connectTimedOut,
                        "no connection came about within \(limits.connectSeconds.plain) s; is the host reachable?"
                    )
                case .waiting:
                    (
                        limits.firstByteSeconds, .firstByteTimedOut,
                        "no answer began within \(limits.firstByteSeconds.plain) s; the server may be busy, or the prompt long"
                    )
                case .receiving:
                    (limits.betweenBytesSeconds, .stalled, "the answer stopped for \(limits.betweenBytesSeconds.plain) s before it was complete")
                }
            if phase == .over { return }
            let end = min(whole, since + .seconds(seconds))
            if ContinuousClock.now >= end {
                let isWhole = end == whole
                return self.end(
                    EndpointFault(
                        isWhole ? .deadlineExceeded : kind,
                        isWhole ? "there was no complete answer before the deadline; raise it or ask for less" : sentence,
                        address: place))
            }
            try? await Task.sleep(until: min(end, .now + .seconds(5)), clock: .continuous)
        }
    }

    func hasConnected() {
        state.withLock { state in
            guard state.phase == .connecting else { return }
            state.phase = .waiting
            state.since = .now
        }
    }

    func take(_ response: URLResponse) {
        guard let http = response as? HTTPURLResponse else {
            return end(EndpointFault(.notHTTP, "the server answered with something other than HTTP", address: place))
        }
        guard http.statusCode >= 200 else { return }
        var fields: [HTTPField] = []
        for (name, value) in http.allHeaderFields { fields.append(HTTPField("\(name)", "\(value)")) }
        fields.sort { ($0.name, $0.value) < ($1.name, $1.value) }
        let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        continuation.onTermination = { [weak self] reason in if case .cancelled = reason { self?.end(CancellationError()) } }
        let answer: CheckedContinuation<HTTPAnswer, any Error>? = state.withLock { state in
            guard state.phase != .over else { return nil }
            state.phase = .receiving
            state.since = .now
            state.body = continuation
            defer { state.answer = nil }
            return state.answer
        }
        answer?.resume(returning: HTTPAnswer(head: HTTPHead(status: http.statusCode, fields: fields), body: stream))
    }

    func take(_ data: Data) {
        let (body, isTooLarge) = state.withLock { state in
            state.since = .now
            state.received += data.count
            return (state.body, state.received > limits.bodyBytes)
        }
        if isTooLarge {
            end(
                EndpointFault(
                    .bodyTooLarge, "the answer exceeds \(limits.bodyBytes) bytes; raise the limit if such answers are meant", address: place))
        } else {
            body?.yield(Array(data))
        }
    }

    func complete(_ error: (any Error)?) {
        let hasHead = state.withLock { $0.body != nil }
        if let error {
            end(Self.fault(error, hasHead: hasHead, place))
        } else {
            end(hasHead ? nil : EndpointFault(.malformedHeader, "the answer had no header that Foundation reads", address: place))
        }
    }

    /// Ends the exchange once; later calls change nothing.
    func end(_ error: (any Error)?) {
        let (answer, body): (CheckedContinuation<HTTPAnswer, any Error>?, AsyncThrowingStream<[UInt8], any Error>.Continuation?) = state.withLock {
            state in
            guard state.phase != .over else { return (nil, nil) }
            state.phase = .over
            state.early = error
            defer { (state.answer, state.body) = (nil, nil) }
            return (state.answer, state.body)
        }
        if error != nil { task.cancel() }
        answer?.resume(throwing: error ?? CancellationError())
        body?.finish(throwing: error)
    }

    private static func fault(_ error: any Error, hasHead: Bool, _ place: String) -> EndpointFault {
        let error = error as NSError
        let said = error.localizedDescription
        let (kind, sentence): (EndpointFault.Kind, String) =
            switch URLError.Code(rawValue: error.code) {
            case .cannotFindHost, .dnsLookupFailed: (.hostNotFound, "the host is not known; check the endpoint's URL and the network")
            case .cannotConnectToHost: (.connectionRefused, "the connection was refused; is the server running?")
            case .networkConnectionLost, .badServerResponse: (hasHead ? .bodyCutShort : .connectionLost, "the connection was lost (\(said))")
            case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
                .serverCertificateNotYetValid, .clientCertificateRejected, .clientCertificateRequired:
                (
                    .secureConnectionFailed,
                    "no encrypted connection came about (\(said)); does the server speak TLS, and is its certificate trusted here?"
                )
            case .timedOut: (.firstByteTimedOut, "no answer came in time")
            // On Linux a certificate that is not trusted has no code of its own.
            case _ where said.contains("SSL") || said.contains("TLS") || said.contains("certificate"):
                (
                    .secureConnectionFailed,
                    "no encrypted connection came about (\(said)); does the server speak TLS, and is its certificate trusted here?"
                )
            default: hasHead ? (.bodyCutShort, "the answer broke off (\(said))") : (.connectionLost, "no answer came (\(said))")
            }
        return EndpointFault(kind, sentence, address: place)
    }
}

/// Chooses the transport by the scheme: plain sockets for `http`, Foundation for `https`.
public final class SchemeTransport: HTTPTransport {
    private let plain: SocketTransport
    private let encrypted: URLSessionTransport

    /// Transports with room for this many connections to one host.
    public init(connections: Int = 64) {
        plain = SocketTransport(idleLimit: connections)
        encrypted = URLSessionTransport(connections: connections)
    }

    public func exchange(_ request: HTTPRequest, limits: ExchangeLimits) async throws -> HTTPAnswer {
        try await request.address.isEncrypted ? encrypted.exchange(request, limits: limits) : plain.exchange(request, limits: limits)
    }
}
