import HoneCore
import HoneCredit
import HoneEngine
import HoneObjectives

/// GRPO: policy gradient with advantages relative to a group of samples of the same problem.
public enum GRPO: Recipe {
    /// Settings of GRPO.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to GRPO.
        public var grpo: Particular

        /// What is particular to GRPO.
        public struct Particular: Codable, Hashable, Sendable {
            /// Whether advantages are divided by the group's standard deviation.
            public var normaliseByStd = true
            /// How far the probability ratio may fall before it is clipped.
            public var clipLow = 0.2
            /// How far it may rise.
            public var clipHigh = 0.2
            /// The factor of the KL penalty to the base model (estimator k3); 0 leaves it out.
            public var beta = 0.0
            /// How per-token terms become one number: `sequenceMean`, `tokenMean` or `constant`.
            public var normaliser = "sequenceMean"
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            // Found by trying on nano: faster rates, or one large step an iteration, destroy a model taught to convergence.
            common.play.problems = world == "file" ? 256 : 128
            common.learner = LearnerSettings(rate: 1e-4, miniBatch: 256)
            common.iterations = world == "file" ? 80 : 120
            common.evaluation.every = 20
            grpo = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "grpo",
        summary: "group-relative policy optimisation: each sample's reward against those of its group is its advantage",
        source: "Shao et al., 2024, “DeepSeekMath”, equations 3 and 4",
        departures: ["no KL penalty unless grpo.beta is set", "rewards are the verifier's yes or no"],
        parts: [
            "curriculum: training problems in shuffled epochs", "society: solo, a group of samples a problem",
            "judge: the world's returns", "credit: group-relative advantages", "objective: clipped policy gradient",
        ],
        claim: .beatsSupervised(
            "grpo",
            "Policy gradient with group-relative advantages on a verifier's yes or no improves a taught model beyond what the same compute buys by "
                + "learning its demonstrations further."))

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let shop = try Workshop(settings.common, takesPrograms: true, seed: seed)
        var objective = GroupPolicyGradient.Settings()
        objective.clipLow = settings.grpo.clipLow
        objective.clipHigh = settings.grpo.clipHigh
        objective.beta = settings.grpo.beta
        guard let normaliser = GroupPolicyGradient.Normaliser(rawValue: settings.grpo.normaliser) else {
            throw CoreError.invalid(
                "“grpo.normaliser” is “\(settings.grpo.normaliser)”; it should be sequenceMean, tokenMean or constant")
        }
        objective.normaliser = normaliser
        objective.reference = ModelRef(Workshop.policy, snapshot: "base")
        let route = Route(
            credit: GroupRelative(normaliseByStd: settings.grpo.normaliseByStd),
            objective: GroupPolicyGradient(objective))
        return try shop.plan([shop.improvement(route: route)], seed: seed)
    }
}
