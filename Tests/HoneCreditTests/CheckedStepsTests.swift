import HoneCore
import HoneCredit
import Testing

@Suite("Labels of checked steps")
struct CheckedStepsTests {
    private func checked(_ episodes: [Episode], _ values: [[Double]]) -> EpisodeGroup {
        group(of: episodes, values.enumerated().flatMap { play, steps in steps.enumerated().map { Verdict(on: .step(play, $0.offset), kind: .step, value: $0.element) } })
    }

    @Test("an answer is one row with a label at the last token of each step, and nothing after its first wrong step")
    func rows() throws {
        let moves: [[TokenID]] = [[10, 11], [12, 13], [14]]
        let rows = try batch(CheckedSteps(), [checked([chain("right", moves), chain("wrong", moves)], [[1, 1, 1], [1, 0, 1]])]).examples
        #expect(rows.map(\.tokens) == [[1, 2, 10, 11, 12, 13, 14], [1, 2, 10, 11, 12, 13]])
        #expect(rows.map { $0.channel("steps") } == [[-1, -1, -1, 1, -1, 1, 1], [-1, -1, -1, 1, -1, 0]])
        #expect(rows[0].isTrained == [false, false, true, true, true, true, true])
    }

    @Test("quality values rise to 1 in equal parts and fall at a wrong step, never below 0")
    func quality() throws {
        let moves: [[TokenID]] = [[10], [11], [12]]
        let played = checked(["a", "b", "c", "d"].map { chain(EpisodeID($0), moves) }, [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 1, 1]])
        let labels = try batch(CheckedSteps(isQuality: true), [played]).examples.map { $0.channel("steps").filter { $0 >= 0 } }
        // Before the third step ⅔: (1 − ⅔) / 2 less; before the second ⅓: (1 − ⅓) / 3 less.
        let wanted: [[Float]] = [[1 / 3, 2 / 3, 1], [1 / 3, 2 / 3, 1.0 / 2], [1 / 3, 1 / 9], [0]]
        #expect(zip(labels, wanted).allSatisfy { pair in pair.0.count == pair.1.count && zip(pair.0, pair.1).allSatisfy { abs($0 - $1) < 1e-6 } }, "\(labels)")
    }

    @Test("they are what a search tree with the same steps and a right answer beside says")
    func asInTrees() throws {
        // A right chain of three, and a wrong move beside each of its steps.
        func node(_ parent: Int?) -> SearchTree.Node { SearchTree.Node(parent: parent, move: Move(segments: [said([10])]), visits: 1, value: 0) }
        let tree = SearchTree(nodes: [node(nil), node(0), node(1), node(nil), node(0), node(1)], chosen: 2)
        let values = try #require(QualityValues.values(of: tree, right: [false, false, true, false, false, false]))
        for step in 1...3 {
            #expect(abs(values[step - 1] - CheckedSteps.quality(of: step, among: 3, isRight: true)) < 1e-12)
            #expect(abs(values[step + 2] - CheckedSteps.quality(of: step, among: 3, isRight: false)) < 1e-12)
        }
    }

    @Test("steps that somebody wrote are labelled as sampled ones, the threshold says what is right, and steps without a verdict say nothing")
    func written() throws {
        var episode = chain("e", [[10], [11]])
        for index in episode.steps.indices { episode.steps[index].move.segments = [said([TokenID(10 + index)], isTrained: false, origin: .demonstration)] }
        #expect(try batch(CheckedSteps(), [checked([episode], [[1, 1]])]).examples.map { $0.channel("steps") } == [[-1, -1, 1, 1]])
        #expect(try batch(CheckedSteps(threshold: 0.7), [checked([chain("e", [[10], [11]])], [[0.6, 0.9]])]).examples.map { $0.channel("steps") } == [[-1, -1, 0]])
        #expect(try batch(CheckedSteps(), [checked([chain("e", [[10]])], [])]).examples.isEmpty)
    }
}
