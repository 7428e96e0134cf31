import Foundation
import GRDB

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
            case EFBIG:
                "the file would be larger than this process may write (`ulimit -f`); raise the limit, then `hone resume` goes on from the last checkpoint"
            case EROFS: "the file system is read-only; give a folder that can be written"
            case EACCES, EPERM: "permission was denied; change the permissions, or give another folder"
            case ENOENT: "there is no such file, or a folder on the way does not exist"
            case ENOTDIR: "something on the way is a file instead of a folder"
            case EMFILE, ENFILE: "too many files are open; raise the limit (`ulimit -n`)"
            case EIO: "the disk reports an error; check it, then `hone resume` goes on from the last checkpoint"
            default: String(cString: strerror(code))
            }
        return StoreError("Cannot \(doing) \(path): \(advice)")
    }

    /// The sentence of records that are not what was written.
    static func damaged(_ path: String, _ detail: String) -> StoreError {
        StoreError(
            "\(path) is damaged (\(detail)); move it and the files beside it whose names begin so aside, and `hone resume` goes on from the last checkpoint with new records"
        )
    }

    /// The sentence of an error that came up while using the database at a path.
    static func database(_ error: any Error, _ path: String, _ use: SQLiteRunStore.Use) -> StoreError {
        if let error = error as? StoreError { return error }
        guard let error = error as? DatabaseError else { return damaged(path, "a row cannot be read: \(error)") }
        let doing = use == .writing ? "write to" : "read"
        switch error.resultCode {
        case .SQLITE_FULL: return StoreError("Cannot \(doing) \(path): the disk is full; free some space, then `hone resume`")
        case .SQLITE_IOERR:
            return StoreError(
                "Cannot \(doing) \(path): the disk is full, the file would be larger than this process may write (`ulimit -f`), or the disk fails; see to it, then `hone resume`"
            )
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return StoreError(
                "Cannot \(doing) \(path): it, its folder or the file system is read-only, or permission was denied; change the permissions, or use a copy")
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            return StoreError("Cannot \(doing) \(path): another program holds it locked; close that program and try again")
        case .SQLITE_NOMEM: return StoreError("Cannot \(doing) \(path): there is no memory left")
        case .SQLITE_CONSTRAINT: return StoreError("Cannot \(doing) \(path): a record breaks a rule of the table (\(error.message ?? "unnamed"))")
        default: return damaged(path, error.message ?? "\(error.resultCode)")
        }
    }
}
