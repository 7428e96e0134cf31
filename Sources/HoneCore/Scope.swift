/// What was spent. All counts are as the method asks for them, whether or not a cache saved the work.
public struct Cost: Hashable, Sendable, Codable {
    /// Tokens drawn by models.
    public var sampledTokens = 0
    /// Tokens shown to models, counted once per sample.
    public var promptTokens = 0
    /// Tokens that went through a training step's forward and backward pass.
    public var trainedTokens = 0
    /// Tokens scored without gradient: references, critics.
    public var scoredTokens = 0
    /// Moves played in worlds.
    public var worldSteps = 0
    /// Calls of judges.
    public var judgeCalls = 0
    /// Optimiser steps.
    public var optimiserSteps = 0
    /// Episodes begun.
    public var episodes = 0

    /// Nothing.
    public init() {}

    /// The sum of two costs.
    public static func + (left: Cost, right: Cost) -> Cost {
        var sum = left
        sum += right
        return sum
    }

    /// Adds a cost.
    public static func += (left: inout Cost, right: Cost) {
        left.sampledTokens += right.sampledTokens
        left.promptTokens += right.promptTokens
        left.trainedTokens += right.trainedTokens
        left.scoredTokens += right.scoredTokens
        left.worldSteps += right.worldSteps
        left.judgeCalls += right.judgeCalls
        left.optimiserSteps += right.optimiserSteps
        left.episodes += right.episodes
    }
}

/// The live things of a run, as parts reach them.
public protocol Services: Sendable {
    /// A model of the plan, or one of its snapshots.
    func model(_ ref: ModelRef) throws -> any Model
    /// A world of the plan.
    func world(_ name: WorldName) throws -> any World
    /// A memory of the plan, as it was at the start of the iteration.
    func memory(_ name: MemoryName) throws -> any Memory
    /// A policy of the plan.
    func policy(_ name: PolicyName) throws -> any Policy
    /// A search method of the plan.
    func search(_ name: SearchName) throws -> any SearchMethod
    /// Plays all samples of an assignment at once and files them in sample order.
    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup
    /// Charges the run's meter.
    func charge(_ cost: Cost)
}

/// The one way from a part to live things: every draw, charge and child episode is filed under its path.
public struct Scope: Sendable {
    /// The live things.
    public let services: any Services
    /// The random stream of this path.
    public let seed: Seed
    /// The path, for people: `improve/3/p17/sample 2`.
    public let path: String

    /// A scope.
    public init(services: any Services, seed: Seed, path: String = "") {
        self.services = services
        self.seed = seed
        self.path = path
    }

    /// The scope of a part of the work.
    public func child(_ label: String, _ index: Int? = nil) -> Scope {
        let name = index.map { "\(label) \($0)" } ?? label
        return Scope(
            services: services, seed: seed.child(label, index ?? 0), path: path.isEmpty ? name : "\(path)/\(name)")
    }

    /// Completes with a model and charges what it cost.
    public func complete(_ model: ModelRef, _ requests: [Completion.Request]) async throws -> [Completion] {
        let completions = try await services.model(model).complete(requests)
        var cost = Cost()
        for completion in completions {
            let prompt = completion.context.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
            for sample in completion.samples {
                cost.promptTokens += prompt
                cost.sampledTokens += sample.segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
            }
        }
        services.charge(cost)
        return completions
    }

    /// Scores transcripts with a model and charges what it cost.
    public func score(_ model: ModelRef, _ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        let scores = try await services.model(model).score(transcripts, quantity)
        var cost = Cost()
        cost.scoredTokens = transcripts.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
        services.charge(cost)
        return scores
    }
}
