import BigInt
import HoneCore
import HoneText
import Testing

@Suite("Expressions grown from a grammar")
struct ExpressionGrammarTests {
    /// An expression as plain text and as LaTeX, with its value.
    private struct Grown {
        var plain: String
        var latex: String
        var value: NaiveFraction

        /// The same in parentheses, so that it can stand beside any operator.
        var bracketed: Grown { Grown(plain: "(\(plain))", latex: "(\(latex))", value: value) }
    }

    private func grown(_ depth: Int, _ generator: inout SeededGenerator) -> Grown {
        if depth == 0 || generator.chance(0.2) {
            let whole = generator.integer(in: 1...20)
            if generator.chance(0.2) {
                let text = "\(whole).\(generator.integer(in: 1...9))5"
                let above = BigInt(text.replacing(".", with: "")) ?? 0
                return Grown(plain: text, latex: text, value: NaiveFraction(above: above, below: 100))
            }
            return Grown(plain: "\(whole)", latex: "\(whole)", value: NaiveFraction(above: BigInt(whole), below: 1))
        }
        let (a, b) = (grown(depth - 1, &generator), grown(depth - 1, &generator))
        switch generator.integer(in: 0...5) {
        case 0: return Grown(plain: "(\(a.plain)+\(b.plain))", latex: "\\left(\(a.latex)+\(b.latex)\\right)", value: a.value + b.value)
        case 1: return Grown(plain: "(\(a.plain) - \(b.plain))", latex: "(\(a.latex) - \(b.latex))", value: a.value - b.value)
        case 2:
            let sign = generator.element(of: ["\\cdot ", "\\times ", " × "]) ?? "*"
            return Grown(plain: "\(a.plain)*\(b.plain)", latex: "\(a.latex)\(sign)\(b.latex)", value: a.value * b.value).bracketed
        case 3:
            guard let value = a.value / b.value else { return a }
            return Grown(plain: "(\(a.plain)/\(b.plain))", latex: "\\frac{\(a.latex)}{\(b.latex)}", value: value)
        case 4:
            let exponent = generator.integer(in: -2...3)
            guard a.plain.count < 30, let value = a.value.power(exponent) else { return a }
            return Grown(plain: "((\(a.plain))^\(exponent))", latex: "\\left(\(a.latex)\\right)^{\(exponent)}", value: value).bracketed
        default: return Grown(plain: "(-\(a.plain))", latex: "(-\(a.latex))", value: NaiveFraction(above: 0, below: 1) - a.value)
        }
    }

    @Test("plain text and LaTeX of one expression have its exact value", arguments: UInt64(0)..<10)
    func values(seed: UInt64) {
        var generator = Seed(seed).child("expressions").generator
        var read = 0
        for _ in 0..<60 {
            let grown = grown(3, &generator)
            guard grown.plain.utf8.count <= 300, grown.latex.utf8.count <= 380 else { continue }
            guard let expression = try? ArithmeticExpression(grown.plain) else {
                Issue.record("\(grown.plain) has a value")
                continue
            }
            read += 1
            #expect(grown.value.equals(expression.value), "\(grown.plain)")
            let checker = AnswerChecker(kind: .expression)
            let latexGold = checker.check(gold: grown.plain, response: grown.latex)
            #expect(latexGold.correct || latexGold.reason.contains("400 bytes"), "\(grown.latex): \(latexGold.reason)")
            for response in [
                grown.plain, "The answer is \(grown.plain).", "\\boxed{\(grown.plain)}",
                "\(grown.plain) = \(grown.plain)", "$\(grown.plain)$",
            ] {
                let verdict = checker.check(gold: expression.value.description, response: response)
                #expect(verdict.correct, "\(response): \(verdict.reason)")
                let other = checker.check(gold: (expression.value + 1).description, response: response)
                #expect(!other.correct && other.reason.contains("its value is"), "\(response): \(other.reason)")
            }
        }
        #expect(read > 30)
    }

    @Test("calculations in prose must hold: a correct chain gives its last number, a wrong link refuses it", arguments: UInt64(0)..<8)
    func chains(seed: UInt64) {
        var generator = Seed(seed).child("chains").generator
        for _ in 0..<40 {
            let (a, b, c) = (generator.integer(in: 2...60), generator.integer(in: 2...60), generator.integer(in: 2...9))
            let total = a * c + b
            let unit = generator.element(of: ["", " apples", " dollars", " km"]) ?? ""
            let forms = [
                "\(a) * \(c) + \(b) = \(total)\(unit)",
                "So it is \(a)*\(c) + \(b) = \(a * c) + \(b) = \(total)\(unit).",
                "x = \(a) \\times \(c) + \(b) = \(total)",
                "The answer is (\(a) * \(c)) + \(b) = \(total)\(unit).", "\(b) + \(c) × \(a) = $\(total)",
                "total = \(total)\(unit)", "\(a)*\(c)=\(a * c)\n\(a * c)+\(b)=\(total)",
            ]
            for form in forms {
                let verdict = AnswerChecker().check(gold: "\(total)", response: form)
                #expect(verdict.correct, "\(form.debugDescription): \(verdict.reason)")
            }
            for wrong in [total + 1, total - c, total * 2] where wrong != total {
                for form in [
                    "\(a) * \(c) + \(b) = \(wrong)\(unit)", "\(a) * \(c) + \(b) = \(wrong) = \(total)",
                    "x = \(wrong) = \(total)", "\(total) = \(wrong)",
                ] {
                    for gold in [wrong, total] {
                        #expect(!AnswerChecker().check(gold: "\(gold)", response: form).correct, "\(form)")
                    }
                }
            }
        }
    }

    @Test("solutions in the manner of GSM8K: annotations are listed, stripped and never seen", arguments: UInt64(0)..<8)
    func solutions(seed: UInt64) throws {
        var generator = Seed(seed).child("solutions").generator
        for _ in 0..<30 {
            var value = generator.integer(in: 2...40)
            var lines: [String] = []
            var plain: [String] = []
            var wanted: [(String, String)] = []
            for _ in 0..<generator.integer(in: 1...5) {
                let other = generator.integer(in: 2...30)
                let sign = generator.element(of: ["+", "*", "-"]) ?? "+"
                let next = sign == "+" ? value + other : sign == "*" ? value * other : value - other
                lines.append("That makes \(value)\(sign)\(other) = <<\(value)\(sign)\(other)=\(next)>>\(next) eggs.")
                plain.append("That makes \(value)\(sign)\(other) = \(next) eggs.")
                wanted.append(("\(value)\(sign)\(other)", "\(next)"))
                value = next
            }
            let solution = lines.joined(separator: "\n") + "\n#### \(value)"
            let found = AnnotatedCalculations.all(in: solution)
            #expect(found.map(\.expression) == wanted.map(\.0) && found.map(\.result) == wanted.map(\.1))
            #expect(AnnotatedCalculations.stripped(solution) == plain.joined(separator: "\n") + "\n#### \(value)")
            #expect(AnnotatedCalculations.finalAnswer(of: solution) == "\(value)")
            for calculation in found { #expect(try ArithmeticExpression(calculation.expression).value.description == calculation.result) }
            for response in [solution, lines.joined(separator: "\n"), plain.joined(separator: "\n"), "#### \(value)"] {
                for gold in [solution, "\(value)", "#### \(value)"] {
                    let verdict = AnswerChecker().check(gold: gold, response: response)
                    #expect(verdict.correct, "\(response.debugDescription): \(verdict.reason)")
                }
                #expect(!AnswerChecker().check(gold: "\(value + 1)", response: response).correct)
            }
        }
    }
}
