import HoneCore
import HoneJudges
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Each answer")
struct EachAnswerTests {
    @Test("every answer of the solver is judged as if it were the only one, and nothing else is")
    func judges() async throws {
        let services = ScriptedServices(worlds: ["graph-colouring": try GraphColouring()])
        let problem = Problem(id: "p", world: "graph-colouring", text: "ab:2=")
        func step(_ role: Role, _ text: String) -> Step { Step(role: role, context: [], move: Move(text: text)) }
        let episodes = [
            Episode(id: "0", steps: [step(.solver, "a1b1"), step("critic", "n ab"), step(.solver, "a1b2")]),
            Episode(id: "1", steps: [step(.solver, "x")]),
        ]
        let found = try await EachAnswer().judge(EpisodeGroup(assignment: Assignment(problem: problem), episodes: episodes), in: services.scope())
        #expect(found.verdicts.map(\.on) == [.step(0, 0), .step(0, 2), .step(1, 0)])
        #expect(found.verdicts.map(\.value) == [0, 1, 0] && found.verdicts.allSatisfy { $0.kind == .correct })
        #expect(services.charged.judgeCalls == 3)
    }
}
