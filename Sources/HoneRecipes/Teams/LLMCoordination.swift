import HoneCore
import HoneEngine
import HoneGames

/// LLM-Coordination: a game that is won together, played by an agent of modules that can be switched off, with itself and with strangers, and questions
/// on coordination with exact answers.
public enum LLMCoordination: Recipe {
    /// How a model made here learns to play.
    public enum Learner: String, Codable, Hashable, Sendable, CaseIterable {
        /// By decisions of a scripted player of a convention, with the thoughts before them.
        case taught
        /// By the rules, then by playing with itself for the points.
        case selfPlay = "self-play"
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        /// The agent's modules.
        public struct Modules: Codable, Hashable, Sendable {
            /// Whether the last events are told beside the position.
            public var memory = true
            /// Whether a line about the partner's action and needs stands before each move.
            public var partner = true
            /// Who checks moves: none, model, or rules.
            public var verification = ReasonedMoves<Hanabi>.Verification.none
            /// The most proposals, where they are checked.
            public var tries = 3
        }

        /// The questions.
        public struct Questions: Codable, Hashable, Sendable {
            /// How many are asked; 0 asks none.
            public var measured = 200
            /// How many others are taught.
            public var taught = 1500
        }

        public var common: CommonSettings
        /// How a model made here learns.
        public var learning = Learner.taught
        /// The agent's modules.
        public var modules = Modules()
        /// The questions.
        public var questions = Questions()
        /// Unseen partners: oldest and newest follow these conventions; twin is the same agent from other first weights.
        public var partners = ["newest", "twin"]

        public init(world: String) {
            var game = Hanabi.Settings()
            game.isTerse = true
            common = CommonSettings(task: TaskSettings(world: world, settings: (try? JSONValue(encoding: game)) ?? .object([:])))
            common.model.size = "pico:ascii"
            common.base = BaseSettings(demonstrations: 4000, passes: 6, miniBatch: 64, rate: 3e-3)
            common.play = PlaySettings(problems: 16, samples: 8, temperature: 1, limit: 6)
            common.learner = LearnerSettings(rate: 3e-4, passes: 2, miniBatch: 512)
            common.evaluation = EvaluationSettings(every: 1, problems: 200, samples: 2)
            common.iterations = 40
        }
    }

    public static let world = "hanabi-lite"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "llm-coordination",
        summary: "hanabi by an agent with memory, a line on its partner and a check of its moves; cross-play; questions with exact answers",
        source: "Agashe, Fan, Reyna and Wang 2023, “LLM-Coordination: Evaluating and Analyzing Multi-agent Coordination Abilities in Large Language Models”; "
            + "repository eric-ai-lab/llm_coordination",
        departures: [
            "one of the paper's four games: hanabi, small (two colours, three ranks)",
            "questions are made of positions with exact answers, in the paper's three classes, in place of 198 written by hand",
            "a move that was named wrongly becomes the allowed move it contains, else the one of least edit distance",
            "a model made here is taught the modules' short forms by a scripted player; a given model gets them in words",
            "of the check, “safe” is exact for the rules: no card that surely does not fit, none in doubt with the last life, none given up that surely fits",
        ],
        parts: [
            "base: decisions of a convention with thoughts, checks and questions; or the rules", "search: proposals with an inference and a check",
            "learning = self-play: PPO on the points both get", "measure: returns with itself, a stranger and a twin; unsound moves; questions by class",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let faults = settings.faults()
        if !faults.isEmpty { throw PlanError(faults) }
        return try CoordinationTable(settings, seed: seed).plan()
    }
}

extension LLMCoordination.Settings {
    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults = common.faults()
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        require(common.task.world == LLMCoordination.world, "task.world", common.task.world, "“\(LLMCoordination.world)”, which this recipe is about")
        require(modules.tries >= 1, "modules.tries", modules.tries, "1 or more")
        require(questions.measured >= 0, "questions.measured", questions.measured, "0 (none) or more")
        require(questions.taught >= 0, "questions.taught", questions.taught, "0 or more")
        require(Set(partners).count == partners.count, "partners", partners.joined(separator: ", "), "without repetition")
        let known = HanabiConvention.Order.allCases.map(\.rawValue) + ["twin"]
        for name in partners where !known.contains(name) { faults.append("“partners”: \(CoreError.unknown(kind: "partner", name: name, known: known))") }
        if learning == .selfPlay, ModelSettings.isEndpoint(common.model.size) {
            faults.append("“learning” is self-play, but “model.size” is an endpoint, which cannot learn; leave it at taught, or give a size or a folder")
        }
        if learning == .selfPlay, modules.verification == .model, !ModelSettings.isGiven(common.model.size) {
            faults.append("“modules.verification” is model, but a model that learns by self-play is not taught to check moves; choose none or rules")
        }
        if !ModelSettings.isGiven(common.model.size), common.task.settings["isTerse"] == .bool(false) {
            faults.append("“task.settings.isTerse” is false, but a model made here is taught the short form; leave it at true, or give a model (--model)")
        }
        return faults
    }
}
