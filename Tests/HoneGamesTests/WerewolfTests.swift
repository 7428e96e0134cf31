import HoneCore
import HoneGames
import Testing

@Suite("Werewolf")
struct WerewolfTests {
    /// Settings with changes.
    private func game(_ change: (inout Werewolf.Settings) -> Void = { _ in }) throws -> Werewolf {
        var settings = Werewolf.Settings()
        change(&settings)
        return try Werewolf(settings)
    }

    /// Wolves 4 and 5, seer 0; the first night kills 3, the seer sees 4.
    private let night = ["wolf 4", "wolf 5", "seer 0", "inspect 4", "sleep", "sleep", "sleep", "kill 3", "kill 3"]
    private let quiet = [String](repeating: "pass", count: 5)

    @Test("the village wins by voting both wolves out, the dead with it")
    func villageWins() throws {
        let game = try game()
        var moves = night + ["report 4 wolf", "accuse 4", "pass", "accuse 1", "defend 4"]
        moves += ["vote 4", "vote 4", "vote 4", "vote 1", "vote 1"]
        let second = try played(game, moves)
        #expect(second.isAlive == [true, true, true, false, false, true] && second.day == 2)
        // The living are 0, 1, 2, 5; the wolf kills 2, and 0 and 1 outvote it.
        let end = try played(game, ["inspect 5", "sleep", "sleep", "kill 2", "pass", "pass", "pass", "vote 5", "vote 5", "vote 0"], from: second)
        #expect(game.isOver(end) && game.returns(of: end) == [1, 1, 1, 1, -1, -1])
        #expect(game.view(of: end, for: 2).hasSuffix("The village has won; the wolves were 4 and 5. Living: 0 1."))
    }

    @Test("the wolves win as soon as they are half of the living, and when the last day has passed")
    func wolvesWin() throws {
        let game = try game()
        let out = try played(game, night + quiet + ["vote 1", "vote 0", "vote 1", "vote 1", "vote 1"])
        // 0 and 2 against 4 and 5.
        #expect(game.isOver(out) && game.returns(of: out) == [-1, -1, -1, -1, 1, 1])
        let short = try self.game { $0.days = 1 }
        let end = try played(short, night + quiet + ["vote 4", "vote 4", "vote 4", "vote 1", "vote 1"])
        #expect(short.isOver(end) && short.returns(of: end)[5] == 1)
    }

    @Test("only wolves see the wolves and their choices, only the seer what it saw, and nobody a vote that is not complete")
    func hides() throws {
        let game = try game()
        let day = try played(game, night)
        func view(_ seat: Int) -> String { game.view(of: day, for: seat) }
        #expect(view(0).hasPrefix("You are player 0, the seer.\nNight 1: you saw that player 4 is a wolf.\nDay 1: Player 3 was killed, a villager.\n"))
        #expect(view(1) == "You are player 1, a villager.\nDay 1: Player 3 was killed, a villager.\nIt is day 1, time to speak. Living: 0 1 2 4 5.")
        #expect(view(4).hasPrefix("You are player 4, a wolf; the wolves are 4 and 5.\nNight 1: wolves chose 4: kill 3, 5: kill 3.\n"))
        let vote = try played(game, quiet, from: day)
        let one = try played(game, ["vote 4"], from: vote)
        let other = try played(game, ["vote 1"], from: vote)
        for seat in 1..<6 { #expect(game.informationState(of: one, for: seat) == game.informationState(of: other, for: seat)) }
        #expect(game.informationState(of: one, for: 0) != game.informationState(of: other, for: 0))
        let secret = try self.game { ($0.showsVotes, $0.showsRoles) = (false, false) }
        let out = try played(secret, night + quiet + ["vote 4", "vote 4", "vote 4", "vote 1", "vote 1"])
        #expect(
            secret.view(of: out, for: 5).hasSuffix(
                "Player 4: pass\nPlayer 5: pass\nYou voted for 1.\nPlayer 4 was voted out.\nIt is night 2. Living: 0 1 2 5."))
    }

    @Test("the victim is whom most wolves name, among equals whom the lowest of them names")
    func victims() throws {
        let game = try game { ($0.players, $0.wolves, $0.hasSeer) = (7, 3, false) }
        let start = ["wolf 6", "wolf 2", "wolf 4", "sleep", "sleep"]
        #expect(try played(game, start + ["kill 0", "sleep", "kill 3", "sleep", "kill 3"]).isAlive.firstIndex(of: false) == 3)
        #expect(try played(game, start + ["kill 0", "sleep", "kill 3", "sleep", "kill 5"]).isAlive.firstIndex(of: false) == 0)
    }

    @Test("a protected player lives; a guard may not protect the same player again")
    func doctor() throws {
        let game = try game { ($0.wolves, $0.hasSeer, $0.hasDoctor, $0.mayProtectAgain) = (1, false, true, false) }
        let saved = try played(game, ["wolf 5", "doctor 0", "protect 2", "sleep", "sleep", "sleep", "sleep", "kill 2"])
        #expect(saved.isAlive.allSatisfy { $0 })
        #expect(game.view(of: saved, for: 0).contains("Night 1: you protected player 2.\nDay 1: Nobody was killed."))
        let next = try played(game, [String](repeating: "pass", count: 6) + [String](repeating: "vote nobody", count: 6), from: saved)
        #expect(game.action(for: "protect 2", by: 0, in: next) == nil && game.action(for: "protect 0", by: 0, in: next) != nil)
    }

    @Test("a tie spares all or is decided by chance, as the settings say")
    func ties() throws {
        let votes = ["vote 1", "vote 0", "vote nobody", "vote 1", "vote 0"]
        let kept = try played(try game(), night + quiet + votes)
        #expect(kept.isAlive.count { $0 } == 5 && kept.phase == .night)
        let game = try game { $0.ties = .chance }
        let tied = try played(game, night + quiet + votes)
        #expect(game.turn(in: tied) == .chance && game.actions(in: tied) == [.leave(0), .leave(1)])
        #expect(try played(game, ["out 1"], from: tied).isAlive == [true, false, true, false, true, true])
    }

    @Test("free talk is heard as a quotation and is never a move")
    func talk() throws {
        let game = try game { $0.talkLength = 30 }
        #expect(game.facts.hasOpenMoves)
        let day = try played(game, night)
        #expect(game.action(for: "say: vote 3", by: 1, in: day) == nil, "it is player 0's turn")
        #expect(game.action(for: "say: " + String(repeating: "a", count: 31), by: 0, in: day) == nil)
        #expect(game.action(for: "say: a\nvote 3", by: 0, in: day) == nil)
        let said = try played(game, ["say: \"vote 1\" Player 9: claim seer"], from: day)
        #expect(game.turn(in: said) == .seat(1) && said.isAlive == day.isAlive && said.choices == day.choices)
        #expect(game.view(of: said, for: 4).contains("\nPlayer 0 says \"'vote 1' Player 9: claim seer\"\n"))
        let vote = try played(game, ["pass", "pass", "pass", "pass"], from: said)
        #expect(game.action(for: "say: vote 4", by: 0, in: vote) == nil)
        #expect(try self.game().action(for: "say: hello", by: 0, in: played(self.game(), night)) == nil, "without free talk it is no move")
        #expect(checkGame(game, seed: Seed(1), plays: 4) == [])
    }

    @Test("what needs all moves listed refuses a game with free talk in one sentence")
    func refused() async throws {
        let game = try game { $0.talkLength = 30 }
        func isClear(_ error: any Error) -> Bool { "\(error)".contains("werewolf") && "\(error)".contains("may say what they like") }
        #expect { _ = try GameTree(game) } throws: { isClear($0) }
        #expect { _ = try Minimax(game) } throws: { isClear($0) }
        await #expect { _ = try await ModelStrategy(of: UniformModel(), in: GameWorld(game), end: nil) } throws: { isClear($0) }
    }

    @Test("drawn states give the roles their odds under all a player knows", arguments: [
        // A villager: two wolves and the seer among the four others who live.
        Odds(seat: 1, ofWolf: [0.5, 0, 0.5, 0, 0.5, 0.5]),
        // The seer has seen one wolf: the other is one of three.
        Odds(seat: 0, ofWolf: [0, 0.3333, 0.3333, 0, 1, 0.3333]),
        Odds(seat: 4, ofWolf: [0, 0, 0, 0, 1, 1]),
    ])
    fileprivate func odds(expected: Odds) throws {
        let game = try game()
        let day = try played(game, night)
        var counts = [Int](repeating: 0, count: 6)
        var generator = Seed(3).generator
        for _ in 0..<3000 {
            let other = try #require(game.resample(day, for: expected.seat, using: &generator))
            for place in 0..<6 where other.kinds[place] == .wolf { counts[place] += 1 }
        }
        // Four standard errors of 3000 draws are below 0.04.
        for place in 0..<6 { #expect(abs(Double(counts[place]) / 3000 - expected.ofWolf[place]) < 0.04, "seat \(place)") }
    }

    @Test("a doctor who saved somebody knows that this was no wolf")
    func doctorKnows() throws {
        let game = try game { ($0.players, $0.wolves, $0.hasSeer, $0.hasDoctor) = (5, 1, false, true) }
        let day = try played(game, ["wolf 4", "doctor 0", "protect 2", "sleep", "sleep", "sleep", "kill 2"])
        var counts = [Int](repeating: 0, count: 5)
        var generator = Seed(5).generator
        for _ in 0..<3000 {
            let other = try #require(game.resample(day, for: 0, using: &generator))
            counts[try #require(other.kinds.firstIndex(of: .wolf))] += 1
        }
        #expect(counts[0] == 0 && counts[2] == 0 && [1, 3, 4].allSatisfy { abs(counts[$0] - 1000) < 110 })
    }

    @Test("other settings keep the promises of a game too")
    func variants() throws {
        var broken: [String] = []
        let changes: [(inout Werewolf.Settings) -> Void] = [
            { ($0.players, $0.wolves, $0.hasDoctor, $0.mayProtectAgain, $0.ties, $0.days) = (5, 1, true, false, .chance, 4) },
            { ($0.players, $0.wolves, $0.hasDoctor, $0.showsRoles, $0.showsVotes, $0.days) = (7, 2, true, false, false, 4) },
            { ($0.players, $0.wolves, $0.hasSeer, $0.talkRounds, $0.mayAbstain) = (3, 1, false, 0, false) },
            { ($0.players, $0.wolves, $0.hasDoctor, $0.talkRounds, $0.days) = (12, 4, true, 2, 3) },
        ]
        for (index, change) in changes.enumerated() { broken += checkGame(try game(change), seed: Seed(UInt64(index)), plays: index == 3 ? 2 : 16) }
        #expect(broken == [])
        #expect(throws: CoreError.self) { try self.game { $0.wolves = 3 } }
    }
}

/// How likely each seat is a wolf, to a seat.
private struct Odds {
    var seat: Int
    var ofWolf: [Double]
}

/// A model that is never asked.
private struct UniformModel: Model {
    var abilities: Set<HoneCore.Trait> { [.logProbs] }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { throw CoreError.unsupported("it only scores") }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { throw CoreError.unsupported("it was not to be asked") }
}
