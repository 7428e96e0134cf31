import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneEvaluation
import HoneModel
import HoneRecipes
import HoneReport
import HoneStore

/// `hone report <run>`.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "report", abstract: "Write a run's report: one HTML file.")
    @Argument(help: "The run's folder.") var run: String
    @Option(name: .long, help: "The folder of a run to show beside it.") var control: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            var reporter = try RunReporter(try RunFolder.open(at: self.run))
            if let control {
                let other = try RunFolder.open(at: control)
                reporter.companion.control = URL(fileURLWithPath: other.path).path
                reporter.companion.controlWords = "\(other.manifest.recipe), seed \(other.manifest.seed)"
            }
            try reporter.write()
            if output.json { return printResult(try reporter.json(outcome: nil).canonical) }
            // Only the path goes to standard output, so that it can be handed to a browser.
            let terminal = output.terminal
            terminal.show(try reporter.closingLines(terminal, on: STDERR_FILENO))
            printResult(reporter.folder.reportPath)
        }
    }
}

/// `hone digest <run>`.
struct DigestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest", abstract: "Print one SHA-256 over everything of a run that must be the same again.")
    @Argument(help: "The run's folder.") var run: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let digest = try RunDigest(try RunFolder.open(at: self.run))
            guard output.json else { return printResult(digest.run) }
            printResult(
                JSONValue.object([
                    "digest": .string(digest.run), "measures": .string(digest.measures), "weights": .string(digest.weights),
                ]).canonical)
        }
    }
}

/// Opens the newest checkpoint of a run.
struct Evaluator {
    let plan: Plan
    let folder: RunFolder
    let terminal: Terminal

    func measure(seed: Seed) async throws -> [String: Estimate] {
        try await run(seed: seed).measureNow().estimates
    }

    /// The models with the weights of the newest checkpoint.
    func models() async throws -> [ModelName: any LiveModel] {
        try await run(seed: Seed(folder.manifest.seed)).modelsNow()
    }

    /// How many iterations the newest checkpoint has behind it.
    func iterations() throws -> Int { try checkpoint().iteration + 1 }

    private func checkpoint() throws -> Checkpoint {
        guard let checkpoint = try SQLiteRunStore(folder).latestCheckpoint(warning: { terminal.warn($0) }) else {
            throw CoreError.invalid("The run in \(folder.path) has no checkpoint yet; let it finish an iteration first")
        }
        return checkpoint
    }

    private func run(seed: Seed) throws -> Run {
        let checkpoint = try checkpoint()
        var bare = plan
        bare.models = plan.models.mapValues { ModelPlan($0.source) }
        return try Run(
            plan: bare, seed: seed,
            surroundings: Run.Surroundings(store: ForgetfulStore(holding: checkpoint), factory: ModelMaker.factory()))
    }
}
