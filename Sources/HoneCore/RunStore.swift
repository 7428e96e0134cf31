import Foundation

/// A measure taken at some moment of a run.
public struct MeasureRecord: Hashable, Sendable, Codable {
    /// What was measured: `held-out pass@1`.
    public var name: String
    /// The number.
    public var estimate: Estimate
    /// What had been spent on improving by then.
    public var cost: Cost

    /// A record.
    public init(name: String, estimate: Estimate, cost: Cost) {
        self.name = name
        self.estimate = estimate
        self.cost = cost
    }
}

/// Tokens that models here really worked on to draw answers, where `Cost` counts what was asked for.
///
/// What several rows have in common is worked on once. Who shares with whom depends on what comes in together, so the counts may differ by a little between two runs of one
/// seed, as seconds do, and are no part of a digest. Models elsewhere are not counted.
public struct ComputedTokens: Hashable, Sendable, Codable {
    /// On improving.
    public var improving: Int
    /// On measuring.
    public var measuring: Int

    /// Counts.
    public init(improving: Int = 0, measuring: Int = 0) {
        self.improving = improving
        self.measuring = measuring
    }
}

/// Everything one iteration leaves behind.
public struct IterationRecord: Sendable, Codable {
    /// The iteration's number in the run, counted over all stages from 0; the record before the first is −1.
    public var index: Int
    /// The stage.
    public var stage: StageName
    /// The iteration's number in its stage, from 0.
    public var indexInStage: Int
    /// What was played, judged and learned from.
    public var groups: [EpisodeGroup]
    /// What the optimiser reported, by name: `loss`, `gradientNorm`, `rate`.
    public var updates: [String: Double]
    /// What training saw of its own episodes: `reward`, `length`.
    public var training: [String: Estimate]
    /// What was measured on held-out problems; left out of the run's digest, as measuring must not change a run.
    public var measures: [MeasureRecord]
    /// A few held-out problems as they were answered when measured, the same problems and seeds each time; nil when nothing
    /// was measured. Left out of the run's digest, as `measures` are.
    public var answers: [EpisodeGroup]?
    /// What the iteration spent on improving, without measuring.
    public var cost: Cost
    /// What controllers decided, in words.
    public var decisions: [String]
    /// Wall-clock seconds; never part of a digest.
    public var seconds: Double
    /// Tokens that models here really worked on to draw answers; nil where nobody counted, never part of a digest.
    public var computedTokens: ComputedTokens?

    /// A record.
    public init(
        index: Int, stage: StageName, indexInStage: Int, groups: [EpisodeGroup] = [], updates: [String: Double] = [:],
        training: [String: Estimate] = [:], measures: [MeasureRecord] = [], answers: [EpisodeGroup]? = nil, cost: Cost = Cost(),
        decisions: [String] = [], seconds: Double = 0
    ) {
        self.index = index
        self.stage = stage
        self.indexInStage = indexInStage
        self.groups = groups
        self.updates = updates
        self.training = training
        self.measures = measures
        self.answers = answers
        self.cost = cost
        self.decisions = decisions
        self.seconds = seconds
    }
}

/// A state from which a run can go on: named files whose bytes are all that survives a kill.
public struct Checkpoint: Sendable {
    /// The number of the last finished iteration.
    public var iteration: Int
    /// The files by name, for instance `model-policy.safetensors` and `state.json`.
    public var files: [String: Data]

    /// A checkpoint.
    public init(iteration: Int, files: [String: Data]) {
        self.iteration = iteration
        self.files = files
    }
}

/// Where a run is kept.
///
/// A record is written whole or not at all. A checkpoint is found again only when every byte of it is as it was written.
public protocol RunStore: Sendable {
    /// Appends an iteration; one with the same index is replaced.
    func append(_ record: IterationRecord) throws
    /// Forgets the iterations after this one: they are played again.
    func forget(after iteration: Int) throws
    /// Keeps a checkpoint, and drops old ones that are not needed for going back.
    func keep(_ checkpoint: Checkpoint) throws
    /// The newest checkpoint that is whole, or nil; damaged ones are reported through `warning`.
    func latestCheckpoint(warning: (String) -> Void) throws -> Checkpoint?
}
