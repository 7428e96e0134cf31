import HoneCore

/// The memories, each with its default settings.
public enum MemoryCatalog {
    /// All of them, in alphabetical order.
    public static var parts: [any Memory] { [ReplayMemory(capacity: 1000), SolutionMemory(keep: 1)] }
}
