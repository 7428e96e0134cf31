/// An arithmetic expression and its exact value: `+ - * /`, parentheses, decimals, percent signs, small powers.
///
/// Signs bind less tightly than powers (`-2^2` is −4) and powers associate to the right. Two numbers side by side are not
/// an expression, nor is a number before a parenthesis. Length, depth and size of values are limited, so a hostile text
/// costs no time.
public struct ArithmeticExpression: Hashable, Sendable {
    /// The value.
    public let value: Rational
    /// The numbers written in it, in order, without signs and percent signs.
    public let numbers: [Rational]
    /// The operators between numbers, in order, as `+ - * / ^`; signs in front of a number are not among them.
    public let operators: [Character]

    /// The longest text that is read, in bytes.
    public static let longest = 400
    /// How deep parentheses, signs and powers may be nested.
    public static let deepest = 40
    /// The largest value at any point, in bits of both parts of the fraction.
    public static let widest = 4096

    /// Reads and evaluates; throws a sentence for what is not an expression, divides by 0, or is too large.
    ///
    /// - Parameter allowing: the operators that may occur, of `+ - * / ^ %`; the sign in front of a number counts as `-`.
    public init(_ text: String, allowing: Set<Character>) throws(TextError) {
        try self.init(text)
        let spellings: [Unicode.Scalar: Character] = ["−": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/"]
        for scalar in text.unicodeScalars {
            let symbol = spellings[scalar] ?? Character(scalar)
            if "+-*/^%".contains(symbol), !allowing.contains(symbol) {
                throw TextError("“\(scalar)” in “\(text)” is not allowed here; allowed: \(allowing.sorted().map(String.init).joined(separator: " "))")
            }
        }
    }

    /// Reads and evaluates; throws a sentence for what is not an expression, divides by 0, or is too large.
    public init(_ text: String) throws(TextError) {
        guard text.utf8.count <= Self.longest else {
            throw TextError("An expression may have \(Self.longest) bytes; this has \(text.utf8.count)")
        }
        var reader = Reader(scalars: Array(text.unicodeScalars))
        value = try reader.sum(depth: 0)
        reader.skipSpaces()
        guard reader.next == nil else { throw TextError("“\(reader.rest)” in “\(text)” is not part of an arithmetic expression") }
        numbers = reader.numbers
        operators = reader.operators
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var position = 0
        var numbers: [Rational] = []
        var operators: [Character] = []

        init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

        var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
        var rest: String { String(String.UnicodeScalarView(scalars[min(position, scalars.count)...])) }

        mutating func skipSpaces() { while let scalar = next, scalar == " " || scalar == "\t" || scalar == "\u{A0}" { position += 1 } }

        /// Takes one of the given symbols, after spaces.
        mutating func take(_ symbols: [Unicode.Scalar]) -> Unicode.Scalar? {
            skipSpaces()
            guard let scalar = next, symbols.contains(scalar) else { return nil }
            position += 1
            return scalar
        }

        mutating func sum(depth: Int) throws(TextError) -> Rational {
            try limit(depth)
            var value = try product(depth: depth)
            while let sign = take(["+", "-", "−"]) {
                operators.append(sign == "+" ? "+" : "-")
                let other = try product(depth: depth)
                value = try limited(sign == "+" ? value + other : value - other)
            }
            return value
        }

        mutating func product(depth: Int) throws(TextError) -> Rational {
            var value = try signed(depth: depth)
            while let sign = take(["*", "/", "×", "÷", "·", "⋅"]) {
                let divides = sign == "/" || sign == "÷"
                operators.append(divides ? "/" : "*")
                let other = try signed(depth: depth)
                guard let result = divides ? value.divided(by: other) : value * other else {
                    throw TextError("The expression divides by 0")
                }
                value = try limited(result)
            }
            return value
        }

        mutating func signed(depth: Int) throws(TextError) -> Rational {
            try limit(depth)
            guard let sign = take(["-", "+", "−"]) else { return try power(depth: depth) }
            let value = try signed(depth: depth + 1)
            return sign == "+" ? value : -value
        }

        mutating func power(depth: Int) throws(TextError) -> Rational {
            let base = try atom(depth: depth)
            guard take(["^"]) != nil else { return base }
            operators.append("^")
            let exponent = try signed(depth: depth + 1)
            guard let times = exponent.whole, (-64...64).contains(times) else {
                throw TextError("Exponents may be whole numbers from -64 to 64")
            }
            guard times >= 0 || !base.isZero else { throw TextError("The expression divides by 0") }
            guard let value = base.power(times, bitLimit: ArithmeticExpression.widest) else {
                throw TextError("The expression's value is too large")
            }
            return value
        }

        mutating func atom(depth: Int) throws(TextError) -> Rational {
            if take(["("]) != nil {
                let value = try sum(depth: depth + 1)
                guard take([")"]) != nil else { throw TextError("A parenthesis is not closed") }
                return try percent(of: value)
            }
            skipSpaces()
            let start = position
            guard let numeral = Numeral(in: scalars[...], at: &position) else {
                position = start
                throw TextError(
                    next == nil ? "The expression ends where a number was expected" : "“\(rest)” begins where a number was expected")
            }
            numbers.append(numeral.value)
            return try percent(of: numeral.value)
        }

        mutating func percent(of value: Rational) throws(TextError) -> Rational {
            guard take(["%"]) != nil else { return value }
            return value.divided(by: 100) ?? value
        }

        func limit(_ depth: Int) throws(TextError) {
            guard depth <= ArithmeticExpression.deepest else {
                throw TextError("Parentheses and signs may be nested \(ArithmeticExpression.deepest) deep")
            }
        }

        func limited(_ value: Rational) throws(TextError) -> Rational {
            guard value.bits <= ArithmeticExpression.widest else { throw TextError("The expression's value is too large") }
            return value
        }
    }
}
