import HoneCore
import HoneModel
import HoneTensor

extension Reading {
    /// A quantity of the model in training with several numbers per place, [R, T, K], 0 where masked.
    static func wide(_ quantity: Quantity, _ words: String, width: Int? = nil, _ inputs: borrowing LossInputs) throws -> Tensor {
        try wide(inputs.reads[quantity], words, width: width, inputs)
    }

    /// A tensor with several numbers per place, [R, T, K], 0 where masked; K as given, or any.
    static func wide(_ tensor: Tensor?, _ words: String, width: Int? = nil, _ inputs: borrowing LossInputs) throws -> Tensor {
        guard let tensor else { throw ObjectiveError("The objective needs \(words), which were not given") }
        guard inputs.mask.rank == 2 else {
            throw ObjectiveError("The mask has shape \(inputs.mask.shape); expected [rows, tokens]")
        }
        guard tensor.rank == 3, Array(tensor.shape[0..<2]) == inputs.mask.shape, tensor.size(2) == width ?? tensor.size(2) else {
            throw ObjectiveError(
                "The \(words) have shape \(tensor.shape); expected \(inputs.mask.shape) and \(width.map { "\($0)" } ?? "several") numbers at each place")
        }
        return try tensor.maskedFill(inputs.mask.isEqual(to: 0).unsqueeze(2), 0)
    }
}
