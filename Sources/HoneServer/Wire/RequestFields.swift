import HoneCore

/// Reads the fields of a request's JSON object; wrong types and values become refusals that name the field.
///
/// A field that is `null` counts as absent; fields that nobody asks for are ignored.
struct RequestFields {
    private let members: [String: JSONValue]

    /// The fields of a body, which has to be a JSON object.
    init(_ body: [UInt8]) throws(ServerRefusal) {
        guard let text = String(validating: body, as: UTF8.self) else { throw .invalid("The body is not UTF-8; expected a JSON object") }
        let value: JSONValue
        do throws(CoreError) { value = try JSONValue(parsing: text) } catch { throw .invalid("The body is no JSON: \(error)") }
        guard case .object(let members) = value else { throw .invalid("The body is \(Self.kind(of: value)); expected a JSON object") }
        self.members = members
    }

    init(_ members: [String: JSONValue]) { self.members = members }

    /// The value of a field, when it is there.
    func value(_ name: String) -> JSONValue? {
        if case .null? = members[name] { return nil }
        return members[name]
    }

    func string(_ name: String) throws(ServerRefusal) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.text else { throw wrong(name, value, "a string") }
        return text
    }

    func bool(_ name: String) throws(ServerRefusal) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let truth) = value else { throw wrong(name, value, "true or false") }
        return truth
    }

    func int(_ name: String, in range: ClosedRange<Int>) throws(ServerRefusal) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.int else { throw wrong(name, value, "a whole number") }
        guard range.contains(number) else {
            let expected = range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
            throw .invalid("“\(name)” is \(number); expected \(expected)", param: name)
        }
        return number
    }

    func double(_ name: String, in range: ClosedRange<Double>) throws(ServerRefusal) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.double else { throw wrong(name, value, "a number") }
        guard range.contains(number) else {
            let expected = range.upperBound < .greatestFiniteMagnitude ? "\(range.lowerBound) to \(range.upperBound)" : "\(range.lowerBound) or more"
            throw .invalid("“\(name)” is \(number); expected \(expected)", param: name)
        }
        return number
    }

    /// A string or a list of strings.
    func strings(_ name: String) throws(ServerRefusal) -> [String]? {
        guard let value = value(name) else { return nil }
        if let text = value.text { return [text] }
        guard let texts = value.elements?.map(\.text), !texts.contains(nil) else { throw wrong(name, value, "a string or a list of strings") }
        return texts.compactMap { $0 }
    }

    func object(_ name: String) throws(ServerRefusal) -> [String: JSONValue]? {
        guard let value = value(name) else { return nil }
        guard case .object(let members) = value else { throw wrong(name, value, "an object") }
        return members
    }

    func list(_ name: String) throws(ServerRefusal) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.elements else { throw wrong(name, value, "a list") }
        return elements
    }

    /// A list of token ids below a vocabulary's size.
    func tokens(_ name: String, vocabulary: Int) throws(ServerRefusal) -> [TokenID]? {
        guard let list = try list(name) else { return nil }
        return try Self.tokens(list, name, vocabulary: vocabulary)
    }

    /// Token ids below a vocabulary's size.
    static func tokens(_ list: [JSONValue], _ name: String, vocabulary: Int) throws(ServerRefusal) -> [TokenID] {
        var tokens: [TokenID] = []
        tokens.reserveCapacity(list.count)
        for element in list {
            guard let id = element.int else { throw .invalid("“\(name)” holds \(kind(of: element)); expected token ids", param: name) }
            guard id >= 0, id < vocabulary else {
                throw .invalid("“\(name)” holds the token \(id); the vocabulary has 0 to \(vocabulary - 1)", param: name)
            }
            tokens.append(TokenID(id))
        }
        return tokens
    }

    /// The refusal of a value of the wrong type.
    func wrong(_ name: String, _ value: JSONValue, _ expected: String) -> ServerRefusal {
        .invalid("“\(name)” is \(Self.kind(of: value)); expected \(expected)", param: name, code: "invalid_type")
    }

    private static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
