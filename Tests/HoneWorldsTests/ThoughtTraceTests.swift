import HoneCore
import HoneText
import HoneWorlds
import Testing

@Suite("Thoughts before an answer")
struct ThoughtTraceTests {
    @Test("each kind of step is told by its form", arguments: [
        ("3*2=6", "calculation"), ("-4+9=5", "calculation"), ("3*2+7=13", "calculation"), ("?12=13 no", "check"), ("?11-8=3 ok", "check"),
        ("?12=13", "unknown"), ("?12=13 yes", "unknown"), ("?=13 ok", "unknown"), ("back", "back"), ("back ", "unknown"), ("aim 6", "aim"),
        ("aim -6", "aim"), ("aim", "unknown"), ("aim x", "unknown"), ("<13-7=6", "backward"), ("<u+7", "backward"), ("<v*12", "backward"),
        ("<U+7", "unknown"), ("<u7", "unknown"), ("<u+", "unknown"), ("<", "unknown"), ("3+=6", "unknown"), ("3+4", "unknown"),
        ("1=1=1", "unknown"), ("so it is 6", "unknown"),
    ])
    func kinds(text: String, kind: String) throws {
        let step = try #require(ThoughtTrace(text + "|1").steps.first)
        #expect(step.text == text)
        let found =
            switch step.kind {
            case .calculation: "calculation"
            case .check: "check"
            case .back: "back"
            case .aim: "aim"
            case .backward: "backward"
            case .unknown: "unknown"
            }
        #expect(found == kind)
    }

    @Test("what stands behind the one bar is the answer", arguments: [
        ("3+8=11|11", "11", 1), ("|11", "11", 0), ("11", "11", 1), ("....|11", "11", 0), ("3+8=11|", "", 1), ("", "", 0),
        ("3+8=11;;back|x", "x", 2), ("3+8=11\nback|x", "x", 2),
    ])
    func answers(text: String, answer: String, steps: Int) {
        let trace = ThoughtTrace(text)
        #expect(trace.answer == answer)
        #expect(trace.steps.count == steps)
        #expect(trace.hasBar == text.contains("|"))
    }

    @Test("two bars leave no answer, so that nobody can offer several", arguments: ["3+8=11|11|12", "||", "1|2|3|4"])
    func severalAnswers(text: String) {
        #expect(ThoughtTrace(text).answer == nil)
    }

    @Test("the counter counts each habit in any text of the format", arguments: [
        ("3+8=11|11", [0, 0, 0, 0]), ("3+8=12;?12-8=3 no;back;3+8=11;?11-8=3 ok|11", [2, 1, 0, 0]),
        ("<u-5;<v+8;aim 10;3+7=10;10+1=11;11-5=6|6", [0, 0, 1, 2]), ("back;back;back", [0, 3, 0, 0]), ("?1=2 ok;?1=2 no", [2, 0, 0, 0]),
        ("|back;aim 6", [0, 0, 0, 0]), ("aim 6;aim 7;aim x;<13-7=6;<13-7|1", [0, 0, 2, 1]), ("?? no;<<=;aimless;backwards|2", [0, 0, 0, 0]),
        ("", [0, 0, 0, 0]),
    ])
    func counts(text: String, expected: [Int]) {
        let counts = HabitCounts(in: text)
        #expect([counts[.verification], counts[.backtracking], counts[.subgoals], counts[.backward]] == expected)
    }

    @Test("steps are checked by exact arithmetic, and reasons say what is so", arguments: [
        ("3+8=11|11", [""]), ("3+8=12|12", ["3+8 is 11, not 12"]), ("3+8=12;11-5=6", ["3+8 is 11, not 12", ""]),
        ("?12=13 no;?13=13 ok", ["", ""]), ("?12=13 ok;?13=13 no", ["12 is not 13", "13 is 13"]), ("<13-7=6;<13-7=5", ["", "13-7 is 6, not 5"]),
        ("aim 6;3*2=6", ["", ""]), ("aim 6;3*2=5", ["6 is never made", "3*2 is 6, not 5"]), ("3*2=6;aim 6", ["", "6 is never made"]),
        ("1/3*3=1;1/3=0.3", ["", "1/3 is 1/3, not 0.3"]), ("hm|1", ["“hm” is not a step"]), ("7/0=1", ["“7/0=1” is not a step"]),
        ("<u+7;back", ["", ""]),
    ])
    func checks(text: String, reasons: [String]) {
        let checks = ThoughtTrace(text).checks
        #expect(checks.map(\.reason) == reasons)
        #expect(checks.map(\.isCorrect) == reasons.map(\.isEmpty))
    }

    @Test("only the last calculation before a step back need not hold", arguments: [
        ("3+8=12;back;3+8=11", [true, true, true]), ("3+8=12;?12-8=3 no;back", [true, true, true]),
        ("3+8=12;?12-8=3 ok;back", [true, false, true]), ("3+8=12;12-5=7;back", [false, true, true]), ("3+8=12;aim 7;back", [false, false, true]),
        ("3+8=12;11-5=7;back", [false, true, true]), ("back;3+8=12", [true, false]),
    ])
    func dropped(text: String, expected: [Bool]) {
        #expect(ThoughtTrace(text).checks.map(\.isCorrect) == expected)
    }
}
