import Foundation
import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Trees of states")
struct StateTreeTests {
    typealias Known = StateSelection.Known

    private func terms(_ known: Known, _ change: (inout StateSelection.Weights) -> Void = { _ in }) -> [String: Double] {
        var selection = StateSelection()
        change(&selection.weights)
        return Dictionary(uniqueKeysWithValues: selection.terms(known).map { ($0.name, $0.value) })
    }

    @Test("the terms of the score by hand, with the released weights")
    func released() {
        let fresh = terms(Known(value: 60, visits: 2, parentVisits: 8, parentValue: 70, depth: 4))
        #expect(fresh == ["value": 60, "exploration": (log(8) / 2).squareRoot(), "near the root": 0, "depth": -1.6, "untried": 50])
        // A broken move behind a good state: 5 × (60 − (−20)).
        #expect(terms(Known(value: 60, visits: 2, parentVisits: 2, depth: 1, children: [-20]))["second chance"] == 400)
        #expect(terms(Known(value: 60, visits: 3, parentVisits: 3, depth: 1, children: [-20, -20]))["second chance"] == nil)
        #expect(terms(Known(value: 60, visits: 2, parentVisits: 2, depth: 1, children: [1]))["second chance"] == nil)
        #expect(terms(Known(value: 60, visits: 2, parentVisits: 2, depth: 1, children: [75]))["good child"] == -5)
        // A bad state that nothing was tried in gets what it lacks, where its parent is good or was not valued.
        #expect(terms(Known(value: -10, visits: 1, parentVisits: 1, parentValue: 60, depth: 1))["good parent"] == 60)
        #expect(terms(Known(value: -10, visits: 1, parentVisits: 1, parentValue: nil, depth: 1))["good parent"] == 60)
        #expect(terms(Known(value: -10, visits: 1, parentVisits: 1, parentValue: 50, depth: 1))["good parent"] == nil)
        #expect(terms(Known(value: nil, visits: 1, parentVisits: nil, depth: 0)) == ["value": 0, "exploration": 0, "near the root": 0, "depth": 0])
        #expect(terms(Known(value: 0, visits: 3, parentVisits: 3, depth: 1, children: [100], finished: 100))["finished"] == -50)
        #expect(terms(Known(value: 0, visits: 3, parentVisits: 3, depth: 1, children: [90], finished: 90))["finished"] == nil)
        let twice = terms(Known(value: 0, visits: 3, parentVisits: 3, depth: 1, children: [0], isRepeated: true, hasRepeatedChild: true))
        #expect(twice["repeated"] == -50 && twice["repeated child"] == -25)
        #expect(terms(Known(value: 0, visits: 0, parentVisits: 3, depth: 1)) == ["never visited": .infinity])
    }

    @Test("other weights and ranges of values by hand")
    func weighed() {
        let near = terms(Known(value: 0, visits: 1, parentVisits: 1, depth: 3, children: [0])) { $0.nearRoot = 200 }
        #expect(abs((near["near the root"] ?? 0) - 200 * exp(-1.6)) < 1e-9)
        #expect(terms(Known(value: 0, visits: 1, parentVisits: 1, depth: 1, children: [0], difference: 0.25)) { $0.diversity = 20 }["diversity"] == 5)
        let shares = StateSelection(range: 0...1)
        let score = shares.score(Known(value: 0.8, visits: 1, parentVisits: 1, depth: 1, children: [0.9]))
        #expect(abs(score - (60 - 0.8 - 5)) < 1e-9, "0.8 counts 60, and 0.9 is a very good child")
    }

    @Test("greedy takes the best score, of equals the first; softmax draws in proportion to e to the score")
    func policies() {
        func known(_ value: Double) -> Known { Known(value: value, visits: 1, parentVisits: nil, depth: 0, children: [0]) }
        var generator = Seed(1).generator
        #expect(StateSelection().choose([known(1), known(2), known(2)], using: &generator) == 1)
        let softmax = StateSelection(policy: .softmax, temperature: 2)
        var first = 0.0
        for draw in 0..<4000 {
            var own = Seed(2).child("draw", draw).generator
            if softmax.choose([known(0), known(2 * log(3))], using: &own) == 0 { first += 1 }
        }
        #expect(abs(first / 4000 - 0.25) < 0.03)
    }

    @Test("what is told of moves that were tried, in signs and in sentences")
    func hindsight() {
        let tried = [Tried(move: "edit f 2 +\n", value: -25.4, words: "f"), Tried(move: "test")]
        func text(_ told: HindsightMoves.Told) -> String { HindsightMoves(told: told).text(after: tried) }
        #expect(text(.nothing) == "" && HindsightMoves().text(after: []) == "")
        #expect(text(.moves) == "!edit f 2 +\n!test\n")
        #expect(text(.values) == "!edit f 2 +,-25\n!test\n")
        #expect(text(.explanations) == "!edit f 2 +,-25 f\n!test\n")
        let sentences = HindsightMoves(wording: .sentences).text(after: Array(tried.prefix(1)))
        #expect(sentences.contains("- edit f 2 +\n  judged at -25: f\n") && sentences.hasSuffix("something different.\n"))
    }

    @Test("an agent's number becomes a value and the rest of its line an explanation", arguments: [
        ("7 f", 75.0, "f"), ("it is 3: broken. \nmore", -25, "broken."), ("8", 100, ""), ("-1 f", -100, nil), ("nothing", -100, nil),
    ] as [(String, Double, String?)])
    func valueAgent(said: String, value: Double, words: String?) async throws {
        let services = ScriptedServices(models: ["policy": ScriptedModel(saying: said)], policies: ["direct": DirectPolicy()])
        let repair = try RepairAgents()
        let agent = ValueAgent(seat: RepoRepair.value, said: 0...8, tries: 2)
        let found = try await agent.values(
            of: [try repair.position(["view g"])], for: .solver, as: Player(model: "policy"), cast: repair.cast, judge: nil, scopes: [services.scope()])
        #expect(found == [Valued(value, verdicts: [Verdict(on: .episode(0), kind: .worth, value: value, critique: words)])])
        #expect(services.charged.calls == (words == nil ? 2 : 1), "what cannot be read is asked for again")
    }

    @Test("a search by hand: hindsight leads from a wrong edit to the right one, and values are backed up as means", arguments: ["latest-view", "direct"])
    func search(policy: String) async throws {
        let repair = try RepairAgents(policy: PolicyName(policy))
        let tree = try await repair.tree(StateTreeSearch(iterations: 20, finished: 1, valuation: repair.agent))
        #expect(tree.nodes.map(\.move.text) == ["view g", "edit g 3 4", "edit g 3 *", "finish"])
        #expect(tree.nodes.map(\.parent) == [nil, 0, 0, 2] && tree.chosen == 3)
        // 25 of its own, then −75, 100 and 100 from below.
        #expect(tree.nodes.map(\.value) == [37.5, -75, 100, 100] && tree.nodes.map(\.visits) == [4, 1, 2, 1])
        #expect(tree.nodes.map { $0.verdicts.first?.critique } == ["g", "g", "-", "-"])
        #expect(tree.nodes[2].move.context?.text.hasSuffix("!edit g 3 4,-75 g\n") == true, "the maker of the second edit was told of the first")
        #expect(tree.nodes[2].move.transcript?.text.contains("!edit") == false, "which is forgotten afterwards")
    }

    @Test("untold the player repeats itself: a repeated move takes its twin's value, costs its state 25, and is not valued again")
    func repeats() async throws {
        let repair = try RepairAgents()
        let tree = try await repair.tree(
            StateTreeSearch(iterations: 4, expansion: HindsightMoves(told: .nothing), valuation: repair.agent, choice: KeptByValue()))
        // After the repeated edit g's state counts 25 − 25 − 0.8 and a little, less than the root's 0.
        #expect(tree.nodes.prefix(4).map(\.move.text) == ["view g", "edit g 3 4", "edit g 3 4", "view g"])
        #expect(tree.nodes.prefix(4).map(\.parent) == [nil, 0, 0, nil])
        #expect(repair.model.requests.count { $0.context.text.hasSuffix("#") } == 2)
        // Nothing has finished: the player goes on from g's state, the most valued, to the end.
        #expect(tree.nodes.dropFirst(4).map(\.move.text) == ["edit g 3 4", "finish"] && tree.nodes[4].parent == 0 && tree.chosen == 5)
    }

    @Test("limits: no state has more children than expansions or more moves behind it than the depth, and what is closed ends the search")
    func limits() async throws {
        let repair = try RepairAgents()
        let tree = try await repair.tree(StateTreeSearch(iterations: 50, expansions: 1, depth: 2, finished: 0, valuation: repair.agent))
        #expect(tree.nodes.prefix(2).map(\.move.text) == ["view g", "edit g 3 4"])
        #expect(tree.path(to: tree.chosen).map { tree.nodes[$0].move.text } == ["view g", "edit g 3 4", "finish"], "what is unfinished is played on from its best state")
        await #expect(throws: CoreError.self) { try await repair.tree(StateTreeSearch(iterations: 0)) }
    }

    @Test("what was kept is played to its end without searching again", arguments: ["latest-view", "direct"])
    func played(policy: String) async throws {
        let agent = try RepairAgents().agent
        let repair = try RepairAgents(policy: PolicyName(policy), search: StateTreeSearch(iterations: 20, finished: 1, valuation: agent))
        let episode = try await Solo().play(repair.position(), cast: repair.cast, in: repair.services.scope(seed: 1))
        #expect(episode.steps.map(\.move.text) == ["view g", "edit g 3 *", "finish"] && episode.returns == [.solver: 1])
        #expect(episode.steps.count { $0.move.tree != nil } == 1)
        #expect(repair.model.requests.count == 8, "four moves and four values")
    }

    @Test("plays are kept by the value of the last state, or by the mean over the way; of equals the first")
    func kept() async throws {
        let repair = try RepairAgents()
        let plays = try [[0.0, 90], [80, 60], [10, 90]].map { FinishedPlay(position: try repair.position(["finish"]), values: $0) }
        let scope = repair.services.scope()
        #expect(try await KeptByValue(.best).choose(among: plays, cast: [:], in: scope) == 0)
        #expect(try await KeptByValue(.mean).choose(among: plays, cast: [:], in: scope) == 1)
    }

    @Test("a debate's last votes decide; ties and unreadable votes go to the last state that is valued most; agreement ends it", arguments: [
        ([["1", "2", "2"]], 1), ([["1", "2", "3"]], 2), ([["x", "9", "0"]], 2), ([["1", "2", "2"], ["1", "1", "2"]], 0), ([["2", "2", "2"], ["1", "1", "1"]], 1),
    ])
    func debates(votes: [[String]], winner: Int) async throws {
        let repair = try RepairAgents()
        let plays = try [10.0, 20, 30].map { FinishedPlay(position: try repair.position(["finish"]), values: [$0]) }
        let services = ScriptedServices(policies: ["direct": WrittenVotes(votes: votes)])
        let debate = Debate(seat: RepoRepair.debater, agents: 3, rounds: votes.count)
        #expect(try await debate.choose(among: plays, cast: repair.cast, in: services.scope()) == winner)
        #expect(try await debate.choose(among: Array(plays.prefix(1)), cast: [:], in: services.scope()) == 0, "of one play nobody is asked")
    }

    @Test("of a finished play debaters are told its last value and why")
    func said() throws {
        let position = try RepairAgents().position(["finish"])
        #expect(FinishedPlay(position: position, values: [0, 74.6], words: "f").said == "75 f")
        #expect(FinishedPlay(position: position, values: [-50], words: "").said == "-50" && FinishedPlay(position: position, values: []).said == nil)
    }

    @Test("what debaters read: plays by number with what was said of them, and later what the others said")
    func debateQuestion() {
        let plays: [(text: String, words: String?)] = [("t6/6 e1", "-"), ("t- e2", nil)]
        #expect(Debate(seat: "debater").question(of: plays, others: []) == "1:t6/6 e1,-\n2:t- e2\n#")
        #expect(Debate(seat: "debater").question(of: plays, others: [1, 0]) == "1:t6/6 e1,-\n2:t- e2\n@2 1\n#")
        #expect(Debate(seat: "debater", wording: .sentences).question(of: plays, others: [1]).contains("Others would keep number: 2\n"))
    }

    @Test("the catalogue makes it of settings")
    func catalogue() throws {
        var settings = SearchSettings()
        (settings.simulations, settings.branches, settings.states.finished, settings.states.hindsight, settings.states.final) = (7, 2, 3, .values, .mean)
        let search = try #require(try SearchCatalog.entry("state-tree").method(settings, asking: PlayedOut(plays: 0)) as? StateTreeSearch)
        #expect(search.iterations == 7 && search.expansions == 2 && search.finished == 3 && search.selection.range == 0...1)
        #expect((search.expansion as? HindsightMoves)?.told == .values && (search.choice as? KeptByValue)?.number == .mean)
        settings.states.finished = -1
        #expect(settings.faults().contains { $0.contains("search.states.finished") })
    }
}
