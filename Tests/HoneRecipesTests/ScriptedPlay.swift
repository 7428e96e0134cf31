import HoneCore
import HoneEngine
import HoneTestSupport

/// A plan's services with one scripted model for all of its models: problems are played by a society of the plan, without a run.
struct ScriptedPlay: Services {
    let plan: Plan
    let society: any Society
    let model: ScriptedModel

    func model(_ ref: ModelRef) throws -> any Model { model }
    func world(_ name: WorldName) throws -> any World { try find(plan.worlds[name], "world", name.text) }
    func memory(_ name: MemoryName) throws -> any Memory { try find(nil, "memory", name.text) }
    func policy(_ name: PolicyName) throws -> any Policy { try find(plan.policies[name], "policy", name.text) }
    func search(_ name: SearchName) throws -> any SearchMethod { try find(plan.searches[name], "search", name.text) }
    func charge(_ cost: Cost) {}

    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup {
        func episode<W: World>(_ world: W, _ own: Scope) async throws -> Episode {
            let state = try await world.begin(assignment.problem, in: own)
            return try await society.play(Position(world: world, state: state), cast: assignment.cast, in: own)
        }
        let world = try world(assignment.problem.world)
        var episodes: [Episode] = []
        for sample in 0..<assignment.samples { episodes.append(try await episode(world, scope.child("sample", sample))) }
        return EpisodeGroup(assignment: assignment, episodes: episodes)
    }

    private func find<Value>(_ value: Value?, _ kind: String, _ name: String) throws -> Value {
        guard let value else { throw CoreError.unknown(kind: kind, name: name, known: []) }
        return value
    }
}
