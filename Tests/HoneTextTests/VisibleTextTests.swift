import HoneCore
import HoneText
import Testing

@Suite("What a reader sees of a response")
struct VisibleTextTests {
    private let names = ["think", "thinking", "thought", "reasoning", "scratchpad", "THINK", "Thinking"]

    /// Text with thoughts in it, nested up to a depth; the visible parts come from `seen`, the hidden ones from `hidden`.
    private func grown(_ seen: String, hidden: [String], depth: Int, _ generator: inout SeededGenerator) -> String {
        func thought(_ depth: Int) -> String {
            let name = generator.element(of: names) ?? "think"
            let inner = (0..<generator.integer(in: 0...3)).map { _ in
                depth > 0 && generator.chance(0.4) ? thought(depth - 1) : (generator.element(of: hidden) ?? "")
            }
            return "<\(name)>" + inner.joined(separator: "\n") + "</\(generator.element(of: names) ?? "think")>"
        }
        let before = (0..<generator.integer(in: 0...2)).map { _ in thought(depth) }.joined()
        let after = (0..<generator.integer(in: 0...2)).map { _ in thought(depth) }.joined()
        return before + seen + after
    }

    @Test("thoughts neither give nor spoil an answer, however they are nested and named", arguments: UInt64(0)..<8)
    func thoughts(seed: UInt64) {
        var generator = Seed(seed).child("thoughts").generator
        for _ in 0..<40 {
            let wrong = ["\\boxed{41}", "The answer is 41.", "#### 41", "41", "I cannot.", "<", "</", "think>", "Wait, no"]
            let right = grown("\nSo it is 42.\n", hidden: wrong, depth: 3, &generator)
            let verdict = AnswerChecker().check(gold: "42", response: right)
            #expect(verdict.correct, "\(right.debugDescription): \(verdict.reason)")
            let other = grown("\nSo it is 41.\n", hidden: wrong.map { $0.replacing("41", with: "42") }, depth: 3, &generator)
            #expect(AnswerChecker().check(gold: "42", response: other).extracted == "41", "\(other.debugDescription)")
            let nothing = grown("\n", hidden: ["42", "\\boxed{42}"], depth: 2, &generator)
            let empty = AnswerChecker().check(gold: "42", response: nothing)
            #expect(empty.reason == "the response is empty but for thoughts and the question", "\(nothing.debugDescription)")
        }
    }

    @Test("a question that is repeated gives no answer, whatever its case and spaces; an answer behind it counts", arguments: UInt64(0)..<8)
    func echoes(seed: UInt64) {
        var generator = Seed(seed).child("echo").generator
        let people = ["Ann", "Bob", "Mary", "the farmer"]
        let things = ["apples", "books", "red pens", "eggs"]
        for _ in 0..<30 {
            let (a, b) = (generator.integer(in: 12...99), generator.integer(in: 100...999))
            let (who, what) = (generator.element(of: people) ?? "", generator.element(of: things) ?? "")
            let problem = "\(who) has \(a) \(what) and buys \(b) more \(what). How many \(what) does \(who) have now?"
            let changed = problem.map { letter in
                guard generator.chance(0.2) else { return String(letter) }
                return letter == " " ? generator.element(of: ["  ", "\n", "\t"]) ?? " " : letter.uppercased()
            }.joined()
            for gold in [a, b] {
                for response in [problem, changed, "Question: \(changed)", changed + "\n" + problem, "<think>hm</think>" + changed] {
                    let verdict = AnswerChecker().check(gold: "\(gold)", response: response, problem: problem)
                    #expect(!verdict.correct, "\(response.debugDescription)")
                }
            }
            for frame in ["The answer is #.", "#### #", "\\boxed{#}", "\(who) has # \(what) now.", "#"] {
                for total in [a + b, a, b] {
                    let response = changed + "\n" + (frame == "#### #" ? "#### \(total)" : frame.replacing("#", with: "\(total)"))
                    let verdict = AnswerChecker().check(gold: "\(total)", response: response, problem: problem)
                    #expect(verdict.correct, "\(response.debugDescription): \(verdict.reason)")
                }
            }
        }
    }

    @Test("a comment refuses a response, seen or unclosed; one within a thought does not", arguments: [
        ("<!-- 41 -->42", false), ("42<!--", false), ("4<!-- -->2", false), ("<think><!-- 41 --></think>42", true),
        ("<! 41 >42", false), ("42 <!- x", false),
    ])
    func comments(response: String, isAccepted: Bool) {
        #expect(AnswerChecker().check(gold: "42", response: response).correct == isAccepted)
    }

    @Test("the length is counted in bytes as written, and in characters outside thoughts", arguments: [
        (10, "4222222222", nil), (9, "4222222222", "the response has 10 bytes; at most 9 are read"),
        (4, "42é", nil), (3, "42é", "the response has 4 bytes; at most 3 are read"),
        (0, "", "the response is empty but for thoughts and the question"), (0, "4", "the response has 1 bytes; at most 0 are read"),
    ])
    func lengths(limit: Int, response: String, sentence: String?) {
        let reason = AnswerChecker(limit: limit).check(gold: "7", response: response).reason
        if let sentence { #expect(reason == sentence) } else { #expect(!reason.contains("bytes")) }
    }

    @Test("the limit on visible characters is exact, and thoughts do not count")
    func visibleLimit() {
        let most = AnswerChecker.longestVisible
        let text = String(repeating: "a ", count: most / 2 - 1) + "42"
        #expect(AnswerChecker().check(gold: "42", response: String(repeating: "\n", count: most - 2) + "42").correct)
        let tooLong = "the response has \(most + 2) characters outside think tags; at most \(most) are read"
        #expect(AnswerChecker().check(gold: "42", response: text + " x").reason == tooLong)
        #expect(AnswerChecker().check(gold: "42", response: "<think>\(text)</think>" + "42").correct)
    }
}
