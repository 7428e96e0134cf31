import HoneCore
import HoneGames
import Testing

@Suite("Search in games")
struct SearchTests {
    @Test("a search finds a win in one and stops a loss in one", arguments: GameSearchSettings.Selection.allCases)
    func tactics(selection: GameSearchSettings.Selection) throws {
        var settings = GameSearchSettings()
        settings.simulations = 300
        settings.selection = selection
        let game = try ConnectFour()
        let search = try MonteCarloTreeSearch(game, settings: settings)
        let win = try played(game, ["1", "7", "2", "7", "3", "6"])
        #expect(search.search(from: win, seed: Seed(1)).best.map { game.text(of: $0, in: win) } == "4")
        let threat = try played(game, ["1", "7", "2", "7", "3"])
        #expect(search.search(from: threat, seed: Seed(2)).best.map { game.text(of: $0, in: threat) } == "4")
    }

    @Test("the same seed gives the same search, visits add up, and values stay in the range")
    func counts() throws {
        let game = TicTacToe()
        let search = try MonteCarloTreeSearch(game)
        let result = search.search(from: game.start, seed: Seed(4))
        #expect(result == search.search(from: game.start, seed: Seed(4)))
        #expect(result != search.search(from: game.start, seed: Seed(5)))
        #expect(result.candidates.reduce(0) { $0 + $1.visits } == 1000)
        #expect(result.candidates.map(\.action) == game.actions(in: game.start))
        #expect(result.candidates.allSatisfy { (-1...1).contains($0.value) })
        #expect(abs(result.visitShares.reduce(0, +) - 1) < 1e-12)
    }

    @Test("searching and perfect players draw tic-tac-toe, and both beat a random one")
    func neverLoses() throws {
        let game = TicTacToe()
        let perfect = try PerfectPlayer(game)
        let searching = SearchPlayer<TicTacToe>()
        var won = 0.0
        for index in 0..<12 {
            let seed = Seed(7).child("game", index)
            #expect(game.play([searching, perfect], seed: seed) == [0, 0])
            #expect(game.play([perfect, searching], seed: seed) == [0, 0])
            won += game.play([RandomPlayer(), searching], seed: seed)[1]
            #expect(game.play([RandomPlayer(), perfect], seed: seed)[1] >= 0)
        }
        #expect(won > 8)
    }

    @Test("a quick player wins at once where it can, does not let the other win at once where it need not, and always moves alike")
    func quickest() throws {
        var settings = ConnectFour.Settings()
        (settings.columns, settings.rows) = (4, 4)
        let game = try ConnectFour(settings)
        let quick = try PerfectPlayer(game, isQuick: true)
        var solver = try Minimax(game)
        func winsAtOnce(_ state: ConnectFour.State) -> Bool {
            game.actions(in: state).contains { game.applying($0, to: state).isWon }
        }
        var (won, stopped) = (0, 0)
        for index in 0..<60 {
            var state = game.start
            var generator = Seed(3).child("play", index).generator
            while let seat = game.turn(in: state).mover {
                let chosen = quick.action(in: state, for: seat, of: game, seed: Seed(1))
                let action = try #require(chosen)
                #expect(action == quick.action(in: state, for: seat, of: game, seed: Seed(2)))
                let best = try solver.bestActions(in: state)
                #expect(best.contains(action))
                let next = game.applying(action, to: state)
                let (length, after) = (try solver.length(of: state), try solver.length(of: next))
                #expect(length == 1 + after)
                if winsAtOnce(state) {
                    won += 1
                    #expect(next.isWon && length == 1)
                } else if best.contains(where: { !winsAtOnce(game.applying($0, to: state)) }) {
                    stopped += 1
                    #expect(!winsAtOnce(next))
                }
                let drawn = generator.element(of: game.actions(in: state))
                state = game.applying(try #require(drawn), to: state)
            }
        }
        #expect(won > 20 && stopped > 200)
    }

    @Test("of several players one is drawn for every move, and their names are read with a plus between them")
    func mixed() throws {
        let game = TicTacToe()
        func moves(_ name: String) throws -> Set<String> {
            let player = try RulePlayer(name).player(of: game)
            return Set(try (0..<60).map { index in
                game.text(of: try #require(player.action(in: game.start, for: 0, of: game, seed: Seed(1).child("move", index))), in: game.start)
            })
        }
        #expect(try moves("quickest").count == 1)
        #expect(try moves("quickest+random").count > 5)
        #expect(throws: CoreError.self) { try RulePlayer("quickest+") }
        #expect(throws: CoreError.self) { try RulePlayer("random+nobody") }
    }

    @Test("with an evaluator, its values and priors steer the search")
    func evaluator() throws {
        var settings = GameSearchSettings()
        settings.simulations = 60
        settings.selection = .puct
        let game = TicTacToe()
        // Values nothing, and thinks the first action ten times as likely as the others together.
        let search = try MonteCarloTreeSearch(game, settings: settings) { state, _ in
            let count = game.actions(in: state).count
            return ([0, 0], (0..<count).map { $0 == 0 ? 10.0 / 11 : 1.0 / 11 / Double(max(count - 1, 1)) })
        }
        let result = search.search(from: game.start, seed: Seed(1))
        #expect(result.best == game.actions(in: game.start)[0])
        #expect(abs(result.candidates[0].prior - 10.0 / 11) < 1e-12 && result.candidates[0].visits > 40)
    }

    @Test("chance is averaged: a pig player far behind rolls on, one who can win by holding holds")
    func chance() throws {
        var settings = Pig.Settings()
        settings.target = 20
        let game = try Pig(settings)
        let search = try MonteCarloTreeSearch(game)
        var state = game.start
        (state.scores, state.total) = ([10, 19], 10)
        #expect(search.search(from: state, seed: Seed(1)).best == .hold)
        (state.scores, state.total) = ([0, 19], 4)
        #expect(search.search(from: state, seed: Seed(1)).best == .roll)
    }

    @Test("a search that would see hidden cards is refused")
    func hidden() throws {
        #expect { _ = try MonteCarloTreeSearch(KuhnPoker()) } throws: { "\($0)".contains("information-set") }
    }

    @Test("with hidden cards, the best card calls and the worst folds, whatever the other holds")
    func informationSets() throws {
        let game = try KuhnPoker()
        let search = try InformationSetSearch(game)
        for (deal, answer) in [(["Q", "K"], "call"), (["J", "K"], "call"), (["K", "J"], "fold"), (["Q", "J"], "fold")] {
            let state = try played(game, deal + ["bet"])
            let result = search.search(from: state, for: 1, seed: Seed(3))
            #expect(result.best.map { game.text(of: $0, in: state) } == answer)
            #expect(result.candidates.reduce(0) { $0 + $1.visits } == 1000)
        }
    }

    @Test("what an information-set search does cannot depend on what the player does not know")
    func noPeeking() throws {
        let game = try LeducPoker()
        let search = try InformationSetSearch(game)
        let one = try played(game, ["Qs", "Ks", "check", "raise"])
        let other = try played(game, ["Qs", "Jh", "check", "raise"])
        #expect(search.search(from: one, for: 0, seed: Seed(9)) == search.search(from: other, for: 0, seed: Seed(9)))
    }

    @Test("every world of the catalogue says what a search would play, for who is to move only", arguments: CatalogTests.names)
    func worlds(name: String) async throws {
        let entry = try GameCatalog.entry(name)
        let world = try #require(try entry.makeWorld(entry.defaults, GameWorldSettings()) as? any SearchingWorld)
        func check(_ world: some SearchingWorld) async throws {
            var state = try await world.begin(Problem(id: "p", world: "w"), in: Scope(services: CountingServices(), seed: Seed(1)))
            var generator = Seed(3).generator
            while case .chance(let outcomes) = world.turn(in: state) {
                world.apply(outcomes[generator.integer(in: 0...outcomes.count - 1)].move, to: &state)
            }
            guard case .moves(let roles) = world.turn(in: state) else { return }
            var settings = GameSearchSettings()
            settings.simulations = 12
            for role in world.rules.roles {
                let move = world.searchedMove(in: state, for: role, settings: settings, seed: Seed(2))
                let legal = world.observation(of: state, for: role).legal
                if roles.contains(role) { #expect(move.map { legal?.contains($0) == true } == true) } else { #expect(move == nil) }
            }
        }
        try await check(world)
    }

    @Test("a table player plays as its table says")
    func table() throws {
        let game = try KuhnPoker()
        let strategy = KuhnTests.equilibrium(1.0 / 3)
        let player = TablePlayer<KuhnPoker>(strategy)
        let king = try played(game, ["K", "J"])
        #expect(player.action(in: king, for: 0, of: game, seed: Seed(1)) == .bet)
        var sum = 0.0
        for index in 0..<4000 { sum += game.play([player, player], seed: Seed(2).child("game", index))[0] }
        // The standard error is about 0.02.
        #expect(abs(sum / 4000 + 1 / 18) < 0.08)
    }
}
