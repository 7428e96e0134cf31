import CTorch

// Arithmetic. Operands broadcast as in NumPy: sizes match from the last dimension, or one of them is 1.
extension Tensor {
    /// The elementwise sum.
    public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_add(a.handle, b.handle), "+", "shapes that broadcast", [a, b])
    }

    /// The elementwise difference.
    public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_sub(a.handle, b.handle), "-", "shapes that broadcast", [a, b])
    }

    /// The elementwise product.
    public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_mul(a.handle, b.handle), "*", "shapes that broadcast", [a, b])
    }

    /// The elementwise quotient.
    public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_div(a.handle, b.handle), "/", "shapes that broadcast", [a, b])
    }

    /// Every element + the number.
    public static func + (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try made(ht_add_s(a.handle, b), "+", "a tensor of numbers", [a])
    }

    /// Every element - the number.
    public static func - (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try made(ht_add_s(a.handle, -b), "-", "a tensor of numbers", [a])
    }

    /// Every element * the number.
    public static func * (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try made(ht_mul_s(a.handle, b), "*", "a tensor of numbers", [a])
    }

    /// Every element / the number.
    public static func / (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try made(ht_div_s(a.handle, b), "/", "a tensor of numbers", [a])
    }

    /// The number + every element.
    public static func + (a: Double, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_add_s(b.handle, a), "+", "a tensor of numbers", [b])
    }

    /// The number - every element.
    public static func - (a: Double, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_rsub_s(b.handle, a), "-", "a tensor of numbers", [b])
    }

    /// The number * every element.
    public static func * (a: Double, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_mul_s(b.handle, a), "*", "a tensor of numbers", [b])
    }

    /// The number / every element.
    public static func / (a: Double, b: Tensor) throws(TensorError) -> Tensor {
        try made(ht_rdiv_s(b.handle, a), "/", "a tensor of numbers", [b])
    }

    /// Every element with the other sign.
    public static prefix func - (a: Tensor) throws(TensorError) -> Tensor {
        try made(ht_neg(a.handle), "-", "a tensor of numbers", [a])
    }

    /// The smaller of two elements.
    public func minimum(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_minimum(handle, other.handle), "minimum", "shapes that broadcast", [self, other])
    }

    /// The larger of two elements.
    public func maximum(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_maximum(handle, other.handle), "maximum", "shapes that broadcast", [self, other])
    }

    /// Every element to the power of the other.
    public func pow(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor.made(ht_pow(handle, other.handle), "pow", "shapes that broadcast", [self, other])
    }

    /// Every element to a power.
    public func pow(_ value: Double) throws(TensorError) -> Tensor {
        try Tensor.made(ht_pow_s(handle, value), "pow", "a tensor of numbers", [self])
    }

    /// Adds a multiple of another tensor to the receiver's own memory; not for tensors that a graph still needs.
    public func add(_ other: Tensor, times factor: Double = 1) throws(TensorError) {
        try Tensor.check(
            ht_add_(handle, other.handle, factor), "add", "a shape that broadcasts to the receiver's",
            [self, other])
    }

    /// Multiplies the receiver's own memory; not for tensors that a graph still needs.
    public func scale(by factor: Double) throws(TensorError) {
        try Tensor.check(ht_mul_s_(handle, factor), "scale", "a tensor outside any graph", [self])
    }

    /// Sets every element of the receiver's own memory.
    public func fill(_ value: Double) throws(TensorError) {
        try Tensor.check(ht_fill_(handle, value), "fill", "a tensor outside any graph", [self])
    }

    /// Overwrites the receiver's own memory with another tensor, converted and broadcast.
    public func assign(_ source: Tensor) throws(TensorError) {
        try Tensor.check(
            ht_copy_(handle, source.handle), "assign", "a shape that broadcasts to the receiver's", [self, source])
    }
}
