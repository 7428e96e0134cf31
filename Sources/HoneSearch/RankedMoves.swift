import HoneCore

/// The moves of another expansion, ranked by the player itself as its own critic: the prior of the move of rank r is 1/r.
///
/// The player is shown what it sees in the play and, behind that, the moves with numbers; it says the number of the most useful one, and is asked again about those
/// that are left until one is. A number that cannot be read picks the first that is left. With a single move nobody is asked.
///
/// Source: Putta et al. 2024, “Agent Q”, section 4.2 (ranking by the base model as a critic); scores 1, ½, ⅓ … as in open re-implementations.
public struct RankedMoves: Expansion {
    public static let card = PartCard(
        name: "ranked-moves", summary: "another expansion's moves, ranked by the player as its own critic, with 1/rank as prior",
        source: "Putta et al. 2024, “Agent Q”, section 4.2", gives: [.tokens])

    /// The moves that are ranked.
    public var moves: any Expansion
    /// The most tokens of a choice.
    public var limit: Int

    /// The expansion.
    public init(_ moves: any Expansion = SampledMoves(), limit: Int = 3) {
        self.moves = moves
        self.limit = limit
    }

    /// The critic's question: `⏎rank 1 search(red mug) 2 back?`, answered by a number.
    public static func question(_ moves: [String]) -> String {
        "\nrank" + moves.enumerated().map { " \($0 + 1) \($1)" }.joined() + "?"
    }

    public func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, cast: Cast, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        var found = try await moves.candidates(at: position, after: tried, for: role, as: player, cast: cast, count: count, in: scope)
        let policy = try scope.services.policy(player.policy)
        let seen = position.view(for: role).transcript
        var critic = player
        critic.sampling = player.sampling.greedy
        critic.sampling.limit = limit
        var left = Array(found.indices)
        var rank = 1
        while !left.isEmpty {
            var picked = 0
            if left.count > 1 {
                let question = Segment.text(Self.question(left.map { found[$0].move.text }), from: .prompt)
                let said = try await policy.move(on: View(role: "critic", transcript: seen + [question]), as: critic, in: scope.child("rank", rank)).text
                if let number = SeatScore.number(in: said), left.indices.contains(number - 1) { picked = number - 1 }
            }
            found[left.remove(at: picked)].prior = 1 / Double(rank)
            rank += 1
        }
        return found
    }
}
