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

/// ReST-MCTS*: a tree search by a value of partial solutions, whose trees teach both the policy and the value.
public enum ReSTMCTS: Recipe {
    /// What is learned from.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// Trees: their right plays of high value teach the policy, all their nodes the value.
        case trees
        /// Answers drawn directly: those that are right teach the policy (ReST-EM's filter); the value stays as it is.
        case answers
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// How held-out problems are answered, and what the tree search is like that is learned from.
        public var search = SearchSettings()
        /// What is particular to it.
        public var restmcts = Particular()
        /// How the value is taught at first: from written answers, then, where it has iterations, from trees searched without it.
        public var process = ProcessRewardSettings()

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What is learned from.
            public var form = Form.trees
            /// The most right plays of one problem that teach the policy.
            public var keep = 4
            /// The smallest value of a play that teaches the policy, 0 to 1.
            public var leastValue = 0.5
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            // Fewer steps leave seeds far apart. Greedy answers are right in nine of ten cases then, drawn ones in three of four.
            common.task.trainProblems = 8000
            common.base = BaseSettings(demonstrations: 8000, errorRate: 0.2, passes: 6, rate: 2e-3)
            common.play = PlaySettings(problems: 150, samples: 16, temperature: 0.7, limit: common.play.limit)
            common.learner = LearnerSettings(rate: 3e-4, miniBatch: 32, rows: 1280, anneals: true)
            common.evaluation = EvaluationSettings(every: 2, problems: 150, samples: 1)
            common.iterations = 2
            search.method = "mcts"
            search.samples = 16
            search.branches = 3
            search.simulations = 16
            search.parallel = 1
            search.exploration = 0.7
            search.enough = 0.9
            process.written = 8000
            process.iterations = 0
            process.samples = 1
            process.passes = 2
        }
    }

    public static let card = RecipeCard(
        id: "rest-mcts",
        summary: "searches trees by a value of partial solutions, and teaches the policy their right plays and the value what their leaves say of each step",
        source: "Zhang et al., 2024, “ReST-MCTS*: LLM Self-Training via Process Reward Guided Tree Search”, sections 3.1 to 3.4, algorithm 1",
        departures: [
            "the value keeps its language beside it: the likelihood of the same steps is learned with a tenth of the weight",
            "no greedy look-ahead below the best new step, and no self-critic that ends the search or advises",
            "in the end the most valued finished play is kept; a play that reaches search.enough ends the search",
            "a wrong step is as far from a right answer as the position it was made at; trees without a right leaf teach nothing",
            "policy and value go on from the last iteration",
        ],
        parts: [
            "first: the value is taught from written answers, half of them with an error", "search: mcts over steps by the value of a head",
            "judge: the world's return at finished plays, noted in the tree",
            "credit: searched traces to the policy, quality values to the head", "objective: cross-entropy; squared error of the value",
            "measure: accuracy, confidence, Brier score and tokens of searched answers; how well the value tells drawn answers apart",
        ], claim: claim)

    private static let (answering, searching, seeking): (SearchName, SearchName, SearchName) = ("answering", "searching", "seeking")

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.restmcts
        var faults = settings.search.faults() + settings.process.faults
        if own.keep < 0 { faults.append("“restmcts.keep” is \(own.keep); it should be 0 (all) or more") }
        if !(0...1).contains(own.leastValue) { faults.append("“restmcts.leastValue” is \(own.leastValue); it should be between 0 and 1") }
        if !faults.isEmpty { throw PlanError(faults) }
        let entry = try SearchCatalog.entry(settings.search.method)
        let shop = try Workshop(settings.common, seed: seed)
        guard let questions = shop.questions else { throw CoreError.unsupported("“rest-mcts” searches questions, which “\(shop.world.name)” as a program does not ask") }
        var player = Player(model: ModelRef(Workshop.policy), policy: shop.chat == nil ? "direct" : "chat", sampling: shop.sampling)
        player.sampling.stop = [questions.separator]
        let value = HeadValue(model: ModelRef(Workshop.processModel))
        var solver = player
        let method = entry.method(settings.search, asking: value)
        if method != nil { solver.search = answering }
        if settings.search.method == "greedy" { solver.sampling = solver.sampling.greedy }

        var models = try shop.models(seed: seed)
        models[Workshop.processModel] = try shop.processModel(settings.process, player: player, isQuality: true, isSquared: true, seed: seed)
        var plan = try shop.plan(
            [firstValues(settings, shop, player), improvement(settings, shop, player, measuring: solver, questions)], models: models, seed: seed)
        plan.worlds = [questions.name: try Stepwise(questions, separator: questions.separator, limit: settings.search.depth)]
        plan.searches = [searching: tree(settings.search, by: Witnessed(value)), seeking: tree(settings.search, by: Witnessed(PlayedOut(plays: 0, unknown: 0.5)))]
        if let method { plan.searches[answering] = method }
        return plan
    }

    /// The tree search that is learned from; it spends all its simulations, so that siblings of right plays are seen too.
    private static func tree(_ search: SearchSettings, by valuation: any Valuation) -> TreeSearch {
        TreeSearch(
            simulations: search.simulations, width: search.parallel, branches: search.branches, depth: search.depth, selection: .uct(c: search.exploration),
            valuation: valuation)
    }

    /// The value learns from the trees of the base, searched without it, where it has iterations for that.
    private static func firstValues(_ settings: Settings, _ shop: Workshop, _ player: Player) -> Stage {
        var stage = shop.teachingOfProcessReward(settings.process, player: player)
        stage.cast[.solver]?.search = seeking
        stage.updates[0].routes = valueRoutes(settings)
        return stage
    }

    private static func valueRoutes(_ settings: Settings) -> [Route] {
        var squared = StepRewardsSoft()
        squared.settings.isSquared = true
        return settings.process.routes(QualityValues(), squared)
    }

    /// The policy learns, and with trees the value too.
    private static func improvement(_ settings: Settings, _ shop: Workshop, _ player: Player, measuring solver: Player, _ questions: any QuestionWorld) -> Stage {
        let own = settings.restmcts
        var stage: Stage
        switch own.form {
        case .answers:
            stage = shop.improvement(route: Route(credit: AcceptedOnly(keep: own.keep), objective: CrossEntropy()))
            stage.cast = [.solver: player]
        case .trees:
            stage = shop.improvement(route: Route(credit: SearchedTraces(keep: own.keep, leastValue: own.leastValue), objective: CrossEntropy()))
            stage.cast = [.solver: player]
            stage.cast[.solver]?.search = searching
            // One tree a problem stands for its answers.
            stage.curriculum = ProblemStream(problems: shop.training, samples: 1)
            stage.updates.append(
                Update(
                    model: Workshop.processModel, routes: valueRoutes(settings), optimiser: settings.common.learner.optimiser(.constant(settings.process.laterRate)),
                    passes: settings.process.passes, miniBatch: settings.process.miniBatch))
        }
        stage.measures = [
            ScheduledMeasure(
                every: settings.common.evaluation.every,
                SearchedConfidence(problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: [.solver: solver]) { questions.check($0, to: $1).correct }),
            // What the value says of answers drawn without a search: a value that cannot tell them apart cannot lead one.
            ScheduledMeasure(
                every: settings.common.evaluation.every,
                JudgeMeasure(
                    problems: shop.heldOut, samples: 4, cast: [.solver: player], judge: HeadVerdict(model: ModelRef(Workshop.processModel)), kind: HeadVerdict.kind),
                society: Solo()),
        ]
        return stage
    }
}
