/// What values cost: everything that can grow with what is inside a value is counted as steps of the run.
///
/// Values share their parts, so a few lines of a template make one that is exponentially large when it is written out, compared
/// or hashed; and a chain of values that is too deep could not even be given back.
extension TemplateRun {
    /// How deep values may be inside each other; what is given to a template may be that deep already.
    static let deepest = 250

    private static var tooDeep: TemplateFailure { TemplateFailure("Values are nested more than \(deepest) deep") }

    /// A text, when it is not too long.
    func checked(_ bytes: [UInt8]) throws(TemplateFailure) -> TemplateValue {
        guard bytes.count <= limits.output else { throw Self.tooLong(limits.output) }
        try step(for: bytes.count, per: 64)
        return .string(ExactText(bytes: bytes))
    }

    /// A list, when it is neither too long nor too deep.
    func checked(
        _ items: [TemplateValue], kind: TemplateSequence.Kind = .list, names: [String] = []
    ) throws(TemplateFailure) -> TemplateValue {
        guard items.count <= limits.iterations else { throw tooLongList }
        try step(for: items.count, per: 1)
        return try checked(.sequence(TemplateSequence(items: items, kind: kind, names: names)))
    }

    /// A mapping that has been put together, when it is not too deep.
    func checked(_ mapping: TemplateMapping) throws(TemplateFailure) -> TemplateValue {
        guard mapping.count <= limits.iterations else { throw tooLongList }
        try step(for: mapping.count, per: 1)
        return try checked(.mapping(mapping))
    }

    /// A value, when it is not too deep.
    func checked(_ value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        guard value.depth <= Self.deepest else { throw Self.tooDeep }
        return value
    }

    /// The refusal of lists beyond the limit.
    var tooLongList: TemplateFailure { TemplateFailure("A list becomes longer than \(limits.iterations) items, which is the limit") }

    /// Values that are made when they are asked for, from others that are kept until then.
    func lazily(
        _ typeName: String = "generator", from held: [TemplateValue], _ make: @escaping () throws(TemplateFailure) -> [TemplateValue]
    ) throws(TemplateFailure) -> TemplateValue {
        try checked(.object(TemplateGenerator(typeName, depth: Self.depth(around: held), make)))
    }

    /// A function that keeps values.
    func function(
        _ name: String, keeping held: [TemplateValue], _ body: @escaping (TemplateCall) throws(TemplateFailure) -> TemplateValue
    ) throws(TemplateFailure) -> TemplateValue {
        try checked(.object(TemplateFunction(name, depth: Self.depth(around: held), body)))
    }

    private static func depth(around held: [TemplateValue]) -> Int { 1 + held.reduce(0) { max($0, $1.depth) } }

    /// What printing a value writes.
    func printed(_ value: TemplateValue) throws(TemplateFailure) -> ExactText {
        switch value {
        case .undefined: return ExactText(bytes: [])
        case .string(let text): return text
        default: return ExactText(bytes: try represented(value))
        }
    }

    /// What a value looks like inside a list that is printed.
    func represented(_ value: TemplateValue) throws(TemplateFailure) -> [UInt8] {
        var out: [UInt8] = []
        try value.represent(into: &out, limit: limits.output)
        try step(for: out.count, per: 8)
        return out
    }

    /// The JSON text of a value.
    func json(_ value: TemplateValue, _ style: TemplateValue.JSONStyle) throws(TemplateFailure) -> [UInt8] {
        var out: [UInt8] = []
        try value.json(into: &out, style, limit: limits.output)
        try step(for: out.count, per: 8)
        return out
    }

    /// A text in small letters; any other value as it is.
    func caseIgnored(_ value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        guard case .string(let text) = value else { return value }
        try step(for: text.bytes.count, per: 8)
        return .string(ExactText(bytes: TemplateText.lowercased(text.bytes)))
    }

    /// Whether two values are equal in Python.
    func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFailure) -> Bool {
        try step()
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let a), .string(let b)):
            guard a.bytes.count == b.bytes.count else { return false }
            try step(for: a.bytes.count, per: 512)
            return a == b
        case (.sequence(let a), .sequence(let b)):
            guard a.kind.isComparable(to: b.kind), a.items.count == b.items.count else { return false }
            for (x, y) in zip(a.items, b.items) where try !areEqual(x, y) { return false }
            return true
        case (.mapping(let a), .mapping(let b)):
            guard a.count == b.count else { return false }
            for entry in a.entries {
                guard let other = b.value(entry.hash), try areEqual(entry.value, other) else { return false }
            }
            return true
        case (.object(let a), .object(let b)): return a === b
        default:
            if let a = left.whole, let b = right.whole { return a == b }
            if let a = left.double, let b = right.double { return a == b }
            return false
        }
    }

    /// The first place in a list of a value that is equal to another.
    func firstPlace(of wanted: TemplateValue, in items: [TemplateValue]) throws(TemplateFailure) -> Int? {
        for (place, item) in items.enumerated() where try areEqual(item, wanted) { return place }
        return nil
    }

    /// The hash of a key; nil for values that cannot be keys.
    func hash(_ key: TemplateValue) throws(TemplateFailure) -> TemplateMapping.Hash? {
        try step()
        func all(_ items: [TemplateValue]) throws(TemplateFailure) -> [TemplateMapping.Hash] {
            var hashes: [TemplateMapping.Hash] = []
            for item in items { if let one = try hash(item) { hashes.append(one) } }
            return hashes
        }
        switch key {
        case .string(let text):
            try step(for: text.bytes.count, per: 64)
            return .text(text)
        case .none: return TemplateMapping.Hash.none
        case .undefined: return .undefined
        case .object(let object): return .object(ObjectIdentifier(object))
        case .number(let value): return Int(exactly: value).map { .integer($0) } ?? .number(value)
        case .sequence(let sequence) where sequence.kind == .tuple:
            let parts = try all(sequence.items)
            return parts.count == sequence.items.count ? .tuple(parts) : nil
        case .sequence(let sequence) where sequence.kind.typeName == "range": return .range(try all(sequence.items))
        default: return key.whole.map { .integer($0) }
        }
    }
}
