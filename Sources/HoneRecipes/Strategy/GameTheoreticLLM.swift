import HoneCore
import HoneEngine
import HoneGames
import HoneSocieties

/// A model asked for its choice in a game directly, or taken through the game step by step; and item splits with and without a belief over the other's values.
public enum GameTheoreticLLM: Recipe {
    /// What is measured.
    public enum Task: String, Codable, Hashable, Sendable, CaseIterable {
        /// Choices of a model in 2×2 games, at once and in turn.
        case choices
        /// Item splits between players of rules.
        case division
    }

    /// How a model comes to its choice.
    public enum Way: String, Codable, Hashable, Sendable, CaseIterable {
        /// It is asked for it.
        case direct
        /// By the workflow.
        case workflow
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var workflow: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What is measured: `choices` of a model, or the `division` of items.
            public var task = Task.choices
            /// How the model comes to its choice; a model made here is taught the questions of this way.
            public var way = Way.workflow
            /// How many characters of questions and answers a model made here is taught, at most; `base.demonstrations` is the most questions.
            public var characters = 100_000
            /// How many item splits.
            public var splits = 200
            /// The most proposals of both together.
            public var turns = 10
            /// How much less likely each refusal of a deal makes its acceptance: ρ.
            public var decay = 0.1
        }

        public init(world: String) {
            let defaults = (try? GameCatalog.entry(world).defaults) ?? .object([:])
            common = CommonSettings(task: TaskSettings(world: world, settings: defaults, heldOutShare: 0.5))
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 100_000, passes: 4, miniBatch: 64, rate: 3e-3)
            common.play.limit = 300
            common.evaluation = EvaluationSettings(every: 1, problems: 144, samples: 2)
            common.iterations = 0
            workflow = Particular()
        }
    }

    public static let world = "ordinal-2x2"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "game-theoretic-llm",
        summary: "takes a model through 2×2 games step by step (conditional best responses, backward induction); item splits with a belief over the other's values",
        source: "Hua et al., 2024, “Game-theoretic LLM: Agent Workflow for Negotiation Games”",
        departures: [
            "games are the ordinal 2×2 games, at once and in turn, in place of ten named ones; only games with one equilibrium are asked about at once",
            "a model made here answers the steps and the answers decide; a model that is given is also asked for the final choice, with what was worked out in front of it",
            "nobody talks before choosing",
            "items are split by players of rules, with and without the belief; in the paper a model writes the messages and reads the belief's analysis",
            "without the belief a player asks for all at first and ends at half of it",
        ],
        parts: [
            "base: rehearsed questions of the way that is measured, with the same number of characters for both", "society: game-workflow, or solo for direct choices",
            "measure: equilibrium choices; agreement, Pareto optimality, envy-freeness, rewards and the meta-game of adopting the belief",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.workflow
        let player = try TaughtPlayer(settings.common, world: world, faults: settings.faults())
        guard own.task == .choices else {
            let trial = SplitTrial(splits: own.splits, turns: own.turns, decay: own.decay)
            let stage = Stage(name: "split", iterations: 0, society: Solo(), measures: [ScheduledMeasure(every: settings.common.evaluation.every, trial)])
            return Plan(models: [:], worlds: [:], stages: [stage])
        }
        let parted = MatrixLessons(keptShare: settings.common.task.heldOutShare)
        let prompt = ChoicePrompt(isShort: !player.isGiven)
        let trial = ChoiceTrial(
            items: try items(Array((player.isTaught ? parted.kept : OrdinalGame.all).prefix(settings.common.evaluation.problems)), prompt),
            samples: settings.common.evaluation.samples, cast: player.cast(), prompt: prompt, isWorkflow: own.way == .workflow)
        let society: any Society = own.way == .workflow ? GameWorkflow(prompt: prompt, modelDecides: player.isGiven) : Solo()
        let stage = Stage(
            name: "choose", iterations: 0, society: society, cast: player.cast(), measures: [ScheduledMeasure(every: settings.common.evaluation.every, trial)])
        return try player.plan(
            stage, worlds: [ChoiceQuestions.name: ChoiceQuestions(prompt: prompt)],
            rehearsing: player.isTaught ? lessons(parted, settings, prompt, seed: seed.child("lessons")) : [])
    }

    /// Both seats of each game, at once where there is one equilibrium, and in turn.
    private static func items(_ games: [OrdinalGame], _ prompt: ChoicePrompt) throws -> [ChoiceTrial.Item] {
        var items: [ChoiceTrial.Item] = []
        for game in games {
            for (place, table) in MatrixLessons.tables(of: game).flatMap({ [$0, $0.transposed] }).enumerated() {
                for isSequential in [false, true] {
                    let task = ChoiceTask(table: table, isSequential: isSequential)
                    guard task.solution != nil else { continue }
                    var problem = try task.problem(id: "\(game.name) \(place)\(isSequential ? " in turn" : "")", text: prompt.direct(task))
                    problem.isHeldOut = true
                    items.append(ChoiceTrial.Item(game: game.name, problem: problem, task: task))
                }
            }
        }
        return items
    }

    /// Questions of the way with their right answers, until there are as many characters as wanted.
    private static func lessons(_ parted: MatrixLessons, _ settings: Settings, _ prompt: ChoicePrompt, seed: Seed) throws -> [Problem] {
        var lessons: [Problem] = []
        var left = settings.workflow.characters
        while lessons.count < settings.common.base.demonstrations, !parted.taught.isEmpty {
            var generator = seed.child("lesson", lessons.count).generator
            var task = ChoiceTask(table: MatrixLessons.draw(parted.taught, using: &generator), isSequential: lessons.count.isMultiple(of: 2))
            var (text, answer): (String, String)
            if settings.workflow.way == .direct {
                while task.solution == nil { task.table = MatrixLessons.draw(parted.taught, using: &generator) }
                (text, answer) = (prompt.direct(task), prompt.names(of: 0)[task.solution?.own ?? 0])
            } else if lessons.count % 5 == 4 {
                let replies = (0...1).map { task.table.best(of: 1, against: $0) }
                task.isSequential = true
                (text, answer) = (prompt.root(task, replies: replies), prompt.names(of: 0)[task.solution?.own ?? 0])
            } else {
                let (asked, given) = (generator.integer(in: 0...1), generator.integer(in: 0...1))
                text = prompt.conditional(task, seat: asked, given: given)
                answer = prompt.names(of: asked)[task.table.best(of: asked, against: given)]
            }
            left -= text.unicodeScalars.count + answer.unicodeScalars.count
            guard left >= 0 else { break }
            let problem = try task.problem(id: "lesson \(lessons.count)", text: text)
            lessons.append(try Script(answers: [answer]).given(to: problem))
        }
        return lessons
    }
}

extension GameTheoreticLLM.Settings {
    /// What cannot work beside what all recipes share, as sentences with the key in front.
    fileprivate func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“workflow.\(key)” is \(found); it should be \(expected)") }
        }
        require(workflow.characters >= 100, "characters", workflow.characters, "100 or more")
        require(workflow.splits >= 2, "splits", workflow.splits, "2 or more")
        require((2...100).contains(workflow.turns), "turns", workflow.turns, "from 2 to 100")
        require((0..<1).contains(workflow.decay), "decay", workflow.decay, "0 (none) or more, and below 1")
        if let defaults = try? GameCatalog.entry(GameTheoreticLLM.world).defaults, common.task.world == GameTheoreticLLM.world, common.task.settings != defaults {
            faults.append("“task.settings” describes one game, but many are asked about; leave it as it is")
        }
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught short questions; set it to 0 for a model folder")
        }
        return faults
    }
}
