import Foundation
import HoneCore
import HoneModel
import HoneTensor

/// Checks what every objective promises, on random batches in double precision: whoever is listed in a catalogue is
/// proven by being listed.
///
/// Returns one sentence per broken promise, at most eight; an empty list means that all were kept. Checked are: values and
/// gradients are finite and 0 at masked places; what stands at masked places and padding columns cannot change the loss;
/// micro-batches (which keep pairs, and groups where asked for, together) add up to the batch; gradients by everything the
/// objective reads equal finite differences (relative 10⁻⁶, with stop-gradients held where they were); a batch without a
/// trained token gives exactly 0 and can be differentiated; advantages of 0 give a gradient of 0 (`followsAdvantages`: only for
/// objectives without penalties); wrong ranks and shapes are refused.
public func checkObjective(
    _ objective: any Objective, seed: Seed, batches: Int = 500, followsAdvantages: Bool = false
) throws -> [String] {
    // Batches are tiny: waking a second thread for each operation costs far more than it does, the more so on a busy machine.
    let threads = TensorRuntime.threads
    TensorRuntime.threads = 1
    defer { TensorRuntime.threads = threads }
    var broken: [String] = []
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds, broken.count < 8 { broken.append(sentence()) }
    }
    for number in 0..<batches {
        let rows = RandomRows(for: objective, seed: seed.child("batch", number), number: number)
        let whole = try rows.result(of: objective)
        require(whole.loss.isFinite, "batch \(number): the loss is \(whole.loss)")
        for (key, gradient) in whole.gradients {
            require(gradient.allSatisfy(\.isFinite), "batch \(number): a gradient by \(key) is not finite")
            require(
                zip(gradient, rows.places(of: key)).allSatisfy { $1 || $0 == 0 },
                "batch \(number): a masked place of \(key) has a gradient")
        }
        let spoiled = try rows.spoiled().result(of: objective)
        require(spoiled == whole, "batch \(number): masked places change the loss from \(whole.loss) to \(spoiled.loss), or its gradient")
        let padded = try rows.padded(by: 1 + number % 7).result(of: objective)
        require(isClose(padded.loss, whole.loss, 1e-12), "batch \(number): padding changes the loss from \(whole.loss) to \(padded.loss)")
        let parts = try rows.result(of: objective, partSize: 1 + number % 3)
        require(parts.isClose(to: whole, 1e-11), "batch \(number): micro-batches change the loss from \(whole.loss) to \(parts.loss), or its gradient")
        if !rows.mask.contains(where: { $0.contains(1) }) {
            require(whole.loss == 0, "batch \(number): nothing is trained, but the loss is \(whole.loss)")
        }
        if followsAdvantages {
            let flat = try rows.withoutAdvantages().result(of: objective)
            require(
                flat.gradients.values.allSatisfy { $0.allSatisfy { $0 == 0 } }, "batch \(number): advantages of 0 have a gradient")
        }
        if number % max(1, batches / 20) == 0, !rows.isFarOff {
            let error = try rows.gradientError(of: objective, against: whole)
            require(error.size <= 1e-6, "batch \(number): the gradient by \(error.key) differs from finite differences by \(error.size) (relative)")
        }
    }
    for sentence in try RandomRows(for: objective, seed: seed, number: 3).acceptedMisfits(of: objective) { require(false, sentence) }
    return broken
}

func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { a == b || abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

/// A loss, and its gradient by each thing the objective reads, row after row.
struct LossResult: Equatable {
    var loss: Double
    var gradients: [String: [Double]]

    func isClose(to other: LossResult, _ tolerance: Double) -> Bool {
        HoneTestSupport.isClose(loss, other.loss, tolerance)
            && gradients.allSatisfy { key, values in
                zip(values, other.gradients[key] ?? []).allSatisfy { HoneTestSupport.isClose($0, $1, tolerance) }
            }
    }
}

extension RandomRows {
    /// The loss of all rows, cut into parts of so many units where asked for.
    func result(of objective: any Objective, partSize: Int? = nil) throws -> LossResult {
        let all = Array(0..<rows)
        let totals = try objective.totals(of: try inputs(for: objective, all, totals: [:]).inputs)
        var result = LossResult(loss: 0, gradients: [:])
        for key in readKeys(of: objective) { result.gradients[key] = [Double](repeating: 0, count: rows * columns * width(of: key)) }
        for part in parts(of: partSize, wholeGroups: objective.takes.wholeGroups) {
            let made = try inputs(for: objective, part, totals: totals)
            let loss = try objective.loss(made.inputs)
            result.loss += try loss.total.item()
            // A part that nothing depends on is a constant.
            guard loss.total.requiresGradient else { continue }
            try loss.total.backward()
            for (key, tensor) in made.reads {
                guard let gradient = try tensor.gradient()?.doubles() else { continue }
                let size = columns * width(of: key)
                for (place, row) in part.enumerated() {
                    for offset in 0..<size { result.gradients[key]?[row * size + offset] += gradient[place * size + offset] }
                }
            }
        }
        return result
    }

    /// The largest difference from central differences, relative to the largest gradient of the same kind.
    func gradientError(of objective: any Objective, against whole: LossResult) throws -> (key: String, size: Double) {
        let step = 1e-5
        let largest = whole.gradients.values.flatMap { $0 }.map(abs).max() ?? 0
        var worst = (key: "", size: 0.0)
        for (key, gradient) in whole.gradients.sorted(by: { $0.key < $1.key }) {
            let wide = width(of: key)
            for index in gradient.indices {
                let (row, column) = (index / (columns * wide), index / wide % columns)
                guard mask[row][column] == 1 else { continue }
                var sides: [Double] = []
                for sign in [1.0, -1.0] {
                    var moved = self
                    moved.held = values
                    moved.values[key]?[row][column * wide + index % wide] += sign * step
                    sides.append(try moved.result(of: objective).loss)
                }
                let error = abs((sides[0] - sides[1]) / (2 * step) - gradient[index]) / max(1e-3, largest)
                if error > worst.size { worst = (key, error) }
            }
        }
        return worst
    }

    /// A sentence for each wrong shape that the objective took without complaint.
    func acceptedMisfits(of objective: any Objective) throws -> [String] {
        var wrong: [(String, String, Tensor)] = [("mask", "a mask of rank 1", try Tensor.zeros([columns], type: .float64))]
        for key in readKeys(of: objective) {
            let end = width(of: key) > 1 ? [width(of: key)] : []
            wrong.append((key, "\(key) of rank 1", try Tensor.zeros([columns], type: .float64)))
            wrong.append((key, "\(key) with a column too many", try Tensor.zeros([rows, columns + 1] + end, type: .float64)))
        }
        if objective.takes.advantages { wrong.append(("advantages", "advantages of rank 1", try Tensor.zeros([columns], type: .float64))) }
        let totals = try objective.totals(of: try inputs(for: objective, Array(0..<rows), totals: [:]).inputs)
        return try wrong.compactMap { name, words, tensor in
            let part = try inputs(for: objective, Array(0..<rows), totals: totals, replacing: [name: tensor])
            do {
                _ = try objective.loss(part.inputs)
                return "\(words) was accepted"
            } catch {
                return "\(error)".contains("expected") ? nil : "\(words): the refusal does not say what was expected: \(error)"
            }
        }
    }
}
