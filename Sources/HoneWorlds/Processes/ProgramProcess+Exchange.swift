import Foundation
import HoneCore
import Synchronization

/// Whether somebody has given up waiting; looked at several times a second.
final class GivenUp: Sendable {
    private let flag = Atomic(false)
    var holds: Bool { flag.load(ordering: .relaxed) }
    func mark() { flag.store(true, ordering: .relaxed) }
}

extension ProgramProcess {
    /// Sends a line and reads the one that answers it.
    ///
    /// The request gets an `id`, which the answer may repeat. Throws a `ProgramFault`, after which nothing that the program writes can be
    /// trusted (a refusal aside), or a `CancellationError`.
    mutating func ask(_ request: [String: JSONValue], limits: ProgramLimits, givenUp: GivenUp?) throws -> JSONValue {
        let operation = request["op"]?.text ?? ""
        // What stands there before the question cannot be its answer.
        try? readOutput(operation)
        if unread.contains(where: { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 }) {
            throw ProgramFault(.wrongAnswer, "“\(command)” wrote more than was asked for: \(Self.shown(unread)); each line is to be answered by one line, and what it prints besides belongs on standard error")
        }
        unread = []
        sent += 1
        var request = request
        request["id"] = .integer(sent)
        let line = try exchange(Array((JSONValue.object(request).canonical + "\n").utf8), operation, limits, givenUp)
        guard let text = String(bytes: line, encoding: .utf8) else {
            throw ProgramFault(.notJSON, "“\(command)” answered “\(operation)” with bytes that are no UTF-8: \(Self.shown(line))")
        }
        let answer: JSONValue
        do { answer = try JSONValue(parsing: text) } catch {
            throw ProgramFault(.notJSON, "“\(command)” answered “\(operation)” with what is no JSON: \(Self.shown(line)); only answers may go to its standard output")
        }
        guard case .object(let members) = answer else {
            throw ProgramFault(.notJSON, "“\(command)” answered “\(operation)” with \(answer.kind), not with a JSON object: \(Self.shown(line))")
        }
        if let id = members["id"], id != .null, id != .integer(sent) {
            throw ProgramFault(.wrongAnswer, "“\(command)” answered line \(id.canonical), but was asked line \(sent); answers go in the order of the questions")
        }
        if let error = members["error"], error != .null {
            let message = error["message"]?.text ?? error.text ?? error.canonical
            throw ProgramFault(
                .refused, "“\(command)” refused “\(operation)”: \(message.prefix(300))", illegalSeat: error["illegal"]?.int)
        }
        return answer
    }

    /// Writes all of the bytes and reads up to a line's end, both at once, and standard error beside.
    private mutating func exchange(
        _ bytes: [UInt8], _ operation: String, _ limits: ProgramLimits, _ givenUp: GivenUp?
    ) throws -> [UInt8] {
        var unsent = bytes[...]
        var searched = 0
        var deadline = ContinuousClock.now + .seconds(limits.timeout)
        var hasReader = true
        while true {
            if unsent.isEmpty {
                if let end = unread[searched...].firstIndex(of: 0x0A) {
                    let line = Array(unread[..<end])
                    unread.removeSubrange(...end)
                    return line
                }
                searched = unread.count
            }
            guard unread.count <= limits.longestLine else {
                throw ProgramFault(.endlessLine, "“\(command)” answered “\(operation)” with a line of more than \(limits.longestLine) bytes")
            }
            if givenUp?.holds == true { throw CancellationError() }
            let left = deadline - ContinuousClock.now
            guard left > .zero else {
                guard hasReader else { throw closedInput(operation) }
                throw ProgramFault(
                    .silent, "“\(command)” did not answer “\(operation)” within \(Self.spelled(limits.timeout)) s; raise the world's timeout if it needs longer\(lastWords)")
            }
            var waits = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
            if hasErrors { waits.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0)) }
            if hasReader { waits.append(pollfd(fd: input, events: unsent.isEmpty ? 0 : Int16(POLLOUT), revents: 0)) }
            let milliseconds = min(100, max(1, Int32(left / .milliseconds(1))))
            guard poll(&waits, nfds_t(waits.count), milliseconds) > 0 else { continue }
            if unsent.isEmpty, hasReader, waits.last?.revents != 0 {
                // It may have read the question before it stopped reading; it gets a moment to answer.
                hasReader = false
                deadline = min(deadline, ContinuousClock.now + .seconds(2))
            }
            readErrors()
            if !unsent.isEmpty { try send(&unsent, operation) }
            try readOutput(operation)
        }
    }

    /// Writes what the pipe takes now.
    private mutating func send(_ unsent: inout ArraySlice<UInt8>, _ operation: String) throws {
        // A pipe that nobody reads raises a signal, which must not end us, whatever the program around does about it.
        var signal = sigset_t()
        var before = sigset_t()
        sigemptyset(&signal)
        sigaddset(&signal, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signal, &before)
        let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        let code = errno
        if count < 0, code == EPIPE {
            var moment = timespec()
            sigtimedwait(&signal, nil, &moment)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        if count >= 0 {
            unsent = unsent.dropFirst(count)
        } else if code == EPIPE {
            throw closedInput(operation)
        } else if code != EAGAIN, code != EINTR {
            throw ProgramFault(.closedInput, "“\(command)” cannot be written to: \(Self.reason(code))")
        }
    }

    /// The fault of a program that reads no longer: it has ended, or has closed its standard input alone.
    private mutating func closedInput(_ operation: String) -> ProgramFault {
        let ending = ending()
        guard ending.hasPrefix("closed") else { return ProgramFault(.ended, "“\(command)” \(ending); it was to answer “\(operation)”") }
        return ProgramFault(.closedInput, "“\(command)” has closed its standard input, so “\(operation)” cannot be said to it\(lastWords)")
    }

    /// Reads what stands in the pipe now.
    private mutating func readOutput(_ operation: String) throws {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(output, &chunk, chunk.count)
        if count > 0 {
            unread += chunk[..<count]
        } else if count == 0 {
            let rest = unread.isEmpty ? "" : ", in the middle of a line: \(Self.shown(unread))"
            throw ProgramFault(.ended, "“\(command)” \(ending()); it was to answer “\(operation)”\(rest)")
        } else if errno != EAGAIN, errno != EINTR {
            throw ProgramFault(.ended, "“\(command)” cannot be read from: \(Self.reason(errno))")
        }
    }

    /// The beginning of a line as a sentence can show it.
    static func shown(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(320), as: UTF8.self)
        let line = text.prefix { !$0.isNewline }
        return line.count > 80 || bytes.count > 320 ? "“\(line.prefix(80))…”" : "“\(line)”"
    }

    private static func spelled(_ seconds: Double) -> String { JSONValue.number(seconds).canonical }
}
