import CTorch

extension Tensor {
    public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_add(a.handle, b.handle)) }
    public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_sub(a.handle, b.handle)) }
    public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_mul(a.handle, b.handle)) }
    public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_div(a.handle, b.handle)) }
    public static func + (a: Tensor, s: Double) throws(TensorError) -> Tensor { try Tensor(taking: ht_add_s(a.handle, s)) }
    public static func - (a: Tensor, s: Double) throws(TensorError) -> Tensor { try Tensor(taking: ht_add_s(a.handle, -s)) }
    public static func * (a: Tensor, s: Double) throws(TensorError) -> Tensor { try Tensor(taking: ht_mul_s(a.handle, s)) }
    public static func / (a: Tensor, s: Double) throws(TensorError) -> Tensor { try Tensor(taking: ht_div_s(a.handle, s)) }
    public static func - (s: Double, a: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_rsub_s(a.handle, s)) }
    public static prefix func - (a: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_neg(a.handle)) }

    /// The smaller of each two elements.
    public func minimum(_ other: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_minimum(handle, other.handle)) }
    /// The larger of each two elements.
    public func maximum(_ other: Tensor) throws(TensorError) -> Tensor { try Tensor(taking: ht_maximum(handle, other.handle)) }
    /// e to the power of each element.
    public func exp() throws(TensorError) -> Tensor { try Tensor(taking: ht_exp(handle)) }
    /// The natural logarithm of each element.
    public func log() throws(TensorError) -> Tensor { try Tensor(taking: ht_log(handle)) }
    /// The square of each element.
    public func square() throws(TensorError) -> Tensor { try Tensor(taking: ht_square(handle)) }
    /// The logistic function of each element.
    public func sigmoid() throws(TensorError) -> Tensor { try Tensor(taking: ht_sigmoid(handle)) }
    /// The logarithm of the logistic function of each element.
    public func logSigmoid() throws(TensorError) -> Tensor { try Tensor(taking: ht_log_sigmoid(handle)) }
    /// The absolute value of each element.
    public func abs() throws(TensorError) -> Tensor { try Tensor(taking: ht_abs(handle)) }

    /// Each element moved into the range.
    public func clamp(_ low: Double?, _ high: Double?) throws(TensorError) -> Tensor {
        var lowest = low ?? 0
        var highest = high ?? 0
        return try withUnsafePointers(&lowest, &highest) { l, h throws(TensorError) in
            try Tensor(taking: ht_clamp(handle, low == nil ? nil : l, high == nil ? nil : h))
        }
    }

    private func withUnsafePointers<R>(
        _ a: inout Double, _ b: inout Double, _ body: (UnsafePointer<Double>, UnsafePointer<Double>) throws(TensorError) -> R
    ) throws(TensorError) -> R {
        try body(&a, &b)
    }

    /// 1 where elements are greater, as a bool tensor.
    public func isGreater(than s: Double) throws(TensorError) -> Tensor { try Tensor(taking: ht_gt_s(handle, s)) }
    /// Elements are equal, as a bool tensor.
    public func isEqual(to s: Double) throws(TensorError) -> Tensor { try Tensor(taking: ht_eq_s(handle, s)) }
    /// Elements of `a` where this is true, of `b` elsewhere.
    public func choose(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_where(handle, a.handle, b.handle))
    }
    /// The value where the mask is true.
    public func maskedFill(_ mask: Tensor, _ value: Double) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_masked_fill(handle, mask.handle, value))
    }
    /// Adds a multiple of another tensor in place.
    public func add(_ other: Tensor, times factor: Double = 1) throws(TensorError) {
        guard ht_add_(handle, other.handle, factor) else { throw TensorError.latest }
    }
    /// Whether all elements are finite.
    public func isFinite() throws(TensorError) -> Bool {
        var answer = false
        guard ht_all_finite(handle, &answer) else { throw TensorError.latest }
        return answer
    }
}
