import HoneCore
import HoneCredit
import HoneCurricula
import HoneEndpoint
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSocieties
import HoneText
import HoneWorlds

/// What the recipes of question worlds have in common: the problems, the taught base, the cast and the measure.
struct Workshop {
    /// The settings it was made of.
    let settings: CommonSettings
    /// The world.
    let world: any ProblemWorld
    /// The same where it makes and checks answers itself; nil for a program.
    let questions: (any QuestionWorld)?
    /// How demonstrations are written; nil for the world's own.
    let corpus: (any Corpus)?
    /// The problems, parted into training and held-out ones.
    let split: ProblemSplit
    /// Problems training may play.
    let training: [Problem]
    /// Problems that are measured on.
    let heldOut: [Problem]
    /// Asks the model through its chat template, where it has one.
    let chat: ChatPolicy?

    /// The name of the model that learns.
    static let policy: ModelName = "policy"

    /// Makes the problems; throws sentences when settings cannot work or the world has too few problems. A recipe that needs no more of
    /// its world than returns `takesPrograms`; one that asks it for demonstrations or has answers checked does not.
    init(_ settings: CommonSettings, takesPrograms: Bool = false, seed: Seed) throws {
        let faults = settings.faults()
        if !faults.isEmpty { throw PlanError(faults) }
        self.settings = settings
        chat = try settings.model.chatPolicy()
        corpus = try CorpusCatalog.make(settings.base.corpus, settings: settings.base.settings, world: settings.task.world)
        let isCommand = ProgramCommand.isCommand(settings.task.world)
        if try isCommand || WorldCatalog.entry(settings.task.world).play != nil {
            let what = isCommand ? "as a program" : "as a world that is played move by move"
            guard takesPrograms else {
                throw CoreError.unsupported(
                    "This recipe asks its world for demonstrations or single answers, which “\(settings.task.world)” \(what) cannot give; "
                        + "direct, grpo, star and rest-em play such worlds")
            }
            guard settings.base.demonstrations == 0 || settings.base.passes == 0 else {
                throw CoreError.invalid(
                    "“base.demonstrations” is \(settings.base.demonstrations), but “\(settings.task.world)” \(what) writes none; set it to 0 and start from a model "
                        + "that can play (--model)")
            }
            let program = try WorldCatalog.playable(name: settings.task.world, settings: settings.task.settings)
            guard program.rules.roles == [.solver] else {
                throw CoreError.unsupported(
                    "“\(settings.task.world)” has \(program.rules.roles.count) seats; this recipe plays worlds with one seat, so let the program play the others")
            }
            (world, questions) = (program, nil)
        } else {
            let plain = try WorldCatalog.make(name: settings.task.world, settings: settings.task.settings)
            let asked = corpus.map { ThinkingWorld(plain, corpus: $0) } ?? plain
            (world, questions) = (asked, asked)
        }
        // Which problems are held out is a property of the task, not of the seed, so that runs can be compared.
        split = ProblemSplit(world: world, heldOutShare: settings.task.heldOutShare)
        training = try split.trainProblems(settings.task.trainProblems, seed: seed.child("problems"))
        heldOut = try split.heldOutProblems(settings.evaluation.problems, seed: Seed(0))
    }

    /// How tokens are drawn in play.
    var sampling: Sampling { Sampling(temperature: settings.play.temperature, limit: settings.play.limit) }

    /// The solver, played by the model that learns.
    var cast: Cast { [.solver: Player(model: ModelRef(Self.policy), policy: chat == nil ? "direct" : "chat", sampling: sampling)] }

    /// The first demonstrations of the training problems, as many as the base settings say.
    func demonstrated(seed: Seed) throws -> [Problem] {
        let problems = try split.demonstrated(
            training, count: settings.base.demonstrations, errorRate: settings.base.errorRate,
            seed: seed.child("demonstrations"))
        let longest = problems.flatMap(\.demonstrations).map(\.unicodeScalars.count).max() ?? 0
        if corpus != nil, longest >= settings.play.limit {
            throw CoreError.invalid(
                "Demonstrations of corpus “\(settings.base.corpus)” have up to \(longest) characters, but “play.limit” is "
                    + "\(settings.play.limit); it should be \(longest + 1) or more")
        }
        return problems
    }

    /// A stage that learns demonstrations by heart.
    func teaching(_ problems: [Problem], name: StageName, passes: Int, rate: Schedule, measured: Bool) -> Stage {
        Stage(
            name: name, iterations: passes, perIteration: max(1, problems.count),
            curriculum: ProblemStream(problems: problems, samples: 1), society: Recitation(), cast: cast,
            updates: [
                Update(
                    model: Self.policy, routes: [Route(credit: Demonstrations(), objective: settings.base.imitation)],
                    optimiser: settings.learner.optimiser(rate), miniBatch: settings.base.miniBatch)
            ],
            measures: measured ? [measure] : [])
    }

    /// Whether the model is asked over HTTP and has no weights here.
    var isEndpoint: Bool { ModelSettings.isEndpoint(settings.model.size) }

    /// The endpoint, by the name of the model that would learn.
    var endpoints: [ModelName: EndpointSettings] {
        isEndpoint ? [Self.policy: settings.model.endpoint.settings(at: settings.model.size)] : [:]
    }

    /// Where the model's first weights come from.
    var source: ModelSource { settings.model.source }

    /// The model, taught from demonstrations before anything else.
    func models(seed: Seed) throws -> [ModelName: ModelPlan] {
        guard !isEndpoint else { return [:] }
        guard settings.base.passes > 0, settings.base.demonstrations > 0 else { return [Self.policy: ModelPlan(source)] }
        let problems = try demonstrated(seed: seed)
        let batches = (problems.count + settings.base.miniBatch - 1) / max(1, settings.base.miniBatch)
        let steps = settings.base.passes * batches
        let stage = teaching(
            problems, name: "teach", passes: settings.base.passes,
            rate: .warmupCosine(peak: settings.base.rate, to: settings.base.rate / 10, warmup: min(20, steps), over: steps),
            measured: false)
        let fingerprint = JSONValue.object([
            "base": try JSONValue(encoding: settings.base), "task": try JSONValue(encoding: settings.task),
            "world": .string(settings.task.world), "clip": .number(settings.learner.clip),
            "weightDecay": .number(settings.learner.weightDecay),
            "problems": .string(SHA256.hex(problems.map { $0.id + "\n" + $0.demonstrations.joined(separator: "\n") }
                .joined(separator: "\n"))),
        ])
        return [Self.policy: ModelPlan(source, base: Base(stages: [stage], fingerprint: fingerprint))]
    }

    /// Counts the habits of thought in responses.
    private static let habitCounters = Habit.allCases.map { habit in
        ResponseCounter(name: habit.rawValue, unit: "per answer") { Double(HabitCounts(in: $0)[habit]) }
    }

    /// The measure on held-out problems.
    var measure: ScheduledMeasure {
        let questions = questions
        return ScheduledMeasure(
            every: settings.evaluation.every,
            Evaluation(
                problems: heldOut, samples: settings.evaluation.samples, cast: cast,
                counters: corpus?.hasHabits == true ? Self.habitCounters : [],
                tellsReturns: questions == nil,
                reading: questions.map { asked in SampleMeasures.response { asked.check($0, to: $1).extracted } } ?? SampleMeasures.lastLine), society: Solo())
    }

    /// A stage in which the model plays training problems and learns by one route.
    func improvement(
        route: Route, operations: [Moment: [WeightOperation]] = [:], remembers: [MemoryName] = []
    ) -> Stage {
        Stage(
            name: "improve", iterations: settings.iterations, perIteration: settings.play.problems,
            curriculum: ProblemStream(problems: training, samples: settings.play.samples), society: Solo(), cast: cast,
            judges: [WorldReturns()],
            updates: [
                Update(
                    model: Self.policy, routes: [route], optimiser: settings.learner.optimiser(schedule(over: settings.iterations)),
                    passes: settings.learner.passes, miniBatch: settings.learner.miniBatch, rows: settings.learner.rows)
            ],
            operations: operations, measures: [measure], remembers: remembers)
    }

    /// The learning rate over so many iterations, after which, or after a reset of the optimiser, it begins anew.
    func schedule(over iterations: Int) -> Schedule {
        let learner = settings.learner
        guard learner.anneals, learner.rows > 0 else { return .constant(learner.rate) }
        let perPass = learner.miniBatch > 0 ? (learner.rows + learner.miniBatch - 1) / learner.miniBatch : 1
        let steps = perPass * learner.passes * iterations
        return .warmupCosine(peak: learner.rate, to: learner.rate / 50, warmup: min(10, steps), over: steps)
    }

    /// The demonstrations as groups that a verifier has accepted, for learning them beside what the model found itself.
    func acceptedDemonstrations(seed: Seed) throws -> [EpisodeGroup] {
        try demonstrated(seed: seed).compactMap { problem in
            let text = problem.demonstrations.first ?? ""
            guard questions?.check(text, to: problem).correct == true else { return nil }
            var segment = Segment.text(text, from: .demonstration, author: .solver)
            segment.isTrained = true
            let step = Step(role: .solver, context: [.text(problem.text, from: .prompt)], move: Move(segments: [segment]))
            let episode = Episode(id: "demonstration/\(problem.id)", steps: [step], returns: [.solver: 1], ending: .completed)
            return EpisodeGroup(
                assignment: Assignment(problem: problem), episodes: [episode],
                verdicts: [Verdict(on: .role(0, .solver), kind: .worldReturn, value: 1)])
        }
    }

    /// How models can be asked.
    private var policies: [PolicyName: any Policy] {
        var policies: [PolicyName: any Policy] = ["direct": DirectPolicy()]
        if let chat { policies["chat"] = chat }
        return policies
    }

    /// The plan of one stage after the base.
    func plan(
        _ stages: [Stage], models: [ModelName: ModelPlan]? = nil, memories: [MemoryName: any Memory] = [:], seed: Seed
    ) throws -> Plan {
        var plan = Plan(
            models: try models ?? self.models(seed: seed), endpoints: endpoints, worlds: [world.name: world], memories: memories,
            policies: policies, stages: stages)
        if !settings.model.actors.isEmpty {
            plan.actors[Self.policy] = Actors(settings.model.actors.map { address in
                var own = settings.model.endpoint.settings(at: address)
                // Prompts go as the very tokens that are learned behind.
                own.route = .completions
                return own
            })
        }
        return plan
    }
}
