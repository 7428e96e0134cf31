import HoneCore
import Synchronization

/// Another's services, with all that is charged through them added up: what a measure's answers cost with everything that was searched.
final class CountedServices: Services {
    private let services: any Services
    private let meter = Mutex(Cost())

    init(_ services: any Services) { self.services = services }

    /// All that was charged so far.
    var cost: Cost { meter.withLock { $0 } }

    func model(_ ref: ModelRef) throws -> any Model { try services.model(ref) }
    func world(_ name: WorldName) throws -> any World { try services.world(name) }
    func memory(_ name: MemoryName) throws -> any Memory { try services.memory(name) }
    func policy(_ name: PolicyName) throws -> any Policy { try services.policy(name) }
    func search(_ name: SearchName) throws -> any SearchMethod { try services.search(name) }
    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup { try await services.play(assignment, in: scope) }

    func charge(_ cost: Cost) {
        meter.withLock { $0 += cost }
        services.charge(cost)
    }
}
