import HoneText
import Testing

@Suite("Answers that are texts, choices, expressions and lists")
struct AnswerKindsTests {
    private func check(_ kind: AnswerChecker.Kind, _ gold: String, accepted: [String], refused: [String]) {
        for response in accepted {
            let verdict = AnswerChecker(kind: kind).check(gold: gold, response: response)
            #expect(verdict.correct, "\(kind) \(gold): \(response.debugDescription): \(verdict.reason)")
        }
        for response in refused {
            let verdict = AnswerChecker(kind: kind).check(gold: gold, response: response)
            #expect(!verdict.correct, "\(kind) \(gold): \(response.debugDescription) was accepted")
        }
    }

    @Test("yes and no: one of them, in any writing, and not both")
    func yesAndNo() {
        check(
            .text, "yes",
            accepted: [
                "Yes", "yes.", "YES!", "**Yes**", "\\boxed{Yes}", "\\boxed{\\text{Yes}}", "The answer is yes.",
                "The answer is: **Yes**", "#### yes", "Because 3 > 2.\nYes",
            ],
            refused: [
                "no", "yes?", "Yes or no", "Yes and no", "Yes. No.", "Yes\nNo", "No\nYes", "No, wait.\nYes",
                "not yes", "y", "true", "yes yes", "", "?", "<think>yes</think>", "Yes\u{200B}",
            ])
        check(.text, "No", accepted: ["no", "No.", "The answer is no."], refused: ["Yes\nNo", "yes", "not", "none", "no?"])
        check(.text, "true", accepted: ["True", "true."], refused: ["False\nTrue", "false", "true or false"])
    }

    @Test("texts are compared without case, articles, quotation marks and markup, and nothing else is dropped")
    func texts() {
        check(
            .text, "Paris",
            accepted: [
                "paris", "PARIS", "Paris.", "Paris!", "The Paris", "**Paris**", "`Paris`", "_Paris_", "\"Paris\"",
                "“Paris”", "# Paris", "> Paris", "\\text{Paris}", "\\textbf{Paris}", "\\boxed{\\mathrm{Paris}}",
                "In France.\nParis", "The answer is Paris.", "Answer: Paris",
            ],
            refused: [
                "London", "Paris?", "Is it Paris?", "Paris, London", "Paris or London", "not Paris",
                "I think Paris", "Paris (France)", "Pariś", "Paris 2", "Pari", "Pariss", "<b>Paris</b>",
                "Paris <!-- London -->", "The answer is Paris. Wait, no.", "\\boxed{London}\\boxed{Paris}",
                "<think>Paris</think>", "Paris = Paris", "~Paris", "Paris + Paris",
            ])
        check(.text, "x>2", accepted: ["x>2", "x > 2", "X > 2"], refused: ["x<2", "x=2", "x 2", "x≥2", "x>>2"])
        check(.text, "x+2", accepted: ["x + 2", "x+2"], refused: ["-x+2", "x-2", "x 2", "x2"])
        check(.text, "C", accepted: ["c", "C."], refused: ["C#", "C++", "C & D"])
        check(.text, "C#", accepted: ["C#", "c#."], refused: ["C", "C+"])
        check(.text, "vitamin A", accepted: ["Vitamin a.", "the vitamin A"], refused: ["vitamin", "A vitamin", "vitamin B"])
        check(.text, "a dog", accepted: ["dog", "the dog", "A dog"], refused: ["dogs", "a"])
        check(.text, "A", accepted: ["a", "A."], refused: ["", "the", "an", "B"])
        check(.text, "don't", accepted: ["dont", "don’t", "Don't"], refused: ["don t", "do not"])
        check(.text, "well-known", accepted: ["well known", "Well-Known"], refused: ["wellknown"])
        check(.text, "café", accepted: ["cafe\u{301}", "CAFÉ"], refused: ["cafe"])
        check(.text, "straße", accepted: ["Straße"], refused: ["strasse"])
        check(.text, "naïve Bayes", accepted: ["Naïve  Bayes", "nai\u{308}ve bayes"], refused: ["naive Bayes"])
    }

    @Test("within texts, signs, points and commas of numbers count")
    func numbersWithinTexts() {
        check(.text, "3.5", accepted: ["3.5", "3.5."], refused: ["35", "3,5", "3 5", "3.50", "-3.5", "5"])
        check(.text, "-5", accepted: ["-5", "−5", "–5"], refused: ["5", "+5", "- 5"])
        check(.text, "5", accepted: ["5", "5.", "$5"], refused: ["-5", "+5", "5%", "~5", ">5", "<5", "=5", "^5", ".5", "1/5", "5.0"])
        check(.text, "50%", accepted: ["50%", "50%."], refused: ["50", "0.5"])
        check(.text, "2-1", accepted: ["2-1", "2–1", "2−1"], refused: ["2 1", "21", "1-2", "2:1"])
        check(.text, "5'10", accepted: ["5'10", "5’10"], refused: ["510", "5.10"])
        check(.text, "3:30 pm", accepted: ["3:30 PM"], refused: ["330 pm", "3 30 pm"])
        check(.text, "1/2", accepted: ["1/2"], refused: ["12", "1 2", "2/1"])
        check(.text, "x²", accepted: ["x²", "X²"], refused: ["x2", "x"])
    }

    @Test("a gold text without letters, digits or signs is refused by name")
    func emptyGold() {
        for gold in ["", " ", "…", "the", "“”", "\n"] {
            let verdict = AnswerChecker(kind: .text).check(gold: gold, response: "something")
            #expect(verdict.reason.contains("gold answer"), "\(gold): \(verdict.reason)")
        }
    }

    @Test("tuples and intervals: brackets, order and number of parts count; parts are compared as values")
    func tuples() {
        check(
            .text, "(1, 2)",
            accepted: [
                "(1,2)", "(1, 2)", "( 1 , 2 )", "(1.0, 4/2)", "$(1,2)$", "\\boxed{(1, 2)}", "\\left(1,2\\right)",
                "The answer is (1, 2).", "#### (1,2)", "(\\frac{2}{2}, 2)",
            ],
            refused: [
                "[1,2]", "(1,2]", "[1,2)", "{1,2}", "1,2", "(2,1)", "(1,2,3)", "(1)", "(1,2", "((1,2))",
                "(1,2) or (2,1)", "(1,2)\n(2,1)", "\\boxed{(1,2)}\\boxed{(2,1)}", "(1,-2)", "(1, 2)?", "(,)",
            ])
        check(
            .text, "[0, \\infty)", accepted: ["[0,∞)", "[0, \\infty)", "[0.0, ∞)"],
            refused: ["(0,∞)", "[0,∞]", "[0,-∞)", "[∞,0)", "[1,∞)"])
        check(.text, "(x, y)", accepted: ["(X,Y)", "(x, y)"], refused: ["(y, x)", "(x y)", "(x, y, z)"])
        check(.text, "(1, (2, 3))", accepted: ["(1,(2,3))"], refused: ["((1,2),3)", "(1,2,3)", "(1,[2,3])"])
    }

    @Test("sets have no order, and each part counts once")
    func sets() {
        check(
            .text, "{1, 2, 3}", accepted: ["{3,2,1}", "{1,2,2,3}", "\\{1,2,3\\}", "\\boxed{\\{3, 1, 2\\}}", "{1, 2, 6/2}"],
            refused: ["{1,2}", "{1,2,3,4}", "(1,2,3)", "[1,2,3]", "1,2,3", "{1 2 3}", "{}", "{1,2,3} or {1,2}"])
        check(.text, "{(1,2),(3,4)}", accepted: ["{(3,4),(1,2)}"], refused: ["{(2,1),(3,4)}", "{1,2,3,4}", "{(1,2)}"])
        check(.text, "{-1/2}", accepted: ["{-0.5}", "\\{-\\frac{1}{2}\\}"], refused: ["{1/2}", "-1/2", "{-0.5, 0.5}"])
        check(.text, "{red, green}", accepted: ["{Green, red}"], refused: ["{red}", "{red, green, blue}", "red, green"])
    }

    @Test("nested and long lists are refused, not followed without end")
    func listLimits() {
        let deep = String(repeating: "(", count: 500) + "1,2" + String(repeating: ")", count: 500)
        let long = "(" + String(repeating: "1,", count: 15_000) + "1)"
        for response in [deep, long, String(repeating: "{", count: 30_000), String(repeating: "(,", count: 10_000)] {
            let began = ownSeconds()
            #expect(!AnswerChecker(kind: .text).check(gold: "(1, 2)", response: response).correct)
            #expect(ownSeconds() - began < 5)
        }
    }

    @Test("one letter is chosen, by itself, in brackets, behind “option” or as an ordinal")
    func choices() {
        check(
            .choice, "B",
            accepted: [
                "B", "b", "(B)", "(b)", "[B]", "B.", "b)", "B:", "**B**", "$B$", "\\boxed{B}",
                "$\\boxed{\\text{B}}$", "\\boxed{\\textbf{(B)}}", "\\boxed{B. Paris}", "#### B", "Option B",
                "option (b)",
                "choice b", "letter B", "B) Paris", "B - Paris", "The answer is B.", "The answer is (B).",
                "answer: b", "It must be B.", "I'd go with B", "the second option", "the second one",
                "The answer is B because A is smaller", "A good answer is B", "The answer is B. I am sure.", "It's B", "B\nB",
            ],
            refused: [
                "A", "C", "A and B", "A or B", "A B", "A, B", "A. B", "A/B", "(A) (B)", "Options A and B",
                "I and B", "B and C", "both A) and B)", "B, not C", "not B", "B?", "Maybe B", "B or maybe C",
                "neither B", "none of A, B", "The answer is B. Wait, A.", "The answer is B. Sorry, it is (A).",
                "\\boxed{A}\\boxed{B}", "\\boxed{B or C}", "ABCD", "BB", "B2", "2", "the third option", "",
                "<think>B</think>", "A) one B) two\nB",
            ])
        check(
            .choice, "A", accepted: ["A", "a", "A.", "(A)", "The answer is A.", "A: one", "the first option"],
            refused: ["A man walked", "a cat", "B", "An A or B"])
        check(.choice, "I", accepted: ["I", "I.", "(I)", "option I"], refused: ["I think so", "i am here"])
    }

    @Test("a gold choice that is not one letter from A to J is refused by name", arguments: ["K", "", "A or B", "A, B", "1", "none"])
    func goldChoices(gold: String) {
        #expect(AnswerChecker(kind: .choice).check(gold: gold, response: "A").reason.contains("gold answer"))
    }

    @Test("expressions are compared by value, and calculations that do not hold are refused")
    func expressions() {
        check(
            .expression, "42",
            accepted: [
                "6*7", "6 * 7", "6×7", "6·7", "6 x 7", "6X7", "6\\times7", "6\\cdot 7", "6\\,\\cdot\\,7", "84/2",
                "84÷2", "84/2.0", "(5+1)*7", "-(-42)", "50-2^3", "\\frac{84}{2}", "\\dfrac{84}{2}",
                "\\frac{\\frac{84}{2}}{1}",
                "\\frac{2^{3}+76}{2}", "\\boxed{6*7}", "\\boxed{\\frac{84}{2}}", "\\left(6\\right)*7", "$6*7$",
                "$$6*7$$", "`6*7`", "**6*7**", "#### 6*7", "6*7=42", "6*7 = 42 = 84/2", "The answer is 6*7.",
                "4200%", "1,042-1,000",
            ],
            refused: [
                "6*8", "6*7=43", "41=42", "=42", "6*7=", "(6)(7)", "6(7)", "2{21}", "6*", "*7", "(6*7", "6*7)",
                "6*7 or 42", "6*7, 42", "6**7", "84//2", "42/0", "42+0/0", "7!-4998", "\\sqrt{1764}", "x=42",
                "six*7", "[6*7]", "0x2A",
                "6*7?", "6*7;", "6*7 # 1", "9^9^9", "5e400", "\\boxed{6*7}\\boxed{6*8}", "<think>6*7</think>", "４２",
                "The answer is 6*7. Actually 6*8.",
            ])
        check(.expression, "1/3", accepted: ["1/3", "2/6", "1-2/3", "3^-1", "\\frac13"], refused: ["0.3333", "3/1", "33%"])
        #expect(AnswerChecker(kind: .expression).check(gold: "x", response: "1").reason.contains("gold answer"))
        #expect(AnswerChecker(kind: .expression).check(gold: "1/0", response: "1").reason.contains("divides by 0"))
    }

    @Test("kinds have the names that files and protocols use")
    func names() { #expect(AnswerChecker.Kind.allCases.map(\.rawValue) == ["number", "expression", "choice", "text"]) }
}
