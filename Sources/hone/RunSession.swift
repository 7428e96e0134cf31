import Foundation
import HoneCore
import HoneEngine
import HoneModel
import HoneRecipes
import HoneStore
import HoneTensor

/// A run as the command line conducts it: folder, lock, records, display, signals.
struct RunSession {
    let folder: RunFolder
    let recipe: RecipeCatalog.Resolved
    let terminal: Terminal
    var threads = 0
    var checkpointEvery: Int?
    /// What the main measure should be at the start and after each iteration, where that is known.
    var expected: [Double] = []

    /// A clock for display and records of duration.
    static let clock: @Sendable () -> Double = {
        let origin = ContinuousClock.now
        return {
            let passed = origin.duration(to: ContinuousClock.now)
            return Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
        }
    }()

    /// What a new run writes down about its surroundings.
    static func manifest(recipe: String, settings: JSONValue, seed: UInt64) -> RunManifest {
        RunManifest(
            recipe: recipe, settings: settings, seed: seed,
            versions: ["hone": EngineVersion.release, "libtorch": TensorRuntime.version],
            machine: Machine.facts, created: ISO8601DateFormatter().string(from: Date()))
    }

    /// Runs or resumes to the end, or until SIGINT or SIGTERM; a second signal ends at once.
    func execute(extra: @escaping @Sendable (RunEvent) -> Void = { _ in }) async throws -> RunOutcome {
        let lock = try RunLock(folder: folder.path)
        defer { withExtendedLifetime(lock) {} }
        let display = ProgressDisplay(terminal: terminal, expected: expected, clock: Self.clock)
        let store = try SQLiteRunStore(folder, for: .writing)
        defer { store.close() }
        let surroundings = Run.Surroundings(
            store: store, factory: ModelMaker.factory(threads: threads),
            bases: CachedBases(BaseFolder(path: Self.cachePath)), clock: Self.clock,
            observer: { event in
                display.show(event)
                extra(event)
            }, checkpointEvery: checkpointEvery ?? 1, savingShare: checkpointEvery == nil ? 0.05 : 1)
        let seed = Seed(folder.manifest.seed)
        let plan = try recipe.plan(seed).placed(in: folder.path)
        let run = try Run(plan: plan, seed: seed, surroundings: surroundings)
        let signals = Signals { count in
            if count > 1 { leave(status: 130) }
            terminal.say("Stopping", "after this iteration; press again to end at once", .yellow)
            run.requestStop()
        }
        defer { signals.stop() }
        return try await run.execute()
    }

    /// Where shared teaching is kept: `HONE_CACHE`, or the user's cache folder.
    static var cachePath: String {
        let environment = ProcessInfo.processInfo.environment
        if let own = environment["HONE_CACHE"], !own.isEmpty { return own }
        if let base = environment["XDG_CACHE_HOME"], !base.isEmpty { return base + "/hone" }
        return (environment["HOME"] ?? NSTemporaryDirectory()) + "/.cache/hone"
    }
}

/// The cache of shared teaching as the engine asks for it; a folder that cannot be written costs time, not the run.
struct CachedBases: BaseCache {
    private let folder: BaseFolder
    init(_ folder: BaseFolder) { self.folder = folder }
    func files(for key: String) throws -> [String: [UInt8]]? { try folder.files(for: key) }
    func keep(_ files: [String: [UInt8]], for key: String) throws { try? folder.keep(files, for: key) }
}

/// Turns SIGINT and SIGTERM into calls.
struct Signals {
    private let sources: [any DispatchSourceSignal]

    init(_ handler: @escaping @Sendable (Int) -> Void) {
        let queue = DispatchQueue(label: "hone.signals")
        let counter = Counter()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handler(counter.next()) }
            source.resume()
            return source
        }
    }

    func stop() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
