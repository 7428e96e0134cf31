import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneRecipes
import HoneStore

/// How settings are given.
struct SettingsOptions: ParsableArguments {
    @Option(name: .long, help: "One setting, such as learner.rate=1e-4; may be repeated. `hone show <recipe>` lists them.")
    var set: [String] = []

    @Option(name: .long, help: "A YAML file with settings.")
    var settings: String?

    @Option(name: .long, help: "The world; `hone list worlds`. “cmd: python3 my_env.py” is another program (docs/bridges.md).")
    var world: String?

    @Option(name: .long, help: "A JSONL file with problems: GSM8K's {question, answer} or {prompt, answer}.")
    var problems: String?

    @Option(name: .long, help: "A JSONL file with held-out problems; by default test.jsonl beside --problems, where there is one.")
    var heldOut: String?

    @Option(name: .long, help: "How the file is used: problems, or equations (of the worked solutions).")
    var view: String?

    @Option(name: .long, help: "A model size (nano, micro), a model folder (Hugging Face), or an endpoint: https://host/v1#model.")
    var model: String?

    @Option(name: .long, help: "Learn through LoRA adapters over a model folder: r=16, or r=16,alpha=32,modules=q_proj+v_proj,rslora.")
    var lora: String?

    @Option(name: .long, help: "Another model for a role: critic=./folder, or critic=https://host/v1#model; may be repeated.")
    var player: [String] = []

    @Option(name: .long, help: "A server that draws the model's answers while it learns here through adapters (http://host/v1#model); may be repeated.")
    var actor: [String] = []

    @Option(name: .long, help: "The environment variable that holds the key of endpoints.")
    var keyEnvironment: String?

    @Option(name: .long, help: "A file with the key of endpoints, which only its owner can read.")
    var keyFile: String?

    @Flag(name: .long, help: "Learn all weights of a model folder, as without --lora.")
    var full = false

    /// All entries, files first, then options, then `--set`.
    func entries() throws -> [SettingsOverlay.Entry] {
        var entries = try settings.map(SettingsInput.entries(fromFile:)) ?? []
        func put(_ path: String, _ value: String, _ place: String) {
            entries.append(
                SettingsOverlay.Entry(path: path.split(separator: ".").map(String.init), value: .string(value), place: place))
        }
        if let world {
            guard problems == nil || world == "code" else {
                throw CoreError.invalid("Both --problems and --world \(world) name what is played; give one (programming tasks: --world code --problems <file.jsonl>)")
            }
            put("task.world", world, "--world")
        }
        if let problems, world == "code" {
            guard view == nil else { throw CoreError.invalid("--view is for problems with worked solutions, not for programming tasks") }
            put("task.settings.path", problems, "--problems")
            if let heldOut { put("task.settings.heldOutPath", heldOut, "--held-out") }
        } else if let problems {
            put("task.world", "file", "--problems")
            put("task.settings.path", problems, "--problems")
            let beside = URL(fileURLWithPath: problems).deletingLastPathComponent().path + "/test.jsonl"
            let hasOwn = (problems as NSString).lastPathComponent == "train.jsonl" && FileManager.default.fileExists(atPath: beside)
            if let held = heldOut ?? (hasOwn ? beside : nil) { put("task.settings.heldOutPath", held, "--held-out") }
            put("task.settings.view", view ?? "problems", "--view")
            if (view ?? "problems") == "problems" { put("play.limit", "240", "--view problems") }
            if (view ?? "problems") == "problems", model == nil {
                // Whole word problems with their solutions do not fit the usual context of 256 characters.
                put("model.size", "nano@2048", "--view problems")
                // Each of them is some hundred characters long: a run of minutes sees fewer.
                for (path, value) in [
                    ("play.problems", "200"), ("play.samples", "4"), ("iterations", "3"), ("evaluation.problems", "200"), ("learner.rows", "800"),
                    ("learner.miniBatch", "32"),
                ] { put(path, value, "--view problems") }
            }
        } else if view != nil || heldOut != nil {
            throw CoreError.invalid("--view and --held-out go with --problems <file.jsonl>")
        }
        if let model {
            put("model.size", model, "--model")
            // Real models read real text.
            if problems != nil, world != "code", ModelSettings.isGiven(model) { put("task.settings.isFitted", "false", "--view problems") }
        }
        if lora != nil, full { throw CoreError.invalid("--lora and --full exclude each other: adapters learn, or all weights do") }
        if !player.isEmpty {
            entries.append(SettingsOverlay.Entry(path: ["model", "players"], value: .array(player.map { .string($0) }), place: "--player"))
        }
        if !actor.isEmpty {
            entries.append(SettingsOverlay.Entry(path: ["model", "actors"], value: .array(actor.map { .string($0) }), place: "--actor"))
        }
        if let keyEnvironment { put("model.endpoint.keyEnvironment", keyEnvironment, "--key-environment") }
        if let keyFile { put("model.endpoint.keyFile", keyFile, "--key-file") }
        if let lora { entries += try LoRAInput.entries(lora) }
        for text in set { entries.append(try SettingsInput.entry(fromArgument: text)) }
        return entries.map { entry in
            guard case .string(let text) = entry.value, entry.place == "--view problems" else { return entry }
            return SettingsOverlay.Entry(path: entry.path, value: SettingsInput.scalar(text), place: entry.place)
        }
    }
}

/// `hone run <recipe>`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run a recipe: a model improves itself.")

    @Argument(help: "The recipe; `hone list recipes` shows them.")
    var recipe: String

    @OptionGroup var options: SettingsOptions

    @Option(name: .long, help: "The seed: the same seed gives the same bits.")
    var seed: UInt64 = 0

    @Option(name: .long, help: "The run's folder; by default runs/<recipe>-<number>.")
    var out: String?

    @Option(name: .long, help: "Threads; 0 takes one per core. No result depends on it.")
    var threads = 0

    @Option(name: .long, help: "Save after every so many iterations; by default as often as a twentieth of the time allows.")
    var checkpointEvery: Int?

    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            let resolved = try RecipeCatalog.resolve(recipe, try options.entries())
            let plan = try resolved.plan(Seed(seed))
            let faults = plan.faults()
            if !faults.isEmpty { throw PlanError(faults) }
            if let preview = try await RunPreview(plan, resolved.common) {
                output.terminal.say("Needing", preview.sentence)
                if let warning = preview.warning { output.terminal.warn(warning) }
            }
            if let money = EndpointPreview(plan, resolved.common) { output.terminal.say("Asking", money.sentence) }
            let path = out ?? Self.freshPath(recipe)
            let folder = try RunFolder.create(
                at: path, RunSession.manifest(recipe: recipe, settings: resolved.settings, seed: seed))
            var session = RunSession(folder: folder, recipe: resolved, terminal: output.terminal)
            session.threads = threads
            session.checkpointEvery = checkpointEvery
            try await RunConclusion.conclude(session, try await session.execute(), output)
        }
    }

    static func freshPath(_ recipe: String) -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: "runs/\(recipe)-\(number)") { number += 1 }
        return "runs/\(recipe)-\(number)"
    }
}

/// `hone resume <run>`.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a run from its last checkpoint, to the same bits as without the break.")

    @Argument(help: "The run's folder.")
    var run: String

    @Option(name: .long, help: "Threads; 0 takes one per core. No result depends on it.")
    var threads = 0

    @Option(name: .long, help: "Save after every so many iterations; by default as often as a twentieth of the time allows.")
    var checkpointEvery: Int?

    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let folder = try RunFolder.open(at: self.run)
            try await device.use(or: folder.manifest.machine["device"])
            guard !folder.manifest.isRedacted else {
                throw CoreError.unsupported("The run in \(self.run) was redacted: what it remembered is gone, so it cannot go on; begin a new run")
            }
            let resolved = try RecipeCatalog.restore(folder.manifest.recipe, settings: folder.manifest.settings)
            var session = RunSession(folder: folder, recipe: resolved, terminal: output.terminal)
            session.threads = threads
            session.checkpointEvery = checkpointEvery
            try await RunConclusion.conclude(session, try await session.execute(), output)
        }
    }
}

/// What is said and written when a run has ended.
enum RunConclusion {
    static func conclude(_ session: RunSession, _ outcome: RunOutcome, _ output: OutputOptions) async throws {
        let report = try RunReporter(session.folder)
        try report.write()
        if output.json {
            printResult(try report.json(outcome: outcome).canonical)
        } else {
            for line in try report.closingLines(output.terminal) { printResult(line) }
            printResult("report   \(session.folder.reportPath)")
            printResult(
                outcome.isFinished
                    ? "next     hone eval \(session.folder.path)   ·   hone digest \(session.folder.path)"
                    : "next     hone resume \(session.folder.path)")
        }
        if !outcome.isFinished { throw Exit.interrupted }
    }
}
