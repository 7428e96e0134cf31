import BigInt
import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Fractions of any size")
struct RationalTests {
    /// Fractions of many sizes: small ones, ones near the ends of 64 bits, and ones of hundreds of digits.
    private func samples(_ count: Int, seed: UInt64) -> [Rational] {
        var generator = Seed(seed).generator
        func part() -> BigInt {
            switch generator.integer(in: 0...4) {
            case 0: return BigInt(generator.integer(in: -9...9))
            case 1: return BigInt(generator.integer(in: -1_000_000...1_000_000))
            case 2: return BigInt(Int.max) + BigInt(generator.integer(in: -3...3))
            case 3: return BigInt(Int.min) + BigInt(generator.integer(in: -3...3))
            default:
                let factors = (0..<generator.integer(in: 2...12)).map { _ in BigInt(generator.integer(in: 2...Int.max)) }
                return factors.reduce(1, *)
            }
        }
        return (0..<count).map { _ in
            var below = part()
            while below == 0 { below = part() }
            return Rational(part(), below) ?? 0
        }
    }

    @Test("fractions are in lowest terms with a positive denominator, whatever they came from")
    func normalForm() {
        for value in samples(300, seed: 1) {
            #expect(value.denominator > 0)
            #expect(value.numerator.greatestCommonDivisor(with: value.denominator) == 1)
            for factor in [BigInt(-1), 6, -35, BigInt(2).power(90)] {
                let scaled = Rational(value.numerator * factor, value.denominator * factor)
                #expect(scaled == value)
                #expect(scaled?.hashValue == value.hashValue)
                #expect(scaled?.numerator == value.numerator)
            }
        }
        #expect(Rational(0, -7)?.denominator == 1)
        #expect(Rational(7, 0) == nil)
        #expect(Rational(0, 0) == nil)
    }

    @Test("sums and products obey the laws of a field, beyond 64 bits as well")
    func fieldLaws() {
        let values = samples(120, seed: 2)
        for index in 0..<(values.count - 2) {
            let (a, b, c) = (values[index], values[index + 1], values[index + 2])
            #expect(a + b == b + a)
            #expect(a * b == b * a)
            #expect((a + b) + c == a + (b + c))
            #expect((a * b) * c == a * (b * c))
            #expect(a * (b + c) == a * b + a * c)
            #expect(a - b == -(b - a))
            #expect(a + 0 == a)
            #expect(a * 1 == a)
            #expect(a * 0 == 0)
            #expect(-(-a) == a)
            #expect(b.isZero ? a.divided(by: b) == nil : a.divided(by: b).map { $0 * b } == a)
        }
    }

    @Test("comparison is a total order that sums and positive factors keep")
    func orderLaws() {
        let values = samples(100, seed: 3)
        for index in 0..<(values.count - 2) {
            let (a, b, c) = (values[index], values[index + 1], values[index + 2])
            #expect([a < b, a == b, a > b].count { $0 } == 1)
            if a < b, b < c { #expect(a < c) }
            #expect((a < b) == (a + c < b + c))
            if c > 0 { #expect((a < b) == (a * c < b * c)) }
            if c < 0 { #expect((a < b) == (a * c > b * c)) }
            #expect((a < b) == (-b < -a))
        }
        let sorted = values.sorted()
        for (a, b) in zip(sorted, sorted.dropFirst()) { #expect(a <= b) }
    }

    @Test("neighbours that no double tells apart are told apart")
    func closeValues() throws {
        let third = try #require(Rational(1, 3))
        let near = try #require(Rational(BigInt(10).power(40), 3 * BigInt(10).power(40) + 1))
        #expect(near < third)
        #expect(abs(near.double - third.double) <= 2 * third.double.ulp)
        #expect(try #require(Rational("0.1")) + (try #require(Rational("0.2"))) == Rational("0.3"))
        #expect(Rational(Int.max) + 1 > Rational(Int.max))
        #expect((Rational(Int.max) + 1).whole == nil)
        #expect((Rational(Int.min)).whole == Int.min)
        #expect(Rational(1, 2)?.whole == nil)
    }

    @Test(
        "the double is the nearest within a few units in the last place, for huge and tiny parts too",
        arguments: [
            ("1", 1, 0, 0, 1.0), ("third", 1, 0, 0, 1.0 / 3), ("minus", -7, 0, 0, -7.0 / 3),
            ("2^-1000", 1, 0, 1000, 0x1p-1000), ("2^-1074", 1, 0, 1074, 0x1p-1074),
            ("below", 1, 0, 1200, 0.0), ("2^1000", 1, 1000, 0, 0x1p1000), ("above", 1, 1100, 0, Double.infinity),
            ("-above", -1, 1100, 0, -Double.infinity),
            ("both", 5, 2000, 2000, 5.0), ("-both", -5, 3000, 3001, -2.5), ("-tiny", -1, 0, 1100, 0.0), ("odd", 12345, 1500, 1501, 6172.5),
        ] as [(String, Int, Int, Int, Double)])
    func doubles(name: String, whole: Int, up: Int, down: Int, expected: Double) throws {
        let divisor: BigInt = name == "third" || name == "minus" ? 3 : 1
        let value = try #require(Rational(BigInt(whole) << up, (BigInt(1) << down) * divisor)).double
        if expected == 0 || expected.isInfinite {
            #expect(value == expected)
        } else {
            #expect(abs(value - expected) <= 4 * expected.ulp)
        }
    }

    @Test("doubles of random fractions agree with dividing the parts where these are exact")
    func randomDoubles() throws {
        var generator = Seed(4).generator
        for _ in 0..<500 {
            let (a, b) = (generator.integer(in: -(1 << 50)...(1 << 50)), generator.integer(in: 1...(1 << 50)))
            let shift = generator.integer(in: 0...1500)
            let value = try #require(Rational(BigInt(a) << shift, BigInt(b) << shift)).double
            let expected = Double(a) / Double(b)
            #expect(abs(value - expected) <= 4 * expected.ulp)
        }
    }

    @Test("powers are repeated products, with negative exponents as inverses")
    func powers() throws {
        for value in samples(40, seed: 5) where value.bits < 200 {
            var product: Rational = 1
            for exponent in 0...6 {
                #expect(value.power(exponent) == product)
                if !value.isZero { #expect(value.power(-exponent) == (1 as Rational).divided(by: product)) }
                product = product * value
            }
        }
        #expect(Rational(2).power(3000) == Rational(BigInt(2).power(3000)) || Rational(2).power(3000) == nil)
        #expect(Rational(2).power(100_000) == nil)
        #expect(Rational(2).power(64, bitLimit: 10) == nil)
        #expect(Rational(1).power(.max) == 1)
        #expect(Rational(-1).power(.max) == -1)
        #expect(Rational(0).power(5) == 0)
        #expect(Rational(0).power(-5) == nil)
    }

    @Test("the description reads back to the value, and so does the encoding")
    func spelling() throws {
        for value in samples(200, seed: 6) {
            if value.numerator.magnitude.bitWidth < 150, value.denominator.bitWidth < 150 {
                #expect(Rational(value.description) == value, "\(value)")
            }
            #expect(try JSONDecoder().decode([Rational].self, from: JSONEncoder().encode([value])) == [value])
        }
        for (text, shown) in [
            ("0.50", "0.5"), ("-0.0", "0"), ("100", "100"), ("1/3", "1/3"), ("-2/6", "-1/3"), ("5/-10", "-0.5"),
            ("1/1024", "0.0009765625"), ("+.5", "0.5"), ("7.", "7"),
        ] {
            #expect(Rational(text)?.description == shown, "\(text)")
        }
    }

    @Test("decimals end after at most 30 places, or are written as fractions")
    func decimals() throws {
        #expect(Rational(1, BigInt(2).power(30))?.decimal?.count == 32)
        #expect(Rational(1, BigInt(2).power(31))?.decimal == nil)
        #expect(Rational(1, BigInt(10).power(30))?.decimal == "0." + String(repeating: "0", count: 29) + "1")
        #expect(Rational(3, 7)?.decimal == nil)
        #expect(Rational(-1, 8)?.decimal == "-0.125")
        #expect(Rational(12345).decimal == "12345")
    }

    @Test(
        "text that is no decimal or fraction is not read",
        arguments: [
            "", " ", "a", "1 2", "1/", "/2", "1/2/3", "1/0", "0/0", "1.5/2", "1/2.5", "1,5", "1e5", "0x1", "½", "１",
            "1 /2", "∞", "--1", "+-1", "1-", ".", "-", "+", "-.", "1..2",
            String(repeating: "1", count: 61), "1/" + String(repeating: "1", count: 61), "NaN", "1\n",
        ])
    func malformed(text: String) { #expect(Rational(text) == nil) }

    @Test(
        "encoded text that is no fraction is an error that shows it",
        arguments: ["\"1/0\"", "\"x\"", "\"\"", "\"1/2/3\"", "\"/\"", "1.5"])
    func malformedEncoding(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Rational.self, from: Data(text.utf8)) }
    }

    @Test("the size in bits counts both parts")
    func sizes() throws {
        let value = try #require(Rational(BigInt(2).power(100), BigInt(3).power(50)))
        #expect(value.bits == value.numerator.bitWidth + value.denominator.bitWidth)
        #expect(Rational(0).bits < 8)
    }
}
