import HoneCore
import HoneGames
import Testing

@Suite("The commons")
struct CommonsTests {
    private func small(_ change: (inout Commons.Settings) -> Void = { _ in }) throws -> Commons {
        var settings = Commons.Settings()
        (settings.players, settings.capacity, settings.rounds, settings.collapse, settings.talk) = (2, 20, 3, 2, .none)
        change(&settings)
        return try Commons(settings)
    }

    @Test("a stock grows back from sustainable catches, and measures are those found by hand")
    func sustainable() throws {
        let game = try small()
        let state = game.playing(["catch 5", "catch 5", "catch 5", "catch 5", "catch 6", "catch 4"])
        #expect(game.isOver(state) && game.hasSurvived(state) && game.survivalTime(of: state) == 3 && state.stock == 10)
        #expect(state.rounds.map(\.stock) == [20, 20, 20] && game.returns(of: state) == [16, 14])
        #expect(game.efficiency(of: state) == 1)
        // Mean difference over all ordered pairs: (2 + 2) / 4; Gini = 1 / (2 · 15).
        #expect(abs(game.equality(of: state) - (1 - 4.0 / 120)) < 1e-12)
        // One of six choices is above 5.
        #expect(game.overUse(of: state).map { abs($0 - 1.0 / 6) < 1e-12 } == true)
    }

    @Test("too little left ends everything")
    func collapse() throws {
        let game = try small()
        let state = game.playing(["catch 10", "catch 9"])
        #expect(game.isOver(state) && !game.hasSurvived(state) && game.survivalTime(of: state) == 1 && game.returns(of: state) == [10, 9])
        #expect(game.efficiency(of: state).map { abs($0 - 19.0 / 30) < 1e-12 } == true && game.overUse(of: state) == 1)
        // Exactly the limit is left: it goes on, doubled.
        let saved = game.playing(["catch 9", "catch 9"])
        #expect(!game.isOver(saved) && saved.stock == 4)
        let one = game.playing(["catch 20", "catch 0"])
        #expect(game.equality(of: one) == 0.5 && game.equality(of: game.start) == 1)
    }

    @Test("the sustainable share is half the stock, shared and rounded down")
    func share() throws {
        let game = try Commons()
        #expect([100, 99, 50, 9, 5].map { game.sustainableShare(of: $0, among: 5) } == [10, 9, 5, 0, 0])
        var settings = Commons.Settings()
        settings.growth = 150
        // 100 grows back from 67, as ⌊67 · 1.5⌋ is 100 and ⌊66 · 1.5⌋ is 99.
        #expect(try Commons(settings).sustainableShare(of: 100, among: 1) == 33)
    }

    @Test("a stock too small goes unit by unit to those who still want")
    func rationing() throws {
        let game = try small { $0.capacity = 4 }
        let state = game.playing(["catch 4", "catch 1"])
        #expect(game.turn(in: state) == .chance && game.texts(in: state) == ["unit to 0", "unit to 1"])
        let next = game.playing(["unit to 1"], from: state)
        #expect(game.texts(in: next) == ["unit to 0"])
        let end = game.playing(["unit to 0", "unit to 0", "unit to 0"], from: next)
        #expect(game.isOver(end) && game.returns(of: end) == [3, 1] && end.rounds[0].wanted == [4, 1])
        // Of 10: 17·10/36 = 4 r 26, 2 r 28 (10·10/36), 9·10/36 = 2 r 18: the two left over go to the second and the first.
        let proportional = try small { ($0.players, $0.capacity, $0.rationing) = (3, 40, .proportional) }
        let shared = proportional.playing(["catch 17", "catch 40", "catch 9"])
        // Of 40: 680/66 = 10 r 20, 1600/66 = 24 r 16, 360/66 = 5 r 30; the one left over goes to the last.
        #expect(proportional.returns(of: shared) == [10, 24, 6])
    }

    @Test("what is taken and what is left is what there was, in every round of random plays")
    func conservation() throws {
        for rationing in Commons.Rationing.allCases {
            let game = try small { ($0.players, $0.capacity, $0.rounds, $0.takeLimit, $0.rationing) = (4, 40, 6, 12, rationing) }
            for index in 0..<200 {
                let state = game.randomEnd(Seed(8).child("play", index))
                for (number, round) in state.rounds.enumerated() {
                    let left = round.stock - round.got.reduce(0, +)
                    #expect(left >= 0 && zip(round.got, round.wanted).allSatisfy { 0...$1 ~= $0 })
                    #expect((number + 1 < state.rounds.count ? state.rounds[number + 1].stock : state.stock) == (number + 1 < state.rounds.count ? min(40, 2 * left) : left))
                    #expect(round.wanted.reduce(0, +) > round.stock ? left == 0 : round.got == round.wanted)
                }
                #expect((0...1).contains(game.efficiency(of: state) ?? 0) && (0...1).contains(game.equality(of: state)))
            }
        }
    }

    @Test("choices of a round are hidden until all have chosen")
    func hidden() throws {
        let game = try small { $0.players = 3 }
        let one = game.playing(["catch 7"])
        let other = game.playing(["catch 2"])
        for seat in 1...2 {
            #expect(game.informationState(of: one, for: seat) == game.informationState(of: other, for: seat) && game.view(of: one, for: seat) == game.view(of: other, for: seat))
        }
        #expect(game.informationState(of: one, for: 0) != game.informationState(of: other, for: 0))
    }

    @Test("players speak in turn between rounds, and what they say is quoted and decides nothing")
    func talk() throws {
        let game = try small { ($0.talk, $0.talkTurns, $0.universalises) = (.free, 3, true) }
        #expect(game.view(of: game.start, for: 0) == "You are player 0. Round 1 of 3. The lake has 20 tons of fish. If everybody takes more than 5, there will be less next round.")
        let state = game.playing(["catch 5", "catch 5", "limit 4", "say: catch 0 all of you"])
        #expect(game.turn(in: state) == .seat(0) && state.stock == 10 && !game.texts(in: state).contains("blame 0"))
        let next = game.playing(["blame 1"], from: state)
        #expect(game.turn(in: next) == .together([0, 1]) && next.stock == 20)
        #expect(
            game.view(of: next, for: 1)
                == "You are player 1. Round 2 of 3. The lake has 20 tons of fish. So far (stock: what player 0, 1, … got, and /wanted if more): round 1, 20:5,5. "
                + "Said after round 1: 0: limit 4; 1: says \"catch 0 all of you\"; 0: blame 1. If everybody takes more than 5, there will be less next round.")
        // Another begins in the second round.
        let second = game.playing(["catch 5", "catch 5"], from: next)
        #expect(game.turn(in: second) == .seat(1))
    }

    @Test("a newcomer takes and speaks from its round on")
    func newcomer() throws {
        let game = try small { ($0.players, $0.newcomerRound, $0.talk, $0.talkTurns) = (3, 2, .listed, 3) }
        #expect(game.turn(in: game.start) == .together([0, 1]))
        let talking = game.playing(["catch 5", "catch 5"])
        #expect(!game.texts(in: talking).contains("blame 2"))
        let state = game.playing(["pass", "pass", "pass"], from: talking)
        #expect(game.turn(in: state) == .together([0, 1, 2]))
        #expect(game.returns(of: game.playing(["catch 3", "catch 3", "catch 4"], from: state)) == [8, 8, 4])
    }

    @Test("every variant keeps the promises of games")
    func variants() throws {
        for index in 0..<6 {
            let game = try small {
                ($0.players, $0.takeLimit, $0.rounds) = (3, 5, 4)
                $0.talk = TalkRule.allCases[index % 3]
                $0.skin = Commons.Skin.allCases[index / 2]
                $0.newcomerRound = index == 1 || index == 2 ? 2 : 0
                $0.rationing = index < 3 ? .random : .proportional
                $0.universalises = index.isMultiple(of: 2)
                $0.step = index == 5 ? 2 : 1
            }
            let broken = checkGame(game, seed: Seed(5), plays: 16)
            #expect(broken == [], "\(broken.joined(separator: "\n"))")
        }
        for change in [{ $0.players = 1 }, { $0.growth = 50 }, { $0.collapse = 500 }, { $0.newcomerRound = 1 }] as [(inout Commons.Settings) -> Void] {
            var settings = Commons.Settings()
            change(&settings)
            #expect(throws: CoreError.self) { try Commons(settings) }
        }
    }
}

@Suite("The donor game")
struct DonorGameTests {
    private let order = ["place 0", "place 1", "place 2", "place 3"]

    private func four(_ change: (inout DonorGame.Settings) -> Void = { _ in }) throws -> DonorGame {
        var settings = DonorGame.Settings()
        (settings.players, settings.rounds) = (4, 3)
        change(&settings)
        return try DonorGame(settings)
    }

    @Test("gifts are doubled and the trace goes back from recipient to recipient")
    func trace() throws {
        let game = try four()
        // Round 1: 0 with 3, 1 with 2; 0 and 1 give. Round 2: 1 with 3, 2 with 0; 1 and 2 give. Round 3: 2 with 3, 0 with 1; 3 and 0 give.
        var state = game.playing(order + ["first", "first", "give 50%", "give 25%"])
        #expect(state.resources[1] == [5, 8, 14, 20])
        state = game.playing(["first", "first"], from: state)
        #expect(game.turn(in: state) == .together([1, 2]))
        #expect(game.trace(of: 0, before: 1, in: state) == ["player 0 gave 50% to player 3"] && game.trace(of: 3, before: 1, in: state) == [])
        #expect(
            game.view(of: state, for: 2)
                == "You are player 2 and have 14 units. Rounds over: 1. Round 1, recipient of player 1: +4. "
                + "Round 2, donor to player 0 who had 5; player 0 gave 50% to player 3: not decided.")
        state = game.playing(["give 100%", "give 50%"], from: state)
        #expect(state.resources[2] == [19, 0, 7, 36])
        state = game.playing(["second", "first"], from: state)
        #expect(game.turn(in: state) == .together([0, 3]))
        // 2 gave 50% to 0 in round 2, and 0 before that 50% to 3, who never gave.
        #expect(game.trace(of: 2, before: 2, in: state) == ["player 2 gave 50% to player 0", "player 0 gave 50% to player 3"])
        state = game.playing(["give 0%", "give 25%"], from: state)
        #expect(game.isOver(state) && game.returns(of: state) == [19, 0, 25, 27])
        #expect(game.generosity(of: state).map { abs($0 - 250.0 / 600) < 1e-12 } == true)
    }

    @Test("the slope of gifts on what the recipient gave is found by hand")
    func reciprocity() throws {
        let game = try four()
        let state = game.playing(order + ["first", "first", "give 50%", "give 0%", "second", "first", "give 50%", "give 0%", "first", "first", "give 0%", "give 0%"])
        // Round 2: 3 gives 0 % to 1, who gave 0 %; 2 gives 50 % to 0, who gave 50 %. Round 3: 2 to 3 and 0 to 1, nothing: they gave 0 % each.
        #expect(state.gifts == [[50, 0], [50, 0], [0, 0]] && game.gifts(in: 1, of: state).map(\.donor) == [2, 3])
        #expect(game.gifts(in: 2, of: state).map(\.recipient) == [1, 3])
        // Points (50, 50), (0, 0), (0, 0), (0, 0).
        #expect(game.reciprocity(of: [state]).map { abs($0 - 1) < 1e-12 } == true && game.reciprocity(of: []) == nil)
    }

    @Test("nobody meets anybody twice, in all rounds that there can be")
    func pairings() throws {
        for players in [4, 6, 12] {
            var settings = DonorGame.Settings()
            (settings.players, settings.rounds) = (players, players - 1)
            let game = try DonorGame(settings)
            let state = game.randomEnd(Seed(2).child("players", players))
            var met: Set<[Int]> = []
            for round in 0..<players - 1 {
                let all = game.gifts(in: round, of: state)
                #expect(Set(all.flatMap { [$0.donor, $0.recipient] }).count == players)
                for pair in all { #expect(met.insert([pair.donor, pair.recipient].sorted()).inserted) }
            }
            #expect(met.count == players * (players - 1) / 2)
        }
    }

    @Test("what is had grows by the gifts, and shrinks by punishing")
    func conservation() throws {
        for allows in [false, true] {
            let game = try four { $0.allowsPunishment = allows }
            for index in 0..<300 {
                let state = game.randomEnd(Seed(9).child("play", index))
                for round in 0..<3 {
                    let before = state.resources[round]
                    var change = 0
                    for (pair, share) in zip(game.gifts(in: round, of: state), state.gifts[round]) {
                        let amount = DonorGame.amount(share, of: before[pair.donor])
                        change += share >= 0 ? amount : -amount - min(2 * amount, before[pair.recipient])
                    }
                    #expect(state.resources[round + 1].reduce(0, +) == before.reduce(0, +) + change && state.resources[round + 1].allSatisfy { $0 >= 0 })
                }
            }
        }
    }

    @Test("what a donor cannot have met with is drawn anew")
    func hidden() throws {
        let game = try four()
        let state = game.playing(order + ["first", "first", "give 50%", "give 25%", "first", "first"])
        let other = game.playing(order + ["first", "first", "give 50%", "give 25%", "first", "first", "give 100%"])
        #expect(game.informationState(of: state, for: 2) == game.informationState(of: other, for: 2) && game.view(of: state, for: 2) == game.view(of: other, for: 2))
        var generator = Seed(1).generator
        // Seat 1 gave 25 % to 2 and now meets 3, who has 20: that 3 got 10 from 0 is certain, what 1's own first donor would do is not.
        var pending: Set<Int> = []
        for _ in 0..<80 {
            let drawn = try #require(game.resample(other, for: 2, using: &generator))
            pending.insert(drawn.gifts[1][0])
        }
        #expect(pending == [0, 25, 50, 75, 100])
    }

    @Test("every variant keeps the promises of games")
    func variants() throws {
        for index in 0..<3 {
            let game = try four {
                $0.allowsPunishment = index == 1
                $0.trace = index == 2 ? 0 : 3
                $0.showsRounds = index > 0
                $0.shares = index == 2 ? Array(0...100) : $0.shares
            }
            let broken = checkGame(game, seed: Seed(5), plays: 16)
            #expect(broken == [], "\(broken.joined(separator: "\n"))")
        }
        for change in [{ $0.players = 5 }, { $0.rounds = 6 }, { $0.shares = [10, 20] }, { $0.start = 0 }] as [(inout DonorGame.Settings) -> Void] {
            var settings = DonorGame.Settings()
            change(&settings)
            #expect(throws: CoreError.self) { try DonorGame(settings) }
        }
    }
}
