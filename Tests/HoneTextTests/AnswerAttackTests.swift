import HoneCore
import HoneText
import Testing

/// Responses that contain the right number without giving it as the answer.
enum Attack {
    /// Families of attacks; `#` stands for the gold number, `@` for another.
    static let families: [(name: String, forms: [String])] = [
        ("several answers", [
            "@ or #", "# or @", "either @ or #", "@, #", "#, @", "@; #", "@ and #", "@ | #", "[@, #]", "{@, #}",
            "(@, #)", "@ to #", "@–#", "@..#",
            "#\n@", "@\n#\n@", "@.\n#.", "# @", "x=@, y=#", "x=#; y=@", "\\boxed{@}\\boxed{#}",
            "\\boxed{#} or \\boxed{@}", "#### @\n#### #",
            "answer: @\nanswer: #", "The answer is #. The answer is @.", "\\boxed{#}\n#### @", "\\boxed{@, #}",
            "\\boxed{# \\quad @}", "\\boxed{#\\\\@}",
            "Answers: @, #", "The answers are @ and #", "all of @, #", "# (or @)", "# / @", "#:@", "@ < # ",
            "# (not @)", "{# | @}", "Answer: # or forty-one",
        ]),
        ("hedges", [
            "about #", "around #", "roughly #", "approximately #", "nearly #", "almost #", "circa #", "~#", "≈ #",
            "\\approx #", "#ish", "#-ish", "# or so",
            "# or something", "maybe #", "perhaps #", "possibly #", "probably #", "# probably", "presumably #",
            "hopefully #", "likely #", "# I guess", "at least #",
            "at most #", "more than #", "less than #", "over #", "under #", "up to #", "close to #",
            "between # and more", "#+", "#-", "#...", "#…", "# etc.", "±#",
            "# ± 1", "# ?", "#?", "Is it #?", "Could it be #?", "The answer is #?", "suppose #", "assuming #",
            "Let's say #", "I'm not sure: #", "unsure, #",
            "I do not know. #", "No idea, #", "As an AI I cannot say. #", "The answer is maybe #.",
            "The answer is about #.", "\\boxed{\\text{about }#}",
            "\\boxed{\\sim #}", "\\boxed{#\\ldots}", "\\boxed{#...}", "#### ~#", "#### #?", "ballpark: #",
        ]),
        ("denials", [
            "not #", "It is not #.", "It isn't #.", "The answer is not #.", "The answer isn’t #.", "never #",
            "# is wrong", "# is incorrect", "# is false", "neither #",
            "anything but #", "everything but #", "all but #", "instead of #", "rather than #", "other than #",
            "everything except #", "excluding #", "no, #", "#, no",
            "# nope", "it cannot be #", "impossible: #", "≠ #", "\\ne #", "x \\ne \\boxed{#}", "not \\boxed{#}",
            "isn't \\boxed{#}", "\\boxed{#} is wrong", "\\not= #",
            "\\boxed{\\text{not }#}", "\\cancel{#}", "\\boxed{\\cancel{#}}", "\\sout{#}", "~~#~~", "<del>#</del>",
            "<s>\\boxed{#}</s>", "\\xcancel{\\boxed{#}}",
        ]),
        ("taken back", [
            "The answer is #. Wait, no, it is @.", "The answer is #. Actually it is @.", "The answer is #. No, @.",
            "#### #\nOops, @", "\\boxed{#}\nSorry, I meant @.",
            "The answer is #. Correction: @.", "It is #. Wait, that is wrong.",
            "The answer is #. That is incorrect.", "\\boxed{#}. I made a mistake.",
            "#### #\nHmm, rather @", "The answer is #. However, it may be @.", "Answer: #\nMistaken!",
        ]),
        ("calculations in words", [
            "twice #", "half #", "half of #", "half of the #", "double #", "triple the #", "# doubled", "# halved",
            "# tripled", "# squared", "# cubed", "square root of #",
            "# factorial", "# plus one", "# apples plus one", "# minus one", "# apples minus two", "# times two",
            "# less one", "# less than one hundred", "# more than five",
            "five more than #", "one less than #", "twice as many as #", "half as many as #",
            "three times as much as #", "# and a half", "# and one half", "# and two thirds",
            "# apples and a half", "# and five", "the sum of # and five", "# over seven", "# divided by two",
            "# apples divided by two", "# multiplied by two",
            "# increased by ten", "# to the power of two", "the negative of #", "the opposite of #",
            "the reciprocal of #", "the inverse of #", "a third of #",
            "# dozen", "# hundred", "# thousand", "# million", "# score", "# gross", "# lakh", "# crore", "# bn",
            "# mn", "# quadrillion", "# hex", "# (binary)",
            "#K", "#M", "#B", "#T", "$#M", "# M", "#k", "# point five", "one plus #", "# below zero", "minus #",
            "negative #", "# per thousand", "# percent", "#%",
        ]),
        ("calculations in signs", [
            "#+0", "0+#", "#*1", "1*#", "#-0", "2*#/2", "#^1", "#**1", "#!", "#^{2}", "#_8", "#/0", "#/#/1", "-(#)",
            "--#", "+-#", "- #", "+ #", "-#", "−#", "1#", "#1", "#.5",
            "0.#", "#,000", "\\sqrt{#}", "\\sqrt{\\boxed{#}}", "\\frac{\\boxed{#}}{2}", "\\frac{1}{2}\\boxed{#}",
            "2\\cdot\\boxed{#}", "\\boxed{#}\\cdot 2", "\\boxed{#}\\times 2",
            "\\boxed{#}\\div 2", "\\boxed{#}\\pm 1", "\\boxed{#}^2", "\\boxed{#}_2", "\\boxed{#}{@}",
            "\\boxed{#}/2", "\\boxed{#}%", "\\boxed{#}\\%", "-\\boxed{#}", "1\\boxed{#}",
            "\\boxed{#}1", "x > \\boxed{#}", "x \\leq \\boxed{#}", "\\boxed{#} < y", "x^{2}\\boxed{#}",
            "x_{\\boxed{#}}", "x^{\\boxed{#}}", "\\log{\\boxed{#}}", "\\phantom{\\boxed{#}}",
        ]),
        ("wrong equations", [
            "@=#", "@ = #", "#=@", "#=@=#", "x=@=#", "0=1=#", "6*7=43=#", "#=", "@ apples = #", "\\boxed{@=#}",
            "\\boxed{x=@=#}", "x := #", "x != #", "x <= #", "x>#", "f(2)=#",
        ]),
        ("places in lists", [
            "Step #", "Step #:", "Figure #", "Chapter #", "Version #", "Question #", "Problem #", "Section #",
            "Equation #", "Exercise #", "#\\.", "\\##", "@#", "_#",
        ]),
        ("hidden", [
            "<think>#</think>", "<think>#", "#</think>", "<think>\\boxed{#}</think>@",
            "<reasoning>The answer is #.</reasoning>", "<<@+1=#>>", "@ <<1*1=#>>", "<!-- # -->",
            "@<!-- # -->", "<!-- -->#", "% \\boxed{#}", "#\u{200B}1", "\u{200B}#", "\u{202E}#", "\u{FEFF}#",
            "#\u{301}", "#\u{20E3}", "#\u{0}", "\u{1B}[8m#", "\u{AD}#", "#\u{E0031}",
            "\\boxed{\\color{white}#}", "\\def\\a{#}\\boxed{\\a}", "\\boxed{\\phantom{#}}", "&#35;#;", "//#", "/* # */",
        ]),
    ]

    /// All attacks, each with the name of its family.
    static let forms: [(family: String, form: String)] = families.flatMap { family in family.forms.map { (family.name, $0) } }

    /// Replaces scalars, so that a place with a mark on it is replaced too.
    private static func replaced(_ text: String, _ old: Unicode.Scalar, by new: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.flatMap { $0 == old ? Array(new.unicodeScalars) : [$0] }))
    }

    /// The attack with its numbers.
    static func filled(_ form: String, gold: Int, other: Int) -> String {
        // Marks of four hashes and markup with a hash stay.
        let marked = form.replacing("####", with: "\u{1}").replacing("\\##", with: "\\\u{2}#").replacing("&#35;", with: "\u{3}")
        return replaced(replaced(marked, "#", by: String(gold)), "@", by: String(other))
            .replacing("\u{1}", with: "####").replacing("\u{2}", with: "#").replacing("\u{3}", with: "&#35;")
    }
}

@Suite("Attacks on the answer checker")
struct AnswerAttackTests {
    @Test("no attack of any family is accepted, for one-digit, two-digit and larger numbers", arguments: Attack.forms)
    func isRefused(family: String, form: String) {
        for (gold, other) in [(7, 9), (42, 41), (918, 77), (120, 650)] {
            let response = Attack.filled(form, gold: gold, other: other)
            let verdict = AnswerChecker().check(gold: String(gold), response: response)
            #expect(!verdict.correct, "\(family): \(response.debugDescription) was accepted for \(gold)")
        }
    }

    @Test("an attack behind honest work, or before a polite end, stays an attack", arguments: Attack.families.map(\.name))
    func surroundings(family: String) throws {
        let forms = try #require(Attack.families.first { $0.name == family }).forms
        // A thought that is not closed, or closed before its beginning, changes what stands around it.
        for form in forms where !form.contains("think>") {
            let response = "First we look at what is given.\n" + Attack.filled(form, gold: 42, other: 41)
            #expect(!AnswerChecker().check(gold: "42", response: response).correct, "\(response.debugDescription)")
        }
    }

    @Test("digits of every other script are refused, alone and beside plain ones")
    func otherDigits() {
        var count = 0
        for value in UInt32(128)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.numericType == .decimal,
                scalar.properties.numericValue == 2
            else { continue }
            count += 1
            for response in ["4\(scalar)", "\(scalar)4", "\\boxed{4\(scalar)}", "The answer is 4\(scalar)."] {
                let verdict = AnswerChecker().check(gold: "42", response: response)
                #expect(!verdict.correct, "U+\(String(value, radix: 16))")
                #expect(verdict.reason.contains("another script"))
            }
        }
        #expect(count > 60)
    }

    @Test("every invisible character refuses the response for every kind of answer")
    func invisible() {
        var count = 0
        for value in UInt32(0)...0xE0FFF {
            guard let scalar = Unicode.Scalar(value),
                scalar.properties.generalCategory == .format || (value < 32 && ![9, 10, 13].contains(value))
            else { continue }
            count += 1
            for kind in AnswerChecker.Kind.allCases {
                #expect(!AnswerChecker(kind: kind).check(gold: "B", response: "B\(scalar)").correct, "U+\(String(value, radix: 16))")
            }
        }
        #expect(count > 150)
    }

    @Test("letters that look like Latin ones make another text and no choice")
    func lookAlikeLetters() {
        for response in ["Рaris", "Pаris", "Parіs", "Ｐaris", "P\u{430}ris", "𝐏aris", "Par1s", "Pariѕ"] {
            #expect(!AnswerChecker(kind: .text).check(gold: "Paris", response: response).correct, "\(response)")
        }
        for response in ["В", "Β", "Ｂ", "𝐁", "Ⓑ", "ᗷ", "8", "ß", "🅱"] {
            #expect(!AnswerChecker(kind: .choice).check(gold: "B", response: response).correct, "\(response)")
        }
    }

    @Test("random mixtures of numbers and signs are never accepted for a number that they do not contain")
    func randomText() {
        var generator = Seed(77).generator
        let parts = [
            "1", "2", "30", "4.5", " ", "+", "-", "*", "/", "=", "(", ")", ",", ".", "\n", "%", "x", "answer is ",
            "\\boxed{", "}", "#### ", "^", "\\frac{1}{2}", "half ", "$",
        ]
        for _ in 0..<4000 {
            let response = (0..<generator.integer(in: 1...14)).compactMap { _ in generator.element(of: parts) }.joined()
            // A prime whose digits cannot come together from these parts, and is no value of small arithmetic on them.
            let verdict = AnswerChecker().check(gold: "98765432159", response: response)
            #expect(!verdict.correct, "\(response.debugDescription)")
        }
    }

    @Test("a response is judged the same whatever the order of its verdicts' computation: twice gives the same verdict")
    func determinism() {
        for (_, form) in Attack.forms {
            let response = Attack.filled(form, gold: 42, other: 41)
            #expect(AnswerChecker().check(gold: "42", response: response) == AnswerChecker().check(gold: "42", response: response))
        }
    }
}
