import HoneCore
import HoneModel
import HoneTensor

/// DPO without a reference model: log-ratios are against the sampler's log-probabilities, kept with each action.
public struct AgentQ: PairwiseObjective {
    public static let card = PartCard(
        name: "agent-q", summary: "DPO against the log-probabilities stored when the actions were made",
        source: "Putta et al. 2024 (Agent Q), the off-policy DPO loss", needs: [.pairs, .onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = −mean log σ(m),  m = β [ log π(a_w|h)/π_b(a_w|h) − log π(a_l|h)/π_b(a_l|h) ],  π_b the behaviour policy", margin: "m",
        departures: [
            "the number of the equation could not be confirmed",
            "actions of different ages are each compared with the policy that made them",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β, the strength of the tie to the behaviour policy.
        public var beta = 0.1

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var usesSampler: Bool { true }

    public func margin(of pairs: PairSides) throws -> Tensor { try pairs.logRatioDifference() * settings.beta }
}
