import Foundation

/// Keeps a run to one process: held until the process ends, however it ends.
public final class RunLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of a run folder; throws with the number of the process that has it.
    public init(folder: String) throws {
        let path = folder + "/lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StoreError.system("open", path) }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let isHeld = errno == EWOULDBLOCK
            let failure = StoreError.system("lock", path)
            close(file)
            guard isHeld else { throw failure }
            let text = (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let holder = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { "process \($0)" }
            throw StoreError("The run in \(folder) is held by \(holder ?? "another process"); wait for it to end, or end it")
        }
        // The number is for people only; the lock itself is the kernel's, so a number left by a dead process means nothing.
        ftruncate(file, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = Foundation.write(file, text, text.count)
        descriptor = file
    }

    deinit { close(descriptor) }
}
