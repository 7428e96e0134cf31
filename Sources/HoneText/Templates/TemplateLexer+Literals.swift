extension TemplateLexer {
    /// A whole number in base 10, 16, 8 or 2, or a decimal number; digits may be kept apart by underscores.
    mutating func number() throws(TemplateFailure) {
        let start = position
        if byte(start) == UInt8(ascii: "0"), let letter = byte(start + 1).map({ $0 | 32 }),
            let radix = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2][letter],
            let first = byte(start + 2), Self.digit(first, radix) || (first == 95 && Self.digit(byte(start + 3) ?? 0, radix))
        {
            let end = digits(from: start + 2, radix: radix)
            return try take(whole: (start + 2)..<end, radix: radix, to: end)
        }
        var end = digits(from: start, radix: 10)
        var isWhole = true
        if byte(end) == UInt8(ascii: "."), Self.digit(byte(end + 1) ?? 0, 10), byte(start - 1) != UInt8(ascii: ".") {
            end = digits(from: end + 1, radix: 10)
            isWhole = false
        }
        if let letter = byte(end), letter | 32 == UInt8(ascii: "e"), byte(start - 1) != UInt8(ascii: ".") {
            let signed = byte(end + 1) == UInt8(ascii: "+") || byte(end + 1) == UInt8(ascii: "-") ? 1 : 0
            if Self.digit(byte(end + 1 + signed) ?? 0, 10) {
                end = digits(from: end + 1 + signed, radix: 10)
                isWhole = false
            }
        }
        guard !isWhole else {
            // 007 is no number: a zero may only be followed by zeros.
            var last = end
            if byte(start) == 48 {
                last = start
                while byte(last) == 48 || (byte(last) == 95 && byte(last + 1) == 48) { last += 1 }
            }
            return try take(whole: start..<last, radix: 10, to: last)
        }
        let text = String(decoding: slice(start..<end).filter { $0 != 95 }, as: UTF8.self)
        guard let value = Double(text) else { throw TemplateFailure("“\(text)” is no number", line: currentLine) }
        push(.number(value), to: end)
    }

    private static func digit(_ byte: UInt8, _ radix: Int) -> Bool {
        switch byte {
        case 48...57: Int(byte) - 48 < radix
        case 65...70, 97...102: radix == 16
        default: false
        }
    }

    private func digits(from start: Int, radix: Int) -> Int {
        var end = start
        while let next = byte(end), Self.digit(next, radix) || (next == 95 && Self.digit(byte(end + 1) ?? 0, radix)) { end += 1 }
        return end
    }

    private mutating func take(whole range: Range<Int>, radix: Int, to end: Int) throws(TemplateFailure) {
        let text = String(decoding: slice(range).filter { $0 != 95 }, as: UTF8.self)
        guard let value = Int(text, radix: radix) else { throw TemplateFailure("The number \(text) is too large", line: currentLine) }
        push(.integer(value), to: end)
    }

    /// A text in quotes, with Python's escapes.
    mutating func string(_ quote: UInt8) throws(TemplateFailure) {
        var place = position + 1
        var content: [UInt8] = []
        while let next = byte(place) {
            if next == quote { return push(.string(content), to: place + 1) }
            guard next == UInt8(ascii: "\\") else {
                content.append(next)
                place += 1
                continue
            }
            guard let letter = byte(place + 1) else { break }
            place = try escape(letter, at: place, into: &content)
        }
        throw TemplateFailure("A text in quotes has no end", line: currentLine)
    }

    /// Reads an escape, and gives the place behind it.
    private func escape(_ letter: UInt8, at place: Int, into content: inout [UInt8]) throws(TemplateFailure) -> Int {
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "\\"): 92, UInt8(ascii: "'"): 39,
            UInt8(ascii: "\""): 34, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "v"): 11,
        ]
        if letter == 10 { return place + 2 }
        if let plain = simple[letter] {
            content.append(plain)
            return place + 2
        }
        var code: UInt32?
        var end = place + 2
        if let count = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][letter] {
            end += count
            let digits = (place + 2..<end).compactMap { byte($0) }
            if digits.count == count, digits.allSatisfy({ Self.digit($0, 16) }) { code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) }
        } else if (48...55).contains(letter) {
            end = place + 1
            var value: UInt32 = 0
            while end < place + 4, let next = byte(end), (48...55).contains(next) {
                value = value * 8 + UInt32(next - 48)
                end += 1
            }
            code = value
        } else if letter == UInt8(ascii: "N") {
            throw TemplateFailure("A character may not be written by its name, as \\N{…}", line: currentLine)
        } else {
            // Python leaves an escape that it does not know as it is.
            content.append(92)
            return place + 1
        }
        guard let code, let scalar = Unicode.Scalar(code) else { throw TemplateFailure("An escape in a text names no character", line: currentLine) }
        content += Array(UTF8.encode(scalar) ?? .init())
        return end
    }
}
