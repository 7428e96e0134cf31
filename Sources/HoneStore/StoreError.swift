import Foundation

/// What can go wrong with a run folder, in one sentence.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected, what to do.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }

    /// The sentence of a failed system call on a path.
    static func system(_ doing: String, _ path: String) -> StoreError {
        let code = errno
        let advice =
            switch code {
            case ENOSPC, EDQUOT: "the disk is full; free some space, then `hone resume` goes on from the last checkpoint"
            case EROFS: "the file system is read-only; choose another folder with --out"
            case EACCES, EPERM: "permission was denied; choose another folder with --out"
            case ENOENT: "a folder on the way does not exist"
            default: String(cString: strerror(code))
            }
        return StoreError("Cannot \(doing) \(path): \(advice)")
    }
}
