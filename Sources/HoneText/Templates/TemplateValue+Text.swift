extension TemplateValue {
    private static func check(_ out: [UInt8], adding count: Int = 0, _ limit: Int) throws(TemplateFailure) {
        guard out.count + count <= limit else { throw TemplateRun.tooLong(limit) }
    }

    /// Adds what the value looks like inside a list that is printed; what is shared is written each time, so the length is limited
    /// while it grows.
    func represent(into out: inout [UInt8], depth: Int = 0, limit: Int) throws(TemplateFailure) {
        guard depth < 60 else { throw TemplateFailure("Values are nested more than 60 deep") }
        switch self {
        case .undefined: out += Array("Undefined".utf8)
        case .none: out += Array("None".utf8)
        case .bool(let value): out += Array((value ? "True" : "False").utf8)
        case .integer(let value): out += Array(String(value).utf8)
        case .number(let value): out += Array(Self.spelled(value).utf8)
        case .string(let text):
            try Self.check(out, adding: text.bytes.count, limit)
            out += Self.quoted(text)
        case .sequence(let sequence):
            var (open, close) = ("[", "]")
            switch sequence.kind {
            case .list: break
            case .tuple: (open, close) = ("(", sequence.items.count == 1 ? ",)" : ")")
            case .view(let name): (open, close) = ("\(name)([", "])")
            case .range(let start, let stop, let step):
                out += Array("range(\(start), \(stop)\(step == 1 ? "" : ", \(step)"))".utf8)
                return try Self.check(out, limit)
            }
            out += Array(open.utf8)
            for (index, item) in sequence.items.enumerated() {
                if index > 0 { out += Array(", ".utf8) }
                try item.represent(into: &out, depth: depth + 1, limit: limit)
            }
            out += Array(close.utf8)
        case .mapping(let mapping):
            out += Array("{".utf8)
            for (index, entry) in mapping.entries.enumerated() {
                if index > 0 { out += Array(", ".utf8) }
                try entry.key.represent(into: &out, depth: depth + 1, limit: limit)
                out += Array(": ".utf8)
                try entry.value.represent(into: &out, depth: depth + 1, limit: limit)
            }
            out += Array("}".utf8)
        case .object(let object):
            throw TemplateFailure("A value of type \(object.typeName) cannot be printed in a way that is the same every time")
        }
        try Self.check(out, limit)
    }

    /// The shortest decimal that reads back to the number, in Python's spelling.
    static func spelled(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        var digits = ""
        var exponent = 0
        var pointAt: Int?
        let parts = value.magnitude.description.split(separator: "e")
        for character in parts[0] {
            if character == "." { pointAt = digits.count } else { digits.append(character) }
        }
        exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + (pointAt ?? digits.count) - 1
        let leading = digits.prefix { $0 == "0" }.count
        digits = String(digits.dropFirst(leading))
        exponent -= leading
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let sign = value < 0 ? "-" : ""
        if exponent < -4 || exponent >= 16 {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let power = String(exponent.magnitude)
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(power.count < 2 ? "0" : "")\(power)"
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let missing = exponent + 1 - digits.count
        if missing >= 0 { return sign + digits + String(repeating: "0", count: missing) + ".0" }
        return sign + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
    }

    /// A text in quotes, with escapes for what cannot be seen.
    private static func quoted(_ text: ExactText) -> [UInt8] {
        let hasSingle = text.bytes.contains(UInt8(ascii: "'"))
        let quote: Unicode.Scalar = hasSingle && !text.bytes.contains(UInt8(ascii: "\"")) ? "\"" : "'"
        var out = String.UnicodeScalarView([quote])
        func hex(_ value: UInt32, _ letter: String, _ width: Int) {
            let digits = String(value, radix: 16)
            out.append(contentsOf: "\\\(letter)\(String(repeating: "0", count: width - digits.count))\(digits)".unicodeScalars)
        }
        for scalar in text.string.unicodeScalars {
            switch scalar {
            case quote, "\\":
                out.append("\\")
                out.append(scalar)
            case "\n": out.append(contentsOf: "\\n".unicodeScalars)
            case "\r": out.append(contentsOf: "\\r".unicodeScalars)
            case "\t": out.append(contentsOf: "\\t".unicodeScalars)
            case " ": out.append(scalar)
            default:
                let isHidden: Bool =
                    switch scalar.properties.generalCategory {
                    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: true
                    default: false
                    }
                guard isHidden else {
                    out.append(scalar)
                    continue
                }
                if scalar.value < 0x100 { hex(scalar.value, "x", 2) } else if scalar.value < 0x10000 { hex(scalar.value, "u", 4) } else { hex(scalar.value, "U", 8) }
            }
        }
        out.append(quote)
        return Array(String(out).utf8)
    }

    /// How `tojson` writes; as `json.dumps` in Python.
    struct JSONStyle {
        var escapesOther = false
        /// What one level is indented by; nil for one line.
        var indent: String?
        var itemSeparator = ", "
        var keySeparator = ": "
        var sortsKeys = false
    }

    /// Adds the JSON text of the value.
    func json(into out: inout [UInt8], _ style: JSONStyle, depth: Int = 0, limit: Int) throws(TemplateFailure) {
        guard depth < 60 else { throw TemplateFailure("Values are nested more than 60 deep") }
        func line(_ depth: Int) -> [UInt8] { style.indent.map { Array("\n".utf8) + Array(String(repeating: $0, count: depth).utf8) } ?? [] }
        switch self {
        case .none: out += Array("null".utf8)
        case .bool(let value): out += Array((value ? "true" : "false").utf8)
        case .integer(let value): out += Array(String(value).utf8)
        case .number(let value):
            let text = value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : Self.spelled(value)
            out += Array(text.utf8)
        case .string(let text):
            try Self.check(out, adding: text.bytes.count, limit)
            out += Self.jsonQuoted(text, escapesOther: style.escapesOther)
        case .sequence(let sequence) where sequence.kind == .list || sequence.kind == .tuple:
            out += Array("[".utf8)
            for (index, item) in sequence.items.enumerated() {
                if index > 0 { out += Array(style.itemSeparator.utf8) }
                out += line(depth + 1)
                try item.json(into: &out, style, depth: depth + 1, limit: limit)
            }
            out += (sequence.items.isEmpty ? [] : line(depth)) + Array("]".utf8)
        case .mapping(let mapping):
            out += Array("{".utf8)
            for (index, entry) in try Self.ordered(mapping.entries, style).enumerated() {
                if index > 0 { out += Array(style.itemSeparator.utf8) }
                out += line(depth + 1)
                switch entry.key {
                case .string(let text):
                    try Self.check(out, adding: text.bytes.count, limit)
                    out += Self.jsonQuoted(text, escapesOther: style.escapesOther)
                case .none, .bool, .integer, .number:
                    out += Array("\"".utf8)
                    try entry.key.json(into: &out, style, limit: limit)
                    out += Array("\"".utf8)
                default: throw TemplateFailure("A key of type \(entry.key.typeName) cannot be written as JSON")
                }
                out += Array(style.keySeparator.utf8)
                try entry.value.json(into: &out, style, depth: depth + 1, limit: limit)
            }
            out += (mapping.count == 0 ? [] : line(depth)) + Array("}".utf8)
        case .undefined, .sequence, .object: throw TemplateFailure("A value of type \(typeName) cannot be written as JSON")
        }
        try Self.check(out, limit)
    }

    private static func ordered(_ entries: [TemplateMapping.Entry], _ style: JSONStyle) throws(TemplateFailure) -> [TemplateMapping.Entry] {
        guard style.sortsKeys else { return entries }
        guard entries.allSatisfy({ $0.key.exact != nil }) || entries.allSatisfy({ $0.key.double != nil }) else {
            throw TemplateFailure("Keys of different types cannot be sorted")
        }
        return entries.sorted { a, b in
            if let left = a.key.exact, let right = b.key.exact { return left.bytes.lexicographicallyPrecedes(right.bytes) }
            return (a.key.double ?? 0) < (b.key.double ?? 0)
        }
    }

    private static func jsonQuoted(_ text: ExactText, escapesOther: Bool) -> [UInt8] {
        var out = [UInt8(ascii: "\"")]
        func unit(_ value: UInt16) {
            let digits = String(value, radix: 16)
            out += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
        }
        for byte in text.bytes where byte < 0x80 || !escapesOther {
            switch byte {
            case UInt8(ascii: "\""): out += Array("\\\"".utf8)
            case UInt8(ascii: "\\"): out += Array("\\\\".utf8)
            case 10: out += Array("\\n".utf8)
            case 13: out += Array("\\r".utf8)
            case 9: out += Array("\\t".utf8)
            case 8: out += Array("\\b".utf8)
            case 12: out += Array("\\f".utf8)
            case 0..<32: unit(UInt16(byte))
            case 127 where escapesOther: unit(127)
            default: out.append(byte)
            }
        }
        guard escapesOther, text.bytes.contains(where: { $0 >= 0x80 }) else { return out + [UInt8(ascii: "\"")] }
        out = [UInt8(ascii: "\"")]
        for scalar in text.string.unicodeScalars {
            if scalar.isASCII {
                out += jsonQuoted(ExactText(String(Character(scalar))), escapesOther: false).dropFirst().dropLast()
            } else {
                for value in UTF16.encode(scalar) ?? .init() { unit(value) }
            }
        }
        return out + [UInt8(ascii: "\"")]
    }
}
