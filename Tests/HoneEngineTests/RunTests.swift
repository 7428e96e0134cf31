import Foundation
import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

/// A plan of one stage that plays short sums with a pico model.
private func plan(
    iterations: Int = 4, evaluates: Bool = true, problems: [Problem]? = nil, credit: any Credit = GroupRelative(kind: "brevity")
) throws -> Plan {
    var settings = Arithmetic.Settings()
    settings.terms = 2
    let world = try Arithmetic(settings)
    let split = ProblemSplit(world: world, heldOutShare: 0.2)
    let training = try problems ?? split.trainProblems(40, seed: Seed(1))
    let cast: Cast = [.solver: Player(model: "policy", sampling: Sampling(limit: 6))]
    let measure = Evaluation(problems: try split.heldOutProblems(8, seed: Seed(2)), samples: 2, cast: cast)
    let stage = Stage(
        name: "improve", iterations: iterations, perIteration: 4, curriculum: ProblemStream(problems: training, samples: 4),
        society: Solo(), cast: cast, judges: [WorldReturns(), LengthJudge()],
        updates: [
            Update(
                model: "policy",
                routes: [Route(credit: credit, objective: GroupPolicyGradient())],
                optimiser: OptimiserSettings(rate: .constant(1e-3)))
        ], measures: [ScheduledMeasure(every: evaluates ? 2 : 0, measure)])
    return Plan(
        models: ["policy": ModelPlan(.scratch(size: "pico"))], worlds: ["arithmetic": world],
        policies: ["direct": DirectPolicy()], stages: [stage])
}

/// Pays short answers, so that an untaught model has something to learn from.
private struct LengthJudge: Judge {
    static let card = PartCard(name: "length")
    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        Judgement(
            group.episodes.enumerated().map { index, episode in
                Verdict(on: .role(index, .solver), kind: "brevity", value: -Double(episode.steps.flatMap { $0.move.segments }.compactMap(\.tokens).joined().count))
            })
    }
}

private func run(_ plan: Plan, store: MemoryStore, threads: Int = 0, seed: UInt64 = 7, stopAfter: Int? = nil) async throws -> RunOutcome {
    let box = StopBox()
    let run = try Run(
        plan: plan, seed: Seed(seed),
        surroundings: Run.Surroundings(
            store: store, factory: ModelMaker.factory(threads: threads),
            observer: { event in if case .iterated(let summary) = event, summary.index + 1 == stopAfter { box.stop() } }))
    box.run = run
    return try await run.execute()
}

@Suite("A run", .serialized)
struct RunTests {
    @Test("plays, judges, learns and measures, and counts what it spends")
    func completes() async throws {
        let store = MemoryStore()
        let outcome = try await run(try plan(), store: store)
        #expect(outcome.isFinished)
        #expect(outcome.iterations == 4)
        #expect(outcome.cost.episodes == 4 * 4 * 4)
        #expect(outcome.cost.worldSteps == outcome.cost.episodes)
        #expect(outcome.cost.optimiserSteps > 0)
        let records = store.records
        #expect(records.map(\.index) == [-1, 0, 1, 2, 3])
        let sampled = records.flatMap(\.groups).flatMap(\.episodes).flatMap(\.steps).flatMap(\.move.segments)
            .reduce(0) { $0 + ($1.tokens?.count ?? 0) }
        #expect(outcome.cost.sampledTokens == sampled)
        #expect(records[0].measures.contains { $0.name == "pass@1" })
        #expect(outcome.measuringCost.sampledTokens > 0)
    }

    @Test("with one seed leads to the same bytes with one and two threads, and with measuring on or off")
    func isDeterministic() async throws {
        let (a, b, c, d) = (MemoryStore(), MemoryStore(), MemoryStore(), MemoryStore())
        _ = try await run(try plan(), store: a, threads: 1)
        _ = try await run(try plan(), store: b, threads: 2)
        _ = try await run(try plan(evaluates: false), store: c)
        _ = try await run(try plan(), store: d, seed: 8)
        let first = try a.reproducible()
        #expect(try b.reproducible() == first)
        #expect(try c.reproducible() == first)
        #expect(try d.reproducible() != first)
    }

    @Test("stopped after any iteration goes on to the same bytes", arguments: [1, 2, 3])
    func resumes(after stop: Int) async throws {
        let whole = MemoryStore()
        _ = try await run(try plan(), store: whole)
        let parted = MemoryStore()
        let first = try await run(try plan(), store: parted, stopAfter: stop)
        #expect(!first.isFinished)
        #expect(first.iterations == stop)
        let second = try await run(try plan(), store: parted)
        #expect(second.isFinished)
        #expect(try parted.reproducible() == (try whole.reproducible()))
    }

    @Test("goes on with what its credit carries, also inside a wrapper", arguments: [false, true])
    func resumesCredit(isWrapped: Bool) async throws {
        let bare = RoleConditioned(kind: "brevity", decay: 0.5)
        let credit: any Credit = isWrapped ? Shaped(bare, by: [OverlongPenalty(limit: 4, buffer: 2, kind: "brevity")]) : bare
        let whole = MemoryStore()
        _ = try await run(try plan(iterations: 3, evaluates: false, credit: credit), store: whole)
        let parted = MemoryStore()
        _ = try await run(try plan(iterations: 3, evaluates: false, credit: credit), store: parted, stopAfter: 1)
        #expect(try await run(try plan(iterations: 3, evaluates: false, credit: credit), store: parted).isFinished)
        #expect(try parted.reproducible() == (try whole.reproducible()))
    }

    @Test("refuses to learn from a held-out problem")
    func refusesHeldOut() async throws {
        var problem = Problem(id: "1+1", world: "arithmetic", text: "1+1=", answer: "2")
        problem.isHeldOut = true
        let broken = try plan(problems: [problem])
        await #expect(throws: CoreError.self) { _ = try await run(broken, store: MemoryStore()) }
    }

    @Test("is refused with all its faults when names do not fit")
    func refusesBadPlans() throws {
        var broken = try plan()
        broken.stages[0].cast = [.solver: Player(model: "polcy", policy: "drect")]
        broken.stages[0].perIteration = 0
        do {
            _ = try Run(plan: broken, seed: Seed(0), surroundings: Run.Surroundings(store: MemoryStore(), factory: ModelMaker.factory()))
            Issue.record("the plan was accepted")
        } catch let error as PlanError {
            #expect(error.faults.count == 3)
            #expect(error.description.contains("did you mean “policy”"))
            #expect(error.description.contains("did you mean “direct”"))
        }
    }
}

/// Hands a stop request to a run that is made later.
private final class StopBox: @unchecked Sendable {
    // Safe: written once, before the run that reads it begins.
    var run: Run?
    func stop() { run?.requestStop() }
}
