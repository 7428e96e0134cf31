import Foundation
import HoneCore
import HoneModel
import HoneTensor

func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }

extension RandomRows {
    /// Rows in parts of so many units; pairs, and groups where asked for, stay together.
    func parts(of size: Int?, wholeGroups: Bool) -> [[Int]] {
        guard let size else { return [Array(0..<rows)] }
        var root = Array(0..<rows)
        func find(_ index: Int) -> Int { root[index] == index ? index : find(root[index]) }
        func join(_ a: Int, _ b: Int) { root[max(find(a), find(b))] = min(find(a), find(b)) }
        for pair in pairs { join(pair.chosen, pair.rejected) }
        if wholeGroups { for row in 0..<rows { join(row, groups.firstIndex(of: groups[row]) ?? row) } }
        var units: [[Int]] = []
        for row in 0..<rows {
            if let place = units.firstIndex(where: { find($0[0]) == find(row) }) { units[place].append(row) } else { units.append([row]) }
        }
        return stride(from: 0, to: units.count, by: size).map { units[$0..<min(units.count, $0 + size)].flatMap { $0 } }
    }

    /// The inputs of some rows, and the tensors a gradient is wanted by; a replaced table stands for one of the wrong shape.
    func inputs(
        for objective: any Objective, _ part: [Int], totals: [String: Double], replacing: [String: Tensor] = [:]
    ) throws -> (inputs: LossInputs, reads: [String: Tensor]) {
        func tensor(_ name: String) throws -> Tensor {
            if let other = replacing[name] { return other }
            let table = name == "mask" ? mask : values[name] ?? mask
            let end = width(of: name) > 1 ? [width(of: name)] : []
            return try Tensor(part.flatMap { table[$0] }, shape: [part.count, columns] + end)
        }
        let takes = objective.takes
        var reads: [Quantity: Tensor] = [:]
        var named: [String: Tensor] = [:]
        for quantity in objective.reads {
            let value = try tensor("\(quantity)")
            try value.requireGradient()
            reads[quantity] = value
            named["\(quantity)"] = value
        }
        var held: [Quantity: Tensor] = [:]
        for quantity in objective.reads {
            guard let table = self.held["\(quantity)"] else { continue }
            let end = width(of: "\(quantity)") > 1 ? [width(of: "\(quantity)")] : []
            held[quantity] = try Tensor(part.flatMap { table[$0] }, shape: [part.count, columns] + end)
        }
        var scores: [Score: Tensor] = [:]
        for need in objective.needs { scores[need] = try tensor("\(need)") }
        var channels: [String: Tensor] = [:]
        for name in takes.channels.keys { channels[name] = try tensor("channel \(name)") }
        let examples = part.map { row in
            Example(tokens: tokens[row], isTrained: [false] + mask[row].map { $0 == 1 }, scalars: scalars[row], group: groups[row])
        }
        let moved = pairs.compactMap { pair -> Pair? in
            guard let chosen = part.firstIndex(of: pair.chosen), let rejected = part.firstIndex(of: pair.rejected) else { return nil }
            var moved = pair
            (moved.chosen, moved.rejected) = (chosen, rejected)
            return moved
        }
        let inputs = LossInputs(
            examples: examples, pairs: moved, mask: try tensor("mask"), weights: try tensor("weights"),
            advantages: takes.advantages ? try tensor("advantages") : nil,
            samplerLogProbs: takes.samplerLogProbs ? try tensor("samplerLogProbs") : nil, scores: scores, channels: channels,
            reads: reads, held: held, totals: totals)
        return (inputs, named)
    }
}
