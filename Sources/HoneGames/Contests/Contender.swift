import HoneCore

/// What someone on a seat is asked when it is their turn.
public struct ContestTurn<Rules: ExtensiveGame>: Sendable {
    /// The rules.
    public let game: Rules
    /// The whole position; those who play fairly look only at what their seat may know.
    public let position: Rules.State
    /// Whose turn it is.
    public let seat: Int
    /// The allowed moves.
    public let legal: [String]
    /// Everything the seat has seen and said, in the words it asked for.
    public let transcript: Transcript
    /// The draws of this turn.
    public let seed: Seed

    /// The role of the seat.
    public var role: Role { .player(seat) }
}

/// Someone who can take a seat of a game beside others of any kind: players of the rules, models, people.
public protocol Contender<Rules>: Sendable {
    associatedtype Rules: ExtensiveGame
    /// How the game is put into words for it.
    var words: GameWorldSettings { get }
    /// What it does, as a text of the game's moves; anything else is an illegal move. Nil leaves the table, which ends the play without a result.
    func move(_ turn: ContestTurn<Rules>) async throws -> String?
}

/// A player of the rules at a table.
public struct RuleContender<Rules: ExtensiveGame>: Contender {
    /// The player.
    public let player: any GamePlayer<Rules>
    public let words = GameWorldSettings()

    /// The contender.
    public init(_ player: any GamePlayer<Rules>) { self.player = player }

    public func move(_ turn: ContestTurn<Rules>) async throws -> String? {
        guard let action = player.action(in: turn.position, for: turn.seat, of: turn.game, seed: turn.seed) else {
            throw CoreError.invalid("The player cannot say what to do in “\(Rules.card.name)”")
        }
        return turn.game.text(of: action, in: turn.position)
    }
}

/// A model at a table: it says a move as the text of a line.
public struct ModelContender<Rules: ExtensiveGame>: Contender {
    /// The model.
    public let model: any Model
    public let words: GameWorldSettings
    /// How its moves are drawn.
    public let sampling: Sampling
    /// What it is shown of a transcript, such as through a chat template.
    public let prompt: @Sendable (Transcript) throws -> Transcript

    /// The contender.
    public init(
        _ model: any Model, words: GameWorldSettings = GameWorldSettings(), sampling: Sampling,
        prompt: @escaping @Sendable (Transcript) throws -> Transcript = { $0 }
    ) {
        self.model = model
        self.words = words
        self.sampling = sampling
        self.prompt = prompt
    }

    public func move(_ turn: ContestTurn<Rules>) async throws -> String? {
        let request = Completion.Request(context: try prompt(turn.transcript), sampling: sampling, seed: turn.seed)
        let text = try await model.complete([request]).first?.samples.first?.segments.text ?? ""
        // Blanks around a move say nothing; what else does not belong to it makes it illegal.
        return text.trimmed
    }
}
