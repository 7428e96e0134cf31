/// The element type of a tensor.
public enum DataType: Int32, Sendable, Codable, CaseIterable, CustomStringConvertible {
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

    public var description: String {
        switch self {
        case .float32: "float32"
        case .bfloat16: "bfloat16"
        case .float64: "float64"
        case .int64: "int64"
        case .bool: "bool"
        case .float16: "float16"
        case .int32: "int32"
        case .uint8: "uint8"
        }
    }
}
