import HoneCore
import HoneCredit
import HoneEngine
import HoneObjectives

/// ReST-EM: expectation maximisation for reinforcement learning with a binary reward.
public enum ReSTEM: Recipe {
    /// Settings of ReST-EM.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to ReST-EM.
        public var rest: Particular

        /// What is particular to ReST-EM.
        public struct Particular: Codable, Hashable, Sendable {
            /// The most accepted solutions of one problem that are kept, so that easy problems do not drown the others.
            public var keep = 10
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.play.problems = 2000
            common.play.samples = 8
            common.iterations = 5
            common.evaluation.every = 1
            // At a rate that does not fall the M-step ends below the base it starts from.
            common.learner = LearnerSettings(rate: 5e-4, miniBatch: 32, rows: 6400, anneals: true)
            rest = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "rest-em",
        summary: "samples many solutions, keeps up to ten accepted ones a problem, fine-tunes the base on them, repeats",
        source: "Singh et al., 2024, “Beyond Human Data: Scaling Self-Training for Problem-Solving with Language Models”, Algorithm 1",
        departures: ["a fixed count of passes in the M-step, where the paper stops on a validation set"],
        parts: [
            "curriculum: training problems in shuffled epochs", "society: solo", "judge: the world's returns",
            "credit: accepted solutions, at most `rest.keep` a problem",
            "objective: cross-entropy, mean over tokens, from the base each iteration",
        ],
        claim: .beatsSupervised(
            "rest-em",
            "Expectation maximisation on the model's own accepted solutions, from the base in each iteration, beats learning the demonstrations "
                + "further at the same compute."))

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let shop = try Workshop(settings.common, takesPrograms: true, seed: seed)
        let route = Route(credit: AcceptedOnly(keep: settings.rest.keep), objective: CrossEntropy())
        var stage = shop.improvement(route: route, operations: [.judged: [.reset(Workshop.policy, optimiserOnly: false)]])
        // Each M-step is a fit of its own, so the rate falls within it.
        for index in stage.updates.indices { stage.updates[index].optimiser.rate = shop.schedule(over: 1) }
        return try shop.plan([stage], seed: seed)
    }
}
