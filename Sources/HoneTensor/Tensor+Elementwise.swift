import CTorch

// Elementwise functions and comparisons.
extension Tensor {
    /// e to the power of every element.
    public func exp() throws(TensorError) -> Tensor {
        try Tensor.made(ht_exp(handle), "exp", "a tensor of numbers", [self])
    }

    /// exp(x) - 1, exact near 0.
    public func expm1() throws(TensorError) -> Tensor {
        try Tensor.made(ht_expm1(handle), "expm1", "a tensor of numbers", [self])
    }

    /// The natural logarithm.
    public func log() throws(TensorError) -> Tensor {
        try Tensor.made(ht_log(handle), "log", "a tensor of numbers", [self])
    }

    /// log(1 + x), exact near 0.
    public func log1p() throws(TensorError) -> Tensor {
        try Tensor.made(ht_log1p(handle), "log1p", "a tensor of numbers", [self])
    }

    /// The square root.
    public func sqrt() throws(TensorError) -> Tensor {
        try Tensor.made(ht_sqrt(handle), "sqrt", "a tensor of numbers", [self])
    }

    /// One over the square root.
    public func rsqrt() throws(TensorError) -> Tensor {
        try Tensor.made(ht_rsqrt(handle), "rsqrt", "a tensor of numbers", [self])
    }

    /// The square.
    public func square() throws(TensorError) -> Tensor {
        try Tensor.made(ht_square(handle), "square", "a tensor of numbers", [self])
    }

    /// One over every element.
    public func reciprocal() throws(TensorError) -> Tensor {
        try Tensor.made(ht_reciprocal(handle), "reciprocal", "a tensor of numbers", [self])
    }

    /// The absolute value.
    public func abs() throws(TensorError) -> Tensor {
        try Tensor.made(ht_abs(handle), "abs", "a tensor of numbers", [self])
    }

    /// -1, 0 or 1.
    public func sign() throws(TensorError) -> Tensor {
        try Tensor.made(ht_sign(handle), "sign", "a tensor of numbers", [self])
    }

    /// The largest whole number below or at the element.
    public func floor() throws(TensorError) -> Tensor {
        try Tensor.made(ht_floor(handle), "floor", "a tensor of numbers", [self])
    }

    /// The nearest whole number, halves to even.
    public func round() throws(TensorError) -> Tensor {
        try Tensor.made(ht_round(handle), "round", "a tensor of numbers", [self])
    }

    /// The sine.
    public func sin() throws(TensorError) -> Tensor {
        try Tensor.made(ht_sin(handle), "sin", "a tensor of numbers", [self])
    }

    /// The cosine.
    public func cos() throws(TensorError) -> Tensor {
        try Tensor.made(ht_cos(handle), "cos", "a tensor of numbers", [self])
    }

    /// The error function.
    public func erf() throws(TensorError) -> Tensor {
        try Tensor.made(ht_erf(handle), "erf", "a tensor of numbers", [self])
    }

    /// The hyperbolic tangent.
    public func tanh() throws(TensorError) -> Tensor {
        try Tensor.made(ht_tanh(handle), "tanh", "a tensor of numbers", [self])
    }

    /// 1 / (1 + exp(-x)).
    public func sigmoid() throws(TensorError) -> Tensor {
        try Tensor.made(ht_sigmoid(handle), "sigmoid", "a tensor of numbers", [self])
    }

    /// log(1 / (1 + exp(-x))), stable for large values.
    public func logSigmoid() throws(TensorError) -> Tensor {
        try Tensor.made(ht_log_sigmoid(handle), "logSigmoid", "a tensor of numbers", [self])
    }

    /// log(1 + exp(x)), stable for large values.
    public func softplus() throws(TensorError) -> Tensor {
        try Tensor.made(ht_softplus(handle), "softplus", "a tensor of numbers", [self])
    }

    /// max(x, 0).
    public func relu() throws(TensorError) -> Tensor {
        try Tensor.made(ht_relu(handle), "relu", "a tensor of numbers", [self])
    }

    /// x sigmoid(x) (Elfwing et al. 2018).
    public func silu() throws(TensorError) -> Tensor {
        try Tensor.made(ht_silu(handle), "silu", "a tensor of numbers", [self])
    }

    /// Where elements are neither infinite nor not a number.
    public func finiteMask() throws(TensorError) -> Tensor {
        try Tensor.made(ht_isfinite(handle), "finiteMask", "a tensor of numbers", [self])
    }

    /// Where elements are zero or false.
    public func logicalNot() throws(TensorError) -> Tensor {
        try Tensor.made(ht_logical_not(handle), "logicalNot", "a tensor of numbers", [self])
    }

    /// The Gaussian error linear unit (Hendrycks and Gimpel 2016); `approximate` takes its tanh form.
    public func gelu(approximate: Bool = false) throws(TensorError) -> Tensor {
        try Tensor.made(ht_gelu(handle, approximate), "gelu", "a tensor of numbers", [self])
    }

    /// silu(self) * up: the gated unit of SwiGLU layers (Shazeer 2020).
    public func siluMul(_ up: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_silu_mul(handle, up.handle), "siluMul", "shapes that broadcast", [self, up])
    }

    /// Elements moved into a range, nil being no limit; the gradient is zero outside of it.
    public func clamp(_ minimum: Double?, _ maximum: Double?) throws(TensorError) -> Tensor {
        let made: OpaquePointer?
        switch (minimum, maximum) {
        case (nil, nil): made = ht_retain(handle)
        case (let low?, nil): made = withUnsafePointer(to: low) { ht_clamp(handle, $0, nil) }
        case (nil, let high?): made = withUnsafePointer(to: high) { ht_clamp(handle, nil, $0) }
        case (let low?, let high?):
            made = withUnsafePointer(to: low) { lower in
                withUnsafePointer(to: high) { upper in ht_clamp(handle, lower, upper) }
            }
        }
        return try Tensor.made(made, "clamp", "a tensor of numbers", [self])
    }

    /// Where elements are equal to the other's.
    public func isEqual(to other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_eq(handle, other.handle), "isEqual", "shapes that broadcast", [self, other])
    }

    /// Where elements are equal to the number.
    public func isEqual(to value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(ht_eq_s(handle, value), "isEqual", "a tensor of numbers", [self])
    }

    /// Where elements are different from the other's.
    public func isDifferent(from other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_ne(handle, other.handle), "isDifferent", "shapes that broadcast", [self, other])
    }

    /// Where elements are different from the number.
    public func isDifferent(from value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(ht_ne_s(handle, value), "isDifferent", "a tensor of numbers", [self])
    }

    /// Where elements are greater than the other's.
    public func isGreater(than other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_gt(handle, other.handle), "isGreater", "shapes that broadcast", [self, other])
    }

    /// Where elements are greater than the number.
    public func isGreater(than value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(ht_gt_s(handle, value), "isGreater", "a tensor of numbers", [self])
    }

    /// Where elements are greater than or equal to the other's.
    public func isAtLeast(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_ge(handle, other.handle), "isAtLeast", "shapes that broadcast", [self, other])
    }

    /// Where elements are greater than or equal to the number.
    public func isAtLeast(_ value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(ht_ge_s(handle, value), "isAtLeast", "a tensor of numbers", [self])
    }

    /// Where elements are less than the other's.
    public func isLess(than other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_lt(handle, other.handle), "isLess", "shapes that broadcast", [self, other])
    }

    /// Where elements are less than the number.
    public func isLess(than value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(ht_lt_s(handle, value), "isLess", "a tensor of numbers", [self])
    }

    /// Where elements are less than or equal to the other's.
    public func isAtMost(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_le(handle, other.handle), "isAtMost", "shapes that broadcast", [self, other])
    }

    /// Where elements are less than or equal to the number.
    public func isAtMost(_ value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(ht_le_s(handle, value), "isAtMost", "a tensor of numbers", [self])
    }

    /// Where both are true.
    public func logicalAnd(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_logical_and(handle, other.handle), "logicalAnd", "shapes that broadcast", [self, other])
    }

    /// Where one or both are true.
    public func logicalOr(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_logical_or(handle, other.handle), "logicalOr", "shapes that broadcast", [self, other])
    }

    /// Elements of `a` where this bool tensor is true, of `b` elsewhere; all three broadcast.
    public func choose(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_where(handle, a.handle, b.handle), "choose", "a bool condition and shapes that broadcast", [self, a, b])
    }

    /// The tensor with `value` where the mask is true; no gradient flows there.
    public func maskedFill(_ mask: Tensor, _ value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(
            ht_masked_fill(handle, mask.handle, value), "maskedFill", "a bool mask whose shape broadcasts",
            [self, mask])
    }
}
