import HoneCore
import HoneGames
import HoneNumerics
import HoneTestSupport
import Testing

/// Says what it was told to, whatever the game.
private struct Stubborn<Rules: ExtensiveGame>: Contender {
    let words = GameWorldSettings()
    let text: String?
    func move(_ turn: ContestTurn<Rules>) async throws -> String? { text }
}

@Suite("Contests and tournaments")
struct ContestTests {
    private let nim = try? Nim(Nim.Settings())
    private let kuhn = try? KuhnPoker(KuhnPoker.Settings())

    @Test("a move that is not allowed ends a play with the game's smallest return, and is counted against whoever made it")
    func illegal() async throws {
        let game = try #require(nim)
        let result = try #require(try await Contest(game, seats: [Stubborn(text: "I win"), RuleContender(RandomPlayer())]).play(seed: Seed(1)))
        #expect(result.returns == [-1, 1] && result.breaker == 0 && result.moves == 1)
        let found = try await Tournament(game, [("mute", Stubborn(text: "")), ("random", RuleContender(RandomPlayer()))], plays: 10).play(seed: Seed(1))
        #expect(found.illegal.map(\.mean) == [1, 0])
        #expect(try found.results().encounters == [try Encounter("mute", "random", wins: 0, losses: 10)])
    }

    @Test("whoever leaves ends the play without a result; a table has as many seats as its game")
    func leaving() async throws {
        let game = try #require(nim)
        #expect(try await Contest(game, seats: [RuleContender(RandomPlayer()), Stubborn(text: nil)]).play(seed: Seed(1)) == nil)
        #expect(throws: CoreError.self) { _ = try Contest(game, seats: [RuleContender(RandomPlayer())]) }
        await #expect(throws: CoreError.self) {
            _ = try await Tournament(game, [("a", Stubborn(text: nil)), ("b", RuleContender(RandomPlayer()))], plays: 1).play(seed: Seed(1))
        }
    }

    @Test("a model is shown the game in its own words, with all it has seen and said, and blanks around its move say nothing")
    func model() async throws {
        let game = try #require(kuhn)
        var words = GameWorldSettings()
        words.isShort = true
        words.showsInstructions = false
        words.showsMoves = false
        let model = ScriptedModel { request, _ in request.context.contains { $0.text.contains("check") } ? " fold" : " check\n" }
        let seated = ModelContender<KuhnPoker>(model, words: words, sampling: Sampling(limit: 8))
        let other = Stubborn<KuhnPoker>(text: "bet")
        let result = try #require(try await Contest(game, seats: [seated, other]).play(seed: Seed(1)))
        #expect(result.breaker == nil && result.returns == [-1, 1] && result.moves == 3)
        let contexts = model.requests.map { $0.context.map(\.text).joined() }
        #expect(contexts.count == 2 && contexts[1].hasPrefix(contexts[0] + "check\n"), "\(contexts)")
    }

    @Test("in games of squares a model can be shown the squares alone, with its own pieces as x")
    func squares() async throws {
        var words = GameWorldSettings()
        (words.isShort, words.isSquares, words.isLatestOnly, words.showsInstructions, words.showsMoves) = (true, true, true, false, false)
        let game = TicTacToe()
        let world = GameWorld(game, settings: words)
        var state = world.start(world.problem(0))
        func shown(_ seat: Int) -> String { world.observation(of: state, for: .player(seat)).news.map(\.text).joined() }
        #expect(shown(0) == ".........>")
        let first = game.actions(in: game.start)[4]
        world.apply(game.text(of: first, in: game.start), to: &state)
        #expect(shown(1) == "....o....>")
        world.apply(game.text(of: game.actions(in: state.position)[0], in: state.position), to: &state)
        #expect(shown(0).count { $0 == "x" } == 1 && shown(0).count { $0 == "o" } == 1 && Array(shown(0))[4] == "x")
        words.showsInstructions = true
        let told = GameWorld(game, settings: words).observation(of: state, for: .player(0)).news.map(\.text).joined()
        #expect(told.hasPrefix(game.instructions), "\(told)")
    }

    @Test("a model that learned from positions alone is shown the position alone, which begins no line")
    func latest() async throws {
        let game = try #require(nim)
        var words = GameWorldSettings()
        words.isShort = true
        words.isLatestOnly = true
        words.showsInstructions = false
        words.showsMoves = false
        let first = game.text(of: game.actions(in: game.start)[0], in: game.start)
        let model = ScriptedModel { request, _ in first }
        let seated = ModelContender<Nim>(model, words: words, sampling: Sampling(limit: 8))
        _ = try await Contest(game, seats: [seated, RuleContender(RandomPlayer())]).play(seed: Seed(1))
        let contexts = model.requests.map { $0.context.map(\.text).joined() }
        #expect(contexts.count >= 2 && contexts.allSatisfy { $0.hasSuffix(">") && $0.count { $0 == ">" } == 1 && !$0.hasPrefix("\n") }, "\(contexts)")
    }

    @Test("the same tournament is found whatever is played side by side, and every pair sits on every seat")
    func width() async throws {
        let game = try #require(kuhn)
        let table = try RulePlayer("equilibrium:200").player(of: game)
        let entrants: [(name: String, contender: any Contender<KuhnPoker>)] = [
            ("table", RuleContender(table)), ("random", RuleContender(RandomPlayer())), ("bets", Stubborn(text: "bet")),
        ]
        let tournament = try Tournament(game, entrants, plays: 40)
        #expect(tournament.total == 120)
        let one = try await tournament.play(seed: Seed(4), width: 1)
        #expect(try await tournament.play(seed: Seed(4), width: 50) == one)
        #expect(try await tournament.play(seed: Seed(5)) != one)
        #expect(one.isGraded && one.span == 4, "chips are won, not just plays")
        let matrix = try one.matrix()
        #expect(abs(matrix.scores[0][2].mean - (0.5 + (one.returns[0][2]?.mean ?? 0) / 4)) < 1e-12)
        // What one gets the other loses.
        #expect(one.plays.allSatisfy { $0.firstReturn == -$0.secondReturn })
        let returns = one.returns
        for row in 0..<3 { for column in 0..<row { #expect(abs((returns[row][column]?.mean ?? 9) + (returns[column][row]?.mean ?? 9)) < 1e-12) } }
    }

    @Test("standings order players by rating, and the strongest is all of the equilibrium")
    func standings() async throws {
        let game = try #require(nim)
        let entrants: [(name: String, contender: any Contender<Nim>)] = [
            ("random", RuleContender(RandomPlayer())), ("perfect", RuleContender(try PerfectPlayer(game))), ("mute", Stubborn(text: "")),
        ]
        let found = try await Tournament(game, entrants, plays: 60).play(seed: Seed(2))
        let standings = try Standings(found, line: ["random", "mute", "perfect"], seed: Seed(0))
        #expect(standings.entries.map(\.player) == ["perfect", "random", "mute"])
        #expect(standings.players == ["random", "perfect", "mute"], "tables keep the order given")
        #expect((standings.entries[0].nash ?? 0) > 0.99 && (standings.entries[0].alphaRank ?? 0) > 0.99)
        #expect(!standings.isGraded && standings.cycles == [] && standings.forgetting != nil)
        #expect((standings.entries[0].elo?.low ?? 0) > (standings.entries[1].elo?.mean ?? 0))
        let again = try JSONValue(parsing: try JSONValue(encoding: standings).canonical).decode(Standings.self)
        #expect(again == standings)
    }

    @Test("without a fixed sum everyone also plays with itself, and there are returns in place of ratings")
    func cooperative() async throws {
        let game = try IteratedPrisonersDilemma(IteratedPrisonersDilemma.Settings())
        let moves = game.actions(in: game.start).map { game.text(of: $0, in: game.start) }
        let entrants: [(name: String, contender: any Contender<IteratedPrisonersDilemma>)] = moves.map { ($0, Stubborn(text: $0)) }
        let found = try await Tournament(game, entrants, plays: 2).play(seed: Seed(2))
        #expect(!found.hasFixedSum && found.plays.count == 6)
        let standings = try Standings(found, seed: Seed(0))
        #expect(standings.points == nil && standings.entries.allSatisfy { $0.elo == nil })
        let own = moves.indices.map { standings.returns[$0][$0]?.mean ?? 0 }
        #expect(own[0] != own[1], "both cooperating is not both defecting: \(own)")
        #expect(abs((standings.returns[0][1]?.mean ?? 0) - (standings.returns[1][0]?.mean ?? 0)) > 0)
    }

    @Test("a tournament of one, of twins or of none is refused with a sentence")
    func refused() throws {
        let game = try #require(nim)
        let random: any Contender<Nim> = RuleContender(RandomPlayer())
        func sentence(_ entrants: [(name: String, contender: any Contender<Nim>)], plays: Int = 1) -> String {
            do { return "\(try Tournament(game, entrants, plays: plays).total)" } catch { return "\(error)" }
        }
        #expect(sentence([("a", random)]).contains("two players"))
        #expect(sentence([("a", random), ("a", random)]).contains("“a” takes part twice"))
        #expect(sentence([("a", random), ("b", random)], plays: 0).contains("1 or more"))
    }
}
