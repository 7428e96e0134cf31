import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// SPaR: an actor learns from its failed answers beside their repairs, which a refiner finds by tree search; the refiner learns from its trees.
public enum SPaR: Recipe {
    /// Where the preference pairs come from.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// A failed answer and its repair by a tree.
        case tree
        /// A failed answer and its repair by as many single refinements of it.
        case oneShot = "one-shot"
        /// A failed and an accepted answer drawn independently.
        case independent
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var spar: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Where pairs come from.
            public var form = Form.tree
            /// Which attempt of a tree is refined next: breadth or depth.
            public var order = RepairSearch.Order.breadth
            /// Refinements of each attempt.
            public var branches = 3
            /// How many attempts of a level go on.
            public var width = 2
            /// The most refinements behind one another.
            public var depth = 3
            /// The most attempts at one instruction, the first answer among them.
            public var budget = 16
            /// Critiques that vote on each attempt.
            public var votes = 5
            /// The temperature of the refiner.
            public var temperature = 0.7
            /// Answers to each instruction that `independent` draws; trees begin with one.
            public var responses = 5
            /// The most pairs that an iteration teaches; 0 takes all.
            public var pairs = 40
            /// β of the preference loss.
            public var beta = 0.1
            /// The factor of the likelihood of chosen answers.
            public var alpha = 0.1
            /// The refiner's learning rate; 0 leaves it as it was taught.
            public var refinerRate = 2e-4
            /// Held-out instructions on which repairs and pairs are measured; 0 none.
            public var repaired = 60
            /// What both models are taught at first.
            var lessons = ConstraintLessons(errors: 0.5, critiques: 0.85, repairs: 0.7)
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            if world == "constraints", var task = try? common.task.settings.decode(Constraints.Settings.self) {
                (task.content, task.most, task.letters, task.words) = (1, 3, 5, 3)
                common.task.settings = (try? JSONValue(encoding: task)) ?? common.task.settings
            }
            common.model.size = "pico@192"
            common.base = BaseSettings(demonstrations: 24_000, passes: 8, rate: 3e-3, reduction: .sequenceMean)
            common.play.problems = 120
            common.learner = LearnerSettings(rate: 2e-4, miniBatch: 16)
            common.evaluation = EvaluationSettings(every: 3, problems: 150, samples: 4)
            common.iterations = 3
            spar = Particular()
        }
    }

    public static let world = "constraints"

    public static let card = RecipeCard(
        id: "spar",
        summary: "an actor learns preferences between its failed answers and their repairs, which a refiner finds by tree search and learns from itself",
        source: "Cheng et al., 2024, “SPaR: Self-Play with Tree-Search Refinement to Improve Instruction-Following in Large Language Models”, section 2",
        departures: [
            "one answer to each of many instructions begins a tree, where the paper draws five and keeps one that failed",
            "a refinement reads the refiner's likeliest critique of its attempt; votes on what an attempt is worth are drawn apart from it",
            "instructions are the world's; none are made harder by a model first",
            "models are made here: both roles begin as one small model that lessons taught to answer, criticise and repair",
        ],
        parts: [
            "base: recited answers, critiques and repairs, with errors", "world: attempts at instructions", "society: an actor, then a refiner and its critic",
            "search: repair tree, breadth or depth first, by voted critiques", "credit: the first attempt against its repair; majority critiques and kept repairs",
            "objective: DPO with a likelihood term (actor), cross-entropy (refiner)", "measure: instructions followed, repairs found, edit distance of pairs",
        ], claim: claim)

    /// The model that criticises and repairs.
    static let refiner: ModelName = "refiner"
    /// The world of single answers, beside that of attempts.
    static let single: WorldName = "single answers"
    private static let searchName: SearchName = "repair"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.spar
        let faults = own.faults(settings.common)
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(settings.common, seed: seed)
        guard let questions = shop.questions, let world = questions as? Constraints else {
            throw CoreError.unsupported("“spar” repairs answers of “constraints”, not of “\(settings.common.task.world)”")
        }
        let wording = AttemptWording.voting
        let lessons = settings.common.base.passes == 0 ? [] : own.lessons.problems(
            shop.training, of: world, seats: [.answer, .critique, .refinement], count: settings.common.base.demonstrations, wording: wording,
            seed: seed.child("lessons"))
        var models = try shop.models(reciting: lessons)
        models[refiner] = ModelPlan(.copy(of: Workshop.policy))

        let table = Table(settings: own, actor: Player(model: ModelRef(Workshop.policy), policy: "latest-view", sampling: shop.sampling))
        var plan = try shop.plan([stage(settings, shop, table, wording, questions)], models: models, seed: seed)
        plan.policies["latest-view"] = LatestView()
        plan.policies["actor-then-refiner"] = ActorThenRefiner(refiner: ModelRef(refiner), sampling: table.drawing)
        plan.worlds = [single: questions, questions.name: try Attempts(questions, limit: own.depth + 2, isCriticised: true, wording: wording)]
        plan.searches = [searchName: own.search]
        return plan
    }

    /// The stage in which both learn.
    private static func stage(_ settings: Settings, _ shop: Workshop, _ table: Table, _ wording: AttemptWording, _ questions: any QuestionWorld) -> Stage {
        let own = settings.spar
        var loss = RPO()
        (loss.settings.beta, loss.settings.alpha, loss.settings.reference) = (own.beta, own.alpha, ModelRef(Workshop.policy, snapshot: "iteration"))
        let isRepaired = own.form != .independent
        let cast = isRepaired ? table.repairing(by: searchName) : [.solver: table.actor]
        let pairs: any Credit = isRepaired ? RefinementPairs(choice: .ends) : BestVersusWorst(kind: MajorityVote.kind, threshold: 0.5)
        let judge: any Judge = isRepaired ? RepairHarvest(wording: wording) : table.majority
        let samples = isRepaired ? 1 : own.responses

        var stage = shop.improvement(
            route: Route(credit: LimitedPairs(credit: pairs, limit: own.pairs), objective: loss),
            operations: [.start: [.copy(ModelRef(Workshop.policy), to: ModelRef(Workshop.policy, snapshot: "iteration"))]])
        stage.cast = cast
        stage.curriculum = ProblemStream(problems: isRepaired ? shop.training : shop.training.map(\.answeredOnce), samples: samples)
        stage.judges.append(judge)
        if isRepaired, own.refinerRate > 0 {
            stage.updates.append(
                Update(
                    model: refiner, routes: [Route(roles: [RepairHarvest.critic, RepairHarvest.refiner], credit: FiledBelow(), objective: CrossEntropy())],
                    optimiser: settings.common.learner.optimiser(.constant(own.refinerRate)), miniBatch: settings.common.learner.miniBatch))
        }
        let every = settings.common.evaluation.every
        stage.measures = [
            ScheduledMeasure(
                every: every,
                Evaluation(
                    problems: shop.heldOut.map(\.answeredOnce), samples: settings.common.evaluation.samples, cast: [.solver: table.actor], tellsReturns: true,
                    reading: SampleMeasures.response { questions.check($0, to: $1).extracted }))
        ]
        let probe = Array(shop.heldOut.prefix(own.repaired))
        guard !probe.isEmpty else { return stage }
        if isRepaired {
            stage.measures.append(
                ScheduledMeasure(every: every, SearchedAttempts(problems: probe, samples: 1, cast: cast, checkedBy: questions)))
        }
        stage.measures.append(
            ScheduledMeasure(
                every: every,
                PairEdits(
                    problems: isRepaired ? probe : probe.map(\.answeredOnce), samples: samples, cast: cast, judge: isRepaired ? nil : judge, credit: pairs)))
        return stage
    }
}

extension Problem {
    /// The same instruction, answered once.
    fileprivate var answeredOnce: Problem {
        var copy = self
        copy.world = SPaR.single
        return copy
    }
}
