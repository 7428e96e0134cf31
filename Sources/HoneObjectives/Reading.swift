import HoneCore
import HoneModel
import HoneTensor

/// Why an objective refused its inputs, in one sentence.
public struct ObjectiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }
}

/// What objectives take from their inputs, with shapes checked first.
enum Reading {
    /// Log-probabilities of the model in training, [R, T], shaped like the mask.
    static func logProbs(_ inputs: borrowing LossInputs) throws -> Tensor {
        try quantity(.logProbs, "log-probabilities", inputs)
    }

    /// A quantity of the model in training, [R, T].
    static func quantity(_ quantity: Quantity, _ words: String, _ inputs: borrowing LossInputs) throws -> Tensor {
        guard let tensor = inputs.reads[quantity] else { throw ObjectiveError("The objective reads \(words), which were not given") }
        guard inputs.mask.rank == 2 else { throw ObjectiveError("The mask has shape \(inputs.mask.shape); expected [rows, tokens]") }
        try tensor.expect(inputs.mask.shape, "“\(words)”")
        return tensor
    }

    /// A per-token constant, [R, T], shaped like the mask.
    static func constant(_ tensor: Tensor?, _ words: String, _ inputs: borrowing LossInputs) throws -> Tensor {
        guard let tensor else { throw ObjectiveError("The objective needs \(words), which were not given") }
        try tensor.expect(inputs.mask.shape, "“\(words)”")
        return tensor
    }
}
