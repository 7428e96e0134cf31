import Foundation

/// How one value is written into its place.
struct FormatSpec {
    enum Alignment { case left, right, center, behindSign }

    var alignment: Alignment?
    var fill = " "
    var showsPlus = false
    var showsSpace = false
    var isAlternate = false
    var groups = false
    var width = 0
    var precision: Int?

    /// A flag of a place that begins with %.
    mutating func flag(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "-"): alignment = .left
        case UInt8(ascii: "+"): showsPlus = true
        case UInt8(ascii: " "): showsSpace = true
        case UInt8(ascii: "#"): isAlternate = true
        default:
            fill = "0"
            if alignment != .left { alignment = .behindSign }
        }
    }

    /// A value as a place that begins with % writes it.
    func written(_ value: TemplateValue, _ kind: UInt8, in run: TemplateRun) throws(TemplateFailure) -> [UInt8] {
        switch kind {
        case UInt8(ascii: "s"), UInt8(ascii: "r"), UInt8(ascii: "a"):
            var text = kind == UInt8(ascii: "s") ? try run.printed(value).bytes : try run.represented(value)
            if let precision { text = TemplateText.scalars(text).prefix(precision).flatMap { Array($0) } }
            return padded("", text, standard: .right, fill: " ")
        case UInt8(ascii: "c"):
            if let code = value.whole, let scalar = Unicode.Scalar(UInt32(clamping: code)) { return Array(String(Character(scalar)).utf8) }
            guard let text = value.exact, TemplateText.length(text.bytes) == 1 else { throw TemplateFailure("%c takes one character") }
            return text.bytes
        default:
            guard let letter = Unicode.Scalar(kind).isASCII ? Character(Unicode.Scalar(kind)) : nil, "diuxXofFeEgG".contains(letter) else {
                throw TemplateFailure("A format asks for “%\(Character(Unicode.Scalar(kind)))”, which is not supported")
            }
            guard let number = value.double else { throw TemplateFailure("A format wants a number, not a value of type \(value.typeName)") }
            if "diu".contains(letter), value.whole == nil {
                guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw TemplateFailure("A number is too large for a format") }
                return try self.number(.integer(whole), "d")
            }
            return try self.number(value, "diu".contains(letter) ? "d" : letter)
        }
    }

    private func number(_ value: TemplateValue, _ letter: Character) throws(TemplateFailure) -> [UInt8] {
        var sign = ""
        var digits = ""
        switch letter {
        case "d", "x", "X", "o", "b":
            guard let whole = value.whole else { throw TemplateFailure("A format wants a whole number, not a value of type \(value.typeName)") }
            sign = whole < 0 ? "-" : ""
            digits = String(whole.magnitude, radix: letter == "d" ? 10 : letter == "o" ? 8 : letter == "b" ? 2 : 16, uppercase: letter == "X")
            if let precision, digits.count < precision { digits = String(repeating: "0", count: precision - digits.count) + digits }
            if isAlternate, letter != "d" { sign += "0\(letter)" }
        default:
            guard let number = value.double else { throw TemplateFailure("A format wants a number, not a value of type \(value.typeName)") }
            sign = number.sign == .minus && !number.isNaN ? "-" : ""
            guard number.isFinite else {
                digits = number.isNaN ? "nan" : "inf"
                break
            }
            guard (precision ?? 6) <= 1000 else { throw TemplateFailure("A format has a precision of \(precision ?? 6)") }
            digits = String(format: "%\(isAlternate ? "#" : "").\(precision ?? 6)\(letter)", number.magnitude)
        }
        if sign.hasPrefix("-") == false { sign = (showsPlus ? "+" : showsSpace ? " " : "") + sign }
        if groups { digits = Self.grouped(digits) }
        return padded(sign, Array(digits.utf8), standard: .right, fill: fill)
    }

    private static func grouped(_ digits: String) -> String {
        let whole = digits.prefix { $0.isNumber }
        var out = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { out.append(",") }
            out.append(digit)
        }
        return out + digits.dropFirst(whole.count)
    }

    private func padded(_ sign: String, _ text: [UInt8], standard: Alignment, fill: String) -> [UInt8] {
        let missing = width - TemplateText.length(text) - sign.count
        let whole = Array(sign.utf8) + text
        guard missing > 0 else { return whole }
        func filled(_ count: Int) -> [UInt8] { Array(String(repeating: fill, count: count).utf8) }
        switch alignment ?? standard {
        case .left: return whole + Array(String(repeating: fill == "0" ? " " : fill, count: missing).utf8)
        case .right: return filled(missing) + whole
        case .center: return filled(missing / 2) + whole + filled(missing - missing / 2)
        case .behindSign: return Array(sign.utf8) + filled(missing) + text
        }
    }

    /// A value as a place in braces writes it: `[[fill]align][sign][#][0][width][,][.precision][type]`.
    static func written(_ value: TemplateValue, specification: String, in run: TemplateRun) throws(TemplateFailure) -> [UInt8] {
        guard !specification.isEmpty else { return try run.printed(value).bytes }
        var spec = FormatSpec()
        var rest = Array(specification.unicodeScalars)[...]
        let alignments: [Unicode.Scalar: Alignment] = ["<": .left, ">": .right, "^": .center, "=": .behindSign]
        if rest.count > 1, let found = alignments[rest[rest.startIndex + 1]] {
            spec.fill = String(Character(rest[rest.startIndex]))
            spec.alignment = found
            rest = rest.dropFirst(2)
        } else if let first = rest.first, let found = alignments[first] {
            spec.alignment = found
            rest = rest.dropFirst()
        }
        if let first = rest.first, first == "+" || first == "-" || first == " " {
            (spec.showsPlus, spec.showsSpace) = (first == "+", first == " ")
            rest = rest.dropFirst()
        }
        if rest.first == "#" {
            spec.isAlternate = true
            rest = rest.dropFirst()
        }
        if rest.first == "0" {
            spec.fill = "0"
            spec.alignment = spec.alignment ?? .behindSign
            rest = rest.dropFirst()
        }
        func number() throws(TemplateFailure) -> Int? {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            guard digits.count <= 6 else { throw TemplateFailure("A format has a width or a precision of more than six digits") }
            return Int(String(String.UnicodeScalarView(digits)))
        }
        spec.width = try number() ?? 0
        if rest.first == "," {
            spec.groups = true
            rest = rest.dropFirst()
        }
        if rest.first == "." {
            rest = rest.dropFirst()
            spec.precision = try number()
        }
        let type = rest.popFirst().map { Character($0) }
        guard rest.isEmpty, type.map({ "sdxXobfFeEgG%".contains($0) }) ?? true else {
            throw TemplateFailure("The specification “\(specification)” of a format is not supported")
        }
        if let text = value.exact, type == nil || type == "s" {
            var bytes = text.bytes
            if let precision = spec.precision { bytes = TemplateText.scalars(bytes).prefix(precision).flatMap { Array($0) } }
            return spec.padded("", bytes, standard: .left, fill: spec.fill)
        }
        guard let number = value.double else { throw TemplateFailure("A value of type \(value.typeName) cannot be written as “\(specification)”") }
        if type == "%" {
            spec.width = max(0, spec.width - 1)
            return try spec.number(.number(number * 100), "f") + Array("%".utf8)
        }
        if type == nil, value.whole == nil {
            guard spec.precision == nil else { return try spec.number(value, "g") }
            return spec.padded(number < 0 ? "-" : spec.showsPlus ? "+" : "", Array(TemplateValue.spelled(number.magnitude).utf8), standard: .right, fill: spec.fill)
        }
        guard type != "s" else { throw TemplateFailure("A number cannot be written as “\(specification)”") }
        return try spec.number(value, type ?? "d")
    }
}
