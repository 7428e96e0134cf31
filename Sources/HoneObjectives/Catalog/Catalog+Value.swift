import HoneModel

extension ObjectiveCatalog {
    /// Objectives that teach heads: values, action values, rewards, steps.
    static let values: [any ConfigurableObjective.Type] = [RewardPairs.self, ValueRegression.self]
}
