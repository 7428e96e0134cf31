import HoneCore
import HoneGames
import Synchronization
import Testing

/// Services that only count what is charged.
final class CountingServices: Services {
    let steps = Mutex(0)
    func model(_ ref: ModelRef) throws -> any Model { throw CoreError.unsupported("no models here") }
    func world(_ name: WorldName) throws -> any World { throw CoreError.unsupported("no worlds here") }
    func memory(_ name: MemoryName) throws -> any Memory { throw CoreError.unsupported("no memories here") }
    func policy(_ name: PolicyName) throws -> any Policy { throw CoreError.unsupported("no policies here") }
    func search(_ name: SearchName) throws -> any SearchMethod { throw CoreError.unsupported("no searches here") }
    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup { throw CoreError.unsupported("no play here") }
    func charge(_ cost: Cost) { steps.withLock { $0 += cost.worldSteps } }
}

@Suite("Games as worlds")
struct GameWorldTests {
    let services = CountingServices()
    var scope: Scope { Scope(services: services, seed: Seed(1)) }

    private func kuhn(_ texts: [(Role, String)]) async throws -> Position<GameWorld<KuhnPoker>> {
        let world = GameWorld(try KuhnPoker())
        let problem = world.problem(0)
        var position = Position(world: world, state: try await world.begin(problem, in: scope))
        for (role, text) in texts { try await position.take([role: Move(text: text)], in: scope) }
        return position
    }

    @Test("what a player is shown holds its own card and not the other's")
    func hidden() async throws {
        let position = try await kuhn([(.chance, "K"), (.chance, "J")])
        let shown = position.view(for: .player(0))
        #expect(shown.transcript.text.hasSuffix("You are player 0. Card: K. Actions:.\nMoves: check bet\n"))
        #expect(shown.legal == ["check", "bet"] && shown.informationState == "0|K|")
        #expect(position.view(for: .player(1)).transcript.isEmpty && position.view(for: .player(1)).informationState == "1|J|")
        let other = try await kuhn([(.chance, "K"), (.chance, "Q")])
        #expect(other.view(for: .player(0)).transcript == shown.transcript)
    }

    @Test("a play through the world ends by the rules, and every move is charged")
    func plays() async throws {
        let position = try await kuhn([(.chance, "K"), (.chance, "J"), (.player(0), "bet"), (.player(1), "call\n")])
        #expect(position.world.turn(in: position.state) == .over(.completed))
        #expect(position.world.returns(of: position.state) == [.player(0): 2, .player(1): -2])
        #expect(services.steps.withLock { $0 } == 4)
    }

    @Test("a second observation tells what has happened since", arguments: [true, false])
    func second(showsMoves: Bool) async throws {
        var settings = GameWorldSettings()
        settings.showsInstructions = false
        settings.showsMoves = showsMoves
        let world = GameWorld(try KuhnPoker(), settings: settings)
        var position = Position(world: world, state: world.start(world.problem(0)))
        for (role, text) in [(Role.chance, "Q"), (.chance, "J"), (.player(0), "check"), (.player(1), "bet")] {
            try await position.take([role: Move(text: text)], in: scope)
        }
        let moves = showsMoves ? ["Moves: check bet\n", "Moves: fold call\n"] : ["", ""]
        #expect(
            position.view(for: .player(0)).transcript.text
                == "You are player 0. Card: Q. Actions:.\n\(moves[0])check\nYou are player 0. Card: Q. Actions: check bet.\n\(moves[1])")
        #expect(position.view(for: .player(0)).legal == ["fold", "call"])
    }

    @Test(
        "an illegal move ends the play, and its maker loses the most there is",
        arguments: ["raise", "", "Bet", "bet ", "bet\n\n", "check bet", "call"])
    func illegal(text: String) async throws {
        let position = try await kuhn([(.chance, "K"), (.chance, "J"), (.player(0), text)])
        #expect(position.world.turn(in: position.state) == .over(.illegal("player 0")))
        #expect(position.world.returns(of: position.state) == [.player(0): -2, .player(1): 2])
        #expect(position.view(for: .player(1)).legal == nil)
        await #expect(throws: CoreError.self) {
            var copy = position
            try await copy.take([.player(1): Move(text: "check")], in: scope)
        }
    }

    @Test("a text that only looks like a move is refused by its bytes")
    func bytes() throws {
        let game = try KuhnPoker()
        #expect(game.action(for: "K", by: nil, in: game.start) == .deal(2))
        // The Kelvin sign: equal as a string, not in bytes.
        #expect(game.action(for: "\u{212A}", by: nil, in: game.start) == nil)
    }

    @Test("moves of the wrong roles, and outcomes that chance does not have, are errors and change nothing")
    func wrongRoles() async throws {
        var position = try await kuhn([(.chance, "K")])
        let before = position.state
        await #expect(throws: CoreError.self) { try await position.world.advance(&position.state, by: [.player(0): Move(text: "bet")], in: scope) }
        await #expect(throws: CoreError.self) { try await position.world.advance(&position.state, by: [.chance: Move(text: "K")], in: scope) }
        #expect(position.state == before)
        try await position.take([.chance: Move(text: "J")], in: scope)
        await #expect(throws: CoreError.self) { try await position.world.advance(&position.state, by: [.player(1): Move(text: "bet")], in: scope) }
        await #expect(throws: CoreError.self) {
            try await position.world.advance(&position.state, by: [.player(0): Move(text: "bet"), .player(1): Move(text: "bet")], in: scope)
        }
    }

    @Test("another state in the same information state has the same card, and all other cards come up")
    func resampling() async throws {
        let position = try await kuhn([(.chance, "Q"), (.chance, "J")])
        var seen: Set<String> = []
        for index in 0..<40 {
            let other = try #require(position.world.resample(position.state, for: .player(0), seed: Seed(5).child("draw", index)))
            #expect(position.world.observation(of: other, for: .player(0)) == position.world.observation(of: position.state, for: .player(0)))
            seen.insert(position.world.game.informationState(of: other.position, for: 1))
        }
        #expect(seen == ["1|J|", "1|K|"])
    }
}
