import HoneCore
import HoneCredit
import Testing

@Suite("Pairs of attempts and their repairs")
struct RefinementPairTests {
    /// A searched step: attempts by parent, tokens and what they were valued at.
    private func searched(_ attempts: [(parent: Int?, tokens: [TokenID], worths: [Double])], chosen: Int) -> EpisodeGroup {
        let nodes = attempts.map { attempt in
            SearchTree.Node(
                parent: attempt.parent,
                move: Move(segments: [said(attempt.tokens)], context: [Segment(origin: .prompt, content: .tokens([90, 91], text: "?"))]),
                verdicts: attempt.worths.map { Verdict(on: .episode(0), kind: .worth, value: $0) })
        }
        var first = step(.solver, after: [1, 2], move: attempts[0].tokens)
        first.move.tree = SearchTree(nodes: nodes, chosen: chosen)
        return group(of: [Episode(id: "a", steps: [first], ending: .completed)], [])
    }

    @Test("edges from a failed attempt to its repair are pairs behind the first prompt; edits are counted by hand")
    func edges() throws {
        let tree = searched(
            [(nil, [10, 11, 12], [0]), (0, [10, 11, 13], [0.5, 1]), (0, [10, 14], [0]), (2, [10, 14, 15, 16], [1]), (1, [10], [1]), (1, [10, 11, 13], [])],
            chosen: 5)
        let made = try batch(RefinementPairs(), [tree])
        #expect(made.pairs.map { [$0.chosen, $0.rejected] } == [[0, 1], [2, 3]] && made.pairs.map(\.margin) == [0.75, 1])
        #expect(made.examples.map(\.tokens) == [[1, 2, 10, 11, 13], [1, 2, 10, 11, 12], [1, 2, 10, 14, 15, 16], [1, 2, 10, 14]])
        #expect(made.examples[0].isTrained == [false, false, true, true, true] && made.examples.allSatisfy { $0.samplerLogProbs.isEmpty })
        #expect(made.examples.numbers("edits") == [1, 1, 2, 2] && made.examples.numbers("label") == [1, 0, 1, 0])
        #expect(made.medianEditDistance == 1.5)
    }

    @Test("ends pair the first attempt with the one that was kept, whether or not it was said again")
    func ends() throws {
        let attempts: [(parent: Int?, tokens: [TokenID], worths: [Double])] = [(nil, [10, 11], [0]), (0, [10, 12], [0]), (1, [13, 12], [1]), (2, [13, 12], [])]
        for chosen in [2, 3] {
            let made = try batch(RefinementPairs(choice: .ends), [searched(attempts, chosen: chosen)])
            #expect(made.examples.map(\.tokens) == [[1, 2, 13, 12], [1, 2, 10, 11]] && made.pairs.count == 1 && made.medianEditDistance == 2)
        }
        #expect(try batch(RefinementPairs(choice: .ends), [searched(attempts, chosen: 1)]).pairs.isEmpty, "a kept attempt that is no better")
        #expect(try batch(RefinementPairs(choice: .ends), [searched(Array(attempts.prefix(1)), chosen: 0)]).pairs.isEmpty)
    }

    @Test("trees of other searches, attempts that read alike, and what nobody may learn from make no pairs")
    func none() throws {
        #expect(try batch(RefinementPairs(), [searched([(nil, [10], []), (0, [11], [])], chosen: 1)]) == TrainingBatch())
        #expect(try batch(RefinementPairs(), [searched([(nil, [10], [0]), (0, [10], [1])], chosen: 1)]) == TrainingBatch())
        var dummy = searched([(nil, [10], [0]), (0, [11], [1])], chosen: 1)
        dummy.episodes[0].steps[0].move.tree?.nodes[0].move.segments[0].isTrained = false
        #expect(try batch(RefinementPairs(), [dummy]) == TrainingBatch())
        #expect(TrainingBatch().medianEditDistance == nil)
    }

    @Test("an attempt whose worth is not finite is refused in a sentence")
    func notFinite() {
        let tree = searched([(nil, [10], [0]), (0, [11], [.nan])], chosen: 1)
        #expect(sentence { _ = try batch(RefinementPairs(), [tree]) }.contains("finite"))
    }
}
