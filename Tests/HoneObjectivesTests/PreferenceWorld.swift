import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor

/// One prompt with a few responses of one token; a policy over them is a small tensor of logits.
struct PreferenceWorld {
    /// Other policies, as probabilities, by the name of their snapshot; the sampler's is `sampler`.
    var policies: [String: [Double]] = [:]

    /// A response in a batch.
    struct Row {
        var response: Int
        var numbers: [String: Double] = [:]
        var advantage = 0.0
        var weight = 1.0
    }

    /// The loss of rows of responses under the policy with these logits; a reward head is the logits themselves.
    func loss(of objective: any Objective, _ logits: Tensor, _ rows: [Row], _ pairs: [Pair]) throws -> Loss {
        let index = try Tensor(rows.map { Int64($0.response) }, shape: [rows.count])
        func column(_ values: Tensor) throws -> Tensor { try values.indexSelect(0, index).unsqueeze(1) }
        func constant(_ name: String) throws -> Tensor {
            guard let policy = policies[name] else { throw ObjectiveRefused("no policy \(name)") }
            return try column(Tensor(policy, shape: [policy.count]).log())
        }
        var reads: [Quantity: Tensor] = [:]
        for quantity in objective.reads {
            switch quantity {
            case .logProbs: reads[quantity] = try column(logits.logSoftmax(0))
            case .head("reward"): reads[quantity] = try column(logits)
            default: reads[quantity] = try Tensor.zeros([rows.count, 1, 4], type: .float64)
            }
        }
        var scores: [Score: Tensor] = [:]
        for need in objective.needs { scores[need] = try constant(need.by.snapshot ?? "") }
        let examples = rows.map { Example(tokens: [0, TokenID($0.response)], isTrained: [false, true], scalars: $0.numbers) }
        let weights = try Tensor(rows.map(\.weight), shape: [rows.count, 1])
        let mask = try Tensor([Double](repeating: 1, count: rows.count), shape: [rows.count, 1])
        let advantages = try Tensor(rows.map(\.advantage), shape: [rows.count, 1])
        let sampler = objective.takes.samplerLogProbs ? try constant("sampler") : nil
        func inputs(_ totals: [String: Double]) -> LossInputs {
            LossInputs(
                examples: examples, pairs: pairs, mask: mask, weights: weights, advantages: advantages, samplerLogProbs: sampler,
                scores: scores, reads: reads, totals: totals)
        }
        return try objective.loss(inputs(try objective.totals(of: inputs([:]))))
    }

    /// The loss at these logits, and its gradient by them.
    func gradient(
        of objective: any Objective, at logits: [Double], _ rows: [Row], _ pairs: [Pair] = []
    ) throws -> (loss: Double, gradient: [Double]) {
        let live = try Tensor(logits, shape: [logits.count])
        try live.requireGradient()
        let total = try loss(of: objective, live, rows, pairs).total
        try total.backward()
        return (try total.item(), try live.gradient()?.doubles() ?? [])
    }

    /// The margin that is reported at these logits.
    func margin(of objective: any Objective, at logits: [Double], _ rows: [Row], _ pairs: [Pair]) throws -> Double {
        try loss(of: objective, try Tensor(logits, shape: [logits.count]), rows, pairs).metrics["margin"]?.mean ?? .nan
    }

    /// The logits after AdamW with a rate that falls to 0.
    func learned(
        _ objective: any Objective, from start: [Double], _ rows: [Row], _ pairs: [Pair] = [], steps: Int = 400, rate: Double = 0.1
    ) throws -> [Double] {
        let live = try Tensor(start, shape: [start.count])
        try live.requireGradient()
        let optimiser = AdamW([live])
        for step in 0..<steps {
            try optimiser.clearGradients()
            try loss(of: objective, live, rows, pairs).total.backward()
            let left = 1 - Double(step) / Double(steps)
            try optimiser.step(indices: [0], rate: rate * left, beta1: 0.8, beta2: 0.95, epsilon: 1e-12, weightDecay: 0)
        }
        return try live.detach().doubles()
    }
}

/// What the world lacks.
struct ObjectiveRefused: Error, CustomStringConvertible {
    var description: String
    init(_ sentence: String) { description = sentence }
}

/// An objective of the catalogue with some of its numbers set.
func preference(_ name: String, _ settings: [String: Setting] = [:]) throws -> any Objective {
    let entry = try ObjectiveCatalog.entry(name)
    let given = settings.sorted { $0.key < $1.key }.map { SettingsOverlay.Entry(path: [$0.key], value: $0.value.json, place: "test") }
    return try entry.make(try SettingsOverlay(defaults: entry.defaults).resolve(given))
}

/// The probabilities of logits.
func softmax(_ logits: [Double]) -> [Double] {
    let top = logits.max() ?? 0
    let powers = logits.map { exp($0 - top) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
}

/// A number or a truth value that is set.
struct Setting: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
    var json: JSONValue
    init(_ number: Double) { json = .number(number) }
    init(integerLiteral value: Int) { json = .integer(value) }
    init(floatLiteral value: Double) { json = .number(value) }
    init(booleanLiteral value: Bool) { json = .bool(value) }
}
