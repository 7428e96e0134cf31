import HoneCore
import HoneText
import Testing

@Suite("The readers of answers, sign by sign")
struct AnswerReaderTests {
    private func verdict(_ gold: String, _ response: String, _ kind: AnswerChecker.Kind = .number) -> AnswerVerdict {
        AnswerChecker(kind: kind).check(gold: gold, response: response)
    }

    @Test("control characters and marks on digits are named; line ends of every sort are none of them", arguments: [
        ("42\u{7F}", "the response holds control characters"), ("\u{9F}42", "the response holds control characters"),
        ("42\u{1}", "the response holds control characters"), ("42\u{301}", "the response puts marks on digits"),
        ("42\u{20E3}", "the response puts marks on digits"), ("42\u{903}", "the response puts marks on digits"),
        ("4\u{336}2\u{336}", "the response puts marks on digits"), ("42\u{200B}", "the response holds invisible characters (U+200B)"),
        ("42\u{3164}", "the response holds invisible characters (U+3164)"),
        ("42\u{FE0F}", "the response holds invisible characters (U+FE0F)"),
        ("²42", "the response writes digits in another script"), ("x² = 42", nil), ("42 m²", nil),
        ("5²42", "the response writes digits in another script"),
        ("\u{E9}t\u{E9}: 42", nil), ("So\u{85}42", nil), ("So\u{2028}42\u{2029}", nil), ("So\r42", nil), ("So\t42", nil),
    ])
    func hidden(response: String, sentence: String?) {
        let found = verdict("42", response)
        if let sentence { #expect(found.reason == sentence) } else { #expect(found.correct, "\(found.reason)") }
    }

    @Test("macros that only set type are passed over, and those that mean a sign are that sign", arguments: [
        ("\\boxed{84\\div 2 = 42}", "42"), ("42\\degree", "42"), ("42\\circ", "42"), ("42\\percent", "42%"),
        ("\\euro 42", "42"), ("\\pounds 42", "42"),
        ("\\boxed{\\big(42\\big)}", "42"), ("\\boxed{\\displaystyle 42}", "42"),
        ("\\boxed{\\textstyle\\frac{84}{2}}", "42"), ("\\boxed{42\\quad}", "42"),
        ("\\boxed{\\left.42\\right.}", "42"), ("\\boxed{\\operatorname{x} = 42}", "42"),
        ("\\boxed{\\mathsf{42}}", "42"), ("\\boxed{\\boldsymbol{42}}", "42"),
        ("\\boxed{\\frac {84} {2}}", "42"), ("\\boxed{\\frac 8 2}", "4"), ("\\boxed{\\text{42}}", "42"),
        ("\\boxed{\\textit{total: } 42}", nil),
        ("\\boxed{\\mbox{42 apples}}", "42"), ("\\boxed{42\\;\\text{cm}}", "42"), ("\\boxed{\\unknown 42}", nil),
        ("\\boxed{\\text 42}", nil),
        ("\\boxed{\\overline{42}}", nil), ("\\boxed{42\\ldots}", nil), ("\\boxed{\\#42}", nil),
        ("\\boxed{42\\\\}", nil), ("42\\", nil), ("\\boxed{\\&42}", nil),
    ])
    func macros(response: String, value: String?) {
        let found = verdict(value ?? "42", response)
        #expect(found.correct == (value != nil), "\(found.reason)")
        if let value { #expect(found.extracted == value) }
    }

    @Test("units may touch a number or stand behind it, with a raised digit; letters that may be factors or digits may not", arguments: [
        ("42m²", true), ("42cm³", true), ("42km^2", true), ("42cm^{3}", true), ("42cm²^2", false),
        ("42 in^3", true), ("42m2", false), ("42m^4", false),
        ("42kg5", false), ("42KG", true),
        ("42xyz", false), ("x42", false), ("42B", false), ("42 B", false), ("42 Bob", true), ("42'", true),
        ("42\"", true), ("42′", false), ("42/h", true),
        ("42 m/s", true), ("42/7h", false), ("42 apples/day", true), ("42°C", true), ("42 °F", true),
        ("42 %-points", false), ("№ 42", false), ("#42", false),
    ])
    func units(response: String, isAccepted: Bool) {
        let found = verdict("42", response)
        #expect(found.correct == isAccepted, "\(found.reason)")
    }

    @Test("signs: one, in front, touching the number or its currency", arguments: [
        ("-42", "-42"), ("−42", "-42"), ("﹣42", "-42"), ("－42", "-42"), ("–42", "-42"), ("-$42", "-42"),
        ("$-42", "-42"), ("+42", "42"), ("(-42)", "-42"),
        ("minus 42", "-42"), ("negative 42", "-42"), ("minus -42", nil), ("minus 0", nil), ("negative -42", nil),
        ("- 42", nil), ("-+42", nil), ("--42", nil),
        ("5-42", nil), ("x-42", nil), ("x -42", "-42"), ("total:-42", "-42"), (",-42", nil), ("~42", nil),
        ("=-42", "-42"), ("minus the 42", nil), ("—42", nil),
    ])
    func signs(response: String, value: String?) {
        let found = verdict(value ?? "42", response)
        #expect(found.correct == (value != nil), "\(found.reason)")
        if value == nil { for gold in ["-42", "0"] { #expect(!verdict(gold, response).correct) } }
    }

    @Test("powers of ten and their exponents", arguments: [
        ("10^3", "1000"), ("10^{3}", "1000"), ("10^(3)", "1000"), ("10^(3", nil), ("10^{-3}", "0.001"),
        ("10^-3", "0.001"), ("10^31", nil), ("10^030", nil),
        ("2*10^3", "2000"), ("2 * 10^(3)", "2000"), ("2*10^(3", nil), ("2*10^3^2", nil), ("2*10", nil),
        ("2*100^3", nil), ("2e3", "2000"), ("2e+3", "2000"),
        ("2e-3", "0.002"), ("2e30", "2000000000000000000000000000000"), ("2e31", nil), ("2e0030", nil), ("2e", nil),
        ("2e+", nil), ("1.5e3", "1500"),
        ("11^3", nil), ("10 ^3", nil), ("10^3 apples", "1000"), ("-10^3", "-1000"),
        ("20/2^3", nil), ("100/10^2", nil), ("1*10^1^3", nil), ("9 1/1^3", nil), ("010^3", "1000"), ("10.0^3", nil),
    ])
    func powers(response: String, value: String?) {
        if value == nil { for gold in ["8", "10", "100", "1000000", "2.5"] { #expect(!verdict(gold, response).correct) } }
        let found = verdict(value ?? "1000", response)
        #expect(found.correct == (value != nil), "\(found.reason)")
    }

    @Test("text before the calculation does not join it, and the calculation must still hold", arguments: [
        ("With 12, 6*7 = 42", true), ("With 12, 6*7 = 43", false), ("In 2024, 40+2 = 42.", true),
        ("Of 3.5, 6*7 = 42", true), ("5 apples + 3 = 42", true),
        ("12, 6*7 = 42", true), ("There are 6 boxes, 6*8 = 42", false), ("6*7 = 42, 43 in all", false),
        ("6*7 = 42, as 7*6 = 42", true), ("7 - 6*7 = 42", false),
    ])
    func calculationsInProse(response: String, isAccepted: Bool) {
        let found = verdict("42", response)
        #expect(found.correct == isAccepted, "\(response): \(found.reason)")
    }

    @Test("sums too long to follow are not held against their result, shorter ones are")
    func longSums() {
        let short = Array(repeating: "1", count: 100).joined(separator: "+")
        #expect(verdict("100", "\(short) = 100").correct)
        #expect(verdict("99", "\(short) = 99").reason == "the response equates 100 and 99")
        let long = Array(repeating: "1", count: 250).joined(separator: "+")
        #expect(verdict("250", "\(long) = 250").correct)
        #expect(verdict("1", String(repeating: "1 = ", count: 31) + "1").correct)
        #expect(verdict("1", String(repeating: "1 = ", count: 32) + "1").reason == "the answer is a chain of 33 equations")
    }

    @Test("a question's number that goes on in the response is another number", arguments: [
        ("Tom has 42 cats", "Tom has 42 cats", false), ("How many are 42", "How many are 42,000", true),
        ("How many are 42", "How many are 42.5", true),
        ("How many are 42", "How many are 42", false), ("How many are 42", "How many are 42, so 42,000", true),
        ("How many are 42", "How many are 425", true),
    ])
    func echoedNumbers(problem: String, response: String, isAccepted: Bool) {
        let golds = ["42", "42000", "42.5", "425"]
        let accepted = golds.filter { AnswerChecker().check(gold: $0, response: response, problem: problem).correct }
        #expect(accepted.count == (isAccepted ? 1 : 0), "\(accepted)")
        #expect(!accepted.contains("42"))
    }

    @Test("answers that decline are refused with the words that do, in any case and with any apostrophe", arguments: [
        "I cannot say, 42", "I CAN'T say: 42", "i don’t know\n42", "As an AI, 42", "I'm not sure; 42",
        "Sorry, I have no idea. 42", "I won't. 42", "I refuse to say 42",
    ])
    func declines(response: String) {
        #expect(verdict("42", response).reason.hasPrefix("the response declines: “ "), "\(verdict("42", response).reason)")
    }

    @Test("words that only look like declining do not", arguments: [
        "Jai knows. 42", "Ali cannot know. 42", "I know: 42", "Idea: 42", "Zi cannot. 42",
    ])
    func declinesNot(response: String) { #expect(verdict("42", response).correct, "\(verdict("42", response).reason)") }

    @Test("struck-out and marked-up texts: emphasis is passed over, what strikes out is not", arguments: [
        ("~~Paris~~", false), ("~Paris", false), ("\\sout{Paris}", false), ("\\cancel{Paris}", false),
        ("<del>Paris</del>", false), ("<s>Paris</s>", false),
        ("***Paris***", true), ("__Paris__", true), ("## Paris", true), ("> Paris", true), ("- Paris", true),
        ("* Paris", true), ("(Paris)", true), ("“Paris”!", true),
        ("==Paris==", false), ("^Paris", false), ("Paris^2", false), ("|Paris|", true), ("Paris…", true),
        ("Paris;", true), ("¡Paris!", true), ("Paris?!", true),
    ])
    func markup(response: String, isAccepted: Bool) {
        let found = verdict("Paris", response, .text)
        #expect(found.correct == isAccepted, "\(found.reason)")
    }

    @Test("lists whose brackets do not match, or that are empty in places, are no lists", arguments: [
        ("(1,2).", true), ("(1,2)...", true), ("(1,(2)", false), ("(1,2))", false), ("((1,2)", false),
        ("(1,)2)", false), ("(,1,2)", false), ("(1,2,)", false),
        ("()", false), ("(1 2)", false), ("$(1, 2)$.", true), ("$ (1, 2) $", true), ("The point is (1, 2)", false),
        ("(1,2)(1,2)", false), ("(1, two)", false),
    ])
    func brokenLists(response: String, isAccepted: Bool) {
        let found = verdict("(1, 2)", response, .text)
        #expect(found.correct == isAccepted, "\(found.reason)")
    }

    @Test("expressions end in a point or not, and may be marked as any answer", arguments: [
        ("6*7.", true), ("6*7..", false), ("Answer: 6*7", true), ("The answer is 6*7.\nThe answer is 6*7", true),
        ("The answer is 6*7.\nThe answer is 7*6", false),
        ("First 6*7\n\n \n7*6\n\n", true), ("6*7\nis it", false), ("**6*7", true), ("6*7**", true),
        ("__6*7__", true), ("6__7", false), ("6*\\frac{14}{2}", true),
        ("\\frac{6*14}{2}", true), ("6*7 = 7*6 = 42", true), ("6*7 = 42 = 41", false), ("1=1=1=1=1=1=1=1=1", false),
        ("\\boxed{6\\cdot7}", true), ("6·7%", false),
    ])
    func expressions(response: String, isAccepted: Bool) {
        let found = verdict("42", response, .expression)
        #expect(found.correct == isAccepted, "\(found.reason)")
    }

    @Test("the gold answer is refused by name where it is none, for every kind", arguments: [
        (AnswerChecker.Kind.number, "several 1 2", "the gold answer “several 1 2” is not one number: "),
        (.number, "", "the gold answer “” is not one number: "),
        (.expression, "6*", "the gold answer “6*” has no value: The expression ends where a number was expected"),
        (.choice, "K", "the gold answer “K” is not one letter from A to J"), (.text, "…", "the gold answer “…” has no letters or digits"),
        (.number, String(repeating: "x", count: 100), "the gold answer “\(String(repeating: "x", count: 60))” is not one number"),
    ])
    func golds(kind: AnswerChecker.Kind, gold: String, sentence: String) {
        let found = verdict(gold, "42", kind)
        #expect(!found.correct && found.reason.hasPrefix(sentence), "\(found.reason)")
    }
}
