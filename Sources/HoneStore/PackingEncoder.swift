/// Turns Codable values into trees of packed values.
///
/// Any Codable type goes in whole, so that a record that gains a member needs nothing here.
struct PackingEncoder: Encoder {
    /// A value that is being filled.
    final class Node {
        enum Part {
            case value(PackedValue)
            case node(Node)
        }
        enum Content {
            case empty
            case part(Part)
            case list([Part])
            case members([(key: String, part: Part)])
        }
        var content = Content.empty

        func append(_ part: Part) {
            if case .list(var parts) = content {
                content = .empty
                parts.append(part)
                content = .list(parts)
            } else {
                content = .list([part])
            }
        }

        func set(_ part: Part, _ key: String) {
            if case .members(var parts) = content {
                content = .empty
                parts.append((key, part))
                content = .members(parts)
            } else {
                content = .members([(key, part)])
            }
        }

        var finished: PackedValue {
            switch content {
            case .empty: .object([])
            case .part(let part): part.finished
            case .list(let parts): .list(parts.map(\.finished))
            case .members(let parts): .object(PackingEncoder.sorted(parts.map { ($0.key, $0.part.finished) }))
            }
        }
    }

    /// The tree of a value.
    static func pack(_ value: some Encodable) throws -> PackedValue { try part(of: value).finished }

    fileprivate static func part<T: Encodable>(of value: T) throws -> Node.Part {
        if T.self == [Float].self, let floats = value as? [Float] { return .value(.floats(floats)) }
        if T.self == [Int32].self, let tokens = value as? [Int32] { return .value(.tokens(tokens)) }
        let node = Node()
        try value.encode(to: PackingEncoder(node: node))
        return .node(node)
    }

    /// Members by the bytes of their keys; of two with one key the later counts.
    private static func sorted(_ members: [(String, PackedValue)]) -> [(key: String, value: PackedValue)] {
        func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
        var result: [(key: String, value: PackedValue)] = []
        let order = members.indices.sorted {
            precedes(members[$0].0, members[$1].0) || (!precedes(members[$1].0, members[$0].0) && $0 < $1)
        }
        for index in order {
            if let last = result.last, last.key.utf8.elementsEqual(members[index].0.utf8) { result.removeLast() }
            result.append((members[index].0, members[index].1))
        }
        return result
    }

    let node: Node
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> { KeyedEncodingContainer(Keyed<Key>(node: node)) }
    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .empty = node.content { node.content = .list([]) }
        return Unkeyed(node: node)
    }
    func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: node) }

    /// Whole numbers as they are packed.
    fileprivate static func whole(_ value: some BinaryInteger) -> Node.Part {
        .value(Int64(exactly: value).map { .integer($0) } ?? .unsigned(UInt64(truncatingIfNeeded: value)))
    }

    struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let node: Node
        var codingPath: [any CodingKey] { [] }
        mutating func encodeNil(forKey key: Key) { node.set(.value(.null), key.stringValue) }
        mutating func encode(_ value: Bool, forKey key: Key) { node.set(.value(.bool(value)), key.stringValue) }
        mutating func encode(_ value: String, forKey key: Key) { node.set(.value(.text(value)), key.stringValue) }
        mutating func encode(_ value: Double, forKey key: Key) { node.set(.value(.double(value)), key.stringValue) }
        mutating func encode(_ value: Float, forKey key: Key) { node.set(.value(.float(value)), key.stringValue) }
        mutating func encode(_ value: Int, forKey key: Key) { node.set(.value(.integer(Int64(value))), key.stringValue) }
        mutating func encode(_ value: Int8, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: Int16, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: Int32, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: Int64, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: UInt, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: UInt8, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: UInt16, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: UInt32, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode(_ value: UInt64, forKey key: Key) { node.set(whole(value), key.stringValue) }
        mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws { node.set(try part(of: value), key.stringValue) }
        private func inner(_ key: String) -> Node {
            let inner = Node()
            node.set(.node(inner), key)
            return inner
        }
        mutating func nestedContainer<K: CodingKey>(keyedBy type: K.Type, forKey key: Key) -> KeyedEncodingContainer<K> {
            KeyedEncodingContainer(Keyed<K>(node: inner(key.stringValue)))
        }
        mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            PackingEncoder(node: inner(key.stringValue)).unkeyedContainer()
        }
        mutating func superEncoder() -> any Encoder { PackingEncoder(node: inner("super")) }
        mutating func superEncoder(forKey key: Key) -> any Encoder { PackingEncoder(node: inner(key.stringValue)) }
    }

    struct Unkeyed: UnkeyedEncodingContainer {
        let node: Node
        var codingPath: [any CodingKey] { [] }
        var count: Int { if case .list(let parts) = node.content { parts.count } else { 0 } }
        mutating func encodeNil() { node.append(.value(.null)) }
        mutating func encode(_ value: Bool) { node.append(.value(.bool(value))) }
        mutating func encode(_ value: String) { node.append(.value(.text(value))) }
        mutating func encode(_ value: Double) { node.append(.value(.double(value))) }
        mutating func encode(_ value: Float) { node.append(.value(.float(value))) }
        mutating func encode(_ value: Int) { node.append(.value(.integer(Int64(value)))) }
        mutating func encode(_ value: Int8) { node.append(whole(value)) }
        mutating func encode(_ value: Int16) { node.append(whole(value)) }
        mutating func encode(_ value: Int32) { node.append(whole(value)) }
        mutating func encode(_ value: Int64) { node.append(whole(value)) }
        mutating func encode(_ value: UInt) { node.append(whole(value)) }
        mutating func encode(_ value: UInt8) { node.append(whole(value)) }
        mutating func encode(_ value: UInt16) { node.append(whole(value)) }
        mutating func encode(_ value: UInt32) { node.append(whole(value)) }
        mutating func encode(_ value: UInt64) { node.append(whole(value)) }
        mutating func encode<T: Encodable>(_ value: T) throws { node.append(try part(of: value)) }
        private func inner() -> Node {
            let inner = Node()
            node.append(.node(inner))
            return inner
        }
        mutating func nestedContainer<K: CodingKey>(keyedBy type: K.Type) -> KeyedEncodingContainer<K> {
            KeyedEncodingContainer(Keyed<K>(node: inner()))
        }
        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { PackingEncoder(node: inner()).unkeyedContainer() }
        mutating func superEncoder() -> any Encoder { PackingEncoder(node: inner()) }
    }

    struct Single: SingleValueEncodingContainer {
        let node: Node
        var codingPath: [any CodingKey] { [] }
        private func set(_ part: Node.Part) { node.content = .part(part) }
        mutating func encodeNil() { set(.value(.null)) }
        mutating func encode(_ value: Bool) { set(.value(.bool(value))) }
        mutating func encode(_ value: String) { set(.value(.text(value))) }
        mutating func encode(_ value: Double) { set(.value(.double(value))) }
        mutating func encode(_ value: Float) { set(.value(.float(value))) }
        mutating func encode(_ value: Int) { set(.value(.integer(Int64(value)))) }
        mutating func encode(_ value: Int8) { set(whole(value)) }
        mutating func encode(_ value: Int16) { set(whole(value)) }
        mutating func encode(_ value: Int32) { set(whole(value)) }
        mutating func encode(_ value: Int64) { set(whole(value)) }
        mutating func encode(_ value: UInt) { set(whole(value)) }
        mutating func encode(_ value: UInt8) { set(whole(value)) }
        mutating func encode(_ value: UInt16) { set(whole(value)) }
        mutating func encode(_ value: UInt32) { set(whole(value)) }
        mutating func encode(_ value: UInt64) { set(whole(value)) }
        mutating func encode<T: Encodable>(_ value: T) throws { set(try part(of: value)) }
    }
}

extension PackingEncoder.Node.Part {
    fileprivate var finished: PackedValue {
        switch self {
        case .value(let value): value
        case .node(let node): node.finished
        }
    }
}
