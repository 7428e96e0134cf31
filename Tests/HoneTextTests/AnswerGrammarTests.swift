import HoneCore
import HoneText
import Testing

@Suite("Answers grown from a grammar")
struct AnswerGrammarTests {
    private let checker = AnswerChecker()

    @Test("every number that the grammar writes is read as its value, in every frame, and as no other", arguments: UInt64(0)..<12)
    func values(seed: UInt64) {
        var generator = Seed(seed).child("grammar").generator
        for _ in 0..<40 {
            let number = WrittenNumber.random(&generator)
            let frame = generator.element(of: WrittenNumber.frames) ?? "#"
            let response = number.framed(frame)
            let verdict = checker.check(gold: number.gold, response: response)
            #expect(verdict.correct, "\(number.gold) in \(response.debugDescription): \(verdict.reason)")
            let others = [number.value + 1, -number.value, number.value * 10, number.value * 2, number.value - 1, number.value * 1000]
            for other in others where other != number.value {
                #expect(!checker.check(gold: other.description, response: response).correct, "\(other) from \(response.debugDescription)")
            }
            if !number.isPercent, !number.value.isWhole {
                #expect(checker.check(gold: "\((number.value * 100).description)%", response: response).correct, "\(response)")
            }
            if !number.isPercent, number.value.isWhole {
                #expect(!checker.check(gold: "\(number.value)%", response: response).correct)
                #expect(!checker.check(gold: "\((number.value * 100).description)%", response: response).correct)
            }
        }
    }

    @Test("what was extracted is itself an answer of the same value", arguments: UInt64(0)..<6)
    func extraction(seed: UInt64) throws {
        var generator = Seed(seed).child("extraction").generator
        for _ in 0..<60 {
            let number = WrittenNumber.random(&generator)
            let verdict = checker.check(gold: "123456789123", response: number.text)
            let shown = try #require(verdict.extracted, "\(number.text): \(verdict.reason)")
            #expect(verdict.reason == "\(shown) is not 123456789123")
            for response in [shown, "The answer is \(shown).", "\\boxed{\(shown)}", "#### \(shown)", number.text] {
                for gold in [number.gold, shown, number.text] {
                    let again = checker.check(gold: gold, response: response)
                    #expect(again.correct, "\(gold) from \(response): \(again.reason)")
                    #expect(again.extracted == shown)
                }
            }
        }
    }

    /// Changes of a response that do not change what it says.
    private static let harmless: [(name: String, change: @Sendable (String) -> String)] = [
        ("white space around", { "\n \t" + $0 + " \n\n" }), ("Windows line ends", { $0.replacing("\n", with: "\r\n") }),
        ("no-break spaces", { $0.replacing(" ", with: "\u{A0}") }), ("a thought before", { "<think>Is it 5? \\boxed{6}</think>\n" + $0 }),
        ("a thought behind", { $0 + "\n<thinking>Wait, 5!</thinking>" }), ("an opening", { "Let us think step by step.\n" + $0 }),
        ("a closing", { $0 + "\nThank you for asking" }), ("an annotation", { $0 + "\n<<2+3=5>>" }),
        ("a thought that is cut off", { $0 + "\n<think>or is it 5" }),
        ("a thought whose beginning is lost", { "5, I think\n#### 6\n</think>" + $0 }),
    ]

    @Test("white space, thoughts, annotations and politeness change no verdict", arguments: 0..<harmless.count)
    func invariance(number: Int) {
        let (name, change) = Self.harmless[number]
        var generator = Seed(5).child("invariance", number).generator
        for _ in 0..<60 {
            let written = WrittenNumber.random(&generator)
            let response = written.framed(generator.element(of: WrittenNumber.frames) ?? "#")
            for gold in [written.gold, (written.value + 1).description] {
                let before = checker.check(gold: gold, response: response)
                let after = checker.check(gold: gold, response: change(response))
                #expect(after.correct == before.correct, "\(name), gold \(gold): \(response.debugDescription): \(after.reason)")
                #expect(after.extracted == before.extracted, "\(name): \(response.debugDescription)")
            }
        }
    }

    @Test("harmless changes make no attack succeed", arguments: 0..<harmless.count)
    func attacksStay(number: Int) {
        let (name, change) = Self.harmless[number]
        // In a thought that is closed or opened within the attack, what is added becomes visible or hides the attack.
        for (family, form) in Attack.forms where !form.contains("think>") {
            let response = change(Attack.filled(form, gold: 42, other: 41))
            #expect(!checker.check(gold: "42", response: response).correct, "\(name), \(family): \(response.debugDescription)")
        }
    }

    @Test("no response is right for two different numbers", arguments: UInt64(0)..<10)
    func uniqueness(seed: UInt64) {
        var generator = Seed(seed).child("unique").generator
        let parts = [
            "42", "7", "0", "1", "12", "100", ".5", "%", "$", "-", "+", "=", " = ", "/", "*", "(", ")", ",", " ",
            " ", "\n", ". ", "x", "\\boxed{", "}", "#### ",
            "answer is ", "Answer: ", "and ", "or ", "half ", "not ", "\\frac{1}{2}", "^2", " apples", "<think>",
            "</think>", "\\text{", "½", "e3", " million", ":", "?", "!",
        ]
        let golds = [
            "42", "7", "0", "1", "12", "100", "0.5", "1/2", "42%", "-42", "-7", "6", "49", "294", "4.2", "427",
            "50%", "7/12", "1764", "54", "1000",
        ]
        for _ in 0..<120 {
            let response = (0..<generator.integer(in: 1...9)).compactMap { _ in generator.element(of: parts) }.joined()
            var accepted: Set<Rational> = []
            for gold in golds {
                let verdict = checker.check(gold: gold, response: response)
                #expect(!verdict.reason.isEmpty)
                guard verdict.correct else { continue }
                #expect(verdict.extracted != nil, "\(response.debugDescription)")
                let share = gold.hasSuffix("%") ? Rational(gold.dropLast()).flatMap { $0.divided(by: 100) } : Rational(gold)
                if let share { accepted.insert(share) }
            }
            #expect(accepted.count <= 1, "\(response.debugDescription) is right for \(accepted.map(\.description).sorted())")
        }
    }

    @Test("a response with two different grown numbers, joined by any word or sign, gives neither", arguments: [
        " or ", " and ", ", ", "; ", " / ", " | ", " to ", " vs ", "\n", ". ", ".\n", " (or ", " maybe ", " = ",
        "\\quad ", " – ", " but not ",
    ])
    func pairs(link: String) {
        var generator = Seed(9).child(link).generator
        for _ in 0..<40 {
            // Whole numbers of two digits: “3, 500” or “1 / 2” could be one number.
            let first = generator.integer(in: 11...99)
            let second = (first + generator.integer(in: 1...80)) % 89 + 11
            guard first != second else { continue }
            let response = "\(first)\(link)\(second)"
            for gold in [first, second] {
                let verdict = checker.check(gold: "\(gold)", response: response)
                #expect(!verdict.correct, "\(response.debugDescription): \(verdict.reason)")
            }
        }
    }

    @Test("characters of all planes give a verdict with a reason, the same each time, for every kind", arguments: UInt64(0)..<6)
    func noise(seed: UInt64) {
        var generator = Seed(seed).child("noise").generator
        let marks = Array("\\{}$#<>=/^_.,:;?!*`~%&|()[]-+'\"\n 0123456789aAbBnN".unicodeScalars)
        func text() -> String {
            var view = String.UnicodeScalarView()
            for _ in 0..<generator.integer(in: 0...25) {
                let isMark = generator.chance(0.7)
                let plane = [0x7F, 0x3FF, 0x2FFF, 0xFFFF, 0x10FFFF][generator.integer(in: 0...4)]
                let scalar = isMark ? generator.element(of: marks) : Unicode.Scalar(UInt32(generator.integer(in: 0...plane)))
                if let scalar { view.append(scalar) }
            }
            return String(view)
        }
        for _ in 0..<120 {
            let (gold, response, problem) = (text(), text(), text())
            for kind in AnswerChecker.Kind.allCases {
                let verdict = AnswerChecker(kind: kind).check(gold: gold, response: response, problem: problem)
                #expect(!verdict.reason.isEmpty)
                #expect(verdict == AnswerChecker(kind: kind).check(gold: gold, response: response, problem: problem))
                // What was extracted is part of the evidence, not a copy of the response.
                #expect((verdict.extracted ?? "").unicodeScalars.count <= 200)
            }
        }
    }

    @Test("verdicts are stored with these names", arguments: [true, false])
    func stored(isRead: Bool) throws {
        let verdict = checker.check(gold: "42", response: isRead ? "42" : "none")
        let json = try JSONValue(encoding: verdict)
        #expect(try json.decode(AnswerVerdict.self) == verdict)
        #expect(json["correct"] == .bool(isRead) && json["reason"]?.text == verdict.reason)
        #expect(json["extracted"]?.text == (isRead ? "42" : nil))
        #expect(AnswerVerdict(correct: true, extracted: nil, reason: "x") != verdict)
        for kind in AnswerChecker.Kind.allCases { #expect(try JSONValue(encoding: kind).decode(AnswerChecker.Kind.self) == kind) }
    }
}
