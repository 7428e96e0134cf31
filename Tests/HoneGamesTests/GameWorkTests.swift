import HoneCore
import HoneGames
import Testing

@Suite("Work on games that is timed")
struct GameWorkTests {
    @Test("is there for what a game allows, and the same for the same seed")
    func work() throws {
        let noughts = try GameCatalog.work(name: "tic-tac-toe")
        let moves = noughts.random(200, Seed(3))
        #expect((5 * 200...9 * 200).contains(moves) && moves == noughts.random(200, Seed(3)))
        #expect(noughts.search != nil)
        let kuhn = try GameCatalog.work(name: "kuhn-poker")
        // Two cards are dealt, then two or three moves are made.
        #expect((4 * 50...5 * 50).contains(kuhn.random(50, Seed(3))))
        #expect(kuhn.search == nil && kuhn.regret != nil)
        kuhn.regret?(3)
        let chess = try GameCatalog.work(name: "chess")
        #expect(chess.regret == nil && chess.search != nil)
    }
}
