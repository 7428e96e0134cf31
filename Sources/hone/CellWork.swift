import ArgumentParser
import Foundation
import HoneComparison
import HoneCore
import HoneEngine
import HoneStore
import HoneTensor

/// How cells are run, for all commands that compare.
struct CellOptions: ParsableArguments {
    @Option(name: .long, help: "How many cells run at once; 0 takes one per core. No result depends on it.") var jobs = 0

    func validate() throws {
        guard jobs >= 0 else { throw ValidationError("--jobs is \(jobs); give 0 (one per core) or more") }
    }
}

/// Runs the cells of comparisons: in this process one after the other, or in processes of their own side by side.
struct CellWork {
    private let terminal: Terminal
    private let jobs: Int
    private let stopping = StopRequest()

    init(_ options: CellOptions, terminal: Terminal) {
        self.terminal = terminal
        jobs = options.jobs == 0 ? Machine.cores : options.jobs
    }

    /// Does work with a folder that nobody else uses meanwhile; a signal lets what runs save, a second one ends at once.
    func conduct<Result>(in folder: String, _ body: () async throws -> Result) async throws -> Result {
        try SealedFile.makeFolder(folder)
        let lock = try RunLock(folder: folder)
        defer { withExtendedLifetime(lock) {} }
        let signals = Signals { [terminal, stopping] count in
            if count > 1 { leave(status: 130) }
            terminal.say("Stopping", "after what is being done; press again to end at once", .yellow)
            stopping.make()
        }
        defer { signals.stop() }
        return try await body()
    }

    /// A pool whose cells are kept in a folder.
    func pool(in folder: String) -> CellPool {
        let (terminal, jobs, stopping) = (terminal, jobs, stopping)
        return CellPool(folder: folder + "/cells", jobs: jobs, stopping: stopping) { cell, path, label in
            if let known = CellRunner.finished(in: path) { return known }
            terminal.say("Running", label, .cyan)
            let result = jobs == 1
                ? try await Self.runner(cell, path, threads: 0, observer: { _ in }).result(stopping: stopping)
                : try await Self.child(cell, path, label: label, threads: max(1, Machine.cores / jobs), stopping)
            if let result, let answer = result.findings.estimates[CellResult.answer] {
                let seconds = (CellRunner.effort(in: path)?.seconds).map { String(format: ", %.0f s", $0) } ?? ""
                terminal.say("Finished", "\(label): \(ProgressDisplay.percent(answer))\(seconds)", .green)
            }
            return result
        }
    }

    /// The runner of a cell in this process.
    static func runner(_ cell: Cell, _ path: String, threads: Int, observer: @escaping @Sendable (RunEvent) -> Void) -> CellRunner {
        CellRunner(
            cell, folder: path,
            surroundings: CellRunner.Surroundings(
                factory: ModelMaker.factory(threads: threads), bases: CachedBases(BaseFolder(path: RunSession.cachePath)),
                clock: RunSession.clock, manifest: { RunSession.manifest(recipe: $0, settings: $1, seed: $2) }, observer: observer))
    }

    /// A process that runs a cell; its standard input stays open as long as this process lives and wants it to go on.
    private static func child(_ cell: Cell, _ path: String, label: String, threads: Int, _ stopping: StopRequest) async throws -> CellResult? {
        try SealedFile.makeFolder(path)
        try SealedFile(path + "/cell.json").write(cell)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["cell", path, "--threads", String(threads), "--device", Device.current.description]
        let (input, errors) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let watch = Task {
            while !stopping.isMade { try await Task.sleep(for: .milliseconds(200)) }
            try input.fileHandleForWriting.close()
        }
        let handle = errors.fileHandleForReading
        let said = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)) }
        }
        process.waitUntilExit()
        watch.cancel()
        _ = try? await watch.value
        guard process.terminationReason == .exit else {
            throw StoreError("The process of “\(label)” was ended by signal \(process.terminationStatus); what it had saved is in \(path). Run the command again to go on")
        }
        switch process.terminationStatus {
        case 0: return CellRunner.finished(in: path)
        case Exit.interrupted.rawValue: return nil
        default:
            let sentence = said.split(separator: "\n").map { $0.replacingOccurrences(of: "error: ", with: "") }.joined(separator: " ")
            throw CoreError.invalid("“\(label)” failed: \(sentence.isEmpty ? "exit status \(process.terminationStatus)" : sentence)")
        }
    }
}

/// `hone cell <folder>`: one cell of a comparison, for `hone compare` and `hone claim` themselves.
struct CellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cell", abstract: "Run one cell of a comparison; `hone compare` starts these itself.", shouldDisplay: false)

    @Argument(help: "The cell's folder, with cell.json.") var folder: String
    @Option(name: .long, help: "Threads; 0 takes one per core.") var threads = 0
    @OptionGroup var device: DeviceOptions

    func run() async throws {
        try await OutputOptions.reportingPlainly {
            try await device.use()
            guard let cell = SealedFile(folder + "/cell.json").read(Cell.self) else {
                throw CoreError.invalid("\(folder)/cell.json is missing, or was changed or damaged; run `hone compare` again")
            }
            let stopping = StopRequest()
            signal(SIGINT, SIG_IGN)
            // The end of the input means that whoever wanted the result has gone or wants it later.
            Thread.detachNewThread {
                while !FileHandle.standardInput.availableData.isEmpty {}
                stopping.make()
            }
            let runner = CellWork.runner(cell, folder, threads: threads) { event in
                if case .warning(let sentence) = event { put("warning: \(sentence)\n", on: STDERR_FILENO) }
            }
            guard try await runner.result(stopping: stopping) != nil else { throw Exit.interrupted }
        }
    }
}
