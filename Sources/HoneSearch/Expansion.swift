import HoneCore

/// A move that may be made at a position.
public struct Candidate: Hashable, Sendable {
    /// The move.
    public var move: Move
    /// How probable it was beforehand.
    public var prior: Double

    /// A candidate.
    public init(move: Move, prior: Double) {
        self.move = move
        self.prior = prior
    }
}

/// Says which moves a search looks at.
public protocol Expansion: Part {
    /// The moves at a position, in an order that depends on the scope alone; `count` are wanted where they are drawn.
    func candidates<W: World>(
        at position: Position<W>, for role: Role, as player: Player, count: Int, in scope: Scope
    ) async throws -> [Candidate]
    /// The same where these moves were made at the position before; an expansion that looks back takes them into account.
    func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, count: Int, in scope: Scope
    ) async throws -> [Candidate]
}

extension Expansion {
    public func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        try await candidates(at: position, for: role, as: player, count: count, in: scope)
    }
}

/// Draws moves from the player; those that read alike are one, with their share as prior.
public struct SampledMoves: Expansion {
    public static let card = PartCard(
        name: "sampled-moves", summary: "moves drawn from the player; alike ones are one, with their share as prior", gives: [.tokens])

    /// The expansion.
    public init() {}

    public func candidates<W: World>(
        at position: Position<W>, for role: Role, as player: Player, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        try await Self.drawn(count, on: position.view(for: role), as: player, in: scope)
    }

    /// So many moves drawn at a view.
    static func drawn(_ count: Int, on view: View, as player: Player, in scope: Scope) async throws -> [Candidate] {
        let policy = try scope.services.policy(player.policy)
        let drawn = try await (0..<count).concurrently { _, index in try await policy.move(on: view, as: player, in: scope.child("sample", index)) }
        var found: [Candidate] = []
        var places: [[UInt8]: Int] = [:]
        for move in drawn {
            // By bytes: texts that look alike may be different moves.
            let text = Array(move.text.utf8)
            if let place = places[text] {
                found[place].prior += 1 / Double(count)
            } else {
                places[text] = found.count
                found.append(Candidate(move: move, prior: 1 / Double(count)))
            }
        }
        return found
    }
}

/// All moves that the world lists, each as probable as any other.
public struct AllListedMoves: Expansion {
    public static let card = PartCard(name: "all-listed-moves", summary: "every move the world lists, all alike beforehand")

    /// The expansion.
    public init() {}

    public func candidates<W: World>(
        at position: Position<W>, for role: Role, as player: Player, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        guard let legal = position.view(for: role).legal, !legal.isEmpty else {
            throw CoreError.unsupported("World “\(W.card.name)” does not list its moves, so draw them from the player (sampled-moves)")
        }
        return legal.map { Candidate(move: Move(text: $0), prior: 1 / Double(legal.count)) }
    }
}
