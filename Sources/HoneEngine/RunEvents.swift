import HoneCore

/// What a run tells while it works; for people and progress lines, never recorded.
public enum RunEvent: Sendable {
    /// The run begins, or goes on after an iteration.
    case began(models: [ModelName: Int], iterations: Int, resumedAfter: Int?)
    /// Shared teaching was found in the cache.
    case foundBase(ModelName, fingerprint: String)
    /// Shared teaching begins.
    case teachingBase(ModelName, iterations: Int)
    /// An iteration of shared teaching is done.
    case taught(ModelName, IterationSummary)
    /// An iteration is done.
    case iterated(IterationSummary)
    /// Something was measured; the index is −1 before the first iteration.
    case measured(index: Int, [String: Estimate], cost: Cost)
    /// Something a person should know.
    case warning(String)
    /// All stages are done, or the run was asked to stop and has saved.
    case ended(isFinished: Bool, cost: Cost)
}

/// One iteration in a few numbers.
public struct IterationSummary: Sendable {
    /// Its number in the run, from 0.
    public var index: Int
    /// Its stage.
    public var stage: StageName
    /// Its number in the stage, from 0.
    public var indexInStage: Int
    /// How many iterations the stage has.
    public var stageIterations: Int
    /// What training saw.
    public var training: [String: Estimate]
    /// What optimisers reported.
    public var updates: [String: Double]
    /// What was spent on improving so far.
    public var cost: Cost
    /// How long it took.
    public var seconds: Double
}

/// How a run ended.
public struct RunOutcome: Sendable {
    /// Whether all stages are done; false when it was asked to stop.
    public var isFinished: Bool
    /// How many iterations the run has now.
    public var iterations: Int
    /// What was spent on improving, shared teaching included.
    public var cost: Cost
    /// What of it was shared teaching, which no budget is charged with.
    public var sharedCost: Cost
    /// What was spent on measuring.
    public var measuringCost: Cost
    /// What was measured last.
    public var measures: [String: Estimate]
    /// Whether it ended because its budget was spent.
    public var isBudgetSpent: Bool
}

/// Keeps the weights of shared teaching by fingerprint.
public protocol BaseCache: Sendable {
    /// The kept files, or nil.
    func files(for key: String) throws -> [String: [UInt8]]?
    /// Keeps files; two writers of one key keep the same bytes, so the last may win.
    func keep(_ files: [String: [UInt8]], for key: String) throws
}
