import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneModel
import HoneRecipes
import HoneStore

/// `hone eval <run, model folder, size or endpoint>`.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure a run's newest weights, a model folder or an endpoint on held-out problems, with intervals.",
        discussion: "A run is measured on its own task. A model is measured on the problems of a file (--problems) or of a world (--world).")
    @Argument(help: "A run's folder, a model folder, or an endpoint (https://host/v1#model).") var run: String
    @Option(name: .long, help: "How many held-out problems.") var count = 500
    @Option(name: .long, help: "Samples of each.") var samples = 8
    @Option(name: .long, help: "The seed of the sampling.") var seed: UInt64 = 1
    @OptionGroup var options: SettingsOptions
    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            guard count >= 1, samples >= 1 else {
                throw CoreError.invalid("--count and --samples should be 1 or more; found \(count) and \(samples)")
            }
            let isRun = FileManager.default.fileExists(atPath: self.run + "/run.json")
            let estimates = try await isRun ? measureRun() : measureModel()
            if output.json {
                var members: [String: JSONValue] = [:]
                for (name, estimate) in estimates { members[name] = try JSONValue(encoding: estimate) }
                printResult(JSONValue.object([isRun ? "run" : "model": .string(self.run), "measures": .object(members)]).canonical)
            } else {
                for (name, estimate) in estimates.sorted(by: { $0.key < $1.key }) {
                    printResult("\(name.padding(toLength: 16, withPad: " ", startingAt: 0)) \(ProgressDisplay.percent(estimate))  n=\(estimate.count)")
                }
            }
        }
    }

    /// The measures of a run's newest weights, on its own problems.
    private func measureRun() async throws -> [String: Estimate] {
        guard try options.entries().isEmpty else {
            throw CoreError.invalid("A run is measured on its own task: leave out --problems, --world, --model, --player and --set, or give its exported model folder")
        }
        let folder = try RunFolder.open(at: self.run)
        guard case .object = folder.manifest.settings["evaluation"] else {
            throw CoreError.invalid("\(self.run)/run.json has no evaluation settings")
        }
        var settings = folder.manifest.settings
        for (key, value) in [("problems", count), ("samples", samples), ("every", 1)] {
            settings = settings.setting(["evaluation", key], to: .integer(value))
        }
        let resolved = try RecipeCatalog.restore(folder.manifest.recipe, settings: settings)
        let plan = try measuring(try resolved.plan(Seed(folder.manifest.seed)))
        return try await Evaluator(plan: plan, folder: folder, terminal: output.terminal).measure(seed: Seed(seed))
    }

    /// The measures of a model as it is.
    private func measureModel() async throws -> [String: Estimate] {
        guard ModelSettings.isEndpoint(self.run) || ModelShape.sizes.contains(where: { $0.name == self.run })
            || ModelFolder.isOne(self.run)
        else {
            throw CoreError.invalid(
                "“\(self.run)” is no run (run.json), no model folder (config.json), no size and no endpoint (https://host/v1#model); give one of them")
        }
        var options = options
        if let other = options.model { throw CoreError.invalid("Both \(self.run) and --model \(other) name a model; give one") }
        if options.problems == nil, options.world == nil {
            throw CoreError.invalid(
                "“\(self.run)” is measured on which problems? Give --problems file.jsonl or --world name (`hone list worlds`); a run would have run.json in its folder")
        }
        options.model = self.run
        // A file is measured on as a whole.
        if options.heldOut == nil { options.heldOut = options.problems }
        var entries = try options.entries()
        func put(_ path: [String], _ value: JSONValue, _ place: String) {
            entries.append(SettingsOverlay.Entry(path: path, value: value, place: place))
        }
        put(["evaluation", "problems"], .integer(count), "--count")
        put(["evaluation", "samples"], .integer(samples), "--samples")
        put(["evaluation", "every"], .integer(1), "hone eval")
        put(["base", "passes"], .integer(0), "hone eval")
        let resolved = try RecipeCatalog.resolve("direct", entries)
        let plan = try measuring(try resolved.plan(Seed(0)))
        if let preview = try await RunPreview(plan, resolved.common) { output.terminal.say("Needing", preview.sentence) }
        if let money = EndpointPreview(plan, resolved.common) { output.terminal.say("Asking", money.sentence) }
        let run = try Run(plan: plan, seed: Seed(seed), surroundings: Run.Surroundings(store: ForgetfulStore(), factory: ModelMaker.factory()))
        return try await run.measureNow(hasCheckpoint: false).estimates
    }

    /// The plan with nothing but the measures of its last stage.
    private func measuring(_ plan: Plan) throws -> Plan {
        guard var stage = plan.stages.last else { throw CoreError.invalid("The plan has no stage to measure") }
        stage.iterations = 0
        stage.updates = []
        stage.operations = [:]
        var plan = plan
        plan.stages = [stage]
        return plan
    }
}
