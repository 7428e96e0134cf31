import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

/// Pages written beforehand, by the moves that lead to them.
private struct WrittenPages: Imagination {
    static let card = PartCard(name: "written-pages")
    let pages: [String: ImaginedPage]

    func position(of view: View) throws -> String { "" }
    func page(after move: String?, at position: String, as player: Player, in scope: Scope) async throws -> ImaginedPage? {
        var cost = Cost()
        cost.calls = 1
        scope.services.charge(cost)
        return pages[position + (move ?? "")]
    }
}

private func page(_ position: String, _ moves: [(String, Double)] = [], best: String? = nil, ended: Double? = nil) -> ImaginedPage {
    ImaginedPage(position: position, moves: moves.map { ImaginedPage.Listed($0.0, value: $0.1) }, best: best, ended: ended)
}

@Suite("Search in a model's pages")
struct ImaginedSearchTests {
    private func searched(_ pages: [ImaginedPage], simulations: Int, width: Int = 1) async throws -> (tree: SearchTree, calls: Int) {
        let world = try Arithmetic()
        let services = ScriptedServices(worlds: ["arithmetic": world])
        let scope = services.scope(seed: 3)
        let start = Position(world: world, state: try await world.begin(Problem(id: "0", world: "arithmetic", text: "3+8=", answer: "11"), in: scope))
        let search = ImaginedSearch(
            simulations: simulations, width: width, selection: .puct(c: 0), temperature: 0.1,
            imagination: WrittenPages(pages: Dictionary(uniqueKeysWithValues: pages.map { ($0.position, $0) })))
        let tree = try await search.search(start, for: .solver, cast: [.solver: Player(model: "policy")], judge: nil, in: scope)
        return (tree, services.charged.calls)
    }

    private func kept(_ tree: SearchTree) -> String { tree.nodes[tree.chosen].move.text }

    /// a looks better than b until the replies are looked at.
    private let pages = [
        page("", [("a", 0.6), ("b", 0.5)], best: "a"), page("a", [("x", 0.9), ("y", 0.3)], best: "x"), page("b", [("x", 0.2), ("y", 0.1)], best: "x"),
    ]

    @Test("without simulations the worthiest move of the first page is kept, of equals the one said to be best; priors are a softmax of worth")
    func plain() async throws {
        let (tree, calls) = try await searched(pages, simulations: 0)
        #expect(kept(tree) == "a" && calls == 1 && tree.nodes.map(\.visits) == [1, 1])
        // e^0 / (e^0 + e^−1)
        #expect(abs((tree.nodes[0].prior ?? 0) - 0.7310586) < 1e-6)
        let equal = try await searched([page("", [("a", 0.5), ("b", 0.5), ("c", 0.5)], best: "b")], simulations: 0).tree
        #expect(kept(equal) == "b")
    }

    @Test("a page's best move is backed up to whoever came there, by hand: means of 0.6 and 1 − 0.9, and of 0.5 and 1 − 0.2")
    func backedUp() async throws {
        let one = try await searched(pages, simulations: 1)
        #expect(abs(one.tree.nodes[0].value - 0.35) < 1e-9 && one.tree.nodes[0].visits == 2 && kept(one.tree) == "a" && one.calls == 2)
        let two = try await searched(pages, simulations: 2)
        #expect(abs(two.tree.nodes[1].value - 0.65) < 1e-9 && kept(two.tree) == "b" && two.calls == 3)
        #expect(two.tree.nodes.count == 6 && two.tree.children(of: 0).count == 2)
    }

    @Test("of simulations at once the second takes another way, as the first counts as a loss until it is back")
    func virtual() async throws {
        let both = try await searched(pages, simulations: 2, width: 2)
        #expect(both.tree.nodes[0].visits == 2 && both.tree.nodes[1].visits == 2 && kept(both.tree) == "b")
    }

    @Test("worth turns round at each ply: a reply that loses for its maker wins for the move before")
    func plies() async throws {
        let deep = pages.dropLast() + [page("b", [("x", 0.2)]), page("bx", ended: 1)]
        // a: 0.6, 0.1; b: 0.5, 0.8, then x below it wins at once: 1 for x, 0 for b.
        let tree = try await searched(Array(deep), simulations: 3).tree
        let b = try #require(tree.nodes.firstIndex { $0.move.text == "b" })
        let x = try #require(tree.children(of: b).first)
        #expect(abs(tree.nodes[x].value - 0.6) < 1e-9, "the mean of 0.2 and 1")
        #expect(abs(tree.nodes[b].value - 1.3 / 3) < 1e-9, "the mean of 0.5, 0.8 and 0")
    }

    @Test("an end says again what it is worth without a call; what cannot be read is left out and never kept")
    func ends() async throws {
        let won = try await searched([page("", [("a", 0.6), ("b", 0.5)]), page("a", ended: 1)], simulations: 3)
        #expect(won.calls == 2 && won.tree.nodes[0].visits == 4 && abs(won.tree.nodes[0].value - 0.9) < 1e-9)
        let lost = try await searched([page("", [("a", 0.6), ("b", 0.5)]), page("b", [("x", 0.9)])], simulations: 2)
        #expect(kept(lost.tree) == "b" && lost.calls == 3)
        let nothing = try await searched([], simulations: 4)
        #expect(kept(nothing.tree) == "" && nothing.calls == 1)
    }

    @Test("settings that cannot search are refused")
    func refused() async {
        await #expect(throws: CoreError.self) { _ = try await searched(pages, simulations: -1) }
        await #expect(throws: CoreError.self) { _ = try await searched(pages, simulations: 1, width: 0) }
    }
}

@Suite("Values in letters")
struct ValueBucketTests {
    @Test("letters name equal parts from a on, their values are the parts' middles, and 1 − v is the part as far from the other end")
    func letters() {
        let four = ValueBuckets(4)
        #expect([0, 0.24, 0.25, 0.5, 0.99, 1, 7].map { four.letter(of: four.bucket(of: $0)) } == ["a", "a", "b", "c", "d", "d", "d"])
        #expect((0..<4).map(four.middle) == [0.125, 0.375, 0.625, 0.875] && four.mirrored(1) == 2)
        #expect(four.bucket(of: "d") == 3 && four.bucket(of: "e") == nil && four.bucket(of: "!") == nil && four.letters == ["a", "b", "c", "d"])
    }

    @Test("the mean over letters: probabilities 1/4 and 3/4 of the lowest and highest, given up to a factor")
    func mean() throws {
        let two = ValueBuckets(2)
        // 0.25 · 1/4 + 0.75 · 3/4; ln 1 and ln 3 are 1/4 and 3/4 up to a factor.
        #expect(abs(try #require(two.mean(ofLogProbs: [0, 1.0986122886681098])) - 0.625) < 1e-9)
        #expect(two.mean(ofLogProbs: [-.infinity, -40]) == 0.75 && two.mean(ofLogProbs: [-.infinity, -.infinity]) == nil)
    }
}
