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
///
/// Masked places become 0 whatever stood there: a product with the mask would let NaN and infinity through.
enum Reading {
    /// The largest log-ratio that is exponentiated: e²⁰ ≈ 5·10⁸ is far beyond any use and far from overflow.
    static let largestLogRatio = 20.0

    /// Log-probabilities of the model in training, [R, T], shaped like the mask, 0 where masked.
    static func logProbs(_ inputs: borrowing LossInputs) throws -> Tensor {
        try quantity(.logProbs, "log-probabilities", inputs)
    }

    /// A quantity of the model in training, [R, T], 0 where masked.
    static func quantity(_ quantity: Quantity, _ words: String, _ inputs: borrowing LossInputs) throws -> Tensor {
        try constant(inputs.reads[quantity], words, inputs)
    }

    /// A quantity of the model in training as a constant, for factors that carry no gradient, [R, T], 0 where masked.
    static func held(_ quantity: Quantity, _ words: String, _ inputs: borrowing LossInputs) throws -> Tensor {
        try constant(inputs.held[quantity] ?? inputs.reads[quantity], words, inputs).detach()
    }

    /// A per-token tensor, [R, T], shaped like the mask, 0 where masked.
    static func constant(_ tensor: Tensor?, _ words: String, _ inputs: borrowing LossInputs) throws -> Tensor {
        guard let tensor else { throw ObjectiveError("The objective needs \(words), which were not given") }
        guard inputs.mask.rank == 2 else {
            throw ObjectiveError("The mask has shape \(inputs.mask.shape); expected [rows, tokens]")
        }
        guard tensor.shape == inputs.mask.shape else {
            throw ObjectiveError(
                "The \(words) have shape \(tensor.shape); expected \(inputs.mask.shape), one number per place of the mask")
        }
        return try tensor.maskedFill(inputs.mask.isEqual(to: 0), 0)
    }

    /// The weights of trained tokens, [R, T], 0 where masked.
    static func weights(_ inputs: borrowing LossInputs) throws -> Tensor { try constant(inputs.weights, "weights", inputs) }

    /// e^x of a log-ratio held within ±20.
    static func ratio(_ logRatio: Tensor) throws -> Tensor {
        try logRatio.clamp(-largestLogRatio, largestLogRatio).exp()
    }

    /// How many rows of the inputs have a trained token.
    static func filledRows(_ inputs: borrowing LossInputs) throws -> Double {
        guard inputs.mask.rank == 2 else {
            throw ObjectiveError("The mask has shape \(inputs.mask.shape); expected [rows, tokens]")
        }
        return try inputs.mask.sum(1).isGreater(than: 0).to(inputs.mask.dataType).sum().item()
    }

    /// The sum of a detached per-token tensor over trained tokens, with their count.
    static func tally(_ tensor: Tensor, _ inputs: borrowing LossInputs) throws -> Tally {
        Tally(sum: try (tensor.detach() * inputs.mask).sum().item(), count: try inputs.mask.sum().item())
    }
}
