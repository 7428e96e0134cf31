import Foundation

/// Functions of the C library that its Swift module leaves out, looked up once by name.
struct SystemCalls: Sendable {
    /// The descriptors of a pipe that no other program started meanwhile can inherit.
    let pipe2: @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32
    /// A file in memory without a name.
    let memfdCreate: @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
    /// Has a child close every descriptor from a number on.
    let closeFrom: @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    /// The functions; nil where the C library lacks one.
    static let found: SystemCalls? = {
        guard let pipe2 = dlsym(nil, "pipe2"), let memfd = dlsym(nil, "memfd_create"),
            let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        else { return nil }
        return SystemCalls(
            pipe2: unsafeBitCast(pipe2, to: (@convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32).self),
            memfdCreate: unsafeBitCast(memfd, to: (@convention(c) (UnsafePointer<CChar>, UInt32) -> Int32).self),
            closeFrom: unsafeBitCast(
                closeFrom, to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self))
    }()

    /// A pipe whose ends are ours alone; nil where there are no descriptors left.
    func pipe() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [0, 0]
        return pipe2(&ends, O_CLOEXEC) == 0 ? (ends[0], ends[1]) : nil
    }

    /// A file in memory with these bytes, to be read from its beginning; nil where it cannot be made.
    func file(of bytes: [UInt8]) -> Int32? {
        let closesOnExec: UInt32 = 1
        let file = memfdCreate("hone", closesOnExec)
        guard file >= 0 else { return nil }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress?.advanced(by: written), bytes.count - written) }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                close(file)
                return nil
            }
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    /// What stands in a file of /proc; nil where it cannot be read.
    static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 20 {
            let count = read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What an error number means.
    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
