import HoneCore
import HoneCredit
import Testing

@Suite("Credit from trees")
struct TreeTests {
    private func returns(_ values: [Double]) -> [Verdict] {
        values.enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) }
    }

    @Test("Monte Carlo: plays through a step value it, and its advantage is the gain over where it was made")
    func monteCarlo() throws {
        // a = 10 11 → 1, b = 10 12 → 0, c = 13 → 1: V(start) = ⅔, V(10) = ½, V(13) = 1, V(11) = 1, V(12) = 0.
        let played = group(of: [chain("a", [[10], [11]]), chain("b", [[10], [12]]), chain("c", [[13]])], returns([1, 0, 1]))
        let rows = try batch(MonteCarloSteps(), [played]).examples
        #expect(rows.numbers("reward") == [0.5, 1, 0.5, 0, 1])
        let expected: [Float] = [-1 / 6, 0.5, -1 / 6, -0.5, 1 / 3]
        #expect(zip(rows, expected).allSatisfy { abs(($0.advantages.last ?? 9) - $1) < 1e-6 })
        #expect(rows[0].channel("steps") == [-1, -1, 0.5] && rows[3].channel("steps") == [-1, -1, -1, 0])
        let hard = try batch(MonteCarloSteps(isHard: true), [played]).examples
        #expect(hard.map { $0.channel("steps").last ?? .nan } == [1, 1, 1, 0, 1])
    }

    @Test("in a game each role's steps are valued by what that role got")
    func roles() throws {
        func game(_ id: String, _ first: TokenID, _ second: TokenID) -> Episode {
            Episode(id: id, steps: [step("white", after: [1], move: [first]), step("black", after: [1, first], move: [second])])
        }
        let results: [Double] = [1, -1, 0]
        let verdicts = results.enumerated().flatMap { index, result in
            [Verdict(on: .role(index, "white"), kind: .worldReturn, value: result), Verdict(on: .role(index, "black"), kind: .worldReturn, value: -result)]
        }
        let played = group(of: [game("a", 10, 20), game("b", 10, 21), game("c", 11, 22)], verdicts)
        let rows = try batch(MonteCarloSteps(), [played], roles: ["white", "black"]).examples
        // White's 10 is even, black's answers to it are worth −1 and 1.
        #expect(rows.numbers("reward") == [0, 0, 0, -1, 1, 0])
    }

    @Test("children that restart in the middle count where they belong")
    func restarts() throws {
        var played = group(of: [chain("a", [[10], [11]])], returns([1]))
        var child = group(of: [chain("x", [[10], [12]]), chain("y", [[10], [14]])], returns([0, 0]))
        for index in 0..<2 { child.episodes[index].steps.removeFirst() }
        played.children = [child]
        let rows = try batch(MonteCarloSteps(), [played]).examples
        // The second position was passed by three plays, of which one ended well.
        #expect(rows.map(\.episode) == ["a", "a"] && abs(rows[1].advantages[3] - 2 / 3) < 1e-6 && rows[0].advantages[2] == 0)
    }

    @Test("MALT: values are means over children, good and bad siblings are pairs, siblings of one sort are none")
    func roleTree() throws {
        // Two answers; two critiques of each; rewards at the four leaves: 1, 1 | 1, 0 and 0 | 0 under the other.
        func leaf(_ id: String, _ answer: TokenID, _ critique: TokenID, _ last: TokenID) -> Episode {
            Episode(
                id: id,
                steps: [
                    step(.solver, after: [1], move: [answer]), step("critic", after: [1, answer], move: [critique]),
                    step("refiner", after: [1, answer, critique], move: [last]),
                ])
        }
        let played = group(
            of: [leaf("a", 10, 20, 30), leaf("b", 10, 20, 31), leaf("c", 10, 21, 32), leaf("d", 10, 21, 33), leaf("e", 11, 22, 34)],
            returns([1, 1, 1, 0, 0]))
        let pairs = try batch(RoleTree(threshold: 0.7), [played], roles: [.solver, "critic", "refiner"])
        let found = pairs.pairs.map { "\(pairs.examples[$0.chosen].tokens.last ?? 0) > \(pairs.examples[$0.rejected].tokens.last ?? 0) by \($0.margin)" }
        #expect(found == ["10 > 11 by 0.75", "20 > 21 by 0.5", "32 > 33 by 1.0"])
        #expect(try batch(RoleTree(threshold: 0.8), [played]).pairs.isEmpty)
        let moves = try batch(RoleTreeMoves(), [played], roles: [.solver, "critic"]).examples
        #expect(moves.map(\.tokens) == [[1, 10], [1, 10, 20]] && moves.numbers("reward") == [0.75, 1])
    }

    private func node(_ parent: Int?, _ token: TokenID, visits: Int, value: Double) -> SearchTree.Node {
        SearchTree.Node(parent: parent, move: Move(segments: [said([token])]), visits: visits, value: value)
    }

    private func searched(_ nodes: [SearchTree.Node]) -> EpisodeGroup {
        var episode = chain("e", [[40]])
        episode.steps[0].move.tree = SearchTree(nodes: nodes, chosen: 0)
        return group(of: [episode], [])
    }

    private var tree: EpisodeGroup {
        searched([
            node(nil, 10, visits: 3, value: 0.5), node(nil, 11, visits: 1, value: -0.5), node(0, 12, visits: 2, value: 0.75),
            node(0, 13, visits: 1, value: 0), node(1, 14, visits: 0, value: 9),
        ])
    }

    @Test("a searched move is worth its value minus that of its position; contexts hold the moves on the way")
    func backup() throws {
        let rows = try batch(TreeBackup(), [tree]).examples
        // The root by visits: (3·½ − ½) / 4.
        #expect(rows.map(\.tokens) == [[1, 2, 10], [1, 2, 11], [1, 2, 10, 12], [1, 2, 10, 13]])
        #expect(rows.map { $0.advantages[0] } == [0.25, -0.75, 0.25, -0.5])
        #expect(rows[2].isTrained == [false, false, false, true] && rows[2].channel("steps") == [-1, -1, -1, 0.75])
    }

    @Test(
        "values can be backed up anew: mean, mean by visits, best",
        arguments: zip([TreeBackup.Rule.mean, .meanByVisits, .best], [0.375, 0.5, 0.75]))
    func rules(rule: TreeBackup.Rule, value: Double) throws {
        #expect(try batch(TreeBackup(rule: rule), [tree]).examples[0].scalars["reward"] == value)
    }

    @Test("siblings whose values differ enough are pairs with the difference as margin and the sampler's log-probabilities")
    func siblings() throws {
        let found = try batch(SiblingPairs(), [tree])
        #expect(found.pairs == [Pair(chosen: 0, rejected: 1, margin: 1), Pair(chosen: 2, rejected: 3, margin: 0.75)])
        #expect(found.examples.map { $0.samplerLogProbs.last ?? .nan } == [-0.1, -0.11, -0.12, -0.13])
        #expect(try batch(SiblingPairs(hasOppositeSigns: true), [tree]).pairs.map(\.margin) == [1])
        #expect(try batch(SiblingPairs(threshold: 0.8), [tree]).pairs.map(\.margin) == [1])
        let three = searched([node(nil, 10, visits: 1, value: 0.5), node(nil, 11, visits: 1, value: 1), node(nil, 12, visits: 1, value: 0)])
        #expect(try batch(SiblingPairs(), [three]).pairs.count == 3)
        let one = try batch(SiblingPairs(bestVersusWorst: true), [three])
        #expect(one.pairs.map(\.margin) == [1] && one.examples.map { $0.tokens.last ?? -1 } == [11, 12])
    }

    @Test("CPL: pairs lie on both sides of the centre, and of finished moves only the best and the worst, drawn in towards it")
    func aroundTheCentre() throws {
        // Around ½: two steps at 0.8 and 0.1, and three finished moves at 1, 0 and 0.25, which 0.4 draws in to 0.7, 0.3 and 0.4.
        var nodes = [0.8, 0.1, 1, 0, 0.25].enumerated().map { node(nil, TokenID(10 + $0.offset), visits: 1, value: $0.element) }
        for end in 2...4 { nodes[end].verdicts = [Verdict(on: .role(0, .solver), kind: .worldReturn, value: nodes[end].value)] }
        let credit = SiblingPairs(threshold: 0, hasOppositeSigns: true, centre: 0.5, finishedScale: 0.4, finishedBestVersusWorst: true)
        let found = try batch(credit, [searched(nodes)])
        let named = found.pairs.map { "\(found.examples[$0.chosen].tokens.last ?? 0)>\(found.examples[$0.rejected].tokens.last ?? 0)" }
        #expect(named == ["10>11", "10>13", "12>11", "12>13"])
        #expect(zip(found.pairs.map(\.margin), [0.7, 0.5, 0.6, 0.4]).allSatisfy { abs($0 - $1) < 1e-12 })
        var all = credit
        all.finishedBestVersusWorst = false
        #expect(try batch(all, [searched(nodes)]).pairs.count == 6)
    }

    @Test("Agent Q: a critic's word before the search has its share in values, and pairs differ by more than the threshold")
    func criticsWord() throws {
        // Half of each: 0.75, 0.5 and 0.65.
        var nodes = [0.5, 0.5, 1].enumerated().map { node(nil, TokenID(10 + $0.offset), visits: 1, value: $0.element) }
        for (place, prior) in [1, 0.5, 0.3].enumerated() { nodes[place].prior = prior }
        let found = try batch(SiblingPairs(threshold: 0.12, priorShare: 0.5), [searched(nodes)])
        #expect(zip(found.pairs.map(\.margin), [0.25, 0.15]).allSatisfy { abs($0 - $1) < 1e-12 } && found.pairs.count == 2)
        #expect(found.examples.map { $0.tokens.last ?? 0 } == [10, 11, 12])
        #expect(found.examples.allSatisfy { $0.samplerLogProbs.count == $0.tokens.count }, "the behaviour stays with the rows")
    }

    @Test("a node's own context and a leaf's own verdict go before what is derived")
    func ownContext() throws {
        var nodes = [node(nil, 10, visits: 1, value: 0), node(0, 11, visits: 1, value: 0)]
        nodes[0].move.context = [Segment(origin: .world, content: .tokens([7, 8], text: "!"))]
        nodes[1].verdicts = [Verdict(on: .group, kind: .worldReturn, value: 0.25)]
        let rows = try batch(TreeBackup(rule: .mean), [searched(nodes)]).examples
        #expect(rows.map(\.tokens) == [[7, 8, 10], [7, 8, 10, 11]] && rows.numbers("reward") == [0.25, 0.25])
    }

    @Test("a tree whose parents come later, and values that are not finite, are refused")
    func refusals() {
        #expect(sentence { _ = try batch(TreeBackup(), [searched([node(1, 10, visits: 1, value: 0), node(nil, 11, visits: 1, value: 0)])]) }
            .contains("expected a node made before it"))
        #expect(sentence { _ = try batch(SiblingPairs(), [searched([node(nil, 10, visits: 1, value: .nan)])]) }.contains("expected a finite number"))
    }
}
