import HoneText
import Testing

/// One response with what is promised about it.
struct Answered: Sendable, CustomTestStringConvertible {
    let gold: String
    let response: String
    var testDescription: String { "gold \(gold.debugDescription), response \(response.debugDescription)" }

    init(_ gold: String, _ response: String) {
        self.gold = gold
        self.response = response
    }

    func verdict(_ kind: AnswerChecker.Kind = .number) -> AnswerVerdict { AnswerChecker(kind: kind).check(gold: gold, response: response) }

    /// The same gold answer with many responses.
    static func each(_ gold: String, _ responses: String...) -> [Answered] { responses.map { Answered(gold, $0) } }
}

@Suite("Numbers as answers write them")
struct NumberAnswerTests {
    static let read: [Answered] = [
        // Fractions, plain and in LaTeX.
        Answered.each(
            "1/3", "1/3", "1 / 3", "2/6", "⅓", "\\frac{1}{3}", "\\dfrac{1}{3}", "\\tfrac{1}{3}", "\\cfrac{1}{3}", "\\frac13", "\\dfrac13",
            "\\frac 1 3", "\\frac{1}3", "\\frac1{3}", "\\frac{ 1 }{ 3 }", "\\frac{{1}}{{3}}", "\\frac{-1}{-3}",
            "\\left(\\frac{1}{3}\\right)",
            "\\left.\\frac{1}{3}\\right.", "$\\frac{1}{3}$", "\\(\\frac{1}{3}\\)", "\\[\\frac{1}{3}\\]", "\\displaystyle\\frac{1}{3}",
            "\\frac{1}{3}\\text{ cup}", "1/3 cup", "1/3 of a cup", "x = \\frac{1}{3}", "The answer is \\frac{1}{3}.", "#### 1/3",
            "\\boxed{1/3}", "\\boxed{\\frac{1}{3}}", "\\boxed{\\dfrac{2}{6}}", "\\boxed{\\left(\\tfrac13\\right)}",
            "\\boxed{ \\frac{1}{3} }",
            "\\boxed{\\mathbf{\\frac{1}{3}}}"),
        Answered.each("-1/3", "-1/3", "\\frac{-1}{3}", "\\frac{1}{-3}", "-\\frac{1}{3}", "−\\frac13", "minus 1/3", "negative 1/3"),
        // Mixed numbers.
        Answered.each(
            "7/2", "3 1/2", "3½", "3 ½", "3\\frac12", "3\\frac{1}{2}", "3 \\tfrac{1}{2}", "3.5", "3.50", "350%",
            "7/2", "14/4", "\\boxed{3\\frac{1}{2}}",
            "3 1/2 cups", "$3 1/2", "3 2/4"),
        Answered.each("-7/2", "-3 1/2", "-3½", "-3\\frac{1}{2}", "−3.5", "-350%"),
        Answered.each("11/4", "2¾", "2 3/4"),
        Answered.each("8/3", "2⅔", "2 2/3"),
        Answered.each("5/4", "1¼", "1.25"),
        // Percents: equal to the hundredth where that is no whole number.
        Answered.each(
            "0.42", "42%", "42 %", "42\\%", "$42\\%$", "42 percent", "42 per cent", "42 pct", "42.0%", "\\boxed{42\\%}", "\\boxed{42 \\%}",
            "#### 42%", "The answer is 42%.", "42 percent of them", "21/50", "42/100", ".42", "0.420", "4.2e-1", "4.2 \\times 10^{-1}"),
        Answered.each("42%", "42%", "0.42", "42 percent", "42.00%"),
        Answered.each("100%", "100%", "100 percent"),
        Answered.each("12.5%", "1/8", "0.125", "12½%", "12 1/2%"),
        Answered.each("-5%", "-5%", "−5 percent", "-0.05"),
        // Thousands.
        Answered.each(
            "1234567", "1,234,567", "1,234,567.00", "$1,234,567", "1,234,567 people", "1{,}234{,}567", "\\boxed{1{,}234{,}567}",
            "1,\\!234,\\!567", "\\$1,234,567", "1.234567e6", "1.234567E+06", "1.234567 million", "1.234567*10^6", "1.234567 × 10^6",
            "1.234567 \\cdot 10^{6}", "1234567.", "01234567", "1234567e0", "12345670e-1", "(1,234,567)"),
        Answered.each("1,234.5", "1234.5", "1,234.50", "2469/2"),
        Answered.each("999,999", "999999", "999,999"),
        // Powers of ten and words for them.
        Answered.each("1000", "10^3", "10^{3}", "1e3", "1 thousand", "1,000", "10 hundred", "1*10^3", "0.001 million"),
        Answered.each("3000000000", "3 billion", "3e9", "3,000,000,000"),
        Answered.each("5000000000000", "5 trillion", "$5 trillion"),
        Answered.each("0.001", "10^-3", "10^{-3}", "1e-3", "1/1000", "0.1%"),
        // Units and currencies.
        Answered.each(
            "18", "18 cm", "18cm", "18 cm²", "18 m³", "18 m^2", "18 km/h", "18 miles per hour", "18 °C", "18°",
            "18^\\circ", "18^{\\circ}", "$18",
            "18 $", "€18", "18€", "£18", "¥18", "18¢", "18 dollars", "18 USD", "18 square feet", "18 years old",
            "18-year-old", "18th", "18kg", "18 ml",
            "18h", "18 min", "18mph", "18 degrees", "18 people", "18 \\text{ m}", "18\\,\\mathrm{kg}", "18 apples (in all)", "USD 18",
            "a total of 18", "18 in total", "18 apples left over", "18 more apples"),
        // Zero has many spellings and no sign.
        Answered.each("0", "0", "-0", "0.0", "-0.00", "0/7", "000", "0e5", "$0", "0 apples", "x = 0"),
    ].flatMap { $0 }

    @Test("every written form of the gold number is read as that number", arguments: read)
    func isRead(answer: Answered) {
        let verdict = answer.verdict()
        #expect(verdict.correct, "\(verdict.reason)")
        #expect(verdict.extracted != nil)
    }

    @Test("every form that is read for the gold number is refused when the gold number is one larger", arguments: read)
    func isNotReadForAnotherNumber(answer: Answered) {
        guard let gold = Rational(answer.gold) else { return }
        #expect(!AnswerChecker().check(gold: (gold + 1).description, response: answer.response).correct)
        if !gold.isZero { #expect(!AnswerChecker().check(gold: (-gold).description, response: answer.response).correct) }
    }

    static let notRead: [Answered] = [
        // Rounded or unfinished decimals are other numbers.
        Answered.each(
            "1/3", "0.33", "0.333", "0.3333333333333333", "0.333...", "0.\\overline{3}", "33%", "33.3%", "1:3",
            "3/1", "1/3/1", "1//3", "1/(3)", "1/3x"),
        Answered.each(
            "1/3", "{1 \\over 3}", "\\frac{1}{}", "\\frac{}{3}", "\\frac{1}", "\\frac", "\\frac{1}{0}",
            "\\frac{a}{3}", "\\frac{1}{3}{3}", "\\frac{1}{3}^2"),
        // What may be several numbers or a calculation is none.
        Answered.each("7/2", "3-1/2", "3 and 1/2", "3 + 1/2", "31/2", "3 7/2", "3 1 / 2 / 1", "3,1/2", "3 -1/2", "3(1/2)", "3*1/2"),
        Answered.each(
            "1234567", "1 234 567", "1\\,234\\,567", "1.234.567", "1'234'567", "1_234_567", "12,34,567", "1,234567",
            "1234,567", "1，234，567", "1٬234٬567", "1,,234,567"),
        Answered.each(
            "1800", "1.8e", "1.8e3e1", "1.8e3.0", "1.8e+-3", "1.8*10^", "1.8*10^3^1", "1.8*11^3", "1.8*10^{3",
            "18e31", "1.8 10^3", "1.8x10^3x"),
        // Percent points and shares of shares.
        Answered.each(
            "0.42", "42 percentage points", "42 percent points", "42% of 10", "42%%", "42% percent", "42‰",
            "42 permille", "4200%", "0.42%", "42"),
        Answered.each(
            "42", "42%", "42 percent", "42 per cent", "42 pct", "4200%", "42 per mille", "42 per thousand",
            "42 ppm", "42 basis points", "42 bps"),
        // A sign apart from its number may be a list mark.
        Answered.each("-42", "- 42", "—42", "42-", "-(-42)", "--42", "(42)", "-(42)", "42 below zero", "$(42)", "- $42"),
        Answered.each("0", "", "0%", ".", "-", "+", "0/0", "1/0", "nothing", "zero", "null", "NaN", "O", "o", "〇", "∅", "()"),
    ].flatMap { $0 }

    @Test("what is another number, several, or none is not read as the gold number", arguments: notRead)
    func isNotRead(answer: Answered) {
        let verdict = answer.verdict()
        #expect(!verdict.correct, "\(verdict.reason)")
        #expect(!verdict.reason.isEmpty)
    }

    @Test(
        "the extracted number is written exactly",
        arguments: [
            ("6/8", "0.75"), ("2/6", "1/3"), ("1,000", "1000"), ("-0", "0"), ("50%", "50%"), ("12.5%", "12.5%"),
            ("1e30", "1" + String(repeating: "0", count: 30)),
            ("1e-10", "0.0000000001"), ("3½", "3.5"), ("10^3 m", "1000"), ("\\frac{22}{7}", "22/7"),
            ("2 million", "2000000"), ("007", "7"), ("+5", "5"),
        ])
    func extraction(response: String, shown: String) {
        #expect(AnswerChecker().check(gold: "123456789", response: response).extracted == shown)
    }

    @Test(
        "the refusal says what was found",
        arguments: [
            ("41", "41 is not 42"), ("41.5", "41.5 is not 42"), ("1/3", "1/3 is not 42"), ("42%", "42% is not 42"),
            ("", "empty"), ("none", "no number"),
            ("41 42", "several numbers"), ("42/0", "divides by 0"), ("--42", "holds “-”"),
            ("x -$-42", "several signs"), ("42!", "factorial"), ("about 42", "about"), ("42 or so", "or"),
            ("twice 42", "twice"), ("42 and a half", "and half"), ("42M", "factor"),
            ("42 thousand", "42000 is not 42"), ("is it 42?", "question"),
            ("6*8=42", "equates 48 and 42"), ("\\boxed{42", "not closed"), ("\\boxed 42", "no braces"),
            ("42\\boxed{}", "stands beside the box"),
            ("answer: 41. answer: 42.", "several different answers"), ("(42", "open parenthesis"),
            ("4.2.0", "malformed"), ("42…", "…"), ("Step 42", "step"),
        ])
    func refusals(response: String, words: String) {
        let verdict = AnswerChecker().check(gold: "42", response: response)
        #expect(!verdict.correct)
        #expect(verdict.reason.contains(words), "\(verdict.reason)")
    }
}
