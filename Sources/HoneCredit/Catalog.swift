import HoneCore

/// The credits, each with its default settings.
public enum CreditCatalog {
    /// All of them, in alphabetical order.
    public static var parts: [any Credit] { [AcceptedOnly(), Demonstrations(), GroupRelative(), ReinforceBaseline()] }
}
