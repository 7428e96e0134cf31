import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneModel
import HoneRecipes
import HoneStore

/// `hone export <run>`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a run's model or what it played, in the forms other tools read.",
        discussion: "Forms: model (a Hugging Face folder, adapters merged in), adapter (PEFT); and of what was played: "
            + DatasetForm.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ") + ".")

    @Argument(help: "The run's folder.") var run: String
    @Option(name: .long, help: "What to write: model, adapter, \(DatasetForm.allCases.map(\.rawValue).joined(separator: ", ")).") var form = "model"
    @Option(name: .long, help: "The folder or file to write; it may not be there yet.") var out: String
    @Option(name: .long, help: "The model of the plan that is written.") var model = "policy"
    @Option(name: .long, help: "The least reward of an accepted answer.") var threshold = 1.0
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            guard !FileManager.default.fileExists(atPath: out) else {
                throw CoreError.invalid("\(out) is there already; give --out another name, or move it away")
            }
            let folder = try RunFolder.open(at: self.run)
            let count: Int?
            if let dataset = DatasetForm(rawValue: form) {
                guard !folder.manifest.isRedacted else {
                    throw CoreError.unsupported("The run in \(self.run) was redacted: what was played cannot be written any more; its model can (--form model)")
                }
                count = try writeDataset(dataset, of: folder)
            } else if form == "model" || form == "adapter" {
                try await writeModel(of: folder)
                count = nil
            } else {
                throw CoreError.unknown(kind: "form", name: form, known: ["model", "adapter"] + DatasetForm.allCases.map(\.rawValue))
            }
            if output.json {
                var members: [String: JSONValue] = ["run": .string(folder.path), "form": .string(form), "out": .string(out)]
                members["lines"] = count.map { .integer($0) }
                return printResult(JSONValue.object(members).canonical)
            }
            if let count { output.terminal.say("Wrote", "\(count) lines to \(out)", .green) } else { output.terminal.say("Wrote", out, .green) }
        }
    }

    private func writeModel(of folder: RunFolder) async throws {
        let resolved = try RecipeCatalog.restore(folder.manifest.recipe, settings: folder.manifest.settings)
        let plan = try resolved.plan(Seed(folder.manifest.seed))
        let models = try await Evaluator(plan: plan, folder: folder, terminal: output.terminal).models()
        guard let live = models[ModelName(model)] else {
            throw CoreError.unknown(kind: "model of this run", name: model, known: models.keys.map(\.text).sorted())
        }
        guard let host = live as? ModelHost else { throw CoreError.unsupported("“\(model)” has no weights to write") }
        if form == "model" { return try await host.save(to: out) }
        try await host.saveAdapters(to: out, base: resolved.common.model.size)
    }

    private func writeDataset(_ form: DatasetForm, of folder: RunFolder) throws -> Int {
        let store = try SQLiteRunStore(folder)
        let settings = try RecipeCatalog.restore(folder.manifest.recipe, settings: folder.manifest.settings).common
        let world = form == .stepwise ? try settings.world() : nil
        var export = DatasetExport(form, threshold: threshold) { world?.checkSteps(of: $0, to: $1) ?? [] }
        let temporary = out + ".part"
        guard FileManager.default.createFile(atPath: temporary, contents: nil), let file = FileHandle(forWritingAtPath: temporary) else {
            throw CoreError.invalid("\(out) cannot be written; choose a folder that exists and is yours")
        }
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        func put(_ line: String) throws { try file.write(contentsOf: Data((line + "\n").utf8)) }
        if let heading = export.heading { try put(heading) }
        var count = 0
        for record in try store.iterations() where record.index >= 0 {
            for line in export.lines(of: try store.groups(of: record.index), iteration: record.index) {
                try put(line)
                count += 1
            }
        }
        try file.close()
        guard count > 0 else {
            throw CoreError.invalid("Nothing of \(folder.path) fits the form “\(form.rawValue)”: no answer was played that it could hold")
        }
        // The name appears with the whole content or not at all.
        guard rename(temporary, out) == 0 else { throw CoreError.invalid("\(out) cannot be written: \(String(cString: strerror(errno)))") }
        return count
    }
}
