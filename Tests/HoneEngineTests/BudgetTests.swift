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
import Synchronization
import Testing

/// A plan that plays many short sums an iteration, so that a budget ends inside one.
private func plan(_ budget: Budget?, perIteration: Int = 40, samples: Int = 16, miniBatch: Int = 32, base: Bool = false) throws -> Plan {
    var settings = Arithmetic.Settings()
    settings.terms = 2
    let world = try Arithmetic(settings)
    let split = ProblemSplit(world: world, heldOutShare: 0.2)
    let training = try split.trainProblems(40, seed: Seed(1))
    let cast: Cast = [.solver: Player(model: "policy", sampling: Sampling(limit: 4))]
    func stage(_ name: StageName, iterations: Int) -> Stage {
        Stage(
            name: name, iterations: iterations, perIteration: perIteration, curriculum: ProblemStream(problems: training, samples: samples),
            society: Solo(), cast: cast, judges: [WorldReturns()],
            updates: [
                Update(
                    model: "policy", routes: [Route(credit: AllSamples(), objective: GroupPolicyGradient())],
                    optimiser: OptimiserSettings(rate: .constant(1e-4)), miniBatch: miniBatch)
            ])
    }
    var improve = stage("improve", iterations: 50)
    improve.measures = [ScheduledMeasure(every: 10, Evaluation(problems: try split.heldOutProblems(4, seed: Seed(2)), samples: 2, cast: cast))]
    let teaching = base ? Base(stages: [stage("teach", iterations: 1)], fingerprint: .string("budget test")) : nil
    return Plan(
        models: ["policy": ModelPlan(.scratch(size: "pico"), base: teaching)], worlds: ["arithmetic": world], policies: ["direct": DirectPolicy()],
        stages: [improve], budget: budget)
}

/// Every sampled token with an advantage of 1, so that every row is learned.
private struct AllSamples: Credit {
    static let card = PartCard(name: "all-samples")
    mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var credit = GroupRelative()
        var batch = try credit.batch(for: roles, from: groups, scores: scores)
        for index in batch.examples.indices { batch.examples[index].advantages = batch.examples[index].isTrained.map { $0 ? 1 : 0 } }
        return batch
    }
}

private func outcome(_ plan: Plan, _ store: MemoryStore = MemoryStore(), clock: @escaping @Sendable () -> Double = { 0 }) async throws -> RunOutcome {
    try await Run(
        plan: plan, seed: Seed(7), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory(), clock: clock)
    ).execute()
}

@Suite("A run with a budget", .serialized)
struct BudgetTests {
    @Test("ends within one wave of 256 samples of its calls, measured, and says so")
    func calls() async throws {
        let store = MemoryStore()
        let spent = try await outcome(try plan(Budget(.calls, 300)), store)
        // 40 problems of 16 samples are played in waves of 16 problems: 256 samples, then 512.
        #expect(spent.cost.calls == 512 && spent.cost.episodes == 512)
        #expect(spent.isFinished && spent.isBudgetSpent && spent.iterations == 1)
        #expect(spent.cost.optimiserSteps == 0)
        let last = try #require(store.records.last)
        #expect(last.decisions == ["budget: calls=300 is spent"])
        #expect(last.measures.contains { $0.name == "pass@1" })
    }

    @Test("ends an update at the optimiser step that spends it", arguments: [1, 7, 25])
    func steps(limit: Int) async throws {
        let spent = try await outcome(try plan(Budget(.steps, Double(limit))))
        #expect(spent.cost.optimiserSteps == limit && spent.isBudgetSpent)
    }

    @Test("overshoots its tokens by less than a batch, and its operations too", arguments: [BudgetUnit.tokens, .flops], [0.3, 1.4])
    func overshoot(unit: BudgetUnit, share: Double) async throws {
        var two = try plan(nil)
        two.stages[0].iterations = 2
        let store = MemoryStore()
        let whole = Budget.amount(unit, of: try await outcome(two, store).cost) / 2
        let spent = try await outcome(try plan(Budget(unit, share * whole)))
        let over = Budget.amount(unit, of: spent.cost) - share * whole
        // A wave of play is 2/5 of an iteration's play; an optimiser step is far less.
        #expect(over >= 0 && over < 0.4 * whole, "\(over) of \(whole)")
        #expect(spent.isBudgetSpent)
    }

    @Test("changes nothing before it is spent")
    func prefix() async throws {
        let (free, kept) = (MemoryStore(), MemoryStore())
        var three = try plan(nil)
        three.stages[0].iterations = 3
        let all = try await outcome(three, free)
        three.budget = Budget(.tokens, Double(all.cost.tokens))
        let same = try await outcome(three, kept)
        #expect(try kept.reproducible() != "" && same.cost == all.cost && same.isBudgetSpent && !all.isBudgetSpent)
        #expect(kept.records.dropLast().map(\.cost) == free.records.dropLast().map(\.cost))
        #expect(kept.records.last?.groups == free.records.last?.groups)
    }

    @Test("is not charged with shared teaching")
    func shared() async throws {
        let spent = try await outcome(try plan(Budget(.steps, 3), base: true))
        #expect(spent.sharedCost.optimiserSteps == 20 && spent.cost.optimiserSteps == 23)
    }

    @Test("of seconds reads the clock it is given")
    func seconds() async throws {
        let ticks = Ticks()
        let spent = try await outcome(try plan(Budget(.seconds, 50)), clock: { ticks.next() })
        #expect(spent.isBudgetSpent && spent.iterations >= 1)
    }

    @Test("what the meter counts is what the records hold, to the unit")
    func independentCount() async throws {
        let store = MemoryStore()
        var two = try plan(nil)
        two.stages[0].iterations = 2
        let spent = try await outcome(two, store)
        var count = Cost()
        for episode in store.records.flatMap(\.groups).flatMap(\.episodes) {
            count.episodes += 1
            for step in episode.steps {
                count.worldSteps += 1
                count.calls += 1
                count.promptTokens += step.context.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
                count.sampledTokens += step.move.segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) }
            }
        }
        // Every sample is one row that is trained once, over its prompt and its answer.
        count.trainedTokens = count.promptTokens + count.sampledTokens
        count.optimiserSteps = 2 * 40 * 16 / 32
        var metered = spent.cost
        metered.flops = 0
        #expect(metered == count)
    }
}

/// A clock that moves on by ten seconds whenever it is read.
private final class Ticks: Sendable {
    private let seconds = Mutex(0.0)
    func next() -> Double {
        seconds.withLock {
            $0 += 10
            return $0
        }
    }
}
