/// What a part finds when another program drives it over a pipe: one world at most, and nothing live.
public struct PortServices: Services {
    private let world: (any World)?
    private let user: String

    /// Services for a part; `user` is what it is called in the sentences about what it lacks, such as “a judge”.
    public init(world: (any World)? = nil, for user: String) {
        self.world = world
        self.user = user
    }

    public func world(_ name: WorldName) throws -> any World {
        guard let world else { throw missing("world") }
        return world
    }
    public func model(_ ref: ModelRef) throws -> any Model { throw missing("model") }
    public func memory(_ name: MemoryName) throws -> any Memory { throw missing("memory") }
    public func policy(_ name: PolicyName) throws -> any Policy { throw missing("policy") }
    public func search(_ name: SearchName) throws -> any SearchMethod { throw missing("search method") }
    public func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup { throw missing("model to play with") }
    public func charge(_ cost: Cost) {}
    private func missing(_ what: String) -> CoreError { .unsupported("Over a pipe \(user) has no \(what)") }
}
