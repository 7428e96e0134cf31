import Foundation

/// Values put into the places of a text, and what else is about the look of values.
enum TemplateFormat {
    /// Python's % for texts: %s, %r, %d, %i, %u, %f, %e, %g, %x, %X, %o, %c and %%, with flags, width and precision.
    static func percent(_ format: ExactText, _ values: TemplateValue, in run: TemplateRun) throws(TemplateFailure) -> [UInt8] {
        let list: [TemplateValue]
        var mapping: TemplateMapping?
        switch values {
        case .sequence(let sequence) where sequence.kind == .tuple: list = sequence.items
        case .mapping(let values):
            mapping = values
            list = [.mapping(values)]
        default: list = [values]
        }
        var used = 0
        let text = format.bytes
        var out: [UInt8] = []
        var place = 0
        while place < text.count {
            guard text[place] == UInt8(ascii: "%") else {
                out.append(text[place])
                place += 1
                continue
            }
            place += 1
            var value: TemplateValue?
            if place < text.count, text[place] == UInt8(ascii: "(") {
                guard let end = text[place...].firstIndex(of: UInt8(ascii: ")")), let known = mapping else {
                    throw TemplateFailure("A format asks for a value by name, but there is no mapping")
                }
                let name = ExactText(bytes: Array(text[(place + 1)..<end]))
                guard let found = known.value(.text(name)) else { throw TemplateFailure("A format asks for “\(name.string)”, which is not there") }
                value = found
                place = end + 1
            }
            var spec = FormatSpec()
            while place < text.count, "-+ 0#".utf8.contains(text[place]) {
                spec.flag(text[place])
                place += 1
            }
            func number() throws(TemplateFailure) -> Int? {
                var digits = ""
                while place < text.count, (48...57).contains(text[place]) {
                    digits.append(Character(Unicode.Scalar(text[place])))
                    place += 1
                }
                guard digits.count <= 6 else { throw TemplateFailure("A format has a width or a precision of \(digits)") }
                return Int(digits)
            }
            spec.width = try number() ?? 0
            if place < text.count, text[place] == UInt8(ascii: ".") {
                place += 1
                spec.precision = try number() ?? 0
            }
            while place < text.count, "lhL".utf8.contains(text[place]) { place += 1 }
            guard place < text.count else { throw TemplateFailure("A format ends in the middle of a place for a value") }
            let kind = text[place]
            place += 1
            if kind == UInt8(ascii: "%") {
                out.append(kind)
                continue
            }
            if value == nil {
                guard used < list.count else { throw TemplateFailure("A format has more places than there are values") }
                value = list[used]
                used += 1
            }
            out += try spec.written(value ?? .none, kind, in: run)
            guard out.count <= run.limits.output else { throw TemplateRun.tooLong(run.limits.output) }
        }
        // What can be asked by place or name may be left unused.
        let mayBeLeft: Bool =
            switch values {
            case .undefined, .mapping: true
            case .sequence(let sequence): sequence.kind == .list || sequence.kind.typeName == "range"
            default: false
            }
        guard used >= list.count || mayBeLeft else { throw TemplateFailure("A format has fewer places than there are values") }
        return out
    }

    /// Python's format method for texts: {}, {0}, {name}, with a specification of width, fill and precision behind a colon.
    static func braces(_ text: [UInt8], _ call: TemplateCall, in run: TemplateRun) throws(TemplateFailure) -> [UInt8] {
        var out: [UInt8] = []
        var place = 0
        var next = 0
        while place < text.count {
            let byte = text[place]
            place += 1
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
                out.append(byte)
                continue
            }
            if place < text.count, text[place] == byte {
                out.append(byte)
                place += 1
                continue
            }
            guard byte == UInt8(ascii: "{"), let end = text[place...].firstIndex(of: UInt8(ascii: "}")) else {
                throw TemplateFailure("A brace in a format stands alone")
            }
            let inside = String(decoding: text[place..<end], as: UTF8.self)
            place = end + 1
            let parts = inside.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard !inside.contains("{"), !parts[0].contains("!"), !parts[0].contains("."), !parts[0].contains("[") else {
                throw TemplateFailure("The place {\(inside)} of a format is not supported; {}, {0} and {name} are, with a specification behind a colon")
            }
            let value: TemplateValue
            if let index = parts[0].isEmpty ? next : Int(parts[0]) {
                guard call.positional.indices.contains(index) else { throw TemplateFailure("A format has more places than there are values") }
                value = call.positional[index]
                if parts[0].isEmpty { next += 1 }
            } else {
                guard let named = call.named.first(where: { $0.name == parts[0] }) else { throw TemplateFailure("A format asks for “\(parts[0])”, which is not there") }
                value = named.value
            }
            out += try FormatSpec.written(value, specification: parts.count > 1 ? parts[1] : "", in: run)
            guard out.count <= run.limits.output else { throw TemplateRun.tooLong(run.limits.output) }
        }
        return out
    }

    // MARK: Numbers

    /// A whole number in some base, as Python reads it; 0 means the base that a prefix names.
    static func whole(_ text: String, base: Int) -> Int? {
        var digits = Substring(text.lowercased())
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" {
            sign = String(first)
            digits = digits.dropFirst()
        }
        var base = base
        for (prefix, own) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) && (base == own || base == 0) {
            digits = digits.dropFirst(2)
            base = own
        }
        if base == 0 { base = 10 }
        guard (2...36).contains(base), !digits.hasPrefix("_"), !digits.hasSuffix("_"), !digits.contains("__"), !digits.hasPrefix("-"), !digits.hasPrefix("+")
        else { return nil }
        return Int(sign + digits.replacing("_", with: ""), radix: base)
    }

    /// A decimal number as Python reads it.
    static func decimal(_ text: String) -> Double? {
        let plain = text.lowercased()
        let unsigned = plain.hasPrefix("-") || plain.hasPrefix("+") ? String(plain.dropFirst()) : plain
        if ["inf", "infinity", "nan"].contains(unsigned) { return Double(plain.replacing("infinity", with: "inf")) }
        guard unsigned.allSatisfy({ "0123456789.e+-_".contains($0) }), unsigned.contains(where: \.isNumber), !plain.contains("__") else { return nil }
        guard let first = unsigned.first, first != "e", first != "_" else { return nil }
        let digits = plain.replacing("_", with: "")
        // Swift wants a digit on both sides of the point.
        let whole = digits.replacing(".e", with: ".0e")
        return Double(whole.hasSuffix(".") ? whole + "0" : whole) ?? (unsigned.hasPrefix(".") ? Double(plain.replacing(".", with: "0.")) : nil)
    }

    static func power(of digits: Int) -> Double { pow(10, Double(digits)) }

    /// Rounded to so many digits; halves go to the even digit, and what is nearest is decided exactly.
    static func rounded(_ value: Double, _ digits: Int) -> Double {
        guard value.isFinite else { return value }
        if digits >= 0 { return Double(String(format: "%.\(digits)f", value)) ?? value }
        let power = power(of: -digits)
        return (value / power).rounded(.toNearestOrEven) * power
    }

    static func rounded(_ value: Int, _ digits: Int) -> Int {
        guard digits < 0 else { return value }
        guard digits > -19 else { return 0 }
        let power = (0..<(-digits)).reduce(1) { whole, _ in whole * 10 }
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: power)
        let twice = rest.magnitude * 2
        let isUp = twice > power.magnitude || (twice == power.magnitude && quotient % 2 != 0)
        return (quotient + (isUp ? value.signum() : 0)) &* power
    }

    // MARK: Texts

    /// The first letter of each word large, the others small; words begin behind white space and opening brackets.
    static func title(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var isFirst = true
        for scalar in TemplateText.scalars(bytes) {
            let isGap = TemplateLexer.spaceWidth(Array(scalar), 0) != nil || (scalar.count == 1 && "-({[<".utf8.contains(scalar[scalar.startIndex]))
            out += isFirst ? TemplateText.uppercased(Array(scalar)) : TemplateText.lowercased(Array(scalar))
            isFirst = isGap
        }
        return out
    }

    static func wordCount(_ bytes: [UInt8]) -> Int {
        var count = 0
        var isInside = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let isWord = scalar == "_" || !ScalarClasses.of(scalar.value).isDisjoint(with: [.letter, .number])
            if isWord, !isInside { count += 1 }
            isInside = isWord
        }
        return count
    }

    /// The lines moved to the right; the first and blank ones where that is wanted.
    static func indented(_ bytes: [UInt8], _ indent: [UInt8], first: Bool, blank: Bool, limit: Int) throws(TemplateFailure) -> [UInt8] {
        // As in Jinja a line break is added, so that the last line is one too, and taken off again.
        let text = bytes + [10]
        var out = first ? indent : []
        var place = 0
        while let line = TemplateText.lineEnd(text, from: place) {
            if place > 0 {
                out.append(10)
                if blank || line.content > place { out += indent }
            }
            out += text[place..<line.content]
            guard out.count <= limit else { throw TemplateRun.tooLong(limit) }
            place = line.next
        }
        return out
    }

    /// A text cut to a length with a sign of that; a little too long is left.
    static func truncated(_ bytes: [UInt8], to length: Int, cutsWords: Bool, end: [UInt8], leeway: Int) throws(TemplateFailure) -> [UInt8] {
        let sign = TemplateText.length(end)
        guard length >= sign, leeway >= 0 else { throw TemplateFailure("“truncate” cuts to at least the length of the sign behind the text") }
        let scalars = TemplateText.scalars(bytes)
        guard scalars.count > length, scalars.count - length > leeway else { return bytes }
        let kept = scalars[..<(length - sign)].flatMap { Array($0) }
        if cutsWords { return kept + end }
        return (kept.lastIndex(of: 32).map { Array(kept[..<$0]) } ?? kept) + end
    }
}
