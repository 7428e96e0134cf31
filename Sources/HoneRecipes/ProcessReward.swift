import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneJudges
import HoneModel
import HoneObjectives
import HoneSocieties
import HoneWorlds

/// How the head of a process reward is taught before anything else learns.
public struct ProcessRewardSettings: Hashable, Sendable, Codable {
    /// Written answers that are learned first, half of them with an error put in, each step checked by the world; 0 is none.
    public var written = 0
    /// How often the written answers are gone through.
    public var writtenPasses = 10
    /// Iterations of playing and learning, after what is written.
    public var iterations = 12
    /// Problems of each.
    public var problems = 64
    /// Samples of each problem.
    public var samples = 8
    /// The learning rate; over written answers it falls to a tenth, and stays there for what is learned after them.
    public var rate = 1e-3
    /// The weight of the likelihood of the same answers beside the head's loss. Without it a small model does not learn to check its steps at all.
    public var language = 0.1
    /// Rows, each one a step with all before it, of one optimiser step.
    public var miniBatch = 32
    /// How often each iteration's rows are gone through.
    public var passes = 1

    /// The defaults.
    public init() {}
}

extension ProcessRewardSettings {
    /// Everything that cannot work, as sentences with the key in front.
    var faults: [String] {
        var faults: [String] = []
        for (key, value, least) in [("written", written, 0), ("writtenPasses", writtenPasses, 1), ("iterations", iterations, 0), ("problems", problems, 1), ("samples", samples, 1), ("miniBatch", miniBatch, 1), ("passes", passes, 1)]
        where value < least {
            faults.append("“process.\(key)” is \(value); it should be \(least) or more")
        }
        if language < 0 { faults.append("“process.language” is \(language); it should be 0 or more") }
        if rate < 0 { faults.append("“process.rate” is \(rate); it should be 0 or more") }
        return faults
    }
}

extension ProcessRewardSettings {
    /// The rate after written answers, where there are such: at the whole one a head forgets within an iteration what they taught.
    var laterRate: Double { written > 0 ? rate / 10 : rate }

    /// A head's route, and the one that keeps the model's language beside it (Cobbe et al. 2021, “Training Verifiers to Solve Math Word Problems”, section 4).
    func routes(_ credit: any Credit, _ objective: any Objective) -> [Route] {
        [Route(credit: credit, objective: objective)] + (language > 0 ? [Route(credit: credit, objective: CrossEntropy(), weight: .constant(language))] : [])
    }
}

extension Workshop {
    /// The name of the model with the process reward: a copy of the policy with a head of its own.
    static let processModel: ModelName = "process"

    /// The process reward before anything is played: a copy of the policy, taught from written answers where there are such.
    ///
    /// Half of the answers have an error put in, and the world checks each step: what a policy's own answers are too few to teach. The answers are
    /// recited step by step, in the plan's world. `others` are taught by the same answers beside the head of steps, `head`.
    func processModel(
        _ own: ProcessRewardSettings, name: ModelName = Self.processModel, player: Player, head: HeadName = "step", isQuality: Bool = false, isSquared: Bool = false,
        others: [Route] = [], seed: Seed
    ) throws -> ModelPlan {
        guard own.written > 0, !training.isEmpty, !isEndpoint else { return ModelPlan(.copy(of: Self.policy)) }
        let problems = try split.demonstrated(
            (0..<own.written).map { training[$0 % training.count] }, count: own.written, errorRate: 0.5, seed: seed.child("written answers"))
        var objective = StepRewardsSoft()
        objective.settings.isSquared = isSquared
        objective.settings.head = head.text
        let steps = own.writtenPasses * ((problems.count + own.miniBatch - 1) / own.miniBatch)
        var reader = player
        reader.model = ModelRef(name)
        let stage = Stage(
            name: "written answers", iterations: own.writtenPasses, perIteration: problems.count, curriculum: ProblemStream(problems: problems, samples: 1),
            society: Recitation(inSteps: true), cast: [.solver: reader], judges: [StepVerifier(), WorldReturns()],
            updates: [
                Update(
                    model: name, routes: own.routes(CheckedSteps(isQuality: isQuality), objective) + others,
                    optimiser: settings.learner.optimiser(.warmupCosine(peak: own.rate, to: own.rate / 10, warmup: min(20, steps), over: steps)),
                    miniBatch: own.miniBatch)
            ])
        let fingerprint = JSONValue.object([
            "process": try JSONValue(encoding: own), "task": try JSONValue(encoding: settings.task), "isQuality": .bool(isQuality), "isSquared": .bool(isSquared),
            "name": .string(name.text), "clip": .number(settings.learner.clip), "weightDecay": .number(settings.learner.weightDecay), "policy": .string(player.policy.text),
            "written": .string(SHA256.hex(problems.map { $0.id + "\n" + ($0.demonstrations.first ?? "") }.joined(separator: "\n"))),
        ])
        return ModelPlan(.copy(of: Self.policy), base: Base(stages: [stage], fingerprint: fingerprint))
    }

    /// The process reward learns how often the policy's steps lead to right answers, before the policy learns.
    func teachingOfProcessReward(_ own: ProcessRewardSettings, player: Player) -> Stage {
        Stage(
            name: "process reward", iterations: own.iterations, perIteration: own.problems,
            curriculum: ProblemStream(problems: training, samples: own.samples), society: Solo(), cast: [.solver: player], judges: [WorldReturns()],
            updates: [
                Update(
                    model: Self.processModel, routes: own.routes(MonteCarloSteps(), StepRewardsSoft()),
                    optimiser: settings.learner.optimiser(.constant(own.laterRate)), passes: own.passes, miniBatch: own.miniBatch)
            ])
    }
}
