import HoneCore
import HoneModel
import HoneTensor

/// Answers `hone pipe loss <objective>`: the loss of numbers that another program sends, in double precision.
///
/// A line holds `logProbs` and `mask` as lists of rows (rows may differ in length), and what the objective needs of
/// `samplerLogProbs`, `referenceLogProbs`, `weights`, `entropies` (same shape), `advantages` (one per row or one per token),
/// `pairs` (objects with `chosen` and `rejected` row numbers, or lists of the two), `groups`, `labels`, `rewards` (one per
/// row), `tokens` (same shape) and `scores` (everything else by name: per row, per token, or several numbers per token).
/// With `rewards` instead of advantages, these are made as the objective's paper does and answered too.
public struct LossPort: Sendable {
    private let entry: ObjectiveCatalog.Entry

    /// The port of the objective with this name; throws with the nearest names.
    public init(_ objective: String) throws { entry = try ObjectiveCatalog.entry(objective) }

    /// The answer to a line: `id` if one was given, `loss`, `gradient` with respect to `logProbs`, `gradients` with respect to
    /// everything else the objective differentiates, `metrics`.
    ///
    /// Throws a sentence for anything missing, of the wrong kind or of the wrong shape. Tensors are made on the calling
    /// thread and gone when it returns.
    public func answerLoss(_ line: JSONValue) throws -> JSONValue {
        let objective = try entry.make(try settings(line["settings"]))
        let rows = try LossRows(line, for: objective, advantages: entry.advantages)
        let loss = try objective.loss(try rows.inputs(totals: try objective.totals(of: try rows.inputs(totals: [:]))))
        if loss.total.requiresGradient { try loss.total.backward() }
        var answer: [String: JSONValue] = [
            "loss": .number(try loss.total.item()), "gradient": try rows.gradient(of: "logProbs"),
            "metrics": .object(loss.metrics.mapValues { .number($0.mean) }),
        ]
        var others: [String: JSONValue] = [:]
        for key in rows.keys.reads.keys where key != "logProbs" {
            others[key.hasPrefix("scores.") ? String(key.dropFirst(7)) : key] = try rows.gradient(of: key)
        }
        if !others.isEmpty { answer["gradients"] = .object(others) }
        if let id = line["id"] { answer["id"] = id }
        if let made = rows.madeAdvantages { answer["advantages"] = .array(made.map { .number($0) }) }
        return .object(answer)
    }

    private func settings(_ given: JSONValue?) throws -> JSONValue {
        guard let given, given != .null else { return entry.defaults }
        guard case .object(let members) = given else {
            throw ObjectiveError("“settings” is \(given.kind); expected a group of settings")
        }
        let entries = members.sorted { $0.key < $1.key }.map {
            SettingsOverlay.Entry(path: $0.key.split(separator: ".").map(String.init), value: $0.value, place: "settings")
        }
        return try SettingsOverlay(defaults: entry.defaults).resolve(entries)
    }
}
