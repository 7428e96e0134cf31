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

/// `hone eval <run or model folder>`.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure a run's newest weights on held-out problems, with intervals.")
    @Argument(help: "The run's folder.") var run: String
    @Option(name: .long, help: "How many held-out problems.") var problems = 500
    @Option(name: .long, help: "Samples of each.") var samples = 8
    @Option(name: .long, help: "The seed of the sampling.") var seed: UInt64 = 1
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            guard problems >= 1, samples >= 1 else {
                throw CoreError.invalid("--problems and --samples should be 1 or more; found \(problems) and \(samples)")
            }
            let folder = try RunFolder.open(at: self.run)
            guard case .object(var settings) = folder.manifest.settings, case .object(var evaluation)? = settings["evaluation"] else {
                throw CoreError.invalid("\(self.run)/run.json has no evaluation settings")
            }
            evaluation["problems"] = .integer(problems)
            evaluation["samples"] = .integer(samples)
            evaluation["every"] = .integer(1)
            settings["evaluation"] = .object(evaluation)
            let resolved = try RecipeCatalog.restore(folder.manifest.recipe, settings: .object(settings))
            var plan = try resolved.plan(Seed(folder.manifest.seed))
            guard let stage = plan.stages.last else { throw CoreError.invalid("The plan has no stage to measure") }
            plan.stages = [stage]
            plan.stages[0].iterations = 0
            let estimates = try await Evaluator(plan: plan, folder: folder, terminal: output.terminal).measure(seed: Seed(seed))
            if output.json {
                var members: [String: JSONValue] = [:]
                for (name, estimate) in estimates { members[name] = try JSONValue(encoding: estimate) }
                printResult(JSONValue.object(["run": .string(folder.path), "measures": .object(members)]).canonical)
            } else {
                for (name, estimate) in estimates.sorted(by: { $0.key < $1.key }) {
                    printResult("\(name.padding(toLength: 16, withPad: " ", startingAt: 0)) \(ProgressDisplay.percent(estimate))  n=\(estimate.count)")
                }
            }
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

    private func run(seed: Seed) throws -> Run {
        let store = try SQLiteRunStore(folder)
        guard let checkpoint = try store.latestCheckpoint(warning: { terminal.warn($0) }) else {
            throw CoreError.invalid("The run in \(folder.path) has no checkpoint yet; let it finish an iteration first")
        }
        var bare = plan
        bare.models = plan.models.mapValues { ModelPlan($0.source) }
        return try Run(
            plan: bare, seed: seed,
            surroundings: Run.Surroundings(store: ForgetfulStore(holding: checkpoint), factory: ModelMaker.factory()))
    }
}
