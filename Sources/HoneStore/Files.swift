import Foundation

/// Writing that survives a kill: to a temporary name, synced, renamed, folder synced.
enum Files {
    /// Writes a file so that its name never stands for half of it.
    static func write(_ data: Data, to path: String) throws {
        let partial = path + ".partial"
        try writeSynced(data, to: partial)
        guard rename(partial, path) == 0 else { throw StoreError.system("rename", path) }
        try syncFolder(of: path)
    }

    /// Writes a file and waits until the disk has it.
    static func writeSynced(_ data: Data, to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StoreError.system("create", path) }
        defer { close(file) }
        var offset = 0
        try data.withUnsafeBytes { buffer in
            while offset < buffer.count {
                guard let base = buffer.baseAddress else { break }
                let written = Foundation.write(file, base + offset, buffer.count - offset)
                if written < 0 {
                    if errno == EINTR { continue }
                    throw StoreError.system("write \(data.count) bytes to", path)
                }
                offset += written
            }
        }
        guard fsync(file) == 0 else { throw StoreError.system("sync", path) }
    }

    /// Waits until the disk has the names in the folder of a path.
    static func syncFolder(of path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.system("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError.system("sync", folder) }
    }

    /// Makes a folder and those on the way.
    static func makeFolder(_ path: String) throws {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            if errno == 0 { errno = EACCES }
            throw StoreError.system("create the folder", path)
        }
    }
}
