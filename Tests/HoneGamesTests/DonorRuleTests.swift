import HoneCore
import HoneGames
import Testing

@Suite("Rules and mirrored plays of the donor game")
struct DonorRuleTests {
    private func game(_ change: (inout DonorGame.Settings) -> Void = { _ in }) throws -> DonorGame {
        var settings = DonorGame.Settings()
        change(&settings)
        return try DonorGame(settings)
    }

    @Test("a rule is its text, and other texts are none")
    func texts() {
        let rule = DonorRule(give: 3, threshold: 2, otherwise: 0)
        #expect(rule.text == "g3t2b0" && DonorRule("g3t2b0", levels: 5) == rule)
        #expect(DonorRule("g3t2p1", levels: 5) == DonorRule(give: 3, threshold: 2, otherwise: 1, punishes: true))
        for text in ["", "g3t2b", "g3t2b00", "x3t2b0", "g3t2c0", "g5t2b0", "gat2b0"] { #expect(DonorRule(text, levels: 5) == nil, "\(text)") }
        #expect(rule.changes(from: DonorRule(give: 3, threshold: 1, otherwise: 1)) == 2 && rule.changes(from: rule) == 0)
    }

    @Test("those who gave enough, or have not given, are given to; others get the other share, or are punished where that is allowed")
    func shares() throws {
        let game = try game()
        let rule = DonorRule(give: 3, threshold: 2, otherwise: 1)
        #expect([nil, 100, 50, 25, 0, -50].map { rule.share(after: $0, of: game) } == [75, 75, 75, 25, 25, 25])
        let harsh = DonorRule(give: 3, threshold: 2, otherwise: 1, punishes: true)
        #expect(harsh.share(after: 25, of: game) == 25, "the game has no punishment")
        let punishing = try self.game { $0.allowsPunishment = true }
        #expect(harsh.share(after: 25, of: punishing) == -25)
        #expect(DonorRule(give: 3, threshold: 0, otherwise: 1).share(after: -50, of: game) == 75, "a threshold of nothing is met by all")
    }

    @Test("altruists ask for what they give, free-riders give less than they read, and every temperament stays inside the game's shares")
    func temperaments() {
        var generator = Seed(3).generator
        let read = [DonorRule(give: 2, threshold: 0, otherwise: 3), DonorRule(give: 4, threshold: 4, otherwise: 0)]
        for _ in 0..<500 {
            for temperament in DonorTemperament.allCases {
                for known in [[], read] {
                    let rule = temperament.rule(reading: known, levels: 5, mutation: 0.5, allowsPunishment: false, using: &generator)
                    #expect(DonorRule(rule.text, levels: 5) == rule && !rule.punishes)
                    if temperament == .altruist { #expect(rule.threshold == rule.give && rule.otherwise <= 1) }
                    if temperament == .freeRider { #expect(rule.otherwise == 0 && rule.give <= (known.isEmpty ? 2 : 3)) }
                }
            }
        }
        let copy = DonorTemperament.imitator.rule(reading: [read[1]], levels: 5, mutation: 0, allowsPunishment: false, using: &generator)
        #expect(copy == read[1])
    }

    @Test("mirrored plays have the same pairs with donors exchanged, and nobody meets anybody twice")
    func mirror() throws {
        let game = try game { ($0.players, $0.rounds) = (12, 11) }
        var plays = game.mirrored(seed: Seed(5))
        var met: Set<Set<Int>> = []
        for round in 0..<11 {
            game.toss(&plays, seed: Seed(5))
            let first = game.gifts(in: round, of: plays.0)
            let second = game.gifts(in: round, of: plays.1)
            #expect(first.count == 6 && Set(first.map { [$0.donor, $0.recipient] }) == Set(second.map { [$0.recipient, $0.donor] }))
            for gift in first { #expect(met.insert([gift.donor, gift.recipient]).inserted, "they meet again") }
            for _ in first {
                game.apply(.give(50), to: &plays.0)
                game.apply(.give(100), to: &plays.1)
            }
        }
        #expect(met.count == 66 && game.isOver(plays.0) && game.isOver(plays.1))
    }

    @Test("the trace of shares goes back from gift to gift, as far as the settings say")
    func trace() throws {
        let game = try game { ($0.players, $0.rounds, $0.trace) = (4, 3, 3) }
        var plays = game.mirrored(seed: Seed(1))
        game.toss(&plays, seed: Seed(1))
        let first = game.gifts(in: 0, of: plays.0)
        #expect(game.pastShares(of: first[0].recipient, in: plays.0).isEmpty && game.pastShares(of: first[0].donor, in: plays.0).isEmpty)
        for share in [25, 75] {
            game.apply(.give(share), to: &plays.0)
            game.apply(.give(0), to: &plays.1)
        }
        #expect(game.pastShares(of: first[0].donor, in: plays.0) == [25] && game.pastShares(of: first[1].donor, in: plays.0) == [75])
        #expect(game.pastShares(of: first[0].recipient, in: plays.0).isEmpty, "a recipient has given nothing yet")
        game.toss(&plays, seed: Seed(1))
        let second = game.gifts(in: 1, of: plays.0)
        for share in [50, 100] { game.apply(.give(share), to: &plays.0) }
        for (gift, share) in zip(second, [50, 100]) {
            // Whoever gave in the second round: that gift, then what its recipient gave in the first, if it gave.
            let before = first.firstIndex { $0.donor == gift.recipient }.map { [[25, 75][$0]] } ?? []
            #expect(game.pastShares(of: gift.donor, in: plays.0) == [share] + before)
        }
    }

    @Test("giving everything always multiplies by one and a half a round on average")
    func most() throws {
        let game = try game { ($0.players, $0.rounds) = (4, 3) }
        #expect(game.mostResources == 33.75)
        var sum = 0.0
        let plays = 4000
        for number in 0..<plays {
            var pair = game.mirrored(seed: Seed(7).child("play", number))
            for _ in 0..<3 {
                game.toss(&pair, seed: Seed(7).child("play", number))
                for _ in 0..<2 {
                    game.apply(.give(100), to: &pair.0)
                    game.apply(.give(100), to: &pair.1)
                }
            }
            sum += (game.returns(of: pair.0) + game.returns(of: pair.1)).reduce(0, +) / 8
        }
        // A mean of 4000 draws, whose spread is about 9.
        #expect(abs(sum / Double(plays) - 33.75) < 0.9, "\(sum / Double(plays))")
    }
}
