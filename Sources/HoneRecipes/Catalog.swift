import HoneCore
import HoneCurricula
import HoneEngine
import HoneGames
import HoneWorlds

/// The recipes, by the names users write.
public enum RecipeCatalog {
    /// A recipe with settings that have been resolved.
    public struct Resolved: Sendable {
        /// Which recipe.
        public let card: RecipeCard
        /// All its settings.
        public let settings: JSONValue
        /// The plan of a seed.
        public let plan: @Sendable (Seed) throws -> Plan
        /// The settings every recipe has.
        public let common: CommonSettings
        /// How games are put into words, where the recipe plays them.
        public let gameText: GameWorldSettings?
        /// The settings of a recipe that plays games.
        public let games: GamePlaySettings?

        /// The snapshots that a recipe of games has kept after so many iterations, from the oldest to the newest.
        public func snapshots(after iterations: Int) -> [String] {
            guard let games, let table = try? GameTable.of(games) else { return [] }
            return table.matchmaking.kept(after: iterations)
        }
    }

    /// All cards, in alphabetical order.
    public static var cards: [RecipeCard] { recipes.map { $0.card }.sorted { $0.id < $1.id } }

    /// What a recipe is run on.
    public static func worlds(of id: String) throws -> WorldFamily { try recipe(id).worlds }

    /// The world a recipe is run on unless another is named.
    public static func world(of id: String) throws -> String { try recipe(id).world }

    private static let recipes: [any Recipe.Type] = [
        AgentQLearning.self,
        AgentR.self,
        AlphaLLM.self,
        AucArena.self,
        BoardPlanning.self,
        BStar.self,
        Compose.self,
        ConfidenceCritique.self,
        CPL.self,
        Direct.self,
        DonorCulture.self,
        FOBAR.self,
        GameTheoreticLLM.self,
        GovSim.self,
        GPTBargaining.self,
        GraphColoringCritique.self,
        GRPO.self,
        IDS.self,
        LLMCoordination.self,
        MathCritique.self,
        MCNest.self,
        ReSTEM.self,
        ReSTMCTS.self,
        SelfPlay.self,
        SelfPRM.self,
        SFT.self,
        Sharpening.self,
        SharpeningTabular.self,
        SPaR.self,
        Spiral.self,
        STaR.self,
        SWESearch.self,
        TICK.self,
        TMGBench.self,
        VGCBench.self,
        WereAlign.self,
    ]

    /// A recipe's defaults for a world and a corpus.
    public static func defaults(of id: String, world: String, corpus: String = "plain") throws -> JSONValue {
        try defaults(of: try recipe(id), world: world, corpus: corpus)
    }

    /// A recipe with a user's values laid over its defaults; all mistakes are reported together.
    ///
    /// `task.world` decides which keys `task.settings` has, and `base.corpus` those of `base.settings`, so they are looked at
    /// first.
    public static func resolve(_ id: String, _ entries: [SettingsOverlay.Entry]) throws -> Resolved {
        let recipe = try recipe(id)
        let named = entries.last { $0.path == ["task", "world"] }
        let world = named?.value.text ?? recipe.world
        do { _ = try recipe.worlds.defaults(of: world) } catch {
            throw SettingsError([SettingsMistake(key: "task.world", place: named?.place ?? "settings", sentence: "\(error)")])
        }
        let written = entries.last { $0.path == ["base", "corpus"] }
        let corpus = written?.value.text ?? "plain"
        do { _ = try CorpusCatalog.entry(corpus) } catch {
            throw SettingsError([SettingsMistake(key: "base.corpus", place: written?.place ?? "settings", sentence: "\(error)")])
        }
        let size = entries.last { $0.path == ["model", "size"] }?.value.text
        let overlay = SettingsOverlay(defaults: try defaults(of: recipe, world: world, corpus: corpus, model: size))
        return try resolve(recipe, overlay.resolve(entries))
    }

    /// A recipe with settings that were resolved before, such as those of a stored run.
    ///
    /// Settings that recipes did not have when the run was begun take their defaults.
    public static func restore(_ id: String, settings: JSONValue) throws -> Resolved {
        let recipe = try recipe(id)
        let world = settings["task"]?["world"]?.text ?? recipe.world
        let corpus = settings["base"]?["corpus"]?.text ?? "plain"
        guard let defaults = try? defaults(of: recipe, world: world, corpus: corpus) else { return try resolve(recipe, settings) }
        return try resolve(recipe, settings.filled(from: defaults))
    }

    private static func recipe(_ id: String) throws -> any Recipe.Type {
        guard let found = recipes.first(where: { $0.card.id == id }) else {
            throw CoreError.unknown(kind: "recipe", name: id, known: recipes.map { $0.card.id })
        }
        return found
    }

    private static func defaults<R: Recipe>(of recipe: R.Type, world: String, corpus name: String, model: String? = nil) throws -> JSONValue {
        var settings = R.Settings(world: world)
        // A model that is given has learned what it knows elsewhere; it is taught only where that is asked for.
        if let model, ModelSettings.isGiven(model) { settings.common.base.passes = 0 }
        let entry = try CorpusCatalog.entry(name)
        settings.common.base.corpus = name
        settings.common.base.settings = entry.defaults
        if let corpus = try entry.make(entry.defaults) {
            // Thoughts take room: an answer may be as long as the longest demonstration, and a little longer.
            settings.common.play.limit = max(settings.common.play.limit, corpus.longest + 8)
        }
        return try settings.written()
    }

    private static func resolve<R: Recipe>(_ recipe: R.Type, _ json: JSONValue) throws -> Resolved {
        let settings: R.Settings
        do { settings = try R.Settings(written: json) } catch let error as DecodingError {
            throw CoreError.invalid("The settings do not fit recipe “\(R.card.id)”: \(Self.sentence(error))")
        }
        let games = (settings as? any PlaysGames)?.games
        return Resolved(
            card: R.card, settings: json, plan: { try R.plan(settings, seed: $0).seating(settings.common.model) }, common: settings.common,
            gameText: try games?.words, games: games)
    }

    private static func sentence(_ error: DecodingError) -> String {
        /// As users write it: what all recipes have in common has no key of its own.
        func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).filter { $0 != "common" }.joined(separator: ".") }
        switch error {
        case .dataCorrupted(let context): return "“\(path(context.codingPath))”: \(context.debugDescription)"
        case .keyNotFound(let key, let context):
            return "“\(path(context.codingPath + [key]))” is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "“\(path(context.codingPath))”: \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }
}
