import HoneCore
import HoneCredit
import HoneCurricula
import HoneEndpoint
import HoneEngine
import HoneGames
import HoneJudges
import HoneObjectives
import HoneSocieties
import HoneWorlds

/// What the recipes of games have in common: the table, the players around it, teaching the rules, and the measures.
struct GameTable {
    /// The settings it was made of.
    let settings: GamePlaySettings
    /// The game as a world.
    let world: any World
    /// The problem that begins it.
    let problem: Problem
    /// Its seats.
    let roles: [Role]
    private let searches: [SearchName: any SearchMethod]
    /// How the learner is shown the play.
    private var policy: PolicyName { searches[Self.teacher] == nil ? "direct" : "latest-view" }
    private let exact: (any Measure)?
    /// What all returns add up to, where that is fixed.
    private let sum: Double?
    /// The largest return less the smallest one.
    private let span: Double
    private let fingerprint: JSONValue

    /// The name of the model that learns.
    static let policy: ModelName = "policy"
    /// The search of the teacher's seats, where what is learned stands behind another prompt than was seen.
    private static let teacher: SearchName = "teacher"
    /// The snapshot that is the moving average of the weights.
    static let smoothed = "smoothed"
    /// The name of the league's second learner.
    static let exploiter: ModelName = "exploiter"
    /// The name of an endpoint that plays against the learner.
    static let opponent: ModelName = "opponent"

    /// Makes the game and its players; throws sentences when settings cannot work.
    static func of(_ settings: GamePlaySettings) throws -> GameTable {
        let faults = settings.faults()
        if !faults.isEmpty { throw PlanError(faults) }
        if ProgramCommand.isCommand(settings.common.task.world) { return try program(settings) }
        return try made(settings, try GameCatalog.make(name: settings.common.task.world, settings: settings.common.task.settings))
    }

    private init(
        settings: GamePlaySettings, world: any World, problem: Problem, roles: [Role], searches: [SearchName: any SearchMethod],
        exact: (any Measure)?, sum: Double?, span: Double
    ) throws {
        self.settings = settings
        self.world = world
        self.problem = problem
        self.roles = roles
        self.searches = searches
        self.exact = exact
        self.sum = sum
        self.span = span
        fingerprint = .object([
            "game": .string(settings.common.task.world), "settings": settings.common.task.settings,
            "teacher": .string(settings.opponents.teacher),
            "met": .string(settings.opponents.scheme == .fixed ? settings.opponents.player : settings.opponents.teacher), "text": try JSONValue(encoding: settings.text), "base": try JSONValue(encoding: settings.common.base),
            "clip": .number(settings.common.learner.clip), "weightDecay": .number(settings.common.learner.weightDecay),
        ])
    }

    private static func made<Rules: ExtensiveGame>(_ settings: GamePlaySettings, _ game: Rules) throws -> GameTable {
        var words = try settings.text.words(for: settings.common.model.size, in: game)
        if settings.text.illegalPenalty > 0 { words.illegalReturn = game.facts.range.lowerBound - settings.text.illegalPenalty }
        let world = GameWorld(game, settings: words)
        var searches: [SearchName: any SearchMethod] = [:]
        var names = Set(settings.yardsticks.against + ["random", settings.opponents.teacher])
        if settings.opponents.scheme == .fixed, !ModelSettings.isEndpoint(settings.opponents.player) { names.insert(settings.opponents.player) }
        for name in names { searches[SearchName(name)] = PlayedSearch<Rules>(try RulePlayer(name).player(of: game)) }
        // What a teacher says is learned behind what the learner will be shown.
        if words.isLatestOnly {
            let teacher = SearchName(settings.opponents.teacher)
            searches[Self.teacher] = searches[teacher].map { TaughtMoves($0, policy: LatestView()) }
        }
        let kept = settings.opponents.scheme.keepsSnapshots ? settings.opponents.pool : settings.selfPlay.averaged
        let exact = settings.yardsticks.isExact
            ? try? Exploitability(
                world, model: policy, average: kept > 0 ? Matchmaking.prefix : "", limit: kept,
                smoothed: settings.selfPlay.smoothing > 0 ? smoothed : nil, nodes: 30_000) : nil
        return try GameTable(
            settings: settings, world: world, problem: world.problem(0), roles: world.rules.roles, searches: searches, exact: exact,
            sum: game.facts.sum, span: game.facts.range.upperBound - game.facts.range.lowerBound)
    }

    /// The table of another program, which is started to ask how many sit there. Only a player of its listed moves is known besides models.
    private static func program(_ settings: GamePlaySettings) throws -> GameTable {
        let name = settings.common.task.world
        let world = try ProcessWorld(name, settings: settings.common.task.settings.decode(ProcessWorldSettings.self))
        guard world.program.seats > 1 else {
            throw CoreError.unsupported("“\(name)” has one seat, so there is nobody to play against; recipes grpo, star and rest-em play it")
        }
        var known = settings.yardsticks.against.map { ("yardsticks.against", $0) } + [("opponents.teacher", settings.opponents.teacher)]
        if settings.opponents.scheme == .fixed, !ModelSettings.isEndpoint(settings.opponents.player) { known.append(("opponents.player", settings.opponents.player)) }
        if let (key, other) = known.first(where: { $0.1 != "random" }) {
            throw CoreError.unsupported("“\(key)” is “\(other)”, but the rules of “\(name)” are not known here; of players without a model it has “random”")
        }
        let scale = settings.common.task.settings["solvedAt"]?.double ?? 1
        let range = world.rules.range
        // Without a seed of its own, each play has that of its scope.
        let problem = Problem(id: "play", world: world.name, text: "play")
        return try GameTable(
            settings: settings, world: world, problem: problem, roles: world.rules.roles, searches: ["random": ListedMoves()], exact: nil,
            sum: world.program.sum.map { $0 / scale }, span: range.upperBound - range.lowerBound)
    }

    /// How tokens are drawn in play.
    private var sampling: Sampling { Sampling(temperature: settings.common.play.temperature, limit: settings.common.play.limit) }
    /// The learner.
    var learner: Player { Player(model: ModelRef(Self.policy), policy: policy, sampling: sampling) }

    /// A player that chooses by the rules alone.
    private func player(_ name: String) -> Player { Player(model: ModelRef(Self.policy), search: SearchName(name), learns: false) }

    /// Who is met, by the scheme.
    var matchmaking: Matchmaking {
        var other: Player?
        switch settings.opponents.scheme {
        case .fixed:
            other = ModelSettings.isEndpoint(settings.opponents.player)
                ? Player(model: ModelRef(Self.opponent), policy: policy, sampling: sampling, learns: false) : player(settings.opponents.player)
        case .league: other = Player(model: ModelRef(Self.exploiter), policy: policy, sampling: sampling)
        default: break
        }
        return Matchmaking(
            tables: [Matchmaking.Table(problem: problem, roles: roles)], learner: learner, scheme: settings.opponents.scheme, other: other,
            samples: settings.common.play.samples, keepEvery: settings.opponents.keepEvery, pool: settings.opponents.pool,
            hardness: settings.opponents.hardness, trials: settings.opponents.trials)
    }

    /// The measures: exploitability where the game is small, and matches against the yardsticks.
    func measures() throws -> [ScheduledMeasure] {
        let every = settings.common.evaluation.every
        let yardsticks = settings.yardsticks.against.map { (name: $0, player: player($0)) }
        var all: [ScheduledMeasure] = exact.map { [ScheduledMeasure(every: every, $0)] } ?? []
        if !yardsticks.isEmpty {
            all.append(
                ScheduledMeasure(
                    every: every,
                    Matches(
                        problem: problem, roles: roles, hasWinner: roles.count == 2 && sum == 0, player: learner, opponents: yardsticks, plays: settings.yardsticks.plays)))
        }
        if settings.yardsticks.rated > 0 {
            guard sum != nil else {
                throw CoreError.unsupported("“yardsticks.rated” needs a game whose returns have a fixed sum; “\(settings.common.task.world)” is none")
            }
            let ratings = try Ratings(
                problem: problem, roles: roles, span: span, learner: learner, prefix: Matchmaking.prefix,
                limit: settings.opponents.scheme.keepsSnapshots ? settings.opponents.pool : 0, yardsticks: yardsticks, plays: settings.yardsticks.rated)
            all.append(ScheduledMeasure(every: every, ratings))
        }
        return all
    }

    private func optimiser(_ rate: Schedule, isBase: Bool = false) -> OptimiserSettings {
        var optimiser = settings.common.learner.optimiser(rate)
        if !isBase { optimiser.epsilon = settings.selfPlay.epsilon }
        return optimiser
    }

    /// Whom the teacher meets: the fixed opponent, where there is one that is known here; nil is itself.
    private var met: Player? {
        guard settings.opponents.scheme == .fixed, !ModelSettings.isEndpoint(settings.opponents.player) else { return nil }
        return player(settings.opponents.player)
    }

    /// The model, taught the rules by plays of a teacher, on all seats or on each in turn opposite a fixed opponent: each pass plays anew.
    var models: [ModelName: ModelPlan] {
        let common = settings.common
        var plan = ModelPlan(common.model.source)
        if common.base.passes > 0, common.base.demonstrations > 0 {
            // One step a pass: most rows fall together.
            let steps = common.base.passes
            let rate = Schedule.warmupCosine(peak: common.base.rate, to: common.base.rate / 10, warmup: min(20, steps), over: steps)
            let teacher = searches[Self.teacher] == nil ? settings.opponents.teacher : Self.teacher.text
            var taught = player(teacher)
            taught.learns = nil
            var curriculum: any Curriculum = ProblemStream(problems: [problem], samples: common.base.demonstrations)
            if let met {
                // What follows an opponent's mistakes is only seen opposite that opponent.
                curriculum = Matchmaking(
                    tables: [Matchmaking.Table(problem: problem, roles: roles)], learner: taught, scheme: .fixed, other: met,
                    samples: max(1, common.base.demonstrations / roles.count))
            }
            let stage = Stage(
                name: "rules", iterations: common.base.passes, perIteration: met == nil ? 1 : roles.count, curriculum: curriculum, society: Solo(),
                cast: Dictionary(uniqueKeysWithValues: roles.map { ($0, taught) }),
                updates: [
                    Update(
                        model: Self.policy, routes: [Route(roles: roles, credit: Demonstrations(), objective: common.base.imitation)],
                        optimiser: optimiser(rate, isBase: true), mergesRows: true)
                ])
            plan.base = Base(stages: [stage], fingerprint: fingerprint)
        }
        var models = [Self.policy: plan]
        if settings.opponents.scheme == .league { models[Self.exploiter] = ModelPlan(.copy(of: Self.policy)) }
        return models
    }

    /// A stage in which the model plays and learns by one route.
    func improvement(_ name: StageName, iterations: Int, route: Route, operations: [Moment: [WeightOperation]] = [:]) throws -> Stage {
        let common = settings.common
        let matchmaking = matchmaking
        var operations = operations
        operations[.learned, default: []] += matchmaking.operations
        let final = settings.selfPlay.finalRate
        let rate = final == 1 ? Schedule.constant(common.learner.rate)
            : .geometric(from: common.learner.rate, to: final * common.learner.rate, over: max(1, common.iterations * common.learner.passes))
        func update(_ model: ModelName) -> Update {
            Update(
                model: model, routes: [route], optimiser: optimiser(rate), passes: common.learner.passes,
                miniBatch: common.learner.miniBatch, rows: common.learner.rows, mergesRows: true)
        }
        var updates = [update(Self.policy)]
        if settings.opponents.scheme == .league {
            updates.append(update(Self.exploiter))
            operations[.learned, default: []].append(.every(settings.opponents.exploiterLife, .reset(Self.exploiter, optimiserOnly: false)))
        }
        return Stage(
            name: name, iterations: iterations, perIteration: common.play.problems, curriculum: matchmaking, society: Solo(),
            cast: Dictionary(uniqueKeysWithValues: roles.map { ($0, learner) }), judges: [WorldReturns()], updates: updates,
            operations: operations, measures: try measures())
    }

    /// The plan of one stage after the base.
    func plan(_ stages: [Stage]) -> Plan {
        var endpoints: [ModelName: EndpointSettings] = [:]
        if settings.opponents.scheme == .fixed, ModelSettings.isEndpoint(settings.opponents.player) {
            endpoints[Self.opponent] = settings.common.model.endpoint.settings(at: settings.opponents.player)
        }
        return Plan(
            models: models, endpoints: endpoints, worlds: [problem.world: world], policies: ["direct": DirectPolicy(), "latest-view": LatestView()],
            searches: searches,
            stages: stages)
    }
}
