import Foundation
import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds

/// A repository whose second file should triple and only adds three, with a player, a value agent and debaters by script.
///
/// The player views g, then makes a wrong edit of it, and the right one where it is told of the wrong one, and finishes. The value agent says 8 of
/// files that are right, 1 of the wrong edit, 5 once g was viewed, else 4, of 0 to 8.
struct RepairAgents {
    let world: RepoRepair
    let problem = Problem(
        id: "tripled", world: "repo-repair", text: "tripled",
        details: ["files": "f x2*;g x3+;h xg1-", "right": "f x2*;g x3*;h xg1-", "tests": "f3=6 g2=6 h2=5", "hidden": "f1=2 g5=15 h0=-1"])
    let model: ScriptedModel
    let services: ScriptedServices
    let cast: Cast
    let agent = ValueAgent(seat: RepoRepair.value, said: 0...8)

    init(policy: PolicyName = "latest-view", search: (any SearchMethod)? = nil) throws {
        world = try RepoRepair()
        let model = ScriptedModel { request, _ in
            let text = request.context.text
            // The newest state, with what is told behind it.
            let state = text.range(of: "\nf:", options: .backwards).map { String(text[$0.lowerBound...]) } ?? text
            if text.hasSuffix("#") { return state.contains("x3*") ? "8 -" : state.contains("x34") ? "1 g" : state.contains("x3+") ? "5 g" : "4" }
            if state.contains("x3*") || state.contains("x34") { return "finish" }
            if state.contains("x3+") { return state.contains("!edit g 3 4") ? "edit g 3 *" : "edit g 3 4" }
            return "view g"
        }
        self.model = model
        services = ScriptedServices(
            models: ["policy": model], worlds: ["repo-repair": world], policies: ["direct": DirectPolicy(), "latest-view": LatestView()],
            searches: search.map { ["looking": $0] } ?? [:])
        var player = Player(model: "policy", policy: policy)
        let seat = Player(model: "policy")
        if search != nil { player.search = "looking" }
        cast = [.solver: player, RepoRepair.value: seat, RepoRepair.debater: seat]
    }

    /// Where the play stands after some moves.
    func position(_ moves: [String] = []) throws -> Position<RepoRepair> {
        var state = try world.start(of: problem)
        for move in moves { world.play(move, in: &state) }
        return Position(world: world, state: state)
    }

    func tree(_ search: StateTreeSearch) async throws -> SearchTree {
        try await search.search(position(), for: .solver, cast: cast, judge: nil, in: services.scope(seed: 1))
    }
}

/// A policy whose agents vote as is written, round by round and agent by agent.
struct WrittenVotes: Policy {
    static let card = PartCard(name: "written-votes")
    let votes: [[String]]

    func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        let numbers = scope.path.split(separator: "/").suffix(2).compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        return Move(text: votes[numbers[0]][numbers[1]])
    }
}
