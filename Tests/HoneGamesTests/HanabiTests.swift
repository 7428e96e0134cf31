import HoneCore
import HoneGames
import Testing

@Suite("Hanabi")
struct HanabiTests {
    /// Player 0 has red 1 and yellow 2, player 1 has red 2 and red 3.
    private let deal = ["red 1", "yellow 2", "red 2", "red 3"]

    @Test("a hint tells which cards fit it and which do not, and what it tells is kept with the cards")
    func hints() throws {
        let game = try Hanabi()
        let state = try played(game, deal + ["hint 1 rank 2"])
        #expect(state.hints == 2)
        #expect(game.view(of: state, for: 0).contains("Hand of player 1: 1: red 2 (knows ? 2), 2: red 3 (knows ? 1/3)"))
        #expect(game.view(of: state, for: 1).contains("Your hand: 1: ? 2, 2: ? 1/3\nPlayer 0: hint 1 rank 2, cards 1"))
        #expect(game.action(for: "hint 1 yellow", by: 0, in: try played(game, deal)) == nil, "a hint has to fit a card")
        // The oldest card is gone, so the other moves to the first place; the new one is unknown.
        let next = try played(game, ["discard 1", "yellow 1"], from: state)
        #expect(game.view(of: next, for: 1).contains("Your hand: 1: ? 1/3, 2: ?\n") && next.hints == 3)
        #expect(game.action(for: "discard 1", by: 0, in: next) == nil, "no hint is missing")
    }

    @Test("cards that fit are laid out, others cost a life, and all is lost with the last one")
    func plays() throws {
        let game = try Hanabi()
        let good = try played(game, deal + ["play 1", "yellow 1", "play 1", "yellow 1", "hint 1 red", "play 1", "yellow 3"])
        #expect(good.table == [3, 0] && good.hints == 3 && game.score(of: good) == 3, "a completed colour gives a hint back")
        let lost = try played(game, deal + ["play 2", "red 1", "play 2"])
        #expect(lost.lives == 0 && game.isOver(lost) && game.returns(of: lost) == [0, 0])
        var settings = Hanabi.Settings()
        settings.losesAll = false
        settings.lives = 1
        let kind = try Hanabi(settings)
        let kept = try played(kind, deal + ["play 1", "yellow 1", "play 2"])
        #expect(kind.returns(of: kept) == [1, 1])
    }

    @Test("after the last card everybody has one more turn; a complete table ends the play at once")
    func ends() throws {
        var settings = Hanabi.Settings()
        (settings.colours, settings.copies, settings.handSize) = (1, [2, 1, 1], 1)
        let game = try Hanabi(settings)
        let empty = try played(game, ["red 1", "red 3", "play 1", "red 2", "hint 0 red", "play 1", "red 1"])
        #expect(empty.table == [2] && empty.turnsLeft == 2)
        #expect(game.returns(of: try played(game, ["play 1"], from: empty)) == [3, 3])
        let late = try played(game, ["hint 0 red", "hint 1 red"], from: empty)
        #expect(game.isOver(late) && game.returns(of: late) == [2, 2])
    }

    @Test("own cards and the order of the deck do not show, and drawn hands have the odds of the unseen cards")
    func hides() throws {
        let game = try Hanabi()
        let one = try played(game, deal)
        let other = try played(game, ["yellow 3", "yellow 1", "red 2", "red 3"])
        #expect(game.informationState(of: one, for: 0) == game.informationState(of: other, for: 0))
        #expect(game.view(of: one, for: 0) == game.view(of: other, for: 0))
        #expect(game.informationState(of: one, for: 1) != game.informationState(of: other, for: 1))
        // Player 1 tells player 0's ranks: the first card is a 1. Unseen to player 0 are red 1 three times and yellow 1 three times.
        let told = try played(game, ["hint 1 red", "hint 0 rank 1"], from: one)
        var red = 0
        var pairs: [[Int]: Int] = [:]
        var generator = Seed(9).generator
        for _ in 0..<4000 {
            let drawn = try #require(game.resample(told, for: 0, using: &generator))
            red += drawn.dealt[0][0] == 0 ? 1 : 0
            pairs[drawn.dealt[0], default: 0] += 1
            #expect(drawn.deck.reduce(0, +) == 8 && drawn.dealt[1] == told.dealt[1])
        }
        // The second card is one of red 2, yellow 2, yellow 2, yellow 3: eight hands, one in four of them with red 2.
        #expect(abs(red - 2000) < 130 && pairs.count == 6)
        #expect(abs((pairs[[0, 1]] ?? 0) - 500) < 100 && abs((pairs[[3, 4]] ?? 0) - 1000) < 120)
    }

    @Test("draws without replacement are exact where a hint leaves two cards to share three")
    func exact() throws {
        var settings = Hanabi.Settings()
        (settings.colours, settings.copies, settings.handSize) = (2, [2, 1], 2)
        let game = try Hanabi(settings)
        // Six cards; player 1 shows red 2 and yellow 2. Unseen: red 1 twice, yellow 1 twice; of six pairs of cards four have both colours.
        let state = try played(game, ["red 1", "yellow 1", "red 2", "yellow 2", "hint 1 red", "hint 0 rank 1"])
        var counts: [[Int]: Int] = [:]
        var generator = Seed(2).generator
        for _ in 0..<6000 { counts[try #require(game.resample(state, for: 0, using: &generator)).dealt[0], default: 0] += 1 }
        #expect(abs((counts[[0, 0]] ?? 0) - 1000) < 120 && abs((counts[[0, 2]] ?? 0) - 2000) < 150)
    }

    @Test("the usual game and others keep the promises of a game")
    func variants() throws {
        var broken = checkGame(try Hanabi(.full()), seed: Seed(1), plays: 8)
        broken += checkGame(try Hanabi(.full(players: 5)), seed: Seed(2), plays: 4)
        #expect(broken == [])
        var settings = Hanabi.Settings()
        settings.handSize = 5
        settings.players = 3
        #expect(throws: CoreError.self) { try Hanabi(settings) }
    }
}
