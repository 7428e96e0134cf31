import HoneCore
import HoneCurricula
import HoneEngine
import HoneRecipes
import HoneTestSupport
import HoneWorlds
import Testing

private let recipe = SmallRecipe(
    "self-prm",
    [
        "model.size": .string("pico"), "base.demonstrations": .integer(64), "base.passes": .integer(1), "task.trainProblems": .integer(64),
        "evaluation.problems": .integer(3), "evaluation.samples": .integer(8), "iterations": .integer(2), "play.problems": .integer(2), "play.samples": .integer(2),
        "selfprm.every": .integer(1), "selfprm.checkpointSamples": .integer(1), "process.iterations": .integer(1), "process.problems": .integer(2),
        "process.samples": .integer(2),
    ])

@Suite("Process judging that comes with solving", .serialized)
struct SelfPRMTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "self-prm" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms {
            for size in [claim.quick, claim.full] { _ = try recipe.plan(arm.settings.merging(size.settings) { $1 }) }
        }
    }

    @Test("verdicts are taught as often and as rightly as is said")
    func lessons() throws {
        let made = try recipe.plan(["base.demonstrations": .integer(4000), "selfprm.lessons.share": .number(0.5), "evaluation.problems": .integer(1)])
        let stream = try #require(made.models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
        let verdicts = stream.problems.filter { $0.text.hasSuffix("?") }
        #expect(abs(Double(verdicts.count) / Double(stream.problems.count) - 0.5) < 0.05)
        #expect(abs(Double(verdicts.count { $0.text.contains("|") }) / Double(verdicts.count) - 0.4) < 0.05)
        let arithmetic = try Arithmetic()
        let right = verdicts.count { lesson in
            let parts = lesson.text.dropLast().split(separator: "=", omittingEmptySubsequences: false)
            let problem = Problem(id: "p", world: "arithmetic", text: parts[0] + "=")
            let fault = arithmetic.checkSteps(of: String(parts[1].prefix { $0 != "|" }), to: problem).firstIndex { !$0.isCorrect }
            return lesson.demonstrations == ["\((fault ?? -1) + 1)"]
        }
        #expect(abs(Double(right) / Double(verdicts.count) - 0.9) < 0.03)
    }

    @Test("a small model learns from outcomes, keeps checkpoints, and is measured with all readouts")
    func runs() async throws {
        let store = MemoryStore()
        let run = try Run(plan: try recipe.plan(), seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        #expect(try await run.execute().isFinished)
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        for name in ["pass@1", "majority@8", "self@8", "reward@8", "F1 (likelihood)", "F1 (asked)", "F1 (reference)", "checkpoint 0: F1", "checkpoint 2: F1"] {
            #expect(found[name].map { (0...1).contains($0) } == true, "\(name)")
        }
    }

    @Test("settings that cannot work are refused with their keys")
    func refusals() {
        #expect(recipe.refusal(["process.written": .integer(8)]).contains("“process.written” is 8; it should be 0"))
        #expect(recipe.refusal(["selfprm.every": .integer(0)]).contains("“selfprm.every” is 0"))
        #expect(recipe.refusal(["selfprm.threshold": .number(0)]).contains("“selfprm.threshold”"))
        #expect(recipe.refusal(["selfprm.lessons.share": .number(2)]).contains("selfprm.lessons.share"))
    }
}
