import Foundation
import HoneCore
import HoneEndpoint
import HoneModel
import Synchronization

/// Makes a live model of a source, with these heads.
public typealias ModelFactory = @Sendable (ModelName, ModelSource, [Head], Seed) async throws -> any LiveModel

/// Opens an endpoint of these settings as a model.
public typealias EndpointFactory = @Sendable (ModelName, EndpointSettings) async throws -> any Model

/// Executes a plan: the only loop in the code base.
///
/// One iteration is: controllers `.start` → curriculum → society and searches → judges → controllers `.judged` → scores →
/// credit → updates → curriculum and memories observe, in canonical order → operations → controllers `.learned` → measures.
/// Weights change between play and play only. Stateful parts are copied out, called, and stored back.
public actor Run {
    /// What a run needs beside its plan.
    public struct Surroundings: Sendable {
        /// Where it is kept.
        public var store: any RunStore
        /// Makes its models.
        public var factory: ModelFactory
        /// Opens its endpoints.
        public var endpoints: EndpointFactory = { name, settings in try await EndpointModel.connect(settings, as: ModelRef(name)) }
        /// Keeps shared teaching; nil teaches anew.
        public var bases: (any BaseCache)?
        /// Seconds since some fixed moment; only for reports.
        public var clock: @Sendable () -> Double
        /// Is told what happens.
        public var observer: @Sendable (RunEvent) -> Void
        /// Saves after every so many iterations.
        public var checkpointEvery: Int
        /// The largest share of the time that saving may take, by the clock: where a save took a second, the next one is made after 19 more at
        /// 0.05. The end is saved in any case, and no result depends on it.
        public var savingShare: Double

        /// The surroundings of a run.
        public init(
            store: any RunStore, factory: @escaping ModelFactory, bases: (any BaseCache)? = nil,
            clock: @escaping @Sendable () -> Double = { 0 }, observer: @escaping @Sendable (RunEvent) -> Void = { _ in },
            checkpointEvery: Int = 1, savingShare: Double = 0.05
        ) {
            self.store = store
            self.factory = factory
            self.bases = bases
            self.clock = clock
            self.observer = observer
            self.checkpointEvery = max(1, checkpointEvery)
            self.savingShare = min(1, max(0.001, savingShare))
        }
    }

    var plan: Plan
    /// Where weights, and what is shared with other runs, come from.
    let seed: Seed
    /// Where what happens in this run comes from: play, learning, measuring.
    let stream: Seed
    let surroundings: Surroundings
    let meter = Meter()
    let measuringMeter = Meter()
    /// What shared teaching cost, whether it was done now or found.
    private(set) var sharedCost = Cost()
    /// When improving went on last, by the surroundings' clock.
    var beganImproving = 0.0
    /// All that the newest measuring found; nil when nothing was measured since the run was opened.
    public internal(set) var newestFindings: Findings?
    var models: [ModelName: any LiveModel] = [:]
    var endpoints: [ModelName: any Model] = [:]
    /// Servers that draw for models with weights here.
    var fleets: [ModelName: EndpointFleet] = [:]
    /// Models whose taught weights their servers have.
    var toldBases: Set<ModelName> = []
    var state = RunState()
    /// When saving is due again, by the surroundings' clock.
    var nextSave = -Double.infinity
    private let stopRequest = Mutex(false)

    /// A run of a plan that can work; refuses one that cannot, with all its faults.
    ///
    /// Runs of one seed that differ in `repetition` begin with the same weights and draw differently from there on.
    public init(plan: Plan, seed: Seed, repetition: Int = 0, surroundings: Surroundings) throws {
        let faults = plan.faults()
        if !faults.isEmpty { throw PlanError(faults) }
        self.plan = plan
        self.seed = seed
        stream = repetition == 0 ? seed : seed.child("repetition", repetition)
        self.surroundings = surroundings
    }

    /// Asks the run to save and end after the iteration it is in.
    public nonisolated func requestStop() { stopRequest.withLock { $0 = true } }

    /// The live models by name, once the run has begun.
    public var liveModels: [ModelName: any LiveModel] { models }

    /// Runs from the newest whole checkpoint, or from the beginning, to the end or until asked to stop.
    public func execute() async throws -> RunOutcome {
        try await makeModels()
        try await openActors()
        try await resume()
        beganImproving = surroundings.clock()
        while state.stage < plan.stages.count {
            if stopRequest.withLock({ $0 }) { return try await end(isFinished: false) }
            let stage = plan.stages[state.stage]
            if state.indexInStage >= stage.iterations {
                state.stage += 1
                state.indexInStage = 0
                continue
            }
            try await iterate()
            let isLast = state.stage == plan.stages.count - 1 && state.indexInStage >= plan.stages[state.stage].iterations
            let isDue = state.index % surroundings.checkpointEvery == 0 && surroundings.clock() >= nextSave
            if isLast || isDue || stopRequest.withLock({ $0 }) { try await keepCheckpoint() }
        }
        return try await end(isFinished: true)
    }

    private func end(isFinished: Bool) async throws -> RunOutcome {
        if isFinished, !state.isFinished {
            state.isFinished = true
            try await keepCheckpoint()
        } else if !isFinished, state.index > 0 {
            try await keepCheckpoint()
        }
        surroundings.observer(.ended(isFinished: isFinished, cost: meter.cost))
        return RunOutcome(
            isFinished: isFinished, iterations: state.index, cost: meter.cost, sharedCost: sharedCost,
            measuringCost: measuringMeter.cost, measures: state.measures, isBudgetSpent: state.isBudgetSpent ?? false)
    }

    /// Makes the models of the plan, in name order, and teaches those that have a base.
    func makeModels() async throws {
        for (name, settings) in plan.endpoints.sorted(by: { $0.key < $1.key }) where endpoints[name] == nil {
            endpoints[name] = try await surroundings.endpoints(name, settings)
        }
        guard models.isEmpty else { return }
        var later: [(ModelName, ModelPlan)] = []
        for (name, model) in plan.models.sorted(by: { $0.key < $1.key }) {
            let own = seed.child("model", 0).child(name.text)
            if let other = model.source.original {
                // Models over others are made when those are there, however they are named.
                guard models[other] != nil else {
                    later.append((name, model))
                    continue
                }
            }
            models[name] = try await make(name, model, own)
        }
        for (name, model) in later { models[name] = try await make(name, model, seed.child("model", 0).child(name.text)) }
        for (name, model) in models.sorted(by: { $0.key < $1.key }) {
            // References and target copies that are there from the start are what the model is at the start.
            for snapshot in plan.snapshots(of: name) where !(await model.snapshotNames).contains(snapshot) {
                try await model.snapshot(snapshot)
            }
            for other in plan.peers(of: name) { if let peer = models[other] { await model.connect(other, to: peer) } }
        }
    }

    /// A model of the plan: a copy of or adapters over one that is there, or one of its own, taught where it has a base.
    private func make(_ name: ModelName, _ model: ModelPlan, _ own: Seed) async throws -> any LiveModel {
        if let other = model.source.original {
            guard let host = models[other] as? ModelHost else {
                throw CoreError.unsupported("Model “\(name)” is made of “\(other)”, which is no transformer that is there first")
            }
            var adapters: AdapterSettings?
            if case .adapter(_, let rank) = model.source { adapters = AdapterSettings(rank: rank) }
            let copy = try await host.adapted(name, adapters, heads: plan.heads(of: name), seed: own)
            try await copy.snapshot("base")
            return copy
        }
        let live = try await surroundings.factory(name, model.source, plan.heads(of: name), own)
        if let base = model.base {
            // Taught weights are loaded into a model that has learned nothing, so that it makes no difference whether they
            // come from the cache.
            try await live.load(weights: try await taught(name, by: base, from: model.source, own))
        }
        try await live.snapshot("base")
        return live
    }

    /// The weights that a base's stages lead to, from the cache where they are known.
    private func taught(_ name: ModelName, by base: Base, from source: ModelSource, _ own: Seed) async throws -> Data {
        let identity = JSONValue.object([
            "base": base.fingerprint, "source": try JSONValue(encoding: source), "seed": .string(String(seed.value)),
            "engine": .string(EngineVersion.weights),
        ])
        let key = SHA256.hex(identity.canonical)
        if let files = try surroundings.bases?.files(for: key), let weights = files["model.safetensors"],
            let cost = files["cost.json"]
        {
            share(try JSONValue(parsing: String(decoding: cost, as: UTF8.self)).decode(Cost.self))
            surroundings.observer(.foundBase(name, fingerprint: key))
            return Data(weights)
        }
        surroundings.observer(.teachingBase(name, iterations: base.stages.reduce(0) { $0 + $1.iterations }))
        var inner = plan
        inner.stages = base.stages
        inner.models = [name: ModelPlan(source)]
        inner.endpoints = [:]
        inner.seats = [:]
        inner.actors = [:]
        inner.mixtures = [:]
        inner.budget = nil
        let observer = surroundings.observer
        var around = surroundings
        around.store = ForgetfulStore()
        around.observer = { event in if case .iterated(let summary) = event { observer(.taught(name, summary)) } }
        let pupil = try await surroundings.factory(name, source, inner.heads(of: name), own)
        around.factory = { _, _, _, _ in pupil }
        around.checkpointEvery = Int.max
        let teaching = try Run(plan: inner, seed: seed.child("base"), surroundings: around)
        let outcome = try await teaching.execute()
        share(outcome.cost)
        let weights = try await pupil.weights()
        let cost = Data(try JSONValue(encoding: outcome.cost).canonical.utf8)
        try surroundings.bases?.keep(
            ["model.safetensors": [UInt8](weights), "cost.json": [UInt8](cost)], for: key)
        return weights
    }

    /// Charges shared teaching, and remembers that it was shared.
    private func share(_ cost: Cost) {
        meter.charge(cost)
        sharedCost += cost
    }
}

extension Plan {
    /// The heads of a model: those its plan names, and those that the objectives routed to it teach, by name.
    func heads(of name: ModelName) -> [Head] {
        var heads: [HeadName: Head] = [:]
        for stage in stages {
            for update in stage.updates where update.model == name {
                for head in update.routes.flatMap(\.objective.heads) { heads[head.name] = head }
            }
        }
        for head in models[name]?.heads ?? [] { heads[head.name] = head }
        return heads.values.sorted { $0.name < $1.name }
    }
}

extension Plan {
    /// The snapshots of a model that objectives, credits, casts, mixtures and moving averages name.
    func snapshots(of name: ModelName) -> [String] {
        var refs = mixtures.values.flatMap(\.models)
        for stage in stages {
            refs += stage.cast.values.map(\.model)
            refs += stage.operations.values.joined().compactMap(\.average)
            for route in stage.updates.flatMap(\.routes) { refs += (route.objective.needs + route.credit.needs).map(\.by) }
        }
        return Set(refs.filter { $0.name == name }.compactMap(\.snapshot)).sorted()
    }

    /// The other models that objectives routed to a model ask.
    func peers(of name: ModelName) -> [ModelName] {
        let routes = stages.flatMap(\.updates).filter { $0.model == name }.flatMap(\.routes)
        return Set(routes.flatMap(\.objective.needs).map(\.by.name)).subtracting([name]).sorted()
    }
}

extension WeightOperation {
    /// The snapshot that it moves a part of the way, which must be there before.
    fileprivate var average: ModelRef? {
        switch self {
        case .blend(_, let into, _): into
        case .every(_, let operation): operation.average
        case .copy, .reset, .keepIterate, .keepInTurn: nil
        }
    }
}

extension ModelSource {
    /// The model of the plan that it is made of, if it is.
    fileprivate var original: ModelName? {
        switch self {
        case .adapter(let other, _), .copy(let other): other
        case .scratch, .folder: nil
        }
    }
}

/// Versions that decide whether old bits may be used again.
public enum EngineVersion {
    /// The version people see.
    public static let release = "0.1.0"
    /// Changes whenever the same plan and seed would lead to other weights.
    public static let weights = "4"
}

/// A store for runs that nobody will ask about: shared teaching, benchmarks, measuring once more.
public struct ForgetfulStore: RunStore {
    private let checkpoint: Checkpoint?

    /// A store that keeps nothing, and hands out the checkpoint it was given, if any.
    public init(holding checkpoint: Checkpoint? = nil) { self.checkpoint = checkpoint }
    public func append(_ record: IterationRecord) throws {}
    public func forget(after iteration: Int) throws {}
    public func keep(_ checkpoint: Checkpoint) throws {}
    public func latestCheckpoint(warning: (String) -> Void) throws -> Checkpoint? { checkpoint }
}
