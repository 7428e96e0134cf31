import HoneCore
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// Judges answers to instructions by checklists the model writes itself, and chooses and refines its own answers by them.
public enum TICK: Recipe {
    /// How an answer is come to.
    public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
        /// One answer.
        case single
        /// Several answers, of which the judge keeps the best.
        case best = "best-of-n"
        /// Refinements behind the checklist with its verdicts; the answer with the largest share of yes is kept.
        case stick
        /// Refinements behind a critique in the model's own words, with as many calls; the last is kept.
        case chain = "self-refine"
    }

    /// Who judges.
    public enum Judging: String, Codable, Hashable, Sendable, CaseIterable {
        /// The share of yes on a checklist.
        case checklist
        /// A mark for the answer as a whole.
        case score
        /// Which of two answers is better; it chooses no single answer.
        case pairwise
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var tick: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// How an answer is come to.
            public var method = Method.best
            /// Who judges.
            public var judge = Judging.checklist
            /// Whether a question counts by its probability, and a mark by the mean over marks.
            public var isSoft = false
            /// How many verdicts are drawn for a question; 0 scores the words, which servers may not allow.
            public var votes = 0
            /// The answers of best-of-n.
            public var samples = 8
            /// Refinements of `stick`; they also decide how many calls `self-refine` has.
            public var rounds = 2
            /// Held-out problems on two answers to which the judge is held against the world's returns; 0 measures no agreement.
            public var pairs = 200
            /// The most questions of a checklist.
            public var questions = 8
            /// The most constraints of an instruction that judging is taught on; more are measured.
            public var taught = 3
            /// What a model made here is taught.
            var lessons = ConstraintLessons()
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            if world == "constraints", var task = try? common.task.settings.decode(Constraints.Settings.self) {
                (task.fewest, task.most, task.letters, task.words) = (1, 4, 5, 3)
                common.task.settings = (try? JSONValue(encoding: task)) ?? common.task.settings
            }
            common.task.trainProblems = 4000
            common.model.size = "pico@192"
            common.base = BaseSettings(demonstrations: 24_000, passes: 8, rate: 3e-3, reduction: .sequenceMean)
            common.evaluation = EvaluationSettings(every: 1, problems: 200, samples: 1)
            common.iterations = 0
            tick = Particular()
        }
    }

    public static let world = "constraints"

    public static let card = RecipeCard(
        id: "tick",
        summary: "a model writes a checklist for an instruction and answers it: a judge, a choice among answers (TICK) and a guide of refinement (STICK)",
        source: "Cook et al., 2024, “TICKing All the Boxes: Generated Checklists Improve LLM Evaluation and Generation”, sections 3 to 5",
        departures: [
            "instructions are in a micro-language whose constraints a program checks; so the truth is exact, and a checklist is the instruction taken apart",
            "a model made here is taught each seat by lessons, judging in as many for each judge; a critique names what is not met instead of arguing",
            "a checklist is drawn greedily each time it is needed, which gives the same one for the same instruction, and is kept with its verdicts",
            "of answers with an equal share of yes the earliest is kept, which is as good as any: they are drawn alike",
        ],
        parts: [
            "base: recited answers, checklists, verdicts, marks, comparisons, critiques and refinements", "world: the instructions, or attempts at them",
            "judge: checklist, score or pairwise", "search: best-of-n; repairs one after another", "measure: agreement with the verifier; accuracy and attempts",
        ], claim: claim)

    private static let searchName: SearchName = "search"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.tick
        let faults = own.faults(settings.common)
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(settings.common, seed: seed)
        guard let questions = shop.questions else {
            throw CoreError.unsupported("“tick” checks answers to questions, which “\(settings.common.task.world)” as a program does not ask")
        }
        let isGiven = ModelSettings.isGiven(settings.common.model.size)
        let wording = isGiven ? AttemptWording.sentences : .short
        let policy: PolicyName = shop.chat == nil ? "direct" : "chat"
        var plain = Player(model: ModelRef(Workshop.policy), policy: isGiven ? policy : "latest-view", sampling: shop.sampling)
        var asked = Player(model: ModelRef(Workshop.policy), policy: policy, sampling: Sampling(temperature: own.votes > 1 ? 1 : 0, limit: isGiven ? 512 : 48))
        if isGiven { plain.sampling.limit = max(plain.sampling.limit, 256) }
        let judge = TICKJudge(settings: own, asked: asked, isGiven: isGiven)

        var cast: Cast = [.solver: plain]
        let search = own.search(judge, critic: ConstraintLessons.words.yes, isGiven: isGiven)
        if search != nil { cast[.solver]?.search = searchName }
        if own.method == .stick || own.method == .chain {
            // What is said of an attempt has to be the same where a found answer is played once more.
            asked.policy = own.method == .stick ? "checklist-critic" : plain.policy
            asked.sampling = plain.sampling.greedy
            cast[Attempts.critic] = asked
        }
        var measures = [
            ScheduledMeasure(
                every: settings.common.evaluation.every,
                SearchedAttempts(problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: cast, checkedBy: questions))
        ]
        if own.pairs > 0, own.attempts(settings.common) == nil {
            let problems = try shop.split.heldOutProblems(own.pairs, seed: Seed(0))
            measures.append(
                ScheduledMeasure(
                    every: settings.common.evaluation.every,
                    PreferenceAgreement(problems: problems, cast: [.solver: plain], judge: judge.judge, kind: judge.kind)))
        }
        let stage = Stage(name: "answer", iterations: 0, society: Solo(), cast: cast, measures: measures)
        var plan = try shop.plan([stage], models: try models(own, shop, wording: wording, seed: seed), seed: seed)
        plan.policies["latest-view"] = LatestView()
        if own.method == .stick { plan.policies["checklist-critic"] = ChecklistCritic(checklist: judge.checklist, wording: wording) }
        if let limit = own.attempts(settings.common) {
            plan.worlds = [questions.name: try Attempts(questions, limit: limit, isCriticised: true, wording: wording)]
        }
        if let search { plan.searches = [searchName: search] }
        return plan
    }

    /// The model, taught every seat on training problems.
    private static func models(_ own: Settings.Particular, _ shop: Workshop, wording: AttemptWording, seed: Seed) throws -> [ModelName: ModelPlan] {
        guard let world = shop.questions as? Constraints, shop.settings.base.passes > 0 else { return try shop.models(reciting: []) }
        let training = shop.training.filter { (ConstraintProblem($0.text)?.constraints.count ?? 0) <= own.taught }
        let lessons = own.lessons.problems(
            training, of: world, seats: ConstraintLessons.Seat.allCases, count: shop.settings.base.demonstrations, wording: wording, seed: seed.child("lessons"))
        return try shop.models(reciting: lessons)
    }
}
