import HoneCore
import HoneEngine
import HoneEvaluation
import HoneSocieties
import HoneTestSupport
import Testing

@Suite("A plan that only measures")
struct MeasuringOnlyTests {
    @Test("runs without a model, a world or an iteration, and gives what was measured")
    func runs() async throws {
        var settings = TabularSharpening.Settings()
        settings.prompts = 10
        settings.tables = 1
        let plan = Plan(
            models: [:], worlds: [:],
            stages: [Stage(name: "measure", iterations: 0, society: Solo(), measures: [ScheduledMeasure(every: 1, try TabularSharpening(settings))])])
        let store = MemoryStore()
        func execute() async throws -> RunOutcome {
            try await Run(plan: plan, seed: Seed(3), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory())).execute()
        }
        let outcome = try await execute()
        #expect(outcome.isFinished && outcome.iterations == 0)
        #expect(outcome.measures["queries at 80"] != nil)
        #expect(try await execute().measures == outcome.measures)
    }

    @Test("a later stage without iterations is measured where it stands, once")
    func passes() async throws {
        var settings = TabularSharpening.Settings()
        settings.prompts = 10
        settings.tables = 1
        let plan = Plan(
            models: [:], worlds: [:],
            stages: [
                Stage(name: "before", iterations: 0, society: Solo()),
                Stage(name: "measure", iterations: 0, society: Solo(), measures: [ScheduledMeasure(every: 1, try TabularSharpening(settings))]),
            ])
        let store = MemoryStore()
        let surroundings = Run.Surroundings(store: store, factory: ModelMaker.factory())
        let outcome = try await Run(plan: plan, seed: Seed(3), surroundings: surroundings).execute()
        #expect(outcome.isFinished && outcome.measures["queries at 80"] != nil)
        #expect(store.records.map(\.stage) == ["measure"])
        #expect(try await Run(plan: plan, seed: Seed(3), surroundings: surroundings).execute().measures == outcome.measures)
        #expect(store.records.count == 1, "what is finished is not measured again")
        #expect(try await Run(plan: plan, seed: Seed(3), surroundings: surroundings).measureNow(hasCheckpoint: false).estimates["queries at 80"] == outcome.measures["queries at 80"])
    }
}
