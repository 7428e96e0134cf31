import HoneCore

extension Position {
    /// The position after a move of the role, when it is the role's turn again or all is over: others move by their players, chance is drawn
    /// from the scope's seed. Throws what a move throws.
    func following(_ move: Move, of role: Role, cast: Cast, in scope: Scope) async throws -> Position {
        var position = self
        var pending: [Role: Move] = [role: move]
        var turn = 0
        while true {
            let own = scope.child("turn", turn)
            turn += 1
            switch position.world.turn(in: position.state) {
            case .over: return position
            case .chance(let outcomes):
                guard let drawn = outcomes.drawn(seed: own.seed) else {
                    throw CoreError.invalid("World “\(W.card.name)” offered no outcome to chance")
                }
                try await position.world.advance(&position.state, by: ["chance": Move(text: drawn, origin: .world)], in: own)
            case .moves(let roles):
                if roles.contains(role), pending.isEmpty { return position }
                var moves: [Role: Move] = [:]
                for one in roles {
                    if one == role, let made = pending[role] {
                        moves[one] = made
                        pending = [:]
                        continue
                    }
                    guard let player = cast[one] else {
                        throw CoreError.unknown(kind: "player for role", name: one.text, known: cast.keys.map(\.text))
                    }
                    moves[one] = try await player.move(at: position, as: one, cast: cast, in: own.child(one.text))
                }
                try await position.take(moves, in: own)
            }
        }
    }

    /// Throws a sentence where an answer is made step by step, for searches that put something into whole ones.
    func requireWholeAnswers(for search: String) throws {
        guard !(world is any ContinuingAnswer) else {
            throw CoreError.unsupported("“\(W.card.name)” answers step by step, and “\(search)” works on whole answers; play its world without steps")
        }
    }

    /// Throws a sentence unless positions can be played on from more than once.
    func requireBranches() throws {
        guard world.rules.isBranchable else {
            throw CoreError.unsupported("“\(W.card.name)” cannot be played on twice from one position, which a search has to; play it without one")
        }
    }
}

extension Cast {
    /// The player of a role, without a search of its own: searches ask it for what it would do at once.
    func bare(_ role: Role) throws -> Player {
        guard var player = self[role] else { throw CoreError.unknown(kind: "player for role", name: role.text, known: keys.map(\.text)) }
        player.search = nil
        return player
    }
}
