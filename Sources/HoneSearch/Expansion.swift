import Foundation
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

/// A move that is looked at in a position already, with what was said of where it led.
public struct Tried: Hashable, Sendable {
    /// What was said.
    public var move: String
    /// What the position it led to was found to be worth; nil where nobody was asked.
    public var value: Double?
    /// Why, in words.
    public var words: String?

    /// A move that was made.
    public init(move: String, value: Double? = nil, words: String? = nil) {
        self.move = move
        self.value = value
        self.words = words
    }
}

/// Says which moves a search looks at.
public protocol Expansion: Part {
    /// The moves at a position, in an order that depends on the scope alone; `count` are wanted where they are drawn. `tried` are the moves that are
    /// looked at there already: an expansion may tell the player of them or draw until it has others, and may also come to them again.
    func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, cast: Cast, count: Int, in scope: Scope
    ) async throws -> [Candidate]
}

/// Draws moves from the player; those that read alike are one.
public struct SampledMoves: Expansion {
    public static let card = PartCard(
        name: "sampled-moves", summary: "moves drawn from the player; alike ones are one, with their share or likelihood as prior", gives: [.tokens])

    /// How probable a move is called beforehand.
    public enum Prior: String, Hashable, Sendable, Codable, CaseIterable {
        /// The share of draws that came to it.
        case share
        /// e to the mean log-probability with which its tokens were drawn (Wang et al. 2024, “CPL”); the share where that is unknown.
        case likelihood
    }

    /// What priors are.
    public var prior: Prior

    /// The expansion.
    public init(prior: Prior = .share) { self.prior = prior }

    public func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, cast: Cast, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        try await drawn(count, on: position.view(for: role), as: player, in: scope)
    }

    /// So many moves drawn at a view.
    func drawn(_ count: Int, on view: View, as player: Player, in scope: Scope) async throws -> [Candidate] {
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
        guard prior == .likelihood else { return found }
        return found.map { candidate in
            let known = candidate.move.segments.compactMap(\.samplerLogProbs).flatMap { $0 }
            guard !known.isEmpty else { return candidate }
            return Candidate(move: candidate.move, prior: exp(known.reduce(0) { $0 + Double($1) } / Double(known.count)))
        }
    }
}

/// All moves that the world lists, each as probable as any other.
public struct AllListedMoves: Expansion {
    public static let card = PartCard(name: "all-listed-moves", summary: "every move the world lists, all alike beforehand")

    /// The expansion.
    public init() {}

    public func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, cast: Cast, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        guard let legal = position.view(for: role).legal, !legal.isEmpty else {
            throw CoreError.unsupported("World “\(W.card.name)” does not list its moves, so draw them from the player (sampled-moves)")
        }
        return legal.map { Candidate(move: Move(text: $0), prior: 1 / Double(legal.count)) }
    }
}
