import HoneCore

extension Player {
    /// The player's move for a role at a position: by its search where it has one, else by its policy.
    ///
    /// What a player says who is not learned from is marked so.
    func move<W: World>(at position: Position<W>, as role: Role, cast: Cast, in scope: Scope) async throws -> Move {
        var move: Move
        if let search {
            let tree = try await scope.services.search(search).search(position, for: role, cast: cast, judge: nil, in: scope)
            guard tree.nodes.indices.contains(tree.chosen) else {
                throw CoreError.invalid("Search “\(search)” chose node \(tree.chosen) of a tree with \(tree.nodes.count) nodes")
            }
            move = tree.nodes[tree.chosen].move
            move.tree = tree.nodes.count > 1 ? tree : nil
            for index in move.segments.indices { move.segments[index].author = role }
        } else {
            move = try await scope.services.policy(policy).move(on: position.view(for: role), as: self, in: scope)
        }
        if learns == false {
            for index in move.segments.indices { move.segments[index].isTrained = false }
        }
        return move
    }
}
