import HoneCore
import HoneSearch

/// Has the model search by itself, in one long answer of limited depth and breadth, and takes the move it comes to.
///
/// Source: Schultz et al. 2024, internal search. The tree has the chosen move alone; where none can be read its text is empty.
struct InternalSearch: SearchMethod {
    static let card = PartCard(
        name: "internal-search", summary: "a minimax tree that the model writes out in one answer", source: "Schultz et al. 2024, internal search", gives: [.tree])

    /// How searches are written.
    let lookahead: LookaheadText
    /// How far it looks.
    let budget: LookaheadText.Budget
    /// Reads the board.
    let board: AskedBoard

    func search<W: World>(_ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope) async throws -> SearchTree {
        var player = try cast.required(role)
        player.search = nil
        let question = lookahead.question(try board.position(of: position.view(for: role)), budget)
        let view = View(role: .solver, transcript: [.text(question, from: .prompt)])
        let said = try await scope.services.policy(player.policy).move(on: view, as: player, in: scope)
        return .only(LookaheadText.choice(in: said.text) ?? "")
    }
}

/// Draws pages of the same board and takes the move that most of them find best, of equals the earliest: as many calls as a search has, without a tree.
struct PageVotes: SearchMethod {
    static let card = PartCard(
        name: "page-votes", summary: "the best move of most drawn pages of one board", source: "Wang et al. 2022, self-consistency", gives: [.tree])

    /// How many pages.
    let samples: Int
    /// The temperature they are drawn with.
    let temperature: Double
    /// Reads and asks for boards.
    let board: AskedBoard

    func search<W: World>(_ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope) async throws -> SearchTree {
        var player = try cast.required(role)
        player.search = nil
        player.sampling.temperature = temperature
        let (asked, start) = (player, try board.position(of: position.view(for: role)))
        let said = try await (0..<samples).concurrently { _, number in
            try await board.page(after: nil, at: start, as: asked, in: scope.child("page", number))?.best
        }
        var votes: [(move: String, count: Int)] = []
        for move in said.compactMap({ $0 }) {
            if let place = votes.firstIndex(where: { $0.move == move }) { votes[place].count += 1 } else { votes.append((move, 1)) }
        }
        guard let most = votes.map(\.count).max(), let first = votes.first(where: { $0.count == most }) else { return .only("") }
        return .only(first.move)
    }
}

extension SearchTree {
    /// A tree of one move.
    fileprivate static func only(_ move: String) -> SearchTree { SearchTree(nodes: [Node(parent: nil, move: Move(text: move), visits: 1)], chosen: 0) }
}

extension Cast {
    /// The player of a role.
    fileprivate func required(_ role: Role) throws -> Player {
        guard let player = self[role] else { throw CoreError.unknown(kind: "player for role", name: role.text, known: keys.map(\.text).sorted()) }
        return player
    }
}
