import HoneCore
import HoneEngine
import HoneRecipes
import HoneTestSupport
import Testing

private let recipe = SmallRecipe(
    "ids",
    [
        "model.size": .string("pico@256"), "base.demonstrations": .integer(32), "base.passes": .integer(1), "task.trainProblems": .integer(64),
        "evaluation.problems": .integer(4), "ids.samples": .integer(3), "ids.votes": .integer(5),
    ])

/// Answers a chain by 0, and rightly once it was made to look back.
private func say(_ request: Completion.Request) -> String {
    let text = request.context.text
    guard text.contains("?w") else { return text.hasSuffix("=") ? "|0" : "" }
    var (total, sign) = (0, 1)
    for character in text.prefix(while: { $0 != "=" }) {
        if let digit = character.wholeNumberValue { total += sign * digit } else { sign = character == "-" ? -1 : 1 }
    }
    return "|\(total)"
}

@Suite("Iterative deepening sampling", .serialized)
struct IDSTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made; arms share what was taught")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "ids" }?.claim)
        #expect(claim.faults.isEmpty)
        let base = try recipe.plan().models["policy"]?.base?.fingerprint
        #expect(base != nil)
        for arm in claim.arms {
            for size in [claim.quick, claim.full] { _ = try recipe.plan(arm.settings.merging(size.settings) { $1 }) }
            #expect(try recipe.plan(arm.settings).models["policy"]?.base?.fingerprint == base)
        }
    }

    @Test("by script: triggers anywhere put the answer right, once for each sample; votes and fillers leave it wrong", arguments: [
        ("growing", true), ("even", true), ("end", true), ("filler", false), ("votes", false),
    ])
    func byScript(form: String, isRight: Bool) async throws {
        let made = try recipe.plan(["ids.form": .string(form)])
        let stage = try #require(made.stages.first)
        let measure = try #require(stage.measures.first?.measure)
        let services = ScriptedPlay(plan: made, society: stage.society, model: ScriptedModel { request, _ in say(request) })
        let found = try await measure.measure(in: Scope(services: services, seed: Seed(1), path: "test")).estimates.mapValues(\.mean)
        #expect(found["pass@1"] == (isRight ? 1 : 0) && found["hard half"] == (isRight ? 1 : 0))
        #expect(found["changes to right"] == (form == "votes" ? nil : isRight ? 1 : 0) && (found["changes to wrong"] ?? 0) == 0)
    }

    @Test("a small model is taught and measured")
    func runs() async throws {
        let store = MemoryStore()
        let run = try Run(plan: try recipe.plan(["ids.limit": .integer(48)]), seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        #expect(try await run.execute().isFinished)
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        #expect(found["pass@1"].map { (0...1).contains($0) } == true && found["hard half"] != nil && (found["sampled tokens"] ?? 0) > 4)
    }

    @Test("settings that cannot work are refused with their keys")
    func refusals() {
        #expect(recipe.refusal(["ids.growth": .number(1)]).contains("“ids.growth” is 1.0"))
        #expect(recipe.refusal(["ids.limit": .integer(10)]).contains("above ids.budget"))
        #expect(recipe.refusal(["ids.samples": .integer(0)]).contains("“ids.samples” is 0"))
        #expect(recipe.refusal(["iterations": .integer(2)]).contains("nothing is learned"))
        #expect(recipe.refusal(["task.world": .string("countdown")]).contains("arithmetic"))
        #expect(recipe.refusal(["ids.lessons.slips": .number(2)]).contains("slips"))
    }
}
