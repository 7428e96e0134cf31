import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// AlphaLLM: questions are imagined, answered by a tree search over options with three critics, and the best answers imitated.
public enum AlphaLLM: Recipe {
    /// Where the answers come from that are imitated.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// The tree search over options.
        case search
        /// Answers drawn directly, of which the outcome critic keeps the best: rejection sampling.
        case answers
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// How held-out problems are answered, and what the tree search is like that is learned from.
        public var search = SearchSettings()
        /// What is particular to it.
        public var alphallm = Particular()
        /// How the critics are taught before each iteration.
        public var process = ProcessRewardSettings()

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Where the answers come from that are imitated.
            public var form = Form.search
            /// Which model plays fast rollouts: the size of one made here, which is taught as the policy is at first, or `same` for the policy.
            public var fast = "pico"
            /// Fast rollouts from each position.
            public var rollouts = 2
            /// The value critic's share of a position's worth; shares are divided by their sum.
            public var value = 1.0
            /// The share of what the outcome critic says at the ends of fast rollouts.
            public var outcome = 1.0
            /// The share of the process critic, which looks at the last step.
            public var step = 1.0
            /// An option ends early where the value critic says less than this; 0 never ends one early.
            public var floor = 0.0
            /// Imagined problems that are answered in an iteration.
            public var imagined = 200
            /// The least worth of a kept answer that is imitated, 0 to 1.
            public var leastValue = 0.5
        }

        public init(world: String) {
            common = Tuned.settings(for: world, terms: 6)
            common.task.trainProblems = 8000
            common.base = BaseSettings(demonstrations: 8000, errorRate: 0.2, passes: 6, rate: 2e-3)
            common.play = PlaySettings(problems: 64, samples: 8, temperature: 0.8, limit: common.play.limit)
            common.learner = LearnerSettings(rate: 1e-4, passes: 2, miniBatch: 32)
            common.evaluation = EvaluationSettings(every: 1, problems: 150, samples: 1)
            common.iterations = 2
            search.method = "eta-mcts"
            search.samples = 40
            search.simulations = 16
            search.parallel = 1
            search.branches = 2
            search.options.root = 4
            search.options.factor = 8
            search.options.most = 5
            search.options.steps = 2
            search.options.distance = 2
            search.depth = 10
            search.exploration = 1
            process.written = 8000
            process.iterations = 4
        }
    }

    public static let card = RecipeCard(
        id: "alphallm",
        summary: "imagines questions, answers them by a tree search over options with value, process and outcome critics, and imitates the best answers",
        source: "Tian et al., 2024, “Toward Self-Improvement of LLMs via Imagination, Searching, and Criticizing”, sections 4.2 to 4.5",
        departures: [
            "questions are imagined by drawing their numbers anew; nothing is reworded, and nobody tells their answers",
            "an option is a whole number of steps; options that are alike are drawn again and not made, where the paper merges states",
            "the worth of a position is a weighted mean, so that it counts on the scale of finished answers, which the outcome critic values",
            "the critics are three heads on one copy of the first policy, whose trunk learns with them and goes on learning the answers' language; they go on from "
                + "the last iteration",
            "before anything is played the process critic learns the steps of written answers, half of them with an error",
            "answers whose worth is below alphallm.leastValue are not imitated; the policy goes on from the last iteration",
        ],
        parts: [
            "first, and before each iteration: critics are taught on problems with known answers", "curriculum: imagined problems, unanswered",
            "search: eta-mcts over options", "judge: what the search says of the kept answer", "credit: the kept answers", "objective: cross-entropy",
            "measure: accuracy, confidence, distinct children and tokens of searched answers; how well the outcome critic tells drawn answers apart",
        ], claim: claim)

    static let (answering, searching): (SearchName, SearchName) = ("answering", "searching")

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.alphallm
        let faults = settings.search.faults() + settings.process.faults + own.faults(settings.common)
        if !faults.isEmpty { throw PlanError(faults) }
        let entry = try SearchCatalog.entry(settings.search.method)
        let shop = try Workshop(settings.common, seed: seed)
        guard let questions = shop.questions else { throw CoreError.unsupported("“alphallm” searches questions, which “\(shop.world.name)” as a program does not ask") }
        let table = CriticsTable(shop: shop, own: own, process: settings.process, separator: questions.separator)
        var answerer = table.player
        let method = settings.search.method == "eta-mcts" ? table.tree(settings.search) : entry.method(settings.search, asking: table.worth)
        if method != nil { answerer.search = answering }
        if settings.search.method == "greedy" { answerer.sampling = answerer.sampling.greedy }

        let measure = ScheduledMeasure(
            every: settings.common.evaluation.every,
            SearchedConfidence(problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: table.cast(answerer)) {
                questions.check($0, to: $1).correct
            })
        var stages: [Stage] = []
        for iteration in 0..<max(1, settings.common.iterations) {
            stages += [table.teaching(iteration), try improvement(iteration, settings, shop, table, measure, seed: seed)]
        }
        var plan = try shop.plan(stages, models: table.models(seed: seed), seed: seed)
        plan.worlds = [questions.name: try Stepwise(questions, separator: questions.separator, limit: 40)]
        plan.searches[searching] = own.form == .search
            ? table.tree(settings.search) : AnswerSearch(samples: settings.search.samples, choice: .best, valuation: table.worth)
        if let method { plan.searches[answering] = method }
        return plan
    }

    /// Imagined problems are answered by the search, and the answers that it holds for good are imitated.
    private static func improvement(
        _ iteration: Int, _ settings: Settings, _ shop: Workshop, _ table: CriticsTable, _ measure: ScheduledMeasure, seed: Seed
    ) throws -> Stage {
        let (own, learner) = (settings.alphallm, settings.common.learner)
        let split = shop.split
        let problems = ImaginedProblems.problems(
            from: shop.training, count: own.imagined, seed: seed.child("imagination", iteration), isRefused: { split.isHeldOut($0) })
        guard settings.common.iterations == 0 || !problems.isEmpty else {
            throw CoreError.invalid(
                "No new question can be imagined from the \(shop.training.count) training problems of “\(settings.common.task.world)”; lower task.trainProblems, or use "
                    + "settings of the world in which there are more questions")
        }
        var player = table.player
        player.search = searching
        return Stage(
            name: StageName("improve \(iteration + 1)"), iterations: settings.common.iterations == 0 ? 0 : 1,
            perIteration: max(1, problems.count), curriculum: ProblemStream(problems: problems, samples: 1), society: Solo(), cast: table.cast(player),
            judges: [SearchedWorth()],
            updates: [
                Update(
                    model: Workshop.policy, routes: [Route(credit: AcceptedOnly(threshold: own.leastValue), objective: CrossEntropy())],
                    optimiser: learner.optimiser(.constant(learner.rate)), passes: learner.passes, miniBatch: learner.miniBatch, rows: learner.rows)
            ], measures: [measure, table.scorecard(every: settings.common.evaluation.every)])
    }
}

extension AlphaLLM.Settings.Particular {
    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ common: CommonSettings) -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“alphallm.\(key)” is \(found); it should be \(expected)") }
        }
        for (key, share) in [("value", value), ("outcome", outcome), ("step", step)] { require(share >= 0, key, share, "0 or more") }
        require(value + outcome + step > 0, "value", value, "above 0 where outcome and step are 0")
        require(rollouts >= 1, "rollouts", rollouts, "1 or more; set alphallm.outcome to 0 to have none")
        require(imagined >= 1, "imagined", imagined, "1 or more")
        require((0...1).contains(floor), "floor", floor, "between 0 and 1")
        require((0...1).contains(leastValue), "leastValue", leastValue, "between 0 and 1")
        if ModelSettings.isGiven(common.model.size) {
            require(fast == "same", "fast", fast, "same, as a model that is given has its own tokens")
        } else {
            require(fast == "same" || !ModelSettings.isGiven(fast), "fast", fast, "same, or the size of a model that is made here")
        }
        return faults
    }
}
