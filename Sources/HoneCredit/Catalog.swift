import HoneCore

/// The credits, each with its default settings.
public enum CreditCatalog {
    /// All of them, in alphabetical order.
    public static var parts: [any Credit] {
        [
            AcceptedOnly(),
            BatchNormalised(),
            BestOnly(),
            BestVersusWorst(),
            CheckedSteps(),
            DemonstrationPairs(),
            Demonstrations(),
            DiscountedReturns(),
            DynamicSampling(GroupRelative()),
            FineGrained(),
            FirstError(),
            GeneralisedAdvantage(),
            GreedyBaseline(),
            GroupRelative(),
            Labelled(),
            LeaveOneOut(),
            LengthWeightedBaseline(),
            MinimalDifference(),
            MonteCarloSteps(),
            OnePerOutcome(LeaveOneOut()),
            PreferenceDegrees(),
            PreferencePairs(),
            QualityValues(),
            RecalibratedReplay(),
            ReferencePairs(),
            RefinementPairs(),
            RefinedUnderOriginal(),
            ReinforceBaseline(),
            RelabelledSuccess(),
            RevisionSplice(),
            RevisionTraces(),
            RoleConditioned(),
            RoleTree(),
            RoleTreeMoves(),
            SearchedTraces(),
            SiblingPairs(),
            StateConditioned(),
            TreeBackup(),
            WinShare(),
            Shaped(GroupRelative(), by: [OverlongPenalty()]),
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
