import BigInt

/// An exact fraction in lowest terms with a positive denominator.
public struct Rational: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number above the line.
    public let numerator: BigInt
    /// The number below the line, above 0.
    public let denominator: BigInt

    /// The fraction; nil when the denominator is 0.
    public init?(_ numerator: BigInt, _ denominator: BigInt = 1) {
        guard denominator != 0 else { return nil }
        let divisor = numerator.greatestCommonDivisor(with: denominator)
        let sign: BigInt = denominator < 0 ? -1 : 1
        self.numerator = divisor == 0 ? 0 : sign * numerator / divisor
        self.denominator = divisor == 0 ? 1 : sign * denominator / divisor
    }

    /// A whole number.
    public init(_ whole: Int) {
        numerator = BigInt(whole)
        denominator = 1
    }

    /// A decimal such as `-12.50` or `.5`; nil for anything else, and for more than 60 digits.
    public init?(decimal text: some StringProtocol) {
        var text = text[...]
        var isNegative = false
        if text.first == "-" || text.first == "+" { isNegative = text.removeFirst() == "-" }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count >= 1, text.count <= 60 else { return nil }
        let whole = parts[0]
        let fraction = parts.count > 1 ? parts[1] : ""
        let digits = String(whole) + String(fraction)
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let value = BigInt(digits) else {
            return nil
        }
        let signed: BigInt = isNegative ? -value : value
        self.init(signed, BigInt(10).power(fraction.count))
    }

    /// Whether it is a whole number.
    public var isWhole: Bool { denominator == 1 }

    /// The fraction's digits above and below the line, as bits: a measure of its size.
    public var bits: Int { numerator.bitWidth + denominator.bitWidth }

    public static func + (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator) ?? a
    }
    public static func - (a: Rational, b: Rational) -> Rational { a + Rational(reduced: -b.numerator, b.denominator) }
    public static func * (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.numerator, a.denominator * b.denominator) ?? a
    }
    /// The quotient; nil when the divisor is 0.
    public func divided(by other: Rational) -> Rational? {
        Rational(numerator * other.denominator, denominator * other.numerator)
    }
    public static prefix func - (a: Rational) -> Rational { Rational(reduced: -a.numerator, a.denominator) }
    public static func < (a: Rational, b: Rational) -> Bool {
        a.numerator * b.denominator < b.numerator * a.denominator
    }

    private init(reduced numerator: BigInt, _ denominator: BigInt) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// As a whole number, a finite decimal, or a fraction.
    public var description: String { decimal ?? (isWhole ? "\(numerator)" : "\(numerator)/\(denominator)") }

    /// The decimal spelling, where it ends after at most 30 places.
    public var decimal: String? {
        if isWhole { return "\(numerator)" }
        var scaled = self
        for places in 1...30 {
            scaled = scaled * Rational(10)
            guard scaled.isWhole else { continue }
            let isNegative = scaled.numerator < 0
            var digits = String(scaled.numerator.magnitude)
            if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
            let point = digits.index(digits.endIndex, offsetBy: -places)
            return (isNegative ? "-" : "") + digits[..<point] + "." + digits[point...]
        }
        return nil
    }
}
