import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds

/// A sum that is answered by whole attempts: the first is 10, each refinement is one more than the attempt it refines, and 13 is right.
struct Counting {
    let world: Attempts
    let problem = Problem(id: "3+8-5+7", world: "arithmetic", text: "3+8-5+7=", answer: "13")
    let services: ScriptedServices
    let cast: Cast

    /// A grader says the scores, by attempt (`draw` draws one); a critic says y of 13 and n of all else. Where it is not nil, `drawn` says refinements by the seed.
    init(
        policy: PolicyName = "latest-view", limit: Int = 8, stop: Attempts.Stop = .sameText, isCriticised: Bool = false, scores: [Int: String] = [:],
        search: (any SearchMethod)? = nil, drawn: (@Sendable (Int, inout SeededGenerator) -> Int)? = nil
    ) throws {
        world = try Attempts(try Arithmetic(), limit: limit, stop: stop, isCriticised: isCriticised)
        let model = ScriptedModel { request, _ in
            let text = request.context.text
            let words = (text.split(separator: "=", omittingEmptySubsequences: false).last ?? "").split(whereSeparator: { "\n#?".contains($0) })
            let latest = words.first.flatMap { Int($0) }
            if text.hasSuffix("#") {
                let score = latest.flatMap { scores[$0] } ?? "none"
                var generator = request.seed.child("score").generator
                return score == "draw" ? "\(generator.integer(in: -90...90))" : score
            }
            if text.hasSuffix("?") { return latest == 13 ? "y" : "n" }
            guard let latest else { return "10" }
            var generator = request.seed.child("drawn").generator
            return "\(drawn?(latest, &generator) ?? latest + 1)"
        }
        services = ScriptedServices(
            models: ["policy": model], worlds: ["arithmetic": world], policies: ["direct": DirectPolicy(), "latest-view": LatestView()],
            searches: search.map { ["looking": $0] } ?? [:])
        var player = Player(model: "policy", policy: policy)
        let others = player
        if search != nil { player.search = "looking" }
        cast = [.solver: player, Attempts.critic: others, Attempts.grader: others]
    }

    var position: Position<Attempts> { Position(world: world, state: Attempts.State(problem: problem)) }

    func tree(_ search: any SearchMethod, seed: UInt64 = 1) async throws -> SearchTree {
        try await search.search(position, for: .solver, cast: cast, judge: nil, in: services.scope(seed: seed))
    }
}
