import Foundation
import HoneCore

/// A JSON object that carries the hash of its own canonical spelling, so that a changed byte that changes its meaning is seen.
enum SealedJSON {
    private static let key = "seal"

    /// The bytes of a value with its seal, and a line break at the end.
    static func data(_ value: some Encodable) throws -> Data {
        // Read once more before it is hashed: 1e15 is a number when it is written and a whole number when it is read.
        let plain = try JSONValue(parsing: try JSONValue(encoding: value).canonical)
        guard case .object(var members) = plain else { throw StoreError("Only a JSON object can be sealed; found \(plain.kind)") }
        members[key] = .string(SHA256.hex(plain.canonical))
        return Data((JSONValue.object(members).canonical + "\n").utf8)
    }

    /// The object in some bytes without its seal; nil when the bytes are no JSON object with the seal that fits it.
    static func open(_ data: Data) -> JSONValue? {
        guard case .object(var members)? = parse(data), let seal = members.removeValue(forKey: key)?.text else { return nil }
        let plain = JSONValue.object(members)
        return SHA256.hex(plain.canonical) == seal ? plain : nil
    }

    /// The JSON value in some bytes, sealed or not; nil when they are none.
    static func parse(_ data: Data) -> JSONValue? { try? JSONValue(parsing: String(decoding: data, as: UTF8.self)) }
}
