public import HoneCore

/// A JSON value whose object keys keep their exact bytes and their order.
///
/// Needed because a Swift dictionary keyed by `String` takes "à" composed and decomposed for one key, and vocabularies contain
/// both; and because templates write objects in the order in which their keys came.
public enum JSONTree: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(ExactText)
    case array([JSONTree])
    case object([Member])

    /// One key of an object with its value.
    public struct Member: Hashable, Sendable {
        /// The key.
        public let key: ExactText
        /// The value under it.
        public let value: JSONTree

        /// A key with its value.
        public init(key: ExactText, value: JSONTree) {
            self.key = key
            self.value = value
        }
    }

    /// The same value with the keys of objects sorted by scalars; numbers keep whether they were written as whole.
    public init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .string(let text): self = .string(ExactText(text))
        case .array(let elements): self = .array(elements.map { JSONTree($0) })
        case .object(let members):
            let keys = members.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            self = .object(keys.map { Member(key: ExactText($0), value: JSONTree(members[$0] ?? .null)) })
        }
    }

    /// The value of a JSON text with keys in the order of the text; throws a sentence with line and column.
    public init(parsing text: String) throws(TextError) { self = try JSONTree.parse(Array(text.utf8)) }

    /// An object with these members, in order.
    public static func object(_ members: KeyValuePairs<String, JSONTree>) -> JSONTree {
        .object(members.map { Member(key: ExactText($0.key), value: $0.value) })
    }

    /// A text.
    public static func text(_ text: String) -> JSONTree { .string(ExactText(text)) }

    /// The value under a key of an object; nil when this is no object or has no such key.
    public subscript(_ key: String) -> JSONTree? {
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
public struct ExactText: Hashable, Sendable {
    /// The bytes, valid UTF-8 where they came from a text.
    public let bytes: [UInt8]

    /// The text with these characters.
    public init(_ text: String) { bytes = Array(text.utf8) }
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The text; what is not UTF-8 becomes U+FFFD.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
