import HoneCore
import Synchronization

/// Counts what a run spends, where it is spent.
public final class Meter: Sendable {
    private let total: Mutex<Cost>

    /// A meter that begins at a cost.
    public init(_ start: Cost = Cost()) { total = Mutex(start) }

    /// Adds a cost.
    public func charge(_ cost: Cost) { total.withLock { $0 += cost } }

    /// What was spent so far.
    public var cost: Cost { total.withLock { $0 } }

    /// Sets the count, when a run is resumed.
    public func restore(_ cost: Cost) { total.withLock { $0 = cost } }
}
