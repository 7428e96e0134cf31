import HoneCore
import HoneGames
import Testing

@Suite("Breakthrough, hex and pig")
struct MoreBoardTests {
    // Counts of OpenSpiel 2.0.2 on the same boards.
    @Test("breakthrough has the known numbers of move sequences")
    func breakthrough() throws {
        let game = try Breakthrough()
        #expect((1...3).map { game.perft(game.start, depth: $0) } == [22, 484, 11132])
        var settings = Breakthrough.Settings()
        (settings.columns, settings.rows, settings.ranks) = (4, 5, 1)
        let small = try Breakthrough(settings)
        #expect((1...5).map { small.perft(small.start, depth: $0) } == [10, 100, 840, 6988, 57278])
    }

    @Test("hex has the known numbers of move sequences, and every full board has one winner")
    func hex() throws {
        var settings = Hex.Settings()
        (settings.columns, settings.rows) = (3, 3)
        let game = try Hex(settings)
        #expect((1...6).map { game.perft(game.start, depth: $0) } == [9, 72, 504, 3024, 15120, 54720])
        var generator = Seed(8).generator
        (settings.columns, settings.rows) = (7, 5)
        let large = try Hex(settings)
        for _ in 0..<200 {
            var state = large.start
            while !large.isOver(state) {
                let all = large.actions(in: state)
                large.apply(generator.element(of: all) ?? all[0], to: &state)
            }
            #expect(abs(large.returns(of: state)[0]) == 1)
            // The loser's stones do not join its sides, found anew from the stones alone.
            #expect(joins(state, seat: state.winner, 7, 5) && !joins(state, seat: 1 - state.winner, 7, 5))
        }
    }

    @Test("hex draws without a list what is drawn from the listed actions, taking over included", arguments: [(1, 1), (3, 3), (7, 7), (8, 5), (11, 11)])
    func hexDraws(columns: Int, rows: Int) throws {
        var settings = Hex.Settings()
        (settings.columns, settings.rows, settings.allowsSwap) = (columns, rows, columns == rows)
        let game = try Hex(settings)
        var (own, listed) = (Seed(9).generator, Seed(9).generator)
        var scratch: [Int16] = []
        var swaps = 0
        for _ in 0..<300 {
            var state = game.start
            while let action = game.drawAction(in: state, using: &own, scratch: &scratch) {
                #expect(listed.element(of: game.actions(in: state)) == action)
                if action == Hex.swap { swaps += 1 }
                game.apply(action, to: &state)
            }
            #expect(game.isOver(state))
        }
        #expect((swaps > 0) == (columns == rows && columns > 1))
    }

    private func joins(_ state: Hex.State, seat: Int, _ columns: Int, _ rows: Int) -> Bool {
        let own = Set(state.cells.indices.filter { Int(state.cells[$0] & 3) == seat + 1 })
        var reached = own.filter { seat == 0 ? $0 < columns : $0 % columns == 0 }
        var front = reached
        while !front.isEmpty {
            var next: Set<Int> = []
            for cell in front {
                for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1), (-1, 1), (1, -1)] {
                    let x = cell % columns + dx
                    let y = cell / columns + dy
                    if (0..<columns).contains(x), (0..<rows).contains(y), own.contains(y * columns + x) { next.insert(y * columns + x) }
                }
            }
            front = next.subtracting(reached)
            reached.formUnion(front)
        }
        return reached.contains { seat == 0 ? $0 / columns == rows - 1 : $0 % columns == columns - 1 }
    }

    @Test("the first player wins hex on 3 × 3, and with the swap rule the second")
    func hexValue() throws {
        var settings = Hex.Settings()
        (settings.columns, settings.rows) = (3, 3)
        var solver = try Minimax(try Hex(settings))
        #expect(try solver.value(of: solver.game.start) == 1)
        settings.allowsSwap = true
        var swapped = try Minimax(try Hex(settings))
        #expect(try swapped.value(of: swapped.game.start) == -1)
        let state = try played(swapped.game, ["a2", "swap"])
        #expect(swapped.game.board(of: state).hasPrefix("  . . .\n . . .\n. o ."))
    }

    /// The probability with which the player to move wins with best play, by value iteration over all scores.
    private func pigValues(_ target: Int, _ faces: Int, countsRolls: Bool) -> [[[Double]]] {
        var values = [[[Double]]](repeating: [[Double]](repeating: [Double](repeating: 0.5, count: target), count: target), count: target)
        for _ in 0..<2000 {
            var change = 0.0
            for own in 0..<target {
                for other in 0..<target {
                    for total in 0..<(target - own) {
                        var roll = 1 - values[other][own][0]
                        for face in 2...faces {
                            let gain = total + (countsRolls ? 1 : face)
                            roll += own + gain >= target ? 1 : values[own][other][gain]
                        }
                        roll /= Double(faces)
                        let hold = 1 - values[other][own + total][0]
                        let best = max(roll, hold)
                        change = max(change, abs(best - values[own][other][total]))
                        values[own][other][total] = best
                    }
                }
            }
            if change < 1e-12 { break }
        }
        return values
    }

    @Test("piglet's rules give the winning probabilities that Neller and Presser publish")
    func piglet() throws {
        let values = pigValues(2, 2, countsRolls: true)
        #expect(abs(values[0][0][0] - 4.0 / 7) < 1e-9 && abs(values[0][0][1] - 5.0 / 7) < 1e-9 && abs(values[0][1][0] - 2.0 / 5) < 1e-9)
        #expect(abs(values[0][1][1] - 3.0 / 5) < 1e-9 && abs(values[1][0][0] - 4.0 / 5) < 1e-9 && abs(values[1][1][0] - 2.0 / 3) < 1e-9)
        // The same with the game's own rules: with some actions left, best play comes as near as the limit allows.
        var settings = Pig.Settings()
        (settings.target, settings.faces, settings.countsRolls, settings.limit) = (2, 2, true, 40)
        var solver = try Minimax(try Pig(settings))
        // A play cut off counts 0, a win 1 and a loss −1: the value is 2p − 1.
        #expect(abs(try solver.value(of: solver.game.start) - 1.0 / 7) < 1e-3)
    }

    @Test("a 1 loses the turn's total, holding keeps it")
    func pig() throws {
        var settings = Pig.Settings()
        settings.target = 10
        let game = try Pig(settings)
        let state = try played(game, ["roll", "6", "hold", "roll", "5", "roll", "1", "roll", "4", "hold"])
        #expect(state.scores == [10, 0] && game.returns(of: state) == [1, -1])
    }
}

@Suite("Card and dice games")
struct CardGameTests {
    // Uniform play's NashConv and the numbers of information states are those of OpenSpiel 2.0.2.
    @Test("Leduc poker has 9,457 nodes, 936 information states, and uniform play has NashConv 4.747222")
    func leduc() throws {
        let tree = try GameTree(LeducPoker())
        #expect(tree.nodeCount == 9457 && tree.informationSets.count == 936)
        #expect(abs(try tree.nashConv(of: tree.uniform) - 4.747222222222222) < 1e-12)
        var settings = LeducPoker.Settings()
        settings.forgetsSuits = true
        let short = try GameTree(LeducPoker(settings))
        #expect(short.informationSets.count == 288)
        #expect(abs(try short.nashConv(of: short.uniform) - 4.747222222222222) < 1e-12)
    }

    @Test("CFR+ halves Leduc's exploitability again and again")
    func leducSolved() throws {
        var settings = LeducPoker.Settings()
        settings.forgetsSuits = true
        var solver = CounterfactualRegret(try GameTree(LeducPoker(settings)))
        solver.iterate(60)
        #expect(try solver.tree.nashConv(of: solver.averageStrategy) < 0.2)
    }

    @Test("hands in Leduc poker are compared by pair, then rank, and equal hands share")
    func hands() throws {
        let game = try LeducPoker()
        #expect(game.returns(of: try played(game, ["Js", "Ks", "check", "check", "Jh", "raise", "call"])) == [5, -5])
        #expect(game.returns(of: try played(game, ["Js", "Ks", "raise", "raise", "call", "Qh", "check", "raise", "raise", "call"])) == [-13, 13])
        #expect(game.returns(of: try played(game, ["Qs", "Qh", "check", "raise", "call", "Kh", "check", "check"])) == [0, 0])
        #expect(game.returns(of: try played(game, ["Ks", "Qh", "check", "raise", "fold"])) == [-1, 1])
    }

    @Test("liar's dice: information states and uniform play's NashConv", arguments: [(2, 32, 1.125), (3, 192, 1.111111111111111)])
    func liarsDice(faces: Int, count: Int, nashConv: Double) throws {
        var settings = LiarsDice.Settings()
        settings.faces = faces
        let tree = try GameTree(LiarsDice(settings))
        #expect(tree.informationSets.count == count)
        #expect(abs(try tree.nashConv(of: tree.uniform) - nashConv) < 1e-12)
    }

    @Test("a bid holds when as many dice show its face or the wild one")
    func bids() throws {
        let game = try LiarsDice()
        #expect(game.returns(of: try played(game, ["3", "6", "2x3", "liar"])) == [1, -1])
        #expect(game.returns(of: try played(game, ["3", "5", "2x3", "liar"])) == [-1, 1])
        #expect(game.action(for: "1x6", by: 1, in: try played(game, ["3", "5", "2x3"])) == nil)
        #expect(game.action(for: "liar", by: 0, in: try played(game, ["3", "5"])) == nil)
    }

    @Test("goofspiel with hidden bids: information states and uniform play's NashConv", arguments: [(3, 16, 4.0 / 3), (4, 162, 17.0 / 12)])
    func goofspiel(cards: Int, count: Int, nashConv: Double) throws {
        var settings = Goofspiel.Settings()
        (settings.cards, settings.showsBids) = (cards, false)
        let tree = try GameTree(Goofspiel(settings))
        // OpenSpiel plays the last card by itself, so that its count leaves out those states.
        let open = tree.informationSets.count { $0.moves.count > 1 }
        #expect(open == count)
        #expect(abs(try tree.nashConv(of: tree.uniform) - nashConv) < 1e-12)
    }

    @Test("a tie for a prize gives it to nobody")
    func tie() throws {
        let game = try Goofspiel()
        let state = try played(game, ["4", "4", "3", "2", "1", "3", "2", "1"])
        #expect(game.returns(of: state) == [1, -1])
        #expect(game.view(of: state, for: 0).contains("4:4,4>- 3:3,2>0 2:1,3>1 1:2,1>0"))
        #expect(game.view(of: state, for: 0).contains("Points: 4 2"))
    }

    @Test("two players who choose at once are judged at once, and neither sees the other's choice")
    func simultaneous() throws {
        let world = GameWorld(try Goofspiel())
        var state = world.start(world.problem(0))
        #expect(world.turn(in: state) == .moves(of: ["player 0", "player 1"]))
        try world.take([.player(0): "4", .player(1): "2"], in: &state)
        #expect(world.observation(of: state, for: .player(1)).legal == ["1", "3", "4"])
        try world.take([.player(0): "4", .player(1): "3"], in: &state)
        #expect(world.turn(in: state) == .over(.illegal("player 0")))
    }
}

@Suite("Matrix games")
struct MatrixGameTests {
    @Test("the iterated dilemma pays as Axelrod's table says")
    func dilemma() throws {
        var settings = IteratedPrisonersDilemma.Settings()
        settings.rounds = 3
        let game = try IteratedPrisonersDilemma(settings)
        let state = try played(game, ["cooperate", "cooperate", "cooperate", "defect", "defect", "defect"])
        #expect(game.isOver(state) && game.returns(of: state) == [4, 9])
        #expect(game.view(of: state, for: 1).contains("CC DC DD"))
        // Backward induction: defecting always is the one equilibrium.
        let tree = try GameTree(game)
        #expect(abs(try tree.nashConv(of: tree.strategy { _ in [0, 1] })) < 1e-12)
        #expect(try tree.nashConv(of: tree.firstMove) > 3)
    }

    @Test("the 144 ordinal games are all different, also up to the order of rows and columns, and each mirror is among them")
    func all() throws {
        #expect(OrdinalGame.all.count == 144)
        var seen: Set<[Int]> = []
        for game in OrdinalGame.all {
            let (row, column) = game.payoffs
            #expect(row.joined().sorted() == [1, 2, 3, 4] && column.joined().sorted() == [1, 2, 3, 4])
            seen.insert(normal(row, column))
            let mirror = game.mirrored.payoffs
            #expect(normal(mirror.row, mirror.column) == normal(transposed(column), transposed(row)))
            #expect(try OrdinalGame(named: game.name) == game)
        }
        #expect(seen.count == 144)
    }

    private func transposed(_ m: [[Int]]) -> [[Int]] { [[m[0][0], m[1][0]], [m[0][1], m[1][1]]] }

    /// The smallest of the four tables that changing rows and columns gives.
    private func normal(_ row: [[Int]], _ column: [[Int]]) -> [Int] {
        var tables: [[Int]] = []
        for i in 0...1 {
            for j in 0...1 {
                let cells = [(i, j), (i, 1 - j), (1 - i, j), (1 - i, 1 - j)]
                tables.append(cells.flatMap { [row[$0.0][$0.1], column[$0.0][$0.1]] })
            }
        }
        return tables.min { $0.lexicographicallyPrecedes($1) } ?? []
    }

    @Test("the games with names are those games")
    func named() throws {
        // By the symmetric games' order of reward, temptation, sucker and punishment.
        let dilemma = try OrdinalGame(named: "g111")
        #expect(dilemma.payoffs.row == [[3, 1], [4, 2]] && dilemma.payoffs.column == [[3, 4], [1, 2]])
        #expect(try dilemma.bimatrix().pureEquilibria.map { [$0.row, $0.column] } == [[1, 1]])
        let chicken = try OrdinalGame(named: "g122")
        #expect(chicken.payoffs.row == [[3, 2], [4, 1]] && chicken.payoffs.column == [[3, 4], [2, 1]])
        let stag = try OrdinalGame(named: "g322")
        // Rows: hare and stag; columns: stag and hare. Both on stag is best, hare pays 3 or 2 alone and together, stag alone 1.
        #expect(stag.payoffs.row == [[3, 2], [4, 1]] && stag.payoffs.column == [[1, 2], [4, 3]])
        #expect(try stag.bimatrix().pureEquilibria.count == 2)
        for name in ["g011", "g511", "g170", "g117", "h111", "g11", "g1111", ""] { #expect(throws: CoreError.self) { try OrdinalGame(named: name) } }
    }

    @Test("18 of the 144 games have no equilibrium in pure play, 18 have two and 108 have one")
    func equilibria() throws {
        var counts = [0, 0, 0]
        for game in OrdinalGame.all { counts[try game.bimatrix().pureEquilibria.count] += 1 }
        #expect(counts == [18, 108, 18])
    }

    @Test("composed games pay the sum, in sequence and at once, and a nested one takes choices away")
    func composed() throws {
        var settings = ComposedMatrixGame.Settings()
        settings.games = ["g111", "g322"]
        let sequence = try ComposedMatrixGame(settings)
        #expect(sequence.returns(of: try played(sequence, ["1A1", "1B1", "2A2", "2B1"])) == [7, 7])
        settings.form = .parallel
        let parallel = try ComposedMatrixGame(settings)
        #expect(parallel.actions(of: 0, in: parallel.start).count == 4)
        #expect(parallel.returns(of: try played(parallel, ["1A1,2A2", "1B1,2B1"])) == [7, 7])
        settings.form = .nested
        settings.bans = ["", "", "", "0:1"]
        let nested = try ComposedMatrixGame(settings)
        let banned = try played(nested, ["1A2", "1B2"])
        #expect(nested.actions(of: 0, in: banned).map { nested.text(of: $0, in: banned) } == ["2A1"])
        // In the sequence, an equilibrium of each game after every outcome is an equilibrium of the whole: defect, then both hunt the stag.
        let tree = try GameTree(sequence)
        let strategy = tree.strategy { $0.state.hasSuffix("|") || $0.seat == 0 ? [0, 1] : [1, 0] }
        #expect(try tree.expectedReturns(of: strategy) == [6, 6])
        #expect(abs(try tree.nashConv(of: strategy)) < 1e-12)
        settings.bans = ["2:0", "", "", ""]
        #expect(throws: CoreError.self) { try ComposedMatrixGame(settings) }
    }

    @Test("in every layer, neighbours in a row or column differ by one swap of adjacent ranks of one player")
    func topology() throws {
        for game in OrdinalGame.all {
            let next = try OrdinalGame(layer: game.layer, row: game.row % 6 + 1, column: game.column)
            let differing = zip(game.payoffs.row.joined(), next.payoffs.row.joined()).filter { $0 != $1 }
            #expect(game.payoffs.column == next.payoffs.column && differing.count == 2)
            #expect(differing.allSatisfy { abs($0.0 - $0.1) == 1 })
        }
    }
}

@Suite("Settings of games")
struct VariantTests {
    private func settled<S>(_ settings: S, _ change: (inout S) -> Void) -> S {
        var copy = settings
        change(&copy)
        return copy
    }

    @Test("variants keep the promises of games")
    func variants() throws {
        let games: [any ExtensiveGame] = [
            try KuhnPoker(settled(.init()) { $0.players = 3 }), try KuhnPoker(settled(.init()) { $0.players = 8 }),
            try LeducPoker(settled(.init()) { $0.players = 3 }), try LeducPoker(settled(.init()) { $0.forgetsSuits = true }),
            try LiarsDice(settled(.init()) { ($0.dice, $0.faces, $0.hasWildFace) = (2, 3, false) }),
            try Goofspiel(settled(.init()) { ($0.order, $0.showsBids, $0.scoring, $0.players) = (.random, false, .difference, 3) }),
            try Goofspiel(settled(.init()) { ($0.cards, $0.order, $0.players) = (5, .ascending, 4) }),
            try Nim(settled(.init()) { ($0.isMisere, $0.piles) = (true, [2, 2, 1]) }),
            try Hex(settled(.init()) { ($0.columns, $0.rows, $0.allowsSwap) = (4, 4, true) }),
            try ConnectFour(settled(.init()) { ($0.columns, $0.rows, $0.length) = (5, 4, 3) }),
            try Breakthrough(settled(.init()) { ($0.columns, $0.rows) = (3, 6) }),
            try Pig(settled(.init()) { ($0.players, $0.target, $0.faces, $0.limit) = (3, 20, 4, 100) }),
            try IteratedPrisonersDilemma(settled(.init()) { ($0.continuation, $0.rounds, $0.sucker) = (0.5, 6, -1) }),
            try ComposedMatrixGame(settled(.init()) { ($0.games, $0.form) = (["g111", "g245", "g436"], .parallel) }),
            try ComposedMatrixGame(settled(.init()) { ($0.games, $0.form) = (["g111", "g245", "g436"], .nested) }),
            try OrdinalMatrixGame(settled(.init()) { $0.game = "g413" }),
        ]
        for (index, game) in games.enumerated() {
            func check(_ game: some ExtensiveGame) -> [String] { checkGame(game, seed: Seed(9).child("variant", index), plays: 120) }
            let broken = check(game)
            #expect(broken == [], "\(broken.joined(separator: "\n"))")
        }
    }
}
