import Foundation
import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneJudges
import HoneModel
import HoneObjectives
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

/// A stage that plays short sums with a pico model and is paid by how short its answers are.
private func stage(
    _ name: StageName = "improve", iterations: Int = 3, model: ModelRef = "policy", objective: any Objective = GroupPolicyGradient(),
    operations: [Moment: [WeightOperation]] = [:], from source: Route.Source = .fresh, remembers: [MemoryName] = [],
    judge: any Judge = Shortness(), optimiser: OptimiserSettings = OptimiserSettings(rate: .constant(1e-3))
) throws -> Stage {
    let world = try Arithmetic(Arithmetic.Settings())
    let problems = try ProblemSplit(world: world, heldOutShare: 0.2).trainProblems(20, seed: Seed(1))
    return Stage(
        name: name, iterations: iterations, perIteration: 2, curriculum: ProblemStream(problems: problems, samples: 4), society: Solo(),
        cast: [.solver: Player(model: model, sampling: Sampling(limit: 6))], judges: [judge],
        updates: [
            Update(
                model: "policy", routes: [Route(from: source, credit: GroupRelative(kind: "shortness"), objective: objective)],
                optimiser: optimiser)
        ], operations: operations, remembers: remembers)
}

private func plan(
    _ stages: [Stage], models: [ModelName: ModelPlan] = [:], memories: [MemoryName: any Memory] = [:], mixtures: [ModelName: Mixture] = [:]
) throws -> Plan {
    Plan(
        models: models.merging(["policy": ModelPlan(.scratch(size: "pico"))]) { $1 },
        worlds: ["arithmetic": try Arithmetic(Arithmetic.Settings())], memories: memories, policies: ["direct": DirectPolicy()],
        mixtures: mixtures, stages: stages)
}

private struct Shortness: Judge {
    static let card = PartCard(name: "shortness")
    /// The problem of the iteration whose first episode gets this instead; nil spares all.
    var spoils: Double?
    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        Judgement(
            group.episodes.enumerated().map { index, episode in
                let length = episode.steps.flatMap { $0.move.segments }.compactMap(\.tokens).joined().count
                let isSpoiled = spoils != nil && index == 0 && scope.path.contains("problem 1")
                return Verdict(on: .role(index, .solver), kind: "shortness", value: isSpoiled ? spoils ?? 0 : -Double(length))
            })
    }
}

/// Keeps every group and recalls all of them.
private struct Everything: Memory {
    static let card = PartCard(name: "everything")
    var memo: [EpisodeGroup] = []
    func recall(_ query: String, limit: Int, in scope: Scope) async throws -> [MemoryItem] {
        memo.map { MemoryItem(text: $0.assignment.problem.id, group: $0) }
    }
    mutating func remember(_ groups: [EpisodeGroup], in scope: Scope) async throws { memo += groups }
}

@discardableResult
private func execute(
    _ plan: Plan, store: MemoryStore = MemoryStore(), notes: Notes = Notes(), stopAfter: Int? = nil
) async throws -> Run {
    let run = try Run(
        plan: plan, seed: Seed(7),
        surroundings: Run.Surroundings(
            store: store, factory: ModelMaker.factory(),
            observer: { event in
                if case .warning(let sentence) = event { notes.add(sentence) }
                if case .iterated(let summary) = event, summary.index + 1 == stopAfter { notes.stop() }
            }))
    notes.run = run
    _ = try await run.execute()
    return run
}

/// What a model, or a snapshot of it, thinks of a text: equal for equal weights.
private func opinion(_ run: Run, _ snapshot: String? = nil) async throws -> [Float] {
    let model = try #require(await run.liveModels["policy"])
    let context: Transcript = [.text("12+34=46", from: .prompt)]
    guard let snapshot else { return try await model.score([context], .logProbs)[0].values }
    return try await model.at(snapshot: snapshot).score([context], .logProbs)[0].values
}

private func anchored() -> GroupPolicyGradient {
    var settings = GroupPolicyGradient.Settings()
    settings.beta = 0.1
    settings.reference = ModelRef("policy", snapshot: "anchor")
    return GroupPolicyGradient(settings)
}

@Suite("References of a run", .serialized)
struct ReferencesOfRunTests {
    private let anchor = ModelRef("policy", snapshot: "anchor")

    @Test("a reference is there from the start, and stays, follows each iteration, every second one, or as a moving average")
    func references() async throws {
        let frozen = try await execute(try plan([try stage(objective: anchored())]))
        #expect(try await opinion(frozen, "anchor") == opinion(frozen, "base"))
        #expect(try await opinion(frozen) != opinion(frozen, "base"))
        let refreshed = try await execute(
            try plan([try stage(objective: anchored(), operations: [.learned: [.copy("policy", to: anchor)]])]))
        #expect(try await opinion(refreshed, "anchor") == opinion(refreshed))
        let periodic = try await execute(
            try plan([
                try stage(
                    objective: anchored(),
                    operations: [.learned: [.every(2, .copy("policy", to: anchor)), .every(2, .copy("policy", to: ModelRef("policy", snapshot: "second")))]])
            ]))
        let two = try await execute(
            try plan([try stage(iterations: 2, objective: anchored(), operations: [.learned: [.every(2, .copy("policy", to: anchor))]])]))
        #expect(try await opinion(periodic, "anchor") == opinion(two))
        #expect(try await opinion(periodic, "second") == opinion(periodic, "anchor"))
        let averaged = try await execute(
            try plan([try stage(objective: anchored(), operations: [.learned: [.blend("policy", into: anchor, keep: 0.5)]])]))
        let (live, mean, base) = (try await opinion(averaged), try await opinion(averaged, "anchor"), try await opinion(averaged, "base"))
        #expect(mean != live && mean != base)
    }

    @Test("the optimiser is carried over stages, or restarted as a stage is entered")
    func optimiser() async throws {
        let fading = OptimiserSettings(rate: .linear(from: 1e-3, to: 0, over: 8))
        func rates(_ operations: [Moment: [WeightOperation]]) async throws -> [Double] {
            let store = MemoryStore()
            try await execute(
                try plan([
                    try stage("first", iterations: 2, optimiser: fading),
                    try stage("second", iterations: 2, operations: operations, optimiser: fading),
                ]), store: store)
            return store.records.compactMap { $0.updates["rate"] }
        }
        let (carried, restarted) = (try await rates([:]), try await rates([.entered: [.reset("policy", optimiserOnly: true)]]))
        #expect(zip(carried, [1e-3, 8.75e-4, 7.5e-4, 6.25e-4]).allSatisfy { abs($0 - $1) < 1e-12 } && carried.count == 4)
        #expect(zip(restarted, [1e-3, 8.75e-4, 1e-3, 8.75e-4]).allSatisfy { abs($0 - $1) < 1e-12 } && restarted.count == 4)
    }

    @Test("an objective asks another model of the plan, and the tokens that it scores are paid for")
    func teacher() async throws {
        let store = MemoryStore()
        try await execute(
            try plan([try stage(objective: SampledDistillation())], models: ["teacher": ModelPlan(.scratch(size: "pico"))]), store: store)
        let last = try #require(store.records.last)
        #expect(last.cost.scoredTokens == last.cost.trainedTokens && last.cost.scoredTokens > 0)
        #expect(last.updates["reverseKL"] != nil && last.updates["steps"] == 1)
    }

    @Test("rows recalled from a memory keep the log-probabilities they were sampled with, and their age is reported")
    func behaviour() async throws {
        let store = MemoryStore()
        try await execute(
            try plan(
                [try stage(from: .both("all", count: 100), remembers: ["all"])], memories: ["all": Everything()]), store: store)
        let updates = store.records.filter { $0.index >= 0 }.map(\.updates)
        #expect(updates[0]["staleness"] == nil && abs((updates[0]["ratio"] ?? 0) - 1) < 1e-5)
        #expect(updates[1]["staleness"] == 0.5 && updates[2]["staleness"] == 1)
        #expect(abs((updates[2]["ratio"] ?? 1) - 1) > 1e-5)
    }

    @Test("rewards that are not finite are left out by groups and counted, or end the run", arguments: [Double.nan, .infinity])
    func rewards(_ bad: Double) async throws {
        let store = MemoryStore()
        let notes = Notes()
        let run = try await execute(try plan([try stage(judge: Shortness(spoils: bad))]), store: store, notes: notes)
        let updates = store.records.filter { $0.index >= 0 }.map(\.updates)
        #expect(updates.allSatisfy { $0["nonFiniteGroups"] == 1 && $0["rows"] == 4 && $0["steps"] == 1 }, "\(updates)")
        #expect(notes.sentences.count == 3 && notes.sentences[0].contains("“shortness”"))
        #expect(try await opinion(run).allSatisfy(\.isFinite))
        let strict = OptimiserSettings(rate: .constant(1e-3), onNonFinite: .halt)
        await #expect(throws: CoreError.self) {
            try await execute(try plan([try stage(judge: Shortness(spoils: bad), optimiser: strict)]))
        }
    }
}

@Suite("Mixtures", .serialized)
struct MixtureTests {
    @Test("are drawn by weight, by the seed, and never a part without weight")
    func draws() throws {
        let parts = Mixture.parts([.init("a", weight: 3), .init("b", weight: 0), .init("c", weight: 1)]).parts(snapshots: [])
        #expect(parts.map(\.model) == ["a", "c"])
        let drawn = (0..<4000).map { Mixture.draw(from: parts, seed: Seed(5).child("draw", $0)) }
        let share = Double(drawn.filter { $0 == "a" }.count) / 4000
        // Four deviations of a binomial share.
        #expect(abs(share - 0.75) < 4 * (0.75 * 0.25 / 4000).squareRoot())
        #expect(Mixture.draw(from: [], seed: Seed(1)) == nil)
        let grown = Mixture.snapshots(of: "policy", prefix: "iterate-")
        #expect(grown.parts(snapshots: ["base"]).map(\.model) == ["policy"])
        #expect(grown.parts(snapshots: ["base", "iterate-1", "iterate-0"]).map(\.model.snapshot) == ["iterate-0", "iterate-1"])
    }

    @Test("of the iterates so far: each episode is played by one of them, and a stopped run goes on to the same bytes")
    func iterates() async throws {
        func make() throws -> Plan {
            try plan(
                [
                    try stage(
                        iterations: 5, model: "average",
                        operations: [.learned: [.keepIterate("policy", prefix: "iterate-", limit: 3)]])
                ], mixtures: ["average": .snapshots(of: "policy", prefix: "iterate-")])
        }
        let whole = MemoryStore()
        let run = try await execute(try make(), store: whole)
        let names = await run.liveModels["policy"]?.snapshotNames
        #expect(names == ["base", "iterate-0", "iterate-1", "iterate-2"])
        for record in whole.records where record.index >= 0 {
            let players = record.groups.flatMap(\.episodes).compactMap { $0.cast[.solver]?.model }
            let known: Set<ModelRef> = record.index == 0
                ? ["policy"] : Set((0..<min(record.index, 3)).map { ModelRef("policy", snapshot: "iterate-\($0)") })
            #expect(players.count == 8 && Set(players).isSubset(of: known), "iteration \(record.index): \(Set(players))")
            if record.index >= 2 { #expect(Set(players).count > 1) }
            for episode in record.groups.flatMap(\.episodes) {
                for segment in episode.steps.flatMap(\.move.segments) {
                    if case .model(let ref, _) = segment.origin { #expect(ref == episode.cast[.solver]?.model) }
                }
            }
        }
        let parted = MemoryStore()
        try await execute(try make(), store: parted, stopAfter: 2)
        #expect(parted.records.last?.index == 1)
        try await execute(try make(), store: parted)
        #expect(try parted.reproducible() == whole.reproducible())
    }

    @Test("cannot be asked for scores, cannot be empty, and need a name of their own")
    func refusals() throws {
        let empty = try plan([try stage()], mixtures: ["policy": .parts([]), "other": .parts([.init("nobody")])])
        let faults = empty.faults().joined(separator: "\n")
        for part in ["both a model and a mixture", "no part with a weight above 0", "Mixture “other”: "] {
            #expect(faults.contains(part), "\(faults)")
        }
    }
}

/// Collects what a run warns of, and hands a stop request to it.
private final class Notes: @unchecked Sendable {
    // Safe: the sentences are under the lock, and the run is written once, before it begins.
    private let lock = NSLock()
    private var all: [String] = []
    var run: Run?
    func add(_ sentence: String) { lock.withLock { all.append(sentence) } }
    func stop() { run?.requestStop() }
    var sentences: [String] { lock.withLock { all } }
}
