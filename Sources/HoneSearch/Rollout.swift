import HoneCore

/// Plays on from a position as the player would.
enum Rollout {
    /// The player's moves to the end, each with the position it led to; at most `limit` of them. Empty where all is over already.
    static func line<W: World>(
        from start: Position<W>, for role: Role, as player: Player, cast: Cast, limit: Int = 1000, in scope: Scope
    ) async throws -> [(move: Move, position: Position<W>)] {
        var position = start
        var line: [(move: Move, position: Position<W>)] = []
        let policy = try scope.services.policy(player.policy)
        while !position.isOver, line.count < limit {
            let own = scope.child("move", line.count)
            let move = try await policy.move(on: position.view(for: role), as: player, in: own)
            position = try await position.following(move, of: role, cast: cast, in: own)
            line.append((move, position))
        }
        return line
    }
}
