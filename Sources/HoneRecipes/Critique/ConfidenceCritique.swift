import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneNumerics
import HoneObjectives
import HoneSocieties
import HoneWorlds

/// Fine-tuning on second answers, and what it does to confidence and to criticism of one's own first answer.
public enum ConfidenceCritique: Recipe {
    /// What one example of the fine-tuning is.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// The question and its right answer: plain supervised fine-tuning.
        case sft
        /// A right first answer, the question again, and the right answer: confidence tuning.
        case clt
        /// A wrong first answer, the question again, and the right answer: critique tuning.
        case cst
        /// Both in one set.
        case cct
    }

    /// How the second answer is asked for.
    public enum Prompt: String, Codable, Hashable, Sendable, CaseIterable {
        /// By the question again.
        case again
        /// By a doubt and the question again.
        case sure

        /// The words before the question.
        var words: String { self == .again ? "" : "are you sure? " }
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var critique: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What the model is tuned on.
            public var form = Form.cct
            /// How many questions it is tuned on.
            public var questions = 1500
            /// In `cct`, the share of examples whose first answer is wrong.
            public var mix = 0.5
            /// How often the base is sampled for a wrong first answer; a question that it always answers rightly is left out.
            public var tries = 8
            /// How second answers are asked for in tuning and in measuring; the base is taught both ways.
            public var prompt = Prompt.again
        }

        public init(world: String) {
            common = Tuned.settings(for: world, terms: 3)
            common.model.size = "pico"
            // Fresh noise in every row: a base that answers rightly about as often as its teacher, each time anew.
            common.base = BaseSettings(demonstrations: 6000, errorRate: 0.25, passes: 8, rate: 3e-3)
            common.learner = LearnerSettings(rate: 5e-4, miniBatch: 32, rows: 9600, anneals: true)
            common.evaluation = EvaluationSettings(every: 1, problems: 400, samples: 10)
            common.iterations = 1
            critique = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "confidence-critique",
        summary: "tunes on second answers after right (clt) or wrong (cst) first ones, or both (cct), and takes self-correction apart",
        source: "Yang et al., 2024, “Confidence v.s. Critique: A Decomposition of Self-Correction Capability for LLMs”",
        departures: [
            "the base is taught two-turn exchanges whose second answer is an independent noisy one, as a small model knows no conversation",
            "the wrong first answers are sampled from the base itself",
            "only the k-sample estimate; exact option probabilities are not used",
        ],
        parts: [
            "base: rehearsed two-turn exchanges with independent noise in both answers",
            "society: recitation (sft), or a right or wrong first answer and the demonstration as second",
            "credit: demonstrations, so the loss is on the second answer alone", "objective: cross-entropy, mean over tokens",
            "measure: self-correction, k samples of both answers",
        ], claim: claim)

    private static let claim = Claim(
        "Tuning on right first answers makes a model keep what is right, tuning on wrong ones makes it correct what is wrong, and both together "
            + "beat plain fine-tuning in second answers without losing in either",
        arms: Form.allCases.map { Claim.Arm($0.rawValue, recipe: "confidence-critique", settings: ["critique.form": .string($0.rawValue)]) },
        checks: [
            Claim.Check(
                "confidence tuning raises the confidence level", from: "sft", to: "clt", measure: "confidence level", direction: .higher,
                smallest: 0),
            Claim.Check(
                "confidence tuning lowers the critique score", from: "sft", to: "clt", measure: "critique score", direction: .lower,
                smallest: 0),
            Claim.Check(
                "critique tuning raises the critique score", from: "sft", to: "cst", measure: "critique score", direction: .higher,
                smallest: 0),
            Claim.Check(
                "critique tuning lowers the confidence level", from: "sft", to: "cst", measure: "confidence level", direction: .lower,
                smallest: 0),
            Claim.Check(
                "both together lose at most 1 point of confidence level", from: "sft", to: "cct", measure: "confidence level",
                direction: .notLower, smallest: 0.01),
            Claim.Check(
                "both together lose at most 1 point of critique score", from: "sft", to: "cct", measure: "critique score",
                direction: .notLower, smallest: 0.01),
            Claim.Check(
                "both together gain at least 4 points of second answers", from: "sft", to: "cct", measure: "second accuracy",
                direction: .higherByMargin, smallest: 0.04),
        ],
        control: Claim.Term("cct", "second accuracy"), planted: 0.04,
        quick: Claim.Size(
            seeds: 3,
            settings: ["evaluation.problems": .integer(150), "evaluation.samples": .integer(4), "base.passes": .integer(4)]),
        full: Claim.Size(seeds: 5))

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.critique
        var faults: [String] = []
        if own.questions < 1 { faults.append("“critique.questions” is \(own.questions); it should be 1 or more") }
        if own.tries < 1 { faults.append("“critique.tries” is \(own.tries); it should be 1 or more") }
        if !(0...1).contains(own.mix) { faults.append("“critique.mix” is \(own.mix); it should be between 0 and 1") }
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(settings.common, seed: seed)

        let questions = try shop.split.demonstrated(shop.training, count: own.questions, errorRate: 0, seed: seed.child("questions"))
        var stage = shop.improvement(route: Route(credit: Demonstrations(), objective: CrossEntropy()))
        stage.name = "tune"
        stage.perIteration = questions.count
        stage.curriculum = ProblemStream(problems: questions, samples: 1)
        stage.society =
            own.form == .sft ? Recitation() : SecondAnswerLesson(wrongShare: own.wrongShare, tries: own.tries, words: own.prompt.words)
        stage.judges = []
        // First answers are those of the model before it was tuned, however far it is.
        stage.cast[.solver]?.model = ModelRef(Workshop.policy, snapshot: "base")
        stage.measures = [
            ScheduledMeasure(
                every: settings.common.evaluation.every,
                SelfCorrectionTrial(
                    problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: shop.cast, judge: EachAnswer()),
                society: Revision(answers: 2, reply: .question(after: own.prompt.words), stop: .never))
        ]
        let models = try shop.models(rehearsing: try exchanges(shop, seed: seed), by: Rehearsal(), seed: seed)
        return try shop.plan([stage], models: models, seed: seed)
    }

    /// What the base is taught: a question answered twice, both times with an error at the base's rate, independently; round after round
    /// of the training problems with new errors, until there are as many exchanges as demonstrations are asked for.
    private static func exchanges(_ shop: Workshop, seed: Seed) throws -> [Problem] {
        let base = shop.settings.base
        var problems: [Problem] = []
        for index in 0..<(shop.training.isEmpty ? 0 : base.demonstrations) {
            let problem = shop.training[index % shop.training.count]
            let own = seed.child("exchange", index)
            var generator = own.generator
            var answers: [String] = []
            for turn in 0..<2 {
                let withError = generator.chance(base.errorRate)
                let found = shop.questions?.demonstration(of: problem, withError: withError, seed: own.child("answer", turn))
                if let found { answers.append(found.text) }
            }
            guard answers.count == 2, let prompt = generator.element(of: Prompt.allCases) else { continue }
            var copy = try Script(answers: answers, between: ["\n" + prompt.words + problem.text]).given(to: problem)
            copy.id = "\(problem.id) exchange \(index)"
            problems.append(copy)
        }
        guard base.demonstrations == 0 || !problems.isEmpty else {
            throw CoreError.invalid("World “\(shop.world.name)” cannot demonstrate its problems, so no exchange can be taught; use another world")
        }
        return problems
    }
}

extension ConfidenceCritique.Settings.Particular {
    /// The share of examples whose first answer is wrong, by the form.
    var wrongShare: Double {
        switch form {
        case .sft, .clt: 0
        case .cst: 1
        case .cct: mix
        }
    }
}
