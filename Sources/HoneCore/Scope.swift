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
        let live = try services.model(model)
        let completions = try await live.complete(requests)
        var cost = Cost()
        for completion in completions {
            for index in completion.samples.indices { cost += Cost(of: completion, sample: index, arithmetic: live.arithmetic) }
        }
        services.charge(cost)
        return completions
    }

    /// Scores transcripts with a model and charges what it cost.
    public func score(_ model: ModelRef, _ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        let live = try services.model(model)
        let scores = try await live.score(transcripts, quantity)
        var cost = Cost()
        for (transcript, own) in zip(transcripts, scores) {
            // Text is tokenised by the model; its scores tell the count, as they speak of all tokens but the first.
            let tokens = transcript.tokens?.count ?? (own.shape.first ?? 0) + 1
            cost.scoredTokens += tokens
            cost.flops += live.arithmetic?.scoring(tokens: tokens) ?? 0
        }
        services.charge(cost)
        return scores
    }
}
