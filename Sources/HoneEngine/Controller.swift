import HoneCore
import HoneModel

/// What an iteration has produced so far, as controllers see it.
public struct IterationReport: Sendable {
    /// The iteration's number in its stage.
    public var index: Int
    /// What was played and judged.
    public var groups: [EpisodeGroup]
    /// What optimisers reported.
    public var updates: [String: Double]
    /// What was measured last.
    public var measures: [String: Estimate]

    /// A report.
    public init(
        index: Int, groups: [EpisodeGroup] = [], updates: [String: Double] = [:], measures: [String: Estimate] = [:]
    ) {
        self.index = index
        self.groups = groups
        self.updates = updates
        self.measures = measures
    }
}

/// What a controller wants done, as data, so that it can be recorded.
public struct Decision: Hashable, Sendable, Codable {
    /// What comes next.
    public enum Next: Hashable, Sendable, Codable {
        /// Go on.
        case proceed
        /// Play that many more assignments before learning.
        case playMore(Int)
        /// Learn nothing this iteration.
        case skipLearning
        /// End the stage after this iteration.
        case finishStage
        /// Go on with another stage.
        case enter(StageName)
        /// End the run.
        case stop
    }

    /// What is done to weights.
    public var operations: [WeightOperation]
    /// What comes next.
    public var next: Next
    /// Why, in words.
    public var reason: String

    /// A decision.
    public init(operations: [WeightOperation] = [], next: Next = .proceed, reason: String = "") {
        self.operations = operations
        self.next = next
        self.reason = reason
    }
}

/// Steers a stage at its three moments: sweeps, filters, switches, stops.
public protocol Controller: Stateful {
    /// The decision at a moment; may change the stage from then on: at the start also who plays this iteration, and how.
    mutating func decide(
        at moment: Moment, changing stage: inout Stage, given report: IterationReport, in scope: Scope
    ) async throws -> Decision
}
