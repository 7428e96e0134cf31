import HoneModel

extension ObjectiveCatalog {
    /// Objectives that learn from pairs or labels of preference.
    static let preferences: [any ConfigurableObjective.Type] = []
}
