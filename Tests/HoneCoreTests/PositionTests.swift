import HoneCore
import Testing

@Suite("Positions")
struct PositionTests {
    let scope = BareServices().scope

    @Test("a taken move becomes a step with exactly what its maker had before it")
    func steps() async throws {
        var position = TinyCards.dealt([2, 0])
        try await position.take(["player 0": Move(text: "bet", origin: .world)], in: scope)
        #expect(position.steps.count == 1)
        #expect(position.steps.first?.role == "player 0")
        #expect(position.steps.first?.context.text == "You hold 2. ")
        #expect(position.steps.first?.move.text == "bet")
        #expect(position.transcripts["player 0"]?.text == "You hold 2. bet")
        #expect(position.transcripts["player 1"] == nil)
        try await position.take(["player 1": Move(text: "bet", origin: .world)], in: scope)
        #expect(position.steps.last?.context.text == "You hold 0. The other said bet. ")
        #expect(position.world.returns(of: position.state) == ["player 0": 2, "player 1": -2])
        #expect(position.world.turn(in: position.state) == .over(.completed))
    }

    @Test("a move's own context replaces the transcript and is filed once, in the step")
    func ownContext() async throws {
        var position = TinyCards.dealt([1, 0])
        let exact = [spelled([7, 8, 9], "You hold 1. ")]
        let answer = Segment(origin: .model("policy", update: 4), content: .tokens([3], text: "bet"), samplerLogProbs: [-0.5], isTrained: true)
        try await position.take(["player 0": Move(segments: [answer], context: exact)], in: scope)
        #expect(position.steps.first?.context == exact)
        #expect(position.steps.first?.move.context == nil)
        #expect(position.steps.first?.move.segments == [answer])
        #expect(position.transcripts["player 0"]?.tokens == [7, 8, 9, 3])
    }

    @Test("the next context begins with the last one and its move, token for token")
    func prefixes() async throws {
        var position = Position(world: Echo(), state: 0)
        for turn in 0..<4 {
            let view = position.view(for: .solver)
            let context = view.transcript.enumerated().map { $1.tokens == nil ? spelled([TokenID(turn), TokenID($0)], $1.text) : $1 }
            try await position.take([.solver: Move(segments: [spelled([100], "!")], context: context)], in: scope)
        }
        let contexts = position.steps.map(\.context)
        for (earlier, later) in zip(contexts, contexts.dropFirst()) {
            let before = (earlier.tokens ?? []) + [100]
            #expect(Array((later.tokens ?? []).prefix(before.count)) == before)
        }
        #expect(contexts.last?.text == "0!1!2!3")
    }

    @Test("moves made at once are filed by role, and nobody sees the other's")
    func simultaneous() async throws {
        var position = Position(world: Echo(), state: 0)
        try await position.take(["b": Move(text: "B"), "a": Move(text: "A"), "c": Move(text: "C")], in: scope)
        #expect(position.steps.map(\.role) == ["a", "b", "c"])
        #expect(position.steps.map(\.context.text) == ["0", "0", "0"])
        #expect(position.state == 1)
    }

    @Test("a copy is independent: playing on it leaves the first as it was")
    func copies() async throws {
        let start = TinyCards.dealt([2, 1])
        var folded = start
        var bet = start
        try await folded.take(["player 0": Move(text: "fold")], in: scope)
        try await bet.take(["player 0": Move(text: "bet")], in: scope)
        var again = bet
        try await again.take(["player 1": Move(text: "fold")], in: scope)
        #expect(start.steps.isEmpty && start.state.said.isEmpty && start.transcripts.isEmpty)
        #expect(folded.state.said == ["fold"] && bet.state.said == ["bet"] && again.state.said == ["bet", "fold"])
        #expect((folded.steps.count, bet.steps.count, again.steps.count) == (1, 1, 2))
        #expect(again.world.returns(of: again.state)["player 0"] == 1)
    }

    @Test("an illegal move ends the game by its maker, and the step shows what was said", arguments: ["raise", "", "Bet", "bet "])
    func illegal(text: String) async throws {
        var position = TinyCards.dealt([2, 1])
        try await position.take(["player 0": Move(text: text)], in: scope)
        #expect(position.world.turn(in: position.state) == .over(.illegal("player 0")))
        #expect(position.steps.first?.move.text == text)
        #expect(position.world.returns(of: position.state) == ["player 0": 0, "player 1": 0])
        #expect(position.world.legalMoves(in: position.state) == [])
    }

    @Test("what the world refuses is thrown on")
    func refused() async throws {
        var position = TinyCards.dealt([2, 1])
        let moves: [Role: Move] = ["player 0": Move(text: "bet"), "player 1": Move(text: "bet")]
        await #expect(throws: CoreError.invalid("Tiny cards takes one move at a time, not 2")) { try await position.take(moves, in: scope) }
    }

    @Test("a view holds the transcript, the news, the legal moves and the information state")
    func views() async throws {
        var position = TinyCards.dealt([2, 1])
        try await position.take(["player 0": Move(text: "bet")], in: scope)
        let view = position.view(for: "player 1")
        #expect(view.role == "player 1" && view.legal == ["bet", "fold"])
        #expect(view.informationState == "1 bet")
        #expect(view.transcript.map(\.author) == [nil, "player 0"])
        #expect(position.view(for: "nobody").transcript == [])
    }
}

/// Tells each role how many turns there have been; anything may be said.
private struct Echo: World {
    static let card = PartCard(name: "echo")
    func begin(_ problem: Problem, in scope: Scope) async throws -> Int { 0 }
    func turn(in state: Int) -> Turn { .moves(of: [.solver]) }
    func observation(of state: Int, for role: Role) -> Observation { Observation(news: [.text("\(state)", from: .world)]) }
    func advance(_ state: inout Int, by moves: [Role: Move], in scope: Scope) async throws { state += 1 }
    func returns(of state: Int) -> [Role: Double] { [:] }
}

@Suite("Worlds and games")
struct WorldTests {
    let game = TinyCards()

    @Test("by default a world asks one solver a question worth 0 to 1, in the open, and may be branched")
    func defaultRules() async {
        #expect(Echo().rules == WorldRules())
        #expect(WorldRules().roles == [.solver] && WorldRules().range == 0...1)
        #expect(WorldRules().isBranchable && WorldRules().hasPerfectInformation)
        #expect(Echo().resample(0, for: .solver, seed: Seed(1)) == nil)
        await Echo().release(0)
    }

    @Test("hidden cards: information states differ exactly where a player can see a difference")
    func hiddenInformation() {
        let deals = [0, 1, 2].flatMap { a in [0, 1, 2].filter { $0 != a }.map { [a, $0] } }
        for first in deals {
            for second in deals {
                let left = TinyCards.dealt(first).view(for: "player 0")
                let right = TinyCards.dealt(second).view(for: "player 0")
                #expect((left.informationState == right.informationState) == (first[0] == second[0]))
                #expect((left.transcript == right.transcript) == (first[0] == second[0]))
            }
        }
    }

    @Test("a resampled state looks the same to the player, is a deal of the rules, and takes every possible card")
    func resampling() throws {
        let state = TinyCards.dealt([1, 2]).state
        var seen: Set<Int> = []
        for index in 0..<50 {
            let other = try #require(game.resample(state, for: "player 0", seed: Seed(1).child("resample", index)))
            #expect(game.observation(of: other, for: "player 0") == game.observation(of: state, for: "player 0"))
            #expect(Set(other.cards).count == 2)
            seen.insert(other.cards[1])
            #expect(game.resample(state, for: "player 0", seed: Seed(1).child("resample", index)) == other)
        }
        #expect(seen == [0, 2])
        #expect(game.resample(state, for: "nobody", seed: Seed(1)) == nil)
    }

    @Test("every line of play ends, pays what it takes, and its states survive JSON")
    func allLines() throws {
        var ends = 0
        func follow(_ state: TinyCards.State) throws {
            #expect(try roundTrip(state) == state)
            let returns = game.returns(of: state)
            #expect((returns["player 0"] ?? 9) + (returns["player 1"] ?? 9) == 0)
            #expect(returns.values.allSatisfy(game.rules.range.contains))
            switch game.turn(in: state) {
            case .over: ends += 1
            case .chance(let outcomes):
                #expect(abs(outcomes.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
                for outcome in outcomes { try follow(after(outcome.move, state)) }
            case .moves:
                for move in game.legalMoves(in: state) { try follow(after(move, state)) }
            }
        }
        func after(_ move: String, _ state: TinyCards.State) -> TinyCards.State {
            var next = state
            game.apply(move, to: &next)
            return next
        }
        try follow(TinyCards.State(problem: Problem(id: "p", world: "tiny-cards")))
        // Six deals; fold, bet–fold, bet–bet.
        #expect(ends == 18)
    }

    @Test("a state tells its problem to those who ask for one")
    func knowsProblem() {
        let state: any Sendable = TinyCards.dealt([0, 1]).state
        #expect((state as? any KnowsProblem)?.problem.id == "p")
        #expect((3 as any Sendable) as? any KnowsProblem == nil)
    }

    @Test("rules and checks of steps survive JSON")
    func coding() throws {
        #expect(try roundTrip(game.rules) == game.rules)
        let checks = [StepCheck(text: "1+1=2", isCorrect: true), StepCheck(text: "1+1=3", isCorrect: false, reason: "1+1 is 2")]
        #expect(try roundTrip(checks) == checks)
        #expect(checks[0].reason == "")
    }
}
