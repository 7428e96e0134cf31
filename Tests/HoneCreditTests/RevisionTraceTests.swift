import HoneCore
import HoneCredit
import Testing

@Suite("Revisions from trees")
struct RevisionTraceTests {
    /// A node behind the prompt [1, 2] and all moves before it, each of which is answered by the news [its token + 50].
    private func node(_ parent: Int?, _ token: TokenID, after before: [TokenID], worth: Double? = nil, step: Double? = nil) -> SearchTree.Node {
        var move = Move(segments: [said([token])])
        move.context = [Segment(origin: .prompt, content: .tokens([1, 2] + before.flatMap { [$0, $0 + 50] }, text: "?"))]
        return SearchTree.Node(
            parent: parent, move: move, visits: 1, value: worth ?? 0.5,
            verdicts: (worth.map { [Verdict(on: .role(0, .solver), kind: .worldReturn, value: $0)] } ?? [])
                + (step.map { [Verdict(on: .role(0, .solver), kind: .step, value: $0)] } ?? []))
    }

    private func searched(_ nodes: [SearchTree.Node]) -> EpisodeGroup {
        var episode = chain("e", [[40]])
        episode.steps[0].move.tree = SearchTree(nodes: nodes, chosen: 0)
        return group(of: [episode], [])
    }

    /// 10, then good 11 12; or bad 13 (judged wrong) 14; 20 21 is another good way that parts at once.
    private var nodes: [SearchTree.Node] {
        [
            node(nil, 10, after: [], step: 1), node(0, 11, after: [10]), node(1, 12, after: [10, 11], worth: 1), node(0, 13, after: [10], step: 0),
            node(3, 14, after: [10, 13], worth: 0), node(nil, 20, after: []), node(5, 21, after: [20], worth: 1),
        ]
    }

    @Test("shared beginning, error and what was seen after it masked; reflection and the good way from where they part learned")
    func row() throws {
        let rows = try batch(RevisionTraces(reflections: [Reflection(said: [70, 71], seen: [72])], learnsGood: false), [searched(nodes)]).examples
        #expect(rows.map(\.tokens) == [[1, 2, 10, 60, 13, 63, 70, 71, 72, 11, 61, 12]])
        let again = RevisionTraces(reflections: [Reflection(said: [70], seen: [72])], showsAgain: true, learnsGood: false)
        #expect(try batch(again, [searched(nodes)]).examples.map(\.tokens) == [[1, 2, 10, 60, 13, 63, 70, 63, 11, 61, 12]])
        #expect(rows[0].isTrained == [false, false, false, false, false, false, true, true, false, true, false, true])
        #expect(rows[0].scalars["reward"] == 1 && rows[0].weights == [Float](repeating: 1, count: 12))
    }

    @Test("a way that errs with its last move shows nothing after it, and one that erred before the others parted takes the nearest good way before the error")
    func errors() throws {
        var last = nodes
        (last[3].verdicts, last[4].verdicts) = ([], last[4].verdicts + [Verdict(on: .role(0, .solver), kind: .step, value: 0)])
        #expect(try batch(RevisionTraces(learnsGood: false), [searched(last)]).examples.map(\.tokens) == [[1, 2, 10, 60, 13, 63, 14, 11, 61, 12]])
        var first = nodes
        first[0].verdicts = [Verdict(on: .role(0, .solver), kind: .step, value: 0)]
        #expect(try batch(RevisionTraces(learnsGood: false), [searched(first)]).examples.map(\.tokens) == [[1, 2, 10, 60, 20, 70, 21]])
        var unsure = nodes
        unsure[3].verdicts = [Verdict(on: .role(0, .solver), kind: .step, value: 0.5)]
        #expect(try batch(RevisionTraces(learnsGood: false), [searched(unsure)]).examples.isEmpty)
    }

    @Test("pairs need a good way and a gap; good ways join one for one, or alone as many as are kept")
    func mixture() throws {
        let mixed = try batch(RevisionTraces(), [searched(nodes)]).examples
        #expect(mixed.map(\.tokens) == [[1, 2, 10, 60, 13, 63, 11, 61, 12], [1, 2, 10, 60, 11, 61, 12]])
        #expect(mixed[1].isTrained == [false, false, true, false, true, false, true])
        #expect(try batch(RevisionTraces(learnsRevisions: false), [searched(nodes)]).examples.map { $0.tokens.last ?? 0 } == [12, 21])
        #expect(try batch(RevisionTraces(keep: 1, learnsRevisions: false), [searched(nodes)]).examples.count == 1)
        #expect(try batch(RevisionTraces(gap: 1, learnsGood: false), [searched(nodes)]).examples.isEmpty)
        #expect(try batch(RevisionTraces(good: 1), [searched(nodes)]).examples.isEmpty)
    }

    @Test("each pair of an error and a good way is one row, reflections come in turn, and no more than are kept")
    func turns() throws {
        var more = nodes
        more.append(node(3, 15, after: [10, 13], worth: 0))
        more.append(node(1, 16, after: [10, 11], worth: 0.1, step: 0))
        let credit = RevisionTraces(reflections: [Reflection(said: [70]), Reflection(said: [80])], learnsGood: false)
        let rows = try batch(credit, [searched(more)]).examples
        // 14 and 15 follow the same error; 16 errs after 11 and parts from 12 there.
        #expect(rows.map(\.tokens) == [[1, 2, 10, 60, 13, 63, 70, 11, 61, 12], [1, 2, 10, 60, 11, 61, 16, 80, 12]])
        var one = credit
        one.keep = 1
        #expect(try batch(one, [searched(more)]).examples.count == 1)
        var spoiled = nodes
        spoiled[4].verdicts[0].value = .nan
        #expect(sentence { _ = try batch(RevisionTraces(), [searched(spoiled)]) }.contains("expected a finite number"))
    }
}
