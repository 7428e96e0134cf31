import Foundation
import HoneCore
import HoneJudges
import HoneSearch
import HoneSocieties
import HoneTestSupport
import Testing

/// Values by a table of words; 0 for others.
private struct Table: Valuation {
    static let card = PartCard(name: "table")
    let worth: [String: Double]

    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        positions.map { Valued(worth[($0.state as? Letters.State)?.word ?? ""] ?? 0, verdicts: [Verdict(on: .episode(0), kind: "table", value: 1)]) }
    }
}

@Suite("Depth-first search, lookahead, equilibrium selection, hybrid values")
struct DepthFirstTests {
    private let services = ScriptedServices(models: ["policy": ScriptedModel(saying: "b")], policies: ["direct": DirectPolicy()])
    private let table = Table(worth: ["a": 0.6, "b": 0.9, "ba": 0.3, "bb": 0.2, "aa": 0.5, "ab": 0.7, "aba": 0.8, "abb": 0.1, "baa": 1, "aaa": 0.4])

    private func words(_ search: some SearchMethod, depth: Int = 3) async throws -> (order: [String], chosen: String) {
        let tree = try await search.search(Letters(depth: depth).position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope())
        func word(_ node: Int) -> String { tree.path(to: node).map { tree.nodes[$0].move.text }.joined() }
        return (tree.nodes.indices.map(word), word(tree.chosen))
    }

    @Test("the worthiest beginning is gone on from first, what is not above the threshold never; the worthiest finished answer is kept")
    func order() async throws {
        func search(_ threshold: Double, steps: Int = 100, enough: Double? = nil) -> DepthFirst {
            DepthFirst(steps: steps, threshold: threshold, enough: enough, expansion: AllListedMoves(), valuation: table)
        }
        // Of b nothing is above 0.4, so the better answer behind it is never seen; then a, with ab before aa.
        let pruned = try await words(search(0.4))
        #expect(pruned.order == ["a", "b", "ba", "bb", "aa", "ab", "aba", "abb", "aaa", "aab"] && pruned.chosen == "aba")
        #expect(try await words(search(0.1)).chosen == "baa")
        #expect(try await words(search(0.4, enough: 0.75)).order.last == "abb", "a finished answer worth 0.8 ends it")
        // Three positions are looked into: the root, b, a. Nothing is finished, and of the deepest the worthiest is kept.
        let short = try await words(search(0.4, steps: 3))
        #expect(short.order == ["a", "b", "ba", "bb", "aa", "ab"] && short.chosen == "ab")
        await #expect(throws: CoreError.self) { try await words(search(0, steps: 0)) }
    }

    @Test("lookahead values a beginning where greedy steps lead; with none it is the valuation itself, and what is over is valued as it is")
    func lookahead() async throws {
        // The player always says b: from a two steps lead to abb, from b to bbb.
        func value(_ steps: Int, from word: String) async throws -> Double {
            var position = Letters(depth: 3).position()
            position.state.word = word
            return try await LookAhead(steps: steps, valuation: table).values(
                of: [position], for: .solver, as: Player(model: "policy"), cast: Sums.cast, judge: nil, scopes: [services.scope()])[0].value
        }
        #expect(try await value(0, from: "a") == 0.6)
        #expect(try await value(1, from: "a") == 0.7)
        #expect(try await value(2, from: "a") == 0.1)
        #expect(try await value(9, from: "a") == 0.1)
        #expect(try await value(2, from: "baa") == 1)
        let model = ScriptedModel(saying: "b")
        let live = ScriptedServices(models: ["policy": model], policies: ["direct": DirectPolicy()])
        _ = try await LookAhead(steps: 2, valuation: table).values(
            of: [Letters(depth: 3).position()], for: .solver, as: Player(model: "policy"), cast: Sums.cast, judge: nil, scopes: [live.scope()])
        #expect(model.requests.count == 2 && model.requests.allSatisfy { $0.sampling.temperature == 0 })
        var settings = SearchSettings()
        (settings.lookahead, settings.width, settings.branches) = (2, 2, 2)
        let beam = try #require(try SearchCatalog.entry("beam").method(settings, asking: table) as? BeamSearch)
        #expect(beam.valuation is LookAhead)
        settings.lookahead = -1
        #expect(settings.faults().contains { $0.contains("search.lookahead") })
    }

    @Test("a hybrid value is the weighted sum of both, with the verdicts of both")
    func hybrid() async throws {
        var position = Letters(depth: 3).position()
        position.state.word = "ba"
        let other = Table(worth: ["ba": 0.8])
        func found(_ share: Double) async throws -> Valued {
            try await HybridValue(table, other, share: share).values(
                of: [position], for: .solver, as: Player(model: "policy"), cast: Sums.cast, judge: nil, scopes: [services.scope()])[0]
        }
        // 0.75·0.3 + 0.25·0.8
        let mixed = try await found(0.25)
        #expect(abs(mixed.value - 0.425) < 1e-12 && mixed.verdicts.count == 2)
        #expect(try await found(0).value == 0.3)
        #expect(try await found(1).value == 0.8)
        await #expect(throws: CoreError.self) { try await found(1.5) }
    }

    @Test("the equilibrium between moves, by hand")
    func equilibrium() {
        func isNear(_ values: [Double], _ bonuses: [Double], _ expected: [Double]) -> Bool {
            zip(Selection.equilibrium(values: values, bonuses: bonuses), expected).allSatisfy { abs($0 - $1) < 1e-9 }
        }
        #expect(isNear([0.5, 0.5], [1, 1], [0.5, 0.5]))
        // Pay-offs 1, 3 and 2, 0: x + 2(1 − x) = 3x, so x = ½.
        #expect(isNear([1, 0], [2, 2], [0.5, 0.5]))
        // 1, 1½ and ½, 0: the first row is better whatever is guarded.
        #expect(isNear([1, 0], [0.5, 0.5], [1, 0]))
        // The first pays at most 1, and the other two are sure of 4/3: weights in proportion to ½ and ¼.
        #expect(isNear([0, 0, 0], [1, 2, 4], [0, 2.0 / 3, 1.0 / 3]))
        #expect(isNear([.nan, 0], [1, 1], [0.5, 0.5]))
    }

    @Test("a tree search by the equilibrium looks at every move at first and settles on the best, the same with the same seed")
    func nash() async throws {
        let search = TreeSearch(simulations: 200, selection: .nash(c: 1), expansion: AllListedMoves(), valuation: Table(worth: ["a": 0.2, "b": 0.9]), choice: .visits)
        var trees: [SearchTree] = []
        for _ in 0..<2 {
            trees.append(try await search.search(Letters(depth: 1).position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope(seed: 7)))
        }
        let visits = trees[0].nodes.map(\.visits)
        #expect(trees[0] == trees[1] && trees[0].nodes[trees[0].chosen].move.text == "b")
        #expect(visits[1] > visits[0] && visits[0] >= 1, "\(visits)")
    }

    @Test("a finished play worth nothing is the answer, or gives way to a position that promises more, as one likes")
    func openPositions() async throws {
        func said(_ choice: TreeSearch.Choice, worth: [String: Double], simulations: Int = 1) async throws -> [String] {
            let search = TreeSearch(simulations: simulations, expansion: AllListedMoves(), valuation: Table(worth: worth), choice: choice)
            let tree = try await search.search(Letters(depth: 2).position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope(seed: 7))
            return tree.path(to: tree.chosen).map { tree.nodes[$0].move.text }
        }
        let worth = ["a": 0.3, "b": 0.6, "ba": 0.1, "bb": 0.2, "aa": 0.25, "ab": 0]
        // Below b everything is finished and worth little; a is open still, and promises more.
        #expect(try await said(.answer, worth: worth, simulations: 2) == ["b", "b"])
        #expect(try await said(.leaf, worth: worth, simulations: 2) == ["a"])
        // A finished play is preferred to a promise that is as good.
        #expect(try await said(.leaf, worth: worth.merging(["bb": 0.3]) { $1 }, simulations: 2) == ["b", "b"])
        // Where nothing is finished both go where the values are.
        #expect(try await said(.leaf, worth: worth) == ["b"])
    }
}
