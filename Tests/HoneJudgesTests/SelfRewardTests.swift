import HoneCore
import HoneJudges
import HoneTestSupport
import Testing

private func episode(_ id: String, _ text: String, context: [TokenID] = [9, 8]) -> Episode {
    let tokens = ScriptedModel.tokens(of: text)
    return Episode(
        id: id,
        steps: [
            Step(
                role: .solver, context: [Segment(origin: .prompt, content: .tokens(context, text: "?"))],
                move: Move(segments: [Segment(origin: .model("policy", update: 3), content: .tokens(tokens, text: text), isTrained: true)]))
        ], returns: [.solver: 0], ending: .completed, cast: [.solver: Player(model: "policy", sampling: Sampling(temperature: 0.5))])
}

private func group(_ texts: [String]) -> EpisodeGroup {
    EpisodeGroup(
        assignment: Assignment(problem: Problem(id: "p", world: "w"), samples: texts.count),
        episodes: texts.enumerated().map { episode("e\($0)", $1) })
}

@Suite("The self-reward")
struct SelfRewardTests {
    private func values(_ certainty: SelfReward.Certainty, _ texts: [String]) async throws -> [Double] {
        let services = ScriptedServices(models: ["policy": ScriptedModel(saying: "")])
        let judgement = try await SelfReward(certainty: certainty).judge(group(texts), in: services.scope())
        #expect(judgement.verdicts.map(\.on) == texts.indices.map { .role($0, .solver) })
        #expect(judgement.verdicts.allSatisfy { $0.kind == SelfReward.kind })
        #expect(judgement.children.isEmpty)
        return judgement.verdicts.map(\.value)
    }

    @Test("is the scorer's log-probability of the answer and of nothing else, whole or per token")
    func likelihood() async throws {
        // Token b has log-probability −b/256: “AB” has −(65 + 66)/256, and the context adds nothing.
        let (both, single): (Double, Double) = (-131.0 / 256, -65.0 / 256)
        let whole: [Double] = [both, single, 0]
        let mean: [Double] = [both / 2, single, 0]
        #expect(try await values(.likelihood, ["AB", "A", ""]) == whole)
        #expect(try await values(.perToken, ["AB", "A", ""]) == mean)
    }

    @Test("or the share of the other answers that say the same")
    func agreement() async throws {
        let share: Double = 2.0 / 3
        let expected: [Double] = [share, 0, share, share]
        #expect(try await values(.agreement, ["A", "B", "A", "A"]) == expected)
        #expect(try await values(.agreement, ["A"]) == [Double(0)])
    }

    @Test("plays the scorer's own answers as a child when asked, with verdicts of their own")
    func references() async throws {
        let base = ModelRef("policy", snapshot: "base")
        let services = ScriptedServices(
            models: ["policy": ScriptedModel(saying: "")],
            player: { assignment, _ in
                #expect(assignment.cast[.solver]?.model == base)
                #expect(assignment.cast[.solver]?.sampling.temperature == 0.5)
                return EpisodeGroup(assignment: assignment, episodes: (0..<assignment.samples).map { episode("r\($0)", "B") })
            })
        let judgement = try await SelfReward(scorer: base, references: 3).judge(group(["A"]), in: services.scope())
        #expect(judgement.verdicts.first?.value == -65.0 / 256)
        let child = try #require(judgement.children.first)
        #expect(judgement.children.count == 1 && child.episodes.count == 3)
        let expected = [Double](repeating: -66.0 / 256, count: 3)
        #expect(child.verdicts.map(\.value) == expected)
        #expect(services.charged.judgeCalls == 4)
    }

    @Test("has no opinion of text that was never tokenised, and says so")
    func untokenised() async throws {
        var bare = group(["A"])
        bare.episodes[0].steps[0].move = Move(text: "A")
        let services = ScriptedServices(models: ["policy": ScriptedModel(saying: "")])
        await #expect(throws: CoreError.self) { try await SelfReward().judge(bare, in: services.scope()) }
    }
}
