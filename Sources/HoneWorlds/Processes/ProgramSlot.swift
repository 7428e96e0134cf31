import Dispatch
import HoneCore
import Synchronization

/// One play as its program knows it, with all that was said in it, so that another process of the same program can take it up.
final class ProgramSession: Sendable {
    /// What was asked, and what came back.
    struct Line: Sendable {
        var request: [String: JSONValue]
        var report: ProgramReport
    }

    /// What a session remembers.
    struct Past: Sendable {
        var lines: [Line] = []
        /// Which process of its slot knows it.
        var process: Int?
    }

    /// The name that the program knows it by; nil where it keeps only one.
    let name: String?
    /// The slot that plays it.
    let slot: Int
    let past = Mutex(Past())

    init(name: String?, slot: Int) {
        self.name = name
        self.slot = slot
    }

    /// How many moves were played.
    var length: Int { past.withLock { $0.lines.count } }
}

/// A place for one process, which is started anew where the last one was ended. Lines are said one after the other.
final class ProgramSlot: Sendable {
    /// The process that runs now, and how many there were before it.
    private struct Running: Sendable {
        var process: ProgramProcess
        var number: Int
    }

    private struct Content: Sendable {
        var running: Running?
        var started = 0
    }

    private let command: ProgramCommand
    private let limits: ProgramLimits
    private let queue = DispatchQueue(label: "hone.program")
    private let content = Mutex(Content())

    init(_ command: ProgramCommand, limits: ProgramLimits) {
        self.command = command
        self.limits = limits
    }

    deinit { content.withLock { $0.running?.process.end() } }

    /// Starts a process and asks for its card; waits for it.
    func card() throws -> ProgramRules { try content.withLock { try start(&$0, givenUp: nil) } }

    /// Asks in a session, without blocking the caller's thread. A cancelled wait ends the process, as its answer would come too late.
    func ask(_ request: [String: JSONValue], in session: ProgramSession, rules: ProgramRules, allowsChance: Bool) async throws -> ProgramReport {
        let givenUp = GivenUp()
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { (waiting: CheckedContinuation<ProgramReport, any Error>) in
                queue.async {
                    waiting.resume(
                        with: Result {
                            try self.asked(request, in: session, rules: rules, allowsChance: allowsChance, givenUp: givenUp)
                        })
                }
            }
        } onCancel: {
            givenUp.mark()
        }
    }

    /// Tells the process that a play is over, where it knows the play and keeps several.
    func close(_ session: ProgramSession) async {
        guard let name = session.name else { return }
        await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
            queue.async {
                self.content.withLock { content in
                    guard let number = content.running?.number, session.past.withLock({ $0.process }) == number else { return }
                    do {
                        _ = try content.running?.process.ask(["op": .string("close"), "session": .string(name)], limits: self.limits, givenUp: nil)
                    } catch { Self.endUnlessRefused(error, &content) }
                }
                waiting.resume()
            }
        }
    }

    private func asked(
        _ request: [String: JSONValue], in session: ProgramSession, rules: ProgramRules, allowsChance: Bool, givenUp: GivenUp
    ) throws -> ProgramReport {
        try content.withLock { content in
            do {
                if content.running == nil, try start(&content, givenUp: givenUp) != rules {
                    throw ProgramFault(.strayed, "“\(command)” gave another card when it was started again; it should depend on nothing but the command line")
                }
                let number = content.running?.number
                func ask(_ request: [String: JSONValue]) throws -> ProgramReport {
                    var request = request
                    request["session"] = session.name.map { .string($0) }
                    let answer = try content.running?.process.ask(request, limits: limits, givenUp: givenUp) ?? .null
                    return try ProgramReport(answer, rules: rules, allowsChance: allowsChance, of: command)
                }
                let past = session.past.withLock { $0 }
                if past.process != number {
                    // The process that knew this play was ended by another's fault: what was said is said again.
                    for (place, line) in past.lines.enumerated() {
                        guard try ask(line.request) == line.report else {
                            throw ProgramFault(
                                .strayed, "“\(command)” was started again and answered line \(place + 1) of a play otherwise than before; chance should be drawn from the seed alone")
                        }
                    }
                }
                let report = try ask(request)
                session.past.withLock {
                    $0.lines.append(ProgramSession.Line(request: request, report: report))
                    $0.process = number
                }
                return report
            } catch {
                Self.endUnlessRefused(error, &content)
                throw error
            }
        }
    }

    @discardableResult
    private func start(_ content: inout Content, givenUp: GivenUp?) throws -> ProgramRules {
        var process = try ProgramProcess(starting: command)
        do {
            let rules = try ProgramRules(try process.ask(["op": .string("card")], limits: limits, givenUp: givenUp), of: command)
            content.started += 1
            content.running = Running(process: process, number: content.started)
            return rules
        } catch {
            process.end(waiting: 0)
            throw error
        }
    }

    /// Ends the process after everything but a refusal, which it has understood what it refused by.
    private static func endUnlessRefused(_ error: any Error, _ content: inout Content) {
        if let fault = error as? ProgramFault, fault.kind == .refused { return }
        content.running?.process.end(waiting: 0)
        content.running = nil
    }
}
