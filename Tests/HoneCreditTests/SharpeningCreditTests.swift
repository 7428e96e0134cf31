import HoneCore
import HoneCredit
import Testing

private func episode(_ id: String, _ tokens: [TokenID]) -> Episode {
    Episode(
        id: id,
        steps: [
            Step(
                role: .solver, context: [Segment(origin: .prompt, content: .tokens([9, 8], text: "?"))],
                move: Move(segments: [
                    Segment(
                        origin: .model("m", update: 0), author: .solver, content: .tokens(tokens, text: id), samplerLogProbs: tokens.map { _ in -1 },
                        isTrained: true)
                ]))
        ], returns: [.solver: 0], ending: .completed)
}

private func group(_ episodes: [(String, [TokenID], Double)], children: [EpisodeGroup] = []) -> EpisodeGroup {
    EpisodeGroup(
        assignment: Assignment(problem: Problem(id: "p", world: "w")), episodes: episodes.map { episode($0.0, $0.1) },
        verdicts: episodes.enumerated().map { Verdict(on: .role($0, .solver), kind: "self-reward", value: $1.2) }, children: children)
}

@Suite("Credits of sharpening")
struct SharpeningCreditTests {
    @Test("best-only keeps one episode a group: the best, of equals the first")
    func bestOnly() throws {
        var credit = BestOnly(kind: "self-reward")
        let groups = [group([("a", [1], -3), ("b", [2], -1), ("c", [3], -1)]), group([("d", [4], -9)])]
        let batch = try credit.batch(for: [.solver], from: groups, scores: ScoreTable())
        #expect(batch.examples.map(\.episode) == ["b", "d"])
        #expect(batch.examples.map { $0.scalars["reward"] } == [-1, -9])
        #expect(batch.examples[0].isTrained == [false, false, true])
        #expect(batch.pairs.isEmpty)
    }

    @Test("best-only asks for the verdict it needs")
    func needsVerdict() {
        var credit = BestOnly(kind: "other")
        #expect(throws: CreditError.self) { try credit.batch(for: [.solver], from: [group([("a", [1], 0)])], scores: ScoreTable()) }
    }

    @Test("without a child, answers are paired two by two, the better one chosen, and the difference is the margin")
    func ownPairs() throws {
        var credit = ReferencePairs(kind: "self-reward")
        let batch = try credit.batch(
            for: [.solver], from: [group([("a", [1], -3), ("b", [2], -1), ("c", [3], -2), ("d", [3], -2), ("e", [5], 0)])], scores: ScoreTable())
        // c and d say the same, and e has no partner.
        #expect(batch.examples.map(\.episode) == ["a", "b"])
        #expect(batch.pairs == [Pair(chosen: 1, rejected: 0, margin: 2)])
        #expect(batch.examples.map { $0.scalars["isReference"] } == [0, 1])
    }

    @Test("with a child, each answer is paired with the child's answer of the same number")
    func childPairs() throws {
        var credit = ReferencePairs(kind: "self-reward")
        let child = group([("x", [7], -2), ("y", [2], -1)])
        let batch = try credit.batch(
            for: [.solver], from: [group([("a", [1], -3), ("b", [2], -1)], children: [child])], scores: ScoreTable())
        #expect(batch.examples.map(\.episode) == ["a", "x"])
        #expect(batch.pairs == [Pair(chosen: 1, rejected: 0, margin: 1)])
        #expect(batch.examples.map { $0.scalars["isReference"] } == [0, 1])
    }
}
