import Foundation
import HoneCore
import Synchronization

/// Several endpoints that serve the same model, used as one.
///
/// A call goes to the endpoint with the fewest calls under way, the first of equals. One that fails for reasons of the endpoint is
/// sent to another; an endpoint that keeps failing is left alone for a while. Which endpoint answered has no influence on where
/// an answer stands or how it is kept.
public final class EndpointFleet: ReplySource {
    struct Member {
        var calls = 0
        var breaker: CircuitBreaker
        /// Whether it serves the newest weights.
        var isCurrent = true
    }

    struct State {
        var members: [Member]
        var served: ServedModel
        /// Calls under way by the name of the model they ask.
        var calls: [String: Int] = [:]
        /// Adapters that could not be unloaded yet.
        var former: [String] = []
    }

    /// The endpoints, in order.
    public let clients: [EndpointClient]
    public let ledger: EndpointLedger
    let state: Mutex<State>
    let refreshing = Slots(1)
    private let clock: any EndpointClock

    /// A fleet. Model, caps, prices, cache and route are those of the first settings and must be the same in all.
    public init(
        _ settings: [EndpointSettings], environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil, clock: any EndpointClock = MachineClock(), breaker: CircuitBreaker = CircuitBreaker()
    ) throws(EndpointFault) {
        guard let first = settings.first else { throw EndpointFault(.badSettings, "a fleet needs at least one endpoint") }
        for (index, other) in settings.enumerated() {
            guard other.model == first.model, other.caps == first.caps, other.prices == first.prices, other.cache == first.cache,
                other.route == first.route, other.extra == first.extra
            else {
                throw EndpointFault(
                    .badSettings,
                    "endpoint \(index) of the fleet differs from the first in model, route, caps, prices, cache or further fields; make them the same"
                )
            }
        }
        let ledger = EndpointLedger(caps: first.caps, prices: first.prices)
        let common = transport ?? SchemeTransport(connections: settings.map(\.concurrency).max() ?? 1)
        let address = try EndpointAddress(parsing: first.url)
        var clients: [EndpointClient] = []
        for own in settings {
            clients.append(try EndpointClient(own, environment: environment, transport: common, clock: clock, ledger: ledger, cacheAddress: address))
        }
        self.clients = clients
        self.ledger = ledger
        self.clock = clock
        state = Mutex(State(members: clients.map { _ in Member(breaker: breaker) }, served: ServedModel(first.model)))
    }

    /// The model that is asked, with the count of its updates.
    public var served: ServedModel { state.withLock { $0.served } }

    public func holds(_ request: EndpointRequest, seed: Seed) -> Bool { clients[0].holds(request, seed: seed, by: served) }

    public func reply(to request: EndpointRequest, seed: Seed) async throws -> EndpointReply {
        let model = served
        var tried: Set<Int> = []
        var last: EndpointFault?
        while let index = take(besides: tried, for: model) {
            tried.insert(index)
            do {
                let reply = try await clients[index].reply(to: request, seed: seed, by: model)
                give(index, model) { breaker, _ in breaker.succeed() }
                return reply
            } catch let fault as EndpointFault where fault.isOfEndpoint {
                give(index, model) { breaker, now in breaker.fail(at: now) }
                last = fault
            } catch {
                give(index, model) { breaker, _ in breaker.abandon() }
                throw error
            }
        }
        if let last, tried.count == 1, clients.count == 1 { throw last }
        throw EndpointFault(
            .noEndpointLeft,
            last.map { "none of the fleet's \(clients.count) endpoints gave an answer; the last one tried: \($0)" }
                ?? "all \(clients.count) endpoints of the fleet failed lately and are left alone for a while",
            attempts: tried.count)
    }

    /// The endpoint for the next call, already counted; nil when none is left.
    private func take(besides tried: Set<Int>, for model: ServedModel) -> Int? {
        let now = clock.uptimeSeconds
        return state.withLock { state in
            let free = state.members.indices.filter { !tried.contains($0) && state.members[$0].isCurrent && state.members[$0].breaker.lets(at: now) }
            guard let index = free.min(by: { (state.members[$0].calls, $0) < (state.members[$1].calls, $1) }) else { return nil }
            state.members[index].calls += 1
            state.members[index].breaker.begin()
            state.calls[model.name, default: 0] += 1
            return index
        }
    }

    private func give(_ index: Int, _ model: ServedModel, _ note: (inout CircuitBreaker, Double) -> Void) {
        let now = clock.uptimeSeconds
        state.withLock { state in
            state.members[index].calls -= 1
            state.calls[model.name, default: 1] -= 1
            note(&state.members[index].breaker, now)
        }
    }
}
