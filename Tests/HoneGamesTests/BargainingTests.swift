import HoneCore
import HoneGames
import Testing

extension ExtensiveGame {
    /// Plays moves by their texts, of whoever acts next; records an issue where one is not allowed.
    func playing(_ moves: [String], from first: State? = nil) -> State {
        var state = first ?? start
        for move in moves {
            guard let action = action(for: move, by: turn(in: state).mover, in: state) else {
                Issue.record("“\(move)” is not allowed; allowed are \(actions(in: state).prefix(40).map { text(of: $0, in: state) })")
                return state
            }
            apply(action, to: &state)
        }
        return state
    }

    /// The state at the end of a random play.
    func randomEnd(_ seed: Seed) -> State {
        var generator = seed.generator
        var scratch: [Action] = []
        var state = start
        while let action = drawAction(in: state, using: &generator, scratch: &scratch) { apply(action, to: &state) }
        return state
    }

    /// The texts of what can be done.
    func texts(in state: State) -> [String] { actions(in: state).map { text(of: $0, in: state) } }
}

@Suite("Dividing items")
struct ItemTradingTests {
    @Test("there are as many value vectors and divisions as counted by hand")
    func counts() throws {
        let game = try ItemTrading()
        // 3a + 2b + c = 10 has 6 + 4 + 3 + 1 solutions.
        #expect(game.valueVectors.count == 14 && game.valueVectors.allSatisfy { ItemTrading.worth([3, 2, 1], $0) == 10 })
        #expect(Set(game.valueVectors).count == 14 && game.divisions.count == 24)
        var settings = ItemTrading.Settings()
        (settings.kinds, settings.counts, settings.total, settings.turns) = (["book"], [2], 2, 2)
        // Two draws of one vector; end, or three offers with two answers each.
        #expect(try GameTree(ItemTrading(settings)).nodeCount == 3 + 1 + 3 + 6)
    }

    @Test("an agreement gives both the value of their items")
    func agreement() throws {
        let game = try ItemTrading()
        let state = game.playing(["values 1 3 1", "values 3 0 1", "propose 3 2 1", "reject", "propose 0 2 1", "propose 0 2 1", "accept"])
        // Seat 0 accepts that seat 1 takes hats and ball: three books are left for seat 0.
        #expect(game.turn(in: state) == .over && game.returns(of: state) == [3, 1])
        let outcome = try #require(game.outcome(of: state))
        #expect(outcome.isAgreement && outcome.shares == [[3, 0, 0], [0, 2, 1]] && !outcome.isParetoOptimal && !outcome.isEnvyFree)
        let fair = game.playing(["values 1 3 1", "values 3 0 1", "propose 0 2 1", "accept"])
        let best = try #require(game.outcome(of: fair))
        #expect(best.isAgreement && best.shares == [[0, 2, 1], [3, 0, 0]] && best.values == [7, 9] && best.isParetoOptimal && best.isEnvyFree)
        let none = game.playing(["values 1 3 1", "values 3 0 1", "propose 0 2 1", "end"])
        let broken = try #require(game.outcome(of: none))
        #expect(game.returns(of: none) == [0, 0] && !broken.isAgreement && !broken.isParetoOptimal && broken.isEnvyFree)
    }

    @Test("each turn after the second costs by the discount")
    func discount() throws {
        var settings = ItemTrading.Settings()
        settings.discount = 0.5
        let game = try ItemTrading(settings)
        let values = ["values 1 3 1", "values 3 0 1"]
        #expect(game.returns(of: game.playing(values + ["propose 0 2 1", "accept"])) == [7, 9])
        #expect(game.returns(of: game.playing(values + ["propose 3 2 1", "propose 3 0 0", "accept"])) == [3.5, 4.5])
    }

    @Test("the last turn can only answer, and before it nothing is turned down without an offer")
    func limit() throws {
        var settings = ItemTrading.Settings()
        settings.turns = 3
        let game = try ItemTrading(settings)
        let state = game.playing(["values 1 3 1", "values 1 3 1", "propose 0 2 1"])
        #expect(!game.texts(in: state).contains("reject"))
        #expect(game.texts(in: game.playing(["propose 3 0 0"], from: state)) == ["accept", "end"])
    }

    @Test("whatever is agreed divides all items, and values never exceed the total")
    func conservation() throws {
        let game = try ItemTrading()
        for index in 0..<500 {
            let outcome = try #require(game.outcome(of: game.randomEnd(Seed(3).child("play", index))))
            let given = zip(outcome.shares[0], outcome.shares[1]).map(+)
            #expect(given == (outcome.isAgreement ? [3, 2, 1] : [0, 0, 0]) && outcome.values.allSatisfy { (0...10).contains($0) })
        }
    }

    @Test("the other's values are hidden, and drawn evenly from all there are")
    func hidden() throws {
        let game = try ItemTrading()
        let one = game.playing(["values 1 3 1", "values 3 0 1"])
        let other = game.playing(["values 1 3 1", "values 0 0 10"])
        #expect(game.informationState(of: one, for: 0) == game.informationState(of: other, for: 0) && game.view(of: one, for: 0) == game.view(of: other, for: 0))
        #expect(game.view(of: one, for: 1) != game.view(of: other, for: 1))
        var generator = Seed(1).generator
        var counts = [Int](repeating: 0, count: 14)
        for _ in 0..<14_000 {
            let drawn = try #require(game.resample(one, for: 0, using: &generator))
            #expect(drawn.values[0] == one.values[0])
            counts[drawn.values[1]] += 1
        }
        // Five standard deviations of a binomial.
        #expect(counts.allSatisfy { abs($0 - 1000) < 155 }, "\(counts)")
    }

    @Test("own words are shown in quotes, are no move, and are said once before a move")
    func talk() throws {
        var settings = ItemTrading.Settings()
        settings.talk = .free
        let game = try ItemTrading(settings)
        let start = game.playing(["values 1 3 1", "values 3 0 1"])
        let said = game.playing(["say: I need \"hats\"; accept"], from: start)
        #expect(game.turn(in: said) == .seat(0) && game.action(for: "say: more", by: 0, in: said) == nil && !game.texts(in: said).contains("want hat"))
        #expect(game.view(of: said, for: 1).contains("player 0: says \"I need 'hats'; accept\"."))
        for text in ["say: a\nb", "say: ", "say: " + String(repeating: "a", count: 121), "say:a"] { #expect(game.action(for: text, by: 0, in: start) == nil) }
        #expect(game.action(for: "say: hello", by: 1, in: start) == nil)
        #expect(throws: CoreError.self) { try GameTree(game) }
        let listed = game.playing(["want hat", "propose 0 2 1"], from: start)
        #expect(game.view(of: listed, for: 1).contains("player 0: want hat; player 0: 0 2 1 for player 0, 3 0 0 for you."))
    }

    @Test("every variant keeps the promises of games")
    func variants() throws {
        for (showsValues, talk) in [(true, TalkRule.none), (false, .listed), (false, .free)] {
            var settings = ItemTrading.Settings()
            (settings.showsValues, settings.talk, settings.discount) = (showsValues, talk, 0.9)
            let broken = checkGame(try ItemTrading(settings), seed: Seed(5), plays: 60)
            #expect(broken == [], "\(broken.joined(separator: "\n"))")
        }
        for change in [{ $0.counts = [3, 2] }, { $0.turns = 1 }, { $0.total = 0 }, { $0.kinds = ["a", "a", "b"] }, { $0.discount = 0 }]
            as [(inout ItemTrading.Settings) -> Void]
        {
            var settings = ItemTrading.Settings()
            change(&settings)
            #expect(throws: CoreError.self) { try ItemTrading(settings) }
        }
    }
}

@Suite("Buyer and seller")
struct BuyerSellerTests {
    private func balloon() -> BuyerSeller.Settings {
        var settings = BuyerSeller.Settings()
        (settings.costs, settings.values) = ([8, 8], [16, 16])
        return settings
    }

    @Test("a deal at 12 gives price less cost and value less price")
    func deal() throws {
        let game = try BuyerSeller(balloon())
        let state = game.playing(["offer 15", "offer 12", "accept"])
        #expect(game.price(in: state) == 12 && game.returns(of: state) == [4, 4])
        let bought = game.playing(["offer 18", "accept"])
        #expect(game.price(in: bought) == 18 && game.returns(of: bought) == [10, -2])
        let opening = game.playing(["accept"])
        #expect(game.price(in: opening) == 10 && game.returns(of: opening) == [2, 6])
        let none = game.playing(["offer 18", "reject"])
        #expect(game.price(in: none) == nil && game.returns(of: none) == [0, 0])
    }

    @Test("concessions are not taken back, and the last turn only answers")
    func limits() throws {
        var settings = balloon()
        settings.turns = 3
        let game = try BuyerSeller(settings)
        let state = game.playing(["offer 15", "offer 12"])
        #expect(game.texts(in: state) == ["accept", "reject"])
        settings.turns = 4
        let longer = try BuyerSeller(settings)
        #expect(longer.texts(in: longer.playing(["offer 15", "offer 12"])) == ["accept", "reject"] + (5...15).map { "offer \($0)" })
        settings.keepsConcessions = false
        let free = try BuyerSeller(settings)
        #expect(free.texts(in: free.playing(["offer 15", "offer 12"])).last == "offer 20")
    }

    @Test("a deal's returns add up to value less cost, whatever the price")
    func conservation() throws {
        let game = try BuyerSeller()
        for index in 0..<500 {
            let state = game.randomEnd(Seed(4).child("play", index))
            let cost = try #require(state.cost)
            let value = try #require(state.value)
            #expect(game.returns(of: state).reduce(0, +) == (game.price(in: state) == nil ? 0 : Double(value - cost)))
        }
    }

    @Test("neither sees the other's number unless both are public")
    func hidden() throws {
        let game = try BuyerSeller()
        let one = game.playing(["cost 6", "value 18", "offer 15"])
        let other = game.playing(["cost 9", "value 18", "offer 15"])
        #expect(game.informationState(of: one, for: 1) == game.informationState(of: other, for: 1) && game.view(of: one, for: 1) == game.view(of: other, for: 1))
        #expect(game.view(of: one, for: 1) == "You are player 1, the buyer. Value: 18. So far: seller: offer 20; you: offer 10; seller: offer 15. Turns left: 7.")
        #expect(game.view(of: one, for: 0) != game.view(of: other, for: 0))
    }

    @Test("words of persuasion follow an offer and change nothing else")
    func tags() throws {
        var settings = balloon()
        settings.talk = .free
        let game = try BuyerSeller(settings)
        let state = game.playing(["say: it is a very good one", "offer 15 quality", "offer 12 budget", "accept"])
        #expect(game.returns(of: state) == [4, 4])
        #expect(game.view(of: state, for: 1).contains("seller: says \"it is a very good one\"; seller: offer 15 quality; you: offer 12 budget; seller: accept"))
        let said = game.playing(["say: accept"])
        #expect(game.turn(in: said) == .seat(0) && game.action(for: "say: again", by: 0, in: said) == nil)
    }

    @Test("every variant keeps the promises of games")
    func variants() throws {
        for index in 0..<4 {
            var settings = BuyerSeller.Settings()
            (settings.isPublic, settings.keepsConcessions) = (index == 0, index == 1)
            settings.talk = [.none, .listed, .free, .free][index]
            if index == 1 { settings.openings = [] }
            if index == 2 { settings.costs = [8, 8] }
            let broken = checkGame(try BuyerSeller(settings), seed: Seed(5), plays: 24)
            #expect(broken == [], "\(broken.joined(separator: "\n"))")
        }
        for change in [{ $0.openings = [30, 10] }, { $0.prices = [9, 3] }, { $0.turns = 1 }, { $0.tags = ["a b"] }] as [(inout BuyerSeller.Settings) -> Void] {
            var settings = BuyerSeller.Settings()
            change(&settings)
            #expect(throws: CoreError.self) { try BuyerSeller(settings) }
        }
    }
}
