import Foundation
import HoneCore
import Synchronization

/// A running program with pipes to its standard input, output and error; it leads a process group of its own.
///
/// A value that stands for something outside: whoever starts it ends it.
struct ProgramProcess: Sendable {
    let command: ProgramCommand
    let pid: pid_t
    /// Our ends of the pipes.
    let input: Int32
    let output: Int32
    let errors: Int32
    /// What was read behind the last whole line.
    var unread: [UInt8] = []
    /// The last of what it wrote to standard error.
    var words: [UInt8] = []
    var hasErrors = true
    /// How many lines it was sent.
    var sent = 0

    /// The processes that run now, so that all can be ended at once.
    private static let running = Mutex<Set<pid_t>>([])

    /// Starts a program without a shell.
    init(starting command: ProgramCommand) throws {
        // One after the other: a pipe that is not yet marked as ours alone must not reach another program.
        self = try Self.running.withLock { running in
            let process = try Self(spawning: command)
            running.insert(process.pid)
            return process
        }
    }

    private init(spawning command: ProgramCommand) throws {
        self.command = command
        var ends: [[Int32]] = []
        func closeAll() { ends.joined().forEach { _ = close($0) } }
        for _ in 0..<3 {
            var pair: [Int32] = [0, 0]
            guard pipe(&pair) == 0 else {
                let reason = Self.reason(errno)
                closeAll()
                throw ProgramFault(.cannotStart, "“\(command)” cannot be started: there is no pipe for it (\(reason))")
            }
            for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            ends.append(pair)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[0][0], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1][1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[2][1], 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        // A group of its own: what the program starts ends with it, and a Ctrl-C in the terminal is ours to pass on.
        posix_spawnattr_setpgroup(&attributes, 0)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var nothing = sigset_t()
        sigemptyset(&nothing)
        posix_spawnattr_setsigmask(&attributes, &nothing)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = command.words.map { strdup($0) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        var started: pid_t = 0
        let code = posix_spawnp(&started, command.words[0], &actions, &attributes, arguments, environ)
        guard code == 0 else {
            closeAll()
            let advice = code == ENOENT ? "there is no program “\(command.words[0])”; give its path, or a name found in PATH" : Self.reason(code)
            throw ProgramFault(.cannotStart, "“\(command)” cannot be started: \(advice)")
        }
        _ = close(ends[0][0])
        _ = close(ends[1][1])
        _ = close(ends[2][1])
        pid = started
        (input, output, errors) = (ends[0][1], ends[1][0], ends[2][0])
        for end in [input, output, errors] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
    }

    /// Closes the pipes and ends the program and all of its group: at once where `waiting` is 0, else after as many seconds unless it has
    /// ended itself by then.
    func end(waiting: Double = 0.5) {
        _ = close(input)
        let deadline = ContinuousClock.now + .seconds(waiting)
        while !hasExited, ContinuousClock.now < deadline { usleep(2000) }
        _ = close(output)
        _ = close(errors)
        Self.running.withLock { running in
            // Before it is reaped, so that the number cannot be somebody else's by now.
            _ = kill(-pid, SIGKILL)
            var status: Int32 = 0
            while waitpid(pid, &status, 0) == -1, errno == EINTR {}
            running.remove(pid)
        }
    }

    /// Ends all programs that run, at once: for the end of the process that started them.
    static func endAll() { running.withLock { $0.forEach { _ = kill(-$0, SIGKILL) } } }

    /// Whether it has ended by itself; it stays to be reaped.
    private var hasExited: Bool { exit != nil }

    /// How it ended; nil while it runs.
    private var exit: siginfo_t? {
        var found = siginfo_t()
        guard waitid(P_PID, id_t(pid), &found, WEXITED | WNOHANG | WNOWAIT) == 0, found.si_signo == SIGCHLD else { return nil }
        return found
    }

    /// Says how it ended, waiting a moment for it, with its last words.
    mutating func ending() -> String {
        let deadline = ContinuousClock.now + .seconds(1)
        var found = exit
        while found == nil, ContinuousClock.now < deadline {
            readErrors()
            usleep(2000)
            found = exit
        }
        readErrors()
        guard let found else { return "closed its output\(lastWords)" }
        let status = found._sifields._sigchld.si_status
        return (found.si_code == CLD_EXITED ? "ended with status \(status)" : "was ended by signal \(status)") + lastWords
    }

    /// The last line that it wrote to standard error.
    var lastWords: String {
        let line = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        return line.map { "; its last words: \($0.trimmingCharacters(in: .whitespaces).prefix(200))" } ?? ""
    }

    /// Takes in what stands in standard error, so that the program is never held up by it.
    mutating func readErrors() {
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while hasErrors {
            let count = read(errors, &chunk, chunk.count)
            if count > 0 {
                words = (words + chunk[..<count]).suffix(2048)
            } else if count == 0 {
                hasErrors = false
            } else if errno != EINTR {
                return
            }
        }
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
