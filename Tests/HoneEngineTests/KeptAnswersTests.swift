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

/// A plan that measures `problems` held-out sums and never trains on them.
private func plan(problems: Int, samples: Int, greedy: Bool = true) throws -> (plan: Plan, heldOut: [Problem]) {
    var settings = Arithmetic.Settings()
    settings.terms = 2
    let world = try Arithmetic(settings)
    let split = ProblemSplit(world: world, heldOutShare: 0.3)
    let heldOut = try split.heldOutProblems(problems, seed: Seed(2))
    let cast: Cast = [.solver: Player(model: "policy", sampling: Sampling(limit: 5))]
    let measure = Evaluation(problems: heldOut, samples: samples, cast: cast, triesGreedy: greedy)
    let stage = Stage(
        name: "improve", iterations: 2, perIteration: 4, curriculum: ProblemStream(problems: try split.trainProblems(20, seed: Seed(1)), samples: 2),
        society: Solo(), cast: cast, judges: [WorldReturns()],
        updates: [
            Update(
                model: "policy", routes: [Route(credit: GroupRelative(), objective: GroupPolicyGradient())],
                optimiser: OptimiserSettings(rate: .constant(1e-2)))
        ], measures: [ScheduledMeasure(every: 1, measure)])
    return (
        Plan(
            models: ["policy": ModelPlan(.scratch(size: "pico"))], worlds: ["arithmetic": world], policies: ["direct": DirectPolicy()],
            stages: [stage]), heldOut
    )
}

private func records(_ plan: Plan) async throws -> [IterationRecord] {
    let store = MemoryStore()
    _ = try await Run(plan: plan, seed: Seed(3), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory())).execute()
    return store.records
}

@Suite("Answers kept when measuring", .serialized)
struct KeptAnswersTests {
    @Test("are of the same held-out problems and the same random streams each time", arguments: [1, 3, 6])
    func same(samples: Int) async throws {
        let (plan, heldOut) = try plan(problems: 15, samples: samples)
        let kept = try await records(plan).map(\.answers)
        #expect(kept.count == 3)
        let first = try #require(kept.first.flatMap { $0 })
        #expect(first.map(\.assignment.problem) == Array(heldOut.prefix(12)))
        #expect(first.allSatisfy { $0.episodes.count == min(4, samples) && $0.assignment.problem.isHeldOut })
        for answers in kept {
            let groups = try #require(answers)
            #expect(groups.map(\.assignment.problem) == first.map(\.assignment.problem))
            #expect(groups.map { $0.episodes.map(\.id) } == first.map { $0.episodes.map(\.id) })
            #expect(groups.allSatisfy { $0.assignment.cast[.solver]?.sampling.temperature == 1 })
        }
        #expect(Set(first.flatMap { $0.episodes.map(\.id) }).count == 12 * min(4, samples))
    }

    @Test("are what the measure itself counted")
    func agree() async throws {
        let (plan, _) = try plan(problems: 5, samples: 4, greedy: false)
        for record in try await records(plan) {
            let groups = try #require(record.answers)
            #expect(groups.count == 5)
            let share = groups.map { Double(SampleMeasures.correct($0)) / 4 }.reduce(0, +) / 5
            #expect(abs(share - (record.measures.first { $0.name == "pass@1" }?.estimate.mean ?? -1)) < 1e-12)
        }
    }

    @Test("are none where nothing is measured")
    func none() async throws {
        var (plan, _) = try plan(problems: 5, samples: 1)
        plan.stages[0].measures[0].every = 0
        #expect(try await records(plan).allSatisfy { $0.answers == nil })
    }
}
