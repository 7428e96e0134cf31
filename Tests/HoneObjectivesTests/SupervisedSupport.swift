import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor

/// The loss port's answer to a line, by objective.
func portAnswer(_ objective: String, _ line: String) throws -> JSONValue {
    try LossPort(objective).answerLoss(try JSONValue(parsing: line))
}

/// All numbers of nested lists, in order.
func flatNumbers(_ value: JSONValue?) -> [Double] {
    guard let value else { return [] }
    return value.elements.map { $0.flatMap { flatNumbers($0) } } ?? [value.double].compactMap { $0 }
}

func areClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0), abs($1)) }
}

/// A batch whose numbers are made of parameters, for learning a known answer.
struct Lesson {
    var mask: [[Double]]
    var weights: [[Double]]?
    var samplerLogProbs: [[Double]]?
    var channels: [String: [[Double]]] = [:]
    var scalars: [[String: Double]] = []
    var groups: [Int] = []
    var tokens: [[TokenID]] = []
    var pairs: [Pair] = []
    var scores: [Score: Tensor] = [:]

    var shape: [Int] { [mask.count, mask[0].count] }

    func loss(of objective: any Objective, reads: [Quantity: Tensor]) throws -> Tensor {
        func tensor(_ table: [[Double]]) throws -> Tensor { try Tensor(table.flatMap { $0 }, shape: shape) }
        let examples = mask.indices.map { row in
            Example(
                tokens: tokens.isEmpty ? [TokenID](repeating: 0, count: shape[1] + 1) : tokens[row],
                isTrained: [false] + mask[row].map { $0 == 1 }, scalars: scalars.isEmpty ? [:] : scalars[row],
                group: groups.isEmpty ? 0 : groups[row])
        }
        func inputs(_ totals: [String: Double]) throws -> LossInputs {
            LossInputs(
                examples: examples, pairs: pairs, mask: try tensor(mask), weights: try tensor(weights ?? mask),
                samplerLogProbs: try samplerLogProbs.map(tensor), scores: scores, channels: try channels.mapValues(tensor),
                reads: reads, totals: totals)
        }
        return try objective.loss(try inputs(try objective.totals(of: try inputs([:])))).total
    }
}

/// Goes down the gradient of a loss by the parameters, so many steps; gives the last loss.
@discardableResult
func descend(_ parameters: [Tensor], rate: Double, steps: Int, _ loss: () throws -> Tensor) throws -> Double {
    for parameter in parameters { try parameter.requireGradient() }
    var value = 0.0
    for _ in 0..<steps {
        let total = try loss()
        value = try total.item()
        try total.backward()
        let mode = GradientMode.off()
        defer { mode.restore() }
        for parameter in parameters {
            if let gradient = try parameter.gradient() { try parameter.add(gradient, times: -rate) }
            try parameter.clearGradient()
        }
    }
    return value
}
