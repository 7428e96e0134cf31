/// Reads the one number of a short text: signs, thousands commas, decimals, fractions, mixed numbers, percents, currency,
/// powers of ten, words and units around it.
struct NumberReader {
    /// A number as an answer gives it.
    struct Found: Hashable {
        /// Its value; a percentage is its hundredth.
        var value: Rational
        /// Whether it was written as a percentage.
        var isPercent = false
    }

    /// What a text holds.
    enum Reading {
        case nothing
        case one(Found)
        case refused(String)
    }

    private let text: [Unicode.Scalar]
    private var index = 0
    var found: Found?
    /// Where the number begins.
    private var start = 0
    /// The words before and after the number.
    var before: [String] = []
    var after: [String] = []
    private let isStrict: Bool
    /// Whether other numbers may follow in the prose behind the first.
    private let followsCalculation: Bool

    /// The longest text that is read.
    static let longest = 2000

    /// Reads a text that may have words and units around its one number.
    ///
    /// - Parameter isStrict: whether signs that only prose has, such as colons and exclamation marks, are refused.
    /// - Parameter followsCalculation: whether the text stands behind a calculation whose value is its first number; then other
    ///   numbers may follow in the words behind it, as in “= 328 pages in 240 minutes”.
    static func read(
        _ text: some Collection<Unicode.Scalar>, isStrict: Bool = false, followsCalculation: Bool = false
    ) -> Reading {
        guard text.count <= longest else { return .refused("the answer is longer than \(longest) characters") }
        var plain = PlainMathematics.rewritten(text)[...]
        plain = Prose.trimmed(plain)
        if isStrict, plain.last == ".", !plain.dropLast().isEmpty { plain.removeLast() }
        var reader = NumberReader(text: Array(plain), isStrict: isStrict, followsCalculation: followsCalculation)
        do throws(Refusal) {
            try reader.readAll()
        } catch {
            return .refused(error.sentence)
        }
        guard let found = reader.found else { return .nothing }
        return .one(found)
    }

    struct Refusal: Error { let sentence: String }

    private init(text: [Unicode.Scalar], isStrict: Bool, followsCalculation: Bool) {
        self.text = text
        self.isStrict = isStrict
        self.followsCalculation = followsCalculation
    }

    private func at(_ position: Int) -> Unicode.Scalar? { text.indices.contains(position) ? text[position] : nil }

    func refuse(_ sentence: String) -> Refusal { Refusal(sentence: "“\(Prose.shown(text))” \(sentence)") }

    private mutating func readAll() throws(Refusal) {
        while let scalar = at(index) {
            if scalar.isDigit || (scalar == "." && at(index + 1)?.isDigit == true) {
                guard let first = found else {
                    start = index
                    found = try number()
                    continue
                }
                guard followsCalculation, before.isEmpty, after.count > 1, let link = after.last, Self.links.contains(link) else {
                    throw refuse("holds several numbers")
                }
                let unit = after.count
                _ = try number()
                found = first
                after.removeSubrange(unit...)
            } else if scalar.isLetter {
                try word()
            } else {
                try symbol(scalar)
                index += 1
            }
        }
        guard found != nil else { return }
        guard text.count(where: { $0 == "(" }) == text.count(where: { $0 == ")" }) else { throw refuse("has an open parenthesis") }
        try weighWords()
    }

    private mutating func number() throws(Refusal) -> Found {
        let start = index
        let sign = try sign(before: start)
        guard var numeral = Numeral(in: text[...], at: &index) else { throw refuse("holds a malformed number") }
        var value = numeral.value
        if numeral.isDigitsOnly, let divisor = try over(from: index) {
            guard let quotient = value.divided(by: divisor.value) else { throw refuse("divides by 0") }
            value = quotient
            index = divisor.end
        } else if numeral.isDigitsOnly, at(index) == " ", let share = try mixedShare(from: index) {
            value = value + share.value
            index = share.end
        } else if let power = tenPower(from: index) {
            value = value * power.value
            index = power.end
        } else if numeral.isDigitsOnly, value == 10, at(index) == "^", let exponent = exponent(from: index),
            let scaled = Rational(10).power(exponent.value)
        {
            // Only a written 10: in 20/2^3 and 1*10^1^3 the value 10 is not what is raised.
            value = scaled
            index = exponent.end
        }
        numeral = try finish(numeral)
        let percentAt = at(index) == " " ? index + 1 : index
        var result = Found(value: value)
        if at(percentAt) == "%" {
            index = percentAt + 1
            result = Found(value: value.divided(by: 100) ?? value, isPercent: true)
        }
        if sign { result.value = -result.value }
        return result
    }

    /// Checks what touches the end of a numeral.
    private mutating func finish(_ numeral: Numeral) throws(Refusal) -> Numeral {
        guard let next = at(index) else { return numeral }
        if next == ":" || next == "." || next == ",", at(index + 1)?.isDigit == true { throw refuse("holds a malformed number") }
        if next == ".", at(index + 1) == "." { throw refuse("is not exact: “..”") }
        let isRate = next == "/" && at(index + 1)?.isLetter == true
        if next == "^" || next == "_" || (next == "/" && !isRate) { throw refuse("is not one number") }
        if next == "!", before.isEmpty || at(index + 1) == "!" { throw refuse("may be a factorial") }
        if next == "-", let other = at(index + 1), !other.isLetter { throw refuse("is not one number") }
        if next.isLetter {
            var end = index
            while let letter = at(end), letter.isLetter { end += 1 }
            try excludeFactor(text[index..<end])
            let unit = String(String.UnicodeScalarView(text[index..<end])).lowercased()
            guard Self.gluedUnits.contains(unit), at(end)?.isDigit != true else { throw refuse("holds a malformed number") }
            if let mark = at(end), mark == "²" || mark == "³" {
                end += 1
            } else if let raised = exponent(from: end), raised.value == 2 || raised.value == 3 {
                end = raised.end
            }
            after.append(unit)
            index = end
        }
        return numeral
    }

    /// Whether a minus stands in front; refuses signs and neighbours whose meaning is not clear.
    private func sign(before start: Int) throws(Refusal) -> Bool {
        var position = start - 1
        var isNegative = false
        var sawSign = false
        while let scalar = at(position) {
            if scalar == "-" || scalar == "+" {
                guard !sawSign else { throw refuse("has several signs") }
                sawSign = true
                isNegative = scalar == "-"
                position -= 1
            } else if Self.currencies.contains(scalar) {
                position -= 1
            } else {
                break
            }
        }
        guard let neighbour = at(position) else { return isNegative }
        if neighbour == " " {
            // “- 18” may be a list mark or a sign.
            if !sawSign, let mark = at(position - 1), mark == "-" || mark == "+" { throw refuse("has a sign apart from its number") }
            return isNegative
        }
        if "(:\"'“‘\n".unicodeScalars.contains(neighbour) { return isNegative }
        if neighbour == ",", !sawSign, at(position - 1)?.isDigit != true { return false }
        throw refuse("is not one number")
    }

    private func over(from start: Int) throws(Refusal) -> (value: Rational, end: Int)? {
        var position = start
        while at(position) == " " { position += 1 }
        guard at(position) == "/" else { return nil }
        position += 1
        while at(position) == " " { position += 1 }
        guard at(position)?.isDigit == true else { return nil }
        guard let divisor = Numeral(in: text[...], at: &position), divisor.isDigitsOnly, at(position) != "/" else {
            throw refuse("is not one number")
        }
        return (divisor.value, position)
    }

    /// The proper fraction of a mixed number such as 2 1/2.
    private func mixedShare(from start: Int) throws(Refusal) -> (value: Rational, end: Int)? {
        var position = start
        while at(position) == " " { position += 1 }
        guard at(position)?.isDigit == true, let above = Numeral(in: text[...], at: &position), above.isDigitsOnly,
            let below = try over(from: position), let share = above.value.divided(by: below.value), share < 1
        else { return nil }
        return (share, below.end)
    }

    /// The factor of scientific notation such as `* 10^3`.
    private func tenPower(from start: Int) -> (value: Rational, end: Int)? {
        var position = start
        while at(position) == " " { position += 1 }
        guard at(position) == "*" else { return nil }
        position += 1
        while at(position) == " " { position += 1 }
        guard at(position) == "1", at(position + 1) == "0", let exponent = exponent(from: position + 2),
            let value = Rational(10).power(exponent.value)
        else { return nil }
        return (value, exponent.end)
    }

    private func exponent(from start: Int) -> (value: Int, end: Int)? {
        guard at(start) == "^" else { return nil }
        var position = start + 1
        let isGrouped = at(position) == "("
        if isGrouped { position += 1 }
        let isNegative = at(position) == "-"
        if isNegative { position += 1 }
        var value = 0
        let first = position
        while let digit = at(position), digit.isDigit, position - first < 3 {
            value = value * 10 + Int(digit.value - 48)
            position += 1
        }
        guard position > first, value <= Numeral.largestExponent, at(position)?.isDigit != true else { return nil }
        if isGrouped {
            guard at(position) == ")" else { return nil }
            position += 1
        }
        return (isNegative ? -value : value, position)
    }

    private mutating func word() throws(Refusal) {
        var word = String.UnicodeScalarView()
        let begin = index
        while let scalar = at(index), scalar.isLetter || ((scalar == "'" || scalar == "’") && !word.isEmpty) {
            word.append(scalar == "’" ? "'" : scalar.lowered)
            index += 1
        }
        if at(index)?.isDigit == true { throw refuse("holds a malformed number") }
        if let mark = at(index), mark == "²" || mark == "³" { index += 1 }
        if at(index) == "^", let raised = exponent(from: index), raised.value == 2 || raised.value == 3, found != nil {
            index = raised.end
        }
        if found == nil {
            before.append(String(word))
        } else {
            if after.isEmpty, at(begin - 1) == " ", at(begin - 2)?.isDigit == true { try excludeFactor(text[begin..<min(index, text.count)]) }
            after.append(String(word))
        }
    }

    /// Refuses a capital letter behind a number that may stand for a million, a billion and so on.
    private func excludeFactor(_ unit: ArraySlice<Unicode.Scalar>) throws(Refusal) {
        if unit.count == 1, let letter = unit.first, "KMBGT".unicodeScalars.contains(letter) {
            throw refuse("has a factor that is not clear: “\(letter)”")
        }
    }

    /// Whether the word before the number touches it but for one space, as in “Step 4”.
    var isNamedByWord: Bool { at(start - 1) == " " && at(start - 2)?.isLetter == true }

    private func symbol(_ scalar: Unicode.Scalar) throws(Refusal) {
        switch scalar {
        case " ", ",", "(", ")", "°", "'", "\"", "’": return
        case _ where Self.currencies.contains(scalar): return
        case ".", ";", ":", "!", "&", "“", "”", "‘", "—", "\n":
            guard isStrict else { return }
        case "-", "+":
            // A hyphen within words, or a sign that the number's reading takes.
            if let next = at(index + 1), next.isDigit || Self.currencies.contains(next) || next == "." || next.isLetter {
                guard scalar == "-" || !next.isLetter else { break }
                return
            }
            // A dash between clauses; beside the number it was refused with the sign.
            if scalar == "-", at(index + 1) == " ", !isStrict { return }
        case "/":
            if let last = at(index - 1), let next = at(index + 1), last.isLetter || last.isDigit, next.isLetter { return }
        default: break
        }
        throw refuse("holds “\(scalar)”")
    }
}
