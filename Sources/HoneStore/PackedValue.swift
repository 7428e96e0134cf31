/// A tree of values as records hold them: JSON's, with single and double precision kept apart and lists of tokens and of numbers
/// whole.
enum PackedValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Whole numbers that no `Int64` holds.
    case unsigned(UInt64)
    case float(Float)
    case double(Double)
    case text(String)
    case tokens([Int32])
    case floats([Float])
    case list([PackedValue])
    /// Members in the order of their keys' UTF-8 bytes.
    case object([(key: String, value: PackedValue)])

    /// The canonical JSON spelling: keys sorted, no white space, shortest exact numbers; numbers that are not finite are text.
    ///
    /// Digests are taken of these bytes, so they never depend on how a record is stored.
    var canonical: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .integer(let value): out += String(value).utf8
        case .unsigned(let value): out += String(value).utf8
        case .float(let value): Self.write(value, to: &out)
        case .double(let value): Self.write(value, to: &out)
        case .text(let text): Self.quote(text, to: &out)
        case .tokens(let tokens): Self.write(tokens, to: &out) { $1 += String($0).utf8 }
        case .floats(let floats): Self.write(floats, to: &out) { Self.write($0, to: &$1) }
        case .list(let values): Self.write(values, to: &out) { $0.write(to: &$1) }
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.quote(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func write<T>(_ elements: [T], to out: inout [UInt8], _ one: (T, inout [UInt8]) -> Void) {
        out.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            one(element, &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    private static func write<F: BinaryFloatingPoint & CustomStringConvertible>(_ value: F, to out: inout [UInt8]) {
        guard value.isFinite else {
            out += (value.isNaN ? "\"nan\"" : value < 0 ? "\"-inf\"" : "\"inf\"").utf8
            return
        }
        // `description` is the shortest decimal that reads back to the same bits.
        let spelled = value.description
        out += spelled.hasSuffix(".0") ? spelled.utf8.dropLast(2) : spelled.utf8[...]
    }

    private static func quote(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case UInt8(ascii: "\n"): out += "\\n".utf8
            case UInt8(ascii: "\r"): out += "\\r".utf8
            case UInt8(ascii: "\t"): out += "\\t".utf8
            case ..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                out += "\\u00".utf8
                out += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
