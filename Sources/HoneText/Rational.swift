public import BigInt

/// An exact fraction in lowest terms with a positive denominator.
public struct Rational: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number above the line.
    public let numerator: BigInt
    /// The number below the line, above 0.
    public let denominator: BigInt

    /// The fraction; nil when the denominator is 0.
    public init?(_ numerator: BigInt, _ denominator: BigInt = 1) {
        guard denominator != 0 else { return nil }
        self.init(numerator, nonzero: denominator)
    }

    /// A whole number.
    public init(_ whole: Int) { self.init(reduced: BigInt(whole), 1) }

    /// A decimal such as `-12.50`, `.5` or `5.`; nil for anything else, and for more than 60 characters.
    public init?(decimal text: some StringProtocol) {
        var digits: [UInt8] = []
        var places = 0
        var isNegative = false
        var sawPoint = false
        guard text.utf8.count <= 60 else { return nil }
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: "+") where index == 0: break
            case UInt8(ascii: ".") where !sawPoint: sawPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte)
                if sawPoint { places += 1 }
            default: return nil
            }
        }
        guard !digits.isEmpty, let value = BigInt(String(decoding: digits, as: UTF8.self)) else { return nil }
        self.init(isNegative ? -value : value, nonzero: BigInt(10).power(places))
    }

    /// A whole number, a decimal, or a fraction of two whole numbers such as `-3/4`: what `description` writes.
    ///
    /// Nil for anything else, and for parts of more than 60 characters.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: self.init(decimal: parts[0])
        case 2:
            guard let above = Rational(decimal: parts[0]), let below = Rational(decimal: parts[1]), above.isWhole,
                below.isWhole
            else { return nil }
            self.init(above.numerator, below.numerator)
        default: return nil
        }
    }

    private init(_ numerator: BigInt, nonzero denominator: BigInt) {
        let divisor = numerator.greatestCommonDivisor(with: denominator)
        let sign: BigInt = denominator < 0 ? -1 : 1
        self.init(reduced: sign * numerator / divisor, sign * denominator / divisor)
    }

    private init(reduced numerator: BigInt, _ denominator: BigInt) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Whether it is a whole number.
    public var isWhole: Bool { denominator == 1 }

    /// Whether it is 0.
    public var isZero: Bool { numerator == 0 }

    /// The whole number, when it is one that fits.
    public var whole: Int? { isWhole ? Int(exactly: numerator) : nil }

    /// The fraction's digits above and below the line, as bits: a measure of its size.
    public var bits: Int { numerator.bitWidth + denominator.bitWidth }

    public static func + (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.denominator + b.numerator * a.denominator, nonzero: a.denominator * b.denominator)
    }

    public static func - (a: Rational, b: Rational) -> Rational { a + -b }

    public static func * (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.numerator, nonzero: a.denominator * b.denominator)
    }

    /// The quotient; nil when the divisor is 0.
    public func divided(by other: Rational) -> Rational? {
        Rational(numerator * other.denominator, denominator * other.numerator)
    }

    /// The power with a whole exponent; nil for 0 to a negative power and for results of more than `bitLimit` bits.
    public func power(_ exponent: Int, bitLimit: Int = 4096) -> Rational? {
        guard exponent >= 0 || !isZero else { return nil }
        let (times, overflowed) = exponent.magnitude.multipliedReportingOverflow(by: UInt(bits))
        let isUnit = denominator == 1 && numerator.magnitude <= 1
        guard isUnit || (!overflowed && times <= UInt(bitLimit)) else { return nil }
        let count = isUnit ? Int(exponent.magnitude % 2) + (exponent == 0 ? 0 : 2) : Int(exponent.magnitude)
        let above = numerator.power(count)
        let below = denominator.power(count)
        return exponent < 0 ? Rational(below, above) : Rational(above, below)
    }

    public static prefix func - (a: Rational) -> Rational { Rational(reduced: -a.numerator, a.denominator) }

    public static func < (a: Rational, b: Rational) -> Bool {
        a.numerator * b.denominator < b.numerator * a.denominator
    }

    /// The value as a double, within a few units in the last place; infinite or 0 beyond its range.
    public var double: Double {
        // Each part keeps its leading 128 bits, so that neither overflows nor loses its digits before the division.
        let above = max(0, numerator.bitWidth - 128)
        let below = max(0, denominator.bitWidth - 128)
        let share = Double(BigInt(numerator.magnitude) >> above) / Double(denominator >> below)
        let scaled = Double(sign: .plus, exponent: above - below, significand: share)
        return numerator < 0 ? -scaled : scaled
    }

    /// As a whole number, a finite decimal, or a fraction.
    public var description: String { decimal ?? "\(numerator)/\(denominator)" }

    /// The decimal spelling, where it ends after at most 30 places.
    public var decimal: String? {
        if isWhole { return "\(numerator)" }
        var rest = denominator
        var places = 0
        for prime in [BigInt(2), BigInt(5)] {
            var times = 0
            while times <= 30, rest % prime == 0 {
                rest /= prime
                times += 1
            }
            places = max(places, times)
        }
        guard rest == 1, places <= 30 else { return nil }
        let scaled = numerator * BigInt(10).power(places) / denominator
        var digits = String(scaled.magnitude)
        digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let point = digits.index(digits.endIndex, offsetBy: -places)
        return (numerator < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
    }
}

extension Rational: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self.init(value) }
}

/// Encodes as the text of `description`.
extension Rational: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if let value = Rational(text) {
            self = value
        } else if parts.count <= 2, let above = BigInt(parts[0]), let below = BigInt(parts.last ?? ""),
            let value = Rational(above, parts.count == 2 ? below : 1)
        {
            self = value
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text.prefix(40))” is not a fraction")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bits <= 360 ? description : "\(numerator)/\(denominator)")
    }
}
