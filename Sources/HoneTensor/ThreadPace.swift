/// Chooses between one thread and all of them by what was faster lately.
///
/// Where other programs keep the cores busy, a team of threads waits in every operation for the one that has lost its core,
/// and one thread alone is faster, sometimes by a factor of ten. Which way is taken changes the speed only.
public struct ThreadPace: Sendable {
    /// The ways: one thread, or all.
    public enum Way: Sendable, Hashable { case alone, together }

    /// Seconds per unit of work of each way, lately; nil before its first turn.
    private var alone: Double?
    private var together: Double?
    /// The best that all threads ever did.
    private var best = Double.infinity
    /// What is taken when nothing is tried.
    public private(set) var usual: Way = .together
    private var turns = 0
    private var lastTrial = 0

    /// Turns of the other way's first trial; between trials when all is as it was; and at least, when it is not.
    private static let (first, calm, least) = (4, 128, 8)
    /// By how much all threads must have become slower than their best before one alone is tried out of turn.
    private static let suspicion = 1.3
    /// Turns between trials of all threads while one alone is usual.
    private static let hope = 16

    /// A choice that has seen nothing.
    public init() {}

    /// The way of the next turn.
    public mutating func choose() -> Way {
        turns += 1
        let wait = turns - lastTrial
        let isDue =
            switch usual {
            case .alone: wait >= Self.hope
            case .together:
                alone == nil ? turns >= Self.first : wait >= Self.calm || (wait >= Self.least && (together ?? 0) > Self.suspicion * best)
            }
        guard isDue else { return usual }
        lastTrial = turns
        return usual == .alone ? .together : .alone
    }

    /// Notes how long a turn took, in seconds, for so much work, in whatever unit is proportional to its time.
    public mutating func record(_ way: Way, seconds: Double, work: Double) {
        guard work > 0, seconds > 0 else { return }
        let pace = seconds / work
        func mixed(_ old: Double?, _ isUsual: Bool) -> Double { isUsual ? old.map { $0 + (pace - $0) / 4 } ?? pace : pace }
        switch way {
        case .alone: alone = mixed(alone, usual == .alone)
        case .together:
            together = mixed(together, usual == .together)
            best = min(best, pace)
        }
        guard let alone, let together else { return }
        usual = alone < together ? .alone : .together
    }
}
