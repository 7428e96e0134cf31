import BigInt
import Foundation
import HoneCore
import HoneText
import Testing

@Suite("Exact arithmetic")
struct ArithmeticTests {
    @Test("fractions are kept in lowest terms with a positive denominator")
    func lowestTerms() throws {
        let value = try #require(Rational(6, -8))
        #expect(value.numerator == -3)
        #expect(value.denominator == 4)
        #expect(Rational(0, 5) == 0)
        #expect(Rational(1, 0) == nil)
        #expect(value.description == "-0.75")
        #expect(try #require(Rational(1, 3)).description == "1/3")
        #expect(try #require(Rational(1, 3)).decimal == nil)
        #expect(try #require(Rational(1, 1024)).decimal == "0.0009765625")
        #expect(try #require(Rational("-12.50")).description == "-12.5")
    }

    @Test("the laws of fractions hold for random values")
    func laws() throws {
        var generator = Seed(3).generator
        func value() -> Rational { Rational(BigInt(generator.integer(in: -99...99)), BigInt(generator.integer(in: 1...99))) ?? 0 }
        for _ in 0..<300 {
            let (a, b, c) = (value(), value(), value())
            #expect((a + b) * c == a * c + b * c)
            #expect(a - a == 0)
            #expect((a + b) + c == a + (b + c))
            if !b.isZero { #expect(a.divided(by: b).map { $0 * b } == a) }
            #expect((a < b) == (a.double < b.double) || a == b)
            #expect(Rational(a.description) == a)
            #expect(try JSONDecoder().decode([Rational].self, from: JSONEncoder().encode([a])) == [a])
        }
    }

    @Test("powers are exact and limited in size")
    func powers() {
        #expect(Rational(2).power(10) == 1024)
        #expect(Rational(2).power(-2) == Rational(1, 4))
        #expect(Rational(0).power(-1) == nil)
        #expect(Rational(0).power(0) == 1)
        #expect(Rational(-1).power(1_000_000_001) == -1)
        #expect(Rational(-1).power(.min) == 1)
        #expect(Rational(10).power(.max) == nil)
        #expect(Rational(9).power(5000) == nil)
    }

    @Test("only plain decimals are read as decimals")
    func decimals() {
        for text in [
            "", "-", ".", "1.2.3", "0x10", "1e3", "nan", "inf", " 1", "1 ", "１", "1,000", "--1",
            String(repeating: "9", count: 61),
        ] {
            #expect(Rational(decimal: text) == nil, "\(text)")
        }
        #expect(Rational(decimal: ".5") == Rational(1, 2))
        #expect(Rational(decimal: "+7.") == 7)
        #expect(Rational("3/0") == nil)
        #expect(Rational("1/2/3") == nil)
    }

    @Test(
        "expressions have the value that the rules of arithmetic give",
        arguments: [
            ("1+2*3", "7"), ("(1+2)*3", "9"), ("2-3-4", "-5"), ("2^3^2", "512"), ("-2^2", "-4"), ("(-2)^2", "4"),
            ("2^-1", "0.5"), ("8/2/2", "2"), ("7/3", "7/3"),
            ("50%*84", "42"), ("1,234+1", "1235"), ("3 × 4 ÷ 2", "6"), ("--2", "2"), ("1.5*2", "3"),
            ("((((1))))", "1"), ("0^0", "1"), (" 4 ", "4"), ("1e3+1", "1001"),
        ])
    func values(text: String, value: String) throws { #expect(try ArithmeticExpression(text).value == Rational(value)) }

    @Test(
        "what is no expression is refused",
        arguments: [
            "", " ", "+", "1+", "*2", "(1", "1)", "()", "1 2", "2(3)", "(2)(3)", "1/0", "1/(2-2)", "0^-1", "2^65",
            "2^0.5", "9^9^9", "a", "1+a", "1..2", "1,23", "0x1F",
            "nan", "1=1", "1;2", "１+1", "1\n+\n", String(repeating: "(", count: 300),
            String(repeating: "-", count: 300) + "1", String(repeating: "9", count: 300), "9^64^9",
        ])
    func refusals(text: String) { #expect(throws: TextError.self) { try ArithmeticExpression(text) } }

    @Test("the numbers and operators used are listed in order, without signs in front of numbers")
    func listing() throws {
        let expression = try ArithmeticExpression("(25-5)*4/-2+1^2")
        #expect(expression.numbers == [25, 5, 4, 2, 1, 2])
        #expect(expression.operators == ["-", "*", "/", "+", "^"])
    }

    @Test("operators that are not allowed are refused, in any spelling")
    func allowedOperators() throws {
        #expect(try ArithmeticExpression("2*3-1", allowing: ["+", "-", "*", "/"]).value == 5)
        for text in ["2^3", "50%", "(50)%*2"] {
            #expect(throws: TextError.self) { try ArithmeticExpression(text, allowing: ["+", "-", "*", "/"]) }
        }
        for text in ["2×3", "2*3", "2·3"] { #expect(throws: TextError.self) { try ArithmeticExpression(text, allowing: ["+"]) } }
        #expect(throws: TextError.self) { try ArithmeticExpression("−3", allowing: ["+"]) }
    }

    @Test("random expressions have the value that building them up gives")
    func randomExpressions() throws {
        var generator = Seed(8).generator
        func grow(_ depth: Int) -> (text: String, value: Rational) {
            if depth == 0 || generator.chance(0.2) {
                let whole = generator.integer(in: 0...50)
                return ("\(whole)", Rational(whole))
            }
            let (a, b) = (grow(depth - 1), grow(depth - 1))
            switch generator.integer(in: 0...3) {
            case 0: return ("(\(a.text) + \(b.text))", a.value + b.value)
            case 1: return ("(\(a.text)-\(b.text))", a.value - b.value)
            case 2: return ("(\(a.text)*\(b.text))", a.value * b.value)
            default: return b.value.isZero ? a : ("(\(a.text)/ \(b.text))", a.value.divided(by: b.value) ?? 0)
            }
        }
        for _ in 0..<200 {
            let (text, value) = grow(4)
            #expect(try ArithmeticExpression(text).value == value, "\(text)")
        }
    }

    @Test("calculator annotations are listed and stripped, and the final answer is read")
    func annotations() {
        let text = "She sold 48/2 = <<48/2=24>>24 clips.\nIn all <<48+24=72>>72.<<oops>> <<=>>\n#### 72 "
        let found = AnnotatedCalculations.all(in: text)
        #expect(found.map(\.expression) == ["48/2", "48+24"])
        #expect(found.map(\.result) == ["24", "72"])
        #expect(found.map { String(text[$0.range]) } == ["<<48/2=24>>", "<<48+24=72>>"])
        #expect(AnnotatedCalculations.stripped(text) == "She sold 48/2 = 24 clips.\nIn all 72. \n#### 72 ")
        #expect(AnnotatedCalculations.finalAnswer(of: text) == "72")
        #expect(AnnotatedCalculations.finalAnswer(of: "none") == nil)
        #expect(AnnotatedCalculations.finalAnswer(of: "####\n") == nil)
        #expect(AnnotatedCalculations.all(in: "<<1+1=2").isEmpty)
    }
}
