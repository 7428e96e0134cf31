import Foundation
import HoneCore
import HoneText
import Testing

/// Seconds of processor time that this thread has used: other work on the machine does not count.
func ownSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Reads the reference files that stand beside the test folders.
enum Reference {
    static func data(_ name: String, file: String = #filePath) throws -> Data {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: folder.appendingPathComponent("References").appendingPathComponent(name))
    }

    static func json(_ name: String) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: data(name)) }
}

@Suite("Answer checker")
struct AnswerCheckerTests {
    /// A template with its gold number and a different number filled in.
    private func filled(_ template: String, gold: Int, other: Int) -> String {
        func inDigits(from zero: UInt32) -> String {
            String(String.UnicodeScalarView(String(gold).unicodeScalars.compactMap { Unicode.Scalar(zero + $0.value - 48) }))
        }
        return template.replacingOccurrences(of: "{2g}", with: String(2 * gold)).replacingOccurrences(of: "{2d}", with: String(2 * other))
            .replacingOccurrences(of: "{g}", with: String(gold)).replacingOccurrences(of: "{d}", with: String(other))
            .replacingOccurrences(of: "{full}", with: inDigits(from: 0xFF10))
            .replacingOccurrences(of: "{arabic}", with: inDigits(from: 0x660))
            .replacingOccurrences(of: "{sup}", with: inDigits(from: 0x2080))
            .replacingOccurrences(of: "{bold}", with: inDigits(from: 0x1D7CE))
    }

    private func templates(_ name: String) throws -> [String] {
        try #require(Reference.json("text_answers.json")[name]?.elements).compactMap(\.text)
    }

    private func numbers(_ count: Int, seed: UInt64) -> [(gold: Int, other: Int)] {
        var generator = Seed(seed).generator
        return (0..<count).map { _ in
            let gold = generator.integer(in: 12...999)
            var other = generator.integer(in: 12...999)
            while other == gold || other == 2 * gold || gold == 2 * other { other = generator.integer(in: 12...999) }
            return (gold, other)
        }
    }

    @Test("every accepted form of a whole number is accepted, whatever the numbers")
    func acceptedForms() throws {
        let forms = try templates("accepted")
        #expect(forms.count >= 150)
        for (gold, other) in numbers(5, seed: 1) {
            for form in forms {
                let response = filled(form, gold: gold, other: other)
                let verdict = AnswerChecker().check(gold: String(gold), response: response)
                #expect(verdict.correct, "gold \(gold), response \(response.debugDescription): \(verdict.reason)")
            }
        }
    }

    @Test("no attack is accepted, whatever the numbers")
    func attacks() throws {
        let forms = try templates("attacks")
        #expect(forms.count >= 150)
        for (gold, other) in numbers(4, seed: 2) {
            for form in forms {
                let response = filled(form, gold: gold, other: other)
                let verdict = AnswerChecker().check(gold: String(gold), response: response)
                let shown = verdict.extracted ?? "nothing"
                #expect(!verdict.correct, "gold \(gold), response \(response.debugDescription) was accepted as \(shown)")
                #expect(!verdict.reason.isEmpty)
            }
        }
    }

    @Test("an attack stays an attack inside a box, after hashes and after “the answer is”")
    func markedAttacks() throws {
        let inner = [
            "{d} or {g}", "{d},{g} ", "{d}={g}", "x={d}={g}", "{g}%", "{g}00%", "±{g}", "{d}-{g}", "{g}^1", "{g}!!",
            "~{g}", "{g}k", "-{g}",
        ]
        for (gold, other) in numbers(5, seed: 3) {
            for form in inner {
                for mark in ["\\boxed{%}", "#### %", "The answer is %", "Answer: %", "so it is %"] {
                    let response = filled(mark.replacingOccurrences(of: "%", with: form), gold: gold, other: other)
                    if form == "{g}!!", !mark.contains("boxed") { continue }
                    if form == "{d},{g} ", (100...999).contains(gold) { continue }
                    #expect(!AnswerChecker().check(gold: String(gold), response: response).correct, "\(gold): \(response)")
                }
            }
        }
    }

    @Test("the listed cases of every kind are decided as listed")
    func listedCases() throws {
        for entry in try #require(Reference.json("text_answers.json")["cases"]?.elements) {
            let parts = try #require(entry.elements)
            let kind = try #require(AnswerChecker.Kind(rawValue: parts[0].text ?? ""))
            let gold = parts[1].text ?? ""
            let response = parts[2].text ?? ""
            let verdict = AnswerChecker(kind: kind).check(gold: gold, response: response)
            #expect(.bool(verdict.correct) == parts[3], "\(kind), gold \(gold), response \(response.debugDescription): \(verdict.reason)")
        }
    }

    @Test("an answer that stands only in the echoed question does not count")
    func echoes() throws {
        for entry in try #require(Reference.json("text_answers.json")["echoes"]?.elements) {
            let parts = try #require(entry.elements).map { $0.text ?? "" }
            let wanted = try #require(entry.elements)[3]
            let verdict = AnswerChecker().check(gold: parts[1], response: parts[2], problem: parts[0])
            #expect(.bool(verdict.correct) == wanted, "problem \(parts[0]), response \(parts[2]): \(verdict.reason)")
        }
    }

    @Test("equality of exact fractions is symmetric and holds for every spelling of the same value")
    func spellings() {
        var generator = Seed(4).generator
        for _ in 0..<300 {
            let above = generator.integer(in: -500...500)
            let below = [1, 2, 4, 5, 8, 10, 20, 25][generator.integer(in: 0...7)]
            guard let value = Rational("\(above)/\(below)"), let decimal = value.decimal else {
                Issue.record("\(above)/\(below) has a finite decimal")
                continue
            }
            let fraction = "\(3 * above)/\(3 * below)"
            for (gold, response) in [(decimal, fraction), (fraction, decimal), (decimal, decimal)] {
                let verdict = AnswerChecker().check(gold: gold, response: response)
                #expect(verdict.correct, "\(gold) and \(response): \(verdict.reason)")
            }
            #expect(!AnswerChecker().check(gold: decimal, response: "\(above + 1)/\(below)").correct)
        }
    }

    @Test("no hostile response of 100,000 characters hangs the checker")
    func hostileLengths() {
        // A guard against work that grows with the square of the length, which would take minutes; not a measure of speed.
        #if DEBUG
            let (limit, share) = (20.0, 5)
        #else
            let (limit, share) = (5.0, 1)
        #endif
        let deep = String(repeating: "(", count: 50_000 / share) + "42" + String(repeating: ")", count: 49_000 / share)
        let hostile = [
            deep, "\\boxed{" + String(repeating: "{", count: 90_000 / share), String(repeating: "\\boxed{", count: 14_000 / share),
            String(repeating: "answer: ", count: 12_000 / share), String(repeating: "####", count: 25_000 / share),
            String(repeating: "#### a", count: 16_000 / share),
            String(repeating: "9^", count: 50_000 / share) + "9", String(repeating: "=", count: 100_000 / share),
            String(repeating: "1=", count: 50_000 / share),
            String(repeating: "1 ", count: 50_000 / share), String(repeating: "1. ", count: 33_000 / share),
            String(repeating: "1\n", count: 50_000 / share),
            String(repeating: "<think>", count: 14_000 / share), String(repeating: "<", count: 100_000 / share),
            String(repeating: "A ", count: 50_000 / share),
            String(repeating: "\\frac{", count: 16_000 / share), String(repeating: "*", count: 100_000 / share),
            String(repeating: " ", count: 99_999 / share) + "A",
            String(repeating: "9", count: 100_000 / share), String(repeating: "1,000,", count: 16_000 / share),
            String(repeating: "i don't i can ", count: 7_000 / share),
            String(repeating: "-", count: 99_999 / share) + "1", String(repeating: "answer is ", count: 9_000 / share) + "42",
            String(repeating: "a b ", count: 25_000 / share), String(repeating: "1.e5", count: 25_000 / share),
            String(repeating: "é", count: 50_000 / share),
        ].flatMap { [$0, String($0.prefix(39_000))] }
        let problem = String(repeating: "a b ", count: 5_000) + "c"
        for response in hostile {
            for kind in AnswerChecker.Kind.allCases where kind == .number || response.utf8.count % 2 == 0 {
                let checker = AnswerChecker(kind: kind)
                let began = ownSeconds()
                _ = checker.check(gold: "42", response: response, problem: problem)
                #expect(ownSeconds() - began < limit, "\(kind): \(response.prefix(20))…")
            }
        }
    }

    @Test("a response beyond the length limit is refused with its length")
    func lengthLimit() {
        let verdict = AnswerChecker(limit: 10).check(gold: "42", response: "          42")
        #expect(!verdict.correct)
        #expect(verdict.reason.contains("12"))
        let rambling = String(repeating: "a ", count: 30_000) + "42"
        #expect(!AnswerChecker().check(gold: "42", response: rambling).correct)
        #expect(AnswerChecker().check(gold: "42", response: "<think>\(rambling)</think>42").correct)
    }

    @Test("many threads get the verdicts that one thread gets")
    func threads() async throws {
        let forms = try templates("attacks") + templates("accepted")
        let responses = forms.map { filled($0, gold: 42, other: 57) }
        let checker = AnswerChecker()
        let expected = responses.map { checker.check(gold: "42", response: $0) }
        await withTaskGroup(of: [AnswerVerdict].self) { group in
            for _ in 0..<8 { group.addTask { responses.map { checker.check(gold: "42", response: $0) } } }
            for await verdicts in group { #expect(verdicts == expected) }
        }
    }

    @Test("the verdict names what was extracted and why")
    func reasons() {
        let right = AnswerChecker().check(gold: "3/4", response: "so \\boxed{6/8}")
        #expect(right.extracted == "0.75")
        let wrong = AnswerChecker().check(gold: "42", response: "The answer is 41.")
        #expect(wrong.extracted == "41")
        #expect(wrong.reason == "41 is not 42")
        #expect(AnswerChecker().check(gold: "42", response: "41 or 42").extracted == nil)
    }
}
