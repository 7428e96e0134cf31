import HoneCore
import HoneModel

/// MDPO: the unclipped surrogate less a divergence from the policy that drew the batch, solved by several gradient steps.
///
/// Source: Tomar et al. 2020, “Mirror Descent Policy Optimization”, equation 9 (on-policy).
public struct MirrorDescent: SurrogateObjective {
    public static let card = PartCard(
        name: "mdpo", summary: "policy gradient with a divergence from the sampler instead of a clip", source: "Tomar et al. 2020, equation 9",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/T Σᵢₜ [ ρ A − 1/t (ρ log ρ − ρ + 1) ],  whose optimum is π ∝ π_sampler e^{tA}", normaliser: PolicyNormaliser.words,
        reduction: "tokenMean unless set otherwise", metrics: PolicyCards.metrics("ratio", "samplerKL"),
        departures: [
            "KL(π‖π_sampler) is estimated from the sampled tokens by ρ log ρ − ρ + 1, unbiased in value and gradient; the paper has it "
                + "in closed form", PolicyCards.unconfirmed, PolicyCards.held,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// t, the step size of the mirror descent: the larger, the weaker the divergence.
        public var step = 1.0
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.tokenMean
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            normaliser: settings.normaliser, length: settings.length, proximity: 1 / max(settings.step, 1e-9))
    }
}

/// Magnetic mirror descent: MDPO with a second divergence, from a magnet, whose limit is a quantal response equilibrium.
///
/// Source: Sokota et al. 2023, “A Unified Approach to Reinforcement Learning, Quantal Response Equilibria, and Two-Player
/// Zero-Sum Games”, section 4. A fixed magnet gives a regularised equilibrium; one that follows the policy slowly
/// approaches a Nash equilibrium.
public struct MagneticMirrorDescent: SurrogateObjective {
    public static let card = PartCard(
        name: "magnetic-mirror-descent", summary: "mirror descent drawn to a magnet, for games", source: "Sokota et al. 2023, section 4",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢₜ [ ρ A − α (ρ m − ρ + 1) − 1/η (ρ log ρ − ρ + 1) ],  m = log π − log magnet,  "
            + "whose optimum is π ∝ (π_sampler · magnet^{αη} · e^{ηA})^{1/(1+αη)}",
        normaliser: PolicyNormaliser.words, reduction: "rowSum unless set otherwise: divergences of tokens add up to that of the move",
        metrics: PolicyCards.metrics("ratio", "samplerKL").merging(["kl": "mean of ρ m − ρ + 1 over trained tokens"]) { $1 },
        departures: [
            "both divergences are estimated from the sampled tokens, unbiased in value and gradient; the paper has them in closed form",
            PolicyCards.unconfirmed, PolicyCards.held,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// α, the pull of the magnet.
        public var alpha = 0.05
        /// η, the step size.
        public var step = 1.0
        /// The magnet; a plan may refresh it.
        public var magnet = ModelRef("policy", snapshot: "base")
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.rowSum
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            normaliser: settings.normaliser, length: settings.length,
            penalty: PolicySurrogate.Penalty(.k1, isWeighted: true, factor: settings.alpha, reference: settings.magnet),
            proximity: 1 / max(settings.step, 1e-9))
    }
}
