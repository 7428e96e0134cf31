import HoneCore

/// Moves drawn from the player, who is told what was tried at the position before and what was said of it: hindsight.
///
/// What is told stands behind what the world shows, and is part of the move's context, not of the player's transcript: where the play goes on, it is
/// forgotten. Where nothing was tried, or nothing is told, moves are drawn as `SampledMoves` draws them.
///
/// Source: Antoniades et al. 2024, “SWE-Search”, section 3.3: expansion with hindsight feedback.
public struct HindsightMoves: Expansion {
    public static let card = PartCard(
        name: "hindsight-moves", summary: "moves drawn from the player, who is told what was tried there before and how it was judged",
        source: "Antoniades et al. 2024 (SWE-Search), section 3.3", gives: [.tokens])

    /// What the player is told.
    public enum Told: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing.
        case nothing
        /// The moves.
        case moves
        /// The moves and what they were worth.
        case values
        /// The moves, what they were worth, and why.
        case explanations
    }

    /// The words around what is told.
    public struct Wording: Codable, Hashable, Sendable {
        /// Before everything.
        public var beginning: String
        /// Before a move.
        public var beforeMove: String
        /// Between a move and what it was worth, a whole number.
        public var beforeValue: String
        /// Between that and why.
        public var beforeWords: String
        /// Behind each move.
        public var afterMove: String
        /// Behind everything.
        public var end: String

        /// Words.
        public init(beginning: String = "", beforeMove: String, beforeValue: String, beforeWords: String, afterMove: String = "\n", end: String = "") {
            self.beginning = beginning
            self.beforeMove = beforeMove
            self.beforeValue = beforeValue
            self.beforeWords = beforeWords
            self.afterMove = afterMove
            self.end = end
        }

        /// Single signs of the nano alphabet, for models that are taught what they mean: `!edit f 2 +,-25 f`.
        public static let short = Wording(beforeMove: "!", beforeValue: ",", beforeWords: " ")

        /// Sentences, for models that follow instructions.
        public static let sentences = Wording(
            beginning: "\nFrom here you have already tried:\n", beforeMove: "- ", beforeValue: "\n  judged at ", beforeWords: ": ",
            end: "Learn from this and do something different.\n")
    }

    /// What the player is told.
    public var told: Told
    /// In which words.
    public var wording: Wording

    /// The expansion.
    public init(told: Told = .explanations, wording: Wording = .short) {
        self.told = told
        self.wording = wording
    }

    /// What is told of moves that were tried; empty where nothing is.
    public func text(after tried: [Tried]) -> String {
        guard told != .nothing, !tried.isEmpty else { return "" }
        let lines = tried.map { one in
            var line = wording.beforeMove + one.move.filter { !$0.isNewline }
            if told != .moves, let value = one.value { line += wording.beforeValue + (abs(value) < 1e9 ? String(Int(value.rounded())) : "\(value)") }
            if told == .explanations, let words = one.words, !words.isEmpty { line += wording.beforeWords + words }
            return line + wording.afterMove
        }
        return wording.beginning + lines.joined() + wording.end
    }

    public func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, cast: Cast, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        let view = position.view(for: role)
        var told = view
        let words = text(after: tried)
        if !words.isEmpty { told.transcript.append(.text(words, from: .hint)) }
        var found = try await SampledMoves().drawn(count, on: told, as: player, in: scope)
        guard !words.isEmpty else { return found }
        for place in found.indices {
            found[place].move.context = found[place].move.context ?? told.transcript
            found[place].move.transcript = view.transcript
        }
        return found
    }
}
