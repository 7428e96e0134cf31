import Foundation
import HoneCore

/// A sandbox that runs: the number of the process around it, and our ends of the pipes. Whoever starts it waits for it, on one thread:
/// bwrap dies with the thread that started it.
struct SandboxProcess: Sendable {
    let number: pid_t
    let input: Int32
    let output: Int32
    let errors: Int32
    /// Where the shell says that the program is about to start.
    let marker: Int32
    /// Where bwrap says what it started and how that ended; closed when all is over.
    let status: Int32

    /// Starts it. Throws a sentence where there are no descriptors or no processes left.
    init(_ program: IsolatedProgram, tools: IsolationTools) throws {
        var ours: [Int32] = []
        var theirs: [Int32] = []
        var isDone = false
        defer {
            theirs.forEach { _ = close($0) }
            if !isDone { ours.forEach { _ = close($0) } }
        }
        let files = program.files.sorted { $0.key < $1.key }.map(\.value)
        // Their ends are numbered above all that they will be called in the child, so that none is overwritten before it is moved.
        let floor = SandboxCommand.firstFile + Int32(files.count)
        func give(_ descriptor: Int32?) throws {
            guard let descriptor else { throw Self.fault(errno) }
            let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, floor)
            let code = errno
            close(descriptor)
            guard moved >= 0 else { throw Self.fault(code) }
            theirs.append(moved)
        }
        for isRead in [true, false, false, false, false] {
            guard let pipe = tools.calls.pipe() else { throw Self.fault(errno) }
            ours.append(isRead ? pipe.writing : pipe.reading)
            try give(isRead ? pipe.reading : pipe.writing)
        }
        // Of root's pipes the program could not open its own outputs by their names in /dev.
        if tools.setpriv != nil { theirs.prefix(3).forEach { _ = fchown($0, 65534, 65534) } }
        for bytes in [tools.filter.bytes] + files { try give(tools.calls.file(of: bytes)) }
        number = try Self.spawn(SandboxCommand(program, tools: tools).words, theirs, tools.calls)
        isDone = true
        (input, output, errors, marker, status) = (ours[0], ours[1], ours[2], ours[3], ours[4])
        for end in ours { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
    }

    private static func spawn(_ words: [String], _ descriptors: [Int32], _ calls: SystemCalls) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        for (place, descriptor) in descriptors.enumerated() { posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(place)) }
        _ = calls.closeFrom(&actions, Int32(descriptors.count))
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        posix_spawnattr_setpgroup(&attributes, 0)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        // Our environment may hold keys: what stands around the program gets nothing of it either.
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
            (arguments + environment).forEach { free($0) }
        }
        var started: pid_t = 0
        let code = posix_spawn(&started, words[0], &actions, &attributes, &arguments, &environment)
        guard code == 0 else { throw fault(code) }
        return started
    }

    private static func fault(_ code: Int32) -> CoreError {
        CoreError.unsupported("The sandbox cannot be started: \(SystemCalls.reason(code)); is there anything left that others hold (descriptors, processes, memory)?")
    }

    /// Ends all processes of the sandbox: the first one of the namespace where it is known, so that the others end before it is reaped.
    func end(first: pid_t?) {
        if let first, isOurs(first), kill(first, SIGKILL) == 0 { return }
        endAtOnce()
    }

    /// Whether a number is that of a child of the process around the sandbox: nothing else is believed, looked at or ended.
    func isOurs(_ first: pid_t) -> Bool {
        guard let line = SystemCalls.text(of: "/proc/\(first)/stat"), let end = line.lastIndex(of: ")") else { return false }
        return line[end...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) } == number
    }

    /// Ends the process around the sandbox, which takes the sandbox with it.
    func endAtOnce() { _ = kill(-number, SIGKILL) }

    /// Closes all of our ends but the input's, which is closed when all is said.
    func closeAll() { [output, errors, marker, status].forEach { _ = close($0) } }
}
