import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneGames
import HoneJudges
import HoneObjectives
import HoneSocieties

/// What the stages of ``VGCBench`` have in common: both tables, the players, the models, and the measures.
struct BattleTable {
    /// The settings it was made of.
    let settings: VGCBench.Settings
    /// The table at which agents learn, and the one with other teams.
    let seen: Duel
    let unseen: Duel
    private let worlds: [WorldName: any World]
    private let searches: [SearchName: any SearchMethod]
    private let policies: [PolicyName: any Policy]
    private let policy: PolicyName
    private let game: JSONValue

    /// The model that is cloned, from which all others start.
    static let base: ModelName = "policy"
    /// Opponents that do not learn.
    static let opponents = ["random"] + BattlePlayer.Style.allCases.map(\.rawValue)

    init(_ settings: VGCBench.Settings) throws {
        self.settings = settings
        let isGiven = ModelSettings.isGiven(settings.common.model.size)
        var rules = try settings.common.task.settings.decode(TeamBattle.Settings.self)
        rules.sheets = settings.bench.sheets
        rules.isHeldOut = false
        if isGiven { rules.isTerse = false }
        var others = rules
        others.isHeldOut = true
        others.sheets = 8
        var words = GameWorldSettings()
        (words.showsInstructions, words.showsMoves) = (isGiven, isGiven)
        let (first, second) = (GameWorld(try TeamBattle(rules), settings: words), GameWorld(try TeamBattle(others), settings: words))
        let unseenName: WorldName = "team-battle unseen"
        worlds = [first.name: first, unseenName: second]
        var problem = second.problem(0)
        problem.world = unseenName
        seen = Duel(problem: first.problem(0), roles: first.rules.roles)
        unseen = Duel(problem: problem, roles: second.rules.roles)

        // A small model reads the position alone; a given one has the conversation, in which the rules stand.
        let direct: any Policy = try settings.common.model.chatPolicy() ?? (isGiven ? DirectPolicy() as any Policy : LatestView())
        policy = "orders"
        policies = ["direct": DirectPolicy(), policy: GroundedMoves(direct)]
        var searches: [SearchName: any SearchMethod] = ["random": PlayedSearch<TeamBattle>(RandomPlayer())]
        for style in BattlePlayer.Style.allCases { searches[SearchName(style.rawValue)] = PlayedSearch<TeamBattle>(BattlePlayer(style)) }
        searches["teacher"] = TaughtMoves(PlayedSearch<TeamBattle>(BattlePlayer(.rules, noise: settings.bench.noise)), policy: direct)
        self.searches = searches
        game = try JSONValue(encoding: rules)
    }

    /// Whether the model is asked over HTTP: it is measured only.
    var isEndpoint: Bool { ModelSettings.isEndpoint(settings.common.model.size) }
    /// Everyone in turn.
    var society: any Society { Solo() }
    /// The cloned model on both seats.
    var cast: Cast { Dictionary(uniqueKeysWithValues: seen.roles.map { ($0, player(of: Self.base)) }) }

    /// A model at the table.
    private func player(of model: ModelName) -> Player {
        // Orders in words take more room than terse ones.
        let limit = ModelSettings.isGiven(settings.common.model.size) ? max(settings.common.play.limit, 48) : settings.common.play.limit
        return Player(model: ModelRef(model), policy: policy, sampling: Sampling(temperature: settings.common.play.temperature, limit: limit))
    }

    private func fixed(_ name: String) -> Player { Player(model: ModelRef(Self.base), search: SearchName(name), learns: false) }
    private func model(of method: VGCBench.Method) -> ModelName { method == .cloning ? Self.base : ModelName(method.rawValue) }
    private func exploiter(of method: VGCBench.Method) -> ModelName { ModelName("exploiter of \(method.rawValue)") }

    private func scheme(_ method: VGCBench.Method) -> OpponentScheme {
        switch method {
        case .cloning, .selfPlay: .mirror
        case .last: .latest
        case .fictitious: .fictitious
        case .oracle: .oracle
        }
    }

    /// A stage in which a model learns against a scheme's opponents.
    private func stage(_ name: StageName, of model: ModelName, iterations: Int, scheme: OpponentScheme, other: Player? = nil, isWarmUp: Bool = false) -> Stage {
        let common = settings.common
        let matchmaking = Matchmaking(
            tables: [Matchmaking.Table(problem: seen.problem, roles: seen.roles)], learner: player(of: model), scheme: scheme, other: other,
            samples: common.play.samples, keepEvery: settings.bench.keepEvery, pool: settings.bench.pool, trials: settings.bench.trials)
        var ppo = PPO()
        ppo.settings.entropyBonus = settings.bench.entropyBonus
        let credit = GeneralisedAdvantage(lambda: settings.bench.lambda, unit: .step, critic: ModelRef(model))
        var optimiser = common.learner.optimiser(.constant(common.learner.rate))
        if isWarmUp { optimiser.groups = ["model.": .constant(0), "lm_head": .constant(0)] }
        return Stage(
            name: name, iterations: iterations, perIteration: common.play.problems, curriculum: matchmaking, society: society,
            cast: Dictionary(uniqueKeysWithValues: seen.roles.map { ($0, player(of: model)) }), judges: [WorldReturns()],
            updates: [
                Update(
                    model: model, routes: [Route(roles: seen.roles, credit: credit, objective: ppo)], optimiser: optimiser,
                    passes: common.learner.passes, miniBatch: common.learner.miniBatch, rows: common.learner.rows)
            ], operations: [.learned: matchmaking.operations])
    }

    /// The stages of a method: the critic alone against the cloned agent itself, then all of it.
    func training(of method: VGCBench.Method) -> [Stage] {
        let (warmUp, all) = (settings.bench.warmUp, settings.common.iterations)
        var stages: [Stage] = []
        if warmUp > 0 { stages.append(stage(StageName("critic of \(method.rawValue)"), of: model(of: method), iterations: warmUp, scheme: .mirror, isWarmUp: true)) }
        if all > warmUp { stages.append(stage(StageName(method.rawValue), of: model(of: method), iterations: all - warmUp, scheme: scheme(method))) }
        return stages
    }

    /// The stage of an exploiter, which learns against an agent that does not.
    func exploiting(_ method: VGCBench.Method) -> Stage {
        stage(
            StageName("exploit \(method.rawValue)"), of: exploiter(of: method), iterations: settings.bench.exploiting, scheme: .fixed,
            other: player(of: model(of: method)))
    }

    /// What is measured at the end.
    var measures: [ScheduledMeasure] {
        let bench = settings.bench
        let methods = isEndpoint ? [.cloning] : bench.methods
        let plays = settings.common.evaluation.problems
        let agents = methods.map { (name: isEndpoint ? "model" : $0.rawValue, player: player(of: model(of: $0))) }
        let opponents = bench.opponents.map { (name: $0, player: fixed($0)) }
        var measures: [any Measure] = []
        if agents.count > 1 { measures.append(CrossPlay(agents: agents, duel: seen, plays: plays)) }
        if !opponents.isEmpty { measures.append(TransferGap(agents: agents, opponents: opponents, seen: seen, unseen: unseen, plays: plays)) }
        if bench.exploiting > 0, !isEndpoint {
            let pairs = methods.map { (name: $0.rawValue, agent: player(of: model(of: $0)), exploiter: player(of: exploiter(of: $0))) }
            measures.append(ExploiterPoints(agents: pairs, duel: seen, plays: plays))
        }
        return measures.map { ScheduledMeasure(every: settings.common.evaluation.every, $0) }
    }

    /// The models: one is taught by the rule player's plays, the others start from it.
    private var models: [ModelName: ModelPlan] {
        let common = settings.common
        var plan = ModelPlan(common.model.source)
        if common.base.passes > 0, common.base.demonstrations > 0 {
            let steps = common.base.passes
            let rate = Schedule.warmupCosine(peak: common.base.rate, to: common.base.rate / 10, warmup: min(20, steps), over: steps)
            let teacher = Player(model: ModelRef(Self.base), policy: policy, search: "teacher")
            let stage = Stage(
                name: "cloning", iterations: steps, perIteration: 1,
                curriculum: ProblemStream(problems: [seen.problem], samples: common.base.demonstrations), society: society,
                cast: Dictionary(uniqueKeysWithValues: seen.roles.map { ($0, teacher) }),
                updates: [
                    Update(
                        model: Self.base, routes: [Route(roles: seen.roles, credit: Demonstrations(), objective: common.base.imitation)],
                        optimiser: settings.common.learner.optimiser(rate))
                ])
            plan.base = Base(
                stages: [stage],
                fingerprint: .object([
                    "cloning": game, "base": (try? JSONValue(encoding: common.base)) ?? .null, "noise": .number(settings.bench.noise),
                    "clip": .number(common.learner.clip), "weightDecay": .number(common.learner.weightDecay),
                ]))
        }
        var models = [Self.base: plan]
        for method in settings.bench.methods {
            if method != .cloning { models[model(of: method)] = ModelPlan(.copy(of: Self.base)) }
            if settings.bench.exploiting > 0 { models[exploiter(of: method)] = ModelPlan(.copy(of: Self.base)) }
        }
        return models
    }

    /// The plan of these stages.
    func plan(_ stages: [Stage]) -> Plan {
        let common = settings.common
        return Plan(
            models: isEndpoint ? [:] : models, endpoints: isEndpoint ? [Self.base: common.model.endpoint.settings(at: common.model.size)] : [:],
            worlds: worlds, policies: policies, searches: searches, stages: stages)
    }
}
