import BigInt
import HoneCore
import HoneText
import Testing

/// A fraction that is never reduced: slow, simple, and without anything of the library.
struct NaiveFraction {
    var above: BigInt
    var below: BigInt

    static func + (a: Self, b: Self) -> Self { Self(above: a.above * b.below + b.above * a.below, below: a.below * b.below) }
    static func - (a: Self, b: Self) -> Self { Self(above: a.above * b.below - b.above * a.below, below: a.below * b.below) }
    static func * (a: Self, b: Self) -> Self { Self(above: a.above * b.above, below: a.below * b.below) }
    static func / (a: Self, b: Self) -> Self? { b.above == 0 ? nil : Self(above: a.above * b.below, below: a.below * b.above) }

    func power(_ exponent: Int) -> Self? {
        if exponent < 0 && above == 0 { return nil }
        let one = Self(above: 1, below: 1)
        let base = exponent < 0 ? Self(above: below, below: above) : self
        return (0..<abs(exponent)).reduce(one) { value, _ in value * base }
    }

    /// Whether the library's fraction has the same value.
    func equals(_ other: Rational) -> Bool { above * other.denominator == other.numerator * below }
    func isBelow(_ other: Self) -> Bool {
        let isTurned = (below < 0) != (other.below < 0)
        return isTurned ? above * other.below > other.above * below : above * other.below < other.above * below
    }
}

@Suite("Fractions against unreduced ones")
struct NaiveFractionTests {
    private func parts(_ generator: inout SeededGenerator) -> (NaiveFraction, Rational) {
        let bits = [3, 10, 40, 62][generator.integer(in: 0...3)]
        let above = BigInt(generator.integer(in: -(1 << bits)...(1 << bits)))
        let below = BigInt(generator.integer(in: 1...(1 << bits))) * (generator.chance(0.5) ? 1 : -1)
        return (NaiveFraction(above: above, below: below), Rational(above, below) ?? 0)
    }

    @Test("sums, differences, products, quotients, powers and order agree", arguments: UInt64(0)..<6)
    func arithmetic(seed: UInt64) {
        var generator = Seed(seed).child("naive").generator
        for _ in 0..<100 {
            let ((a, x), (b, y)) = (parts(&generator), parts(&generator))
            #expect((a + b).equals(x + y) && (a - b).equals(x - y) && (a * b).equals(x * y))
            let quotient = x.divided(by: y)
            #expect((a / b).map { found in quotient.map(found.equals) ?? false } ?? (quotient == nil))
            #expect(a.isBelow(b) == (x < y) && b.isBelow(a) == (y < x))
            let exponent = generator.integer(in: -5...5)
            let power = x.power(exponent)
            #expect(power.map { a.power(exponent)?.equals($0) == true } ?? (x.isZero && exponent < 0))
            #expect(x.isWhole == (a.above % a.below == 0) && x.isZero == (a.above == 0))
        }
    }

    @Test("the decimal spelling is what long division by hand writes", arguments: UInt64(0)..<6)
    func longDivision(seed: UInt64) {
        var generator = Seed(seed).child("division").generator
        for _ in 0..<80 {
            // Now and then a factor of 3, so that the division does not end.
            let factors = (0..<generator.integer(in: 0...12)).map { _ in generator.chance(0.5) ? 2 : 5 }
            let below = factors.reduce(generator.chance(0.2) ? 3 : 1, *)
            let above = generator.integer(in: -1_000_000...1_000_000)
            guard let value = Rational(BigInt(above), BigInt(below)) else { continue }
            var rest = abs(above) % below
            var digits = ""
            while rest != 0, digits.count <= 30 {
                rest *= 10
                digits += String(rest / below)
                rest %= below
            }
            let text = (above < 0 ? "-" : "") + String(abs(above) / below) + (digits.isEmpty ? "" : "." + digits)
            #expect(value.decimal == (rest == 0 ? text : nil), "\(above)/\(below)")
            #expect(value.description == (rest == 0 ? text : "\(value.numerator)/\(value.denominator)"))
            #expect(Rational(value.description) == value)
            if rest == 0 { #expect(Rational(decimal: text) == value && Rational(text) == value) }
        }
    }

    @Test("decimals with zeros in front, behind and around the point are one value", arguments: UInt64(0)..<4)
    func zeros(seed: UInt64) {
        var generator = Seed(seed).child("zeros").generator
        for _ in 0..<100 {
            let (whole, part) = (generator.integer(in: 0...9999), generator.integer(in: 0...999))
            let plain = Rational(BigInt(whole) * 1000 + BigInt(part), 1000)
            let digits = String(repeating: "0", count: 3 - String(part).count) + String(part)
            for text in [
                "\(whole).\(digits)", "00\(whole).\(digits)", "\(whole).\(digits)00", "+\(whole).\(digits)",
                "\(whole)\(digits)/1000", "-\(whole)\(digits)/-1000",
            ] {
                #expect(Rational(text) == plain, "\(text)")
            }
            #expect(Rational("-\(whole).\(digits)") == plain.map { -$0 })
        }
    }
}
