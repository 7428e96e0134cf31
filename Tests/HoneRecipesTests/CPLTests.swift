import HoneCore
import HoneEngine
import HoneRecipes
import HoneTestSupport
import Testing

private let recipe = SmallRecipe(
    "cpl",
    [
        "model.size": .string("pico"), "task.settings.fewest": .integer(1), "task.settings.most": .integer(1), "task.settings.distractors": .integer(1),
        "base.demonstrations": .integer(96), "base.passes": .integer(6), "play.problems": .integer(6), "play.temperature": .number(1), "learner.rows": .integer(8),
        "evaluation.problems": .integer(4), "search.simulations": .integer(6), "search.branches": .integer(3),
    ])

@Suite("CPL", .serialized)
struct CPLTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "cpl" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings.merging(claim.quick.settings) { $1 }) }
    }

    @Test("a round searches trees over steps, with returns at ends and ½ elsewhere, and learns from the same trees once more", arguments: ["pairs", "paths"])
    func round(form: String) async throws {
        let store = try await played(try recipe.plan(["cpl.form": .string(form)]))
        let trees = store.records.filter { $0.stage == "search 1" }.flatMap(\.groups).flatMap(\.episodes).compactMap { $0.steps.first?.move.tree }
        #expect(trees.count == 6)
        for node in trees.flatMap(\.nodes) {
            let isEnd = node.verdicts.contains { $0.kind == .worldReturn }
            #expect(!isEnd || !node.move.text.hasSuffix(";"), "a step of the plan has no return")
            if !isEnd, node.visits == 1 { #expect(node.value == 0.5) }
            #expect(node.prior.map { $0 > 0 && $0 <= 1 } == true)
        }
        let learned = store.records.filter { $0.stage == "learn 1" }
        #expect(learned.count == 1 && learned.allSatisfy { $0.groups.isEmpty && $0.updates["rows"] != nil })
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        for name in ["in domain", "longer", "larger", "out of domain"] { #expect(found[name].map { (0...1).contains($0) } == true) }
    }

    @Test("with a second round the value learns the first one's trees and the second searches by it")
    func secondRound() async throws {
        let store = try await played(try recipe.plan(["iterations": .integer(2)]))
        #expect(store.records.map(\.stage).suffix(4) == ["search 1", "learn 1", "search 2", "learn 2"])
        let updates = store.records.first { $0.stage == "search 1" && !$0.groups.isEmpty }?.updates ?? [:]
        #expect(updates.keys.contains { $0.hasPrefix("process.") }, "the policy learns only where a right way was found")
        let last = store.records.last { $0.stage == "search 2" }
        #expect(last?.updates.keys.contains { $0.hasPrefix("process.") } == false)
    }

    @Test("without a round the model is measured as it is")
    func start() async throws {
        let store = try await played(try recipe.plan(["iterations": .integer(0)]))
        #expect(store.records.flatMap(\.measures).contains { $0.name == "out of domain" } && store.records.allSatisfy { $0.groups.isEmpty })
    }

    @Test("what cannot work is refused with the key and what is expected")
    func refusals() {
        #expect(recipe.refusal(["cpl.alpha": .number(-1)]).contains("“cpl.alpha” is -1"))
        #expect(recipe.refusal(["cpl.beta": .number(0)]).contains("“cpl.beta” is 0"))
        #expect(recipe.refusal(["cpl.solutionScale": .number(2)]).contains("“cpl.solutionScale” is 2"))
        #expect(recipe.refusal(["search.method": .string("greedy")]).contains("“search.method” is greedy"))
        #expect(recipe.refusal(["search.depth": .integer(2)]).contains("“search.depth” is 2"))
        #expect(recipe.refusal(["task.settings.most": .integer(8)]).contains("“task.settings.most” is 8"))
        let other = SettingsOverlay.Entry(path: ["task", "world"], value: .string("arithmetic"), place: "test")
        #expect(throws: PlanError.self) { try RecipeCatalog.resolve("cpl", [other]).plan(Seed(1)) }
    }
}
