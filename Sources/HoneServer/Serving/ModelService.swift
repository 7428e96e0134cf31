import Foundation
public import HoneCore
import Synchronization

/// A request as it came over the wire.
public struct ServerCall: Hashable, Sendable {
    /// `GET` or `POST`.
    public var method: String
    /// The path without its query.
    public var path: String
    /// The body.
    public var body: [UInt8]

    /// A request.
    public init(method: String, path: String, body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.body = body
    }
}

/// A part of an answer: one whole, or a beginning and then events.
public enum ReplyPart: Hashable, Sendable {
    /// A whole answer.
    case whole(status: Int, JSONValue)
    /// Events follow.
    case events
    /// An event of the stream.
    case event(JSONValue)
    /// The end of the stream: `data: [DONE]`.
    case done
}

/// The routes of an OpenAI-compatible server over Hone's models, without the sockets.
public final class ModelService: Sendable {
    /// Where the parts of an answer go.
    public typealias Sink = AsyncThrowingStream<ReplyPart, any Error>.Continuation

    /// What it does for anybody.
    public let limits: ServerLimits
    let adapters: (any AdapterLoading)?
    let unixSeconds: @Sendable () -> Int
    let seeds: @Sendable () -> Seed
    let admission: Admission
    private let models: Mutex<[HostedModel]>
    /// When the service began, in seconds since 1970: the `created` of its models.
    let begun: Int

    /// A service over models; the first is the one that a request without a name asks.
    ///
    /// - Parameters:
    ///   - models: what is served.
    ///   - adapters: loads adapters, where that is allowed: clients then name folders on this machine.
    ///   - unixSeconds: the time, in seconds since 1970.
    ///   - seeds: seeds of requests that have none, and of the names of answers; each call gives another.
    public init(
        _ models: [HostedModel], limits: ServerLimits = ServerLimits(), adapters: (any AdapterLoading)? = nil,
        unixSeconds: @escaping @Sendable () -> Int, seeds: @escaping @Sendable () -> Seed
    ) {
        self.models = Mutex(models)
        self.limits = limits
        self.adapters = adapters
        self.unixSeconds = unixSeconds
        self.seeds = seeds
        admission = Admission(limits)
        begun = unixSeconds()
    }

    /// What is served now, adapters included.
    public var hosted: [HostedModel] { models.withLock { $0 } }

    /// How many requests are being answered and how many wait for their turn.
    public var load: (running: Int, waiting: Int) { admission.counts }

    /// Answers a request; what is wrong with it is thrown as a `ServerRefusal`, before any part or, in a stream, after some.
    public func answer(_ call: ServerCall, to sink: Sink) async throws {
        var path = call.path
        if path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let routes: [(method: String, path: String, run: (RequestFields) async throws -> Void)] = [
            ("POST", "/v1/chat/completions", { try await self.chat($0, to: sink) }),
            ("POST", "/v1/completions", { try await self.complete($0, to: sink) }),
            ("POST", "/tokenize", { sink.yield(.whole(status: 200, try self.tokenize($0))) }),
            ("POST", "/detokenize", { sink.yield(.whole(status: 200, try self.detokenize($0))) }),
            ("POST", "/v1/load_lora_adapter", { sink.yield(.whole(status: 200, try await self.loadAdapter($0))) }),
            ("POST", "/v1/unload_lora_adapter", { sink.yield(.whole(status: 200, try await self.unloadAdapter($0))) }),
            ("GET", "/v1/models", { _ in sink.yield(.whole(status: 200, self.listing)) }),
            ("GET", "/health", { _ in sink.yield(.whole(status: 200, self.health)) }),
        ]
        let known = routes.filter { $0.path == path }
        if let route = known.first(where: { $0.method == call.method }) {
            return try await route.run(call.method == "POST" ? RequestFields(call.body) : RequestFields([:]))
        }
        if let other = known.first {
            throw ServerRefusal(405, "\(path) is asked with \(other.method), not \(call.method)", type: "invalid_request_error", code: "method_not_allowed")
        }
        if call.method == "GET", path.hasPrefix("/v1/models/") {
            let (hosted, strategy) = try named(String(path.dropFirst("/v1/models/".count)).removingPercentEncoding ?? "")
            return _ = sink.yield(.whole(status: 200, description(of: hosted, strategy)))
        }
        throw ServerRefusal.missing(
            "There is no route \(path); there are \(routes.map(\.path).joined(separator: ", "))", code: "unknown_route")
    }

    /// The model that a request names, with the strategy its name ends in; the first one when it names none.
    func model(of fields: RequestFields) throws(ServerRefusal) -> (HostedModel, SearchStrategy?) {
        guard let name = try fields.string("model") else {
            guard let first = hosted.first else { throw .missing("No model is served", param: "model", code: "model_not_found") }
            return (first, nil)
        }
        return try named(name)
    }

    func named(_ name: String) throws(ServerRefusal) -> (HostedModel, SearchStrategy?) {
        let all = hosted
        if let exact = all.first(where: { $0.name == name }) { return (exact, nil) }
        if let at = name.lastIndex(of: "@"), let model = all.first(where: { $0.name == name[..<at] }) {
            guard let strategy = SearchStrategy(String(name[name.index(after: at)...])) else {
                throw .missing(
                    "“\(name[at...])” is no search strategy; expected @best-of-N or @self-consistency-N", param: "model", code: "model_not_found")
            }
            guard strategy.candidates <= limits.samples else {
                throw .invalid("“\(name)” asks for \(strategy.candidates) answers; up to \(limits.samples) are drawn", param: "model")
            }
            return (model, strategy)
        }
        throw .missing("\(CoreError.unknown(kind: "model", name: name, known: all.map(\.name)))", param: "model", code: "model_not_found")
    }

    /// Changes what is served.
    func changeModels<Value>(_ change: (inout [HostedModel]) throws(ServerRefusal) -> Value) throws(ServerRefusal) -> Value {
        let outcome = models.withLock { models -> Result<Value, ServerRefusal> in
            do throws(ServerRefusal) { return .success(try change(&models)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// A new name for an answer.
    func name(_ prefix: String) -> String { prefix + String(seeds().child("name").value, radix: 16) }
}
