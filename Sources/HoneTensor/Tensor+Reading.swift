import CTorch

// The only ways in which numbers leave a tensor: what crosses an actor is always plain.
extension Tensor {
    /// The number of a tensor of one element.
    public func item() throws(TensorError) -> Double {
        var value = 0.0
        try Tensor.check(ht_item(handle, &value), "item", "a tensor of one element", [self])
        return value
    }

    /// The elements as raw bytes, in row-major order.
    public func bytes() throws(TensorError) -> [UInt8] { try read(count * dataType.width, as: UInt8.self) }

    /// The elements as float32, converted where they are of another type.
    public func floats() throws(TensorError) -> [Float] {
        let same = dataType == .float32 ? self : try to(.float32)
        return try same.read(same.count, as: Float.self)
    }

    /// The elements as float64, converted where they are of another type.
    public func doubles() throws(TensorError) -> [Double] {
        let same = dataType == .float64 ? self : try to(.float64)
        return try same.read(same.count, as: Double.self)
    }

    /// The elements as whole numbers.
    public func integers() throws(TensorError) -> [Int64] {
        let same = dataType == .int64 ? self : try to(.int64)
        return try same.read(same.count, as: Int64.self)
    }

    /// The elements as truth values; every number but zero is true.
    public func bools() throws(TensorError) -> [Bool] {
        let same = dataType == .bool ? self : try to(.bool)
        return try same.read(same.count, as: UInt8.self).map { $0 != 0 }
    }

    private func read<T: BitwiseCopyable>(_ count: Int, as type: T.Type) throws(TensorError) -> [T] {
        var worked = false
        let values = [T](unsafeUninitializedCapacity: count) { buffer, initialised in
            worked = ht_read(handle, buffer.baseAddress, count * MemoryLayout<T>.stride)
            initialised = worked ? count : 0
        }
        guard worked else { throw TensorError.latest }
        return values
    }

    /// Calls with the address of the elements; the tensor must be contiguous float32.
    public func withFloats<R>(_ body: (UnsafePointer<Float>) throws -> R) throws -> R {
        guard dataType == .float32, let data = ht_data(handle) else {
            throw TensorError("Only contiguous float32 tensors lend their memory; this is \(dataType) of shape \(shape)")
        }
        return try body(UnsafePointer(data.assumingMemoryBound(to: Float.self)))
    }

    /// Whether all elements are finite.
    public func isFinite() throws(TensorError) -> Bool {
        var answer = false
        try Tensor.check(ht_all_finite(handle, &answer), "isFinite", "a tensor of numbers", [self])
        return answer
    }
}

extension Tensor: CustomStringConvertible {
    /// The type and shape, and the values of small tensors.
    public var description: String {
        let form = "\(dataType) \(shape)"
        guard count <= 16, let values = try? doubles() else { return form }
        return "\(form) \(values)"
    }
}
