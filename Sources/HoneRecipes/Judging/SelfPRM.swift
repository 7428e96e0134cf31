import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSocieties
import HoneText
import HoneWorlds

/// Does learning to solve teach to judge? Judging of steps along a run that learns from outcomes only, and best-of-k by the model's own judgement.
public enum SelfPRM: Recipe {
    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var selfprm: Particular
        /// How the process reward that is compared is taught.
        public var process: ProcessRewardSettings

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Iterations between checkpoints.
            public var every = 10
            /// Samples of each problem at a checkpoint.
            public var checkpointSamples = 4
            /// A step is refused whose log-probability is further than this below that of the best the model could say there, in nats.
            public var threshold = 1.0
            /// What a model made here is taught of judging.
            var lessons = JudgingLessons()
        }

        public init(world: String) {
            common = Tuned.settings(for: world, terms: 5)
            common.base = BaseSettings(demonstrations: 6000, errorRate: 0.4, passes: 3, rate: 2e-3, reduction: .sequenceMean)
            common.play = PlaySettings(problems: 48, samples: 8, limit: common.play.limit)
            common.learner = LearnerSettings(rate: 1e-4, miniBatch: 128)
            common.evaluation = EvaluationSettings(every: 1, problems: 100, samples: 32)
            common.iterations = 60
            selfprm = Particular()
            process = ProcessRewardSettings()
            process.iterations = 6
        }
    }

    public static let card = RecipeCard(
        id: "self-prm",
        summary: "measures how well a model judges steps while it learns from outcomes only, and lets it choose among its samples by that judgement",
        source: "Feng et al., 2025, “Is PRM Necessary? Problem-Solving RL Implicitly Induces PRM Capability in LLMs”",
        departures: [
            "judged answers are written ones with one step moved, not sampled from another family of checkpoints",
            "beside the asked verdict a readout by step likelihoods, which chooses among samples",
            "the compared process reward learns from how the base's steps end (Math-Shepherd), not from step labels",
            "a model made here is taught to name first wrong steps by a share of its lessons, with errors",
        ],
        parts: [
            "base: recited answers with errors and verdicts on answers", "process reward: a head on a copy of the base", "judge: the world's returns",
            "credit: group-relative advantages", "objective: clipped policy gradient", "measure: process judging, choosing, and both along checkpoints",
        ], claim: claim)

    /// The world in steps, beside the one whose answers are learned whole.
    private static let steps: WorldName = "steps"
    private static let prefix = "checkpoint"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (own, common) = (settings.selfprm, settings.common)
        var faults = own.faults + settings.process.faults
        if settings.process.written != 0 {
            faults.append("“process.written” is \(settings.process.written); it should be 0, as the process reward compared here learns from how the base's answers end")
        }
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(common, seed: seed)
        guard let questions = shop.questions else {
            throw CoreError.unsupported("“self-prm” needs answers in steps, which “\(shop.world.name)” as a program does not give")
        }
        guard !shop.isEndpoint else {
            throw CoreError.unsupported("“self-prm” learns and scores by weights, which an endpoint does not give; name a model folder or a size")
        }
        let isGiven = ModelSettings.isGiven(common.model.size)
        var prompt = VerdictPrompt()
        if isGiven {
            prompt.answer = "\nAn answer:\n"
            prompt.between = "\nAn answer to compare with:\n"
            prompt.ask = "\nWhich is the first wrong step of the first answer? Reply with its number, or 0 if none is wrong.\n"
        }
        let lessons = isGiven || common.base.passes == 0 ? [] : own.lessons.problems(
            shop.training, of: questions, count: common.base.demonstrations, errorRate: common.base.errorRate, prompt: prompt, seed: seed.child("lessons"))
        var models = try shop.models(reciting: lessons)
        models[Workshop.processModel] = ModelPlan(.copy(of: Workshop.policy))

        var player = Player(model: ModelRef(Workshop.policy), policy: shop.chat == nil ? "direct" : "chat", sampling: shop.sampling)
        player.sampling.stop = [questions.separator]
        var teaching = shop.teachingOfProcessReward(settings.process, player: player)
        teaching.curriculum = ProblemStream(problems: inSteps(shop.training), samples: settings.process.samples)
        var objective = GroupPolicyGradient.Settings()
        objective.reference = ModelRef(Workshop.policy, snapshot: "base")
        let count = common.iterations / own.every
        var stage = shop.improvement(
            route: Route(credit: GroupRelative(), objective: GroupPolicyGradient(objective)),
            operations: count > 0 ? [.learned: [.every(own.every, .keepInTurn(Workshop.policy, prefix: prefix, limit: count))]] : [:])
        let measure = ProcessJudging(
            problems: inSteps(shop.heldOut), samples: common.evaluation.samples, player: player, written: WrittenAnswer.of(shop.heldOut, in: questions, seed: Seed(0)),
            prompt: prompt, threshold: -own.threshold,
            checkpoints: [ModelRef(Workshop.policy, snapshot: "base")] + (0..<count).map { ModelRef(Workshop.policy, snapshot: "\(prefix)\($0)") },
            checkpointSamples: own.checkpointSamples, reward: BalancedReward(model: ModelRef(Workshop.processModel)),
            reading: { questions.check($0.said(by: .solver).joined(), to: $1).extracted })
        // Checkpoints are there at the end.
        stage.measures = [ScheduledMeasure(every: max(1, common.iterations), measure)]
        var plan = try shop.plan([teaching, stage], models: models, seed: seed)
        plan.worlds[steps] = try Stepwise(questions, separator: questions.separator)
        return plan
    }

    private static func inSteps(_ problems: [Problem]) -> [Problem] {
        problems.map { problem in
            var copy = problem
            copy.world = steps
            return copy
        }
    }
}

extension SelfPRM.Settings.Particular {
    /// What cannot work, as sentences with the key in front.
    fileprivate var faults: [String] {
        var faults = lessons.faults("selfprm.lessons")
        for (key, value) in [("every", every), ("checkpointSamples", checkpointSamples)] where value < 1 {
            faults.append("“selfprm.\(key)” is \(value); it should be 1 or more")
        }
        if threshold <= 0 { faults.append("“selfprm.threshold” is \(threshold); it should be above 0") }
        return faults
    }
}
