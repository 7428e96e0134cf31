import Foundation
import HoneCore

/// Keeps shared teaching in a folder, one subfolder per fingerprint; a file that does not have its hash is not used.
public struct BaseFolder: Sendable {
    /// The folder.
    public let path: String

    /// A folder, made when something is kept.
    public init(path: String) { self.path = path }

    /// The kept files of a key, or nil when there are none or they are damaged.
    public func files(for key: String) throws -> [String: [UInt8]]? {
        let kept = Checkpoints(folder: "\(path)/\(key)", kept: 1)
        guard let checkpoint = try? kept.latest(warning: { _ in }) else { return nil }
        return checkpoint.files.mapValues { [UInt8]($0) }
    }

    /// Keeps the files of a key.
    public func keep(_ files: [String: [UInt8]], for key: String) throws {
        let kept = Checkpoints(folder: "\(path)/\(key)", kept: 1)
        // Others may be keeping the same teaching at this moment.
        kept.cleanUp(all: false)
        try kept.write(Checkpoint(iteration: 0, files: files.mapValues { Data($0) }))
    }
}
