import HoneCore
import HoneSearch
import Testing

@Suite("Iterative deepening")
struct IterativeDeepeningTests {
    @Test("marks by hand: 24 · 1.6ⁿ below 160; as many evenly; as many at the limit")
    func marks() {
        func marks(_ placement: IterativeDeepening.Placement) -> [Int] { IterativeDeepening.marks(budget: 24, growth: 1.6, limit: 160, placement: placement) }
        #expect(marks(.growing) == [24, 38, 61, 98, 157])
        #expect(marks(.even) == [26, 53, 80, 106, 133])
        #expect(marks(.end) == [160, 160, 160, 160, 160])
        #expect(IterativeDeepening.marks(budget: 20, growth: 2, limit: 20, placement: .growing).isEmpty)
    }

    @Test("a sample is cut behind its line, made to look back when it ends, and drawn on to the limit; marks passed on the way are not due any more")
    func sample() async throws {
        let tree = try await LookingBack.searched(IterativeDeepening(samples: 1, budget: 4, growth: 2, trigger: "?w", breaks: [";"]), limit: 20)
        // Marks 4, 8, 16: ends at 7, then at 16, and 4 tokens are left.
        #expect(tree.nodes.map(\.move.text) == ["3+8=1|1?w3+8=11|11?w3+8="])
        let looks = tree.nodes[0].verdicts
        #expect(looks.map(\.value) == [7, 16] && looks.map(\.critique) == ["3+8=1|1", "3+8=1|1?w3+8=11|11"] && looks.allSatisfy { $0.kind == .look })
        let hints = tree.nodes[0].move.segments.filter { $0.origin == .hint }
        #expect(hints.map(\.text) == ["?w", "?w"] && hints.allSatisfy { !$0.isTrained })
        #expect(tree.nodes[0].value == 1 && tree.nodes[0].move.context?.text == "3+8=", "the vote is unanimous, and the context is the question alone")
    }

    @Test("a sample whose answer came back the same twice in turn is over; triggers at ends only do the same here")
    func settled() async throws {
        for placement in [IterativeDeepening.Placement.growing, .end] {
            let tree = try await LookingBack.searched(IterativeDeepening(samples: 3, budget: 8, growth: 1.5, placement: placement, trigger: "?w"), limit: 400)
            #expect(tree.nodes.map(\.move.text) == Array(repeating: "3+8=1|1?w3+8=11|11?w3+8=11|11?w3+8=11|11", count: 3), "\(placement)")
        }
    }

    @Test("words that say nothing change nothing")
    func filler() async throws {
        let tree = try await LookingBack.searched(IterativeDeepening(samples: 2, budget: 8, growth: 2, trigger: ".."), limit: 64) // The script goes on from what it said.
        #expect(tree.nodes[tree.chosen].move.text.hasPrefix("3+8=1|1.."))
        #expect(!tree.nodes[tree.chosen].move.text.contains("|11"))
    }

    @Test("the token that ends a text is taken away before a trigger, with its log-probability, and stays at the end")
    func ends() async throws {
        let model = LookingBack.Ending()
        let tree = try await LookingBack.searched(IterativeDeepening(samples: 1, budget: 30, growth: 2, trigger: "?w", breaks: [";"]), limit: 50, by: model)
        let segments = tree.nodes[0].move.segments
        #expect(segments.filter { $0.origin != .hint }.allSatisfy { $0.tokens?.count == $0.samplerLogProbs?.count && $0.tokens?.count == $0.entropies?.count })
        #expect(segments.dropLast().allSatisfy { $0.tokens?.contains(10) != true } && segments.last?.tokens?.last == 10)
    }

    @Test("what cannot search is refused with a sentence, and so is a world that goes in steps")
    func refusals() async throws {
        for search in [IterativeDeepening(samples: 0, trigger: "?w"), IterativeDeepening(growth: 1, trigger: "?w"), IterativeDeepening(trigger: "")] {
            await #expect(throws: CoreError.self) { try await LookingBack.searched(search, limit: 40) }
        }
        await #expect(throws: CoreError.self) { try await Sums(right: 1).found(by: IterativeDeepening(trigger: "?w")) }
    }
}
