/// Reads JSON text (RFC 8259) and says at which line and column it is broken.
///
/// Stricter than the format where a value would be lost: a name given twice in one object is refused, and so are numbers
/// beyond the range of a double and halves of surrogate pairs. A whole number that fits becomes an integer, however it
/// is spelled.
struct JSONParser {
    /// The most objects and lists inside each other; deeper ones would exhaust the stack.
    static let depthLimit = 512

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value that the UTF-8 bytes spell; a byte order mark before it is passed over.
    static func value(of bytes: [UInt8]) throws(CoreError) -> JSONValue {
        var parser = JSONParser(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.place = 3 }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.place == bytes.count else { throw parser.refusal("expected nothing after the value") }
        return value
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(CoreError) -> JSONValue {
        guard depth <= Self.depthLimit else {
            throw refusal("expected at most \(Self.depthLimit) lists and objects inside each other")
        }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .string(try text())
        case .some(let byte) where byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte: return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw refusal("expected a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(CoreError) -> JSONValue {
        let spelled = Array(word.description.utf8)
        guard bytes[place...].starts(with: spelled) else { throw refusal("expected a value such as \(word)") }
        place += spelled.count
        return value
    }

    private mutating func list(depth: Int) throws(CoreError) -> JSONValue {
        place += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw refusal("expected “,” or “]” in a list") }
        }
    }

    private mutating func object(depth: Int) throws(CoreError) -> JSONValue {
        place += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        while true {
            skipSpace()
            let start = place
            guard next == UInt8(ascii: "\"") else { throw refusal("expected a name in quotation marks") }
            let name = try text()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw refusal("expected “:” after the name “\(name)”") }
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: name) == nil else {
                throw refusal("the name “\(name)” is given twice in one object; keep one", at: start)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw refusal("expected “,” or “}” in an object") }
        }
    }

    private mutating func number() throws(CoreError) -> JSONValue {
        let start = place
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            place += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let spelled = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let whole = Int(spelled) { return .integer(whole) }
        guard let number = Double(spelled), number.isFinite else {
            throw refusal("\(spelled.prefix(20)) is beyond the range of a double", at: start)
        }
        return Int(exactly: number).map { .integer($0) } ?? .number(number)
    }

    private mutating func digits() throws(CoreError) {
        let start = place
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { place += 1 }
        guard place > start else { throw refusal("expected a digit") }
    }

    private mutating func text() throws(CoreError) -> String {
        let start = place
        place += 1
        var spelled: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                return String(decoding: spelled, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &spelled)
            case 0..<0x20: throw refusal("expected control characters in a text to be escaped")
            default:
                spelled.append(byte)
                place += 1
            }
        }
        throw refusal("the text that begins here has no closing quotation mark", at: start)
    }

    private mutating func escape(into spelled: inout [UInt8]) throws(CoreError) {
        let start = place
        place += 1
        let letter = next
        place += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): spelled.append(letter ?? 0)
        case UInt8(ascii: "b"): spelled.append(0x08)
        case UInt8(ascii: "f"): spelled.append(0x0C)
        case UInt8(ascii: "n"): spelled.append(0x0A)
        case UInt8(ascii: "r"): spelled.append(0x0D)
        case UInt8(ascii: "t"): spelled.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if 0xD800..<0xDC00 ~= code, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = try hexadecimal()
                guard 0xDC00..<0xE000 ~= low else { throw refusal("half of a surrogate pair is no character", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw refusal("half of a surrogate pair is no character", at: start) }
            spelled += Array(String(scalar).utf8)
        default: throw refusal("expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash", at: start)
        }
    }

    private mutating func hexadecimal() throws(CoreError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw refusal("expected four hexadecimal digits after \\u")
            }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }

    /// The sentence for what is wrong here: line and column count from 1, columns in Unicode scalars.
    private func refusal(_ sentence: String, at other: Int? = nil) -> CoreError {
        let here = min(other ?? place, bytes.count)
        let before = bytes[..<here]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = bytes[lineStart..<here].count { $0 & 0xC0 != 0x80 } + 1
        let found: String
        if other != nil {
            found = ""
        } else if let scalar = String(decoding: bytes[here...].prefix(4), as: UTF8.self).unicodeScalars.first {
            found =
                scalar.value < 0x20
                ? ", found the control character \(scalar.value)" : ", found “\(scalar)”"
        } else {
            found = ", found the end of the text"
        }
        return .invalid("JSON line \(line), column \(column): \(sentence)\(found)")
    }
}
