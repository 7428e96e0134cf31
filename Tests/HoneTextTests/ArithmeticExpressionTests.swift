import HoneCore
import HoneText
import Testing

@Suite("Arithmetic expressions")
struct ArithmeticExpressionTests {
    @Test(
        "operators bind and associate as in arithmetic",
        arguments: [
            ("1+2*3", "7"), ("2*3+1", "7"), ("10-4-3", "3"), ("10-(4-3)", "9"), ("24/4/2", "3"), ("24/(4/2)", "12"),
            ("2*6/4", "3"), ("6/4*2", "3"), ("2+6/4", "3.5"),
            ("2^3", "8"), ("2^3^2", "512"), ("(2^3)^2", "64"), ("2*3^2", "18"), ("(2*3)^2", "36"), ("-3^2", "-9"),
            ("(-3)^2", "9"), ("2^-2", "0.25"), ("2^--2", "4"), ("-2^-2", "-0.25"),
            ("--5", "5"), ("-+5", "-5"), ("+5", "5"), ("3--5", "8"), ("3-+5", "-2"), ("3+-5", "-2"), ("2*-3", "-6"),
            ("-2*-3", "6"), ("6/-4", "-1.5"), ("1-(-1)", "2"),
            ("((2))", "2"), ("(1)+(2)", "3"), ("2*(3+4*(5-1))", "38"), ("1/3+1/6", "0.5"), ("0.1+0.2", "0.3"),
            ("1/3*3", "1"), (".5+.25", "0.75"), ("1,234+1", "1235"), ("1.5e2+1", "151"),
        ])
    func precedence(text: String, value: String) throws {
        #expect(try ArithmeticExpression(text).value == Rational(value))
        let spaced = text.map { "+*/()^".contains($0) ? " \($0) " : String($0) }.joined()
        #expect(try ArithmeticExpression(spaced).value == Rational(value), "\(spaced)")
    }

    @Test(
        "percent signs divide what stands before them by 100",
        arguments: [
            ("50%", "0.5"), ("50%*80", "40"), ("80*50%", "40"), ("(20+30)%", "0.5"), ("100%%", nil),
            ("10%+10%", "0.2"), ("50 % * 4", "2"), ("%50", nil), ("50%3", nil), ("2^50%", nil),
        ])
    func percents(text: String, value: String?) throws {
        if let value {
            #expect(try ArithmeticExpression(text).value == Rational(value))
        } else {
            #expect(throws: TextError.self) { try ArithmeticExpression(text) }
        }
    }

    @Test("typographic signs are the plain ones", arguments: [
        ("7−2", "7-2"), ("7×2", "7*2"), ("7·2", "7*2"), ("7⋅2", "7*2"), ("7÷2", "7/2"), ("7\u{A0}+\t2", "7+2"),
        ("−7", "-7"),
    ])
    func typography(text: String, plain: String) throws {
        let (a, b) = (try ArithmeticExpression(text), try ArithmeticExpression(plain))
        #expect(a.value == b.value)
        #expect(a.operators == b.operators)
        #expect(a.numbers == b.numbers)
    }

    @Test(
        "a refusal says what is wrong, and shows where the rest begins",
        arguments: [
            ("", "ends where a number was expected"), ("1+", "ends where a number was expected"),
            ("(", "ends where a number was expected"), ("1+*2", "“*2” begins where a number was expected"),
            ("a+1", "“a+1” begins where a number was expected"), ("1+a", "“a” begins where a number was expected"),
            ("1 2", "“2” in “1 2”"), ("(1)(2)", "“(2)” in “(1)(2)”"), ("2(3)", "“(3)” in “2(3)”"),
            ("1)", "“)” in “1)”"), ("1+2=3", "“=3” in “1+2=3”"), ("(1+2", "not closed"), ("((1)", "not closed"),
            ("1/0", "divides by 0"), ("1/(3-3)", "divides by 0"), ("0^-1", "divides by 0"),
            ("(1-1)^-2", "divides by 0"),
            ("2^0.5", "whole numbers from -64 to 64"), ("2^65", "whole numbers from -64 to 64"),
            ("2^-65", "whole numbers from -64 to 64"), ("9^64^1^9*9^64^9", "too large"), ("1,23", "“1,23” begins"),
            ("1.2.3", "“1.2.3” begins"),
            ("1e31", "“1e31” begins"), ("1;DROP", "“;DROP”"), ("１", "“１” begins"), ("1//2", "“/2” begins"),
            ("2**3", "“*3” begins"), ("1.", "“.” in"), ("5!", "“!” in"), ("|5|", "“|5|” begins"),
            ("√4", "“√4” begins"),
        ])
    func refusals(text: String, words: String) {
        #expect {
            _ = try ArithmeticExpression(text)
        } throws: { error in
            "\(error)".contains(words) || text == "9^64^1^9*9^64^9" && error is TextError
        }
    }

    @Test("length, depth and size are limited, each with a sentence that names the limit")
    func limits() throws {
        let long = String(repeating: "1+", count: 200) + "1"
        #expect(throws: TextError("An expression may have 400 bytes; this has 401")) { try ArithmeticExpression(long) }
        #expect(try ArithmeticExpression(String(long.dropFirst(2))).value == 200)
        func nested(_ depth: Int) -> String { String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth) }
        #expect(try ArithmeticExpression(nested(ArithmeticExpression.deepest)).value == 1)
        for hostile in [
            nested(41), nested(150), String(repeating: "-", count: 60) + "1",
            String(repeating: "2^", count: 60) + "1", String(repeating: "(", count: 400),
        ] {
            #expect {
                _ = try ArithmeticExpression(hostile)
            } throws: { error in
                "\(error)".contains("\(ArithmeticExpression.deepest) deep") || "\(error)".contains("Exponents")
            }
        }
        let wide = Array(repeating: "9^64", count: 30).joined(separator: "*")
        #expect(throws: TextError("The expression's value is too large")) { try ArithmeticExpression(wide) }
        let narrow = Array(repeating: "(1/9)^64", count: 30).joined(separator: "*")
        #expect(throws: TextError("The expression's value is too large")) { try ArithmeticExpression(narrow) }
    }

    @Test("an expression at every limit costs little time")
    func time() {
        let began = ownSeconds()
        for text in ["9^64^1*", "(9^64)*", "1/9^64+", "((((((((((1))))))))))+"] {
            for count in [1, 5, 20, 50] { _ = try? ArithmeticExpression(String(repeating: text, count: count) + "1") }
        }
        #expect(ownSeconds() - began < 5)
    }

    @Test(
        "the numbers of a countdown answer are listed as written, so that a world can hold them against those given",
        arguments: [
            ("(25-5)*4", [25, 5, 4], "-*"), ("25 - 5*4", [25, 5, 4], "-*"), ("-25+5", [25, 5], "+"),
            ("25--5", [25, 5], "-"), ("7", [7], ""), ("(7)", [7], ""), ("2^3", [2, 3], "^"),
            ("1+1+1", [1, 1, 1], "++"),
            ("100/(4*5)", [100, 4, 5], "/*"), ("3%*2", [3, 2], "*"),
        ])
    func numbers(text: String, numbers: [Int], operators: String) throws {
        let expression = try ArithmeticExpression(text)
        #expect(expression.numbers == numbers.map { Rational($0) })
        #expect(expression.operators == Array(operators))
    }

    @Test(
        "only the operators that are allowed may occur",
        arguments: [
            ("1+2", "+", true), ("1+2", "-", false), ("1-2", "+", false), ("-1+2", "+", false),
            ("-1+2", "+-", true), ("2×3", "*", true), ("2·3", "/", false), ("6÷2", "/", true),
            ("2^3", "+-*/", false), ("50%", "+-*/", false), ("50%", "%", true), ("(((7)))", "", true),
            ("1e-2", "+", false),
        ])
    func allowed(text: String, operators: String, isAllowed: Bool) throws {
        if isAllowed {
            #expect(try ArithmeticExpression(text, allowing: Set(operators)).value == ArithmeticExpression(text).value)
        } else {
            #expect {
                _ = try ArithmeticExpression(text, allowing: Set(operators))
            } throws: { error in
                "\(error)".contains("is not allowed here")
            }
        }
    }

    /// A random expression with its value by doubles, its numbers and its operators.
    private struct Grown {
        var text: String
        var value: Double
        var numbers: [Int]
        var operators: String
    }

    private func grown(_ depth: Int, _ generator: inout SeededGenerator) -> Grown {
        if depth == 0 || generator.chance(0.25) {
            let number = generator.integer(in: 1...99)
            return Grown(text: "\(number)", value: Double(number), numbers: [number], operators: "")
        }
        let (a, b) = (grown(depth - 1, &generator), grown(depth - 1, &generator))
        let sign = ["+", "-", "*", "/"][generator.integer(in: 0...3)]
        let value = sign == "+" ? a.value + b.value : sign == "-" ? a.value - b.value : sign == "*" ? a.value * b.value : a.value / b.value
        return Grown(
            text: "(\(a.text)\(sign)\(b.text))", value: value, numbers: a.numbers + b.numbers,
            operators: a.operators + sign + b.operators)
    }

    @Test("random expressions have the value, numbers and operators by which they were grown", arguments: UInt64(0)..<8)
    func random(seed: UInt64) throws {
        var generator = Seed(seed).child("expressions").generator
        for _ in 0..<60 {
            let grown = grown(5, &generator)
            guard grown.text.utf8.count <= ArithmeticExpression.longest, grown.value.isFinite else { continue }
            guard let expression = try? ArithmeticExpression(grown.text) else {
                Issue.record("\(grown.text) has the value \(grown.value)")
                continue
            }
            #expect(abs(expression.value.double - grown.value) <= 1e-6 * max(1, abs(grown.value)), "\(grown.text)")
            #expect(expression.numbers == grown.numbers.map { Rational($0) })
            #expect(expression.operators == Array(grown.operators))
        }
    }

    @Test("random characters never trap, and what has a value has it twice", arguments: UInt64(0)..<4)
    func noise(seed: UInt64) {
        var generator = Seed(seed).child("noise").generator
        let alphabet = Array("0123456789+-*/()^%., e×−")
        for _ in 0..<1500 {
            let text = String((0..<generator.integer(in: 0...20)).map { _ in alphabet[generator.integer(in: 0...(alphabet.count - 1))] })
            let value = try? ArithmeticExpression(text).value
            #expect(value == (try? ArithmeticExpression("(\(text))").value) || value == nil, "\(text)")
        }
    }
}
