import Foundation
import HoneComparison
import HoneCore
import HoneRecipes
import HoneStore

/// Reads what users write for an arm: `star`, `star:star.keep=4`, `big=star:model.size=micro`, a run's folder, a model's folder,
/// an endpoint.
struct ArmInput {
    /// Settings for all arms.
    let shared: [SettingsOverlay.Entry]
    /// The measure arms are judged by.
    let measure: String
    /// What an answer may spend.
    let answering: Budget?
    /// Whether a budget was given; otherwise the first arm's settings make it, and iterations set for all are the first arm's.
    let isBudgetGiven: Bool

    /// The arm, and whether a budget decides its iterations: where nobody set them.
    func arm(_ text: String) throws -> (arm: Arm, isFitted: Bool) {
        if FileManager.default.fileExists(atPath: text + "/run.json") { return (try run(text), false) }
        if FileManager.default.fileExists(atPath: text + "/config.json") { return (try model(text, note: "the weights in a folder, as they are"), false) }
        if ModelSettings.isEndpoint(text) { return (try model(text, note: "an endpoint, as it answers; what it computes is not known"), false) }
        if text.contains("/"), !text.contains(":"), !text.contains("=") {
            throw CoreError.invalid("There is no run and no model in \(text): it has neither run.json nor config.json")
        }
        var (name, rest) = (text, text)
        let head = text.prefix { $0 != ":" }
        if let equals = head.firstIndex(of: "=") {
            name = String(text[..<equals])
            rest = String(text[text.index(after: equals)...])
        }
        if name != text {
            // A folder, a run or an endpoint under a name of its own.
            if ModelSettings.isEndpoint(rest) || FileManager.default.fileExists(atPath: rest + "/config.json")
                || FileManager.default.fileExists(atPath: rest + "/run.json")
            {
                var (arm, isFitted) = try arm(rest)
                arm.name = name
                return (arm, isFitted)
            }
        }
        let parts = rest.split(separator: ":", maxSplits: 1).map(String.init)
        guard !name.isEmpty, let recipe = parts.first else {
            throw CoreError.invalid("“\(text)” is not an arm; write a recipe with settings, such as star or few=star:star.keep=1")
        }
        var own: [SettingsOverlay.Entry] = []
        for setting in parts.count > 1 ? parts[1].split(separator: ",") : [] {
            var entry = try SettingsInput.entry(fromArgument: String(setting))
            entry.place = "arm \(text)"
            own.append(entry)
        }
        let resolved = try RecipeCatalog.resolve(recipe, shared + own)
        if resolved.games != nil, measure == CellResult.answer {
            throw CoreError.invalid(
                "“\(recipe)” plays a game, which has no right answers; say what to compare by, such as --measure exploitability or --measure 'unbeaten by random'")
        }
        let isSet = (own + (isBudgetGiven ? shared : [])).contains { $0.path == ["iterations"] }
        let settings = measured(resolved.settings, iterations: resolved.common.iterations, every: resolved.common.evaluation.every)
        return (
            Arm(
                name: name, subject: .recipe(recipe, settings: settings), answering: answering, measure: measure,
                note: resolved.card.summary),
            !isSet
        )
    }

    /// Settings under which the curve has points: where measuring was off, about five moments.
    private func measured(_ settings: JSONValue, iterations: Int, every: Int) -> JSONValue {
        guard every == 0, case .object(var members) = settings, case .object(var evaluation)? = members["evaluation"] else { return settings }
        evaluation["every"] = .integer(max(1, (iterations + 4) / 5))
        members["evaluation"] = .object(evaluation)
        return .object(members)
    }

    /// The newest weights of a run, measured as the shared settings say.
    private func run(_ path: String) throws -> Arm {
        let folder = try RunFolder.open(at: path)
        var settings = folder.manifest.settings
        let measuring = shared.filter { $0.path.first == "evaluation" }
        settings = try SettingsOverlay(defaults: settings).resolve(measuring)
        return Arm(
            name: path,
            subject: .checkpoint(
                run: path, digest: try RunDigest(folder).run, recipe: folder.manifest.recipe, settings: settings),
            answering: answering, measure: measure,
            note: "the newest weights of a run of \(folder.manifest.recipe); one training run, so seeds differ in sampling only")
    }

    /// A model folder or an endpoint as it is.
    private func model(_ path: String, note: String) throws -> Arm {
        let entries = shared + [("model.size", path.contains("/") ? path : "./" + path), ("base.passes", "0"), ("iterations", "0")].map {
            SettingsOverlay.Entry(path: $0.split(separator: ".").map(String.init), value: SettingsInput.scalar($1), place: "arm \(path)")
        }
        let resolved = try RecipeCatalog.resolve("direct", entries)
        return Arm(
            name: path, subject: .recipe("direct", settings: resolved.settings), answering: answering, measure: measure,
            note: note)
    }
}
