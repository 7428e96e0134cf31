import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneWorlds

/// Agent Q: a tree search over pages whose values mix rollouts with the policy's own ranks, and pairs of siblings learned against the probabilities they were drawn with.
public enum AgentQLearning: Recipe {
    /// What is learned from.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// Pairs of siblings in search trees.
        case nodes
        /// Pairs of whole plays, one that won and one that lost.
        case trajectories
        /// Plays that won.
        case rft
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var agentq: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What is learned from.
            public var form = Form.nodes
            /// α, the share of rollouts in a value; the rest is the critic's. 1 asks no critic.
            public var alpha = 0.5
            /// Siblings whose values differ by more than this are a pair.
            public var threshold = 0.1
            /// Whether all such siblings are pairs, or of each page's only the best and the worst.
            public var allPairs = false
            /// β, the strength of the tie to the policy that drew the commands.
            public var beta = 0.1
            /// The most plays of one task that are imitated (`rft`).
            public var keep = 4
            /// Simulations of a search, which is begun anew on every page.
            public var simulations = 8
            /// Commands that are drawn on a page.
            public var branches = 4
            /// c of the bonus for what was seldom tried.
            public var exploration = 1.414
            /// Rollouts from each new page.
            public var rollouts = 1
            /// Whether held-out tasks are played with the search too.
            public var online = false
            /// What a model made here is taught.
            var lessons = ShopLessons()
        }

        public init(world: String) {
            common = CommonSettings(task: TaskSettings(world: world, settings: (try? WorldCatalog.entry(world).defaults) ?? .object([:]), heldOutShare: 0.4))
            common.model.size = "pico@512"
            common.base = BaseSettings(demonstrations: 2000, passes: 4, rate: 2e-3)
            common.play = PlaySettings(problems: 60, samples: 16, temperature: 1, limit: 18)
            common.learner = LearnerSettings(rate: 1e-4, miniBatch: 32)
            common.evaluation = EvaluationSettings(every: 2, problems: 100, samples: 1)
            common.iterations = 2
            agentq = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "agent-q",
        summary: "searches pages by rollouts and the policy's own ranks, and learns sibling commands as pairs against the probabilities they were drawn with",
        source: "Putta et al., 2024, “Agent Q: Advanced Reasoning and Learning for Autonomous AI Agents”, sections 4 and 5",
        departures: [
            "commands alone: no plan, thought or status line; the history is the whole transcript, which is short here",
            "all new commands of a page are rolled out at once; the search is begun anew on every page that is reached",
            "of a page's commands only the best and the worst are a pair, unless agentq.allPairs; a step costs nothing",
            "a model made here is taught commands and ranks by written plays and questions with errors put in",
        ],
        parts: [
            "base: rehearsed plays of a careless customer, and ranks", "world: web-shop", "search: mcts, ranked moves, played out",
            "credit: sibling pairs with the critic's share; pairs of plays; plays that won", "objective: agent-q, or cross-entropy",
            "measure: success on unseen tasks, greedily and with the search",
        ], claim: claim)

    public static var world: String { "web-shop" }

    private static let searchName: SearchName = "search"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (own, common) = (settings.agentq, settings.common)
        let taught = try TaughtPlayer(common, world: world, learns: true, faults: own.faults)
        guard !ModelSettings.isEndpoint(common.model.size) else {
            throw CoreError.unsupported("“agent-q” learns, and an endpoint has no weights here; give a model folder or a size")
        }
        let shop = try WebShop(common.task.settings.decode(WebShop.Settings.self))
        let split = ProblemSplit(world: shop, heldOutShare: common.task.heldOutShare)
        let training = try split.trainProblems(common.task.trainProblems, seed: seed.child("problems"))
        let heldOut = try split.heldOutProblems(common.evaluation.problems, seed: Seed(0))
        let direct = taught.cast()
        var searching = direct
        searching[.solver]?.search = searchName
        let greedy = direct.mapValues { player in
            var player = player
            player.sampling = player.sampling.greedy
            return player
        }
        var parts = [Accuracies.Part("greedy", problems: heldOut, cast: greedy)]
        if own.online { parts.append(Accuracies.Part("online", problems: heldOut, cast: searching)) }
        let learner = common.learner
        let stage = Stage(
            name: "improve", iterations: common.iterations, perIteration: common.play.problems,
            curriculum: ProblemStream(problems: training, samples: own.form == .nodes ? 1 : common.play.samples), society: Solo(),
            cast: own.form == .nodes ? searching : direct, judges: [WorldReturns()],
            updates: [
                Update(
                    model: TaughtPlayer.policy, routes: [route(own)], optimiser: learner.optimiser(.constant(learner.rate)), passes: learner.passes,
                    miniBatch: learner.miniBatch, rows: learner.rows)
            ],
            measures: [ScheduledMeasure(every: common.evaluation.every, Accuracies(parts))])
        let lessons = taught.isTaught ? try own.lessons.problems(training, of: shop, plays: common.base.demonstrations, seed: seed.child("lessons")) : []
        var plan = try taught.plan(stage, worlds: [shop.name: shop, WrittenItems.name: WrittenItems()], rehearsing: lessons)
        plan.searches = [searchName: search(own)]
        return plan
    }

    /// The search over pages: values of rollouts and, unless α is 1, of the policy's own ranks. The command of the best value is said: the bonus
    /// spreads few visits evenly, and the best finished play of so small a tree is often a wrong purchase, since nothing else ends one.
    static func search(_ own: Settings.Particular) -> TreeSearch {
        TreeSearch(
            simulations: own.simulations, branches: own.branches, selection: .critic(c: own.exploration, share: 1 - own.alpha),
            expansion: own.alpha < 1 ? RankedMoves() : SampledMoves(), valuation: PlayedOut(plays: own.rollouts), choice: .value)
    }

    /// What is made of what was played, and what is learned of it.
    static func route(_ own: Settings.Particular) -> Route {
        var objective = AgentQ()
        objective.settings.beta = own.beta
        switch own.form {
        case .nodes:
            let pairs = SiblingPairs(threshold: own.threshold, bestVersusWorst: !own.allPairs, priorShare: 1 - own.alpha)
            return Route(credit: pairs, objective: objective)
        case .trajectories: return Route(credit: PreferencePairs(choice: .bestVersusWorst), objective: objective)
        case .rft: return Route(credit: AcceptedOnly(keep: own.keep), objective: CrossEntropy())
        }
    }
}

extension AgentQLearning.Settings.Particular {
    /// What cannot work, as sentences with the key in front.
    fileprivate var faults: [String] {
        var faults = lessons.faults("agentq.lessons")
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“agentq.\(key)” is \(found); it should be \(expected)") }
        }
        require((0...1).contains(alpha), "alpha", alpha, "between 0 (the critic alone) and 1 (rollouts alone)")
        require(threshold >= 0, "threshold", threshold, "0 or more")
        require(beta > 0, "beta", beta, "above 0")
        require(keep >= 0, "keep", keep, "0 (all) or more")
        require(simulations >= 1, "simulations", simulations, "1 or more")
        require(branches >= 2, "branches", branches, "2 or more, so that there are pairs")
        require(exploration >= 0, "exploration", exploration, "0 or more")
        require(rollouts >= 1, "rollouts", rollouts, "1 or more")
        return faults
    }
}
