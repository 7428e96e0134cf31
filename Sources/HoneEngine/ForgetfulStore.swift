import HoneCore

/// A store for runs that nobody will ask about: shared teaching, benchmarks, measuring once more.
public struct ForgetfulStore: RunStore {
    private let checkpoint: Checkpoint?

    /// A store that keeps nothing, and hands out the checkpoint it was given, if any.
    public init(holding checkpoint: Checkpoint? = nil) { self.checkpoint = checkpoint }
    public func append(_ record: IterationRecord) throws {}
    public func forget(after iteration: Int) throws {}
    public func keep(_ checkpoint: Checkpoint) throws {}
    public func latestCheckpoint(warning: (String) -> Void) throws -> Checkpoint? { checkpoint }
}
