import CTorch

/// Why a tensor operation failed, in one sentence.
public struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }

    /// The first line of libtorch's latest failure on this thread.
    public static var latest: TensorError {
        let whole = String(cString: ht_last_error())
        return TensorError(whole.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? whole)
    }
}
