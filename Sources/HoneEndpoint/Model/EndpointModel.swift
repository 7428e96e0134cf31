import Foundation
import HoneCore

/// An OpenAI-compatible endpoint, or several, as a model.
///
/// It completes; it scores where the server gives log-probabilities of prompts; it has no weights to train. Its answers are not
/// reproducible by a seed, whatever the server says of seeds: only a cache replays them.
public struct EndpointModel: Model {
    /// Its name in the plan.
    public let ref: ModelRef
    /// What answers its calls.
    public let source: any ReplySource
    /// How it is used.
    public let settings: EndpointSettings
    /// What it can do.
    public let capabilities: EndpointCapabilities

    /// A model whose abilities are known.
    public init(_ ref: ModelRef, _ source: any ReplySource, settings: EndpointSettings, capabilities: EndpointCapabilities) {
        self.ref = ref
        self.source = source
        self.settings = settings
        self.capabilities = capabilities
    }

    /// The endpoint of these settings: it is probed, or, when the settings name a cache that holds an earlier probe of the same
    /// URL, model and route, known from there.
    public static func connect(
        _ settings: EndpointSettings, as ref: ModelRef, environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil, clock: any EndpointClock = MachineClock()
    ) async throws -> EndpointModel {
        let client = try EndpointClient(settings, environment: environment, transport: transport, clock: clock)
        let record = settings.cache.map { CapabilityRecord(folder: $0, client) }
        if let known = record?.capabilities { return EndpointModel(ref, client, settings: settings, capabilities: known) }
        let capabilities = try await EndpointProbe(client).findings()
        record?.keep(capabilities)
        return EndpointModel(ref, client, settings: settings, capabilities: capabilities)
    }

    /// Tokens where the server tells them; log-probabilities where it can score texts; the sampler's own where it tells those of
    /// what it drew.
    public var abilities: Set<Trait> {
        var abilities: Set<Trait> = []
        if capabilities.tokenIDs == .yes { abilities.insert(.tokens) }
        if capabilities.scoring != .none { abilities.insert(.logProbs) }
        if capabilities.tokenIDs == .yes, capabilities.logProbs == .yes { abilities.insert(.onPolicyLogProbs) }
        return abilities
    }

    /// What completing the requests would cost, without asking.
    public func estimate(_ requests: [Completion.Request]) throws -> EndpointEstimate {
        var estimate = EndpointEstimate(currency: settings.prices.currency)
        var (prompt, sampled) = (0...0, 0...0)
        for request in requests {
            for call in try calls(of: request) {
                if source.holds(call.request, seed: call.seed) {
                    estimate.cachedCalls += 1
                    continue
                }
                let bounds = call.request.bounds()
                estimate.calls += 1
                prompt = prompt.lowerBound + bounds.prompt.lowerBound...prompt.upperBound + bounds.prompt.upperBound
                sampled = sampled.lowerBound + bounds.sampled.lowerBound...sampled.upperBound + bounds.sampled.upperBound
            }
        }
        let prices = settings.prices
        estimate.tokens = prompt.lowerBound + sampled.lowerBound...prompt.upperBound + sampled.upperBound
        estimate.money =
            prices.money(
                prompt: prompt.lowerBound, sampled: sampled.lowerBound)...prices.money(
                prompt: prompt.upperBound, sampled: sampled.upperBound)
        return estimate
    }
}

/// The record of a probe in the cache folder.
struct CapabilityRecord {
    private struct Entry: Codable {
        var format: Int
        var url: String
        var model: String
        var route: RouteChoice
        var extra: [String: JSONValue]
        var capabilities: EndpointCapabilities?
    }

    private let file: URL
    private let entry: Entry

    init(folder: String, _ client: EndpointClient) {
        let settings = client.settings
        entry = Entry(
            format: 1, url: client.address.description, model: settings.model, route: settings.route, extra: settings.extra, capabilities: nil)
        let name = (try? SHA256.hex(JSONValue(encoding: entry).canonical)) ?? "unnamed"
        file = URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent("abilities-\(name.prefix(16)).json")
    }

    /// What an earlier probe found; nil when there is none of this endpoint.
    var capabilities: EndpointCapabilities? {
        guard let data = FileManager.default.contents(atPath: file.path), let text = String(data: data, encoding: .utf8),
            let read = try? JSONValue(parsing: text).decode(Entry.self), read.format == entry.format, read.url == entry.url,
            read.model == entry.model, read.route == entry.route, read.extra == entry.extra
        else { return nil }
        return read.capabilities
    }

    /// Keeps what a probe found; where that fails, the next start probes again.
    func keep(_ capabilities: EndpointCapabilities) {
        var full = entry
        full.capabilities = capabilities
        guard let json = try? JSONValue(encoding: full) else { return }
        try? Data(json.canonical.utf8).write(to: file, options: .atomic)
    }
}
