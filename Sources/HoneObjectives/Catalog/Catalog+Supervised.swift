import HoneModel

extension ObjectiveCatalog {
    /// Objectives that imitate tokens or distributions.
    static let supervised: [any ConfigurableObjective.Type] = [CrossEntropy.self]
}
