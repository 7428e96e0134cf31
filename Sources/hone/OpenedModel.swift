import ArgumentParser
import Foundation
import HoneCore
import HoneCurricula
import HoneEndpoint
import HoneEngine
import HoneGames
import HoneModel
import HoneRecipes
import HoneSocieties
import HoneStore
import HoneText

/// A model that a user names by its place: a run, a model folder, or an endpoint.
struct OpenedModel {
    /// What it is called.
    let name: String
    /// The model.
    let model: any Model
    /// Its weights, where they are here.
    let host: ModelHost?
    /// Its chat template, where it has one.
    let template: ChatTemplate?
    /// How games were put into words for it, where it learned by playing.
    var gameText: GameWorldSettings?
    /// The snapshots of a run that played games, from the oldest to the newest.
    var snapshots: [String] = []
    /// Whether snapshots are a line, each grown from the one before; those of fictitious play are a sample.
    var isLine = false

    /// A snapshot of the same model.
    func at(snapshot name: String) async throws -> any Model {
        guard let host else { throw CoreError.unsupported("“\(self.name)” has no snapshots: it is no run") }
        let known = await host.snapshotNames
        guard known.contains(name) else { throw CoreError.unknown(kind: "snapshot", name: name, known: known) }
        return try host.at(snapshot: name)
    }

    /// Opens what is at a place; wrong places get a sentence.
    static func open(_ place: String, endpoint: EndpointChoice, context: Int? = nil, precision: String = "float32", terminal: Terminal) async throws -> OpenedModel {
        if ModelSettings.isEndpoint(place) {
            let settings = endpoint.settings(at: place)
            let faults = settings.faults()
            if !faults.isEmpty { throw PlanError(faults) }
            return OpenedModel(name: settings.model, model: try await EndpointModel.connect(settings, as: "model"), host: nil, template: nil)
        }
        if FileManager.default.fileExists(atPath: place + "/run.json") { return try await open(run: place, terminal: terminal) }
        guard ModelFolder.isOne(place) else {
            throw CoreError.invalid(
                "“\(place)” is no run (run.json), no model folder (config.json) and no endpoint (https://host/v1#model); give one of them")
        }
        let folder = try ModelFolder(path: place, contextLimit: context)
        let settings = ModelHost.Settings(shape: folder.shape, decodesInHalf: precision == "bfloat16")
        let host = try await ModelHost.make(name: "model", folder: folder, tokenizer: try folder.tokenizer(), settings: settings)
        return OpenedModel(name: lastPart(of: place), model: host, host: host, template: try ChatTemplate.read(folder: place))
    }

    private static func open(run place: String, terminal: Terminal) async throws -> OpenedModel {
        let folder = try RunFolder.open(at: place)
        let resolved = try RecipeCatalog.restore(folder.manifest.recipe, settings: folder.manifest.settings)
        let plan = try resolved.plan(Seed(folder.manifest.seed))
        let evaluator = Evaluator(plan: plan, folder: folder, terminal: terminal)
        let models = try await evaluator.models()
        guard let name = models["policy"] == nil ? models.keys.min() : "policy", let host = models[name] as? ModelHost else {
            throw CoreError.unsupported("The run in \(place) has no model with weights of its own")
        }
        let size = resolved.common.model.size
        let template = ModelSettings.isFolder(size) ? try ChatTemplate.read(folder: size) : nil
        var opened = OpenedModel(name: lastPart(of: place), model: host, host: host, template: template, gameText: resolved.gameText)
        let known = await host.snapshotNames
        opened.snapshots = resolved.snapshots(after: try evaluator.iterations()).filter(known.contains)
        opened.isLine = resolved.games?.opponents.scheme != .fictitious
        return opened
    }

    /// What the model is shown of a transcript: through its chat template where it has one.
    func prompt(for transcript: Transcript) throws -> Transcript {
        guard let host, let template else { return transcript }
        return try ChatPolicy(template, tokenizer: host.tokenizer, now: TemplateTime(Date(), in: .current)).prompt(for: transcript)
    }

    private static func lastPart(of path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
}

/// How a model is opened and asked, for commands that take one by its place.
struct ModelOptions: ParsableArguments {
    @Option(name: .long, help: "The environment variable that holds the key of an endpoint.") var keyEnvironment: String?
    @Option(name: .long, help: "A file with the key of an endpoint, which only its owner can read.") var keyFile: String?
    @Option(name: .long, help: "The most tokens of a model folder's context that are used.") var context: Int?
    @Option(name: .long, help: "What a model folder draws its answers in: float32 or bfloat16.") var precision = "float32"

    /// Opens the model at a place.
    func open(_ place: String, terminal: Terminal) async throws -> OpenedModel {
        guard ["float32", "bfloat16"].contains(precision) else {
            throw CoreError.invalid("--precision is \(precision); it should be float32 or bfloat16")
        }
        var endpoint = EndpointChoice()
        endpoint.keyEnvironment = keyEnvironment ?? ""
        endpoint.keyFile = keyFile ?? ""
        return try await OpenedModel.open(place, endpoint: endpoint, context: context, precision: precision, terminal: terminal)
    }
}
