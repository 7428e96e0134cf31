import CTorch

/// AdamW (Loshchilov and Hutter 2019) with libtorch's fused kernel; moments and step counts are tensors of their own.
public final class AdamW {
    /// The parameters, in a fixed order.
    public let parameters: [Tensor]
    /// What the optimiser remembers; nothing until it is needed, as models that only answer never need it.
    private var kept: Moments?

    /// First and second moments of each parameter, and step counts, one float32 number per parameter, as the fused kernel keeps them.
    public struct Moments {
        /// First moments.
        public let first: [Tensor]
        /// Second moments.
        public let second: [Tensor]
        /// Step counts.
        public let steps: [Tensor]
    }

    /// An optimiser at step 0.
    public init(_ parameters: [Tensor]) { self.parameters = parameters }

    /// The moments and step counts, at zero where no step was taken.
    public func moments() throws(TensorError) -> Moments {
        if let kept { return kept }
        var (first, second, steps): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
        for parameter in parameters {
            first.append(try Tensor.zeros(parameter.shape, type: parameter.dataType))
            second.append(try Tensor.zeros(parameter.shape, type: parameter.dataType))
            steps.append(try Tensor.full([], 0))
        }
        let made = Moments(first: first, second: second, steps: steps)
        kept = made
        return made
    }

    /// Forgets all moments and steps.
    public func reset() { kept = nil }

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
        let moments = try moments()
        for i in indices {
            guard let gradient = try parameters[i].gradient() else { continue }
            gradients.append(gradient)
            p.append(parameters[i].handle)
            g.append(gradient.handle)
            m.append(moments.first[i].handle)
            v.append(moments.second[i].handle)
            s.append(moments.steps[i].handle)
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
