import HoneCore

/// The games, by the names users write.
public enum GameCatalog {
    /// One game: its card, its settings' defaults, and how it is made of them.
    public struct Entry: Sendable {
        /// Its name, summary and traits.
        public let card: PartCard
        /// What can be set, with defaults.
        public let defaults: JSONValue
        /// Makes it of resolved settings.
        public let make: @Sendable (JSONValue) throws -> any ExtensiveGame
        /// Makes the world of it, of resolved settings.
        public let makeWorld: @Sendable (JSONValue, GameWorldSettings) throws -> any Game
        /// Work on it of which the speed is measured.
        let makeWork: @Sendable (JSONValue) throws -> GameWork

        /// The entry of a game with its default settings.
        public init<Rules: ExtensiveGame>(_ type: Rules.Type, _ settings: Rules.Settings) throws {
            card = Rules.card
            defaults = try JSONValue(encoding: settings)
            make = { try Rules($0.decode(Rules.Settings.self)) }
            makeWork = { GameWork(try Rules($0.decode(Rules.Settings.self))) }
            makeWorld = { GameWorld(try Rules($0.decode(Rules.Settings.self)), settings: $1) }
        }
    }

    /// All of them.
    public static func entries() throws -> [Entry] {
        [
            try Entry(AscendingAuction.self, AscendingAuction.Settings()),
            try Entry(Breakthrough.self, Breakthrough.Settings()),
            try Entry(BuyerSeller.self, BuyerSeller.Settings()),
            try Entry(Chess.self, Chess.Settings()),
            try Entry(Codenames.self, Codenames.Settings()),
            try Entry(Commons.self, Commons.Settings()),
            try Entry(ComposedMatrixGame.self, ComposedMatrixGame.Settings()),
            try Entry(ConnectFour.self, ConnectFour.Settings()),
            try Entry(DonorGame.self, DonorGame.Settings()),
            try Entry(Fighter.self, Fighter.Settings()),
            try Entry(Goofspiel.self, Goofspiel.Settings()),
            try Entry(Hanabi.self, Hanabi.Settings()),
            try Entry(Hex.self, Hex.Settings()),
            try Entry(ItemTrading.self, ItemTrading.Settings()),
            try Entry(IteratedPrisonersDilemma.self, IteratedPrisonersDilemma.Settings()),
            try Entry(KuhnPoker.self, KuhnPoker.Settings()),
            try Entry(LeducPoker.self, LeducPoker.Settings()),
            try Entry(LiarsDice.self, LiarsDice.Settings()),
            try Entry(Nim.self, Nim.Settings()),
            try Entry(OrdinalMatrixGame.self, OrdinalMatrixGame.Settings()),
            try Entry(Othello.self, Othello.Settings()),
            try Entry(Pig.self, Pig.Settings()),
            try Entry(SealedAuction.self, SealedAuction.Settings()),
            try Entry(TeamBattle.self, TeamBattle.Settings()),
            try Entry(TicTacToe.self, NoSettings()),
            try Entry(TwentyQuestions.self, TwentyQuestions.Settings()),
            try Entry(Undercover.self, Undercover.Settings()),
            try Entry(Werewolf.self, Werewolf.Settings()),
            try Entry(Wordle.self, Wordle.Settings()),
        ]
    }

    /// The game of this name; throws with the nearest names.
    public static func entry(_ name: String) throws -> Entry {
        let all = try entries()
        guard let entry = all.first(where: { $0.card.name == name }) else {
            throw CoreError.unknown(kind: "game", name: name, known: all.map(\.card.name))
        }
        return entry
    }

    /// The game of this name and resolved settings.
    public static func make(name: String, settings: JSONValue) throws -> any ExtensiveGame { try entry(name).make(settings) }

    /// Work on the game of this name, of which the speed is measured; settings that are not given are the defaults.
    public static func work(name: String, settings: JSONValue = .object([:])) throws -> GameWork {
        let entry = try entry(name)
        return try entry.makeWork(settings.filled(from: entry.defaults))
    }

    /// The world of the game of this name and resolved settings.
    public static func makeWorld(name: String, settings: JSONValue, world: GameWorldSettings = GameWorldSettings()) throws -> any Game {
        try entry(name).makeWorld(settings, world)
    }
}
