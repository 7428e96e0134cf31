import Foundation
import HoneCore

/// Which weights a call goes to.
public struct ServedModel: Hashable, Sendable, Codable {
    /// The model's name on the server.
    public var name: String
    /// The count of weight updates behind it.
    public var update: Int

    /// A model on a server.
    public init(_ name: String, update: Int = 0) {
        self.name = name
        self.update = update
    }
}

/// Something that answers calls: one endpoint or several.
public protocol ReplySource: Sendable {
    /// The answer to a call; the seed tells calls with equal bodies apart, and draws the pauses between tries.
    func reply(to request: EndpointRequest, seed: Seed) async throws -> EndpointReply
    /// Whether the cache holds the answer.
    func holds(_ request: EndpointRequest, seed: Seed) -> Bool
    /// What was spent.
    var ledger: EndpointLedger { get }
}

/// One endpoint: cache, caps, bounded concurrency, tries and deadline around single exchanges.
public final class EndpointClient: ReplySource {
    /// The settings.
    public let settings: EndpointSettings
    /// Where the endpoint is.
    public let address: EndpointAddress
    public let ledger: EndpointLedger
    let key: EndpointKey?
    private let transport: any HTTPTransport
    private let clock: any EndpointClock
    private let slots: Slots
    private let cache: ResponseCache?
    /// The address by which answers are kept: that of the first endpoint of a fleet.
    private let cacheAddress: EndpointAddress

    /// A client; all that is wrong with the settings is reported at once.
    ///
    /// A ledger that several clients share makes their caps one.
    public convenience init(
        _ settings: EndpointSettings, environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil, clock: any EndpointClock = MachineClock(), ledger: EndpointLedger? = nil
    ) throws(EndpointFault) {
        try self.init(
            settings, environment: environment, transport: transport ?? SchemeTransport(connections: settings.concurrency), clock: clock,
            ledger: ledger ?? EndpointLedger(caps: settings.caps, prices: settings.prices), cacheAddress: nil)
    }

    init(
        _ settings: EndpointSettings, environment: [String: String], transport: any HTTPTransport, clock: any EndpointClock,
        ledger: EndpointLedger, cacheAddress: EndpointAddress?
    ) throws(EndpointFault) {
        let faults = settings.faults()
        guard faults.isEmpty else { throw EndpointFault(.badSettings, faults.joined(separator: "\n")) }
        self.settings = settings
        address = try EndpointAddress(parsing: settings.url)
        if let source = settings.key { key = try EndpointKey(source, environment: environment) } else { key = nil }
        self.cacheAddress = cacheAddress ?? address
        self.transport = transport
        self.clock = clock
        self.ledger = ledger
        slots = Slots(settings.concurrency)
        if let folder = settings.cache { cache = try ResponseCache(folder: folder) } else { cache = nil }
    }

    /// The same endpoint asked by other settings, with the same key and ledger.
    init(_ other: EndpointClient, settings: EndpointSettings) {
        self.settings = settings
        address = other.address
        ledger = other.ledger
        key = other.key
        transport = other.transport
        clock = other.clock
        slots = other.slots
        cache = nil
        cacheAddress = other.cacheAddress
    }

    public func reply(to request: EndpointRequest, seed: Seed) async throws -> EndpointReply {
        try await reply(to: request, seed: seed, by: ServedModel(settings.model))
    }

    public func holds(_ request: EndpointRequest, seed: Seed) -> Bool { holds(request, seed: seed, by: ServedModel(settings.model)) }

    func holds(_ request: EndpointRequest, seed: Seed, by model: ServedModel) -> Bool {
        cache?.reply(ResponseCache.key(completed(request), model: model.name, address: cacheAddress, seed: seed)) != nil
    }

    /// The request with the settings' further fields.
    private func completed(_ request: EndpointRequest) -> EndpointRequest {
        var request = request
        request.extra.merge(settings.extra) { own, _ in own }
        return request
    }

    /// The answer of a certain model on the server. `onPiece` sees the text of a stream as it comes; once it has seen some, a
    /// failure is not tried again.
    public func reply(
        to request: EndpointRequest, seed: Seed, by model: ServedModel, onPiece: (@Sendable (StreamPiece) -> Void)? = nil
    ) async throws -> EndpointReply {
        let request = completed(request)
        let digest = ResponseCache.key(request, model: model.name, address: cacheAddress, seed: seed)
        if let kept = cache?.reply(digest) {
            ledger.countCached()
            return kept
        }
        var reply = try await slots.run { try await tried(request, seed: seed, by: model, onPiece: onPiece) }
        reply.update = model.update
        cache?.keep(reply, digest)
        return reply
    }

    /// Tries until there is an answer, or a fault that stays.
    private func tried(
        _ request: EndpointRequest, seed: Seed, by model: ServedModel, onPiece: (@Sendable (StreamPiece) -> Void)?
    ) async throws -> EndpointReply {
        let end = clock.uptimeSeconds + settings.deadlineSeconds
        let seen = PieceCount(onPiece)
        var attempts = 0
        while true {
            attempts += 1
            do {
                return try await attempt(request, by: model, seconds: end - clock.uptimeSeconds, onPiece: onPiece == nil ? nil : seen.take)
            } catch var fault as EndpointFault {
                fault.attempts = attempts
                guard attempts <= settings.retries.limit, isWorthAnother(fault), !seen.hasSome else { throw fault }
                if let asked = fault.retryAfterSeconds, asked > settings.retries.longestRetryAfterSeconds {
                    fault.detail += "; it asks to wait \(asked.plain) s, and at most \(settings.retries.longestRetryAfterSeconds.plain) s are waited"
                    throw fault
                }
                let pause = settings.retries.pause(afterFailures: attempts, seed: seed, retryAfter: fault.retryAfterSeconds)
                guard clock.uptimeSeconds + pause < end else {
                    throw EndpointFault(
                        .deadlineExceeded,
                        "the deadline of \(settings.deadlineSeconds.plain) s would pass before the next try; the last one: \(fault.detail)",
                        address: fault.address, attempts: attempts, status: fault.status)
                }
                try await clock.wait(seconds: pause)
            }
        }
    }

    private func isWorthAnother(_ fault: EndpointFault) -> Bool {
        guard let status = fault.status else { return fault.isPassing }
        return fault.kind != .quotaExhausted && settings.retries.statuses.contains(status)
    }

    /// One exchange with its charge.
    private func attempt(
        _ request: EndpointRequest, by model: ServedModel, seconds: Double, onPiece: (@Sendable (StreamPiece) -> Void)?
    ) async throws -> EndpointReply {
        let reservation = try ledger.reserve(request.bounds())
        do {
            let reply = try await exchange(request, by: model, seconds: seconds, onPiece: onPiece)
            ledger.settle(reservation, usage: reply.usage)
            return reply
        } catch {
            if (error as? EndpointFault)?.mayHaveCost ?? true { ledger.settle(reservation, usage: nil) } else { ledger.release(reservation) }
            throw error
        }
    }

    private func exchange(
        _ request: EndpointRequest, by model: ServedModel, seconds: Double, onPiece: (@Sendable (StreamPiece) -> Void)?
    ) async throws -> EndpointReply {
        let accepts = request.isStreamed ? "text/event-stream, application/json" : "application/json"
        let (answer, place) = try await send("POST", request.route.path, request.body(model: model.name), accepts: accepts, seconds: seconds)
        do {
            return try await read(answer, to: request, onPiece: onPiece)
        } catch let fault as EndpointFault {
            throw clean(fault, at: place)
        }
    }

    /// An answer with status 200 whose body is still to come; other statuses are faults.
    private func send(
        _ method: String, _ path: String, _ body: JSONValue?, accepts: String, seconds: Double
    ) async throws -> (HTTPAnswer, String) {
        var fields = [HTTPField("Accept", accepts), HTTPField("User-Agent", "hone")]
        if body != nil { fields.append(HTTPField("Content-Type", "application/json")) }
        for (name, value) in settings.headers.sorted(by: { $0.key < $1.key }) { fields.append(HTTPField(name, value)) }
        if let key { fields.append(key.field) }
        let request = HTTPRequest(method, address.appending(path), fields: fields, body: body.map { Array($0.canonical.utf8) } ?? [])
        let limits = ExchangeLimits(
            connectSeconds: settings.connectSeconds, firstByteSeconds: settings.firstByteSeconds,
            betweenBytesSeconds: settings.betweenBytesSeconds, wholeSeconds: max(0, seconds), bodyBytes: settings.bodyBytes)
        do {
            let answer = try await transport.exchange(request, limits: limits)
            guard answer.head.status == 200 else {
                // What a refusal says matters more than whether it says it completely.
                var body: [UInt8] = []
                do { for try await piece in answer.body where body.count < 65_536 { body += piece } } catch is EndpointFault {}
                try Task.checkCancellation()
                throw EndpointFault.of(answer.head, body: body, now: clock.secondsSince1970)
            }
            return (answer, request.place)
        } catch let fault as EndpointFault {
            throw clean(fault, at: request.place)
        }
    }

    private func read(
        _ answer: HTTPAnswer, to request: EndpointRequest, onPiece: (@Sendable (StreamPiece) -> Void)?
    ) async throws -> EndpointReply {
        switch answer.head.mediaType {
        case "text/event-stream" where request.isStreamed:
            var events = ServerSentEvents(eventLimit: settings.eventBytes)
            var assembler = StreamAssembler(request)
            for try await bytes in answer.body {
                for event in try events.take(bytes) {
                    for piece in try assembler.take(event) { onPiece?(piece) }
                }
                guard assembler.isDone else { continue }
                // Nothing after [DONE] matters; what is left is read so that the connection can be used again.
                Task { do { for try await _ in answer.body {} } catch {} }
                break
            }
            try Task.checkCancellation()
            return try assembler.finish()
        case "text/html", "application/xhtml+xml":
            throw EndpointFault(.htmlPage, "the server answered with a web page; the URL may be that of a site or of a proxy's sign-in")
        case let type where type == "application/json" || type.hasSuffix("+json") || type.isEmpty:
            return try EndpointReply(parsing: try await answer.wholeBody(), to: request)
        case let type:
            throw EndpointFault(
                .wrongContentType,
                "the answer is of the type “\(type.prefix(60))”; expected application/json\(request.isStreamed ? " or text/event-stream" : "")")
        }
    }

    /// A JSON exchange beside completions, such as the list of models or the loading of an adapter; tried once.
    func json(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let (answer, place) = try await send(method, path, body, accepts: "application/json, text/plain", seconds: settings.deadlineSeconds)
        do {
            let bytes = try await answer.wholeBody()
            // vLLM answers some of these with plain text.
            guard answer.head.mediaType.hasSuffix("json") else { return .string(String(decoding: bytes, as: UTF8.self)) }
            return try JSONValue.body(bytes)
        } catch let fault as EndpointFault {
            throw clean(fault, at: place)
        }
    }

    /// The names of the models the server offers, in its order.
    public func models() async throws -> [String] {
        try await json("GET", "/models").member("data")?.elements?.compactMap { $0.member("id")?.text } ?? []
    }

    /// The fault with its place, and without any part of the key.
    private func clean(_ fault: EndpointFault, at place: String) -> EndpointFault {
        var clean = fault
        clean.address = place
        clean.detail = key?.scrub(fault.detail) ?? fault.detail
        return clean
    }
}
