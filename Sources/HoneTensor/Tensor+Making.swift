import CTorch

extension Tensor {
    /// A tensor of float32 numbers in row-major order.
    public convenience init(_ values: [Float], shape: [Int]) throws(TensorError) {
        try self.init(copying: values, shape: shape, type: .float32)
    }

    /// A tensor of float64 numbers in row-major order.
    public convenience init(_ values: [Double], shape: [Int]) throws(TensorError) {
        try self.init(copying: values, shape: shape, type: .float64)
    }

    /// A tensor of whole numbers in row-major order.
    public convenience init(_ values: [Int64], shape: [Int]) throws(TensorError) {
        try self.init(copying: values, shape: shape, type: .int64)
    }

    /// A tensor of truth values in row-major order, for masks.
    public convenience init(_ values: [Bool], shape: [Int]) throws(TensorError) {
        try self.init(copying: values.map { $0 ? UInt8(1) : 0 }, shape: shape, type: .bool)
    }

    /// A tensor of one number and no dimensions.
    public convenience init(scalar: Double, type: DataType = .float32) throws(TensorError) {
        try self.init(taking: ht_full([], 0, scalar, type.rawValue))
    }

    private convenience init<T: BitwiseCopyable>(copying values: [T], shape: [Int], type: DataType) throws(TensorError) {
        var needed = 1
        for size in shape {
            let (product, overflow) = needed.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else {
                throw TensorError("Found shape \(shape), expected sizes of 0 or more that fit in memory")
            }
            needed = product
        }
        guard needed == values.count else {
            throw TensorError("Shape \(shape) needs \(needed) numbers, but \(values.count) were given")
        }
        let sizes = shape.map(Int64.init)
        let made = values.withUnsafeBytes { bytes in
            ht_from_bytes(bytes.baseAddress, bytes.count, sizes, Int32(sizes.count), type.rawValue)
        }
        try self.init(taking: made)
    }

    /// A tensor of raw little-endian elements in row-major order.
    public convenience init(bytes: UnsafeRawBufferPointer, shape: [Int], type: DataType) throws(TensorError) {
        let sizes = shape.map(Int64.init)
        try self.init(taking: ht_from_bytes(bytes.baseAddress, bytes.count, sizes, Int32(sizes.count), type.rawValue))
    }

    /// A tensor full of one number.
    public static func full(_ shape: [Int], _ value: Double, type: DataType = .float32) throws(TensorError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try Tensor(taking: ht_full(sizes, Int32(sizes.count), value, type.rawValue))
    }

    /// A tensor of zeros.
    public static func zeros(_ shape: [Int], type: DataType = .float32) throws(TensorError) -> Tensor {
        try full(shape, 0, type: type)
    }

    /// A tensor of ones.
    public static func ones(_ shape: [Int], type: DataType = .float32) throws(TensorError) -> Tensor {
        try full(shape, 1, type: type)
    }

    /// The whole numbers from 0 up to `end`.
    public static func range(_ end: Int) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_arange(0, Int64(end), 1, DataType.int64.rawValue))
    }

    /// Zeros of the same shape and type.
    public func zerosLike() throws(TensorError) -> Tensor {
        try Tensor.made(ht_zeros_like(handle), "zerosLike", "memory for a second tensor", [self])
    }

    /// A copy with its own memory.
    public func clone() throws(TensorError) -> Tensor { try Tensor(taking: ht_clone(handle)) }

    /// The same numbers in another element type.
    public func to(_ type: DataType) throws(TensorError) -> Tensor { try Tensor(taking: ht_to(handle, type.rawValue)) }
}
