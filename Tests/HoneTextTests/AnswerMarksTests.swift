import HoneText
import Testing

@Suite("Marks of the final answer, and what a reader sees")
struct AnswerMarksTests {
    private func accepts(_ response: String, gold: String = "42", problem: String? = nil) -> Bool {
        AnswerChecker().check(gold: gold, response: response, problem: problem).correct
    }

    private func reason(_ response: String) -> String { AnswerChecker().check(gold: "42", response: response).reason }

    @Test(
        "a mark outweighs every number that stands elsewhere",
        arguments: [
            "7\n\\boxed{42}\n9 is odd", "1 + 1 = 2\n#### 42", "The answer is 42.\n7 others follow in the appendix",
            "Answer: 42\nPage 7", "7\n8\nThe final answer is: 42", "\\boxed{42} of 99 pages",
        ])
    func priority(response: String) { #expect(accepts(response)) }

    @Test(
        "several marks must agree in value, not in spelling",
        arguments: [
            ("\\boxed{42} \\boxed{42.0}", true), ("\\boxed{84/2}\n#### 42", true),
            ("The answer is 42.\n\\boxed{\\frac{84}{2}}\n#### $42", true), ("Answer: 42. Answer: 42", true),
            ("\\boxed{42}\\boxed{43}", false), ("#### 42\n#### 43", false),
            ("The answer is 42.\n#### 43", false), ("\\boxed{42}\nAnswer: 43", false),
            ("The answer is unknown. \\boxed{42}", false), ("#### none\n\\boxed{42}", false),
            ("\\boxed{}\n\\boxed{42}", false), ("\\boxed{42}\n####", false),
        ])
    func agreement(response: String, isAccepted: Bool) { #expect(accepts(response) == isAccepted) }

    @Test(
        "boxes are read with nested braces, in every macro that draws one",
        arguments: [
            "\\boxed{42}", "\\fbox{42}", "\\framebox{42}", "\\boxed {42}", "\\boxed{ 42 }", "\\boxed{\\text{42}}",
            "\\boxed{\\mathbf{42}}", "\\boxed{\\text{The total is } 42}", "\\boxed{\\mathrm{\\text{42}}}",
            "\\boxed{42\\text{ cm}}",
            "\\boxed{x = 42}", "\\boxed{\\frac{84}{2}}", "$\\boxed{42}$", "$$\\boxed{42}$$", "\\[\\boxed{42}\\]",
            "\\(\\boxed{42}\\)", "**\\boxed{42}**", "\\boxed{42}.", "Thus $x = \\boxed{42}$.",
            "\\text{So } \\boxed{42}", "{\\large \\boxed{42}}",
            "\\textbf{Answer:} \\boxed{42}", "\\therefore \\boxed{42}", "\\Rightarrow \\boxed{42}",
            "\\mathbf{\\boxed{42}}", "\\begin{aligned}\\boxed{42}\\end{aligned}", "\\quad\\boxed{42}\\quad",
            "(\\boxed{42})",
        ])
    func boxes(response: String) { #expect(accepts(response), "\(reason(response))") }

    @Test(
        "a box that is open, empty, too deep or not alone is refused",
        arguments: [
            ("\\boxed{42", "not closed"), ("\\boxed{{42}", "not closed"), ("\\boxed", "no braces"),
            ("\\boxed42", "no braces"), ("\\boxed{}", "no number"), ("\\boxed{ }", "no number"),
            ("\\boxed{" + String(repeating: "{", count: 20) + "42" + String(repeating: "}", count: 21), "not closed"),
            ("\\boxed{42}!", "stands beside"), ("2\\boxed{42}", "stands beside"),
            ("\\boxed{42}^2", "stands beside"), ("\\boxed{42}_2", "stands beside"),
            ("\\frac{\\boxed{42}}{2}", "\\frac"), ("\\sqrt{\\boxed{42}}", "\\sqrt"),
            ("\\boxed{42}\\cdot 3", "\\cdot"), ("3\\times\\boxed{42}", "\\times"), ("x \\neq \\boxed{42}", "\\neq"),
            ("\\boxed{\\boxed{42}}", "holds"), ("\\boxed{42\\%}", "42%"),
        ])
    func brokenBoxes(response: String, words: String) {
        #expect(!accepts(response))
        #expect(reason(response).contains(words), "\(reason(response))")
    }

    @Test("a response with more than 64 marks is refused, however they agree")
    func manyMarks() {
        #expect(accepts(String(repeating: "\\boxed{42} ", count: 64)))
        for mark in ["\\boxed{42} ", "#### 42\n", "answer: 42\n"] {
            #expect(reason(String(repeating: mark, count: 65)).contains("more than 64"))
        }
    }

    @Test(
        "phrases that give the answer, and ones that only speak of it",
        arguments: [
            ("The answer is 42.", true), ("the ANSWER is 42", true), ("Answer: 42", true), ("Answer = 42", true),
            ("Answer -> 42", true), ("The answers were checked. 42", true),
            ("So the final answer to this question is 42.", true), ("The answer is: **42**", true),
            ("The answer is\n42", true), ("The answer was 42", true), ("The answer equals 42", true),
            ("The unanswered 42", true), ("My answer (in cm) is 42.", true),
            ("The answer is 41. Unanswered: 42", false), ("The answer is 41.9.", false),
            ("Answer: 42 or 43", false),
            ("Answer:\n\n42", true), ("Answer: the box has 42", true), ("Is the answer 42?", false),
            ("The answer is", false), ("Answer:", false), ("The answer is five.", false),
        ])
    func phrases(response: String, isAccepted: Bool) { #expect(accepts(response) == isAccepted, "\(reason(response))") }

    @Test(
        "thoughts are invisible, whatever the tag's name and nesting",
        arguments: [
            ("<think>7</think>42", true), ("<think>7</think>\n\nThe answer is 42.", true),
            ("<thinking>7</thinking>42", true), ("<thought>7</thought>42", true),
            ("<reasoning>7</reasoning>42", true), ("<scratchpad>7</scratchpad>42", true),
            ("<THINK>7</Think>42", true),
            ("7</think>42", true), ("<think><think>7</think>8</think>42", true), ("<think>42</think>", false),
            ("<think>42", false), ("42<think>", true), ("42<think>7", true), ("42</think>7", false),
            ("<think>7</think>42<think>8</think>", true), ("<think><think>7</think>42", false),
            ("<thinker>7</thinker>42", false), ("< think>7</ think>42", false), ("<think >42</think >", false),
            ("<think></think>42", true), ("4<think></think>2", false),
        ])
    func thoughts(response: String, isAccepted: Bool) { #expect(accepts(response) == isAccepted, "\(reason(response))") }

    @Test("without a mark the last sentence with a digit counts, unless other sentences are bare numbers")
    func unmarked() {
        for response in [
            "He has 50.\nShe has 42.", "First 7 apples. Then 42 apples.", "1. Count the apples.\n2. There are 42",
            "Tom has 3 cats. So 42 legs.\nThat is all.", "12 + 30 = 42", "x = 42", "It is 42.\n\nI hope this helps!",
        ] {
            #expect(accepts(response), "\(response): \(reason(response))")
        }
        for response in [
            "42.\n41.", "42\nHe has 50.", "41\n42", "42 is not it.\nShe has 50", "42\n\n\n7", "41, then 42",
            "It is 42. Or 41.", "He has 42. She has 41.",
        ] {
            #expect(!accepts(response), "\(response)")
        }
    }

    @Test("every equation on the way to the answer must hold, where both sides have values")
    func equations() {
        for response in [
            "6*7 = 42", "6 * 7 = 84/2 = 42", "x = 6*7 = 42", "50% * 84 = 42", "$6 * 7 = $42",
            "6 boxes * 7 = 42 apples", "40 + 2 = 42 apples in 7 days", "(3+4)*6=42", "12/60*210 = 42",
        ] {
            #expect(accepts(response), "\(response): \(reason(response))")
        }
        for response in [
            "6*8 = 42", "6*7 = 43 = 42", "41 = 42", "x = 41 = 42", "42 = 41", "6*7 = 42 = 41",
            "5 apples = 42 apples", "6*7 =", "6*7 = x",
        ] {
            #expect(!accepts(response), "\(response)")
        }
    }

    @Test("what repeats the question is no answer; what answers it is, even with the question's numbers")
    func echoes() {
        let problem = "Tom has 42 apples and 7 baskets. How many apples does Tom have?"
        for response in [
            problem, "  TOM has 42 apples and 7 baskets. how many apples does tom have?",
            "Tom has 42 apples and 7 baskets.", problem + "\n" + problem, "Question: " + problem,
        ] {
            #expect(!accepts(response, problem: problem), "\(response)")
        }
        for response in [
            problem + " 42", problem + "\nTom has 42.", "42", "#### 42", "Tom has 42 apples.",
        ] {
            #expect(accepts(response, problem: problem), "\(response)")
        }
        #expect(!accepts("Is it 42?", problem: "Is it 42?"))
        #expect(accepts("42", problem: "42"))
        #expect(accepts("42", problem: ""))
    }

    @Test("a worked solution as gold answer stands for its final number")
    func goldSolutions() {
        for gold in [
            "42", "#### 42", "6*7=<<6*7=42>>42\n#### 42", "So \\boxed{42}.", "The answer is 42.", "6 * 7 = 42",
            "42 apples", "$42",
        ] {
            #expect(AnswerChecker().check(gold: gold, response: "42").correct, "\(gold)")
        }
        for gold in [
            "", "apples", "41 or 42", "about 42", "\\boxed{41}\\boxed{42}",
        ] {
            #expect(AnswerChecker().check(gold: gold, response: "42").reason.contains("gold answer"), "\(gold)")
        }
    }
}
