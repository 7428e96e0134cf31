import CTorch

/// AdamW (Loshchilov and Hutter 2019) with libtorch's fused kernel; moments and step counts are tensors of their own.
public final class AdamW {
    /// The parameters, in a fixed order.
    public let parameters: [Tensor]
    /// First moments.
    public private(set) var first: [Tensor] = []
    /// Second moments.
    public private(set) var second: [Tensor] = []
    /// Step counts, one float32 number per parameter, as the fused kernel keeps them.
    public private(set) var steps: [Tensor] = []

    /// An optimiser at step 0.
    public init(_ parameters: [Tensor]) throws(TensorError) {
        self.parameters = parameters
        try reset()
    }

    /// Forgets all moments and steps.
    public func reset() throws(TensorError) {
        first = []
        second = []
        steps = []
        for parameter in parameters {
            first.append(try Tensor.zeros(parameter.shape, type: parameter.dataType))
            second.append(try Tensor.zeros(parameter.shape, type: parameter.dataType))
            steps.append(try Tensor.full([], 0))
        }
    }

    /// One step on the parameters at `indices` with the gradients they hold; those without a gradient are left alone.
    public func step(
        indices: [Int], rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double
    ) throws(TensorError) {
        var p: [OpaquePointer?] = []
        var g: [OpaquePointer?] = []
        var m: [OpaquePointer?] = []
        var v: [OpaquePointer?] = []
        var s: [OpaquePointer?] = []
        var gradients: [Tensor] = []
        for i in indices {
            guard let gradient = try parameters[i].gradient() else { continue }
            gradients.append(gradient)
            p.append(parameters[i].handle)
            g.append(gradient.handle)
            m.append(first[i].handle)
            v.append(second[i].handle)
            s.append(steps[i].handle)
        }
        guard !p.isEmpty else { return }
        guard ht_adamw_(p, g, m, v, s, Int32(p.count), rate, beta1, beta2, weightDecay, epsilon) else {
            throw TensorError.latest
        }
        withExtendedLifetime(gradients) {}
    }

    /// The norm of all gradients together; scales them down to `limit` when it is larger and `limit` is above 0.
    public func clip(to limit: Double) throws(TensorError) -> Double {
        var gradients: [Tensor] = []
        for parameter in parameters {
            if let gradient = try parameter.gradient() { gradients.append(gradient) }
        }
        let handles: [OpaquePointer?] = gradients.map(\.handle)
        var norm = 0.0
        guard ht_global_norm(handles, Int32(handles.count), &norm) else { throw TensorError.latest }
        if limit > 0, norm > limit, norm.isFinite {
            guard ht_scale_all_(handles, Int32(handles.count), limit / (norm + 1e-6)) else { throw TensorError.latest }
        }
        return norm
    }

    /// Forgets all gradients.
    public func clearGradients() throws(TensorError) {
        for parameter in parameters { try parameter.clearGradient() }
    }
}
