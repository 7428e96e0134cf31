import Synchronization

/// Lets so many requests be answered at once; a bounded number wait in the order in which they came, the rest are refused.
final class Admission: Sendable {
    private struct State {
        var free: Int
        var nextTicket = 0
        var queue: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        /// Tickets cancelled before they stood in the queue.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>
    private let running: Int
    private let waiting: Int
    private let retryAfterSeconds: Int

    init(_ limits: ServerLimits) {
        running = limits.running
        waiting = limits.waiting
        retryAfterSeconds = limits.retryAfterSeconds
        state = Mutex(State(free: limits.running))
    }

    /// How many requests are being answered and how many wait.
    var counts: (running: Int, waiting: Int) { state.withLock { (running - $0.free, $0.queue.count) } }

    /// Runs the work when its turn has come; throws the refusal 429 at once when the queue is full.
    func run<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        try Task.checkCancellation()
        return try await work()
    }

    private func enter() async throws {
        let ticket = state.withLock { state -> Int in
            state.nextTicket += 1
            return state.nextTicket
        }
        // A cancellation that came when the request no longer waited leaves its ticket behind.
        defer { state.withLock { _ = $0.cancelled.remove(ticket) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                enum Outcome { case enters, waits, isRefused, isCancelled }
                let outcome = state.withLock { state -> Outcome in
                    if state.cancelled.remove(ticket) != nil { return .isCancelled }
                    if state.free > 0 {
                        state.free -= 1
                        return .enters
                    }
                    guard state.queue.count < waiting else { return .isRefused }
                    state.queue.append((ticket, continuation))
                    return .waits
                }
                switch outcome {
                case .enters: continuation.resume()
                case .waits: break
                case .isCancelled: continuation.resume(throwing: CancellationError())
                case .isRefused:
                    continuation.resume(
                        throwing: ServerRefusal(
                            429, "All \(running) places are taken and \(waiting) requests wait already; ask again later",
                            type: "rate_limit_error", code: "overloaded", retryAfterSeconds: retryAfterSeconds))
                }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                if let place = state.queue.firstIndex(where: { $0.ticket == ticket }) { return state.queue.remove(at: place).continuation }
                state.cancelled.insert(ticket)
                return nil
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.queue.isEmpty else {
                state.free += 1
                return nil
            }
            return state.queue.removeFirst().continuation
        }
        next?.resume()
    }
}
