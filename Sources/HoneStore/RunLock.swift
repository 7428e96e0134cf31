import Foundation

/// Keeps a run to one process: held until the process ends, however it ends.
public final class RunLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of a run folder; throws with the number of the process that has it.
    public init(folder: String) throws {
        let path = folder + "/lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StoreError.system("open", path) }
        if flock(file, LOCK_EX | LOCK_NB) != 0 {
            let holder = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
            close(file)
            let number = holder.trimmingCharacters(in: .whitespacesAndNewlines)
            throw StoreError(
                "The run in \(folder) is held by process \(number.isEmpty ? "of unknown number" : number); wait for it to end, or end it")
        }
        ftruncate(file, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = Foundation.write(file, text, text.count)
        descriptor = file
    }

    deinit { close(descriptor) }
}
