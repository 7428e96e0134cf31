import Foundation
import HoneCore
import HoneModel
import HoneObjectives

/// A random line of the loss port with all that one objective takes, kept row by row so that rows can be moved and repeated.
struct AnyLine {
    /// The tokens there are, and so the width of distributions.
    static let vocabulary = 4

    let name: String
    /// What each row says, by key; `scores.x` means x inside `scores`.
    var rows: [[String: JSONValue]] = []
    /// Preferences between rows; empty where the objective takes none.
    var pairs: [Pair] = []
    var settings: [String: Setting]

    /// Rows of up to `columns` trained tokens for an objective set so; the first place of each row is trained.
    init(_ name: String, _ settings: [String: Setting] = [:], seed: Int, rows count: Int = 6, columns: Int = 3) throws {
        self.name = name
        self.settings = settings
        let objective = try preference(name, settings)
        var generator = Seed(77).child(name, seed).generator
        let (keys, takes) = (LossKeys(objective), objective.takes)
        func list(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
        func tokens(_ number: () -> Double) -> JSONValue { list((0..<columns).map { _ in number() }) }
        func distribution() -> JSONValue {
            let powers = (0..<Self.vocabulary).map { _ in generator.unit() + 0.05 }
            return list(powers.map { log($0 / powers.reduce(0, +)) })
        }
        func value(of quantity: Quantity) -> JSONValue {
            switch quantity {
            case .logProbs: return tokens { -3 * generator.unit() - 0.01 }
            case .entropies: return tokens { 1.3 * generator.unit() }
            case .allLogProbs: return .array((0..<columns).map { _ in distribution() })
            default:
                guard case .head(let head) = quantity else { return .null }
                let width = objective.heads.first { $0.name == head }?.count(vocabulary: Self.vocabulary) ?? 1
                if width == 1 { return tokens { 3 * generator.unit() - 1.5 } }
                return .array((0..<columns).map { _ in list((0..<width).map { _ in 3 * generator.unit() - 1.5 }) })
            }
        }
        func number(_ domain: RowNeeds.Number) -> Double {
            let value = domain.low + (domain.high - domain.low) * generator.unit()
            return domain.isWhole ? value.rounded() : value
        }
        for index in 0..<count {
            var row: [String: JSONValue] = [
                "mask": .array((0..<columns).map { .integer($0 == 0 || generator.chance(0.6) ? 1 : 0) }),
                "weights": tokens { 0.5 + generator.unit() }, "groups": .integer(index / 3),
                "tokens": .array((0..<columns).map { _ in .integer(generator.integer(in: 0...(Self.vocabulary - 1))) }),
            ]
            for (key, quantity) in keys.reads.sorted(by: { $0.key < $1.key }) { row[key] = value(of: quantity) }
            for (key, score) in keys.scores.sorted(by: { $0.key < $1.key }) { row[key] = value(of: score.quantity) }
            if takes.samplerLogProbs { row["samplerLogProbs"] = tokens { -3 * generator.unit() - 0.01 } }
            if takes.advantages { row["advantages"] = .number(3 * generator.unit() - 1.5) }
            for (key, domain) in takes.channels.sorted(by: { $0.key < $1.key }) { row["scores.\(key)"] = tokens { number(domain) } }
            for (key, domain) in takes.scalars.sorted(by: { $0.key < $1.key }) {
                row[["label": "labels", "reward": "rewards"][key] ?? "scores.\(key)"] = .number(number(domain))
            }
            rows.append(row)
        }
        if takes.pairs {
            for (chosen, rejected) in [(0, 1), (2, 1), (4, 3)] {
                pairs.append(
                    Pair(
                        chosen: chosen, rejected: rejected, probability: 0.5 + generator.unit() / 2, margin: generator.unit(),
                        weight: 0.5 + generator.unit()))
            }
        }
    }

    /// The keys that the rows have something under.
    var keys: [String] { rows.first?.keys.sorted() ?? [] }

    /// The line, without the keys that are left out.
    func json(without left: [String] = []) -> JSONValue {
        var line: [String: JSONValue] = ["settings": .object(settings.mapValues(\.json))]
        var scores: [String: JSONValue] = [:]
        for key in keys where !left.contains(key) {
            let column = JSONValue.array(rows.map { $0[key] ?? .null })
            if key.hasPrefix("scores.") { scores[String(key.dropFirst(7))] = column } else { line[key] = column }
        }
        if !scores.isEmpty { line["scores"] = .object(scores) }
        if !pairs.isEmpty, !left.contains("pairs") {
            line["pairs"] = .array(
                pairs.map {
                    .object([
                        "chosen": .integer($0.chosen), "rejected": .integer($0.rejected), "probability": .number($0.probability),
                        "margin": .number($0.margin), "weight": .number($0.weight),
                    ])
                })
        }
        return .object(line)
    }

    /// The same rows in another order: row i is what `order[i]` was.
    func permuted(_ order: [Int]) -> AnyLine {
        var copy = self
        copy.rows = order.map { rows[$0] }
        for index in pairs.indices {
            copy.pairs[index].chosen = order.firstIndex(of: pairs[index].chosen) ?? 0
            copy.pairs[index].rejected = order.firstIndex(of: pairs[index].rejected) ?? 0
        }
        copy.pairs.reverse()
        return copy
    }

    /// All rows and pairs twice, the second time as groups of their own.
    func doubled() -> AnyLine {
        var copy = self
        for row in rows {
            var again = row
            if case .integer(let group)? = row["groups"] { again["groups"] = .integer(group + 100) }
            copy.rows.append(again)
        }
        for pair in pairs {
            var again = pair
            (again.chosen, again.rejected) = (pair.chosen + rows.count, pair.rejected + rows.count)
            copy.pairs.append(again)
        }
        return copy
    }

    /// The numbers under a key, each changed; lists inside keep their shape.
    func changing(_ keys: String..., by change: (Double) -> Double) -> AnyLine {
        func changed(_ value: JSONValue) -> JSONValue {
            if let elements = value.elements { return .array(elements.map(changed)) }
            return value.double.map { .number(change($0)) } ?? value
        }
        var copy = self
        for key in keys { for row in rows.indices { copy.rows[row][key] = rows[row][key].map(changed) } }
        return copy
    }

    /// The port's answer.
    func answer() throws -> JSONValue { try LossPort(name).answerLoss(json()) }

    /// The loss, and its gradients row by row by all that it is differentiated by.
    func result() throws -> LineResult {
        let answer = try answer()
        var gradients = ["logProbs": answer["gradient"]?.elements?.map { flatNumbers($0) } ?? []]
        if case .object(let others)? = answer["gradients"] {
            for (key, value) in others { gradients[key] = value.elements?.map { flatNumbers($0) } ?? [] }
        }
        var metrics: [String: Double] = [:]
        if case .object(let given)? = answer["metrics"] { for (key, value) in given { metrics[key] = value.double } }
        return LineResult(loss: answer["loss"]?.double ?? .nan, gradients: gradients, metrics: metrics)
    }
}

/// What the port said of a line.
struct LineResult {
    var loss: Double
    /// Row by row, by what it was differentiated by.
    var gradients: [String: [[Double]]]
    var metrics: [String: Double]

    /// All gradients by log-probabilities, in order.
    var gradient: [Double] { (gradients["logProbs"] ?? []).flatMap { $0 } }

    /// Whether losses, metrics, and gradients (after `change`) are those of another result.
    func isClose(to other: LineResult, _ tolerance: Double = 1e-10, gradientsTimes factor: Double = 1) -> Bool {
        areClose([loss], [other.loss], tolerance) && gradients.keys == other.gradients.keys
            && gradients.allSatisfy { key, rows in
                areClose(rows.flatMap { $0.map { $0 * factor } }, (other.gradients[key] ?? []).flatMap { $0 }, tolerance)
            }
    }
}

/// The sentence with which the port refuses a line; what it answered when it did not.
func portRefusal(_ objective: String, _ line: JSONValue) -> String {
    do {
        return "accepted: \(try LossPort(objective).answerLoss(line).canonical)"
    } catch {
        return "\(error)"
    }
}

/// The same for a line that is written out.
func portRefusal(_ objective: String, _ line: String) -> String {
    do {
        return portRefusal(objective, try JSONValue(parsing: line))
    } catch {
        return "no JSON: \(error)"
    }
}
