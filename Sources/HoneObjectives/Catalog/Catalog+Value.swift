import HoneModel

extension ObjectiveCatalog {
    /// Objectives that teach heads: values, action values, rewards, steps.
    static let values: [any ConfigurableObjective.Type] = [
        RewardPairs.self, RewardLabels.self, StepRewardsHard.self, StepRewardsSoft.self, StepRanking.self, ValueRegression.self,
        SeveralValues.self, ClippedValue.self, ExpectileValue.self, ActionValueRegression.self, ConservativeQ.self,
        ImplicitLanguageQ.self,
    ]
}
