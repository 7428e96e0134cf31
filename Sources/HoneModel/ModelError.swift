/// What can go wrong with a model, in one sentence.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected, what to do.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }
}
