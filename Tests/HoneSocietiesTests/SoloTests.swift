import HoneCore
import HoneSocieties
import HoneTestSupport
import Testing

@Suite("Solo")
struct SoloTests {
    static func services(saying script: @escaping @Sendable (Completion.Request, Int) throws -> String) -> ScriptedServices {
        ScriptedServices(models: ["policy": ScriptedModel(script)], policies: ["direct": DirectPolicy()])
    }
    static let cast: Cast = [.solver: Player(model: "policy"), "a": Player(model: "policy"), "b": Player(model: "policy")]

    @Test("plays to the end: steps in order, returns of the end, the scope's path as its name, the state released once")
    func playsToTheEnd() async throws {
        let world = CountUp()
        let services = Self.services { _, _ in "1" }
        let episode = try await Solo().play(world.start(), cast: Self.cast, in: services.scope(path: "improve/p1/sample 0"))
        #expect(episode.id == "improve/p1/sample 0")
        #expect(episode.ending == .completed && episode.returns == [.solver: 3] && episode.cast == Self.cast)
        #expect(episode.steps.map(\.move.text) == ["1", "1", "1"])
        #expect(episode.steps.map(\.context.text) == ["sum 0: ", "sum 0: 1sum 1: ", "sum 0: 1sum 1: 1sum 2: "])
        #expect(world.ledger.released == [3])
        #expect(world.ledger.scopes == (0..<3).map { "improve/p1/sample 0/turn \($0)" })
    }

    @Test("each context begins with the last one and its move, token for token, and only sampled tokens are trained")
    func prefixes() async throws {
        let episode = try await Solo().play(CountUp().start(), cast: Self.cast, in: Self.services { _, _ in "1" }.scope())
        for (earlier, later) in zip(episode.steps, episode.steps.dropFirst()) {
            let before = try #require(earlier.context.tokens) + (try #require(earlier.move.segments.tokens))
            #expect(Array(try #require(later.context.tokens).prefix(before.count)) == before)
        }
        for step in episode.steps {
            #expect(step.move.segments.allSatisfy { $0.isTrained && $0.author == .solver && $0.samplerLogProbs?.count == $0.tokens?.count })
            #expect(step.context.allSatisfy { $0.isTrained == ($0.author == .solver) })
        }
    }

    @Test("every turn and every role draws from its own stream, the same in every play")
    func seeds() async throws {
        let world = CountUp(roles: ["a", "b"], target: 6)
        var plays: [[Seed]] = []
        for seed in [1, 1, 2] as [UInt64] {
            let model = ScriptedModel(saying: "1")
            let services = ScriptedServices(models: ["policy": model], policies: ["direct": DirectPolicy()])
            _ = try await Solo().play(world.start(), cast: Self.cast, in: services.scope(seed: seed))
            plays.append(model.requests.map(\.seed))
        }
        #expect(plays[0].count == 6 && Set(plays[0]).count == 6)
        #expect(plays[0] == plays[1] && Set(plays[0]).isDisjoint(with: plays[2]))
        #expect(plays[0].first == Seed(1).child("turn", 0).child("a"))
    }

    @Test("roles that move at once see the same moment, and hear each other the next time")
    func simultaneous() async throws {
        let world = CountUp(roles: ["a", "b"], target: 4)
        let services = Self.services { request, _ in request.context.text.contains("sum 0") ? "1" : "2" }
        let episode = try await Solo().play(world.start(), cast: Self.cast, in: services.scope())
        #expect(episode.steps.map(\.role) == ["a", "b", "a", "b"])
        #expect(episode.steps[1].context.text == "sum 0: ")
        #expect(episode.steps[3].context.text == "sum 0: 1a said 1. sum 2: ")
        #expect(episode.returns["a"] == episode.returns["b"])
    }

    @Test("an error of a move ends the episode in a sentence, keeps its steps, and releases the state")
    func failures() async throws {
        let world = CountUp()
        let services = Self.services { request, _ in request.context.text.contains("sum 1") ? "one" : "1" }
        let episode = try await Solo().play(world.start(), cast: Self.cast, in: services.scope())
        #expect(episode.ending == .failed("“one” is no number"))
        #expect(episode.steps.map(\.move.text) == ["1", "one"])
        #expect(episode.returns == [.solver: 1])
        #expect(world.ledger.released == [1])
    }

    @Test("a model's, a policy's or a player's absence fails the episode and says what is there", arguments: [
        (Cast(), "There is no player for role called “solver”"),
        ([.solver: Player(model: "polici")], "There is no model called “polici”; did you mean “policy”?"),
        ([.solver: Player(model: "policy", policy: "dirct")], "There is no policy called “dirct”; did you mean “direct”?"),
        (["solvr": Player(model: "policy")], "There is no player for role called “solver”; did you mean “solvr”?"),
    ] as [(Cast, String)])
    func absences(cast: Cast, sentence: String) async throws {
        let episode = try await Solo().play(CountUp().start(), cast: cast, in: Self.services { _, _ in "1" }.scope())
        #expect(episode.ending == .failed(sentence))
        #expect(episode.steps.isEmpty)
    }

    @Test("cancelling ends the run, not the episode, and still releases the state")
    func cancelling() async throws {
        let world = CountUp()
        await #expect(throws: CancellationError.self) {
            try await Solo().play(world.start(), cast: Self.cast, in: Self.services { _, _ in "cancel" }.scope())
        }
        #expect(world.ledger.released == [0])
    }

    @Test("at most so many turns are played", arguments: [0, 1, 5])
    func turnLimit(limit: Int) async throws {
        let episode = try await Solo(turnLimit: limit).play(CountUp(target: 100).start(), cast: Self.cast, in: Self.services { _, _ in "1" }.scope())
        #expect(episode.ending == .budget)
        #expect(episode.steps.count == limit)
        #expect(episode.returns == [.solver: Double(limit)])
    }

    @Test("an end reached with the last turn is an end, not a budget")
    func limitMet() async throws {
        let episode = try await Solo(turnLimit: 3).play(CountUp().start(), cast: Self.cast, in: Self.services { _, _ in "1" }.scope())
        #expect(episode.ending == .completed)
    }

    @Test("chance follows its probabilities and never does what has none")
    func chance() async throws {
        let world = Lottery(outcomes: [("a", 0), ("b", 0.2), ("c", 0.5), ("d", 0.3), ("e", 0)].map { ChanceOutcome(move: $0, probability: $1) })
        var counts = [Int](repeating: 0, count: 5)
        let services = ScriptedServices()
        for index in 0..<4000 {
            let episode = try await Solo().play(Position(world: world, state: ""), cast: [:], in: services.scope(seed: UInt64(index)))
            #expect(episode.ending == .completed && episode.steps.isEmpty)
            counts[Int(episode.returns[.solver] ?? 0)] += 1
        }
        #expect(counts[0] == 0 && counts[4] == 0)
        // Four standard deviations of 4000 draws are at most 127.
        for (count, share) in zip(counts, [0, 0.2, 0.5, 0.3, 0]) { #expect(abs(Double(count) - 4000 * share) < 127) }
    }

    @Test("probabilities that fall short of 1 leave the rest to the last outcome that has one")
    func shortChance() async throws {
        let world = Lottery(outcomes: [("a", 1e-9), ("b", 1e-9), ("c", 0)].map { ChanceOutcome(move: $0, probability: $1) })
        let episode = try await Solo().play(Position(world: world, state: ""), cast: [:], in: ScriptedServices().scope(seed: 3))
        #expect(episode.returns == [.solver: 1])
    }

    @Test("a chance without outcomes, or one that breaks, fails the episode only", arguments: [
        (Lottery(outcomes: []), "World “lottery” offered no outcome to chance"),
        (Lottery(outcomes: [.init(move: "a", probability: 0)]), "World “lottery” offered no outcome to chance"),
        (Lottery(outcomes: [.init(move: "a", probability: 1)], fails: true), "the drum is stuck"),
    ])
    func brokenChance(world: Lottery, sentence: String) async throws {
        let episode = try await Solo().play(Position(world: world, state: ""), cast: [:], in: ScriptedServices().scope())
        #expect(episode.ending == .failed(sentence))
    }
}
