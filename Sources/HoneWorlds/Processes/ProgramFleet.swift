import HoneCore
import Synchronization

/// The processes that play a world: plays are spread over them, and wait where a process keeps only one play and all are taken.
final class ProgramFleet: Sendable {
    private struct Waiting {
        var id: Int
        var continuation: CheckedContinuation<Int, any Error>
    }

    private struct Content {
        /// How many plays each slot has.
        var loads: [Int]
        var waiting: [Waiting] = []
        /// How many sessions there were.
        var sessions = 0
    }

    let command: ProgramCommand
    let rules: ProgramRules
    private let slots: [ProgramSlot]
    private let content: Mutex<Content>

    /// Starts one process, to learn the rules from it; the others are started when there are plays for them.
    init(_ command: ProgramCommand, processes: Int, limits: ProgramLimits) throws {
        self.command = command
        slots = (0..<processes).map { _ in ProgramSlot(command, limits: limits) }
        rules = try slots[0].card()
        content = Mutex(Content(loads: [Int](repeating: 0, count: processes)))
    }

    /// A new play, at the process with the fewest.
    func open() async throws -> ProgramSession {
        let id = content.withLock { content in
            content.sessions += 1
            return content.sessions
        }
        let slot = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int, any Error>) in
                content.withLock { content in
                    if Task.isCancelled {
                        continuation.resume(throwing: CancellationError())
                    } else if let slot = freeSlot(content.loads) {
                        content.loads[slot] += 1
                        continuation.resume(returning: slot)
                    } else {
                        content.waiting.append(Waiting(id: id, continuation: continuation))
                    }
                }
            }
        } onCancel: {
            content.withLock { content in
                guard let place = content.waiting.firstIndex(where: { $0.id == id }) else { return }
                content.waiting.remove(at: place).continuation.resume(throwing: CancellationError())
            }
        }
        return ProgramSession(name: rules.keepsSessions ? String(id) : nil, slot: slot)
    }

    private func freeSlot(_ loads: [Int]) -> Int? {
        guard let slot = loads.indices.min(by: { loads[$0] < loads[$1] }) else { return nil }
        return rules.keepsSessions || loads[slot] == 0 ? slot : nil
    }

    /// Where the play stands after a line.
    func ask(_ request: [String: JSONValue], in session: ProgramSession, allowsChance: Bool) async throws -> ProgramReport {
        try await slots[session.slot].ask(request, in: session, rules: rules, allowsChance: allowsChance)
    }

    /// Ends a play; the next one that waits takes its place.
    func close(_ session: ProgramSession) async {
        await slots[session.slot].close(session)
        content.withLock { content in
            if content.waiting.isEmpty {
                content.loads[session.slot] -= 1
            } else {
                content.waiting.removeFirst().continuation.resume(returning: session.slot)
            }
        }
    }
}
