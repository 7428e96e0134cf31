import ArgumentParser
import HoneCore
import HoneGames

/// A game as users name and set it.
struct GameOptions: ParsableArguments {
    @Argument(help: "The game; `hone list games` shows them.") var game: String
    @Option(name: .long, help: "One setting of the game, such as players=3; may be repeated. `hone show <game>` lists them.") var set: [String] = []

    /// The game with its settings.
    func make() throws -> any ExtensiveGame {
        let entry = try GameCatalog.entry(game)
        let settings = try SettingsOverlay(defaults: entry.defaults).resolve(try set.map(SettingsInput.entry(fromArgument:)))
        return try entry.make(settings)
    }
}
