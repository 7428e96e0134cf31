import HoneCore

/// One part of an update: a batch, the objective it goes into, and its share.
public struct Term: Sendable {
    /// The rows.
    public var batch: TrainingBatch
    /// What is computed on them.
    public var objective: any Objective
    /// The factor of its loss.
    public var weight: Double

    /// A term.
    public init(batch: TrainingBatch, objective: any Objective, weight: Double = 1) {
        self.batch = batch
        self.objective = objective
        self.weight = weight
    }
}

/// What one call of `update` did.
public struct UpdateReport: Hashable, Sendable, Codable {
    /// Optimiser steps taken.
    public var steps: Int
    /// Optimiser steps left out because something was not finite.
    public var skipped: Int
    /// How many of them for what: `loss`, `gradient`, or `numbers` of rows and scores.
    public var skippedFor: [String: Int]
    /// Tokens that other models scored for the objectives.
    public var scoredTokens: Int
    /// Tokens that went through forward and backward.
    public var trainedTokens: Int
    /// Floating-point operations of all this, where they are known.
    public var flops: Int
    /// Means over the steps: `loss`, `gradientNorm`, `rate`, and the objectives' metrics.
    public var values: [String: Double]

    /// A report.
    public init(
        steps: Int = 0, skipped: Int = 0, skippedFor: [String: Int] = [:], scoredTokens: Int = 0, trainedTokens: Int = 0,
        flops: Int = 0, values: [String: Double] = [:]
    ) {
        self.steps = steps
        self.skipped = skipped
        self.skippedFor = skippedFor
        self.scoredTokens = scoredTokens
        self.trainedTokens = trainedTokens
        self.flops = flops
        self.values = values
    }
}

/// A model whose weights can be learned.
public protocol TrainableModel: Model {
    /// Tokens that went through it, and through its snapshots, to draw answers since it was made; what rows have in common counts once.
    var computedTokens: Int { get async }
    /// Learns from the terms: `passes` times over the rows in mini-batches of `miniBatch` rows (0: all rows at once), each
    /// mini-batch one optimiser step on the weighted sum of the terms' losses. Before each step `goesOn` is asked with what
    /// was done so far, and the update ends where it says no.
    func update(
        _ terms: [Term], with settings: OptimiserSettings, passes: Int, miniBatch: Int, seed: Seed,
        while goesOn: @escaping @Sendable (UpdateReport) -> Bool
    ) async throws -> UpdateReport
}

extension TrainableModel {
    /// Learns from the terms without a limit.
    public func update(
        _ terms: [Term], with settings: OptimiserSettings, passes: Int, miniBatch: Int, seed: Seed
    ) async throws -> UpdateReport {
        try await update(terms, with: settings, passes: passes, miniBatch: miniBatch, seed: seed) { _ in true }
    }
}
