import HoneCore
import HoneEvaluation
import Testing

@Suite("Accuracies by part")
struct AccuraciesTests {
    private func group(_ id: String, _ returns: [Double]) -> EpisodeGroup {
        EpisodeGroup(
            assignment: Assignment(problem: Problem(id: id, world: "w")),
            episodes: returns.enumerated().map { Episode(id: "\(id)/\($0)", steps: [], returns: [.solver: $1]) })
    }

    @Test("each part has its share, and parts together are the mean over all their problems")
    func byHand() {
        let measure = Accuracies(
            [.init("near", problems: [], cast: [:]), .init("long", problems: [], cast: [:]), .init("large", problems: [], cast: [:])], unions: ["far": ["long", "large"]])
        var cost = Cost()
        cost.sampledTokens = 12
        let found = measure.findings(
            of: ["near": [group("a", [1]), group("b", [1])], "long": [group("c", [1, 0])], "large": [group("d", [0, 0]), group("e", [1, 1]), group("f", [0, 0])]],
            costs: ["long": cost])
        #expect(found["near"]?.mean == 1 && found["long"]?.mean == 0.5)
        #expect(abs((found["large"]?.mean ?? 0) - 1.0 / 3) < 1e-12 && abs((found["far"]?.mean ?? 0) - 0.375) < 1e-12)
        #expect(found.answering["far"]?.answers == 8 && found.answering["far"]?.cost.sampledTokens == 12)
        #expect(measure.findings(of: [:]).estimates.isEmpty)
    }
}
