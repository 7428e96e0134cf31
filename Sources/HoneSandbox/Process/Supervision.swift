import Foundation
import HoneCore
import Synchronization

/// Whether somebody has given up waiting; looked at several times a second.
final class GivenUp: Sendable {
    private let flag = Atomic(false)
    var holds: Bool { flag.load(ordering: .relaxed) }
    func mark() { flag.store(true, ordering: .relaxed) }
}

/// Watches one sandbox from start to end. Blocks its thread.
struct Supervision {
    /// Why it was ended from outside.
    private enum Reason {
        case limit(ProgramOutcome.Limit)
        case cancelled
        case notReady
    }

    /// How long getting ready may take, in seconds: for a machine that is busy beyond all measure.
    private static let readyWithin = 30.0
    /// Milliseconds between two looks at what the processes use.
    private static let between: Int32 = 25

    private let limits: SandboxLimits
    private let process: SandboxProcess
    private let givenUp: GivenUp
    private let began = ContinuousClock.now
    private var unsent: ArraySlice<UInt8>
    private var isInputOpen = true
    private var output: PipeReader
    private var errors: PipeReader
    private var marker: PipeReader
    private var status: PipeReader
    /// When the program itself began.
    private var ran: ContinuousClock.Instant?
    private var first: pid_t?
    private var reason: Reason?
    /// The most processor time that was seen.
    private var seen = 0.0
    private var ended: ContinuousClock.Instant?

    /// Runs a program to its end. Throws a sentence where the sandbox could not be made ready, and a `CancellationError`.
    static func run(_ program: IsolatedProgram, tools: IsolationTools, givenUp: GivenUp) throws -> ProgramOutcome {
        var supervision = Supervision(program, try SandboxProcess(program, tools: tools), givenUp)
        return try supervision.watch()
    }

    private init(_ program: IsolatedProgram, _ process: SandboxProcess, _ givenUp: GivenUp) {
        limits = program.limits
        self.process = process
        self.givenUp = givenUp
        unsent = program.input[...]
        output = PipeReader(process.output, limit: program.limits.output)
        errors = PipeReader(process.errors, limit: program.limits.output)
        marker = PipeReader(process.marker, limit: 16)
        status = PipeReader(process.status, limit: 1 << 16)
    }

    private mutating func watch() throws -> ProgramOutcome {
        var last = ContinuousClock.now
        // The process around the sandbox holds its end to the last, when all others are gone.
        while status.isOpen {
            let now = ContinuousClock.now
            if reason == nil {
                reason = due(now)
                if reason == nil, now - last >= .milliseconds(Int(Self.between)) {
                    last = now
                    reason = exceeded()
                }
                if reason != nil { stop(now) }
            } else if let ended, now - ended > .seconds(2) {
                process.endAtOnce()
            }
            exchange()
            if reason == nil, output.exceeds || errors.exceeds {
                reason = .limit(.output)
                stop(ContinuousClock.now)
            }
        }
        let over = ContinuousClock.now
        output.readAll()
        errors.readAll()
        var code: Int32 = 0
        var used = rusage()
        while wait4(process.number, &code, 0, &used) == -1, errno == EINTR {}
        closeInput()
        process.closeAll()
        waitForLast()
        return try outcome(used, over)
    }

    /// What has to end it by the clock.
    private func due(_ now: ContinuousClock.Instant) -> Reason? {
        if givenUp.holds { return .cancelled }
        if let ran { return now - ran > .seconds(limits.time) ? .limit(.time) : nil }
        return now - began > .seconds(Self.readyWithin) ? .notReady : nil
    }

    /// What has to end it by what it uses.
    private mutating func exceeded() -> Reason? {
        guard ran != nil, let first else { return nil }
        let tree = ProcessTree(root: first)
        let usage = tree.usage(limit: limits.memory)
        seen = max(seen, usage.processorTime)
        if usage.memory > limits.memory { return .limit(.memory) }
        if usage.processorTime > limits.processorTime { return .limit(.processorTime) }
        if let count = tree.scratchFiles(), count > limits.scratchFiles { return .limit(.scratchFiles) }
        return nil
    }

    private mutating func stop(_ now: ContinuousClock.Instant) {
        ended = now
        process.end(first: first)
    }

    /// Waits a moment for anything to read or write, and does so.
    private mutating func exchange() {
        var waits = [pollfd(fd: process.status, events: Int16(POLLIN), revents: 0)]
        for reader in [output, errors, marker] where reader.isOpen { waits.append(pollfd(fd: reader.descriptor, events: Int16(POLLIN), revents: 0)) }
        if isInputOpen, unsent.isEmpty { closeInput() }
        if isInputOpen { waits.append(pollfd(fd: process.input, events: Int16(POLLOUT), revents: 0)) }
        _ = poll(&waits, nfds_t(waits.count), Self.between)
        marker.readAll()
        if ran == nil, !marker.bytes.isEmpty { ran = ContinuousClock.now }
        output.readAll()
        errors.readAll()
        status.readAll()
        if first == nil, let child = said("child-pid").flatMap({ pid_t(exactly: $0) }), process.isOurs(child) { first = child }
        if isInputOpen, !unsent.isEmpty { send() }
    }

    /// A number that bwrap said.
    private func said(_ key: String) -> Int? {
        String(decoding: status.bytes, as: UTF8.self).split(separator: "\n").lazy
            .compactMap { (try? JSONValue(parsing: String($0)))?[key]?.int }.first
    }

    private mutating func closeInput() {
        guard isInputOpen else { return }
        close(process.input)
        isInputOpen = false
    }

    /// Writes what the pipe takes now.
    private mutating func send() {
        // A pipe that nobody reads raises a signal, which must not end us, whatever the program around does about it.
        var signal = sigset_t()
        var before = sigset_t()
        sigemptyset(&signal)
        sigaddset(&signal, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signal, &before)
        let count = unsent.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
        let code = errno
        if count < 0, code == EPIPE {
            var moment = timespec()
            sigtimedwait(&signal, nil, &moment)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        if count >= 0 {
            unsent = unsent.dropFirst(count)
        } else if code != EAGAIN, code != EINTR {
            // The program reads no further, which is its own affair.
            closeInput()
        }
    }

    /// Waits until the first process of the namespace is gone, where the one around it was ended before.
    private func waitForLast() {
        guard let first else { return }
        let deadline = ContinuousClock.now + .seconds(2)
        // Its number is not given anew so soon.
        while ContinuousClock.now < deadline, let line = SystemCalls.text(of: "/proc/\(first)/stat"), let end = line.lastIndex(of: ")"),
            line[end...].dropFirst(2).first != "Z"
        {
            usleep(1000)
        }
    }

    private func outcome(_ used: rusage, _ over: ContinuousClock.Instant) throws -> ProgramOutcome {
        if case .cancelled = reason { throw CancellationError() }
        let words = String(decoding: errors.bytes.prefix(2000), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let ran, said("child-pid") != nil else {
            if case .notReady = reason { throw CoreError.unsupported("The sandbox was not ready within \(Int(Self.readyWithin)) s; is this machine very busy?") }
            throw CoreError.unsupported("The sandbox could not be made ready: \(words.isEmpty ? "it ended without a word" : words)")
        }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        // The kernel forgets what processes used that ended with their namespace.
        let processorTime = max(seen, seconds(used.ru_utime) + seconds(used.ru_stime))
        var ending = ProgramOutcome.Ending.signal(Int(SIGKILL))
        var limit: ProgramOutcome.Limit?
        if case .limit(let found) = reason {
            limit = found
        } else if let code = said("exit-code") {
            ending = code > 128 && code <= 192 ? .signal(code - 128) : .status(code)
            if ending == .signal(Int(SIGXCPU)) || ending == .signal(Int(SIGKILL)) && processorTime >= limits.processorTime { limit = .processorTime }
            if ending == .signal(Int(SIGXFSZ)) { limit = .fileSize }
        }
        return ProgramOutcome(
            ending: ending, limit: limit, output: output.written, errors: errors.written, time: Double((over - ran) / .seconds(1)),
            processorTime: processorTime, startTime: Double((ran - began) / .seconds(1)))
    }
}

/// Reads a pipe as far as a limit.
struct PipeReader {
    let descriptor: Int32
    let limit: Int
    private(set) var bytes: [UInt8] = []
    private(set) var isOpen = true
    /// Whether there was more than the limit.
    private(set) var exceeds = false

    init(_ descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// What was read, as a result holds it.
    var written: ProgramOutcome.Written { ProgramOutcome.Written(bytes, isCut: exceeds) }

    /// Reads what stands in the pipe now, and no more than the limit.
    mutating func readAll() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while isOpen, !exceeds {
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 {
                let room = limit - bytes.count
                bytes += chunk[..<min(count, room)]
                exceeds = count > room
            } else if count == 0 {
                isOpen = false
            } else if errno != EINTR {
                return
            }
        }
    }
}
