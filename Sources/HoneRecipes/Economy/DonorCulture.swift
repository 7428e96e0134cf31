import HoneCore
import HoneEngine
import HoneGames
import HoneSocieties

/// Cultural evolution of cooperation: agents of one model write strategies for the donor game, the better half survives, and new agents read the survivors' before they write.
public enum DonorCulture: Recipe {
    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var culture: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Whose corpus a model made here writes by: altruist, imitator or free-rider.
            public var temperament = DonorTemperament.altruist
            /// How many generations.
            public var generations = 10
            /// Whose strategies go on: best or random.
            public var selection = DonorSelection.best
            /// What new agents read: survivors or none.
            public var transmission = DonorTransmission.survivors
            /// Who follows strategies: model or rules.
            public var follower = DonorFollower.model
            /// How likely a taught author changes each part of a rule.
            public var mutation = 0.25
            /// The share of taught lessons that are gifts.
            public var giftShare = 0.4
        }

        public init(world: String) {
            var game = DonorGame.Settings()
            // Twelve as in the paper; they can meet without meeting again in eleven rounds, not in twelve.
            (game.players, game.rounds) = (12, 11)
            let defaults = world == DonorCulture.world ? (try? JSONValue(encoding: game)) : (try? GameCatalog.entry(world).defaults)
            common = CommonSettings(task: TaskSettings(world: world, settings: defaults ?? .object([:])))
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 8000, passes: 3, miniBatch: 64, rate: 3e-3)
            common.play = PlaySettings(problems: 1, samples: 1, temperature: 1, limit: 10)
            common.evaluation = EvaluationSettings(every: 1, problems: 20, samples: 1)
            common.iterations = 0
            culture = Particular()
        }
    }

    public static let world = "donor-game"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "donor-culture",
        summary: "generations that write strategies for the donor game, survive by what they end with, and pass texts on: does generosity grow?",
        source: "Vallinder and Hughes 2024, “Cultural Evolution of Cooperation among LLM Agents”",
        departures: [
            "eleven rounds in place of twelve, as twelve players can meet without meeting again in eleven",
            "gifts are shares in percent",
            "a model made here writes rules of six characters and reads only what the recipient gave last; a given model writes and reads sentences, and the trace has three links",
            "three temperaments, each a corpus of its own, stand for base models that differ",
            "gifts are not filed as steps; their number, their faithfulness and the record of each generation are",
        ],
        parts: [
            "base: rules written after reading others, by temperament, and gifts that follow rules", "society: donor-generations (selection, transmission)",
            "measure: resources, generosity, growth, reciprocity, drift, fidelity, spread between and within cultures",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.culture
        let player = try TaughtPlayer(settings.common, world: world, faults: settings.faults())
        let game = try DonorGame(settings.common.task.settings.decode(DonorGame.Settings.self))
        let prompt = DonorPrompt(isShort: !player.isGiven, game: game)
        let society = DonorGenerations(prompt: prompt, count: own.generations, selection: own.selection, transmission: own.transmission, follower: own.follower)
        // The same draws for all seeds and conditions, so that runs can be compared.
        let problems = (0..<settings.common.evaluation.problems).map {
            WrittenTurns.problem("culture \($0)", drawn: Seed(0).child("culture", $0), isHeldOut: true)
        }
        let cast = player.speakers([.author, .donor])
        let stage = Stage(
            name: "culture", iterations: 0, society: society, cast: cast,
            measures: [ScheduledMeasure(every: settings.common.evaluation.every, DonorTrial(problems: problems, cast: cast, prompt: prompt))])
        let lessons = try player.isTaught
            ? DonorLessons(prompt: prompt, temperament: own.temperament, mutation: own.mutation, gifts: own.giftShare)
                .problems(settings.common.base.demonstrations, seed: seed.child("lessons")) : []
        let room = EconomyRoom(roles: [.author, .donor], range: 0...game.facts.range.upperBound)
        return try player.plan(stage, worlds: [EconomyRoom.name: room], rehearsing: lessons)
    }
}

extension DonorCulture.Settings {
    /// What cannot work beside what all recipes share, as sentences with the key in front.
    fileprivate func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“culture.\(key)” is \(found); it should be \(expected)") }
        }
        require((1...100).contains(culture.generations), "generations", culture.generations, "from 1 to 100")
        require((0...1).contains(culture.mutation), "mutation", culture.mutation, "between 0 and 1")
        require((0..<1).contains(culture.giftShare), "giftShare", culture.giftShare, "0 or more, and below 1")
        if let game = try? common.task.settings.decode(DonorGame.Settings.self), common.task.world == DonorCulture.world {
            if game.shares.count > 10 { faults.append("“task.settings.shares” has \(game.shares.count) shares; rules name them by one digit, so there should be at most 10") }
        }
        if culture.follower == .rules, ModelSettings.isGiven(common.model.size) {
            faults.append("“culture.follower” is rules, but a given model writes sentences, which only a model can follow; set it to model")
        }
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught rules; set it to 0 for a model folder")
        }
        return faults
    }
}
