import HoneCore
import HoneCredit
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneMemory
import HoneObjectives

/// Sharpening: a model learns to say at once what it already holds likeliest, without any outside signal.
public enum Sharpening: Recipe {
    /// Settings of sharpening.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to sharpening.
        public var sharpening: Particular

        /// What is particular to sharpening.
        public struct Particular: Codable, Hashable, Sendable {
            /// How it learns: `sft` (best of the samples by self-reward), `rlhf` (regression on pairs of the base's samples) or
            /// `exploration` (the same on the policy's own samples against the base's, with optimism).
            public var form = "sft"
            /// The self-reward: `likelihood`, `perToken` or `agreement`.
            public var selfReward = "likelihood"
            /// β of the regression, the strength of the tie to the base.
            public var beta = 0.1
            /// α of the optimism term in `exploration`, in units of β.
            public var optimism = 0.1
            /// A problem counts as sharpened when the base's likeliest answer has probability 1 − delta or more.
            public var delta = 0.5
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.iterations = 4
            common.play.problems = 1000
            common.play.samples = 16
            common.task.trainProblems = 6000
            // Found by trying on nano: at a rate that does not fall, greedy decoding gets worse while samples get better.
            common.learner = LearnerSettings(rate: 1e-4, miniBatch: 32, rows: 2400, anneals: true)
            common.evaluation = EvaluationSettings(every: 4, problems: 200, samples: 64)
            if world == "arithmetic" {
                // Sums of two numbers of two digits, answered at once: an answer has up to four characters with its end.
                common.task.settings = .object([
                    "terms": .integer(2), "digits": .integer(2), "operations": .string("+"), "steps": .bool(false), "negatives": .bool(false),
                ])
                common.play.limit = 6
                common.base.demonstrations = 800
                common.base.passes = 30
            }
            sharpening = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "sharpening",
        summary: "the model's own likelihood is the reward: it learns to answer at once what best-of-N by likelihood would choose",
        source: "Huang et al., 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, sections 2 and 4, algorithm 1",
        departures: [
            "learning goes on over a few rounds of new problems instead of one fit to all; the answers of sft and rlhf come from the base in each",
            "rlhf: a prompt's samples are paired two by two; the paper draws two a prompt",
            "exploration: each round keeps the pairs of all rounds before and goes on from the last policy; the last one is kept, where the paper keeps the best by the regularised reward",
            "exploration: where policy and base say the same words the pair is left out of both terms",
        ],
        parts: [
            "curriculum: training problems in shuffled epochs", "society: solo, the base's samples (exploration: the policy's own)",
            "judge: self-reward by the base", "credit: the best of each group, or pairs with reward differences",
            "objective: cross-entropy, or regression of implicit rewards with optimism",
            "measure: best-of-k by likelihood, probability of the base's likeliest answer",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.sharpening
        guard let certainty = SelfReward.Certainty(rawValue: own.selfReward) else {
            throw CoreError.unknown(kind: "sharpening.selfReward", name: own.selfReward, known: SelfReward.Certainty.allCases.map(\.rawValue))
        }
        guard own.beta > 0, own.optimism >= 0, own.delta > 0, own.delta < 1 else {
            throw CoreError.invalid(
                "“sharpening.beta” is \(own.beta), “sharpening.optimism” \(own.optimism) and “sharpening.delta” \(own.delta); expected beta above 0, "
                    + "optimism of 0 or more and 0 < delta < 1")
        }
        let shop = try Workshop(settings.common, seed: seed)
        let base = ModelRef(Workshop.policy, snapshot: "base")
        var regression = RewardRegression.Settings()
        regression.beta = own.beta
        regression.reference = base
        var stage: Stage
        switch own.form {
        case "sft":
            stage = shop.improvement(route: Route(credit: BestOnly(kind: SelfReward.kind), objective: CrossEntropy()))
        case "rlhf":
            stage = shop.improvement(
                route: Route(credit: ReferencePairs(kind: SelfReward.kind), objective: RewardRegression(regression)))
        case "exploration":
            regression.optimism = own.optimism * own.beta
            stage = shop.improvement(
                route: Route(
                    from: .both("pairs", count: Int.max), credit: ReferencePairs(kind: SelfReward.kind),
                    objective: RewardRegression(regression)), remembers: ["pairs"])
        default:
            throw CoreError.unknown(kind: "sharpening.form", name: own.form, known: ["sft", "rlhf", "exploration"])
        }
        let explores = own.form == "exploration"
        if own.form != "sft" { stage.updates[0].optimiser.rate = pairSchedule(settings.common, explores: explores) }
        if !explores { stage.cast = [.solver: Player(model: base, sampling: shop.sampling)] }
        stage.judges = [
            WorldReturns(), SelfReward(scorer: base, certainty: certainty, references: explores ? settings.common.play.samples : 0),
        ]
        stage.measures = [
            ScheduledMeasure(
                every: settings.common.evaluation.every,
                SharpeningEvaluation(
                    problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: shop.cast, base: base, delta: own.delta))
        ]
        let kept = settings.common.iterations * settings.common.play.problems
        return try shop.plan([stage], memories: explores ? ["pairs": ReplayMemory(capacity: kept)] : [:], seed: seed)
    }

    /// The rate over all steps of a form that learns from pairs, which takes every row of a round whatever `learner.rows` says: two
    /// rows a pair, and in `exploration` those of earlier rounds again.
    private static func pairSchedule(_ settings: CommonSettings, explores: Bool) -> Schedule {
        let learner = settings.learner
        guard learner.anneals else { return .constant(learner.rate) }
        let rows = settings.play.problems * (explores ? 2 * settings.play.samples : settings.play.samples / 2 * 2)
        let rounds = explores ? settings.iterations * (settings.iterations + 1) / 2 : settings.iterations
        let perRound = learner.miniBatch > 0 ? (rows + learner.miniBatch - 1) / learner.miniBatch : 1
        let steps = max(1, perRound * learner.passes * rounds)
        return .warmupCosine(peak: learner.rate, to: learner.rate / 50, warmup: min(10, steps), over: steps)
    }
}
