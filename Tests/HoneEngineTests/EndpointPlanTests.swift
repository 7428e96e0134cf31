import HoneCore
import HoneCredit
import HoneCurricula
import HoneEndpoint
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneModel
import HoneObjectives
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

private let local = EndpointSettings(url: "http://127.0.0.1:9/v1", model: "m")

/// Plays sums with an endpoint in the place of the model, and learns when asked to.
private func plan(learns: Bool = false, iterations: Int = 1, operations: [Moment: [WeightOperation]] = [:]) throws -> Plan {
    var settings = Arithmetic.Settings()
    settings.terms = 2
    let world = try Arithmetic(settings)
    let split = ProblemSplit(world: world, heldOutShare: 0.2)
    let cast: Cast = [.solver: Player(model: "policy", sampling: Sampling(limit: 8))]
    let update = Update(model: "policy", routes: [Route(credit: GroupRelative(), objective: GroupPolicyGradient())])
    let stage = Stage(
        name: "play", iterations: iterations, perIteration: 4, curriculum: ProblemStream(problems: try split.trainProblems(8, seed: Seed(1)), samples: 2),
        society: Solo(), cast: cast, judges: [WorldReturns()], updates: learns ? [update] : [], operations: operations,
        measures: [ScheduledMeasure(every: 1, Evaluation(problems: try split.heldOutProblems(3, seed: Seed(2)), samples: 2, cast: cast))])
    return Plan(models: [:], endpoints: ["policy": local], worlds: ["arithmetic": world], policies: ["direct": DirectPolicy()], stages: [stage])
}

private func surroundings(_ store: MemoryStore, _ model: any Model) -> Run.Surroundings {
    var surroundings = Run.Surroundings(store: store, factory: ModelMaker.factory())
    surroundings.endpoints = { _, _ in model }
    return surroundings
}

/// The answer to a sum, read from the prompt.
private func solved(_ request: Completion.Request) -> String {
    let text = request.context.text.dropLast()
    guard let sign = text.dropFirst().firstIndex(where: { "+-".contains($0) }) else { return "" }
    let (a, b) = (Int(text[..<sign]) ?? 0, Int(text[text.index(after: sign)...]) ?? 0)
    return String(text[sign] == "+" ? a + b : a - b)
}

@Suite("Plans with endpoints")
struct EndpointPlanTests {
    @Test("an endpoint plays, is measured and leaves records, without any weights")
    func plays() async throws {
        let store = MemoryStore()
        let outcome = try await Run(plan: try plan(), seed: Seed(1), surroundings: surroundings(store, ScriptedModel { request, _ in solved(request) })).execute()
        #expect(outcome.isFinished && outcome.measures["pass@1"]?.mean == 1)
        #expect(outcome.cost.episodes == 8)
    }

    @Test("what needs weights is refused before anything begins", arguments: ["update", "operation", "adapter", "scores"])
    func refused(what: String) throws {
        var faulty = try plan(learns: what == "update", operations: what == "operation" ? [.learned: [.every(2, .reset("policy", optimiserOnly: true))]] : [:])
        if what == "adapter" { faulty.models["other"] = ModelPlan(.adapter(on: "policy", rank: 4)) }
        if what == "scores" {
            faulty.models["learner"] = ModelPlan(.scratch(size: "pico"))
            var objective = GroupPolicyGradient()
            objective.settings.reference = "policy"
            objective.settings.beta = 0.1
            faulty.stages[0].updates = [Update(model: "learner", routes: [Route(credit: GroupRelative(), objective: objective)])]
        }
        let faults = faulty.faults()
        #expect(faults.contains { $0.contains("endpoint") }, "\(faults)")
        #expect(throws: PlanError.self) { try Run(plan: faulty, seed: Seed(1), surroundings: surroundings(MemoryStore(), ScriptedModel(saying: ""))) }
    }

    @Test("settings of endpoints are checked with the plan, and names are used once")
    func settings() throws {
        var faulty = try plan()
        faulty.endpoints["policy"]?.url = "nowhere"
        faulty.models["policy"] = ModelPlan(.scratch(size: "pico"))
        let faults = faulty.faults()
        #expect(faults.contains { $0.contains("both a model with weights and an endpoint") })
        #expect(faults.contains { $0.hasPrefix("Endpoint “policy”:") })
    }

    @Test("an error of one answer fails its episode; one that all would meet ends the run")
    func faults() async throws {
        let once = ScriptedModel { request, number in
            if number == 0, request.context.text.hasSuffix("=") { throw EndpointFault(.truncatedStream, "the stream broke off") }
            return solved(request)
        }
        let store = MemoryStore()
        let outcome = try await Run(plan: try plan(), seed: Seed(1), surroundings: surroundings(store, once)).execute()
        #expect(outcome.isFinished && outcome.measures["pass@1"]?.mean == 0)
        let gone = ScriptedModel { _, _ in throw EndpointFault(.unauthorized, "the key is refused") }
        await #expect(throws: EndpointFault.self) {
            try await Run(plan: try plan(), seed: Seed(1), surroundings: surroundings(MemoryStore(), gone)).execute()
        }
    }

    @Test("actors draw for models that learn through adapters only")
    func actors() throws {
        var acting = try plan()
        acting.endpoints = [:]
        acting.actors["policy"] = Actors([local])
        acting.models["policy"] = ModelPlan(.scratch(size: "pico"))
        #expect(acting.faults().contains { $0.contains("does not learn through adapters") })
        acting.models["policy"] = ModelPlan(.folder("somewhere", ModelLoading(adapters: AdapterSettings(rank: 4))))
        #expect(acting.faults().isEmpty)
        acting.actors["policy"]?.endpoints[0].url = "nowhere"
        #expect(acting.faults().contains { $0.hasPrefix("Actor of “policy”") })
        #expect(acting.placed(in: "run").actors["policy"]?.folder.hasPrefix("/") == true)
        #expect(acting.placed(in: "/x").actors["policy"]?.endpoints.map(\.cache) == ["/x/answers"])
    }

    @Test("a seat plays a role in measures and play alike")
    func seats() async throws {
        var seated = try plan()
        seated.seats[.solver] = Seat(model: "other")
        seated.endpoints["other"] = local
        let right = ScriptedModel { request, _ in solved(request) }
        let wrong = ScriptedModel(saying: "x")
        var around = Run.Surroundings(store: MemoryStore(), factory: ModelMaker.factory())
        around.endpoints = { name, _ in name == "other" ? right : wrong }
        let outcome = try await Run(plan: seated, seed: Seed(1), surroundings: around).execute()
        #expect(outcome.measures["pass@1"]?.mean == 1 && wrong.requests.isEmpty)
        var learning = try plan(learns: true)
        learning.models["policy"] = ModelPlan(.scratch(size: "pico"))
        learning.endpoints = ["other": local]
        #expect(learning.faults().isEmpty)
        learning.seats[.solver] = Seat(model: "other")
        #expect(learning.faults().contains { $0.contains("which “other” plays") })
        seated.seats[.solver] = Seat(model: "nobody")
        #expect(seated.faults().contains { $0.contains("nobody") })
    }

    @Test("a model is measured as it is, without a checkpoint")
    func measured() async throws {
        let run = try Run(plan: try plan(iterations: 0), seed: Seed(1), surroundings: surroundings(MemoryStore(), ScriptedModel { request, _ in solved(request) }))
        #expect(try await run.measureNow(hasCheckpoint: false).estimates["greedy"]?.mean == 1)
    }
}
