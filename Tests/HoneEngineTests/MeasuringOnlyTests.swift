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
}
