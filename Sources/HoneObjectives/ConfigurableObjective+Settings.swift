import HoneModel

extension ConfigurableObjective {
    /// The objective with these settings.
    public init(_ settings: Settings) {
        self.init()
        self.settings = settings
    }
}
