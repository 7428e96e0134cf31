import HoneCore
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneNumerics
import HoneSocieties
import HoneWorlds

/// Does the content of criticism help, or only another try? Conditions of iterated prompting on graph colouring, at one cap on answers.
public enum GraphColoringCritique: Recipe {
    /// What the solver is told after a wrong answer.
    public enum Feedback: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nothing: it answers once.
        case direct
        /// What the model itself, as critic, says of the answer; it also says when to stop.
        case own = "self"
        /// Edges that are not bad, told as if they were.
        case wrong
        /// Nothing: it answers anew until an outside check accepts one answer.
        case sample = "k-sample"
        /// That it is wrong.
        case only
        /// The first bad edge.
        case first
        /// All bad edges.
        case all
    }

    /// How well the model was taught to use what it is told.
    public enum Teaching: String, Codable, Hashable, Sendable, CaseIterable {
        /// Hardly.
        case weak
        /// Well: the positive control, in which content matters.
        case strong
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var prompting: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What the solver is told.
            public var feedback = Feedback.all
            /// How well it was taught to use that.
            public var teaching = Teaching.weak
            /// The most answers, in every condition but `direct`.
            public var answers = 8
            /// How many earlier answers the solver sees; 0 is all.
            public var window = 1
            /// How many repairs weak teaching shows, beside `base.demonstrations` solutions.
            public var weakRepairs = 2000
            /// How many strong teaching shows.
            public var strongRepairs = 12_000
            /// The share of repairs in weak teaching that follow what was said; the others are new solutions. All do in strong teaching.
            public var weakFollows = 0.0
            /// How many verdicts the critic is taught.
            public var verdicts = 2000
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.task.trainProblems = 8000
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 8000, errorRate: 0.3, passes: 2, rate: 2e-3)
            common.play.limit = 24
            common.evaluation = EvaluationSettings(every: 1, problems: 300, samples: 2)
            common.iterations = 0
            prompting = Particular()
        }
    }

    public static let world = "graph-colouring"

    public static let card = RecipeCard(
        id: "graph-coloring-critique",
        summary: "asks again after a wrong colouring, with right, wrong, own or no criticism: content against mere resampling",
        source: "Stechly, Marquez and Kambhampati, 2023, “GPT-4 Doesn't Know It's Wrong: An Analysis of Iterative Prompting for "
            + "Reasoning Problems”",
        departures: [
            "at most 8 answers, where the paper's loop has 15",
            "the solver sees its last answer and what was said to it, not the whole conversation, unless prompting.window is 0",
            "graphs are drawn around a colouring, not planar ones",
            "the model is taught to read verdicts and to give them, hardly (weak) or well (strong, the positive control)",
            "the default model's first answers are right about as often as chance has it, so the positive control cannot be seen: a verdict from it says "
                + "nothing about criticism",
        ],
        parts: [
            "base: rehearsed noisy solutions, repairs after a verdict, and verdicts", "society: revision with the condition's reply",
            "judge: each answer by the world", "measure: success within the cap, answers used, the critic's false accepts and rejects",
        ], claim: claim)

    private static let claim = Claim(
        "What is said between two answers hardly matters to a model that was hardly taught to use it: the gain is another try and a sound check; "
            + "and a model that judges itself does not gain",
        arms: Feedback.allCases.map { arm($0, .weak) } + [arm(.all, .strong), arm(.wrong, .strong)],
        checks: [
            Claim.Check(
                "a verifier's criticism succeeds as often as mere resampling with the same check, within 3 points", from: "k-sample", to: "all",
                measure: "success", direction: .equivalent, smallest: 0.03),
            Claim.Check(
                "wrong criticism succeeds as often as right criticism, within 5 points", from: "all", to: "wrong", measure: "success",
                direction: .equivalent, smallest: 0.05),
            Claim.Check(
                "the model's own criticism gains at most 1 point over one answer", from: "direct", to: "self", measure: "success",
                direction: .notHigher, smallest: 0.01),
            Claim.Check(
                "positive control: taught well, right criticism beats wrong criticism by 8 points", from: "strong wrong", to: "strong all",
                measure: "success", direction: .higherByMargin, smallest: 0.08),
        ],
        control: Claim.Term("strong all", "success"), planted: 0.08,
        quick: Claim.Size(seeds: 3, settings: ["evaluation.problems": .integer(100), "evaluation.samples": .integer(4)]),
        full: Claim.Size(seeds: 5, settings: ["evaluation.problems": .integer(300), "evaluation.samples": .integer(8)]))

    private static func arm(_ feedback: Feedback, _ teaching: Teaching) -> Claim.Arm {
        Claim.Arm(
            (teaching == .strong ? "strong " : "") + feedback.rawValue, recipe: "graph-coloring-critique",
            settings: ["prompting.feedback": .string(feedback.rawValue), "prompting.teaching": .string(teaching.rawValue)])
    }

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.prompting
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“prompting.\(key)” is \(found); it should be \(expected)") }
        }
        require(own.answers >= 1, "answers", own.answers, "1 or more")
        require(own.window >= 0, "window", own.window, "0 (all) or more")
        require(own.weakRepairs >= 0, "weakRepairs", own.weakRepairs, "0 or more")
        require(own.strongRepairs >= 0, "strongRepairs", own.strongRepairs, "0 or more")
        require((0...1).contains(own.weakFollows), "weakFollows", own.weakFollows, "between 0 and 1")
        require(own.verdicts >= 0, "verdicts", own.verdicts, "0 or more")
        if settings.common.task.world != world {
            faults.append("“task.world” is \(settings.common.task.world); this recipe teaches repairs of “\(world)” only")
        }
        if !faults.isEmpty { throw PlanError(faults) }

        let shop = try Workshop(settings.common, seed: seed)
        let wording = Wording()
        let recites = settings.common.task.settings["recites"] == .bool(true)
        let amount =
            own.teaching == .weak
            ? ColouringLessons.Amount(repairs: own.weakRepairs, follows: own.weakFollows)
            : ColouringLessons.Amount(repairs: own.strongRepairs, follows: 1)
        let lessons = try ColouringLessons(wording: wording, errorRate: settings.common.base.errorRate, recites: recites).problems(
            shop.training, solutions: settings.common.base.demonstrations, amount: amount, verdicts: own.verdicts, seed: seed.child("lessons"))
        let models = try shop.models(rehearsing: lessons, by: Rehearsal(window: own.window, wording: wording), seed: seed)

        var cast = shop.cast
        cast[.critic] = cast[.solver]
        let every = settings.common.evaluation.every
        var measures = [
            ScheduledMeasure(
                every: every,
                RepeatedAnswers(
                    problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: cast, judge: EachAnswer(),
                    accepts: { wording.accepts($0) }),
                society: own.society(wording))
        ]
        if own.feedback == .own {
            measures.append(
                ScheduledMeasure(
                    every: every, CriticTrial(problems: ColouringLessons.trial(shop.heldOut, recites: recites, seed: Seed(0)), samples: 1, cast: cast),
                    society: Examination(wording: wording)))
        }
        let stage = Stage(name: "prompt", iterations: settings.common.iterations, society: Solo(), cast: cast, measures: measures)
        return try shop.plan([stage], models: models, seed: seed)
    }
}

extension GraphColoringCritique.Settings.Particular {
    /// The society of the condition.
    func society(_ wording: Wording) -> Revision {
        let reply: Reply
        switch feedback {
        case .direct: return Revision(answers: 1, reply: .nothing, stop: .never, wording: wording)
        case .own: return Revision(answers: answers, reply: .critic, stop: .accepted, window: window, wording: wording)
        case .sample: reply = .nothing
        case .only: reply = .verdict
        case .first: reply = .firstFault
        case .all: reply = .allFaults
        case .wrong: reply = .soundSteps
        }
        return Revision(answers: answers, reply: reply, stop: .verified, window: window, wording: wording)
    }
}
