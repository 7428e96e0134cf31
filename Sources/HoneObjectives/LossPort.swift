import HoneCore
import HoneModel
import HoneTensor

/// Answers `hone pipe loss <objective>`: the loss of numbers that another program sends, in double precision.
///
/// A line holds `logProbs` and `mask` as lists of rows (rows may differ in length), and what the objective needs of
/// `samplerLogProbs`, `referenceLogProbs`, `weights`, `entropies` (same shape) and `advantages` (one per row or one per
/// token). With `rewards` and, where there are several problems, `groups` (one each per row) instead of advantages, they
/// are made by the objective's customary credit and answered too.
public struct LossPort: Sendable {
    private let entry: ObjectiveCatalog.Entry

    /// The port of the objective with this name; throws with the nearest names.
    public init(_ objective: String) throws { entry = try ObjectiveCatalog.entry(objective) }

    /// The answer to a line: `id` if one was given, `loss`, `gradient` with respect to `logProbs`, `metrics`.
    ///
    /// Throws a sentence for anything missing, of the wrong kind or of the wrong shape. Tensors are made on the calling
    /// thread and gone when it returns.
    public func answerLoss(_ line: JSONValue) throws -> JSONValue {
        let objective = try entry.make(try settings(line["settings"]))
        let shape = try LossLine.lengths(of: line)
        let mask = try LossLine.mask(line, shape)
        let rows = shape.count
        let columns = max(1, shape.max() ?? 1)
        func tensor(_ values: [[Double]]) throws -> Tensor {
            let padded = values.flatMap { $0 + [Double](repeating: 0, count: columns - $0.count) }
            return try Tensor(padded, shape: [rows, columns])
        }
        func optional(_ key: String) throws -> Tensor? {
            guard let value = line[key], value != .null else { return nil }
            return try tensor(try LossLine.table(value, key, shape, mask))
        }
        guard let given = line["logProbs"] else { throw ObjectiveError("The line has no “logProbs”; expected a list of rows") }
        let logProbs = try tensor(try LossLine.table(given, "logProbs", shape, mask))
        try logProbs.requireGradient()
        let advantages = try advantages(line, shape, mask)
        var reads: [Quantity: Tensor] = [.logProbs: logProbs]
        reads[.entropies] = try optional("entropies")
        let reference = try optional("referenceLogProbs")
        var scores: [Score: Tensor] = [:]
        for need in objective.needs { scores[need] = reference }
        let weights = try optional("weights")
        let sampler = try optional("samplerLogProbs")
        let advantageTensor = try advantages.map { try tensor($0.perToken) }
        func inputs(_ totals: [String: Double]) throws -> LossInputs {
            LossInputs(
                examples: shape.map { Example(tokens: [TokenID](repeating: 0, count: $0 + 1), isTrained: [Bool](repeating: true, count: $0 + 1)) },
                mask: try tensor(mask), weights: try weights ?? tensor(mask), advantages: advantageTensor,
                samplerLogProbs: sampler, scores: scores, reads: reads, totals: totals)
        }
        let loss = try objective.loss(try inputs(try objective.totals(of: try inputs([:]))))
        try loss.total.backward()
        let flat = try logProbs.gradient()?.doubles() ?? [Double](repeating: 0, count: rows * columns)
        let gradient = shape.enumerated().map { row, length in
            JSONValue.array((0..<length).map { .number(flat[row * columns + $0]) })
        }
        var answer: [String: JSONValue] = [
            "loss": .number(try loss.total.item()), "gradient": .array(gradient),
            "metrics": .object(loss.metrics.mapValues { .number($0.mean) }),
        ]
        if let id = line["id"] { answer["id"] = id }
        if let made = advantages?.made { answer["advantages"] = .array(made.map { .number($0) }) }
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

    /// Advantages per token, and the list that was made of rewards, if it was.
    private func advantages(
        _ line: JSONValue, _ shape: [Int], _ mask: [[Double]]
    ) throws -> (perToken: [[Double]], made: [Double]?)? {
        if let given = line["advantages"], given != .null {
            guard let elements = given.elements else { throw ObjectiveError("“advantages” is \(given.kind); expected a list") }
            if elements.contains(where: { $0.elements != nil }) {
                return (try LossLine.table(given, "advantages", shape, mask), nil)
            }
            return (LossLine.spread(try LossLine.perRow(elements, "advantages", shape.count), shape), nil)
        }
        guard let given = line["rewards"], given != .null else { return nil }
        guard let elements = given.elements else { throw ObjectiveError("“rewards” is \(given.kind); expected a list") }
        let rewards = try LossLine.perRow(elements, "rewards", shape.count)
        let groups = try LossLine.groups(line["groups"], shape.count)
        let made = CustomaryCredit.advantages(rewards, groups: groups, dividesByDeviation: entry.card.name == GroupPolicyGradient.card.name)
        return (LossLine.spread(made, shape), made)
    }
}

/// The advantages an objective's paper makes of rewards.
enum CustomaryCredit {
    /// The reward minus its group's mean; divided by the group's population deviation + 10⁻⁴ where asked for (Shao et al.
    /// 2024, section 4.1). Groups without difference get 0.
    static func advantages(_ rewards: [Double], groups: [String], dividesByDeviation: Bool) -> [Double] {
        var members: [String: [Int]] = [:]
        for (index, group) in groups.enumerated() { members[group, default: []].append(index) }
        return rewards.indices.map { index in
            let own = (members[groups[index]] ?? []).map { rewards[$0] }
            guard own.contains(where: { $0 != own[0] }) else { return 0 }
            let mean = own.reduce(0, +) / Double(own.count)
            let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
            return (rewards[index] - mean) / (dividesByDeviation ? variance.squareRoot() + 1e-4 : 1)
        }
    }
}
