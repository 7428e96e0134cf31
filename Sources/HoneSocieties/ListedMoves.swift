import HoneCore

/// Plays any of the moves that the world lists, all alike: the player without skill, for worlds whose rules are not known here.
public struct ListedMoves: SearchMethod {
    public static let card = PartCard(name: "listed-moves", summary: "any of the listed moves, all alike")

    /// The player.
    public init() {}

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard let legal = position.view(for: role).legal, !legal.isEmpty else {
            throw CoreError.unsupported(
                "The world “\(W.card.name)” does not list the moves of “\(role)”, so nobody can play at random there; a model can, or the program itself")
        }
        var generator = scope.seed.child("listed move").generator
        let move = legal[generator.integer(in: 0...legal.count - 1)]
        return SearchTree(nodes: [SearchTree.Node(parent: nil, move: Move(text: move), visits: 1)], chosen: 0)
    }
}
