extension Player {
    /// The player's move for a role at a position: by its search where it has one, else by its policy.
    ///
    /// What a player says who is not learned from is marked so.
    public func move<W: World>(at position: Position<W>, as role: Role, cast: Cast, in scope: Scope) async throws -> Move {
        var plan: [Move] = []
        return try await move(at: position, as: role, following: &plan, cast: cast, in: scope)
    }

    /// The same, by a plan where there is one: what an earlier search chose beyond its first move, as long as the player has seen nothing
    /// that the search had not. The plan is left with what comes after this move.
    public func move<W: World>(
        at position: Position<W>, as role: Role, following plan: inout [Move], cast: Cast, in scope: Scope
    ) async throws -> Move {
        var move: Move
        if let next = plan.first, position.isExpected(by: next, for: role) {
            move = next
            plan.removeFirst()
        } else if let search {
            let tree = try await scope.services.search(search).search(position, for: role, cast: cast, judge: nil, in: scope)
            let path = tree.path(to: tree.chosen)
            guard let first = path.first else {
                throw CoreError.invalid("Search “\(search)” chose node \(tree.chosen) of a tree with \(tree.nodes.count) nodes")
            }
            move = tree.nodes[first].move
            move.tree = tree
            plan = path.dropFirst().map { tree.nodes[$0].move }
        } else {
            move = try await scope.services.policy(policy).move(on: position.view(for: role), as: self, in: scope)
        }
        if search != nil { for index in move.segments.indices { move.segments[index].author = role } }
        if learns == false { for index in move.segments.indices { move.segments[index].isTrained = false } }
        return move
    }
}
