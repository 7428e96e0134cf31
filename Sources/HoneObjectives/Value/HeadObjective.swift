import HoneCore
import HoneModel
import HoneTensor

/// Settings of an objective that teaches one head.
public protocol HeadSettings: ObjectiveSettings {
    /// The head that is taught.
    var head: String { get }
}

/// An objective that teaches one head of the model; one output per token unless said otherwise.
public protocol HeadObjective: ConfigurableObjective where Settings: HeadSettings {}

extension HeadObjective {
    public var heads: [Head] { [Head(head)] }
    public var reads: Set<Quantity> { [.head(head)] }

    var head: HeadName { HeadName(settings.head) }

    /// The head's output at each place, [R, T], 0 where masked.
    func outputs(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.quantity(.head(head), "outputs of the head “\(head)”", inputs)
    }

    /// The outputs of a head of several at each place, [R, T, K], 0 where masked.
    func wideOutputs(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.wide(inputs.reads[.head(head)], "outputs of the head “\(head)”", inputs)
    }
}
