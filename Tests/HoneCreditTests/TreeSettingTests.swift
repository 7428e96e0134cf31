import HoneCore
import HoneCredit
import Testing

@Suite("Settings of credit from trees")
struct TreeSettingTests {
    private func returns(_ values: [Double], kind: VerdictKind = .worldReturn) -> [Verdict] {
        values.enumerated().map { Verdict(on: .episode($0.offset), kind: kind, value: $0.element) }
    }

    private func node(_ parent: Int?, _ token: TokenID, visits: Int = 1, value: Double = 0, verdict: Double? = nil, kind: VerdictKind = .worldReturn) -> SearchTree.Node {
        var made = SearchTree.Node(parent: parent, move: Move(segments: [said([token])]), visits: visits, value: value)
        if let verdict { made.verdicts = [Verdict(on: .group, kind: kind, value: verdict)] }
        return made
    }

    private func searched(_ nodes: [SearchTree.Node], role: Role = .solver) -> EpisodeGroup {
        var episode = chain("e", [[40]], role: role)
        episode.steps[0].move.tree = SearchTree(nodes: nodes, chosen: 0)
        return group(of: [episode], [])
    }

    @Test("hard labels ask whether any play reached the threshold, soft ones for the mean; advantages stay the same")
    func monteCarlo() throws {
        let played = group(of: [chain("a", [[10], [11]]), chain("b", [[10], [12]])], returns([0.75, 0.25]))
        func labels(_ credit: MonteCarloSteps) throws -> [Float] { try batch(credit, [played]).examples.map { $0.channel("steps").last ?? .nan } }
        #expect(try labels(MonteCarloSteps()) == [0.5, 0.75, 0.5, 0.25])
        #expect(try labels(MonteCarloSteps(isHard: true)) == [0, 0, 0, 0])
        #expect(try labels(MonteCarloSteps(isHard: true, threshold: 0.75)) == [1, 1, 1, 0])
        #expect(try labels(MonteCarloSteps(isHard: true, threshold: 0.25)) == [1, 1, 1, 1])
        for credit in [MonteCarloSteps(), MonteCarloSteps(isHard: true)] { #expect(try advantages(credit, [played]) == [0, 0.25, 0, -0.25]) }
        let other = group(of: [chain("a", [[10]]), chain("b", [[11]])], returns([1, 0]) + returns([0, 1], kind: "style"))
        #expect(try advantages(MonteCarloSteps(kind: "style"), [other]) == [-0.5, 0.5])
    }

    @Test("plays of one only move, one only play, none: their steps are worth what they brought and no more than that")
    func lonely() throws {
        let one = group(of: [chain("a", [[10], [11]])], returns([0.5]))
        let rows = try batch(MonteCarloSteps(), [one]).examples
        #expect(rows.numbers("reward") == [0.5, 0.5] && rows.allSatisfy { $0.advantages.allSatisfy { $0 == 0 } })
        #expect(try batch(RoleTree(), [one]).pairs.isEmpty && batch(MonteCarloSteps(), [group(of: [], [])]).examples.isEmpty)
        // The same play twice is one path walked twice.
        let same = group(of: [chain("a", [[10]]), chain("b", [[10]])], returns([1, 0]))
        #expect(try batch(MonteCarloSteps(), [same]).examples.numbers("reward") == [0.5, 0.5])
        #expect(try batch(RoleTree(), [same]).examples.isEmpty)
    }

    @Test("a play that stops early counts as one child of where it stopped")
    func earlyEnds() throws {
        // 10 ends at once with 1; 10 11 brings 0, 10 12 brings 1: V(10) = mean of V(11), V(12) and the end = ⅔.
        let played = group(of: [chain("a", [[10]]), chain("b", [[10], [11]]), chain("c", [[10], [12]]), chain("d", [[13]])], returns([1, 0, 1, 0]))
        let found = try batch(RoleTree(), [played])
        let pairs = found.pairs.map { "\(found.examples[$0.chosen].tokens.last ?? 0)>\(found.examples[$0.rejected].tokens.last ?? 0)" }
        #expect(pairs == ["10>13", "12>11"])
        #expect(isClose(found.pairs[0].margin, 2.0 / 3) && found.pairs[1].margin == 1)
        #expect(try batch(RoleTree(threshold: 0.7), [played]).pairs.count == 1)
        #expect(try batch(RoleTreeMoves(threshold: 0.6), [played]).examples.map { $0.tokens.last ?? 0 } == [10, 12])
        #expect(try batch(RoleTreeMoves(threshold: 0.7), [played]).examples.map { $0.tokens.last ?? 0 } == [12])
        #expect(found.examples.numbers("label") == [1, 0, 1, 0])
    }

    @Test("a value at the threshold is bad, and other kinds of verdicts can value leaves")
    func thresholds() throws {
        let played = group(of: [chain("a", [[10]]), chain("b", [[11]])], returns([0.5, 0]) + returns([0, 1], kind: "style"))
        #expect(try batch(RoleTree(threshold: 0.5), [played]).pairs.isEmpty)
        #expect(try batch(RoleTree(threshold: 0.4), [played]).pairs.count == 1)
        let style = try batch(RoleTree(kind: "style"), [played])
        #expect(style.examples[style.pairs[0].chosen].episode == "b")
        #expect(try batch(RoleTreeMoves(kind: "style"), [played]).examples.map(\.episode) == ["b"])
    }

    @Test("values backed up over three levels: mean, by visits, best, from verdicts at the leaves", arguments: TreeBackup.Rule.allCases)
    func rules(rule: TreeBackup.Rule) throws {
        // 0 has children 1 (visits 3, verdict 1) and 2 (visits 1); 2 has children 3 (½) and 4 (0, visited thrice).
        let tree = searched([
            node(nil, 10, visits: 5, value: 0.1), node(0, 11, visits: 3, value: 0.2, verdict: 1), node(0, 12, visits: 1, value: 0.3),
            node(2, 13, visits: 1, value: 0.4, verdict: 0.5), node(2, 14, visits: 3, value: 0.5, verdict: 0),
        ])
        let values: [TreeBackup.Rule: [Double]] = [
            .stored: [0.1, 0.2, 0.3, 0.4, 0.5], .mean: [0.625, 1, 0.25, 0.5, 0], .meanByVisits: [(3 + 0.125) / 4, 1, 0.125, 0.5, 0], .best: [1, 1, 0.5, 0.5, 0],
        ]
        let expected = values[rule] ?? []
        let rows = try batch(TreeBackup(rule: rule), [tree]).examples
        #expect(zip(rows.numbers("reward"), expected).allSatisfy { isClose($0, $1) } && rows.count == 5)
        // Each against where it was made; the root is its only move's value.
        let before = [expected[0], expected[0], expected[0], expected[2], expected[2]]
        for (row, value) in zip(rows, zip(expected, before).map { $0 - $1 }) { #expect(isClose(Double(row.advantages[0]), value, 1e-6)) }
    }

    @Test("moves visited too rarely are left out, of back-up rows and of pairs; other roles have no tree here")
    func visits() throws {
        let tree = searched([node(nil, 10, visits: 3, value: 1), node(nil, 11, visits: 2, value: 0), node(nil, 12, visits: 0, value: -9)])
        for (least, tokens) in [(0, [10, 11, 12]), (1, [10, 11]), (3, [10]), (4, [])] as [(Int, [TokenID])] {
            #expect(try batch(TreeBackup(leastVisits: least), [tree]).examples.map { $0.tokens.last ?? 0 } == tokens)
            #expect(try batch(SiblingPairs(leastVisits: least), [tree]).pairs.count == [0: 3, 1: 1][least] ?? 0)
        }
        #expect(try batch(TreeBackup(), [searched([node(nil, 10)], role: "critic")]).examples.isEmpty)
        #expect(try batch(TreeBackup(), [searched([node(nil, 10)], role: "critic")], roles: ["critic"]).examples.count == 1)
    }

    @Test("sibling pairs: values backed up by the set rule from the set kind; opposite signs exclude 0")
    func siblings() throws {
        let tree = searched([
            node(nil, 10, value: 0.5, verdict: -1), node(nil, 11, value: 0, verdict: 1), node(nil, 12, value: -0.5, verdict: 0),
            node(0, 13, value: 2, verdict: 3, kind: "style"),
        ])
        func found(_ credit: SiblingPairs) throws -> [String] {
            let made = try batch(credit, [tree])
            return made.pairs.map { "\(made.examples[$0.chosen].tokens.last ?? 0)>\(made.examples[$0.rejected].tokens.last ?? 0)" }
        }
        #expect(try found(SiblingPairs()) == ["10>11", "10>12", "11>12"])
        #expect(try found(SiblingPairs(hasOppositeSigns: true)) == ["10>12"])
        #expect(try found(SiblingPairs(bestVersusWorst: true)) == ["10>12"])
        #expect(try found(SiblingPairs(threshold: 0.5)) == ["10>12"], "a difference of 0.5 is not above 0.5")
        #expect(try found(SiblingPairs(threshold: -3)) == ["10>11", "10>12", "11>12"])
        // From the leaves: 10 is worth its child's value 2 (its own verdict is a leaf's no more), 11 and 12 their verdicts 1 and 0.
        #expect(try found(SiblingPairs(backup: .mean)) == ["10>11", "10>12", "11>12"])
        #expect(try batch(SiblingPairs(backup: .mean), [tree]).pairs.map(\.margin) == [1, 2, 1])
        #expect(try batch(SiblingPairs(backup: .mean, kind: "style"), [tree]).pairs.map(\.margin) == [3, 3.5, 0.5])
    }

    @Test("the same words in two nodes are no pair, and a lone move has no sibling")
    func alike() throws {
        #expect(try batch(SiblingPairs(), [searched([node(nil, 10, value: 1), node(nil, 10, value: 0)])]) == TrainingBatch())
        #expect(try batch(SiblingPairs(bestVersusWorst: true), [searched([node(nil, 10, value: 1)])]) == TrainingBatch())
        #expect(try batch(SiblingPairs(), [searched([])]) == TrainingBatch() && batch(TreeBackup(), [searched([])]) == TrainingBatch())
    }

    @Test("a tree under itself, an unknown parent, an unfinished value: each has its sentence")
    func refusals() {
        func refusal(_ nodes: [SearchTree.Node]) -> String { sentence { _ = try batch(TreeBackup(), [searched(nodes)]) } }
        #expect(refusal([node(0, 10)]) == "The search tree of episode “e” has node 0 under node 0; expected a node made before it")
        #expect(refusal([node(nil, 10), node(-1, 11)]) == "The search tree of episode “e” has node 1 under node -1; expected a node made before it")
        #expect(refusal([node(nil, 10), node(7, 11)]) == "The search tree of episode “e” has node 1 under node 7; expected a node made before it")
        #expect(refusal([node(nil, 10, value: .infinity)]) == "The search tree of episode “e” has the value inf at node 0; expected a finite number")
        #expect(
            sentence { _ = try batch(TreeBackup(rule: .best), [searched([node(nil, 10, verdict: .nan)])]) }
                == "The search tree of episode “e” has the value nan at node 0; expected a finite number")
        let unjudged = group(of: [chain("a", [[10]])], [])
        #expect(
            sentence { _ = try batch(RoleTree(), [unjudged]) } == "Group 0 (problem “p”) has no “return” verdict on episode 0; add a judge that gives it")
    }

    @Test("children without a verdict are passed over, those with one count where they join; episodes of the group need one")
    func children() throws {
        var played = group(of: [chain("a", [[10], [11]])], returns([0]))
        played.children = [group(of: [chain("x", [[10], [12]])], []), group(of: [chain("y", [[10], [13]])], returns([1]))]
        let rows = try batch(MonteCarloSteps(), [played]).examples
        #expect(rows.map(\.episode) == ["a", "a"] && rows.numbers("reward") == [0.5, 0] && rows.map { $0.advantages.last ?? 9 } == [0, -0.5])
        let moves = try batch(RoleTreeMoves(threshold: 0.4), [played]).examples
        #expect(moves.map { $0.tokens.last ?? 0 } == [10, 13] && moves.map(\.episode) == ["a", "y"])
    }
}
