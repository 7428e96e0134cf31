import Foundation
import HoneCore
import HoneEngine
import HoneRecipes
import HoneStore

/// Runs one cell in a folder of its own, or goes on where an earlier process left it.
///
/// The folder holds `cell.json`, the run in `run/`, and in the end `result.json`, which is written whole or not at all.
public struct CellRunner: Sendable {
    /// What it takes from the program around it.
    public struct Surroundings: Sendable {
        /// Makes models.
        public var factory: ModelFactory
        /// Keeps shared teaching.
        public var bases: (any BaseCache)?
        /// Seconds since some fixed moment.
        public var clock: @Sendable () -> Double
        /// Versions, machine and date for the run's manifest.
        public var manifest: @Sendable (_ recipe: String, _ settings: JSONValue, _ seed: UInt64) -> RunManifest
        /// Is told what happens.
        public var observer: @Sendable (RunEvent) -> Void

        /// Surroundings.
        public init(
            factory: @escaping ModelFactory, bases: (any BaseCache)?, clock: @escaping @Sendable () -> Double,
            manifest: @escaping @Sendable (String, JSONValue, UInt64) -> RunManifest,
            observer: @escaping @Sendable (RunEvent) -> Void = { _ in }
        ) {
            self.factory = factory
            self.bases = bases
            self.clock = clock
            self.manifest = manifest
            self.observer = observer
        }
    }

    /// The cell.
    public let cell: Cell
    /// Its folder.
    public let folder: String
    private let surroundings: Surroundings

    /// A runner of a cell in a folder.
    public init(_ cell: Cell, folder: String, surroundings: Surroundings) {
        self.cell = cell
        self.folder = folder
        self.surroundings = surroundings
    }

    /// The result that is there already, or nil; one that was changed or damaged does not count.
    public static func finished(in folder: String) -> CellResult? { SealedFile(folder + "/result.json").read(CellResult.self) }

    /// What a finished cell took; nil where that is not known.
    public static func effort(in folder: String) -> CellEffort? { SealedFile(folder + "/time.json").read(CellEffort.self) }

    /// Runs to the end; nil when it was asked to stop before, having saved.
    public func result(stopping: StopRequest = StopRequest()) async throws -> CellResult? {
        if let known = Self.finished(in: folder) { return known }
        try SealedFile.makeFolder(folder)
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        if let known = Self.finished(in: folder) { return known }
        let began = surroundings.clock()
        let result: CellResult?
        var effort = CellEffort()
        switch cell.subject {
        case .recipe(let recipe, let settings): result = try await run(recipe, settings, stopping)
        case .checkpoint(let path, _, let recipe, let settings): result = try await measure(path, recipe, settings)
        }
        guard let result else { return nil }
        if case .recipe = cell.subject { effort.computedTokens = try computedTokens() }
        effort.seconds = surroundings.clock() - began
        try SealedFile(folder + "/time.json").write(effort)
        try SealedFile(folder + "/result.json").write(result)
        return result
    }

    /// The lock of the folder; a process that somebody killed the parent of needs a moment to save and leave.
    private func lock() async throws -> RunLock {
        for _ in 0..<100 {
            if let lock = try? RunLock(folder: folder) { return lock }
            try await Task.sleep(for: .milliseconds(200))
        }
        return try RunLock(folder: folder)
    }

    private func run(_ recipe: String, _ settings: JSONValue, _ stopping: StopRequest) async throws -> CellResult? {
        let path = folder + "/run"
        let own = FileManager.default.fileExists(atPath: path + "/run.json")
            ? try RunFolder.open(at: path) : try RunFolder.create(at: path, surroundings.manifest(recipe, settings, cell.seed))
        let store = try SQLiteRunStore(own, for: .writing)
        let seed = Seed(cell.seed)
        var plan = try RecipeCatalog.restore(recipe, settings: settings).plan(seed).placed(in: path)
        plan.budget = cell.improving
        let run = try Run(plan: plan, seed: seed, repetition: cell.repetition ?? 0, surroundings: around(store))
        stopping.forward { run.requestStop() }
        let outcome = try await run.execute()
        guard outcome.isFinished else { return nil }
        // What spent its budget before it came to a stage that is measured has nothing to show.
        let isUnmeasured = outcome.isBudgetSpent && outcome.measures.isEmpty
        var findings = Findings()
        if let newest = await run.newestFindings { findings = newest } else if !isUnmeasured { findings = try await run.measureNow() }
        let votes = votes(findings)
        if votes > 1, findings.estimates["majority@\(votes)"] == nil {
            findings = findings.merging(try await again(recipe, settings, votes: votes, from: store, seed))
        }
        let curve = try store.iterations().compactMap { record -> (Int, CellResult.Point)? in
            guard let cost = record.measures.first?.cost else { return nil }
            let estimates = Dictionary(record.measures.map { ($0.name, $0.estimate) }) { _, last in last }
            return (record.index, CellResult.Point(cost: cost - outcome.sharedCost, estimates: estimates))
        }
        // A claim has dozens of cells: of each the weights at the end are enough.
        store.keepNewestCheckpointAlone()
        return CellResult(
            findings: Self.answering(findings, votes), votes: votes, cost: outcome.cost - outcome.sharedCost, shared: outcome.sharedCost,
            iterations: outcome.iterations, isBudgetSpent: outcome.isBudgetSpent, curve: curve.sorted { $0.0 < $1.0 }.map(\.1))
    }

    /// Tokens that the finished run worked on to draw answers while improving.
    private func computedTokens() throws -> Int? {
        let counts = try SQLiteRunStore(try RunFolder.open(at: folder + "/run")).iterations().map { $0.computedTokens?.improving }
        return counts.contains(nil) ? nil : counts.reduce(0) { $0 + ($1 ?? 0) }
    }

    private func measure(_ path: String, _ recipe: String, _ settings: JSONValue) async throws -> CellResult {
        let store = try SQLiteRunStore(try RunFolder.open(at: path))
        let seed = Seed(cell.seed)
        var findings = try await again(recipe, settings, votes: nil, from: store, seed)
        let votes = votes(findings)
        if votes > 1, findings.estimates["majority@\(votes)"] == nil {
            findings = findings.merging(try await again(recipe, settings, votes: votes, from: store, seed))
        }
        let spent = try store.iterations().reduce(Cost()) { $0 + $1.cost }
        return CellResult(
            findings: Self.answering(findings, votes), votes: votes, cost: spent, shared: Cost(), iterations: 0, isBudgetSpent: false, curve: [])
    }

    /// Measures the newest checkpoint of a store, with another count of samples where one is given.
    private func again(_ recipe: String, _ settings: JSONValue, votes: Int?, from store: any RunStore, _ seed: Seed) async throws -> Findings {
        guard let checkpoint = try store.latestCheckpoint(warning: { surroundings.observer(.warning($0)) }) else {
            throw CoreError.invalid("The run in \(folder) has no checkpoint to measure; delete the folder to run it again")
        }
        var changed = settings
        if let votes { changed = settings.setting(["evaluation", "samples"], to: .integer(votes)) }
        changed = changed.setting(["evaluation", "every"], to: .integer(1))
        var plan = try RecipeCatalog.restore(recipe, settings: changed).plan(seed).placed(in: folder + "/run")
        // The checkpoint has all weights: nothing is taught again for measuring.
        plan.models = plan.models.mapValues { ModelPlan($0.source, heads: $0.heads) }
        plan.stages = plan.stages.suffix(1)
        let run = try Run(
            plan: plan, seed: seed, repetition: cell.repetition ?? 0, surroundings: around(ForgetfulStore(holding: checkpoint)))
        return try await run.measureNow()
    }

    /// How many samples vote on an answer within the budget of answering.
    private func votes(_ findings: Findings) -> Int {
        guard let budget = cell.answering else { return 1 }
        if budget.unit == .calls { return max(1, min(Cell.mostVotes, Int(budget.limit))) }
        guard let one = findings.answering["pass@1"], one.answers > 0 else { return 1 }
        let cost = Budget.amount(budget.unit, of: one.cost) / Double(one.answers)
        return cost > 0 ? max(1, min(Cell.mostVotes, Int(budget.limit / cost))) : 1
    }

    /// The findings with the measure that all cells have.
    private static func answering(_ findings: Findings, _ votes: Int) -> Findings {
        var named = findings
        let source = votes > 1 ? "majority@\(votes)" : "pass@1"
        named.estimates[CellResult.answer] = findings.estimates[source]
        named.values[CellResult.answer] = findings.values[source]
        named.answering[CellResult.answer] = findings.answering[source]
        return named
    }

    private func around(_ store: any RunStore) -> Run.Surroundings {
        Run.Surroundings(
            store: store, factory: surroundings.factory, bases: surroundings.bases, clock: surroundings.clock,
            observer: surroundings.observer)
    }
}
