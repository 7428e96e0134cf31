/// What can be set of an objective, under the keys that users write; all has defaults.
public protocol ObjectiveSettings: Codable, Hashable, Sendable {
    /// The defaults.
    init()
}

/// Settings of an objective of which nothing can be set.
public struct NoSettings: ObjectiveSettings {
    public init() {}
}
