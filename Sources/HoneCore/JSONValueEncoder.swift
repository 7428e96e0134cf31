import Foundation

/// Encodes values into `JSONValue` and keeps whole and decimal numbers apart: a default of 1.0 stays a number, so that
/// a user may set it to 0.5. Text made by other encoders has lost that.
struct JSONValueEncoder: Encoder {
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    fileprivate let slot: Slot

    /// The JSON of a value; numbers that are not finite become text.
    static func json<T: Encodable>(of value: T) throws -> JSONValue { try slot(of: value, at: []).json }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Members<Key>(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { Elements(slot: slot, codingPath: codingPath) }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(slot: slot, codingPath: codingPath) }

    fileprivate static func slot<T: Encodable>(of value: T, at path: [any CodingKey]) throws -> Slot {
        if let json = try json(ofPrimitive: value, at: path) { return Slot(json) }
        let slot = Slot()
        try value.encode(to: JSONValueEncoder(codingPath: path, slot: slot))
        return slot
    }

    /// The JSON of a value that encodes as itself; nil for all that encode by parts.
    private static func json<T: Encodable>(ofPrimitive value: T, at path: [any CodingKey]) throws -> JSONValue? {
        switch value {
        case let text as String: return .string(text)
        case let number as Double: return number.isFinite ? .number(number) : .string(spelled(number))
        // The shortest decimal that gives this single-precision number again.
        case let number as Float:
            return number.isFinite ? .number(Double(number.description) ?? Double(number)) : .string(spelled(Double(number)))
        case let truth as Bool: return .bool(truth)
        case let json as JSONValue: return json.finite
        case let data as Data: return .string(data.base64EncodedString())
        case let url as URL: return .string(url.absoluteString)
        case let whole as any FixedWidthInteger:
            guard let number = Int(exactly: whole) else {
                throw EncodingError.invalidValue(
                    value,
                    .init(codingPath: path, debugDescription: "\(whole) is beyond the 64 signed bits of a JSON whole number; encode it as text"))
            }
            return .integer(number)
        default: return nil
        }
    }

    private static func spelled(_ number: Double) -> String { number.isNaN ? "nan" : (number < 0 ? "-inf" : "inf") }
}

extension JSONValue {
    /// The value with numbers that are not finite as text, as reading its canonical spelling would give.
    fileprivate var finite: JSONValue {
        switch self {
        case .number(let number): number.isFinite ? self : .string(number.isNaN ? "nan" : (number < 0 ? "-inf" : "inf"))
        case .array(let elements): .array(elements.map(\.finite))
        case .object(let members): .object(members.mapValues(\.finite))
        default: self
        }
    }
}

/// A place in the value that is being made; containers of one place share it.
private final class Slot {
    private var value: JSONValue = .object([:])
    var members: [String: Slot]?
    var elements: [Slot]?

    init() {}
    init(_ value: JSONValue) { self.value = value }

    func put(_ other: Slot) {
        value = other.value
        members = other.members
        elements = other.elements
    }

    var json: JSONValue {
        if let members { return .object(members.mapValues(\.json)) }
        if let elements { return .array(elements.map(\.json)) }
        return value
    }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: Slot
    let codingPath: [any CodingKey]

    init(slot: Slot, codingPath: [any CodingKey]) {
        self.slot = slot
        self.codingPath = codingPath
        if slot.members == nil { slot.members = [:] }
    }

    private func place(_ name: String) -> Slot {
        if let slot = slot.members?[name] { return slot }
        let new = Slot()
        slot.members?[name] = new
        return new
    }

    func encodeNil(forKey key: Key) { slot.members?[key.stringValue] = Slot(.null) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        slot.members?[key.stringValue] = try JSONValueEncoder.slot(of: value, at: codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(Members<Nested>(slot: place(key.stringValue), codingPath: codingPath + [key]))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        Elements(slot: place(key.stringValue), codingPath: codingPath + [key])
    }

    func superEncoder() -> any Encoder { JSONValueEncoder(codingPath: codingPath, slot: place("super")) }

    func superEncoder(forKey key: Key) -> any Encoder {
        JSONValueEncoder(codingPath: codingPath + [key], slot: place(key.stringValue))
    }
}

private struct Elements: UnkeyedEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]
    var count: Int { slot.elements?.count ?? 0 }

    init(slot: Slot, codingPath: [any CodingKey]) {
        self.slot = slot
        self.codingPath = codingPath
        if slot.elements == nil { slot.elements = [] }
    }

    private func place() -> Slot {
        let new = Slot()
        slot.elements?.append(new)
        return new
    }

    func encodeNil() { slot.elements?.append(Slot(.null)) }

    func encode<T: Encodable>(_ value: T) throws { slot.elements?.append(try JSONValueEncoder.slot(of: value, at: codingPath)) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(Members<Nested>(slot: place(), codingPath: codingPath))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { Elements(slot: place(), codingPath: codingPath) }

    func superEncoder() -> any Encoder { JSONValueEncoder(codingPath: codingPath, slot: place()) }
}

private struct Single: SingleValueEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]

    func encodeNil() { slot.put(Slot(.null)) }

    func encode<T: Encodable>(_ value: T) throws { slot.put(try JSONValueEncoder.slot(of: value, at: codingPath)) }
}
