import HoneCore
import Synchronization

/// Services of named fakes, for tests of parts without a run; what is charged can be read.
public final class ScriptedServices: Services {
    private let models: [ModelName: any Model]
    private let worlds: [WorldName: any World]
    private let memories: [MemoryName: any Memory]
    private let policies: [PolicyName: any Policy]
    private let searches: [SearchName: any SearchMethod]
    private let player: (@Sendable (Assignment, Scope) async throws -> EpisodeGroup)?
    private let meter = Mutex(Cost())

    /// Services of these parts.
    public init(
        models: [ModelName: any Model] = [:], worlds: [WorldName: any World] = [:], memories: [MemoryName: any Memory] = [:],
        policies: [PolicyName: any Policy] = [:], searches: [SearchName: any SearchMethod] = [:],
        player: (@Sendable (Assignment, Scope) async throws -> EpisodeGroup)? = nil
    ) {
        self.models = models
        self.worlds = worlds
        self.memories = memories
        self.policies = policies
        self.searches = searches
        self.player = player
    }

    /// All that was charged so far.
    public var charged: Cost { meter.withLock { $0 } }

    /// A scope over these services.
    public func scope(seed: UInt64 = 0, path: String = "test") -> Scope { Scope(services: self, seed: Seed(seed), path: path) }

    public func model(_ ref: ModelRef) throws -> any Model { try find(ref.name, in: models, kind: "model") }
    public func world(_ name: WorldName) throws -> any World { try find(name, in: worlds, kind: "world") }
    public func memory(_ name: MemoryName) throws -> any Memory { try find(name, in: memories, kind: "memory") }
    public func policy(_ name: PolicyName) throws -> any Policy { try find(name, in: policies, kind: "policy") }
    public func search(_ name: SearchName) throws -> any SearchMethod { try find(name, in: searches, kind: "search") }

    public func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup {
        guard let player else { throw CoreError.unsupported("These services cannot play") }
        return try await player(assignment, scope)
    }

    public func charge(_ cost: Cost) { meter.withLock { $0 += cost } }

    private func find<Kind, Value>(_ name: Name<Kind>, in known: [Name<Kind>: Value], kind: String) throws -> Value {
        guard let value = known[name] else {
            throw CoreError.unknown(kind: kind, name: name.text, known: known.keys.map(\.text))
        }
        return value
    }
}
