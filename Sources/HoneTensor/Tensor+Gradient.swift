import CTorch

extension Tensor {
    /// Whether a gradient flows into this tensor.
    public var requiresGradient: Bool { ht_requires_grad(handle) }

    /// Whether the tensor holds on to a recorded graph; sums kept over steps should not.
    public var hasGraph: Bool { ht_has_graph(handle) }

    /// Makes a leaf collect gradients, or stop.
    public func requireGradient(_ on: Bool = true) throws(TensorError) {
        try Tensor.check(ht_require_grad(handle, on), "requireGradient", "a floating-point leaf", [self])
    }

    /// The gradient that a leaf has collected since it was last cleared; nil when there is none.
    public func gradient() throws(TensorError) -> Tensor? {
        guard ht_has_grad(handle) else { return nil }
        return try Tensor.made(ht_grad(handle), "gradient", "a leaf", [self])
    }

    /// Forgets the collected gradient.
    public func clearGradient() throws(TensorError) {
        try Tensor.check(ht_clear_grad(handle), "clearGradient", "a leaf", [self])
    }

    /// Adds to the collected gradient.
    public func accumulateGradient(_ gradient: Tensor) throws(TensorError) {
        try Tensor.check(
            ht_accumulate_grad(handle, gradient.handle), "accumulateGradient", "a gradient of the leaf's own shape",
            [self, gradient])
    }

    /// Adds the gradient of this tensor to all leaves below it.
    ///
    /// The tensor must be a single number, unless `seed` gives its own gradient (same shape). The graph is released
    /// unless `keepGraph` is set.
    public func backward(seed: Tensor? = nil, keepGraph: Bool = false) throws(TensorError) {
        try Tensor.check(
            ht_backward(handle, seed?.handle, keepGraph), "backward",
            "one number with a recorded graph, or a seed of the same shape", seed.map { [self, $0] } ?? [self])
    }

    /// The same values as a constant.
    public func detach() throws(TensorError) -> Tensor {
        try Tensor.made(ht_detach(handle), "detach", "a tensor", [self])
    }
}
