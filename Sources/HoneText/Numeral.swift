/// A decimal number without sign as it is written: `42`, `1,234.50`, `.5`, `1.8e3`.
struct Numeral {
    /// Its value.
    let value: Rational
    /// Whether it is written with digits only.
    let isDigitsOnly: Bool

    /// The longest numeral, in characters.
    static let longest = 60
    /// The largest exponent of ten.
    static let largestExponent = 30

    /// Reads the numeral at a position and moves the position behind it.
    ///
    /// Nil when none begins there or when it is malformed: commas that do not separate groups of three, two points, an
    /// exponent that is too large, more than 60 characters.
    init?(in text: ArraySlice<Unicode.Scalar>, at position: inout Int) {
        func digit(_ index: Int) -> Bool { index < text.endIndex && text[index].isDigit }
        func symbol(_ index: Int) -> Unicode.Scalar? { index < text.endIndex ? text[index] : nil }
        var spelled = String.UnicodeScalarView()
        var index = position
        while digit(index) {
            spelled.append(text[index])
            index += 1
        }
        let lead = index - position
        var isPlain = true
        if symbol(index) == ",", digit(index + 1) {
            guard (1...3).contains(lead), text[position] != "0" else { return nil }
            while symbol(index) == ",", digit(index + 1) {
                guard digit(index + 2), digit(index + 3), !digit(index + 4) else { return nil }
                spelled.append(contentsOf: text[(index + 1)...(index + 3)])
                index += 4
            }
            isPlain = false
        }
        if symbol(index) == ".", digit(index + 1) {
            isPlain = false
            spelled.append(".")
            index += 1
            while digit(index) {
                spelled.append(text[index])
                index += 1
            }
            if let mark = symbol(index), mark == "." || mark == ",", digit(index + 1) { return nil }
        }
        guard !spelled.isEmpty, index - position <= Self.longest, var value = Rational(decimal: String(spelled)) else {
            return nil
        }
        if let mark = symbol(index), mark == "e" || mark == "E" {
            var end = index + 1
            let isNegative = symbol(end) == "-"
            if isNegative || symbol(end) == "+" { end += 1 }
            var exponent = 0
            let start = end
            while digit(end), end - start < 3 {
                exponent = exponent * 10 + Int(text[end].value - 48)
                end += 1
            }
            if end > start {
                guard exponent <= Self.largestExponent, !digit(end),
                    let scale = Rational(10).power(isNegative ? -exponent : exponent)
                else { return nil }
                value = value * scale
                index = end
                isPlain = false
            }
        }
        self.value = value
        isDigitsOnly = isPlain
        position = index
    }
}

extension Unicode.Scalar {
    /// Whether it is one of 0 to 9 of ASCII.
    var isDigit: Bool { value >= 48 && value <= 57 }

    /// Whether it is white space within a line.
    var isBlank: Bool { isASCII ? self == " " || self == "\t" || self == "\r" : properties.isWhitespace && !isLineEnd }

    /// Whether it ends a line.
    var isLineEnd: Bool { self == "\n" || value == 0x2028 || value == 0x2029 || value == 0x85 }

    /// Whether it is a letter of any script.
    var isLetter: Bool {
        isASCII ? (value | 32) >= 97 && (value | 32) <= 122 : properties.isAlphabetic
    }

    /// The small letter, for ASCII only.
    var lowered: Unicode.Scalar { value >= 65 && value <= 90 ? Unicode.Scalar(UInt8(value) | 32) : self }
}
