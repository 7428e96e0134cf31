import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Synchronization
import Testing

@Suite("Options and adaptive width")
struct OptionTests {
    /// Draws these texts one after the other, and says `likeliest` at temperature 0.
    private func services(drawing texts: [String]) -> ScriptedServices {
        let left = Mutex(texts)
        let model = ScriptedModel { request, _ in
            request.sampling.temperature == 0 ? "likeliest" : left.withLock { $0.isEmpty ? "nothing" : $0.removeFirst() }
        }
        return ScriptedServices(models: ["policy": model, "fast": ScriptedModel(saying: "b")], policies: ["direct": DirectPolicy()])
    }

    private func drawn(_ options: OptionMoves, _ texts: [String], besides siblings: [String]) async throws -> [String] {
        try await options.candidates(
            at: Letters(depth: 40).position(), after: siblings.map { Tried(move: $0) }, for: .solver, as: Player(model: "policy"), cast: Sums.cast, count: 1,
            in: services(drawing: texts).scope()
        ).map(\.move.text)
    }

    @Test("an option is drawn again until it is far enough from its siblings; else the most distant draw is kept, and none that is alike")
    func redraws() async throws {
        let texts = ["abcx", "abyx", "wxyz", "zzzz"]
        #expect(try await drawn(OptionMoves(distance: 3), texts, besides: ["abcd"]) == ["wxyz"], "distances 1, 2 and 4")
        #expect(try await drawn(OptionMoves(distance: 3, redraws: 1), texts, besides: ["abcd"]) == ["abyx"])
        #expect(try await drawn(OptionMoves(distance: 3), texts, besides: ["abcd", "wxyy"]) == ["zzzz"], "wxyz is 1 from wxyy, zzzz is 4 from both")
        #expect(try await drawn(OptionMoves(distance: 0), texts, besides: ["abcx"]) == ["abyx"])
        #expect(try await drawn(OptionMoves(redraws: 2), ["ab", "ab", "ab"], besides: ["ab"]).isEmpty)
        #expect(try await drawn(OptionMoves(distance: 3), texts, besides: []) == ["likeliest"], "the first of a position")
    }

    @Test("an option of several steps keeps their tokens, ends with the answer, and where it looks lost; moves that are no steps are not joined")
    func steps() async throws {
        let sums = try Sums(right: 1)
        func option(_ options: OptionMoves) async throws -> Move? {
            try await options.candidates(
                at: sums.position, after: [], for: .solver, as: Player(model: "policy"), cast: Sums.cast, count: 1, in: sums.services.scope()
            ).first?.move
        }
        let two = try #require(try await option(OptionMoves(steps: 2)))
        #expect(two.text == "11,6," && two.segments.tokens == ScriptedModel.tokens(of: "11,6,") && two.context?.text == "3+8-5+7=")
        #expect(try await option(OptionMoves(steps: 9))?.text == "11,6,13")
        #expect(try await option(OptionMoves(steps: 9, stop: Constant(0.25), floor: 0.5))?.text == "11,")
        #expect(try await option(OptionMoves(steps: 9, stop: Constant(0.5), floor: 0.5))?.text == "11,6,13")
        await #expect(throws: CoreError.self) { try await drawn(OptionMoves(steps: 2), ["a"], besides: []) }
    }

    @Test("importance is the largest distance from the mean; it allows between the least and the most", arguments: [
        (4.0, 10, 1, 1), (10.0, 10, 1, 3), (10.0, 2, 1, 2), (10.0, 10, 4, 4), (100.0, 10, 1, 10),
    ])
    func importance(factor: Double, most: Int, least: Int, allowed: Int) {
        // The mean of 0.25, 0.75 and 0.875 is 0.625: the first is 0.375 away.
        #expect(Widening(factor: factor, most: most).allowed(least: least, values: [0.25, 0.75, 0.875]) == allowed)
        #expect(Widening(factor: factor, most: most).allowed(least: least, values: []) == least)
    }

    @Test("a position is widened by one move a simulation until it has what importance allows", arguments: [(6.0, 3), (3.0, 2), (0.0, 2)])
    func widening(factor: Double, children: Int) async throws {
        // The first two are worth 0 and 1, each ½ from the mean, and a third worth ½ leaves that as it is.
        let search = TreeSearch(
            simulations: 5, branches: 2, widening: Widening(factor: factor), expansion: SampledMoves(), valuation: ByFirstLetter(worths: ["a": 0, "b": 1, "c": 0.5]))
        let tree = try await search.search(
            Letters(depth: 1).position(), for: .solver, cast: Sums.cast, judge: nil, in: services(drawing: ["a", "b", "c", "d"]).scope())
        #expect(tree.children(of: nil).count == children)
        #expect(tree.nodes.reduce(0) { $0 + $1.visits } == 6, "two new moves at first, then one visit a simulation")
    }

    @Test("the root may begin wider than others; a position where nothing new is found is left alone")
    func root() async throws {
        let wide = TreeSearch(
            simulations: 1, branches: 2, widening: Widening(factor: 0, root: 4), valuation: ByFirstLetter(worths: [:]))
        let letters = ["a", "b", "c", "d", "e"]
        let tree = try await wide.search(Letters(depth: 2).position(), for: .solver, cast: Sums.cast, judge: nil, in: services(drawing: letters).scope())
        #expect(tree.children(of: nil).count == 4)
        // After a and b only “nothing” is drawn: once, as a third move, and never again.
        let narrow = TreeSearch(
            simulations: 12, branches: 2, widening: Widening(factor: 100), valuation: ByFirstLetter(worths: ["a": 0, "b": 1]))
        let left = try await narrow.search(Letters(depth: 1).position(), for: .solver, cast: Sums.cast, judge: nil, in: services(drawing: ["a", "b"]).scope())
        #expect(Set(left.children(of: nil).map { left.nodes[$0].move.text }) == ["a", "b", "nothing"])
        await #expect(throws: CoreError.self) {
            _ = try await TreeSearch(widening: Widening(factor: -1)).search(
                Letters(depth: 1).position(), for: .solver, cast: Sums.cast, judge: nil, in: services(drawing: []).scope())
        }
    }

    @Test("fast rollouts end where another player leads; sums weigh their terms, and finished plays have a valuation of their own")
    func values() async throws {
        let world = Letters(depth: 3)
        var cast = Sums.cast
        cast["fast"] = Player(model: "fast")
        func values(_ words: [String], by valuation: any Valuation) async throws -> [Double] {
            let scope = services(drawing: []).scope()
            let positions = words.map { word in
                var position = world.position()
                position.state.word = word
                return position
            }
            return try await valuation.values(
                of: positions, for: .solver, as: Player(model: "policy"), cast: cast, judge: nil, scopes: words.indices.map { scope.child("worth", $0) }
            ).map(\.value)
        }
        let rolled = try await values(["a", "aba"], by: FastRollouts(rollouts: 2, by: "fast", valuation: WordValues()))
        #expect(rolled == [Letters.worth(of: "abb"), Letters.worth(of: "aba")])
        let sum = WeightedValue([.init(0.5, Constant(1)), .init(2, Constant(0.25)), .init(0, FastRollouts(by: "nobody", valuation: Constant(1)))], ends: Constant(9))
        #expect(try await values(["a", "aba"], by: sum) == [1, 9])
        #expect(try await values(["a", "aba"], by: HybridValue(Constant(1), Constant(0), share: 0.25)) == [0.75, 0.75])
        await #expect(throws: CoreError.self) { _ = try await values(["a"], by: FastRollouts(by: "nobody", valuation: Constant(1))) }
    }

    @Test("the catalogue's search over options finds a sum; what cannot work has its key")
    func catalogue() async throws {
        var settings = SearchSettings()
        (settings.method, settings.options.steps, settings.parallel, settings.options.factor) = ("eta-mcts", 2, 2, 8)
        let search = try #require(try SearchCatalog.entry("eta-mcts").method(settings, asking: PlayedOut(plays: 1)))
        let found = try await Sums(right: 0.8).found(by: search)
        #expect(found.text.hasSuffix("13") && found.tree.nodes.contains { $0.move.text.split(separator: ",").count == 2 })
        for node in [nil] + found.tree.nodes.indices.map(Optional.some) {
            let texts = found.tree.children(of: node).map { found.tree.nodes[$0].move.text }
            #expect(Set(texts).count == texts.count)
        }
        (settings.options.steps, settings.options.factor, settings.options.distance) = (0, -1, -2)
        for key in ["steps", "factor", "distance"] { #expect(settings.faults().contains { $0.contains("search.options.\(key)") }) }
    }
}

/// The same value everywhere.
private struct Constant: Valuation {
    static let card = PartCard(name: "constant")
    let value: Double

    init(_ value: Double) { self.value = value }

    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] { positions.map { _ in Valued(value) } }
}

/// Worths by the first letter of a word; 0 for all others.
private struct ByFirstLetter: Valuation {
    static let card = PartCard(name: "by-first-letter")
    let worths: [String: Double]

    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        positions.map { Valued(worths[String((($0.state as? Letters.State)?.word ?? "").prefix(1))] ?? 0) }
    }
}
