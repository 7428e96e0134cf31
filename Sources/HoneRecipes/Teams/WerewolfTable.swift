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

/// The table, the players, the lessons and the measure of ``WereAlign``.
struct WerewolfTable {
    private let settings: WereAlign.Settings
    private let seed: Seed
    private let game: Werewolf
    private let world: GameWorld<Werewolf>
    private let direct: any Policy
    private let isGiven: Bool

    /// The model that imitates, and the one that goes on from there by self-play.
    static let imitation: ModelName = "policy"
    static let trained: ModelName = "self-play"

    init(_ settings: WereAlign.Settings, seed: Seed) throws {
        self.settings = settings
        self.seed = seed
        isGiven = ModelSettings.isGiven(settings.common.model.size)
        var rules = try settings.common.task.settings.decode(Werewolf.Settings.self)
        if isGiven { rules.isTerse = false }
        game = try Werewolf(rules)
        var words = GameWorldSettings()
        (words.showsInstructions, words.showsMoves) = (isGiven, isGiven)
        world = GameWorld(game, settings: words)
        direct = try settings.common.model.chatPolicy() ?? (isGiven ? DirectPolicy() as any Policy : LatestView())
    }

    private var isEndpoint: Bool { ModelSettings.isEndpoint(settings.common.model.size) }
    private var roles: [Role] { world.rules.roles }

    private func player(_ model: ModelName) -> Player {
        let limit = isGiven ? max(settings.common.play.limit, 48) : settings.common.play.limit
        return Player(model: ModelRef(model), policy: "moves", sampling: Sampling(temperature: settings.common.play.temperature, limit: limit))
    }

    private func scripted(_ noise: Double) -> Player { Player(model: ModelRef(Self.imitation), search: SearchName("noise \(noise)"), learns: false) }

    private func cutter(_ noise: Double) -> WerewolfItems {
        let opening = isGiven ? game.instructions + "\n" : ""
        return WerewolfItems(
            game: game, reference: WerewolfPlayer(noise: noise), isTerse: !isGiven, opening: opening, moments: settings.items.moments)
    }

    /// Moves and answers of average players.
    private var lessons: [Problem] {
        let average = WerewolfPlayer(noise: settings.items.averageNoise)
        var problems: [Problem] = []
        var play = 0
        while problems.count < settings.common.base.demonstrations {
            let own = seed.child("lesson", play)
            play += 1
            var generator = own.generator
            var state = game.start
            var ply = 0
            while !game.isOver(state), problems.count < settings.common.base.demonstrations {
                ply += 1
                guard let seat = game.turn(in: state).mover else {
                    guard let chance = game.drawChance(in: state, using: &generator) else { break }
                    game.apply(chance, to: &state)
                    continue
                }
                guard let action = average.action(in: state, for: seat, of: game, seed: own.child("ply", ply)) else { break }
                // Of sleeping there is nothing to learn twice; a few are shown.
                if action != .sleep || generator.chance(0.2) {
                    problems.append(
                        WrittenItems.problem(id: "move \(problems.count)", prompt: game.view(of: state, for: seat) + "\n", answer: game.text(of: action, in: state)))
                }
                game.apply(action, to: &state)
            }
        }
        let taught = cutter(settings.items.averageNoise).items(plays: settings.items.taught, seed: seed.child("taught"))
        for (place, one) in taught.enumerated() where !WerewolfItems.moveKinds.contains(one.item.kind) {
            let shares = average.shares(of: one, decodes: 1, game: game, seed: seed.child("answer", place))
            let shown = one.item.shuffled(seed.child("order", place))
            let order = one.item.order(seed.child("order", place))
            guard let choice = shares.firstIndex(of: 1), let letter = order.firstIndex(of: choice) else { continue }
            problems.append(WrittenItems.problem(id: "answer \(place)", prompt: shown.prompt(isTerse: true), answer: ChoiceItem.letters[letter]))
        }
        return problems
    }

    private func models() throws -> [ModelName: ModelPlan] {
        let base = settings.common.base
        var plan = ModelPlan(settings.common.model.source)
        if base.passes > 0, base.demonstrations > 0, !isGiven {
            let lessons = lessons
            let steps = base.passes * ((lessons.count + base.miniBatch - 1) / base.miniBatch)
            let stage = Stage(
                name: "lessons", iterations: base.passes, perIteration: lessons.count, curriculum: ProblemStream(problems: lessons, samples: 1),
                society: Recitation(), cast: [.solver: Player(model: ModelRef(Self.imitation))],
                updates: [
                    Update(
                        model: Self.imitation, routes: [Route(credit: Demonstrations(), objective: base.imitation)],
                        optimiser: settings.common.learner.optimiser(.warmupCosine(peak: base.rate, to: base.rate / 10, warmup: min(20, steps), over: steps)), miniBatch: base.miniBatch)
                ])
            plan.base = Base(
                stages: [stage],
                fingerprint: .object([
                    "werewolf": try JSONValue(encoding: game.settings), "items": try JSONValue(encoding: settings.items), "base": try JSONValue(encoding: base),
                    "clip": .number(settings.common.learner.clip), "weightDecay": .number(settings.common.learner.weightDecay),
                    "lessons": .string(String(seed.value)),
                ]))
        }
        var models = [Self.imitation: plan]
        if learns { models[Self.trained] = ModelPlan(.copy(of: Self.imitation)) }
        return models
    }

    private var learns: Bool { settings.common.iterations > 0 && !isEndpoint }

    private var selfPlay: Stage {
        let common = settings.common
        let matchmaking = Matchmaking(
            tables: [Matchmaking.Table(problem: world.problem(0), roles: roles)], learner: player(Self.trained), scheme: .mirror, samples: common.play.samples)
        var ppo = PPO()
        ppo.settings.entropyBonus = 1e-3
        return Stage(
            name: "self-play", iterations: common.iterations, perIteration: common.play.problems, curriculum: matchmaking, society: Solo(),
            cast: Dictionary(uniqueKeysWithValues: roles.map { ($0, player(Self.trained)) }), judges: [WorldReturns()],
            updates: [
                Update(
                    model: Self.trained,
                    routes: [Route(roles: roles, credit: GeneralisedAdvantage(unit: .step, critic: ModelRef(Self.trained)), objective: ppo)],
                    optimiser: settings.common.learner.optimiser(.constant(common.learner.rate)), passes: common.learner.passes, miniBatch: common.learner.miniBatch)
            ])
    }

    private var measure: ScheduledMeasure {
        var agents = settings.scripted.map { StrategyAlignment.Agent(name: "noise \($0)", player: scripted($0), scripted: WerewolfPlayer(noise: $0)) }
        agents.append(StrategyAlignment.Agent(name: isGiven ? "model" : "imitation", player: player(Self.imitation), scripted: nil))
        if learns { agents.append(StrategyAlignment.Agent(name: "self-play", player: player(Self.trained), scripted: nil)) }
        // The same items for all seeds, so that runs can be compared.
        let items = cutter(settings.items.referenceNoise).items(plays: settings.items.plays, seed: Seed(0).child("measured plays"))
        return ScheduledMeasure(
            every: settings.common.evaluation.every,
            StrategyAlignment(
                game: game, agents: agents, items: items, decodes: settings.common.evaluation.samples, isTerse: !isGiven, scoresMoves: !isGiven,
                problem: world.problem(0), roles: roles, pool: scripted(settings.items.poolNoise), plays: settings.plays))
    }

    /// The plan.
    func plan() throws -> Plan {
        var searches: [SearchName: any SearchMethod] = [:]
        for noise in settings.scripted + [settings.items.poolNoise] {
            searches[SearchName("noise \(noise)")] = PlayedSearch<Werewolf>(WerewolfPlayer(noise: noise))
        }
        let cast = Dictionary(uniqueKeysWithValues: roles.map { ($0, player(Self.imitation)) })
        let last = Stage(name: "measure", iterations: learns ? 1 : 0, society: Solo(), cast: cast, measures: [measure])
        return Plan(
            models: isEndpoint ? [:] : try models(),
            endpoints: isEndpoint ? [Self.imitation: settings.common.model.endpoint.settings(at: settings.common.model.size)] : [:],
            worlds: [world.name: world, WrittenItems.name: WrittenItems()], policies: ["direct": DirectPolicy(), "moves": GroundedMoves(direct)], searches: searches,
            stages: (learns ? [selfPlay] : []) + [last])
    }
}
