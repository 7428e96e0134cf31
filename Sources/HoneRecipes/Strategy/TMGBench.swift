import HoneCore
import HoneEngine
import HoneGames
import HoneSocieties

/// Finds a model's strategic reasoning out on all ordinal 2×2 games: equilibria, as tables and stories, one game and several that hang together.
public enum TMGBench: Recipe {
    /// Who answers.
    public enum Answerer: String, Codable, Hashable, Sendable, CaseIterable {
        /// The model.
        case model
        /// A rule that is always right.
        case oracle
        /// A rule that looks at the first row only.
        case biased
        /// The same rule for both seats in turn.
        case mirrored
    }

    /// How games are told.
    public enum Telling: String, Codable, Hashable, Sendable, CaseIterable {
        /// By their payoffs.
        case table
        /// As small stories.
        case story
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var tmgbench: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// How answers are to be given: `direct`, `chain` of thought, theory of mind of `first` or `second` order.
            public var format = AnswerFormat.direct
            /// Whether one game is asked about, or several: `sequential`, `parallel`, `nested`.
            public var form = GameForm.single
            /// How games are told; nested ones as tables only.
            public var telling = Telling.table
            /// How many games a sequential or parallel question has, 2 to 4.
            public var depth = 2
            /// Whether each game is asked about in all four orders of its rows and columns.
            public var exchanges = true
            /// Who answers; rules answer single games told as tables.
            public var answerer = Answerer.model
        }

        public init(world: String) {
            let defaults = (try? GameCatalog.entry(world).defaults) ?? .object([:])
            common = CommonSettings(task: TaskSettings(world: world, settings: defaults, heldOutShare: 1.0 / 3))
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 8000, passes: 3, miniBatch: 64, rate: 3e-3)
            common.play.limit = 400
            common.evaluation = EvaluationSettings(every: 1, problems: 144, samples: 4)
            common.iterations = 0
            tmgbench = Particular()
        }
    }

    public static let world = "ordinal-2x2"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "tmgbench",
        summary: "asks for the equilibria of all 144 ordinal 2×2 games, told as tables or stories, alone, in sequence, in parallel or nested",
        source: "Wang et al., 2024, “TMGBench: A Systematic Game Benchmark for Evaluating Strategic Reasoning Abilities of LLMs”",
        departures: [
            "the norm of ID and BD is chosen here: means of squares over the four outcomes, so that perfect answers have 0",
            "each game is asked about in all four orders of its rows and columns unless tmgbench.exchanges is false; the paper asks about one",
            "games without a pure equilibrium have the answer “none”",
            "stories are put together from 15 scenes, in place of the paper's 720 written by a model",
            "a model made here is taught short questions about two thirds of the games first and is measured on the others; its theory of mind is the other's best responses "
                + "written out before the answer",
            "in nested games the outcome of the first takes a choice of the second away and each gets the sum; only pairs with one solution are asked about",
        ],
        parts: [
            "base: rehearsed short questions about other games, in all formats and forms", "society: solo",
            "measure: accuracy, PAR, ID and BD over the four runs of each item",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.tmgbench
        let player = try TaughtPlayer(settings.common, world: world, faults: settings.faults())
        let lessons = MatrixLessons(keptShare: settings.common.task.heldOutShare)
        let games = player.isTaught && own.answerer == .model ? lessons.kept : OrdinalGame.all
        let items = try MatrixLessons.items(
            Array(games.prefix(settings.common.evaluation.problems)), form: own.form, isStory: own.telling == .story, depth: own.depth, exchanges: own.exchanges,
            prompt: MatrixPrompt(isShort: !player.isGiven, format: own.format))
        let trial = EquilibriumTrial(
            items: items, runs: settings.common.evaluation.samples, cast: player.cast(), script: ScriptedSolver(rawValue: own.answerer.rawValue))
        let stage = Stage(
            name: "ask", iterations: 0, society: Solo(), cast: own.answerer == .model ? player.cast() : [:],
            measures: [ScheduledMeasure(every: settings.common.evaluation.every, trial)])
        guard own.answerer == .model else { return Plan(models: [:], worlds: [:], stages: [stage]) }
        return try player.plan(
            stage, worlds: [MatrixQuestions.name: MatrixQuestions()],
            rehearsing: player.isTaught ? lessons.lessons(settings.common.base.demonstrations, seed: seed.child("lessons")) : [])
    }
}

extension TMGBench.Settings {
    /// What cannot work beside what all recipes share, as sentences with the key in front.
    fileprivate func faults() -> [String] {
        var faults: [String] = []
        if !(2...4).contains(tmgbench.depth) { faults.append("“tmgbench.depth” is \(tmgbench.depth); it should be from 2 to 4 games") }
        if tmgbench.form == .nested, tmgbench.telling == .story {
            faults.append("“tmgbench.telling” is story, but nested games are told as tables only; set it to table or choose another tmgbench.form")
        }
        if tmgbench.answerer != .model, tmgbench.form != .single || tmgbench.telling != .table {
            faults.append("“tmgbench.answerer” is \(tmgbench.answerer.rawValue), a rule that answers single games told as tables; set it to model")
        }
        if let defaults = try? GameCatalog.entry(TMGBench.world).defaults, common.task.world == TMGBench.world, common.task.settings != defaults {
            faults.append("“task.settings” describes one game, but all of them are asked about; leave it as it is and set tmgbench.telling, form and exchanges")
        }
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught short questions; set it to 0 for a model folder")
        }
        return faults
    }
}
