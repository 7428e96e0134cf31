import HoneCore
import HoneModel

/// The live things of one iteration, as parts reach them through their scope.
///
/// A value: memories are as they were at the iteration's start, and what measuring spends goes to another meter.
struct StageServices: Services {
    let models: [ModelName: any LiveModel]
    let endpoints: [ModelName: any Model]
    let mixtures: [ModelName: Mixture]
    let worlds: [WorldName: any World]
    let memories: [MemoryName: any Memory]
    let policies: [PolicyName: any Policy]
    let searches: [SearchName: any SearchMethod]
    let society: any Society
    let cast: Cast
    let seats: [Role: Seat]
    let meter: Meter
    /// Where measures leave a few of the groups they play; nil in training.
    var keptAnswers: KeptAnswers?

    func model(_ ref: ModelRef) throws -> any Model {
        if mixtures[ref.name] != nil {
            throw CoreError.unsupported(
                "“\(ref.name)” is a mixture: one of its models plays each episode, and the mixture itself cannot be asked")
        }
        if let endpoint = endpoints[ref.name], ref.snapshot == nil || models[ref.name] == nil { return endpoint }
        guard let model = models[ref.name] else {
            throw CoreError.unknown(kind: "model", name: ref.name.text, known: (Array(models.keys) + endpoints.keys).map(\.text).sorted())
        }
        guard let snapshot = ref.snapshot else { return model }
        return try model.at(snapshot: snapshot)
    }

    func world(_ name: WorldName) throws -> any World {
        guard let world = worlds[name] else {
            throw CoreError.unknown(kind: "world", name: name.text, known: worlds.keys.map(\.text).sorted())
        }
        return world
    }

    func memory(_ name: MemoryName) throws -> any Memory {
        guard let memory = memories[name] else {
            throw CoreError.unknown(kind: "memory", name: name.text, known: memories.keys.map(\.text).sorted())
        }
        return memory
    }

    func policy(_ name: PolicyName) throws -> any Policy {
        guard let policy = policies[name] else {
            throw CoreError.unknown(kind: "policy", name: name.text, known: policies.keys.map(\.text).sorted())
        }
        return policy
    }

    func search(_ name: SearchName) throws -> any SearchMethod {
        guard let search = searches[name] else {
            throw CoreError.unknown(kind: "search method", name: name.text, known: searches.keys.map(\.text).sorted())
        }
        return search
    }

    func charge(_ cost: Cost) { meter.charge(cost) }

    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup {
        let group = try await play(assignment, of: world(assignment.problem.world), in: scope)
        keptAnswers?.add(group, at: scope.path)
        return group
    }

    /// The players of one episode: where a mixture is cast, the model of it that plays, for the whole episode.
    private func drawn(_ players: Cast, in scope: Scope) async throws -> Cast {
        var drawn = players
        for (role, player) in players {
            guard let mixture = mixtures[player.model.name] else { continue }
            var names: [String] = []
            if case .snapshots(let model, _) = mixture { names = await models[model]?.snapshotNames ?? [] }
            let parts = mixture.parts(snapshots: names)
            guard let model = Mixture.draw(from: parts, seed: scope.seed.child("mixture").child(role.text)) else {
                throw CoreError.invalid("Mixture “\(player.model.name)” has no part to draw")
            }
            drawn[role]?.model = model
        }
        return drawn
    }

    private func play<W: World>(_ assignment: Assignment, of world: W, in scope: Scope) async throws -> EpisodeGroup {
        var players = cast.merging(assignment.cast) { _, own in own }
        for (role, seat) in seats { players[role] = players[role].map(seat.taken) }
        let seated = players
        let society = self.society
        let episodes = try await (0..<assignment.samples).concurrently { _, index in
            let own = scope.child("sample", index)
            let state = try await world.begin(assignment.problem, in: own)
            let start = Position(world: world, state: state)
            var episode = try await society.play(start, cast: try await drawn(seated, in: own), in: own)
            episode.id = own.path
            return episode
        }
        var cost = Cost()
        cost.episodes = episodes.count
        charge(cost)
        return EpisodeGroup(assignment: assignment, episodes: episodes)
    }
}
