import HoneCore

/// A world that makes its own problems.
public protocol ProblemWorld: World {
    /// Its name in a plan.
    var name: WorldName { get }
    /// The problem of an index: the same index and seed give the same problem. nil when the supply has ended.
    func problem(_ index: Int, seed: Seed) -> Problem?
}
