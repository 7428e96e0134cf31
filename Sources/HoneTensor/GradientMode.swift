import CTorch

/// Whether operations on this thread record a graph.
///
/// Used without a closure, so that tensors of the surrounding scope stay where they are:
/// `let mode = GradientMode.off(); defer { mode.restore() }`.
public struct GradientMode: ~Copyable {
    private let before: Bool

    private init(_ on: Bool) {
        before = ht_grad_mode()
        ht_set_grad_mode(on)
    }

    /// Stops recording until `restore`.
    public static func off() -> GradientMode { GradientMode(false) }

    /// Records until `restore`.
    public static func on() -> GradientMode { GradientMode(true) }

    /// Puts back what was before.
    public func restore() { ht_set_grad_mode(before) }
}

extension Tensor {
    /// Makes a leaf collect gradients, or stops it.
    public func requireGradient(_ on: Bool = true) throws(TensorError) {
        guard ht_require_grad(handle, on) else { throw TensorError.latest }
    }

    /// Whether a gradient flows into it.
    public var requiresGradient: Bool { ht_requires_grad(handle) }

    /// The gradient collected so far; nil when there is none.
    public func gradient() throws(TensorError) -> Tensor? {
        ht_has_grad(handle) ? try Tensor(taking: ht_grad(handle)) : nil
    }

    /// Forgets the gradient.
    public func clearGradient() throws(TensorError) {
        guard ht_clear_grad(handle) else { throw TensorError.latest }
    }

    /// Adds the gradient of this number to all leaves below it.
    public func backward() throws(TensorError) {
        guard ht_backward(handle, nil, false) else { throw TensorError.latest }
    }

    /// The same numbers, cut off from the graph.
    public func detach() throws(TensorError) -> Tensor { try Tensor(taking: ht_detach(handle)) }
}
