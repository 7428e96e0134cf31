import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneMemory
import HoneObjectives
import HoneSocieties
import HoneText
import HoneWorlds

/// An actor and a critic: critiques kept by the refinements they lead to, asked at test time and while the actor trains itself.
public enum MathCritique: Recipe {
    /// What the actor trains itself on.
    public enum Loop: String, Codable, Hashable, Sendable, CaseIterable {
        /// Its right answers.
        case answers
        /// Those, and right refinements of wrong answers after a critique.
        case critic
    }

    /// Who criticises answers at test time.
    public enum Test: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nobody: one answer.
        case none
        /// The critic.
        case critic
        /// The world: an upper bound.
        case oracle
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var mathcritique: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What the actor trains itself on.
            public var loop = Loop.critic
            /// Who criticises answers at test time.
            public var test = Test.none
            /// Rounds of critique and refinement at test time.
            public var rounds = 2
            /// Refinements that are sampled of a wrong answer in training.
            public var refinements = 4
            /// Right answers of one question that are learned, over all iterations.
            public var keep = 1
            /// Iterations in which the critic learns critiques; 0 leaves it as it was taught.
            public var critiques = 6
            /// Written critiques of each of these iterations.
            public var perIteration = 400
            /// Refinements that say what a critique is worth.
            public var tries = 4
            /// The share of them that has to be right for a critique to be kept; 0 keeps all.
            public var bar = 0.5
            /// What actor and critic are taught first.
            var lessons = ChainCritiques()
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.task.trainProblems = 10_000
            common.base = BaseSettings(demonstrations: 10_000, passes: 5, rate: 2e-3, reduction: .sequenceMean)
            common.play = PlaySettings(problems: 300, samples: 5, temperature: 0.7, limit: common.play.limit)
            common.learner = LearnerSettings(rate: 3e-4, miniBatch: 32, rows: 1600, anneals: true)
            common.evaluation = EvaluationSettings(every: 1, problems: 200, samples: 5)
            common.iterations = 3
            mathcritique = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "math-critique",
        summary: "a critic learns critiques that lead to right refinements, and is asked at test time and while the actor trains itself",
        source: "Xi et al., 2024, “Enhancing LLM Reasoning via Critique Models with Test-Time and Training-Time Supervision”",
        departures: [
            "the annotator of critiques is a program with errors",
            "a critique names the first wrong step in one sign and a number, without reasons",
            "more is spent on hard questions only in that wrong answers alone are refined",
            "the last step, training on traces that hold answer, critique and refinement, is left out",
            "coverage is measured on held-out questions",
        ],
        parts: [
            "base: recited answers, refinements and critiques, with errors", "critic: critiques kept by the share of right refinements, imitated",
            "society: critique in the loop", "credit: right answers to each question, from the base each time", "objective: cross-entropy",
            "measure: last answers, votes, the hardest quarter",
        ], claim: claim)

    private static let critic: ModelName = "critic"
    /// The world of attempts, beside the one whose answers are learned.
    private static let attempts: WorldName = "attempts"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (own, common) = (settings.mathcritique, settings.common)
        let faults = own.faults(common)
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(common, seed: seed)
        guard let questions = shop.questions else { throw CoreError.unsupported("“math-critique” checks answers, which “\(shop.world.name)” as a program cannot give") }
        let wording = AttemptWording.short
        let lessons = own.lessons.problems(shop.training, of: questions, count: common.base.demonstrations, wording: wording, seed: seed.child("lessons"))
        var models = try shop.models(reciting: lessons)
        models[critic] = ModelPlan(.copy(of: Workshop.policy))

        let solver = Player(model: ModelRef(Workshop.policy), policy: "latest-view", sampling: shop.sampling)
        var seat = solver
        seat.model = ModelRef(critic)
        seat.sampling = seat.sampling.greedy
        var stages: [Stage] = []
        if own.critiques > 0 {
            stages.append(
                Stage(
                    name: "critic", iterations: own.critiques, perIteration: own.perIteration, curriculum: ProblemStream(problems: shop.training, samples: 1),
                    society: AnnotatedCritiques(world: questions, lessons: own.lessons, wording: wording, refinements: own.bar > 0 ? own.tries : 0),
                    cast: [.solver: solver],
                    judges: [WorldReturns()],
                    updates: [
                        Update(
                            model: critic, routes: [Route(roles: [Attempts.critic], credit: AcceptedOnly(threshold: own.bar), objective: CrossEntropy())],
                            optimiser: common.learner.optimiser(.constant(common.learner.rate)), miniBatch: common.base.miniBatch)
                    ]))
        }
        var stage = shop.improvement(
            route: Route(from: .both("solutions", count: Int.max), credit: AcceptedOnly(keep: own.keep), objective: CrossEntropy()),
            operations: [.judged: [.reset(Workshop.policy, optimiserOnly: false)]], remembers: ["solutions"])
        for index in stage.updates.indices { stage.updates[index].optimiser.rate = shop.schedule(over: 1) }
        stage.society = CritiqueInTheLoop(world: questions, wording: wording, refinements: own.loop == .critic ? own.refinements : 0)
        stage.cast = [.solver: solver, Attempts.critic: seat]
        stage.measures = [ScheduledMeasure(every: common.evaluation.every, measure(own, shop, questions, solver: solver, critic: seat), society: Solo())]
        stages.append(stage)

        var plan = try shop.plan(stages, models: models, memories: ["solutions": SolutionMemory(keep: own.keep)], seed: seed)
        plan.policies["latest-view"] = LatestView()
        plan.policies["oracle"] = OracleCritic(world: questions, wording: wording)
        plan.worlds[attempts] = try Attempts(
            questions, limit: own.test == .none ? 1 : own.rounds + 1, stop: .sameText, isCriticised: own.test != .none, wording: wording)
        return plan
    }

    private static func measure(
        _ own: Settings.Particular, _ shop: Workshop, _ questions: any QuestionWorld, solver: Player, critic: Player
    ) -> CritiquedAnswers {
        var seat = critic
        if own.test == .oracle { seat.policy = "oracle" }
        let problems = shop.heldOut.map { problem in
            var copy = problem
            copy.world = attempts
            return copy
        }
        let searched = SearchedAttempts(
            problems: problems, samples: shop.settings.evaluation.samples, cast: [.solver: solver, Attempts.critic: seat], checkedBy: questions)
        return CritiquedAnswers(attempts: searched) { Rechecks.carries(in: $0) }
    }
}

extension MathCritique.Settings.Particular {
    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ common: CommonSettings) -> [String] {
        var faults = lessons.faults("mathcritique.lessons")
        for (key, value, least) in [
            ("rounds", rounds, 1), ("refinements", refinements, 1), ("keep", keep, 1), ("critiques", critiques, 0), ("perIteration", perIteration, 1),
            ("tries", tries, 1),
        ] where value < least {
            faults.append("“mathcritique.\(key)” is \(value); it should be \(least) or more")
        }
        if !(0...1).contains(bar) { faults.append("“mathcritique.bar” is \(bar); it should be between 0 and 1") }
        if common.task.world != "arithmetic" {
            faults.append("“task.world” is \(common.task.world); it should be arithmetic, as critiques are written of chains of sums")
        }
        let operations = common.task.settings["operations"]?.text ?? "+-"
        if operations.contains("*") { faults.append("“task.settings.operations” is \(operations); it should be of + and - only") }
        if ModelSettings.isGiven(common.model.size) {
            faults.append("“model.size” is \(common.model.size); it should be a size, as actor and critic are taught their short signs here")
        }
        return faults
    }
}
