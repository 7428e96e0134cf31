/// A JSON value whose object keys keep their exact bytes and their order.
///
/// Needed because a Swift dictionary keyed by `String` takes "à" composed and decomposed for one key, and
/// vocabularies contain both.
enum JSONTree: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(ExactText)
    case array([JSONTree])
    case object([Member])

    /// One key of an object with its value.
    struct Member: Equatable, Sendable {
        let key: ExactText
        let value: JSONTree
    }

    /// The value under a key of an object; nil when this is no object or has no such key.
    subscript(_ key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        let exact = ExactText(key)
        return members.first { $0.key == exact }?.value
    }

    /// The string, when this is one.
    var string: String? { if case .string(let text) = self { text.string } else { nil } }
    /// The string with its exact bytes, when this is one.
    var exact: ExactText? { if case .string(let text) = self { text } else { nil } }
    /// The whole number, when this is one.
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    /// The truth value, when this is one.
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The elements, when this is an array.
    var array: [JSONTree]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members, when this is an object.
    var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    /// Whether this is `null`.
    var isNull: Bool { self == .null }
}

/// Text compared and hashed by its bytes in UTF-8.
struct ExactText: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(bytes: [UInt8]) { self.bytes = bytes }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
