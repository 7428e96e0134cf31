import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds

/// A model that works 3+8= without its carry, and with it once it was made to look back by “?w”; searches that make it do so.
enum LookingBack {
    /// What it says next, to the first place where it is to stop.
    static func say(_ request: Completion.Request) -> String {
        let said = request.context.text.dropFirst(4)
        let trigger = said.ranges(of: "?w").last
        let whole = trigger == nil ? "3+8=1|1" : "3+8=11|11"
        let next = String(whole.dropFirst(trigger.map { said[$0.upperBound...].count } ?? said.count))
        let ends = request.sampling.stop.compactMap { next.ranges(of: $0).first?.upperBound }
        return String(next[..<(ends.min() ?? next.endIndex)])
    }

    /// The same, with a line break as the token that ends a text.
    struct Ending: Model {
        let model = ScriptedModel { request, _ in say(request) + "\n" }
        var abilities: Set<HoneCore.Trait> { model.abilities }
        var textEnd: TokenID? { 10 }
        func complete(_ requests: [Completion.Request]) async throws -> [Completion] { try await model.complete(requests) }
        func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { try await model.score(transcripts, quantity) }
    }

    /// The tree of a search for the answer to 3+8=.
    static func searched(
        _ search: any SearchMethod, limit: Int, by model: any Model = ScriptedModel { request, _ in say(request) }
    ) async throws -> SearchTree {
        let world = ThinkingWorld(try Arithmetic(), corpus: try Rechecks())
        let services = ScriptedServices(models: ["policy": model], worlds: ["arithmetic": world], policies: ["direct": DirectPolicy()])
        let scope = services.scope(seed: 3)
        let problem = Problem(id: "3+8", world: "arithmetic", text: "3+8=", answer: "11")
        let position = Position(world: world, state: try await world.begin(problem, in: scope))
        let cast: Cast = [.solver: Player(model: "policy", sampling: Sampling(limit: limit))]
        return try await search.search(position, for: .solver, cast: cast, judge: nil, in: scope)
    }
}
