import HoneCore
import HoneModel

/// SPIRAL: clipped policy gradient on the turns of self-play, with advantages conditioned on game and role.
///
/// Source: Liu et al. 2025, “SPIRAL”, equation 4. Its role-conditioned advantage, A = R_p − b of game and role, is a credit.
public struct SPIRAL: SurrogateObjective {
    public static let card = PartCard(
        name: "spiral", summary: "policy gradient on self-play with role-conditioned advantages", source: "Liu et al. 2025, equation 4",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/(R·M) Σᵢₜ min(ρᵢₜ Aᵢ, clip(ρᵢₜ, 1−ε, 1+ε) Aᵢ),  A = R_p − b[game, role],  b a moving mean read before it moves",
        normaliser: "rows × `length`", reduction: "sum over tokens, divided by a constant",
        metrics: PolicyCards.metrics("ratio", "clipFraction"),
        departures: [
            "the paper's equation is the plain policy gradient; ratio and clip are those of its code, for two epochs on a batch",
            "M stands for the largest length of an answer, as in the code", PolicyCards.unconfirmed, PolicyCards.held, PolicyCards.rows,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// ε, how far the ratio may move.
        public var clip = 0.2
        /// M, the fixed length, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            limit: .clip(low: settings.clip, high: settings.clip), normaliser: .constant, length: settings.length)
    }
}
