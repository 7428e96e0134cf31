import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneMemory
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneWorlds

/// CPL: a tree search over the steps of plans, whose right ways are imitated and whose siblings are learned as pairs with margins as large as
/// their difference in value.
public enum CPL: Recipe {
    /// What is learned of the trees after their right ways were imitated.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// Pairs of siblings: Step-APO, and with `cpl.alpha` 0 step-DPO.
        case pairs
        /// The right ways again, as long.
        case paths
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What the tree search is like that is learned from.
        public var search = SearchSettings()
        /// What is particular to it.
        public var cpl = Particular()

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What is learned after the right ways.
            public var form = Form.pairs
            /// α, the margin asked per unit of value, values counted from −1 to 1; 0 is step-DPO.
            public var alpha = 1.0
            /// β, the strength of the tie to the policy that the right ways have taught.
            public var beta = 0.3
            /// What values of whole solutions are multiplied by before they are compared.
            public var solutionScale = 0.3
            /// The most right ways of one problem that are imitated.
            public var keep = 4
            /// How often the pairs, or the right ways, are gone through after that.
            public var passes = 2
            /// The learning rate of that.
            public var rate = 1e-4
            /// The learning rate of the value of unfinished plans, which is taught where another round follows.
            public var valueRate = 3e-4
            /// How far the told numbers of `larger` go above `task.settings.largest`.
            public var beyond = 2
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            if world == CPL.world {
                // What a small model plans in minutes of teaching, and not always rightly.
                var task = Quantities.Settings()
                (task.most, task.distractors, task.operations, task.largest) = (3, 1, "+-", 7)
                common.task.settings = (try? JSONValue(encoding: task)) ?? common.task.settings
            }
            common.task.trainProblems = 12_000
            common.base = BaseSettings(demonstrations: 12_000, errorRate: 0.2, passes: 5, rate: 2e-3)
            common.play = PlaySettings(problems: 200, samples: 1, temperature: 0.7, limit: 96)
            common.learner = LearnerSettings(rate: 3e-4, miniBatch: 32, rows: 1280, anneals: true)
            common.evaluation = EvaluationSettings(every: 1, problems: 150, samples: 1)
            common.iterations = 1
            search.method = "mcts"
            search.simulations = 24
            search.branches = 4
            search.parallel = 1
            search.selection = "puct"
            search.exploration = 0.75
            search.depth = 9
        }
    }

    public static let card = RecipeCard(
        id: "cpl",
        summary: "searches over steps of plans, imitates right ways and learns siblings as pairs with a margin as large as their difference in value",
        source: "Wang et al., 2024, “CPL: Critical Plan Step Learning Boosts LLM Generalization in Reasoning Tasks”, sections 3.1 and 3.2",
        departures: [
            "values go from 0 to 1 in the tree, with ½ where nothing is known; c is half the paper's and α counts double, which is the same rule",
            "as many moves are drawn at the root as below it; all new moves are valued at once",
            "siblings of which one ends the plan and one goes on are pairs too",
            "the value of unfinished plans is a head of a copy of the policy, taught only where another round follows",
        ],
        parts: [
            "world: stepwise, a move is a step of the plan or the whole calculation", "search: mcts with puct, priors by likelihood, returns at ends",
            "credit: searched traces, then sibling pairs around ½", "objective: cross-entropy, then step-apo against the policy in between",
            "measure: greedy accuracy in the domain, on longer plans and on larger numbers; how margins follow values",
        ], claim: claim)

    public static var world: String { "quantities" }

    private static let searching: SearchName = "searching"
    private static let trees: MemoryName = "trees"
    private static let imitated = ModelRef(Workshop.policy, snapshot: "imitated")

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (own, common) = (settings.cpl, settings.common)
        let faults = settings.search.faults() + own.faults(settings)
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(common, seed: seed)
        guard let questions = shop.questions else { throw CoreError.unsupported("“cpl” searches plans, which “\(common.task.world)” as a program does not ask for") }
        var player = Player(model: ModelRef(Workshop.policy), policy: shop.chat == nil ? "direct" : "chat", sampling: shop.sampling)
        player.sampling.stop = [questions.separator]
        let measures = try measures(settings, shop, player)
        var stages: [Stage] = []
        for round in 0..<common.iterations {
            let isFollowed = round + 1 < common.iterations
            stages.append(search(settings, shop, player, round: round, teachesValue: isFollowed))
            stages.append(learning(settings, shop, round: round, measures: measures))
        }
        // What is measured at the start hangs on the first stage; there is nothing yet to compare margins with.
        if stages.isEmpty { stages = [Stage(name: "answer", iterations: 0, society: Solo(), cast: [.solver: player])] }
        stages[0].measures = Array(measures.prefix(1))
        var models = try shop.models(seed: seed)
        if common.iterations > 1 { models[Workshop.processModel] = ModelPlan(.copy(of: Workshop.policy)) }
        var plan = try shop.plan(stages, models: models, memories: [trees: ReplayMemory(capacity: common.play.problems)], seed: seed)
        plan.worlds = [questions.name: try Stepwise(questions, separator: questions.separator, limit: settings.search.depth)]
        for round in 0..<max(1, common.iterations) { plan.searches[name(of: round)] = tree(settings.search, isFirst: round == 0) }
        return plan
    }

    private static func name(of round: Int) -> SearchName { SearchName("\(searching) \(round + 1)") }

    /// The tree search of a round; it spends all its simulations, so that siblings of right ways are seen too.
    private static func tree(_ search: SearchSettings, isFirst: Bool) -> TreeSearch {
        let before: any Valuation = isFirst ? PlayedOut(plays: 0, unknown: 0.5) : HeadValue(model: ModelRef(Workshop.processModel))
        return TreeSearch(
            simulations: search.simulations, width: search.parallel, branches: search.branches, depth: search.depth, selection: .puct(c: search.exploration),
            expansion: SampledMoves(prior: .likelihood), valuation: Witnessed(KnownEnds(before: before)))
    }

    private static func paths(_ settings: Settings) -> Route { Route(credit: SearchedTraces(keep: settings.cpl.keep), objective: CrossEntropy()) }

    /// Trees are searched and kept, and their right ways imitated; the value learns where it is needed again.
    private static func search(_ settings: Settings, _ shop: Workshop, _ player: Player, round: Int, teachesValue: Bool) -> Stage {
        var stage = shop.improvement(route: paths(settings), operations: [.entered: [.reset(Workshop.policy, optimiserOnly: true)]], remembers: [trees])
        stage.name = StageName("search \(round + 1)")
        stage.iterations = 1
        stage.curriculum = ProblemStream(problems: shop.training, samples: 1)
        stage.cast = [.solver: player]
        stage.cast[.solver]?.search = name(of: round)
        stage.updates[0].optimiser = settings.common.learner.optimiser(shop.schedule(over: 1))
        stage.measures = []
        if teachesValue {
            var squared = StepRewardsSoft()
            squared.settings.isSquared = true
            stage.updates.append(
                Update(
                    model: Workshop.processModel, routes: [Route(credit: TreeBackup(), objective: squared)],
                    optimiser: settings.common.learner.optimiser(.constant(settings.cpl.valueRate)), miniBatch: 128))
        }
        return stage
    }

    /// The same trees are learned from once more: their pairs, against the policy as it is then, or their right ways again.
    private static func learning(_ settings: Settings, _ shop: Workshop, round: Int, measures: [ScheduledMeasure]) -> Stage {
        let own = settings.cpl
        var route = paths(settings)
        if own.form == .pairs { route = Route(credit: pairs(own), objective: objective(own)) }
        route.from = .memory(trees, count: settings.common.play.problems)
        let learner = settings.common.learner
        return Stage(
            name: StageName("learn \(round + 1)"), society: Solo(), cast: shop.cast,
            updates: [
                Update(
                    model: Workshop.policy, routes: [route], optimiser: learner.optimiser(.constant(own.rate)), passes: own.passes, miniBatch: learner.miniBatch,
                    rows: own.form == .paths ? learner.rows : 0)
            ],
            operations: [.entered: [.copy(ModelRef(Workshop.policy), to: imitated), .reset(Workshop.policy, optimiserOnly: true)]], measures: measures)
    }

    /// Pairs around ½: all of plan steps, of solutions the best and the worst.
    static func pairs(_ own: Settings.Particular) -> SiblingPairs {
        SiblingPairs(threshold: 0, hasOppositeSigns: true, centre: 0.5, finishedScale: own.solutionScale, finishedBestVersusWorst: true)
    }

    /// Step-APO with α for values from 0 to 1.
    static func objective(_ own: Settings.Particular) -> StepAPO {
        var objective = StepAPO()
        (objective.settings.beta, objective.settings.alpha, objective.settings.reference) = (own.beta, 2 * own.alpha, imitated)
        return objective
    }

    /// Greedy answers near and far, and what became of the pairs.
    private static func measures(_ settings: Settings, _ shop: Workshop, _ player: Player) throws -> [ScheduledMeasure] {
        let common = settings.common
        let near = try common.task.settings.decode(Quantities.Settings.self)
        var (long, large) = (near, near)
        (long.fewest, long.most) = (near.most + 1, near.most + 1)
        (large.smallest, large.largest) = (near.largest + 1, min(99, near.largest + settings.cpl.beyond))
        func problems(_ settings: Quantities.Settings) throws -> [Problem] {
            try ProblemSplit(world: Quantities(settings), heldOutShare: common.task.heldOutShare).heldOutProblems(common.evaluation.problems, seed: Seed(0))
        }
        var greedy = player
        greedy.sampling = player.sampling.greedy
        let parts = try [("in domain", shop.heldOut), ("longer", problems(long)), ("larger", problems(large))].map { name, problems in
            Accuracies.Part(name, problems: problems, cast: [.solver: greedy])
        }
        let margins = AchievedMargins(
            memory: trees, count: min(60, common.play.problems), credit: pairs(settings.cpl), policy: ModelRef(Workshop.policy), reference: imitated)
        return [
            ScheduledMeasure(every: common.evaluation.every, Accuracies(parts, unions: ["out of domain": ["longer", "larger"]])),
            ScheduledMeasure(every: common.evaluation.every, margins),
        ]
    }
}

extension CPL.Settings.Particular {
    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ settings: CPL.Settings) -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        require(alpha >= 0, "cpl.alpha", alpha, "0 (step-DPO) or more")
        require(beta > 0, "cpl.beta", beta, "above 0")
        require((0...1).contains(solutionScale), "cpl.solutionScale", solutionScale, "between 0 and 1")
        require(keep >= 0, "cpl.keep", keep, "0 (all) or more")
        require(passes >= 1, "cpl.passes", passes, "1 or more")
        require(rate >= 0, "cpl.rate", rate, "0 or more")
        require(valueRate >= 0, "cpl.valueRate", valueRate, "0 or more")
        require(beyond >= 1, "cpl.beyond", beyond, "1 or more")
        require(settings.search.method == "mcts", "search.method", settings.search.method, "mcts, which is what is learned from; answers are measured without a search")
        require(settings.search.selection == "puct", "search.selection", settings.search.selection, "puct")
        let world = settings.common.task.world
        require(world == "quantities", "task.world", world, "quantities, whose answers are plans and whose problems can be made longer and larger")
        if let task = try? settings.common.task.settings.decode(Quantities.Settings.self) {
            require(task.most < 8, "task.settings.most", task.most, "at most 7, so that longer plans can be measured")
            require(task.largest < 99, "task.settings.largest", task.largest, "at most 98, so that larger numbers can be measured")
            let room = task.most + 2
            require(settings.search.depth >= room, "search.depth", settings.search.depth, "at least \(room), for the longest plan that is measured and its calculation")
        }
        return faults
    }
}
