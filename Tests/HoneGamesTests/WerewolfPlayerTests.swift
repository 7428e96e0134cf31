import HoneCore
import HoneGames
import Testing

@Suite("Beliefs and scripted players of werewolf")
struct WerewolfPlayerTests {
    private func game(_ change: (inout Werewolf.Settings) -> Void = { _ in }) throws -> Werewolf {
        var settings = Werewolf.Settings()
        settings.isTerse = true
        change(&settings)
        return try Werewolf(settings)
    }

    /// Wolves 0 and 1, seer 2, villagers 3 to 5, in the first night.
    private let deal = ["wolf 0", "wolf 1", "seer 2"]

    @Test("terse werewolf keeps the promises of games")
    func conformance() throws {
        #expect(checkGame(try game(), seed: Seed(1), plays: 30) == [])
        #expect(checkGame(try game { ($0.players, $0.wolves, $0.hasDoctor, $0.showsVotes) = (12, 3, true, false) }, seed: Seed(2), plays: 6) == [])
    }

    @Test("a story is written in a few characters, for each seat what it knows")
    func terse() throws {
        let game = try game()
        let state = try played(game, deal + ["k3", "k3", "i0", "z", "z", "z"])
        #expect(game.view(of: state, for: 0) == "0w+01;k33;x3v;T01245")
        #expect(game.view(of: state, for: 2) == "2s;i0w;x3v;T01245" && game.view(of: state, for: 4) == "4v;x3v;T01245")
        let said = try played(game, ["p", "a4", "r0w", "d2", "cv", "v2", "v2", "v0", "v0", "v0"], from: state)
        #expect(game.view(of: said, for: 4) == "4v;x3v;0p 1a4 2r0w 4d2 5cv;V22000;o0w;N1245")
    }

    @Test("without anything said, what is not known is equally likely")
    func prior() throws {
        let game = try game()
        let state = try played(game, deal)
        let watcher = WerewolfBelief(of: nil, in: state, of: game)
        #expect(watcher.wolf.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 } && watcher.seer.allSatisfy { abs($0 - 1.0 / 6) < 1e-12 })
        let villager = WerewolfBelief(of: 3, in: state, of: game)
        #expect(villager.wolf[3] == 0 && abs(villager.wolf[0] - 0.4) < 1e-12 && abs(villager.seer[0] - 0.2) < 1e-12)
        let wolf = WerewolfBelief(of: 0, in: state, of: game)
        #expect(wolf.wolf == [1, 1, 0, 0, 0, 0] && abs(wolf.seer[2] - 0.25) < 1e-12)
    }

    @Test("a seer knows whom it saw, all know the dead, and a report makes a wolf of who is named or of who reports")
    func evidence() throws {
        let game = try game()
        let state = try played(game, deal + ["k3", "k3", "i0", "z", "z", "z"])
        #expect(WerewolfBelief(of: 2, in: state, of: game).wolf[0] == 1)
        #expect(WerewolfBelief(of: nil, in: state, of: game).wolf[3] == 0)
        let said = try played(game, ["p", "p", "r0w"], from: state)
        let heard = WerewolfBelief(of: 4, in: said, of: game)
        #expect(heard.wolf[0] > 0.6 && heard.wolf[0] > heard.wolf[1] && heard.seer[2] > 0.5)
        let deaf = WerewolfBelief(of: 4, in: said, of: game, isHeeding: false)
        #expect(abs(deaf.wolf[0] - 0.5) < 1e-12, "two wolves among the four others who live")
    }

    @Test("the seer tells of a wolf it saw, and the village votes for it")
    func acts() throws {
        let game = try game()
        let state = try played(game, deal + ["k3", "k3", "i0", "z", "z", "z", "p", "p"])
        let player = WerewolfPlayer()
        #expect(player.action(in: state, for: 2, of: game, seed: Seed(1)) == .speak(.report(0, isWolf: true)))
        let voting = try played(game, ["r0w", "p", "p"], from: state)
        #expect(player.action(in: voting, for: 4, of: game, seed: Seed(1)) == .vote(0))
        #expect(player.action(in: voting, for: 1, of: game, seed: Seed(1)) != .vote(0), "a wolf does not vote for a wolf")
    }

    @Test("good players of either side win more often than ones who do anything")
    func strength() throws {
        let game = try game()
        func villageWins(_ village: Double, _ wolves: Double) -> Int {
            (0..<80).count { index in
                // Who sits where is drawn, so the roles are looked up before players are seated.
                let seed = Seed(4).child("play", index)
                return won(game, village: WerewolfPlayer(noise: village), wolves: WerewolfPlayer(noise: wolves), seed: seed)
            }
        }
        let even = villageWins(0, 0)
        #expect(villageWins(1, 0) < even && villageWins(0, 1) > even, "\(villageWins(1, 0)) \(even) \(villageWins(0, 1))")
    }

    /// Whether the village wins with one player for each side.
    private func won(_ game: Werewolf, village: WerewolfPlayer, wolves: WerewolfPlayer, seed: Seed) -> Bool {
        var generator = seed.generator
        var state = game.start
        var ply = 0
        while !game.isOver(state) {
            ply += 1
            if let seat = game.turn(in: state).mover {
                let player = state.kinds[seat] == .wolf ? wolves : village
                guard let action = player.action(in: state, for: seat, of: game, seed: seed.child("ply", ply)) else { return false }
                game.apply(action, to: &state)
            } else if let action = game.drawChance(in: state, using: &generator) {
                game.apply(action, to: &state)
            }
        }
        return !state.haveWolvesWon
    }
}
