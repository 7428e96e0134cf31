import HoneCore
import HoneSearch
import HoneTestSupport
import Testing

@Suite("Hints in answers")
struct HintInferTests {
    @Test("a hint in place of the end makes the answer go on; each further one once more", arguments: 0...2)
    func ends(count: Int) async throws {
        let tree = try await LookingBack.searched(HintInfer(hints: ["?w"], atEnds: count), limit: 200)
        let text = tree.nodes[tree.chosen].move.text
        #expect(text == "3+8=1|1" + String(repeating: "?w3+8=11|11", count: count))
        let hints = tree.nodes[tree.chosen].move.segments.filter { $0.origin == .hint }
        #expect(hints.count == count && hints.allSatisfy { !$0.isTrained && $0.author == .solver }, "hints are the search's words, and nothing is learned from them")
    }

    @Test("behind a marker a hint is put at once, as often as asked for; the answer's end is left alone")
    func markers() async throws {
        // The model stops at the first marker, is made to look back, and comes to the right answer in what follows.
        let tree = try await LookingBack.searched(HintInfer(hints: ["?w"], atEnds: 0, markers: ["="], atMarkers: 1), limit: 200)
        #expect(tree.nodes[0].move.text == "3+8=?w3+8=11|11")
        let twice = try await LookingBack.searched(HintInfer(hints: ["?w"], atEnds: 0, markers: ["="], atMarkers: 2), limit: 200)
        #expect(twice.nodes[0].move.text == "3+8=?w3+8=?w3+8=11|11")
    }

    @Test("hints of the library come in an order drawn for each answer, and again once all were used; the vote is over all answers")
    func library() async throws {
        let tree = try await LookingBack.searched(HintInfer(samples: 12, hints: ["?w", "!a", "!b"], atEnds: 3), limit: 400)
        let orders = tree.nodes.map { $0.move.segments.filter { $0.origin == .hint }.map(\.text) }
        #expect(orders.allSatisfy { Set($0) == ["?w", "!a", "!b"] } && Set(orders).count > 1)
        let more = try await LookingBack.searched(HintInfer(hints: ["?w", "!a"], atEnds: 5), limit: 400)
        let order = more.nodes[0].move.segments.filter { $0.origin == .hint }.map(\.text)
        #expect(order.count == 5 && order[0] == order[2] && order[1] == order[3] && order[0] == order[4])
    }

    @Test("an answer that the limit cuts has no more hints, and the token that ends a text is taken away before a hint")
    func limits() async throws {
        let cut = try await LookingBack.searched(HintInfer(hints: ["?w"], atEnds: 9), limit: 10)
        #expect(cut.nodes[0].move.text == "3+8=1|1?w3+8")
        let segments = try await LookingBack.searched(HintInfer(hints: ["?w"], atEnds: 1), limit: 50, by: LookingBack.Ending()).nodes[0].move.segments
        #expect(segments.dropLast().allSatisfy { $0.tokens?.contains(10) != true } && segments.last?.tokens?.last == 10)
    }

    @Test("what cannot search is refused with a sentence, and so is a world that goes in steps")
    func refusals() async throws {
        for search in [HintInfer(samples: 0, hints: ["a"]), HintInfer(hints: []), HintInfer(hints: [""]), HintInfer(hints: ["a"], atEnds: -1)] {
            await #expect(throws: CoreError.self) { try await LookingBack.searched(search, limit: 40) }
        }
        await #expect(throws: CoreError.self) { try await Sums(right: 1).found(by: HintInfer(hints: ["a"])) }
        var settings = SearchSettings()
        (settings.hints.texts, settings.hints.atEnds) = ([], -2)
        #expect(settings.faults().contains { $0.contains("search.hints.texts") } && settings.faults().contains { $0.contains("search.hints.atEnds") })
    }
}
