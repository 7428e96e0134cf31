import HoneCore

/// Fine-grained rewards: several reward models, each paying at the end of its own segments, under one value head.
///
/// r_t = Σ_k w_k Σ_j 1(t ends segment j of kind k)·R_k − β·(log π − log π_ref), then advantages as `gae` with γ = 1 and
/// λ = 0.95. Segments are spans, steps or whole episodes, whichever the verdicts of a kind are on; weights turn the reward
/// models up and down without training them anew.
///
/// Source: Wu et al. 2023, “Fine-Grained Human Feedback Gives Better Rewards”, equation 1. Departure: rewards are not
/// whitened before the estimate; `whitens` concerns advantages.
public struct FineGrained: Credit {
    public static let card = PartCard(
        name: "fine-grained", summary: "rewards of several kinds at the ends of their own segments, weighted and put through GAE",
        source: "Wu et al. 2023, equation 1", gives: [.onPolicyLogProbs])

    /// The reward models, with weights.
    public var streams: [RewardStream]
    /// β of the penalty against the reference; 0 asks for none.
    public var klCoefficient: Double
    /// λ of the estimate.
    public var lambda: Double
    /// Whether advantages are given mean 0 and deviation 1.
    public var whitens: Bool
    /// Whose value head is read.
    public var critic: ModelRef
    /// Against which model the penalty is.
    public var reference: ModelRef

    /// The credit.
    public init(
        streams: [RewardStream] = [RewardStream(.worldReturn)], klCoefficient: Double = 0.3, lambda: Double = 0.95, whitens: Bool = true,
        critic: ModelRef = "policy", reference: ModelRef = ModelRef("policy", snapshot: "base")
    ) {
        self.streams = streams
        self.klCoefficient = klCoefficient
        self.lambda = lambda
        self.whitens = whitens
        self.critic = critic
        self.reference = reference
    }

    private var general: GeneralisedAdvantage {
        GeneralisedAdvantage(
            streams: streams, discount: 1, lambda: lambda, critic: critic, klCoefficient: klCoefficient, reference: reference,
            whitens: whitens)
    }

    public var needs: [Score] { general.needs }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var general = general
        return try general.batch(for: roles, from: groups, scores: scores)
    }
}
