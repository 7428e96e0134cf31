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

/// What the stages of ``LLMCoordination`` have in common: the table, the agent and its partners, the lessons and the measures.
struct CoordinationTable {
    private let settings: LLMCoordination.Settings
    private let world: GameWorld<Hanabi>
    private let game: Hanabi
    private let agent: ReasonedMoves<Hanabi>
    private let policies: [PolicyName: any Policy]
    private let policy: PolicyName
    private let seed: Seed

    /// The agent's model, and one that was made the same way from other first weights.
    static let policyModel: ModelName = "policy"
    static let twin: ModelName = "twin"
    /// What the taught agent and its questions hold to.
    static let convention = HanabiConvention(.oldest)

    init(_ settings: LLMCoordination.Settings, seed: Seed) throws {
        self.settings = settings
        self.seed = seed
        let isGiven = ModelSettings.isGiven(settings.common.model.size)
        var rules = try settings.common.task.settings.decode(Hanabi.Settings.self)
        if isGiven { rules.isTerse = false }
        game = try Hanabi(rules)
        world = GameWorld(game)
        let own = settings.modules
        let infers = own.partner && (isGiven || settings.learning == .taught)
        agent = ReasonedMoves(
            remembers: own.memory, infers: infers, verification: own.verification, tries: own.tries, words: isGiven ? Self.words(game) : Self.terse,
            history: { $0.history(of: $1, last: 4) }, isSound: { $0.isSound($3, by: $2, in: $1) }, ground: { GroundedMoves.closest(to: $0, among: $1) })
        var policies: [PolicyName: any Policy] = ["direct": DirectPolicy()]
        if let chat = try settings.common.model.chatPolicy() {
            policies["chat"] = chat
            policy = "chat"
        } else {
            policy = "direct"
        }
        self.policies = policies
    }

    private static let terse = ReasonedMoves<Hanabi>.Words(opening: "", partner: "T:", move: "M:", check: "V MOVE:", refusal: "n")

    /// The modules' words for models that were made elsewhere.
    private static func words(_ game: Hanabi) -> ReasonedMoves<Hanabi>.Words {
        ReasonedMoves<Hanabi>.Words(
            opening: game.instructions
                + "\nConventions: new cards are added at the right, so the first card is the oldest. A hint means that the oldest card it touches can be played now; other "
                + "hints are for saving. The oldest card that no hint has touched is the one to discard. With one life left only a card that surely fits is played.\n\n",
            partner: "Before you choose a move, read your partner's mind. In one sentence, explain your partner's last action and what it was meant to tell you. In a second "
                + "one, say which information about its cards your partner needs most now. Answer with these two sentences on one line.\n",
            move: "Allowed moves: MOVES\nAnswer with one of them and nothing else.\n",
            check: "You check moves. The proposed move is: MOVE. It is acceptable if it follows the rules and does not risk to end the game at once. Answer “okay” or “not okay”.\n",
            refusal: "not okay")
    }

    var isEndpoint: Bool { ModelSettings.isEndpoint(settings.common.model.size) }
    private var isGiven: Bool { ModelSettings.isGiven(settings.common.model.size) }
    private var roles: [Role] { world.rules.roles }

    private func player(_ model: ModelName, learns: Bool? = nil) -> Player {
        let limit = isGiven ? max(settings.common.play.limit, 96) : settings.common.play.limit
        return Player(
            model: ModelRef(model), policy: policy, search: "agent", sampling: Sampling(temperature: settings.common.play.temperature, limit: limit), learns: learns)
    }

    /// The agent on all seats; the role `solver` is the one that recites lessons.
    private var cast: Cast { Dictionary(uniqueKeysWithValues: roles.map { ($0, player(Self.policyModel)) }) }

    private func questions(opening: String) -> HanabiQuestions {
        HanabiQuestions(game: game, convention: Self.convention, isTerse: !isGiven, opening: opening)
    }

    /// The questions that are measured on.
    private var items: [ChoiceItem] {
        // The same for all seeds, so that runs can be compared.
        questions(opening: isGiven ? agent.words.opening : "").items(settings.questions.measured, seed: Seed(0).child("measured questions"))
    }

    /// What the model is taught.
    private var lessons: [Problem] {
        let lessons = HanabiLessons(game: game, agent: agent)
        let own = seed.child("lessons")
        let count = settings.common.base.demonstrations
        guard settings.learning == .taught else { return lessons.rules(count, seed: own.child("rules")) }
        var all = lessons.decisions(count, by: Self.convention, seed: own.child("decisions"))
        if settings.modules.verification == .model { all += lessons.checks(count / 2, by: Self.convention, seed: own.child("checks")) }
        let measured = Set(items.map(\.situation))
        let taught = questions(opening: "").items(settings.questions.taught, without: measured, seed: own.child("questions"))
        return all + HanabiLessons.answered(taught, seed: own.child("answers"))
    }

    /// A model taught by the lessons.
    private func model(_ name: ModelName, _ lessons: [Problem]) throws -> ModelPlan {
        let base = settings.common.base
        var plan = ModelPlan(settings.common.model.source)
        guard base.passes > 0, !lessons.isEmpty, !isGiven else { return plan }
        let steps = base.passes * ((lessons.count + base.miniBatch - 1) / base.miniBatch)
        let stage = Stage(
            name: "lessons", iterations: base.passes, perIteration: lessons.count, curriculum: ProblemStream(problems: lessons, samples: 1), society: Recitation(),
            cast: [.solver: Player(model: ModelRef(name))],
            updates: [
                Update(
                    model: name, routes: [Route(credit: Demonstrations(), objective: base.imitation)],
                    optimiser: settings.common.learner.optimiser(.warmupCosine(peak: base.rate, to: base.rate / 10, warmup: min(20, steps), over: steps)), miniBatch: base.miniBatch)
            ])
        plan.base = Base(
            stages: [stage],
            fingerprint: .object([
                "coordination": try JSONValue(encoding: game.settings), "learner": .string(settings.learning.rawValue), "remembers": .bool(settings.modules.memory), "infers": .bool(agent.infers), "checks": .bool(settings.modules.verification == .model),
                "questions": try JSONValue(encoding: settings.questions), "base": try JSONValue(encoding: base), "clip": .number(settings.common.learner.clip),
                "weightDecay": .number(settings.common.learner.weightDecay), "lessons": .string(String(seed.value)),
            ]))
        return plan
    }

    /// A stage in which a model plays with itself and learns from what both get.
    private func selfPlay(_ name: ModelName) -> Stage {
        let common = settings.common
        let matchmaking = Matchmaking(
            tables: [Matchmaking.Table(problem: world.problem(0), roles: roles)], learner: player(name), scheme: .mirror, samples: common.play.samples)
        var ppo = PPO()
        ppo.settings.entropyBonus = 1e-3
        return Stage(
            name: StageName("self-play of \(name)"), iterations: common.iterations, perIteration: common.play.problems, curriculum: matchmaking, society: Solo(),
            cast: Dictionary(uniqueKeysWithValues: roles.map { ($0, player(name)) }), judges: [WorldReturns()],
            updates: [
                Update(
                    model: name, routes: [Route(roles: roles, credit: GeneralisedAdvantage(unit: .step, critic: ModelRef(name), whitens: true), objective: ppo)],
                    optimiser: settings.common.learner.optimiser(.constant(common.learner.rate)), passes: common.learner.passes, miniBatch: common.learner.miniBatch)
            ])
    }

    private var measures: [ScheduledMeasure] {
        let evaluation = settings.common.evaluation
        var partners = settings.partners.filter { $0 != "twin" }.map { (name: $0, player: Player(model: ModelRef(Self.policyModel), search: SearchName($0), learns: false)) }
        if hasTwin { partners.append((name: "twin", player: player(Self.twin, learns: false))) }
        var measures: [any Measure] = [
            TeamScores(
                problem: world.problem(0), roles: roles, agent: player(Self.policyModel), partners: partners, plays: evaluation.problems,
                unsoundNote: ReasonedMoves<Hanabi>.unsoundNote)
        ]
        if settings.questions.measured > 0 {
            let asked = Player(
                model: ModelRef(Self.policyModel), policy: policy, sampling: Sampling(temperature: settings.common.play.temperature, limit: isGiven ? 16 : 2))
            measures.append(ChoiceAccuracy(items: items, player: asked, decodes: evaluation.samples, isTerse: !isGiven))
        }
        return measures.map { ScheduledMeasure(every: evaluation.every, $0) }
    }

    private var hasTwin: Bool { settings.partners.contains("twin") && !isGiven }

    /// The plan.
    func plan() throws -> Plan {
        let lessons = isGiven ? [] : lessons
        var models: [ModelName: ModelPlan] = [:]
        var stages: [Stage] = []
        let learns = settings.learning == .selfPlay && settings.common.iterations > 0 && !isEndpoint
        if !isEndpoint { models[Self.policyModel] = try model(Self.policyModel, lessons) }
        if hasTwin { models[Self.twin] = try model(Self.twin, lessons) }
        if learns { stages = models.keys.sorted().map(selfPlay) }
        stages.append(Stage(name: "measure", iterations: learns ? 1 : 0, society: Solo(), cast: cast, measures: measures))
        var searches: [SearchName: any SearchMethod] = ["agent": agent]
        for order in HanabiConvention.Order.allCases { searches[SearchName(order.rawValue)] = PlayedSearch<Hanabi>(HanabiConvention(order)) }
        return Plan(
            models: models, endpoints: isEndpoint ? [Self.policyModel: settings.common.model.endpoint.settings(at: settings.common.model.size)] : [:],
            worlds: [world.name: world, WrittenItems.name: WrittenItems()], policies: policies, searches: searches, stages: stages)
    }
}
