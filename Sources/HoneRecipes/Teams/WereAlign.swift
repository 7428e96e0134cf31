import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneGames
import HoneJudges
import HoneObjectives
import HoneSocieties
import HoneWorlds

/// WereAlign: werewolf, in which a model's statements and decisions are compared with what the winning side did in good plays, beside who wins and lives.
public enum WereAlign: Recipe {
    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        /// The items and the plays they are cut from.
        public struct Items: Codable, Hashable, Sendable {
            /// How many reference plays are cut into measured items.
            public var plays = 60
            /// At how many moments of each, at most.
            public var moments = 3
            /// How many plays of average players are cut into taught items.
            public var taught = 150
            /// How often a reference player does anything instead.
            public var referenceNoise = 0.05
            /// How often an average player, who is imitated, does.
            public var averageNoise = 0.4
            /// How often players of the pool do.
            public var poolNoise = 0.25
        }

        public var common: CommonSettings
        /// The items and the plays they are cut from.
        public var items = Items()
        /// The noises of scripted agents that are measured beside the models.
        public var scripted = [0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0]
        /// Plays of each agent among the pool.
        public var plays = 240

        public init(world: String) {
            var game = Werewolf.Settings()
            game.isTerse = true
            common = CommonSettings(task: TaskSettings(world: world, settings: (try? JSONValue(encoding: game)) ?? .object([:])))
            common.model.size = "pico@512:ascii"
            common.base = BaseSettings(demonstrations: 4000, passes: 3, miniBatch: 64, rate: 3e-3)
            common.play = PlaySettings(problems: 6, samples: 8, temperature: 1, limit: 6)
            common.learner = LearnerSettings(rate: 3e-4, passes: 2, miniBatch: 512)
            common.evaluation = EvaluationSettings(every: 1, problems: 200, samples: 5)
            common.iterations = 20
        }
    }

    public static let world = "werewolf"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "werealign",
        summary: "werewolf items cut from the winning side's moments: five kinds of statements, votes, hidden roles; beside win rate and survival",
        source: "“Beyond Survival: Evaluating LLMs in Social Deduction Games with Human-Aligned Strategies”, 2025 (WereBench, WereAlign)",
        departures: [
            "plays of scripted reference players in place of recorded shows; the seat with the largest gain of its side's chance to win in place of the MVP",
            "the chance to win is counted over the plays by who lives, not estimated by playing on",
            "distractors are other moves that were allowed, in place of those of losing seats",
            "the counterfactual trade-off asks for the outcome of the last vote under another own vote, which the votes decide",
            "a model made here chooses moves among options by its probabilities, and the others by letter; a given model by letter throughout",
            "Brier's score of role inference is added",
        ],
        parts: [
            "base: decisions and answers of average scripted players", "stage: self-play, PPO on winning",
            "measure: alignment by kind, votes, roles, win rate and survival among a pool, rank correlations over agents",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let faults = settings.faults()
        if !faults.isEmpty { throw PlanError(faults) }
        return try WerewolfTable(settings, seed: seed).plan()
    }
}

extension WereAlign.Settings {
    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults = common.faults()
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        require(common.task.world == WereAlign.world, "task.world", common.task.world, "“\(WereAlign.world)”, which this recipe is about")
        require(items.plays >= 1, "items.plays", items.plays, "1 or more")
        require(items.moments >= 1, "items.moments", items.moments, "1 or more")
        require(items.taught >= 0, "items.taught", items.taught, "0 or more")
        for (key, value) in [("items.referenceNoise", items.referenceNoise), ("items.averageNoise", items.averageNoise), ("items.poolNoise", items.poolNoise)] {
            require((0...1).contains(value), key, value, "between 0 and 1")
        }
        require(scripted.allSatisfy { (0...1).contains($0) }, "scripted", scripted.description, "noises between 0 and 1")
        require(Set(scripted).count == scripted.count, "scripted", scripted.description, "without repetition")
        require(plays >= 1, "plays", plays, "1 or more")
        if case .integer(let length)? = common.task.settings["talkLength"], length > 0 {
            faults.append("“task.settings.talkLength” is \(length); items are made of listed speech, so it should be 0")
        }
        if !ModelSettings.isGiven(common.model.size), common.task.settings["isTerse"] == .bool(false) {
            faults.append("“task.settings.isTerse” is false, but a model made here is taught the short form; leave it at true, or give a model (--model)")
        }
        return faults
    }
}
