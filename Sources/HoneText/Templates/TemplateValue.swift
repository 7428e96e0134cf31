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

    /// How deep values are inside this one; 0 for what holds no others. What objects come to hold later does not count: a run takes
    /// that away itself when it ends.
    var depth: Int {
        switch self {
        case .sequence(let sequence): sequence.depth
        case .mapping(let mapping): mapping.depth
        case .object(let object): object.depth
        default: 0
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

    let items: [TemplateValue]
    let kind: Kind
    /// The names of the places, for what can be asked for by name as well.
    let names: [String]
    /// How deep values are inside each other here.
    let depth: Int

    init(items: [TemplateValue], kind: Kind, names: [String] = []) {
        (self.items, self.kind, self.names) = (items, kind, names)
        depth = 1 + items.reduce(0) { max($0, $1.depth) }
    }
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
    /// How deep values are inside each other here.
    private(set) var depth = 1
    private var places: [Hash: Int] = [:]

    var count: Int { entries.count }

    func value(_ hash: Hash) -> TemplateValue? { places[hash].map { entries[$0].value } }

    func value(_ key: String) -> TemplateValue? { value(.text(ExactText(key))) }

    mutating func set(_ hash: Hash, to value: TemplateValue, key: TemplateValue) {
        depth = max(depth, 1 + max(key.depth, value.depth))
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
    /// How deep values are inside what it was made with.
    var depth: Int { get }
    /// Lets go of what it came to hold, so that nothing holds itself and long chains come apart link by link.
    func clear()
}

extension TemplateObject {
    var depth: Int { 0 }
    func clear() {}
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
