import Foundation
import HoneCore
import HoneEndpoint
import HoneModel

/// Servers that draw a model's answers while it learns here, as adapters over weights that they hold as well.
public struct Actors: Hashable, Sendable, Codable {
    /// The servers; they serve the model that the adapters are over, and load adapters at run time.
    public var endpoints: [EndpointSettings]
    /// The folder in which the adapters are handed over: an absolute path that the servers can read.
    public var folder: String

    /// Actors.
    public init(_ endpoints: [EndpointSettings], folder: String = "") {
        self.endpoints = endpoints
        self.folder = folder
    }
}

/// A model whose answers others draw, token by token what they say, and which scores and learns here.
struct ActingModel: Model {
    let host: any LiveModel
    let endpoint: EndpointModel

    var abilities: Set<Trait> { host.abilities }
    var arithmetic: ModelArithmetic? { host.arithmetic }
    var textEnd: TokenID? { host.endOfText }

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        var exact = requests
        for index in exact.indices { exact[index].context = try await host.tokenised(exact[index].context) }
        var completions = try await endpoint.complete(exact)
        for index in completions.indices {
            completions[index].context = exact[index].context
            for sample in completions[index].samples {
                // Nobody learns from greedy answers, whose log-probabilities are not the sampler's.
                guard sample.segments.allSatisfy({ $0.tokens != nil && ($0.samplerLogProbs != nil || exact[index].sampling.temperature == 0) }) else {
                    throw EndpointFault(
                        .abilityMissing,
                        "A server that acts for “\(endpoint.ref)” gave an answer without its tokens or their log-probabilities, which learning needs; "
                            + "draw at temperature 1 from the whole distribution, or from a server that reports the sampler's own")
                }
            }
        }
        return completions
    }

    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { try await host.score(transcripts, quantity) }
}

extension Run {
    /// Opens the servers that act for models; refuses those that do not tell what learning needs.
    func openActors() async throws {
        for (name, actors) in plan.actors.sorted(by: { $0.key < $1.key }) where fleets[name] == nil {
            guard let host = models[name], let settings = actors.endpoints.first else { continue }
            let fleet = try EndpointFleet(actors.endpoints)
            let capabilities = try await EndpointProbe(fleet.clients[0]).findings()
            let model = EndpointModel(ModelRef(name), fleet, settings: settings, capabilities: capabilities)
            guard model.abilities.contains(.onPolicyLogProbs), capabilities.tokenPrompts == .yes else {
                throw CoreError.unsupported(
                    "The server at \(settings.url) cannot act for “\(name)”: learning needs prompts as tokens, and the tokens of answers with their "
                        + "log-probabilities (hone serve and vLLM give them)"
                        + capabilities.notes.sorted { $0.key < $1.key }.map { "; \($0.key): \($0.value)" }.joined())
            }
            fleets[name] = fleet
            endpoints[name] = ActingModel(host: host, endpoint: model)
        }
    }

    /// Hands the newest adapters to the servers; what they draw from then on carries the count of updates behind them.
    func refreshActors() async throws {
        for (name, fleet) in fleets.sorted(by: { $0.key < $1.key }) {
            guard let host = models[name] as? ModelHost, let actors = plan.actors[name] else { continue }
            let updates = await host.updateCount
            // Adapters that have learned nothing change nothing.
            guard fleet.served.update != updates || (updates == 0 && plan.models[name]?.base != nil && !toldBases.contains(name)) else { continue }
            let folder = "\(actors.folder)/\(name)-v\(updates)"
            if !FileManager.default.fileExists(atPath: folder) { try await host.saveAdapters(to: folder, base: "base") }
            try await fleet.refreshWeights(adapter: folder, name: name.text, version: updates)
            toldBases.insert(name)
            // The servers have read it, and the former ones too.
            for former in (try? FileManager.default.contentsOfDirectory(atPath: actors.folder)) ?? []
            where former.hasPrefix("\(name)-v") && former != "\(name)-v\(updates)" {
                try? FileManager.default.removeItem(atPath: "\(actors.folder)/\(former)")
            }
        }
    }
}
