import HoneCore
import HoneModel
import HoneTensor

/// A process reward model: logistic regression of a head at the tokens that end a step.
public protocol StepRewardObjective: TokenObjective, HeadObjective {}

extension StepRewardObjective {
    public var takes: RowNeeds { RowNeeds(channels: ["steps": StepLabels.number]) }
    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor { try StepLabels.weights(inputs) }

    /// The cross-entropy between labels [R, T] and σ of the head's outputs.
    func fit(_ labels: Tensor, _ inputs: borrowing LossInputs) throws -> TokenLosses {
        try LogisticFit.losses(try outputs(inputs), labels, weights: try weights(inputs))
    }
}

/// Labels of steps, given at the token that ends each.
enum StepLabels {
    /// What the channel `steps` means.
    static let number = RowNeeds.Number("the share of right completions at the token that ends a step, below 0 at all others", -1...1)

    /// What cards say of the metrics.
    static let metrics = [
        "accuracy": "share (by w) of steps at which σ(s) and the label are on the same side of ½", "probability": "mean of σ(s) over steps, by w",
    ]

    /// The labels, [R, T], below 0 where no step ends, 0 where masked.
    static func steps(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.constant(inputs.channels["steps"], "channel “steps”", inputs)
    }

    /// The weights of tokens that end a step, [R, T], 0 elsewhere.
    static func weights(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.weights(inputs) * steps(inputs).isAtLeast(0).to(inputs.mask.dataType)
    }
}
