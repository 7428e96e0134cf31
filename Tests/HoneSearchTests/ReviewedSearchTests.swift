import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import Testing

@Suite("Plays kept in the tree, and bad ways reviewed")
struct ReviewedSearchTests {
    /// A player whose letters are drawn, and a reviewer who refuses a word that ends with b and is unsure of one that ends with aa.
    private var services: ScriptedServices {
        let player = ScriptedModel { request, number in
            var generator = request.seed.child("draw", number).generator
            return generator.chance(0.5) ? "a" : "b"
        }
        let reviewer = ScriptedModel { request, _ in
            let word = request.context.text.dropFirst("spell:".count).dropLast()
            return word.hasSuffix("b") ? "bad" : word.hasSuffix("aa") ? "unsure" : "good"
        }
        return ScriptedServices(models: ["policy": player, "reviewer": reviewer], policies: ["direct": DirectPolicy()])
    }

    private var cast: Cast { [.solver: Player(model: "policy"), "reviewer": Player(model: "reviewer")] }

    private func tree(_ search: any SearchMethod, depth: Int = 4, seed: UInt64 = 1) async throws -> SearchTree {
        try await search.search(Letters(depth: depth).position(), for: .solver, cast: cast, judge: nil, in: services.scope(seed: seed))
    }

    private func word(_ tree: SearchTree, _ node: Int) -> String { tree.path(to: node).map { tree.nodes[$0].move.text }.joined() }

    @Test("plays to the end stay in the tree, each finished one with the world's return; what was played through is branched later")
    func plays() async throws {
        let search = TreeSearch(simulations: 1, branches: 2, valuation: Witnessed(PlayedOut(plays: 0)), keepsPlays: true)
        let one = try await tree(search)
        let first = one.children(of: nil)
        #expect((1...2).contains(first.count) && one.nodes.count == 4 * first.count, "each new move is played to four letters")
        for node in one.nodes.indices where one.children(of: node).isEmpty {
            #expect(one.nodes[node].verdicts.map(\.value) == [Letters.worth(of: word(one, node))])
            #expect(one.path(to: node).allSatisfy { one.nodes[$0].value == Letters.worth(of: word(one, node)) && one.nodes[$0].visits == 1 })
        }
        var long = search
        long.simulations = 30
        let many = try await tree(long)
        #expect(many.nodes.indices.contains { many.children(of: $0).count == 2 }, "below the root there was but one move at first")
        for node in [nil] + many.nodes.indices.map(Optional.some) {
            let texts = many.children(of: node).map { many.nodes[$0].move.text }
            #expect(Set(texts).count == texts.count)
        }
        #expect(many.nodes.indices.allSatisfy { many.path(to: $0).count <= 4 })
    }

    @Test("the reviewer's first no of a bad way is marked, and nothing behind it on that way")
    func judged() async throws {
        // Three words, drawn one by one, all of them bad.
        let inner = AnswerSearch(samples: 3, choice: .best, valuation: Witnessed(PlayedOut(plays: 0)))
        let search = ReviewedSearch(inner, cut: .judged(by: "reviewer", asking: "?", good: "good", bad: "bad"), good: 1)
        for seed in 1...6 as ClosedRange<UInt64> {
            let tree = try await tree(search, seed: seed)
            for end in tree.nodes.indices where tree.children(of: end).isEmpty {
                let way = tree.path(to: end)
                let said = way.map { node in tree.nodes[node].verdicts.last { $0.kind == .step }?.value }
                var expected: [Double?] = []
                for node in way {
                    guard !expected.contains(0) else {
                        expected.append(nil)
                        continue
                    }
                    let word = word(tree, node)
                    expected.append(word.hasSuffix("b") ? 0 : word.hasSuffix("aa") ? 0.5 : 1)
                }
                #expect(said == expected, "\(word(tree, end))")
            }
        }
    }

    @Test("other cuts mark the last move, or any but the last; good ways and more than are looked at stay as they are")
    func cuts() async throws {
        let inner = AnswerSearch(samples: 4, choice: .best, valuation: Witnessed(PlayedOut(plays: 0)))
        func marked(_ cut: ReviewedSearch.Cut, good: Double = 1, most: Int = 4) async throws -> [Int] {
            let tree = try await tree(ReviewedSearch(inner, cut: cut, good: good, most: most))
            return tree.nodes.indices.filter { node in tree.nodes[node].verdicts.contains { $0.kind == .step } }.map { tree.path(to: $0).count }
        }
        #expect(try await marked(.end) == [4, 4, 4, 4])
        #expect(try await marked(.end, most: 2) == [4, 4])
        let random = try await marked(.random)
        #expect(random.count == 4 && random.allSatisfy { $0 < 4 })
        #expect(try await marked(.random) == random)
        #expect(try await marked(.end, good: -1).isEmpty)
        await #expect(throws: CoreError.self) { _ = try await tree(ReviewedSearch(inner, cut: .judged(by: "nobody", asking: "?", good: "g", bad: "b"))) }
    }
}
