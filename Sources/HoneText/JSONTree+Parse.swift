extension JSONTree {
    /// The value of a JSON text (RFC 8259), which must be valid UTF-8, nested at most 200 deep and without repeated keys.
    static func parse(_ bytes: [UInt8]) throws(TextError) -> JSONTree {
        var parser = Parser(bytes: bytes)
        parser.skipSpace()
        let tree = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.count else { throw parser.failure("there is text after the value") }
        return tree
    }

    private struct Parser {
        let bytes: [UInt8]
        var at = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var next: UInt8? { at < bytes.count ? bytes[at] : nil }

        func failure(_ reason: String) -> TextError {
            var line = 1
            var column = 1
            for byte in bytes[..<min(at, bytes.count)] {
                if byte == 10 {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    column += 1
                }
            }
            return TextError("The JSON text is malformed at line \(line), column \(column): \(reason)")
        }

        mutating func skipSpace() {
            while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { at += 1 }
        }

        mutating func value(depth: Int) throws(TextError) -> JSONTree {
            guard depth <= 200 else { throw failure("values are nested more than 200 deep") }
            switch next {
            case UInt8(ascii: "{"): return try object(depth: depth)
            case UInt8(ascii: "["): return try array(depth: depth)
            case UInt8(ascii: "\""): return .string(ExactText(bytes: try string()))
            case UInt8(ascii: "t"): return try word("true", .bool(true))
            case UInt8(ascii: "f"): return try word("false", .bool(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            case .none: throw failure("the text ends where a value is expected")
            default: return try number()
            }
        }

        mutating func word(_ word: StaticString, _ value: JSONTree) throws(TextError) -> JSONTree {
            let length = word.utf8CodeUnitCount
            let matches = word.withUTF8Buffer { $0.elementsEqual(bytes[at..<min(at + length, bytes.count)]) }
            guard matches else { throw failure("expected \(word)") }
            at += length
            return value
        }

        mutating func object(depth: Int) throws(TextError) -> JSONTree {
            at += 1
            var members: [Member] = []
            // Small objects are searched as they are; a set for each of thousands of them would cost more.
            var seen: Set<ExactText> = []
            skipSpace()
            if next == UInt8(ascii: "}") {
                at += 1
                return .object([])
            }
            while true {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
                let key = ExactText(bytes: try string())
                let isRepeated: Bool
                if members.count < 12 {
                    isRepeated = members.contains { $0.key == key }
                } else {
                    if seen.isEmpty { seen = Set(members.map(\.key)) }
                    isRepeated = !seen.insert(key).inserted
                }
                guard !isRepeated else { throw failure("the key “\(key.string.shown)” is repeated") }
                skipSpace()
                guard next == UInt8(ascii: ":") else { throw failure("expected a colon after the key") }
                at += 1
                skipSpace()
                members.append(Member(key: key, value: try value(depth: depth + 1)))
                skipSpace()
                if next == UInt8(ascii: ",") {
                    at += 1
                } else if next == UInt8(ascii: "}") {
                    at += 1
                    return .object(members)
                } else {
                    throw failure("expected a comma or a closing brace")
                }
            }
        }

        mutating func array(depth: Int) throws(TextError) -> JSONTree {
            at += 1
            var elements: [JSONTree] = []
            skipSpace()
            if next == UInt8(ascii: "]") {
                at += 1
                return .array([])
            }
            while true {
                skipSpace()
                elements.append(try value(depth: depth + 1))
                skipSpace()
                if next == UInt8(ascii: ",") {
                    at += 1
                } else if next == UInt8(ascii: "]") {
                    at += 1
                    return .array(elements)
                } else {
                    throw failure("expected a comma or a closing bracket")
                }
            }
        }

        mutating func number() throws(TextError) -> JSONTree {
            let start = at
            if next == UInt8(ascii: "-") { at += 1 }
            let whole = digits()
            guard whole > 0, whole == 1 || bytes[at - whole] != UInt8(ascii: "0") else {
                throw failure("expected a value")
            }
            var isWhole = true
            if next == UInt8(ascii: ".") {
                at += 1
                isWhole = false
                guard digits() > 0 else { throw failure("expected digits after the decimal point") }
            }
            if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
                at += 1
                isWhole = false
                if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
                guard digits() > 0 else { throw failure("expected digits in the exponent") }
            }
            let text = String(decoding: bytes[start..<at], as: UTF8.self)
            if isWhole, let value = Int(text) { return .integer(value) }
            guard let value = Double(text), value.isFinite else { throw failure("the number is out of range") }
            return .number(value)
        }

        mutating func digits() -> Int {
            let start = at
            while let byte = next, byte >= 48, byte <= 57 { at += 1 }
            return at - start
        }

        mutating func string() throws(TextError) -> [UInt8] {
            at += 1
            let start = at
            var isPlain = true
            while let byte = next {
                switch byte {
                case UInt8(ascii: "\""):
                    let result = Array(bytes[start..<at])
                    at += 1
                    guard isPlain || String(validating: result, as: UTF8.self) != nil else {
                        at = start
                        throw failure("the string is not valid UTF-8")
                    }
                    return result
                case UInt8(ascii: "\\"): return try string(from: start)
                case 0..<32:
                    at += 1
                    throw failure("a control character must be escaped in a string")
                default:
                    if byte >= 0x80 { isPlain = false }
                    at += 1
                }
            }
            throw failure("the string has no closing quote")
        }

        /// A string with escapes, of which the bytes before `at` are plain.
        mutating func string(from start: Int) throws(TextError) -> [UInt8] {
            var result = Array(bytes[start..<at])
            while let byte = next {
                at += 1
                switch byte {
                case UInt8(ascii: "\""):
                    guard String(validating: result, as: UTF8.self) != nil else {
                        at = start
                        throw failure("the string is not valid UTF-8")
                    }
                    return result
                case UInt8(ascii: "\\"): try escape(into: &result)
                case 0..<32: throw failure("a control character must be escaped in a string")
                default: result.append(byte)
                }
            }
            throw failure("the string has no closing quote")
        }

        mutating func escape(into result: inout [UInt8]) throws(TextError) {
            guard let byte = next else { throw failure("the string has no closing quote") }
            at += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "u"):
                var code = try hexUnit()
                if code >= 0xD800, code < 0xDC00, next == UInt8(ascii: "\\"), at + 1 < bytes.count,
                    bytes[at + 1] == UInt8(ascii: "u")
                {
                    at += 2
                    let low = try hexUnit()
                    guard low >= 0xDC00, low < 0xE000 else { throw failure("a surrogate has no partner") }
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                }
                guard let scalar = Unicode.Scalar(code) else { throw failure("a surrogate has no partner") }
                result.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            default: throw failure("unknown escape in a string")
            }
        }

        mutating func hexUnit() throws(TextError) -> UInt32 {
            var code: UInt32 = 0
            for _ in 0..<4 {
                guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 128 else {
                    throw failure("expected four hexadecimal digits")
                }
                code = code << 4 | UInt32(digit)
                at += 1
            }
            return code
        }
    }
}
