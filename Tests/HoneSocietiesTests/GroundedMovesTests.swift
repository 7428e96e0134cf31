import HoneCore
import HoneSocieties
import Testing

@Suite("Moves put right, and views of what is new")
struct GroundedMovesTests {
    @Test("the longest allowed move within the words is meant, else the one of fewest changes")
    func closest() {
        #expect(GroundedMoves.closest(to: "Action: play 12 now", among: ["play 1", "play 12", "pass"]) == "play 12")
        #expect(GroundedMoves.closest(to: "pley 2", among: ["play 1", "play 2", "pass"]) == "play 2")
        #expect(GroundedMoves.closest(to: "", among: ["ab", "a"]) == "a")
        #expect(GroundedMoves.closest(to: "zz", among: ["a", "b"]) == "a", "the first of equals")
        #expect(GroundedMoves.closest(to: "x", among: []) == nil)
    }

    @Test("only what came after the last own words is shown")
    func latest() throws {
        let first = Segment.text("begin", from: .world)
        let own = Segment.text("move", from: .demonstration, author: "player 0")
        let news = Segment.text("\nnext", from: .world)
        #expect(try LatestView().prompt(for: [first]) == [first])
        #expect(try LatestView().prompt(for: [first, own, news]) == [news])
        #expect(try GroundedMoves(LatestView()).prompt(for: [first, own, news]) == [news])
    }
}
