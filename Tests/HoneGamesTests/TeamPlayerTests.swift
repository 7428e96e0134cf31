import HoneCore
import HoneGames
import Testing

@Suite("Scripted battle players and terse battles")
struct BattlePlayerTests {
    private func battle(_ change: (inout TeamBattle.Settings) -> Void = { _ in }) throws -> TeamBattle {
        var settings = TeamBattle.Settings()
        settings.isTerse = true
        change(&settings)
        return try TeamBattle(settings)
    }

    /// The mean return of the first player, on both seats in turn.
    private func mean(_ first: BattlePlayer, _ second: any GamePlayer<TeamBattle>, plays: Int) throws -> Double {
        let game = try battle { $0.sheets = 8 }
        var sum = 0.0
        for index in 0..<plays {
            let seed = Seed(3).child("play", index)
            sum += index % 2 == 0 ? game.play([first, second], seed: seed)[0] : game.play([second, first], seed: seed)[1]
        }
        return sum / Double(plays)
    }

    @Test("a position and its orders are written in a few characters")
    func terse() throws {
        let game = try battle()
        // Sheet 1 is cinder, fernhorn, rillfish and mosstoise, for both sides.
        #expect(game.view(of: game.start, for: 0) == "aeif/aeif")
        let state = try played(game, ["123", "124"])
        #expect(game.view(of: state, for: 0) == "10a26e30+i24/a26e30+if", "the foe's reserve is one of the two that do not lead")
        #expect(game.view(of: state, for: 1) == "10a26e30+f36/a26e30+if")
        // Cinder strikes fernhorn for 8 · 11 · 2 / 10 = 17; the other cinder sweeps for 5, the other fernhorn's fire takes 7; who guards is not hurt.
        let next = try played(game, ["s2g", "wc1"], from: state)
        #expect(game.view(of: next, for: 0) == "9a14e30!+i24/a26e13+if")
        #expect(game.action(for: "gg", by: 0, in: next) == nil, "nobody guards twice running")
    }

    @Test("terse games keep the promises of games")
    func conformance() throws {
        #expect(checkGame(try battle { $0.sheets = 3 }, seed: Seed(1), plays: 60) == [])
        var settings = Hanabi.Settings()
        settings.isTerse = true
        #expect(checkGame(try Hanabi(settings), seed: Seed(2), plays: 60) == [])
        settings = .full(players: 3)
        settings.isTerse = true
        #expect(checkGame(try Hanabi(settings), seed: Seed(3), plays: 10) == [])
    }

    @Test("who hits hardest beats chance, and simple rules do too")
    func strength() throws {
        #expect(try mean(BattlePlayer(.maxDamage), RandomPlayer(), plays: 60) > 0.6)
        #expect(try mean(BattlePlayer(.rules), RandomPlayer(), plays: 60) > 0.6)
        #expect(try mean(BattlePlayer(.rules, noise: 1), BattlePlayer(.rules), plays: 60) < -0.4, "noise 1 is chance")
    }

    @Test("the target that falls is struck, and the same seed gives the same order")
    func fells() throws {
        let game = try battle()
        var state = try played(game, ["123", "123"])
        state.sides[1].health[1] = 3
        for style in BattlePlayer.Style.allCases {
            let action = try #require(BattlePlayer(style).action(in: state, for: 0, of: game, seed: Seed(1)))
            let after = game.applying(action, to: state)
            #expect(after.pendingOrders?.contains { $0 == .strike(1) || $0 == .cover(1) || $0 == .sweep } == true)
            #expect(BattlePlayer(style).action(in: state, for: 0, of: game, seed: Seed(1)) == action)
        }
    }
}

@Suite("What can be known in hanabi, and conventions")
struct HanabiConventionTests {
    private let deal = ["red 1", "yellow 2", "red 2", "red 3"]

    private func terse() throws -> Hanabi {
        var settings = Hanabi.Settings()
        settings.isTerse = true
        return try Hanabi(settings)
    }

    @Test("a position is written in a few characters")
    func view() throws {
        let game = try terse()
        let state = try played(game, deal + ["h2"])
        #expect(game.view(of: state, for: 0) == "220 8 00 000000 ??,??|r2?2,r3?f h2:1", "f stands for ranks 1 and 3")
        #expect(game.view(of: state, for: 1).hasSuffix("|r1??,y2?? h2:1"))
    }

    @Test("the share of cards that fit counts what is unseen")
    func shares() throws {
        let game = try terse()
        let state = try played(game, deal)
        // Player 0 sees red 2 and red 3 and has not seen 3 red 1, 1 red 2, and 3, 2, 1 of yellow: 6 of 10 fit.
        #expect(abs(game.playableShare(at: 0, of: 0, in: state) - 0.6) < 1e-12)
        // Of all 12 cards, seen or not, the six of rank 1 fit.
        #expect(game.publicShare(at: 0, of: 0, in: state) == 0.5)
        let told = try played(game, ["h2", "h1"], from: state)
        // Its first card is a 1, the second is none.
        #expect(game.playableShare(at: 0, of: 0, in: told) == 1 && game.playableShare(at: 1, of: 0, in: told) == 0)
        #expect(game.isSound("p1", by: 0, in: told) && !game.isSound("p2", by: 0, in: told), "a card that surely does not fit is not played")
        #expect(!game.isSound("d1", by: 0, in: told) && game.isSound("d2", by: 0, in: told), "a card that surely fits is not given up")
        #expect(!game.isSound("p9", by: 0, in: told) && !game.isSound("h3", by: 1, in: told), "nor is what the rules do not allow")
        var last = told
        last.lives = 1
        last.known[0][0] = last.known[1][0]
        last.known[0][0].ranks = 0b111
        #expect(!game.isSound("p1", by: 0, in: last), "with the last life only what is certain")
    }

    @Test("a card is useful until it lies on the table or one it needs is gone")
    func useful() throws {
        let game = try terse()
        var state = try played(game, deal)
        #expect((0..<6).allSatisfy { game.isUseful($0, in: state) })
        state.table = [1, 0]
        state.discards[1] = 2
        // Red 1 lies there, both red 2 are gone, so red 3 can never be laid.
        #expect(!game.isUseful(0, in: state) && !game.isUseful(2, in: state) && game.isUseful(3, in: state))
    }

    @Test("the oldest or the newest touched card is meant, and the partner plays it")
    func meant() throws {
        let game = try terse()
        // Player 1 has red 1 and yellow 1: rank 1 touches both.
        let state = try played(game, ["red 2", "yellow 2", "red 1", "yellow 1", "h1"])
        #expect(HanabiConvention(.oldest).meant(for: 1, in: state) == 0 && HanabiConvention(.newest).meant(for: 1, in: state) == 1)
        #expect(HanabiConvention(.oldest).meant(for: 0, in: state) == nil)
        #expect(HanabiConvention(.oldest).needed(by: 1, in: try played(game, ["red 2", "yellow 2", "red 1", "yellow 1"]), of: game) == 0)
        let hinting = try #require(HanabiConvention(.newest).action(in: try played(game, ["red 2", "yellow 2", "red 1", "yellow 1"]), for: 0, of: game, seed: Seed(0)))
        #expect(["h1", "hy"].contains(game.text(of: hinting, in: state)), "a hint whose newest card fits")
    }

    @Test("two of one convention get more than chance, and more than two of different ones")
    func together() throws {
        let game = try Hanabi()
        func mean(_ players: [any GamePlayer<Hanabi>]) -> Double {
            (0..<150).reduce(0.0) { $0 + game.play(players, seed: Seed(5).child("play", $1))[0] } / 150
        }
        let oldest = mean([HanabiConvention(.oldest), HanabiConvention(.oldest)])
        let mixed = mean([HanabiConvention(.oldest), HanabiConvention(.newest)])
        #expect(oldest > 3 && oldest > mixed && mixed > mean([RandomPlayer(), RandomPlayer()]), "\(oldest) \(mixed)")
    }
}
