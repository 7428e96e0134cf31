import Foundation
import HoneCore
import HoneEndpoint
import HoneModel
import HoneTensor
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
    var sharedCost = Cost()
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
                if stage.iterations == 0 { try await measurePassing(stage) }
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
}

/// Versions that decide whether old bits may be used again.
public enum EngineVersion {
    /// The version people see.
    public static let release = "0.1.0"
    /// Changes whenever the same plan and seed would lead to other weights; other devices add in another order.
    public static var weights: String { Device.current == .cpu ? "4" : "4 on \(Device.current)" }
}
