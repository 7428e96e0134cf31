import HoneCore
import HoneStore
import Testing

@Suite("Data sets of what was played")
struct DatasetExportTests {
    private static func group(_ answers: [(String, Double)]) -> EpisodeGroup {
        let problem = Problem(id: "1+1", world: "arithmetic", text: "1+1=")
        let episodes = answers.enumerated().map { index, answer in
            let segment = Segment(origin: .model("policy", update: 0), author: .solver, content: .tokens([5, 6], text: answer.0), samplerLogProbs: [-0.5, -1])
            let step = Step(role: .solver, context: [.text("1+1=", from: .prompt)], move: Move(segments: [segment]))
            return Episode(id: EpisodeID("e\(index)"), steps: [step], returns: [.solver: answer.1], ending: .completed)
        }
        return EpisodeGroup(assignment: Assignment(problem: problem), episodes: episodes)
    }

    private static func lines(_ form: DatasetForm, _ answers: [(String, Double)]) -> [String] {
        var export = DatasetExport(form) { response, _ in response.split(separator: ",").map { StepCheck(text: String($0), isCorrect: $0 == "2") } }
        return export.lines(of: [group(answers)], iteration: 3)
    }

    private static let answers = [("2", 1.0), ("3,2", 0.0), ("2", 1.0)]

    @Test("have TRL's columns", arguments: [
        (DatasetForm.sft, ["{\"completion\":\"2\",\"prompt\":\"1+1=\"}"]),
        (.preference, ["{\"chosen\":\"2\",\"prompt\":\"1+1=\",\"rejected\":\"3,2\"}"]),
        (.unpaired, [
            "{\"completion\":\"2\",\"label\":true,\"prompt\":\"1+1=\"}", "{\"completion\":\"3,2\",\"label\":false,\"prompt\":\"1+1=\"}",
            "{\"completion\":\"2\",\"label\":true,\"prompt\":\"1+1=\"}",
        ]),
        (.stepwise, [
            "{\"completions\":[\"2\"],\"labels\":[true],\"prompt\":\"1+1=\"}",
            "{\"completions\":[\"3\",\"2\"],\"labels\":[false,true],\"prompt\":\"1+1=\"}",
            "{\"completions\":[\"2\"],\"labels\":[true],\"prompt\":\"1+1=\"}",
        ]),
    ])
    func columns(form: DatasetForm, expected: [String]) { #expect(Self.lines(form, Self.answers) == expected) }

    @Test("a pair needs two answers of different worth")
    func pairs() {
        #expect(Self.lines(.preference, [("2", 1), ("4", 1)]).isEmpty)
        #expect(Self.lines(.preference, [("2", 0)]).isEmpty)
    }

    @Test("tables quote what would break a row, and lines keep tokens and log-probabilities")
    func tables() throws {
        #expect(Self.lines(.csv, [("a,\"b\"\nc", 0.5)]) == ["3,1+1,0,1+1=,\"a,\"\"b\"\"\nc\",0.5,2,completed"])
        #expect(DatasetExport(.csv).heading == "iteration,problem,sample,prompt,response,reward,tokens,ending")
        let line = try JSONValue(parsing: try #require(Self.lines(.jsonl, [("2", 1)]).first))
        #expect(line["tokens"] == .array([.integer(5), .integer(6)]) && line["iteration"] == .integer(3))
        #expect(line["logProbs"] == .array([.number(-0.5), .integer(-1)]) || line["logProbs"] == .array([.number(-0.5), .number(-1)]))
    }
}
