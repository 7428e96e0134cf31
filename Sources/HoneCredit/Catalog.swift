import HoneCore

/// The credits, each with its default settings.
public enum CreditCatalog {
    /// All of them, in alphabetical order.
    public static var parts: [any Credit] {
        [
            AcceptedOnly(),
            Demonstrations(),
            DiscountedReturns(),
            DynamicSampling(GroupRelative()),
            FineGrained(),
            GeneralisedAdvantage(),
            GroupRelative(),
            LeaveOneOut(),
            LengthWeightedBaseline(),
            BatchNormalised(),
            ReinforceBaseline(),
            GreedyBaseline(),
            RoleConditioned(),
            Shaped(GroupRelative(), by: [OverlongPenalty()]),
            WinShare(),
        ].sorted { type(of: $0).card.name < type(of: $1).card.name }
    }

    /// The reward shapings that `Shaped` puts before any credit, in alphabetical order.
    public static var shapings: [any RewardShaping] {
        [
            CosineLength(), ExplorationReward(), GroupLengthReward(), ImprovementBonus(), OverlongPenalty(), ReflectionReward(),
            RepetitionPenalty(),
        ]
    }
}
