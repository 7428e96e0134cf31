import HoneCore
import HoneEvaluation
import Testing

private func isNear(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-9 } ?? false }

@Suite("Searched answers as a measure")
struct SearchedConfidenceTests {
    /// An episode whose tree has these finished answers with their values, of which one was kept; right ones are “7”.
    private func group(_ id: String, _ answers: [(text: String, value: Double)], kept: Int) -> EpisodeGroup {
        var move = Move(text: answers[kept].text)
        move.tree = SearchTree(nodes: answers.map { SearchTree.Node(parent: nil, move: Move(text: $0.text), visits: 1, value: $0.value) }, chosen: kept)
        let episode = Episode(
            id: "\(id)/0", steps: [Step(role: .solver, context: [], move: move)], returns: [.solver: answers[kept].text == "7" ? 1 : 0])
        return EpisodeGroup(assignment: Assignment(problem: Problem(id: id, world: "w")), episodes: [episode])
    }

    private func cost(sampled: Int, read: Int) -> Cost {
        var cost = Cost()
        (cost.sampledTokens, cost.promptTokens) = (sampled, read)
        return cost
    }

    @Test("two problems by hand: one kept right at 0.8, one kept wrong at 0.6 beside a right answer")
    func byHand() {
        let measure = SearchedConfidence(problems: [], samples: 1, cast: [:]) { response, _ in response == "7" }
        let found = measure.findings(of: [
            (group("a", [("7", 0.8), ("5", 0.2)], kept: 0), cost(sampled: 10, read: 30)),
            (group("b", [("5", 0.6), ("7", 0.4)], kept: 0), cost(sampled: 20, read: 40)),
        ])
        #expect(isNear(found["pass@1"]?.mean, 0.5) && isNear(found["confidence"]?.mean, 0.7) && isNear(found["reached"]?.mean, 1))
        #expect(isNear(found["Brier score"]?.mean, (0.04 + 0.36) / 2))
        #expect(isNear(found["tokens"]?.mean, 50) && isNear(found["sampled tokens"]?.mean, 15))
        #expect(isNear(found["distinct children"]?.mean, 2))
        #expect(found.values["Brier score"]?.count == 2 && found.answering["pass@1"]?.cost.sampledTokens == 30)
    }

    @Test("an answer without a tree has no confidence, and reaches what it kept")
    func withoutTree() {
        let measure = SearchedConfidence(problems: [], samples: 1, cast: [:]) { response, _ in response == "7" }
        var plain = group("a", [("7", 0.8)], kept: 0)
        plain.episodes[0].steps[0].move.tree = nil
        let found = measure.findings(of: [(plain, Cost())])
        #expect(found["confidence"] == nil && found["Brier score"] == nil && isNear(found["reached"]?.mean, 1))
        #expect(measure.findings(of: []).estimates.isEmpty)
    }
}
