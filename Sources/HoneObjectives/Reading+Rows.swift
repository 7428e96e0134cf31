import HoneCore
import HoneModel
import HoneTensor

extension Reading {
    /// Log-probabilities of whole distributions or outputs of wide heads, [R, T, K], 0 where masked.
    static func wide(_ tensor: Tensor?, _ words: String, _ inputs: borrowing LossInputs) throws -> Tensor {
        guard let tensor else { throw ObjectiveError("The objective needs \(words), which were not given") }
        guard inputs.mask.rank == 2, tensor.rank == 3, Array(tensor.shape.prefix(2)) == inputs.mask.shape else {
            throw ObjectiveError(
                "The \(words) have shape \(tensor.shape) and the mask \(inputs.mask.shape); expected [rows, tokens, outputs] and [rows, tokens]")
        }
        return try tensor.maskedFill(try inputs.mask.isEqual(to: 0).unsqueeze(2), 0)
    }

    /// A number that the rows carry by name, [R, 1].
    static func scalars(_ name: String, _ inputs: borrowing LossInputs) throws -> Tensor {
        try Tensor(try rowNumbers(name, inputs), shape: [inputs.examples.count, 1]).to(inputs.mask.dataType)
    }

    /// A number that the rows carry by name.
    static func rowNumbers(_ name: String, _ inputs: borrowing LossInputs) throws -> [Double] {
        guard inputs.mask.rank == 2, inputs.examples.count == inputs.mask.size(0) else {
            throw ObjectiveError(
                "There are \(inputs.examples.count) examples for a mask of shape \(inputs.mask.shape); expected [examples, tokens]")
        }
        return try inputs.examples.enumerated().map { row, example in
            guard let number = example.scalars[name] else {
                throw ObjectiveError("Row \(row) has no number “\(name)”; expected one for each row")
            }
            return number
        }
    }

    /// 1 at the last trained column of each row, 0 elsewhere: [R, T].
    static func lastTrained(_ inputs: borrowing LossInputs) throws -> Tensor {
        guard inputs.mask.rank == 2 else {
            throw ObjectiveError("The mask has shape \(inputs.mask.shape); expected [rows, tokens]")
        }
        let isLast = try inputs.mask.cumsum(1).isEqual(to: inputs.mask.sum(1, keep: true))
        return try inputs.mask * isLast.to(inputs.mask.dataType)
    }

    /// Which rows have a trained token.
    static func areFilled(_ inputs: borrowing LossInputs) throws -> [Bool] {
        guard inputs.mask.rank == 2 else {
            throw ObjectiveError("The mask has shape \(inputs.mask.shape); expected [rows, tokens]")
        }
        return try inputs.mask.sum(1).to(.float64).doubles().map { $0 > 0 }
    }

    /// What stands at the next trained column of each place's row, 0 after the last: [R, T].
    ///
    /// `values` is 0 where masked; the tokens between two trained ones are the world's and no decision.
    static func following(_ values: Tensor, _ inputs: borrowing LossInputs) throws -> Tensor {
        let (rows, columns) = (inputs.mask.size(0), inputs.mask.size(1))
        let mask = try inputs.mask.to(.float64).doubles()
        var places = [Int64](repeating: Int64(columns), count: rows * columns)
        for row in 0..<rows {
            var next = Int64(columns)
            for column in stride(from: columns - 1, through: 0, by: -1) {
                places[row * columns + column] = next
                if mask[row * columns + column] > 0 { next = Int64(column) }
            }
        }
        let ended = try Tensor.cat([values, try Tensor.zeros([rows, 1], type: values.dataType)], 1)
        return try ended.gather(1, try Tensor(places, shape: [rows, columns]))
    }

    /// The output of a head as wide as the vocabulary for the token that came, [R, T]; `outputs` is [R, T, K].
    static func chosen(_ outputs: Tensor, _ inputs: borrowing LossInputs) throws -> Tensor {
        let (rows, columns, width) = (inputs.mask.size(0), inputs.mask.size(1), outputs.size(2))
        guard inputs.examples.count == rows else {
            throw ObjectiveError("There are \(inputs.examples.count) examples for \(rows) rows of the mask; expected as many")
        }
        var places = [Int64](repeating: 0, count: rows * columns)
        for (row, example) in inputs.examples.enumerated() {
            for (column, token) in example.tokens.dropFirst().prefix(columns).enumerated() {
                guard (0..<width).contains(Int(token)) else {
                    throw ObjectiveError("Row \(row) holds token \(token), but the head has \(width) outputs; expected one for each token")
                }
                places[row * columns + column] = Int64(token)
            }
        }
        return try outputs.gather(2, try Tensor(places, shape: [rows, columns, 1])).squeeze(2)
    }
}
