import CTorch

/// A tensor of libtorch: a handle with value-like operations that return new tensors.
///
/// Not Sendable: tensors stay on the thread of the actor that made them. Operations throw a sentence when shapes do not fit.
public final class Tensor {
    /// The opaque handle, for code that calls the C layer itself; valid as long as the tensor lives.
    public let handle: OpaquePointer

    /// Takes over a handle of the C layer and releases it at the end; nil means that the operation failed.
    public init(taking handle: OpaquePointer?) throws(TensorError) {
        guard let handle else { throw TensorError.latest }
        self.handle = handle
    }

    deinit { ht_free(handle) }

    /// The sizes of its dimensions.
    public var shape: [Int] { (0..<rank).map { Int(ht_size(handle, Int32($0))) } }
    /// How many dimensions it has.
    public var rank: Int { Int(ht_rank(handle)) }
    /// The size of all its elements in bytes.
    public var byteCount: Int { Int(ht_bytes(handle)) }
    /// The handles alive in the process: steady over steps when nobody keeps tensors by mistake.
    public static var liveCount: Int { Int(ht_live_handles()) }
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

// MARK: - Failures

extension Tensor {
    /// The tensor behind a new handle; for nil a sentence made of the operation's name, its operands and the rule.
    static func made(
        _ pointer: OpaquePointer?, _ name: String, _ expected: @autoclosure () -> String,
        _ operands: @autoclosure () -> [Tensor]
    ) throws(TensorError) -> Tensor {
        guard let pointer else { throw refusal(name, expected(), operands()) }
        return try Tensor(taking: pointer)
    }

    /// Throws the sentence when a function of the C layer reported failure.
    static func check(
        _ succeeded: Bool, _ name: String, _ expected: @autoclosure () -> String,
        _ operands: @autoclosure () -> [Tensor]
    ) throws(TensorError) {
        guard succeeded else { throw refusal(name, expected(), operands()) }
    }

    private static func refusal(_ name: String, _ expected: String, _ operands: [Tensor]) -> TensorError {
        let cause = TensorError.latest
        let found = operands.map { "\($0.dataType) \($0.shape)" }.joined(separator: " and ")
        return TensorError("\(name): found \(found.isEmpty ? "no tensor" : found), expected \(expected) (\(cause))")
    }
}
