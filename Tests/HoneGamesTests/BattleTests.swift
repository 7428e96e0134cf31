import HoneCore
import HoneGames
import Testing

@Suite("Othello")
struct OthelloTests {
    private func game(_ size: Int, _ scoring: Othello.Scoring = .win) throws -> Othello {
        var settings = Othello.Settings()
        (settings.size, settings.scoring) = (size, scoring)
        return try Othello(settings)
    }

    // As counted by many programs for the usual board.
    @Test("the usual board has the known numbers of move sequences")
    func perft() throws {
        let game = try game(8)
        #expect((1...6).map { game.perft(game.start, depth: $0) } == [4, 12, 56, 244, 1396, 8200])
    }

    @Test("on 4 × 4 the second player wins 11 to 3")
    func value() throws {
        var solver = try Minimax(try game(4, .difference))
        #expect(try solver.value(of: solver.game.start) == -8)
    }

    @Test("a disc turns all it encloses, in every direction; who has no move passes")
    func turns() throws {
        let game = try game(8)
        let state = try played(game, ["d3", "c3", "c4", "e3"])
        #expect(game.board(of: state).hasPrefix("  a b c d e f g h\n1 . . . . . . . .\n2 . . . . . . . .\n3 . . o o o . . .\n4 . . x x o . . .\n"))
        #expect(game.action(for: "a1", by: 0, in: state) == nil && game.action(for: "pass", by: 0, in: state) == nil)
        var passes = 0
        let small = try self.game(4)
        for index in 0..<50 {
            var generator = Seed(1).child("play", index).generator
            var board = small.start
            while let action = generator.element(of: small.actions(in: board)) {
                passes += action == -1 ? 1 : 0
                small.apply(action, to: &board)
            }
            #expect(board.first.count + board.second.count <= 16)
        }
        #expect(passes > 0)
        #expect(checkGame(small, seed: Seed(4), plays: 100) == [])
    }
}

@Suite("Battles")
struct BattleTests {
    @Test("a jab beats a kick that has not struck, a block stops a jab, a throw goes through a block")
    func duel() throws {
        var settings = Fighter.Settings()
        (settings.width, settings.margin) = (2, 0)
        let game = try Fighter(settings)
        let hit = try played(game, ["jab", "kick"])
        #expect(hit.sides.map(\.health) == [5, 4] && hit.sides[1].technique == nil && hit.frame == 2, "the kick is broken off; both are free together")
        #expect(game.turn(in: hit) == .together([0, 1]))
        let blocked = try played(game, ["jab", "block"])
        // The blocker is free at once, the striker two frames later than it.
        #expect(blocked.sides.map(\.health) == [5, 5] && game.turn(in: blocked) == .seat(1))
        let punished = try played(game, ["throw"], from: blocked)
        #expect(punished.sides.map(\.health) == [3, 5])
        let thrown = try played(game, ["throw", "block", "block"])
        #expect(thrown.sides.map(\.health) == [5, 3])
        let traded = try played(game, ["jab", "jab"])
        #expect(traded.sides.map(\.health) == [4, 4])
        let retreat = try played(try Fighter(), ["advance", "advance", "jab", "retreat"])
        #expect(retreat.sides.map(\.health) == [5, 5] && retreat.sides.map(\.cell) == [2, 4])
    }

    @Test("the duel is decided by health, and nobody sees a choice before both are made")
    func duelEnds() throws {
        var settings = Fighter.Settings()
        (settings.width, settings.margin, settings.health, settings.frames) = (2, 0, 2, 4)
        let game = try Fighter(settings)
        #expect(game.returns(of: try played(game, ["jab", "wait", "jab", "wait"])) == [1, -1])
        #expect(game.returns(of: try played(game, ["jab", "wait", "wait", "wait", "wait", "wait"])) == [1, -1], "time is over")
        let one = try played(game, ["jab"])
        let other = try played(game, ["block"])
        #expect(game.informationState(of: one, for: 1) == game.informationState(of: other, for: 1))
        // On one frame jab, kick and throw: only a jab strikes, and a block or a jab answers it.
        settings.frames = 1
        let tree = try GameTree(try Fighter(settings))
        var solver = CounterfactualRegret(tree)
        solver.iterate(2000)
        #expect(abs(try tree.expectedReturns(of: solver.averageStrategy)[0]) < 1e-3)
    }

    private func damage(_ power: Int, _ attacker: Int, _ element: Creature.Element, _ target: Int) -> Int {
        TeamBattle.damage(power: power, of: Creature.all[attacker], as: element, to: Creature.all[target])
    }

    @Test("damage is power times attack times effect, and elements beat each other in a ring")
    func damages() {
        // cinder (fire, attack 11) against fernhorn (grass), itself and rillfish (water): 8 · 11 · effect / 20.
        #expect(damage(8, 0, .fire, 4) == 17 && damage(8, 0, .fire, 0) == 8 && damage(8, 0, .fire, 8) == 4)
        #expect(damage(7, 0, .water, 1) == 15)
        #expect(Creature.Element.allCases.map { one in Creature.Element.allCases.map { one.effect(on: $0) } } == [[2, 4, 1], [1, 2, 4], [4, 1, 2]])
        #expect(Set(Creature.sheets.map { $0.sorted() }).count == 16)
    }

    @Test("orders take effect by speed; the fallen are replaced by the reserve, which was hidden until then")
    func orders() throws {
        let game = try TeamBattle()
        // Sheet: cinder, fernhorn, rillfish, mosstoise.
        let state = try played(game, ["lead 1 2 reserve 3", "lead 2 3 reserve 4"])
        #expect(state.sides[1].team == [4, 8, 5])
        #expect(game.view(of: state, for: 0).contains("The foe's reserve: one of cinder") && game.view(of: state, for: 1).contains("Your reserve: mosstoise"))
        #expect(game.actions(of: 0, in: state).count == 7 * 7 - 1)
        // rillfish (speed 10) strikes cinder first: 8 · 11 · 4 / 20 = 17; cinder strikes fernhorn: 17; fernhorns strike: 8 · 10 · 4 / 20 = 16.
        let next = try played(game, ["strike 1 + strike 2", "strike 1 + strike 1"], from: state)
        #expect(next.sides[0].health == [26 - 17 - 4, 30, 24])
        #expect(next.sides[1].health == [30 - 17, 24 - 16, 36])
        // A guard keeps all off; sweep hurts both; a switch comes before attacks.
        let third = try played(game, ["guard + sweep", "sweep + switch"], from: next)
        #expect(third.sides[0].health == [5, 30 - 5, 24] && third.sides[1].health == [13 - 5, 8, 36 - 5])
        #expect(third.sides[1].field == [0, 2] && third.sides[1].isReserveSeen)
        #expect(game.action(for: "guard + sweep", by: 0, in: third) == nil, "nobody guards twice running")
        let fallen = try played(game, ["strike 1 + sweep", "strike 1 + guard"], from: third)
        #expect(fallen.sides[1].field == [1, 2] && fallen.sides[1].health[0] == 0)
    }

    @Test("with two turns left the value is that of the matrices worked backwards")
    func value() throws {
        var settings = TeamBattle.Settings()
        settings.turns = 2
        let game = try TeamBattle(settings)
        var state = try played(game, ["lead 1 2 reserve 3", "lead 1 2 reserve 3"])
        // Only cinder against cinder is left, with this health.
        func value(_ own: Int, _ other: Int, turn: Int) throws -> Double {
            for (seat, health) in [own, other].enumerated() {
                state.sides[seat].health = [health, 0, 0]
                state.sides[seat].field = [0, -1]
            }
            state.turn = turn
            let tree = try GameTree(game, from: state)
            var solver = CounterfactualRegret(tree)
            solver.iterate(1000)
            #expect(try tree.nashConv(of: solver.averageStrategy) < 0.02)
            return try tree.expectedReturns(of: solver.averageStrategy)[0]
        }
        // At most 15 is lost in a turn (cover, 7 · 11 · 4 / 20). In the last one, who is ahead guards and stays ahead.
        #expect(abs(try value(10, 9, turn: 1) - 1) < 0.02)
        #expect(abs(try value(20, 20, turn: 1)) < 0.02)
        // Two turns: who is ahead and outlives the first hits, then guards.
        #expect(abs(try value(20, 16, turn: 0) - 1) < 0.02)
        // Who does not outlive it has to guard now and cannot in the last turn, in which both fall together; or both fall now.
        #expect(abs(try value(10, 9, turn: 0)) < 0.02)
    }

    @Test("many sheets and held-out ones keep the promises of a game")
    func variants() throws {
        var settings = TeamBattle.Settings()
        (settings.sheets, settings.isHeldOut, settings.turns) = (8, true, 6)
        #expect(checkGame(try TeamBattle(settings), seed: Seed(1), plays: 30) == [])
    }
}
