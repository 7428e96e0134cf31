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

extension GrowingTree {
    /// Plays to the end from the root, for these numbers of `samples` answers in all, each a chain of nodes that is visited once; gives their
    /// last nodes, in order. Each answer is drawn under a scope of its own, so what it is does not depend on which are drawn with it.
    mutating func draw(
        _ numbers: Range<Int>, of samples: Int, for role: Role, as player: Player, cast: Cast, in scope: Scope
    ) async throws -> [Int] {
        let start = root
        let lines = try await numbers.concurrently { _, number in
            try await Rollout.line(from: start, for: role, as: player, cast: cast, in: scope.child("answer", number))
        }
        return try lines.map { line in
            var parent: Int?
            for (move, reached) in line { parent = add(Candidate(move: move, prior: 1 / Double(samples)), leading: reached, under: parent) }
            guard let leaf = parent else { throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: the play is over") }
            visit(ancestry(of: leaf))
            return leaf
        }
    }
}
