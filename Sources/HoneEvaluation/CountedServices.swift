import HoneCore
import Synchronization

/// Another's services, with all that is charged through them added up: what a measure's answers cost with everything that was searched.
public final class CountedServices: Services {
    private let services: any Services
    private let meter = Mutex(Cost())

    /// These services, counted from now on.
    public init(_ services: any Services) { self.services = services }

    /// All that was charged so far.
    public var cost: Cost { meter.withLock { $0 } }

    public func model(_ ref: ModelRef) throws -> any Model { try services.model(ref) }
    public func world(_ name: WorldName) throws -> any World { try services.world(name) }
    public func memory(_ name: MemoryName) throws -> any Memory { try services.memory(name) }
    public func policy(_ name: PolicyName) throws -> any Policy { try services.policy(name) }
    public func search(_ name: SearchName) throws -> any SearchMethod { try services.search(name) }
    public func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup { try await services.play(assignment, in: scope) }

    public func charge(_ cost: Cost) {
        meter.withLock { $0 += cost }
        services.charge(cost)
    }
}
