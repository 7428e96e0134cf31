import CTorch

/// Why a tensor operation failed, in one sentence.
public struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }

    /// The sentence of libtorch's latest failure on this thread.
    static var latest: TensorError { TensorError(String(cString: ht_last_error())) }
}
