import HoneCore
import HoneCredit
import Testing

@Suite("Quality values and searched traces")
struct QualityValuesTests {
    private func node(_ parent: Int?, _ token: TokenID, value: Double = 0.5, visits: Int = 1, worth: Double? = nil) -> SearchTree.Node {
        SearchTree.Node(
            parent: parent, move: Move(segments: [said([token])]), visits: visits, value: value,
            verdicts: worth.map { [Verdict(on: .role(0, .solver), kind: .worldReturn, value: $0)] } ?? [])
    }

    private func searched(_ nodes: [SearchTree.Node]) -> EpisodeGroup {
        var episode = chain("e", [[40]])
        episode.steps[0].move.tree = SearchTree(nodes: nodes, chosen: 0)
        return group(of: [episode], [])
    }

    /// Two moves; the first leads to a right answer and to a wrong one that goes on, the second is over and wrong.
    private var nodes: [SearchTree.Node] {
        [node(nil, 10), node(nil, 11, worth: 0), node(0, 12, value: 0.9, worth: 1), node(0, 13), node(3, 14, worth: 0), node(0, 15, value: 0.3, worth: 1)]
    }

    @Test("values by hand: up to 1 at a right answer, down after a wrong step, never below 0")
    func values() throws {
        let right = [false, false, true, false, false, true]
        let values = try #require(QualityValues.values(of: SearchTree(nodes: nodes, chosen: 0), right: right))
        // Node 0 is one move from right: 1/2. Node 1 stays two away: 0 − 1/3. Nodes 2 and 5 are there: ½ + ½. Node 3 stays one away: ½ − ½/2. Node 4: ¼ − ¾/2.
        #expect(zip(values, [0.5, 0, 1, 0.25, 0, 1]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(values)")
        #expect(QualityValues.values(of: SearchTree(nodes: nodes, chosen: 0), right: [Bool](repeating: false, count: 6)) == nil)
    }

    @Test("each right step of a chain of three is worth a third more")
    func chainOfThree() throws {
        let tree = SearchTree(nodes: [node(nil, 10), node(0, 11), node(1, 12, worth: 1)], chosen: 2)
        let values = try #require(QualityValues.values(of: tree, right: [false, false, true]))
        #expect(zip(values, [1.0 / 3, 2.0 / 3, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("visited moves become rows with their value as label of the last token; a tree without a right leaf none")
    func rows() throws {
        var nodes = nodes
        nodes[1].visits = 0
        let rows = try batch(QualityValues(), [searched(nodes)]).examples
        #expect(rows.map(\.tokens) == [[1, 2, 10], [1, 2, 10, 12], [1, 2, 10, 13], [1, 2, 10, 13, 14], [1, 2, 10, 15]])
        #expect(rows.map { $0.channel("steps").last ?? .nan } == [0.5, 1, 0.25, 0, 1] && rows[1].channel("steps").dropLast().allSatisfy { $0 == -1 })
        #expect(try batch(QualityValues(threshold: 2), [searched(nodes)]).examples.isEmpty)
    }

    @Test("kept are right plays of high value, the most valued first, each move once")
    func traces() throws {
        let all = try batch(SearchedTraces(), [searched(nodes)]).examples
        #expect(all.map(\.tokens) == [[1, 2, 10], [1, 2, 10, 12], [1, 2, 10, 15]])
        #expect(try batch(SearchedTraces(keep: 1), [searched(nodes)]).examples.map(\.tokens) == [[1, 2, 10], [1, 2, 10, 12]])
        #expect(try batch(SearchedTraces(leastValue: 0.5), [searched(nodes)]).examples.count == 2)
        #expect(try batch(SearchedTraces(leastValue: 0.95), [searched(nodes)]).examples.isEmpty)
    }

    @Test("a worth that is not finite is refused in a sentence")
    func notFinite() {
        let spoiled = searched([node(nil, 10, worth: .nan)])
        #expect(sentence { _ = try batch(QualityValues(), [spoiled]) }.contains("expected a finite number"))
        #expect(sentence { _ = try batch(SearchedTraces(), [spoiled]) }.contains("expected a finite number"))
    }
}
