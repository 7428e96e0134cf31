import Foundation
import HoneCore
import HoneModel
import HoneTensor

/// Checks what every objective promises, on random batches in double precision: whoever is listed in a catalogue is
/// proven by being listed.
///
/// Returns one sentence per broken promise, at most eight; an empty list means that all were kept. Checked are: values and
/// gradients are finite and 0 at masked places; what stands at masked places and padding columns cannot change the loss;
/// micro-batches add up to the batch; gradients equal finite differences (relative 10⁻⁶); a batch without a trained token
/// gives exactly 0 and can be differentiated; advantages of 0 give a gradient of 0 (`followsAdvantages`: only for
/// objectives without penalties); wrong ranks and shapes are refused.
public func checkObjective(
    _ objective: any Objective, seed: Seed, batches: Int = 500, followsAdvantages: Bool = false
) throws -> [String] {
    var broken: [String] = []
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds, broken.count < 8 { broken.append(sentence()) }
    }
    for number in 0..<batches {
        let rows = RandomRows(seed: seed.child("batch", number), number: number)
        let whole = try rows.result(of: objective)
        require(whole.loss.isFinite, "batch \(number): the loss is \(whole.loss)")
        require(whole.gradient.allSatisfy(\.isFinite), "batch \(number): a gradient is not finite")
        require(
            zip(whole.gradient, rows.mask.flatMap { $0 }).allSatisfy { $1 == 1 || $0 == 0 },
            "batch \(number): a masked place has a gradient")
        let spoiled = try rows.spoiled().result(of: objective)
        require(
            spoiled.loss == whole.loss && spoiled.gradient == whole.gradient,
            "batch \(number): masked places change the loss from \(whole.loss) to \(spoiled.loss)")
        let padded = try rows.padded(by: 1 + number % 7).result(of: objective)
        require(isClose(padded.loss, whole.loss, 1e-12), "batch \(number): padding changes the loss from \(whole.loss) to \(padded.loss)")
        let parts = try rows.result(of: objective, partSize: 1 + number % 3)
        require(
            isClose(parts.loss, whole.loss, 1e-12)
                && zip(parts.gradient, whole.gradient).allSatisfy { isClose($0, $1, 1e-12) },
            "batch \(number): micro-batches change the loss from \(whole.loss) to \(parts.loss)")
        if !rows.mask.contains(where: { $0.contains(1) }) {
            require(whole.loss == 0, "batch \(number): nothing is trained, but the loss is \(whole.loss)")
        }
        if followsAdvantages {
            let flat = try rows.withoutAdvantages().result(of: objective)
            require(flat.gradient.allSatisfy { $0 == 0 }, "batch \(number): advantages of 0 have a gradient")
        }
        if number % max(1, batches / 20) == 0, !rows.isFarOff {
            let error = try rows.gradientError(of: objective, against: whole.gradient)
            require(error <= 1e-6, "batch \(number): the gradient differs from finite differences by \(error) (relative)")
        }
    }
    for sentence in try RandomRows(seed: seed, number: 3).acceptedMisfits(of: objective) { require(false, sentence) }
    return broken
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

/// A random batch in plain numbers.
private struct RandomRows {
    var mask: [[Double]]
    var values: [String: [[Double]]]
    /// Whether a ratio is so large that differences of the loss have no digits left.
    var isFarOff: Bool
    static let names = ["logProbs", "entropies", "samplerLogProbs", "reference", "advantages", "weights"]

    var rows: Int { mask.count }
    var columns: Int { mask[0].count }

    /// Every seventh batch is wholly masked, every fifth has equal rewards, every third single tokens.
    init(seed: Seed, number: Int) {
        var generator = seed.generator
        let rows = generator.integer(in: 1...5)
        let columns = number % 3 == 1 ? 1 : generator.integer(in: 1...8)
        func table(_ draw: (inout SeededGenerator) -> Double) -> [[Double]] {
            (0..<rows).map { _ in (0..<columns).map { _ in draw(&generator) } }
        }
        let density = generator.unit()
        mask = table { number % 7 == 6 || !$0.chance(density) ? 0 : 1 }
        if rows > 1 { mask[0] = [Double](repeating: 0, count: columns) }
        let logProbs = table { -4 * $0.unit() }
        values = [
            "logProbs": logProbs, "entropies": table { 2 * $0.unit() }, "weights": table { 0.1 + $0.unit() },
            "samplerLogProbs": logProbs.map { $0.map { min(-1e-3, $0 + generator.unit() - 0.5) } },
            "reference": logProbs.map { $0.map { min(-1e-3, $0 + 2 * generator.unit() - 1) } },
            "advantages": number % 5 == 4 ? table { _ in 0 } : table { 4 * $0.unit() - 2 },
        ]
        // Far-off policies: a ratio no exponential can hold must still give a defined value.
        isFarOff = number % 11 == 10
        if isFarOff { values["samplerLogProbs"]?[rows - 1][0] = -2000 }
    }

    func spoiled() -> RandomRows {
        var copy = self
        let junk = [Double.nan, .infinity, -.infinity, 1e300, 7]
        for (offset, name) in Self.names.enumerated() {
            for row in 0..<rows {
                for column in 0..<columns where mask[row][column] == 0 {
                    copy.values[name]?[row][column] = junk[(offset + row + column) % junk.count]
                }
            }
        }
        return copy
    }

    func padded(by count: Int) -> RandomRows {
        var copy = self
        let more = [Double](repeating: 0, count: count)
        copy.mask = mask.map { $0 + more }
        copy.values = values.mapValues { $0.map { $0 + more } }
        return copy
    }

    func withoutAdvantages() -> RandomRows {
        var copy = self
        copy.values["advantages"] = mask.map { $0.map { _ in 0 } }
        return copy
    }

    /// The tensors of some rows; a replaced one stands for a table of the wrong shape.
    func inputs(
        for objective: any Objective, _ range: Range<Int>, totals: [String: Double], replacing: [String: Tensor] = [:]
    ) throws -> (inputs: LossInputs, reads: [Quantity: Tensor]) {
        func tensor(_ name: String) throws -> Tensor {
            if let other = replacing[name] { return other }
            let table = name == "mask" ? mask : values[name] ?? mask
            return try Tensor(table[range].flatMap { $0 }, shape: [range.count, columns])
        }
        var reads: [Quantity: Tensor] = [:]
        if objective.reads.contains(.logProbs) { reads[.logProbs] = try tensor("logProbs") }
        if objective.reads.contains(.entropies) { reads[.entropies] = try tensor("entropies") }
        for tensor in reads.values { try tensor.requireGradient() }
        var scores: [Score: Tensor] = [:]
        for need in objective.needs { scores[need] = try tensor("reference") }
        let examples = range.map { _ in
            Example(tokens: [TokenID](repeating: 0, count: columns + 1), isTrained: [Bool](repeating: true, count: columns + 1))
        }
        return (
            LossInputs(
                examples: examples, mask: try tensor("mask"), weights: try tensor("weights"), advantages: try tensor("advantages"),
                samplerLogProbs: try tensor("samplerLogProbs"), scores: scores, reads: reads, totals: totals), reads
        )
    }

    /// The loss, and its gradient by the log-probabilities and entropies, row after row.
    func result(of objective: any Objective, partSize: Int? = nil) throws -> (loss: Double, gradient: [Double]) {
        let totals = try objective.totals(of: try inputs(for: objective, 0..<rows, totals: [:]).inputs)
        var loss = 0.0
        var gradients: [Quantity: [Double]] = [:]
        var start = 0
        while start < rows {
            let range = start..<min(rows, start + (partSize ?? rows))
            let part = try inputs(for: objective, range, totals: totals)
            let result = try objective.loss(part.inputs)
            loss += try result.total.item()
            try result.total.backward()
            for (quantity, tensor) in part.reads {
                gradients[quantity, default: []] += try tensor.gradient()?.doubles() ?? [Double](repeating: 0, count: tensor.count)
            }
            start = range.upperBound
        }
        return (loss, gradients[.logProbs] ?? [])
    }

    /// The largest difference from central differences, relative to the largest gradient.
    func gradientError(of objective: any Objective, against gradient: [Double]) throws -> Double {
        let step = 1e-5
        let scale = max(1e-3, gradient.map(abs).max() ?? 0)
        var worst = 0.0
        for row in 0..<rows {
            for column in 0..<columns {
                var sides: [Double] = []
                for sign in [1.0, -1.0] {
                    var moved = self
                    moved.values["logProbs"]?[row][column] += sign * step
                    sides.append(try moved.result(of: objective).loss)
                }
                worst = max(worst, abs((sides[0] - sides[1]) / (2 * step) - gradient[row * columns + column]) / scale)
            }
        }
        return worst
    }

    /// A sentence for each wrong shape that the objective took without complaint.
    func acceptedMisfits(of objective: any Objective) throws -> [String] {
        let wrong: [(String, String, Tensor)] = [
            ("logProbs", "log-probabilities of rank 1", try Tensor.zeros([columns], type: .float64)),
            ("logProbs", "log-probabilities with a column too many", try Tensor.zeros([rows, columns + 1], type: .float64)),
            ("weights", "weights of rank 1", try Tensor.zeros([columns], type: .float64)),
            ("mask", "a mask of rank 1", try Tensor.zeros([columns], type: .float64)),
        ]
        return try wrong.compactMap { name, words, tensor in
            let part = try inputs(for: objective, 0..<rows, totals: ["rows": 1, "tokens": 1, "weight": 1], replacing: [name: tensor])
            do {
                _ = try objective.loss(part.inputs)
                return "\(words) were accepted"
            } catch {
                return "\(error)".contains("expected") ? nil : "\(words): the refusal does not say what was expected: \(error)"
            }
        }
    }
}
