/// What was spent. All counts are as the method asks for them, whether or not a cache saved the work.
public struct Cost: Hashable, Sendable {
    /// Tokens drawn by models.
    public var sampledTokens = 0
    /// Tokens shown to models, counted once per sample.
    public var promptTokens = 0
    /// Tokens that went through a training step's forward and backward pass.
    public var trainedTokens = 0
    /// Tokens scored without gradient: references, critics.
    public var scoredTokens = 0
    /// Answers drawn from models: one per sample.
    public var calls = 0
    /// Moves played in worlds.
    public var worldSteps = 0
    /// Calls of judges.
    public var judgeCalls = 0
    /// Optimiser steps.
    public var optimiserSteps = 0
    /// Episodes begun.
    public var episodes = 0
    /// Floating-point operations of models whose arithmetic is known, by `ModelArithmetic`; they are estimated, not timed.
    public var flops = 0

    /// Nothing.
    public init() {}

    /// Every count with its name in records.
    public static let counts: [(name: String, path: any WritableKeyPath<Cost, Int> & Sendable)] = [
        ("sampledTokens", \.sampledTokens), ("promptTokens", \.promptTokens), ("trainedTokens", \.trainedTokens),
        ("scoredTokens", \.scoredTokens), ("calls", \.calls), ("worldSteps", \.worldSteps), ("judgeCalls", \.judgeCalls),
        ("optimiserSteps", \.optimiserSteps), ("episodes", \.episodes), ("flops", \.flops),
    ]

    /// All tokens that models worked on.
    public var tokens: Int { sampledTokens + promptTokens + trainedTokens + scoredTokens }

    /// The sum of two costs; counts too large for an integer stay at the largest one.
    public static func + (left: Cost, right: Cost) -> Cost {
        var sum = left
        sum += right
        return sum
    }

    /// Adds a cost.
    public static func += (left: inout Cost, right: Cost) {
        for (_, path) in counts {
            let (sum, isTooLarge) = left[keyPath: path].addingReportingOverflow(right[keyPath: path])
            left[keyPath: path] = isTooLarge ? Int.max : sum
        }
    }

    /// What was spent between two readings of a meter, the earlier one on the right.
    public static func - (left: Cost, right: Cost) -> Cost {
        var difference = left
        for (_, path) in counts { difference[keyPath: path] -= right[keyPath: path] }
        return difference
    }
}

extension Cost: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    /// Counts that records of earlier versions lack; written only where there is something, so that those records, and the digests over them, stay
    /// as they are.
    private static let later: Set = ["calls", "flops"]

    /// Counts that a record of an earlier version lacks are 0.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for (name, path) in Self.counts { self[keyPath: path] = try container.decodeIfPresent(Int.self, forKey: Key(name)) ?? 0 }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, path) in Self.counts where !Self.later.contains(name) || self[keyPath: path] != 0 {
            try container.encode(self[keyPath: path], forKey: Key(name))
        }
    }
}

extension Cost {
    /// What one sampled answer costs: its context's tokens, its own, one call, and the operations of both.
    public init(answering context: Transcript, with segments: [Segment], arithmetic: ModelArithmetic?) {
        self.init()
        promptTokens = context.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
        sampledTokens = segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
        calls = 1
        flops = arithmetic?.sampling(prompt: promptTokens, drawn: sampledTokens) ?? 0
    }
}
