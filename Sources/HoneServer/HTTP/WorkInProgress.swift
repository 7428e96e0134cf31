import Synchronization

/// The requests that are being answered, and why one of them was ended before its time.
final class WorkInProgress: Sendable {
    /// Why a request was cancelled.
    enum Reason: Sendable { case clientLeft, overtime, stopping }

    private struct Entry {
        var cancel: (@Sendable () -> Void)?
        var reason: Reason?
    }

    private struct State {
        var next = 0
        var entries: [Int: Entry] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())

    /// Whether new requests are refused.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// How many requests are in progress.
    var count: Int { state.withLock { $0.entries.count } }

    /// Refuses new requests from now on.
    func refuseNew() { state.withLock { $0.isStopping = true } }

    /// A request begins.
    func begin() -> Int {
        state.withLock { state in
            state.next += 1
            state.entries[state.next] = Entry()
            return state.next
        }
    }

    /// How the request can be cancelled; done at once where it already was.
    func setCancel(_ id: Int, _ cancel: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state -> Bool in
            state.entries[id]?.cancel = cancel
            return state.entries[id]?.reason != nil
        }
        if isCancelled { cancel() }
    }

    /// Ends a request; the first reason stays.
    func cancel(_ id: Int, _ reason: Reason) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.entries[id] != nil, state.entries[id]?.reason == nil else { return nil }
            state.entries[id]?.reason = reason
            return state.entries[id]?.cancel
        }
        cancel?()
    }

    /// Ends all requests because the server stops.
    func cancelAll() {
        for id in state.withLock({ $0.entries.keys.sorted() }) { cancel(id, .stopping) }
    }

    /// Why a request was ended, when it was.
    func reason(_ id: Int) -> Reason? { state.withLock { $0.entries[id]?.reason } }

    func end(_ id: Int) { state.withLock { _ = $0.entries.removeValue(forKey: id) } }
}
