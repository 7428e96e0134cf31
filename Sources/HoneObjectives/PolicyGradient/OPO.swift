import HoneCore
import HoneModel

/// OPO: exactly on-policy REINFORCE with the baseline of least variance, rewards weighted by the lengths of their answers.
///
/// Source: Hao et al. 2025, “On-Policy RL with Optimal Reward Baseline”, equations 5 and 6.
public struct OPO: SurrogateObjective {
    public static let card = PartCard(
        name: "opo", summary: "on-policy REINFORCE with a length-weighted baseline", source: "Hao et al. 2025, equation 6",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Aᵢ Σₜ log πᵢₜ,  A = r − Σⱼ lⱼ rⱼ / Σⱼ lⱼ over the group, l the lengths",
        normaliser: "rows with trained tokens", reduction: "sum over tokens, mean over rows",
        departures: [
            "the baseline is the credit's, which knows the lengths; advantages made here of rewards alone take them as equal",
            "no ratio and no clip: the method takes one step on each batch, and several passes over one would be biased",
            PolicyCards.unconfirmed, PolicyCards.rows,
        ])

    public var settings = NoSettings()
    public init() {}

    public var surrogate: PolicySurrogate { PolicySurrogate(ratio: .none, normaliser: .rowSum) }
}
