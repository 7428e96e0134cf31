import CTorch

/// The element type of a tensor.
public enum DataType: Int32, Sendable, Codable, CaseIterable {
    case float32 = 0
    case bfloat16 = 1
    case float64 = 2
    case int64 = 3
    case bool = 4
    case float16 = 5
    case int32 = 6
    case uint8 = 7

    /// Bytes of one element.
    public var width: Int {
        switch self {
        case .bool, .uint8: 1
        case .bfloat16, .float16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// Whether it is a floating-point type.
    public var isFloating: Bool { self == .float32 || self == .bfloat16 || self == .float64 || self == .float16 }
}

/// A tensor of libtorch: a handle with value-like operations that return new tensors.
///
/// Not Sendable: tensors stay on the thread of the actor that made them. Operations throw a sentence when shapes do not fit.
public final class Tensor {
    let handle: OpaquePointer

    /// Takes over a handle of the C layer; nil means that the operation failed.
    init(taking handle: OpaquePointer?) throws(TensorError) {
        guard let handle else { throw TensorError.latest }
        self.handle = handle
    }

    deinit { ht_free(handle) }

    /// The sizes of its dimensions.
    public var shape: [Int] { (0..<rank).map { Int(ht_size(handle, Int32($0))) } }
    /// How many dimensions it has.
    public var rank: Int { Int(ht_rank(handle)) }
    /// How many elements it has.
    public var count: Int { Int(ht_count(handle)) }
    /// Its element type.
    public var dataType: DataType { DataType(rawValue: Int32(ht_dtype(handle))) ?? .float32 }
    /// Whether its elements lie in row-major order without gaps.
    public var isContiguous: Bool { ht_is_contiguous(handle) }

    /// The size of a dimension; negative ones count from the end.
    public func size(_ dimension: Int) -> Int {
        Int(ht_size(handle, Int32(dimension < 0 ? dimension + rank : dimension)))
    }

    /// Refuses a shape other than the expected one; -1 stands for any size.
    public func expect(_ expected: [Int], _ what: String) throws(TensorError) {
        let found = shape
        let fits = found.count == expected.count && zip(found, expected).allSatisfy { $1 < 0 || $0 == $1 }
        if !fits {
            let wanted = "[" + expected.map { $0 < 0 ? "any" : String($0) }.joined(separator: ", ") + "]"
            throw TensorError("\(what) has shape \(found); expected \(wanted)")
        }
    }
}

@available(*, unavailable)
extension Tensor: Sendable {}

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

    private convenience init<T: BitwiseCopyable>(copying values: [T], shape: [Int], type: DataType) throws(TensorError) {
        let needed = shape.reduce(1, *)
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

    /// The whole numbers from 0 up to `end`.
    public static func range(_ end: Int) throws(TensorError) -> Tensor {
        try Tensor(taking: ht_arange(0, Int64(end), 1, DataType.int64.rawValue))
    }

    /// A copy with its own memory.
    public func clone() throws(TensorError) -> Tensor { try Tensor(taking: ht_clone(handle)) }

    /// The same numbers in another element type.
    public func to(_ type: DataType) throws(TensorError) -> Tensor { try Tensor(taking: ht_to(handle, type.rawValue)) }

    /// The number of a tensor of one element.
    public func item() throws(TensorError) -> Double {
        var value = 0.0
        guard ht_item(handle, &value) else { throw TensorError.latest }
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

    /// Overwrites the elements with those of another tensor, converted and broadcast.
    public func assign(_ other: Tensor) throws(TensorError) {
        guard ht_copy_(handle, other.handle) else { throw TensorError.latest }
    }
}
