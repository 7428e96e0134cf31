import Synchronization

/// Asks whatever is running now to stop, and what begins later not to begin.
public final class StopRequest: Sendable {
    private struct State {
        var isMade = false
        var forward: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// A request that is not made yet.
    public init() {}

    /// Whether it was made.
    public var isMade: Bool { state.withLock { $0.isMade } }

    /// Makes it.
    public func make() {
        let forward = state.withLock { state in
            state.isMade = true
            return state.forward
        }
        forward?()
    }

    /// What is to be told when it is made; told at once when it was made before.
    func forward(_ body: @escaping @Sendable () -> Void) {
        let isMade = state.withLock { state in
            state.forward = body
            return state.isMade
        }
        if isMade { body() }
    }
}
