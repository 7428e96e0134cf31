import HoneCore
import HoneModel

/// Regularised policy gradient for games: rewards are lowered by the log-ratio to a reference that is refreshed when the
/// policy has converged, so that its fixed points lead to a Nash equilibrium.
///
/// Source: Perolat et al. 2022, “Mastering the game of Stratego with model-free multiagent reinforcement learning” (R-NaD),
/// reward transformation of equation 1; truncated importance weights as in V-trace (Espeholt et al. 2018).
public struct RegularisedNash: SurrogateObjective {
    public static let card = PartCard(
        name: "r-nad", summary: "policy gradient on rewards regularised towards a refreshed reference",
        source: "Perolat et al. 2022, equation 1", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢₜ sg[min(ρᵢₜ, c)] Ãᵢₜ log πᵢₜ,  Ãᵢₜ = Aᵢₜ − η Σ_{u≥t} (log π_sampler − log π_reference)ᵢᵤ,  "
            + "whose fixed point is π ∝ π_reference e^{A/η}",
        normaliser: PolicyNormaliser.words, reduction: "rowSum unless set otherwise",
        metrics: [
            "ratio": "mean of ρ over trained tokens", "clipFraction": "share of trained tokens whose weight was truncated",
            "kl": "mean of log π − log π_reference over trained tokens",
        ],
        departures: [
            "NeuRD moves logits by advantages without the softmax's factor π; this is the policy gradient, with the same fixed points",
            "the opponent's term, + η log(π_opponent/π_reference), is in the rewards and so the credit's",
            "the sum runs to the end of a row, which holds one move; V-trace over moves is the credit's", PolicyCards.unconfirmed, PolicyCards.held,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// η, the strength of the regularisation.
        public var eta = 0.2
        /// c, the largest importance weight.
        public var largestWeight = 1.0
        /// The reference; a plan refreshes it.
        public var reference = ModelRef("policy", snapshot: "base")
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
            limit: .weight(low: 1, high: settings.largestWeight - 1), normaliser: settings.normaliser, length: settings.length,
            penalty: PolicySurrogate.Penalty(.k1, factor: settings.eta, reference: settings.reference, isInReturns: true))
    }
}
