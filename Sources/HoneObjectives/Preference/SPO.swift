import HoneCore
import HoneModel
import HoneNumerics
import HoneTensor

/// SPO: REINFORCE with the share of its group that a response beats as its reward. As the group is drawn from the policy, the
/// policy plays against itself, and its average over iterations approaches the minimax winner.
public struct SPO: SurrogateObjective {
    public static let card = PartCard(
        name: "spo", summary: "policy gradient on the share of its group a response beats", source: "Swamy et al. 2024, Algorithm 1",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Aᵢ Σₜ wᵢₜ log πᵢₜ,  Aᵢ = 1/(k−1) Σ_{j≠i} P(yᵢ ≻ yⱼ) − mean over the group",
        normaliser: "rows with trained tokens", reduction: "sum over tokens, mean over rows",
        departures: [
            "made of rewards, P is 1 for the larger one and ½ for a tie; a judge's probabilities reach it as advantages (credit win-share)",
            "the paper leaves the policy gradient open; this is REINFORCE on the group the responses were drawn in",
            "no KL penalty: add it as a term of its own",
        ])

    public var settings = NoSettings()
    public init() {}

    public var surrogate: PolicySurrogate { Reinforce().surrogate }

    /// Each row's win share in its group minus the group's mean, which is ½.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        GroupStatistics.byGroup(rewards, groups: groups) { GroupStatistics.winShares($0).map { $0 - 0.5 } }
    }
}
