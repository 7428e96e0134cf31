import BigInt

/// An arithmetic expression and its exact value: `+ - * /`, parentheses, decimals, percent signs, small powers.
public struct ArithmeticExpression: Hashable, Sendable {
    /// The value.
    public let value: Rational
    /// The numbers written in it, in order.
    public let numbers: [Rational]
    /// The operators written in it, in order, without signs in front of numbers.
    public let operators: [Character]

    /// Limits that keep a hostile expression from costing time.
    private static let longest = 400
    private static let deepest = 40
    private static let widest = 4096

    /// Reads and evaluates; throws a sentence for what is not an expression, divides by 0, or is too large.
    public init(_ text: String) throws(TextError) {
        guard text.utf8.count <= Self.longest else {
            throw TextError("An expression may have \(Self.longest) characters; this has \(text.utf8.count)")
        }
        var reader = Reader(Array(text.unicodeScalars.filter { $0 != " " }))
        value = try reader.sum(depth: 0)
        guard reader.isAtEnd else { throw TextError("“\(reader.rest)” in “\(text)” is not part of an arithmetic expression") }
        numbers = reader.numbers
        operators = reader.operators
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var position = 0
        var numbers: [Rational] = []
        var operators: [Character] = []

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        var isAtEnd: Bool { position >= scalars.count }
        var rest: String { String(String.UnicodeScalarView(scalars[min(position, scalars.count)...])) }
        var next: Unicode.Scalar? { isAtEnd ? nil : scalars[position] }

        mutating func sum(depth: Int) throws(TextError) -> Rational {
            guard depth <= ArithmeticExpression.deepest else {
                throw TextError("Parentheses may be nested \(ArithmeticExpression.deepest) deep")
            }
            var value = try product(depth: depth)
            while let sign = next, sign == "+" || sign == "-" || sign == "−" {
                position += 1
                operators.append(sign == "+" ? "+" : "-")
                let other = try product(depth: depth)
                value = try limited(sign == "+" ? value + other : value - other)
            }
            return value
        }

        mutating func product(depth: Int) throws(TextError) -> Rational {
            var value = try power(depth: depth)
            while let sign = next, "*/×÷".unicodeScalars.contains(sign) {
                position += 1
                let divides = sign == "/" || sign == "÷"
                operators.append(divides ? "/" : "*")
                let other = try power(depth: depth)
                if divides {
                    guard let quotient = value.divided(by: other) else { throw TextError("The expression divides by 0") }
                    value = try limited(quotient)
                } else {
                    value = try limited(value * other)
                }
            }
            return value
        }

        mutating func power(depth: Int) throws(TextError) -> Rational {
            let base = try atom(depth: depth)
            guard next == "^" else { return base }
            position += 1
            operators.append("^")
            let exponent = try atom(depth: depth)
            guard exponent.isWhole, let times = Int(exactly: exponent.numerator), (0...64).contains(times) else {
                throw TextError("Exponents may be whole numbers from 0 to 64")
            }
            var value = Rational(1)
            for _ in 0..<times { value = try limited(value * base) }
            return value
        }

        mutating func atom(depth: Int) throws(TextError) -> Rational {
            if let sign = next, sign == "-" || sign == "+" || sign == "−" {
                position += 1
                guard depth <= ArithmeticExpression.deepest else { throw TextError("Too many signs in a row") }
                let value = try atom(depth: depth + 1)
                return sign == "+" ? value : -value
            }
            if next == "(" {
                position += 1
                let value = try sum(depth: depth + 1)
                guard next == ")" else { throw TextError("A parenthesis is not closed") }
                position += 1
                return value
            }
            let start = position
            while let scalar = next, ("0"..."9").contains(scalar) || scalar == "." { position += 1 }
            let text = String(String.UnicodeScalarView(scalars[start..<position]))
            guard let number = Rational(decimal: text) else {
                throw TextError(isAtEnd ? "The expression ends where a number was expected" : "“\(rest)” begins where a number was expected")
            }
            numbers.append(number)
            if next == "%" {
                position += 1
                return number.divided(by: Rational(100)) ?? number
            }
            return number
        }

        func limited(_ value: Rational) throws(TextError) -> Rational {
            guard value.bits <= ArithmeticExpression.widest else { throw TextError("The expression's value is too large") }
            return value
        }
    }
}
