import HoneCore

/// A position as a model says it is: what it looks like, which moves there are, and what each is worth.
public struct ImaginedPage: Hashable, Sendable {
    /// A move that may be made.
    public struct Listed: Hashable, Sendable {
        /// Its text.
        public var move: String
        /// What it is worth to whoever makes it, from 0 (lost) to 1 (won).
        public var value: Double

        /// A move.
        public init(_ move: String, value: Double) {
            self.move = move
            self.value = value
        }
    }

    /// The position in words that can be asked about again.
    public var position: String
    /// The moves of whoever moves there; none where all is over.
    public var moves: [Listed]
    /// The move that is said to be best; nil where none is said to be.
    public var best: String?
    /// What the position is worth to whoever has just moved, from 0 to 1, where all is over; nil while it goes on.
    public var ended: Double?

    /// A page.
    public init(position: String, moves: [Listed], best: String? = nil, ended: Double? = nil) {
        self.position = position
        self.moves = moves
        self.best = best
        self.ended = ended
    }

    /// What the position is worth to whoever has just moved: what it ended with, else what the best listed move leaves.
    public var worthToMaker: Double { ended ?? 1 - (moves.map(\.value).max() ?? 0.5) }
}

/// Says what positions are like without playing in them: a model in place of the rules, for two players who move in turn and of whom one wins what the other loses.
public protocol Imagination: Part {
    /// The position that somebody sees whose turn it is, in the words of pages.
    func position(of view: View) throws -> String
    /// The page of the position after a move at a position, or of the position itself where the move is nil, by one call of the player's model; nil where what
    /// was said cannot be read, or cannot follow.
    func page(after move: String?, at position: String, as player: Player, in scope: Scope) async throws -> ImaginedPage?
}
