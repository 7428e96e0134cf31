import HoneCore
import HoneWorlds
import Testing

@Suite("Lines with problems")
struct ProblemRowTests {
    private static func row(_ line: String) throws -> ProblemRow { try ProblemRow(try JSONValue(parsing: line)) }

    @Test("are read in the forms of the field", arguments: [
        ("{\"question\": \"2+2?\", \"answer\": \"It is <<2+2=4>>4.\\n#### 4\"}", "2+2?", "4", "It is <<2+2=4>>4.\n#### 4"),
        ("{\"question\": \"2+2?\", \"answer\": \"4\"}", "2+2?", "4", nil),
        ("{\"prompt\": \"2+2?\", \"answer\": \"4\"}", "2+2?", "4", nil),
        ("{\"problem\": \"x?\", \"solution\": \"So \\\\boxed{1} or \\\\boxed{\\\\frac{1}{2}}.\", \"level\": \"Level 1\"}", "x?", "\\frac{1}{2}",
         "So \\boxed{1} or \\boxed{\\frac{1}{2}}."),
        ("{\"problem\": \"x?\", \"solution\": \"work\", \"answer\": \"7\"}", "x?", "7", "work"),
        ("{\"problem\": \"x?\", \"steps\": [\"a\", \"b\"], \"label\": 1}", "x?", "1", "a\nb"),
        ("{\"prompt\": \"p\", \"completion\": \"done \\\\boxed{3}\"}", "p", "3", "done \\boxed{3}"),
        ("{\"prompt\": \"p\", \"chosen\": \"good\", \"rejected\": \"bad\"}", "p", "good", "good"),
        ("{\"prompt\": [{\"role\": \"user\", \"content\": \"hi\"}], \"completion\": [{\"role\": \"assistant\", \"content\": \"ho\"}]}", "hi", "ho", "ho"),
        ("{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"assistant\", \"content\": \"#### 9\"}]}", "hi", "9", "#### 9"),
    ] as [(String, String, String, String?)])
    func forms(line: String, question: String, answer: String, solution: String?) throws {
        let row = try Self.row(line)
        #expect(row.question == question && row.answer == answer && row.solution == solution)
    }

    @Test("keep what else a form says")
    func details() throws {
        #expect(try Self.row("{\"problem\": \"x\", \"steps\": [\"a\"], \"label\": -1, \"generator\": \"g\"}").details == ["faultyStep": "-1", "generator": "g"])
        #expect(try Self.row("{\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\"}").details == ["rejected": "r"])
    }

    @Test("that lack something are refused with what it is", arguments: [
        ("[]", "object"), ("{}", "missing"), ("{\"question\": \"q\"}", "answer"), ("{\"problem\": \"p\", \"solution\": \"no box\"}", "boxed"),
        ("{\"problem\": \"p\", \"steps\": [\"a\"], \"label\": 1}", "label"), ("{\"problem\": \"p\", \"steps\": [1], \"label\": 0}", "steps"),
        ("{\"question\": 3, \"answer\": \"4\"}", "question"), ("{\"question\": \"q\", \"answer\": \"<<1+1=2>>2\"}", "####"),
        ("{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}", "missing"),
    ])
    func refusals(line: String, word: String) throws {
        let error = #expect(throws: CoreError.self) { try Self.row(line) }
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }

    @Test("a box that never closes holds nothing")
    func boxes() {
        #expect(ProblemRow.boxed(in: "\\boxed{1") == nil && ProblemRow.boxed(in: "none") == nil && ProblemRow.boxed(in: "") == nil)
        #expect(ProblemRow.boxed(in: "\\boxed{a{b}c} tail") == "a{b}c")
    }
}
