import HoneCore
import HoneJudges
import HoneTestSupport
import Testing

/// Gives each byte b the log-probability −b/256, and the likeliest at each place −0.1.
private struct Certain: Model {
    let model = ScriptedModel(saying: "")
    var abilities: Set<HoneCore.Trait> { model.abilities }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { try await model.complete(requests) }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        let own = try await model.score(transcripts, .logProbs)
        guard quantity == .distribution(top: 1) else { return own }
        return own.map { Scores(values: $0.values.flatMap { _ in [Float(7), Float(-0.1)] }, shape: [$0.values.count, 1, 2]) }
    }
}

@Suite("Steps by likelihood")
struct StepLikelihoodTests {
    @Test("by hand: a step's value is the sum of its tokens' gaps to the likeliest; the answer has the least")
    func byHand() async throws {
        let services = ScriptedServices(models: ["policy": Certain()])
        func segment(_ text: String) -> Segment { .text(text, from: .hint, author: .solver) }
        let question: Transcript = [.text("q=", from: .prompt)]
        let episode = Episode(id: "e", steps: [
            Step(role: .solver, context: question, move: Move(segments: [segment("1,")])),
            Step(role: .solver, context: question + [segment("1,")], move: Move(segments: [segment("z")])),
        ])
        let group = EpisodeGroup(assignment: Assignment(problem: Problem(id: "p", world: "w", text: "q=")), episodes: [episode])
        let verdicts = try await StepLikelihood(scorer: "policy").judge(group, in: services.scope()).verdicts
        // Bytes: 1 is 49, the comma 44, z 122.
        let (first, second) = (-(49.0 + 44) / 256 + 0.2, -122.0 / 256 + 0.1)
        #expect(verdicts.map(\.on) == [.step(0, 0), .step(0, 1), .role(0, .solver)])
        for (verdict, value) in zip(verdicts, [first, second, min(first, second)]) { #expect(abs(verdict.value - value) < 1e-6) }
    }
}
