import HoneCore
import HoneText
import Testing

@Suite("Choices and lists, by construction")
struct AnswerSetsTests {
    static let letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]

    private func filled(_ form: String, _ first: String, _ second: String = "") -> String {
        form.replacing("@", with: first).replacing("~", with: first.lowercased()).replacing("#2", with: second)
    }

    @Test("every form of a choice gives its letter and no other, for all ten letters", arguments: [
        "@", "~", "@.", "(@)", "(~)", "[@]", "@)", "~)", "@:", "**@**", "**@.**", "$@$", "\\boxed{@}",
        "\\boxed{\\text{@}}", "\\boxed{(@)}", "\\textbf{@}",
        "The answer is @.", "The answer is (@).", "The correct answer is **@**.", "Answer: @", "answer: ~",
        "Answer: (@) because it fits", "Option @", "option ~", "Choice (@)",
        "It must be @.", "I choose (@).", "I choose option @", "#### @", "@) four", "@. four", "(@) four",
        "@: four", "So the best option is @.", "Letter @", "<think>B or C</think>@",
        "First we look.\nThen we choose.\n@", "\\boxed{@}\nThe answer is @.", "(@)\n(@)",
    ])
    func choices(form: String) {
        for (index, letter) in Self.letters.enumerated() {
            let response = filled(form, letter)
            for (other, gold) in Self.letters.enumerated() {
                let verdict = AnswerChecker(kind: .choice).check(gold: gold, response: response)
                #expect(verdict.correct == (index == other), "gold \(gold), \(response.debugDescription): \(verdict.reason)")
                #expect(verdict.extracted == letter, "\(response.debugDescription)")
            }
            #expect(AnswerChecker(kind: .choice).check(gold: "(\(letter.lowercased()))", response: response).correct)
        }
    }

    @Test("two letters, a denial, a question or a change of mind are no choice", arguments: [
        "@ or #2", "@ and #2", "(@) (#2)", "@, #2", "@/#2", "both (@) and (#2)", "either @ or #2", "not @", "@?",
        "Is it @?", "@ not #2", "(@), not (#2)",
        "The answer is @. Wait, it is #2.", "\\boxed{@}\\boxed{#2}", "#### @\n#### #2",
        "The answer is @.\nThe answer is #2.", "@\n#2", "neither (@)", "never @", "@#2",
        "Options (@), (#2)", "The answer is (@) or (#2).", "maybe @", "\\boxed{@ or #2}",
        "The answer is @. Sorry, (#2).", "@ & #2", "@ + #2", "@ | #2", "@ / #2", "@ , #2", "@ -> #2", "@+#2", "@|#2",
    ])
    func noChoices(form: String) {
        for (index, letter) in Self.letters.enumerated() {
            let other = Self.letters[(index + 3) % 10]
            for gold in [letter, other] {
                let response = filled(form, letter, other)
                let verdict = AnswerChecker(kind: .choice).check(gold: gold, response: response)
                #expect(!verdict.correct, "gold \(gold), \(response.debugDescription)")
            }
        }
    }

    @Test("ordinals name a letter each", arguments: Array(zip([
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ], letters)))
    func ordinals(word: String, letter: String) {
        for response in ["the \(word) option", "The \(word) choice.", "It is the \(word) one.", "The \(word.uppercased()) answer"] {
            #expect(AnswerChecker(kind: .choice).check(gold: letter, response: response).extracted == letter, "\(response)")
        }
        #expect(AnswerChecker(kind: .choice).check(gold: letter, response: "the \(word) time").reason == "no choice was found")
    }

    /// A number of a list: its value, and a way to write it.
    private struct Entry {
        var value: Rational
        var text: String
    }

    private func entries(_ count: Int, _ generator: inout SeededGenerator) -> [Entry] {
        (0..<count).map { _ in
            let (above, below) = (generator.integer(in: -30...30), generator.integer(in: 1...9))
            let value = Rational(above).divided(by: Rational(below)) ?? 0
            let forms = ["\(3 * above)/\(3 * below)", value.description, "\(above < 0 ? "-" : "")\\frac{\(abs(above))}{\(below)}"]
            return Entry(value: value, text: generator.element(of: forms) ?? "\(above)/\(below)")
        }
    }

    private func written(_ entries: [Entry], _ brackets: (String, String), _ generator: inout SeededGenerator) -> String {
        let comma = generator.element(of: [",", ", ", " , "]) ?? ","
        return brackets.0 + entries.map(\.text).joined(separator: comma) + brackets.1
    }

    @Test("tuples are equal when their parts are, place by place, and their brackets", arguments: UInt64(0)..<8)
    func tuples(seed: UInt64) {
        var generator = Seed(seed).child("tuples").generator
        let checker = AnswerChecker(kind: .text)
        for _ in 0..<30 {
            let given = entries(generator.integer(in: 2...5), &generator)
            let brackets = generator.element(of: [("(", ")"), ("[", "]"), ("(", "]"), ("[", ")")]) ?? ("(", ")")
            let gold = written(given.map { Entry(value: $0.value, text: $0.value.description) }, brackets, &generator)
            for frame in ["#", "The answer is #.", "\\boxed{#}", "$#$"] {
                let response = frame.replacing("#", with: written(given, brackets, &generator))
                let verdict = checker.check(gold: gold, response: response)
                #expect(verdict.correct, "\(gold) from \(response): \(verdict.reason)")
            }
            let swapped = Array(given.reversed())
            if swapped.map(\.value) != given.map(\.value) {
                #expect(!checker.check(gold: gold, response: written(swapped, brackets, &generator)).correct)
            }
            for other in [("(", ")"), ("[", "]"), ("(", "]"), ("[", ")"), ("\\{", "\\}")] where other != brackets {
                #expect(!checker.check(gold: gold, response: written(given, other, &generator)).correct)
            }
            #expect(!checker.check(gold: gold, response: written(given + entries(1, &generator), brackets, &generator)).correct)
            if given.count > 2 {
                #expect(!checker.check(gold: gold, response: written(Array(given.dropLast()), brackets, &generator)).correct)
            }
        }
    }

    @Test("sets are equal when they have the same values, in any order and however often", arguments: UInt64(0)..<8)
    func sets(seed: UInt64) {
        var generator = Seed(seed).child("sets").generator
        let checker = AnswerChecker(kind: .text)
        for _ in 0..<30 {
            let given = entries(generator.integer(in: 1...5), &generator)
            let gold = written(given, ("{", "}"), &generator)
            let shuffled = generator.shuffled(given + given.prefix(generator.integer(in: 0...2)))
            for brackets in [("{", "}"), ("\\{", "\\}"), ("\\left\\{", "\\right\\}")] {
                let response = written(shuffled, brackets, &generator)
                let verdict = checker.check(gold: gold, response: response)
                #expect(verdict.correct, "\(gold) from \(response): \(verdict.reason)")
                #expect(checker.check(gold: response, response: gold).correct, "\(response) from \(gold)")
            }
            var more = entries(1, &generator)[0]
            more.value = Rational(99)
            more.text = "99"
            #expect(!checker.check(gold: gold, response: written(given + [more], ("{", "}"), &generator)).correct)
            let distinct = Set(given.map(\.value))
            if distinct.count > 1, let left = given.first?.value {
                #expect(!checker.check(gold: gold, response: written(given.filter { $0.value != left }, ("{", "}"), &generator)).correct)
            }
        }
    }

    @Test("the list that was read is shown in lowest terms", arguments: [
        ("(1, 2/4)", "(1, 0.5)"), ("{3, 1, 3}", "{1, 3}"), ("[0, \\infty)", "[0, infty)"),
        ("(x, 50%)", "(x, 50%)"), ("{(1,2),(0,1)}", "{(0, 1), (1, 2)}"),
    ])
    func shown(response: String, extracted: String) {
        let verdict = AnswerChecker(kind: .text).check(gold: "(8, 9)", response: response)
        #expect(verdict.extracted == extracted)
        #expect(verdict.reason == "\(extracted) is not (8, 9)")
    }

    @Test("texts are read as they were extracted", arguments: UInt64(0)..<6)
    func normalisedTexts(seed: UInt64) throws {
        var generator = Seed(seed).child("texts").generator
        let words = [
            "Paris", "the", "A", "red", "x>2", "3.5", "-4", "café", "don't", "well-known", "C#", "50%", "5'10",
            "Naïve", "2/3", "&", "日本", "π", "R&D", "“so”",
        ]
        let checker = AnswerChecker(kind: .text)
        for _ in 0..<60 {
            let gold = (0..<generator.integer(in: 1...4)).compactMap { _ in generator.element(of: words) }.joined(separator: " ")
            let verdict = checker.check(gold: gold, response: gold)
            guard verdict.correct else {
                // Only a text without letters, digits or signs is none.
                #expect(verdict.reason.contains("has no letters or digits"), "\(gold): \(verdict.reason)")
                continue
            }
            let shown = try #require(verdict.extracted)
            for response in [
                shown, gold.uppercased(), "  \(gold)  ", "**\(gold)**", "“\(gold)”", "Well.\n\(gold)",
            ] where gold.uppercased().lowercased() == gold.lowercased() {
                let again = checker.check(gold: gold, response: response)
                #expect(again.correct, "\(gold) from \(response): \(again.reason)")
            }
            #expect(!checker.check(gold: gold, response: gold + " zebra").correct)
            #expect(!checker.check(gold: gold, response: "zebra " + gold).correct)
        }
    }
}
