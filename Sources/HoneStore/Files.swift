import Foundation
import HoneCore

/// Writing that survives a kill, reading that says why it failed.
enum Files {
    /// Writes a file so that its name never stands for half of it: to a temporary name, synced, renamed, folder synced.
    static func write(_ data: Data, to path: String) throws {
        let partial = path + ".partial"
        do {
            try writeSynced(data, to: partial)
            guard rename(partial, path) == 0 else { throw StoreError.system("rename", path) }
        } catch {
            unlink(partial)
            throw error
        }
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

    /// The content of a file; an error that names it and why it cannot be read.
    static func read(_ path: String) throws -> Data {
        var content = Data()
        try eachPiece(of: path) { content.append(contentsOf: $0) }
        return content
    }

    /// The first bytes of a file.
    static func read(_ path: String, first count: Int) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw StoreError.system("read", path) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(file, &bytes, count, 0)
        guard got >= 0 else { throw StoreError.system("read", path) }
        return Array(bytes[..<got])
    }

    /// What tells whether a file was changed.
    struct Status: Equatable {
        var size: Int
        var changed: [Int]
    }

    /// Size and time of change of a file; nil when there is none.
    static func status(_ path: String) -> Status? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Status(size: Int(status.st_size), changed: [Int(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec])
    }

    /// The length and the hash of a file as the disk has it: pages that were written and synced are asked for anew.
    static func seal(of path: String) throws -> (bytes: Int, sha256: String) {
        var hash = SHA256()
        var bytes = 0
        try eachPiece(of: path, fromDisk: true) {
            hash.update($0)
            bytes += $0.count
        }
        return (bytes, hash.hexDigest())
    }

    private static func eachPiece(of path: String, fromDisk: Bool = false, _ body: (UnsafeRawBufferPointer) -> Void) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw StoreError.system("read", path) }
        defer { close(file) }
        if fromDisk { posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) }
        try withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 16) { buffer in
            while true {
                let count = Foundation.read(file, buffer.baseAddress, buffer.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw StoreError.system("read", path)
                }
                guard count > 0 else { return }
                body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }

    /// Whether something has this name.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names in a folder, sorted; none when it cannot be read.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Deletes a file or folder, if it is there and may be deleted.
    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// The folder that a path lies in. By way of a URL: Foundation's own way for strings ends the program at a path of one letter.
    static func parent(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    /// Waits until the disk has the names in the folder of a path.
    static func syncFolder(of path: String) throws {
        let folder = parent(of: path)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.system("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError.system("sync", folder) }
    }

    /// Makes a folder and those on the way.
    static func makeFolder(_ path: String) throws {
        if mkdir(path, 0o755) == 0 { return }
        if errno == ENOENT {
            let above = parent(of: path)
            guard above != path else { throw StoreError.system("create the folder", path) }
            try makeFolder(above)
            if mkdir(path, 0o755) == 0 { return }
        }
        guard errno == EEXIST else { throw StoreError.system("create the folder", path) }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError("Cannot create the folder \(path): there is something else of that name; choose another one with --out")
        }
    }
}
