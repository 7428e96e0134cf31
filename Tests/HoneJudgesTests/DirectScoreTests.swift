import Foundation
import HoneCore
import HoneJudges
import HoneSocieties
import HoneTestSupport
import Testing

private let group = EpisodeGroup(
    assignment: Assignment(problem: Problem(id: "p", world: "w", text: "1+1="), samples: 2),
    episodes: ["2", "3"].enumerated().map { index, text in
        Episode(id: "e\(index)", steps: [Step(role: .solver, context: [.text("1+1=", from: .prompt)], move: Move(text: text))], ending: .completed)
    })

private func judged(_ judge: DirectScore, by model: ScriptedModel) async throws -> [Verdict] {
    let services = ScriptedServices(models: ["judge": model], policies: ["direct": DirectPolicy()])
    let verdicts = try await judge.judge(group, in: services.scope()).verdicts
    #expect(services.charged.judgeCalls == 2)
    return verdicts
}

@Suite("Judges by a mark")
struct DirectScoreTests {
    @Test("scored, the likeliest mark counts as a share of the scale, or the mean by probability")
    func scored() async throws {
        // The digit k has log-probability −(48 + k)/256.
        let model = ScriptedModel(saying: "x")
        let hard = try await judged(DirectScore(Player(model: "judge")), by: model)
        #expect(hard.map(\.value) == [0, 0] && hard.map(\.on) == [.role(0, .solver), .role(1, .solver)] && hard.allSatisfy { $0.kind == DirectScore.kind })
        let soft = try await judged(DirectScore(Player(model: "judge"), marks: 1...3, isSoft: true), by: model)
        let weights = [0.0, 1, 2].map { exp(-$0 / 256) }
        let mean = (weights[1] + 2 * weights[2]) / weights.reduce(0, +) / 2
        #expect(soft.allSatisfy { abs($0.value - mean) < 1e-6 } && model.requests.isEmpty)
    }

    @Test("drawn, the last number among the marks counts, and an answer without one has the lowest")
    func drawn() async throws {
        let model = ScriptedModel { request, _ in request.context.text.contains("2?") ? "after 12 tries: 4, no, 8" : "11 of 12" }
        let found = try await judged(DirectScore(Player(model: "judge"), marks: 0...10, votes: 2), by: model)
        #expect(found.map(\.value) == [0.8, 0])
        #expect(found.first?.critique == "after 12 tries: 4, no, 8\nafter 12 tries: 4, no, 8")
    }

    @Test("marks that cannot be told apart by one digit are refused where they are scored")
    func refusal() async throws {
        let error = await #expect(throws: CoreError.self) { try await judged(DirectScore(Player(model: "judge"), marks: 0...10), by: ScriptedModel(saying: "1")) }
        #expect(error?.description.contains("0 to 9") == true)
    }
}
