import HoneCore
import HoneJudges
import HoneText
import HoneWorlds
import Testing

/// The port of a judge that finds the catalogue's worlds with default settings.
private func port(_ judge: String) throws -> JudgePort {
    try JudgePort(judge) { name, settings in
        let entry = try WorldCatalog.entry(name)
        let changes = try SettingsOverlay(defaults: entry.defaults).resolve(
            [settings["worldSettings"]].compactMap { $0 }.map { SettingsOverlay.Entry(path: [], value: $0, place: "settings.worldSettings") })
        return try entry.make(changes)
    }
}

private func answer(_ judge: String, _ line: String) async throws -> String {
    try await port(judge).answer(try JSONValue(parsing: line)).canonical
}

/// The sentence with which a line is refused.
private func refusal(_ judge: String, _ line: String) async -> String {
    do { return "accepted: " + (try await answer(judge, line)) } catch { return "\(error)" }
}

@Suite("Judges over a pipe")
struct JudgePortTests {
    @Test("the answer judge says of each response whether it is right, and why", arguments: [
        (#"{"problem": {"prompt": "6*7?", "answer": "42"}, "responses": ["it is 42.", "41", ""]}"#, [1.0, 0, 0]),
        (#"{"problem": {"prompt": "6*7?", "answer": 42}, "responses": ["so #### 42"]}"#, [1]),
        (#"{"problem": "6*7?", "gold": "42", "responses": ["42", "41=42"]}"#, [1, 0]),
        (#"{"problem": {"question": "q", "answer": "1/2"}, "responses": ["0.5", "50%"]}"#, [1, 1]),
        (#"{"problem": {"prompt": "q", "answer": "B"}, "responses": ["(B)", "A"], "settings": {"kind": "choice"}}"#, [1, 0]),
        (#"{"problem": {"prompt": "q", "answer": "2"}, "responses": []}"#, []),
        (#"{"problem": {"prompt": "q", "answer": "2"}, "episodes": ["2", {"response": "3"}, {"steps": [{"text": "2"}]}]}"#, [1, 0, 1]),
    ])
    func answers(line: String, values: [Double]) async throws {
        let verdicts = try #require(try await port("answer").answer(try JSONValue(parsing: line))["verdicts"]?.elements)
        #expect(verdicts.compactMap { $0["value"]?.double } == values)
        for (index, verdict) in verdicts.enumerated() {
            #expect(verdict["on"]?.text == "episode \(index)")
            #expect(verdict["kind"]?.text == "correct")
            #expect(verdict["critique"]?.text?.isEmpty == false)
            #expect(verdict["confidence"] == nil)
        }
    }

    @Test("the step verifier counts the steps of each answer from 0")
    func steps() async throws {
        let line = #"{"problem": {"prompt": "3+8-5+7=", "world": "arithmetic"}, "responses": ["11,6,13", "11,7,14"]}"#
        let expected = [
            #"{"kind":"step","on":"step 0.0","value":1}"#, #"{"kind":"step","on":"step 0.1","value":1}"#, #"{"kind":"step","on":"step 0.2","value":1}"#,
            #"{"kind":"step","on":"step 1.0","value":1}"#, #"{"critique":"11-5 is 6, not 7","kind":"step","on":"step 1.1","value":0}"#,
            #"{"kind":"step","on":"step 1.2","value":1}"#,
        ]
        #expect(try await answer("step-verifier", line) == #"{"verdicts":["# + expected.joined(separator: ",") + "]}")
    }

    @Test("the world is named in the problem or in the settings, with settings of its own", arguments: [
        (#"{"problem": {"prompt": "3 7 2:13=", "world": "countdown"}, "responses": ["3*2+7", "7+6", "7*2-1"]}"#, [1.0, 0, 0]),
        (#"{"problem": "3 7 2:13=", "settings": {"world": "countdown"}, "responses": ["3*2+7"]}"#, [1]),
        (#"{"problem": "3 7 2:10=", "settings": {"world": "countdown"}, "responses": ["3+7"]}"#, [0]),
        (#"{"problem": "3 7 2:10=", "settings": {"world": "countdown", "worldSettings": {"usesAll": false}}, "responses": ["3+7"]}"#, [1]),
        (#"{"problem": {"prompt": "3+8=", "world": "arithmetic"}, "responses": ["11", "12", "11,11"]}"#, [1, 0, 0]),
        (#"{"problem": {"prompt": "a\n", "answer": "7", "world": "word-problems"}, "responses": ["3+4=<<3+4=7>>7\n  #### 7", "8"]}"#, [1, 0]),
    ])
    func worldReturns(line: String, values: [Double]) async throws {
        let verdicts = try #require(try await port("world-returns").answer(try JSONValue(parsing: line))["verdicts"]?.elements)
        #expect(verdicts.compactMap { $0["value"]?.double } == values)
        #expect(verdicts.map { $0["on"]?.text } == values.indices.map { "episode \($0)" })
        #expect(verdicts.allSatisfy { $0["kind"]?.text == "return" })
    }

    @Test("given returns replace those of the world; several roles are told apart")
    func givenReturns() async throws {
        let problem = #""problem": {"prompt": "3+8=", "world": "arithmetic"}"#
        let one = "{\(problem), \"episodes\": [{\"response\": \"11\", \"returns\": 0.25}, {\"response\": \"12\", \"returns\": {\"solver\": -1}}]}"
        #expect(
            try await answer("world-returns", one)
                == #"{"verdicts":[{"kind":"return","on":"episode 0","value":0.25},{"kind":"return","on":"episode 1","value":-1}]}"#)
        let two = "{\(problem), \"episodes\": [{\"response\": \"11\", \"returns\": {\"solver\": 1, \"critic\": 0}}]}"
        #expect(
            try await answer("world-returns", two)
                == #"{"verdicts":[{"kind":"return","on":"role 0.critic","value":0},{"kind":"return","on":"role 0.solver","value":1}]}"#)
    }

    @Test("an episode as runs store it is judged as it is")
    func storedEpisode() async throws {
        let step = Step(role: .solver, context: [.text("6*7=", from: .prompt)], move: Move(text: "42"))
        let episode = Episode(id: "a", steps: [step], returns: [.solver: 0.5], ending: .completed)
        let line = JSONValue.object([
            "problem": .object(["prompt": .string("6*7="), "answer": .string("42"), "world": .string("arithmetic")]),
            "episodes": .array([try JSONValue(encoding: episode)]),
        ])
        #expect(try await port("answer").answer(line)["verdicts"]?.elements?.first?["value"]?.double == 1)
        #expect(try await port("world-returns").answer(line)["verdicts"]?.elements?.first?["value"]?.double == 0.5)
    }

    @Test("a line that cannot be judged is refused with a sentence", arguments: [
        ("answer", #"{"responses": ["1"]}"#, "The line needs “problem”"),
        ("answer", #"{"problem": 7, "responses": ["1"]}"#, "“problem” is a whole number; expected a text or an object"),
        ("answer", #"{"problem": {"answer": "1"}, "responses": ["1"]}"#, "“problem” needs “prompt”"),
        ("answer", #"{"problem": {"prompt": "q"}, "responses": ["1"]}"#, "has no reference answer"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}}"#, "The line needs “responses”"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "responses": "1"}"#, "The line needs “responses”"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "responses": ["1", 2]}"#, "“responses” at place 1 is a whole number; expected a text"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "responses": ["1"], "episodes": ["1"]}"#, "give one of them"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "episodes": [{}]}"#, "without “response” or “steps”"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "episodes": [{"steps": [{}]}]}"#, "has no “text” in step 0"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "responses": ["1"], "settings": {"kind": "numbr"}}"#, "did you mean “number”"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "responses": ["1"], "settings": {"kinds": "number"}}"#, "did you mean “kind”"),
        ("answer", #"{"problem": {"prompt": "q", "answer": "1"}, "responses": ["1"], "settings": 3}"#, "“settings” is a whole number"),
        ("step-verifier", #"{"problem": {"prompt": "3+8="}, "responses": ["11"]}"#, "asks the world: name it"),
        ("world-returns", #"{"problem": {"prompt": "3+8=", "world": "arithmetics"}, "responses": ["11"]}"#, "did you mean “arithmetic”"),
        ("world-returns", #"{"problem": "3+8=", "settings": {"world": "arithmetic", "worldSettings": {"term": 3}}, "responses": []}"#, "did you mean “terms”"),
        ("world-returns", #"{"problem": {"prompt": "3+8=", "world": "arithmetic"}, "episodes": [{"steps": ["11", "11"]}]}"#, "has a step 1, but nobody is to move"),
        ("world-returns", #"{"problem": {"prompt": "3+8=", "world": "arithmetic"}, "episodes": [{"steps": [{"role": "critic", "text": "11"}]}]}"#, "role “critic” in step 0; to move is solver"),
        ("world-returns", #"{"problem": {"prompt": "3+8=", "world": "arithmetic"}, "episodes": [{"response": "11", "returns": "all"}]}"#, "“returns” that are a text"),
    ])
    func refusals(judge: String, line: String, sentence: String) async {
        let said = await refusal(judge, line)
        #expect(said.contains(sentence), "\(said)")
    }

    @Test("an unknown judge is answered with the nearest names")
    func unknown() {
        let error = #expect(throws: CoreError.self) { try port("step-verifyer") }
        #expect(error?.description == "There is no judge called “step-verifyer”; did you mean “step-verifier”?")
    }
}
