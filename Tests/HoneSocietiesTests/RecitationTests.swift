import HoneCore
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Recitation")
struct RecitationTests {
    let services = ScriptedServices()

    @Test("files the first demonstration as the move, without asking any model")
    func recites() async throws {
        let world = CountUp()
        let episode = try await Recitation().play(world.start(["2", "3"]), cast: [:], in: services.scope(path: "teach/p1"))
        #expect(episode.id == "teach/p1" && episode.ending == .completed && episode.returns == [.solver: 2])
        #expect(episode.steps.map(\.move.text) == ["2"])
        #expect(episode.steps.first?.move.segments.first?.origin == .demonstration)
        #expect(episode.steps.first?.context.text == "sum 0: ")
        #expect(world.ledger.released == [2])
        #expect(services.charged == Cost())
    }

    @Test("what cannot be recited fails in a sentence, and the state is released", arguments: [
        (CountUp(), [], "Problem “p1” has no demonstration"), (CountUp(target: 0), ["1"], "There is nothing to recite"),
        (CountUp(roles: []), ["1"], "There is nothing to recite"), (CountUp(), ["x"], "“x” is no number"),
    ] as [(CountUp, [String], String)])
    func failures(world: CountUp, demonstrations: [String], sentence: String) async throws {
        let episode = try await Recitation().play(world.start(demonstrations), cast: [:], in: services.scope())
        #expect(episode.ending == .failed(sentence))
        #expect(world.ledger.released == [0])
    }

    @Test("a world that does not tell its problem has nothing to recite")
    func noProblem() async throws {
        let world = Lottery(outcomes: [])
        let episode = try await Recitation().play(Position(world: world, state: "x"), cast: [:], in: services.scope())
        #expect(episode.ending == .failed("There is nothing to recite"))
    }

    @Test("an answer in steps is recited step by step where that is asked for, each but the last with the separator")
    func inSteps() async throws {
        let world = try Stepwise(Arithmetic(), separator: ",")
        let problem = Problem(id: "2+3-1=", world: "arithmetic", text: "2+3-1=", answer: "4", demonstrations: ["5,4"])
        let start = Position(world: world, state: Stepwise.State(problem: problem))
        #expect(try await Recitation().play(start, cast: [:], in: services.scope()).steps.map(\.move.text) == ["5,4"])
        let episode = try await Recitation(inSteps: true).play(start, cast: [:], in: services.scope())
        #expect(episode.steps.map(\.move.text) == ["5,", "4"] && episode.returns == [.solver: 1] && episode.ending == .completed)
        #expect(episode.steps.map(\.context.text) == ["2+3-1=", "2+3-1=5,"])
        #expect(try await Recitation(inSteps: true).play(CountUp().start(["2"]), cast: [:], in: services.scope()).steps.map(\.move.text) == ["2"])
    }

    @Test("what a world has no more steps for is not recited")
    func fewerSteps() async throws {
        let world = try Stepwise(Arithmetic(), separator: ",", limit: 1)
        let problem = Problem(id: "2+3-1=", world: "arithmetic", text: "2+3-1=", answer: "4", demonstrations: ["5,4"])
        let episode = try await Recitation(inSteps: true).play(Position(world: world, state: Stepwise.State(problem: problem)), cast: [:], in: services.scope())
        #expect(episode.steps.map(\.move.text) == ["5,"] && episode.ending == .completed)
    }

    @Test("cancelling ends the run and releases the state")
    func cancelling() async {
        let world = CountUp()
        await #expect(throws: CancellationError.self) {
            try await Recitation().play(world.start(["cancel"]), cast: [:], in: services.scope())
        }
        #expect(world.ledger.released == [0])
    }
}

@Suite("The direct policy")
struct DirectPolicyTests {
    let view = View(role: "solver", transcript: [.text("6*7=", from: .prompt), .text("?", from: .world)])

    @Test("shows the transcript as it is and takes the completion as the move, signed by the role")
    func moves() async throws {
        let model = ScriptedModel(saying: "42")
        let services = ScriptedServices(models: ["policy": model])
        let player = Player(model: "policy", sampling: Sampling(temperature: 0.5, limit: 9))
        let move = try await DirectPolicy().move(on: view, as: player, in: services.scope(seed: 7))
        #expect(model.requests == [Completion.Request(context: view.transcript, sampling: player.sampling, seed: Seed(7))])
        #expect(move.text == "42")
        #expect(move.context?.tokens == ScriptedModel.tokens(of: "6*7=?"))
        #expect(move.segments.map(\.author) == ["solver"])
        #expect(move.segments.first?.samplerLogProbs == ScriptedModel.tokens(of: "42").map(ScriptedModel.logProb))
        #expect(services.charged.promptTokens == 5 && services.charged.sampledTokens == 2)
    }

    @Test("a completion is cut at the player's limit")
    func limit() async throws {
        let services = ScriptedServices(models: ["policy": ScriptedModel(saying: "a long answer")])
        let move = try await DirectPolicy().move(on: view, as: Player(model: "policy", sampling: Sampling(limit: 6)), in: services.scope())
        #expect(move.text == "a long")
    }

    @Test("a model without an answer is refused by name")
    func silence() async {
        let services = ScriptedServices(models: ["policy": Silent()])
        await #expect(throws: CoreError.invalid("Model “policy@base” gave no completion")) {
            try await DirectPolicy().move(on: view, as: Player(model: ModelRef("policy", snapshot: "base")), in: services.scope())
        }
    }
}

/// Completes with nothing.
private struct Silent: Model {
    let abilities: Set<HoneCore.Trait> = []
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { requests.map { Completion(context: $0.context, samples: []) } }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { [] }
}
