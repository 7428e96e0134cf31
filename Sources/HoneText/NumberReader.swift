/// Reads the one number of a short text: signs, thousands commas, decimals, fractions, mixed numbers, percents, currency,
/// small powers of ten, words and units around it.
struct NumberReader {
    /// The number.
    var value: Rational
    /// Whether it was written with a percent sign.
    var isPercent: Bool

    /// The only number of the text; nil when there is none, several different ones, or something else beside it that is not
    /// words.
    static func only(in text: String) -> NumberReader? {
        guard text.utf8.count <= 200 else { return nil }
        var plain = text.replacing("−", with: "-").replacing("\\$", with: "$").replacing("\\%", with: "%")
        plain = plain.replacing("\\!", with: "").replacing("\\,", with: "")
        plain = plain.replacing(/\\[dt]?frac\{(-?\d+)\}\{(\d+)\}/) { "\($0.output.1)/\($0.output.2)" }
        plain = plain.replacing(/\\text\{([^{}]*)\}/) { " \($0.output.1)" }
        guard !plain.contains(/[\^\\{}<>=_#&|]/), !plain.contains(/0[xX][0-9a-fA-F]/), !plain.contains("%%") else { return nil }
        guard !plain.contains(/(?i)\b(?:nan|inf|infinity)\b/), !plain.contains("//"), !plain.contains("/*") else { return nil }
        let pattern =
            /(?<sign>[-+])?[$€£]?(?<sign2>-)?(?<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?<fraction>\.\d+)?(?<exponent>[eE][-+]?\d{1,2})?(?:(?<mixed>\s+\d+\/\d+)|(?<over>\s?\/\s?\d+))?(?<percent>\s?%)?/
        var found: [NumberReader] = []
        var remainder = ""
        var position = plain.startIndex
        while position < plain.endIndex {
            if let match = plain[position...].prefixMatch(of: pattern), match.output.whole != nil || match.output.fraction != nil,
                match.output.sign == nil || position == plain.startIndex
                    || "$€£(: ".contains(plain[plain.index(before: position)]),
                let number = number(
                    sign: match.output.sign ?? match.output.sign2, whole: match.output.whole, fraction: match.output.fraction,
                    exponent: match.output.exponent, mixed: match.output.mixed, over: match.output.over,
                    percent: match.output.percent != nil)
            {
                found.append(number)
                remainder += " "
                position = match.range.upperBound
            } else {
                remainder.append(plain[position])
                position = plain.index(after: position)
            }
        }
        guard let first = found.first, found.allSatisfy({ $0.value == first.value }), found.count == 1 else { return nil }
        // What stands beside the number must be words, units and plain punctuation.
        guard !remainder.contains(/[+*\/×÷!±~]|\d/), !remainder.contains(/-\s*-/) else { return nil }
        return first
    }

    private static func number(
        sign: Substring?, whole: Substring?, fraction: Substring?, exponent: Substring?, mixed: Substring?,
        over: Substring?, percent: Bool
    ) -> NumberReader? {
        let digits = (whole ?? "0").filter { $0 != "," } + (fraction ?? "")
        guard var value = Rational(decimal: digits) else { return nil }
        if let exponent, let power = Int(exponent.dropFirst()) {
            guard abs(power) <= 30 else { return nil }
            var scale = Rational(1)
            for _ in 0..<abs(power) { scale = scale * Rational(10) }
            guard let scaled = power < 0 ? value.divided(by: scale) : value * scale else { return nil }
            value = scaled
        }
        if let mixed {
            let parts = mixed.filter { !$0.isWhitespace }.split(separator: "/")
            guard fraction == nil, parts.count == 2, let top = Rational(decimal: parts[0]), let below = Rational(decimal: parts[1]),
                let share = top.divided(by: below)
            else { return nil }
            value = value + share
        }
        if let over {
            guard let below = Rational(decimal: over.filter { $0.isNumber }), let quotient = value.divided(by: below) else { return nil }
            value = quotient
        }
        if percent, let share = value.divided(by: Rational(100)) { value = share }
        return NumberReader(value: sign?.last == "-" ? -value : value, isPercent: percent)
    }
}
