import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneJudges
import HoneObjectives
import HoneSocieties

/// How the head of a process reward is taught before anything else learns.
public struct ProcessRewardSettings: Hashable, Sendable, Codable {
    /// Iterations of playing and learning.
    public var iterations = 12
    /// Problems of each.
    public var problems = 64
    /// Samples of each problem.
    public var samples = 8
    /// The learning rate.
    public var rate = 3e-4
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
        for (key, value, least) in [("iterations", iterations, 0), ("problems", problems, 1), ("samples", samples, 1), ("miniBatch", miniBatch, 1), ("passes", passes, 1)]
        where value < least {
            faults.append("“process.\(key)” is \(value); it should be \(least) or more")
        }
        if rate < 0 { faults.append("“process.rate” is \(rate); it should be 0 or more") }
        return faults
    }
}

extension Workshop {
    /// The name of the model with the process reward: a copy of the policy with a head of its own.
    static let processModel: ModelName = "process"

    /// The process reward learns how often the policy's steps lead to right answers, before the policy learns.
    func teachingOfProcessReward(_ own: ProcessRewardSettings, player: Player) -> Stage {
        Stage(
            name: "process reward", iterations: own.iterations, perIteration: own.problems,
            curriculum: ProblemStream(problems: training, samples: own.samples), society: Solo(), cast: [.solver: player], judges: [WorldReturns()],
            updates: [
                Update(
                    model: Self.processModel, routes: [Route(credit: MonteCarloSteps(), objective: StepRewardsSoft())],
                    optimiser: settings.learner.optimiser(.constant(own.rate)), passes: own.passes, miniBatch: own.miniBatch)
            ])
    }
}
