import HoneCore
import HoneCredit
import HoneEngine
import HoneMemory
import HoneObjectives

/// STaR: sample solutions, keep the accepted ones, fine-tune on them, repeat.
public enum STaR: Recipe {
    /// Settings of STaR.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to STaR.
        public var star: Particular

        /// What is particular to STaR.
        public struct Particular: Codable, Hashable, Sendable {
            /// The most accepted solutions of one problem that are learned from; newer ones replace older ones.
            public var keep = 1
            /// Whether solutions of earlier iterations, and the demonstrations, are learned from too.
            public var remembers = true
            /// Whether each iteration's learning starts from the base again, as in the paper, or goes on from the last.
            public var fromBase = false
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.iterations = 10
            common.evaluation.every = 1
            common.play.problems = 1200
            common.play.samples = 4
            common.task.trainProblems = max(common.task.trainProblems, 12_000)
            common.learner = LearnerSettings(rate: 7e-4, miniBatch: 32, rows: 3200, anneals: true)
            if world == "file" {
                // Few answers to real problems are right at first: more samples, and more of each iteration's learning.
                common.iterations = 8
                common.evaluation = EvaluationSettings(every: 2, problems: 600)
                common.play.problems = 3000
                common.play.samples = 8
                common.learner.rows = 8000
            }
            star = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "star",
        summary: "self-taught reasoner: samples solutions, keeps those the verifier accepts, learns them, repeats",
        source: "Zelikman, Wu, Mu and Goodman, 2022, “STaR: Bootstrapping Reasoning With Reasoning”, Algorithm 1",
        departures: [
            "no rationalisation: failed problems are not tried again with the answer as a hint",
            "several samples a problem at temperature 1, where the paper takes one greedy sample",
            "solutions of earlier iterations and the demonstrations are learned from too, unless star.remembers is off",
            "learning goes on from the last iteration unless star.fromBase is set; the paper starts from the base each time",
        ],
        parts: [
            "curriculum: training problems in shuffled epochs", "society: solo", "judge: the world's returns",
            "credit: accepted solutions", "objective: cross-entropy, mean over tokens",
        ],
        claim: .beatsSupervised(
            "star",
            "A model that learns the solutions it found itself and a verifier accepted solves more held-out problems than one that spends the "
                + "same compute on learning its demonstrations further."))

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let shop = try Workshop(settings.common, takesPrograms: true, seed: seed)
        let route = Route(
            from: settings.star.remembers ? .both("solutions", count: Int.max) : .fresh,
            credit: AcceptedOnly(keep: settings.star.keep), objective: CrossEntropy())
        let operations: [Moment: [WeightOperation]] =
            settings.star.fromBase ? [.judged: [.reset(Workshop.policy, optimiserOnly: false)]] : [:]
        guard settings.star.remembers else {
            return try shop.plan([shop.improvement(route: route, operations: operations)], seed: seed)
        }
        var solutions = SolutionMemory(keep: settings.star.keep)
        if settings.common.base.demonstrations > 0, settings.common.base.passes > 0 {
            solutions.memo.groups = try shop.acceptedDemonstrations(seed: seed)
        }
        return try shop.plan(
            [shop.improvement(route: route, operations: operations, remembers: ["solutions"])],
            memories: ["solutions": solutions], seed: seed)
    }
}
