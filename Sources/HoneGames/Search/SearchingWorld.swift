import HoneCore

/// A world that can say what a tree search would play: an opponent and a teacher without a model.
public protocol SearchingWorld: Game {
    /// The move that the search visits most for a role whose turn it is; nil where it is not, or where the search cannot be made.
    func searchedMove(in state: State, for role: Role, settings: GameSearchSettings, seed: Seed) -> String?
}

extension GameWorld: SearchingWorld {
    public func searchedMove(in state: State, for role: Role, settings: GameSearchSettings, seed: Seed) -> String? {
        guard state.breaker == nil, let seat = seat(of: role), seats(in: state).contains(seat) else { return nil }
        // In games played at once, the others' choices are hidden from the search by the information state.
        guard let action = searcher(game, state.position, seat, settings, seed) else { return nil }
        return game.text(of: action, in: state.position)
    }
}
