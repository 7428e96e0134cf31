/// A value while a chat template is rendered, with the meaning it has in Python.
enum TemplateValue {
    /// A name or an item that is not there; most uses are errors, printing gives nothing.
    case undefined(MissingValue)
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(ExactText)
    case sequence(TemplateSequence)
    case mapping(TemplateMapping)
    case object(any TemplateObject)

    static func text(_ text: String) -> TemplateValue { .string(ExactText(text)) }
    static func list(_ items: [TemplateValue]) -> TemplateValue { .sequence(TemplateSequence(items: items, kind: .list)) }
    static func tuple(_ items: [TemplateValue]) -> TemplateValue { .sequence(TemplateSequence(items: items, kind: .tuple)) }

    /// What Python calls this type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .sequence(let sequence): sequence.kind.typeName
        case .mapping: "dict"
        case .object(let object): object.typeName
        }
    }

    /// Whether a condition takes it for true.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let text): !text.bytes.isEmpty
        case .sequence(let sequence): !sequence.items.isEmpty
        case .mapping(let mapping): mapping.count > 0
        case .object: true
        }
    }

    /// The value of a JSON value.
    init(_ tree: JSONTree) {
        switch tree {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map { TemplateValue($0) })
        case .object(let members):
            var mapping = TemplateMapping()
            for member in members { mapping.set(.text(member.key), to: TemplateValue(member.value), key: .string(member.key)) }
            self = .mapping(mapping)
        }
    }

    /// The value as a whole number, where Python takes it for one: true and false are 1 and 0.
    var whole: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// The value as a number.
    var double: Double? {
        switch self {
        case .number(let value): value
        default: whole.map { Double($0) }
        }
    }

    /// The text, when it is one.
    var exact: ExactText? { if case .string(let text) = self { text } else { nil } }

    /// Whether the two are equal in Python.
    static func areEqual(_ left: TemplateValue, _ right: TemplateValue, depth: Int = 0) -> Bool {
        guard depth < 100 else { return false }
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let a), .string(let b)): return a == b
        case (.sequence(let a), .sequence(let b)):
            return a.kind.isComparable(to: b.kind) && a.items.count == b.items.count
                && zip(a.items, b.items).allSatisfy { areEqual($0, $1, depth: depth + 1) }
        case (.mapping(let a), .mapping(let b)):
            return a.count == b.count
                && a.entries.allSatisfy { entry in
                    b.value(entry.hash).map { areEqual(entry.value, $0, depth: depth + 1) } ?? false
                }
        case (.object(let a), .object(let b)): return a === b
        default:
            if let a = left.whole, let b = right.whole { return a == b }
            if let a = left.double, let b = right.double { return a == b }
            return false
        }
    }
}

/// Why a value is missing.
struct MissingValue {
    /// The sentence of the error when it is used.
    let sentence: String
}

/// A list, or what behaves nearly like one.
struct TemplateSequence {
    enum Kind: Equatable {
        case list
        case tuple
        /// The keys, values or items of a mapping, which cannot be asked for by place.
        case view(String)
        case range(start: Int, stop: Int, step: Int)

        var typeName: String {
            switch self {
            case .list: "list"
            case .tuple: "tuple"
            case .view(let name): name
            case .range: "range"
            }
        }

        func isComparable(to other: Kind) -> Bool {
            switch (self, other) {
            case (.range, .range): true
            default: self == other
            }
        }
    }

    var items: [TemplateValue]
    var kind: Kind
    /// The names of the places, for what can be asked for by name as well.
    var names: [String] = []
}

/// A dictionary that keeps the order of its keys.
struct TemplateMapping {
    /// What is looked up: keys that are equal in Python are one.
    enum Hash: Hashable {
        case text(ExactText)
        case integer(Int)
        case number(Double)
        case none
        case undefined
        case object(ObjectIdentifier)
        indirect case tuple([Hash])
        indirect case range([Hash])
    }

    struct Entry {
        let hash: Hash
        let key: TemplateValue
        var value: TemplateValue
    }

    private(set) var entries: [Entry] = []
    private var places: [Hash: Int] = [:]

    var count: Int { entries.count }

    /// The hash of a key; nil for values that cannot be keys.
    static func hash(_ key: TemplateValue) -> Hash? {
        switch key {
        case .string(let text): return .text(text)
        case .none: return Hash.none
        case .undefined: return .undefined
        case .object(let object): return .object(ObjectIdentifier(object))
        case .number(let value): return Int(exactly: value).map { .integer($0) } ?? .number(value)
        case .sequence(let sequence) where sequence.kind == .tuple:
            let parts = sequence.items.compactMap { hash($0) }
            return parts.count == sequence.items.count ? .tuple(parts) : nil
        case .sequence(let sequence) where sequence.kind.typeName == "range": return .range(sequence.items.compactMap { hash($0) })
        default: return key.whole.map { .integer($0) }
        }
    }

    func value(_ hash: Hash) -> TemplateValue? { places[hash].map { entries[$0].value } }

    func value(_ key: String) -> TemplateValue? { value(.text(ExactText(key))) }

    mutating func set(_ hash: Hash, to value: TemplateValue, key: TemplateValue) {
        if let place = places[hash] {
            entries[place].value = value
        } else {
            places[hash] = entries.count
            entries.append(Entry(hash: hash, key: key, value: value))
        }
    }

    mutating func set(_ key: String, to value: TemplateValue) { set(.text(ExactText(key)), to: value, key: .text(key)) }
}

/// A value with an identity of its own: a function, a namespace, a loop.
protocol TemplateObject: AnyObject {
    var typeName: String { get }
}

/// A failure while a template is read or rendered, with the line it happened in.
struct TemplateFailure: Error {
    var sentence: String
    var line: Int?
    /// Whether the template itself raised it.
    var isRaised = false

    init(_ sentence: String, line: Int? = nil) {
        self.sentence = sentence
        self.line = line
    }
}
