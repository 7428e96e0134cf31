import HoneCore
import HoneEngine
import HoneObjectives
import HoneRecipes
import HoneTestSupport
import Testing

private let recipe = SmallRecipe(
    "alphallm",
    [
        "model.size": .string("pico"), "task.settings.terms": .integer(3), "task.trainProblems": .integer(40), "base.demonstrations": .integer(64), "base.passes": .integer(12),
        "base.errorRate": .integer(0), "play.problems": .integer(4), "play.samples": .integer(2), "evaluation.problems": .integer(3),
        "search.samples": .integer(3), "search.simulations": .integer(4), "process.written": .integer(8), "process.writtenPasses": .integer(1), "process.iterations": .integer(1), "process.problems": .integer(4),
        "process.samples": .integer(2), "alphallm.imagined": .integer(4), "alphallm.leastValue": .integer(0),
    ])

@Suite("AlphaLLM", .serialized)
struct AlphaLLMTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "alphallm" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings.merging(claim.quick.settings) { $1 }) }
    }

    @Test("imagined problems have other numbers of as many digits, no answer, and are none of the seeds or the refused")
    func imagined() {
        let seeds = [Problem(id: "a", world: "arithmetic", text: "3+8-5=", answer: "6"), Problem(id: "b", world: "w", text: "tom has 12 pens and 7 more.\n")]
        let found = ImaginedProblems.problems(from: seeds, count: 40, seed: Seed(1)) { $0.hasPrefix("1") }
        #expect(found.count == 40 && Set(found.map(\.text)).count == 40)
        #expect(found.allSatisfy { $0.answer == nil && $0.demonstrations.isEmpty && !$0.text.hasPrefix("1") })
        for problem in found where problem.world == "arithmetic" {
            let digits = problem.text.compactMap(\.wholeNumberValue)
            #expect(problem.text.count == 6 && digits.count == 3 && digits[0] + digits[1] - digits[2] >= 0 && !digits.contains(0))
        }
        let told = found.first { $0.world == "w" }?.text ?? ""
        #expect(told.wholeMatch(of: /tom has [1-9][0-9] pens and [1-9] more\.\n/) != nil, "\(told)")
        #expect(ImaginedProblems.problems(from: [], count: 3, seed: Seed(1)) { _ in false }.isEmpty)
        #expect(ImaginedProblems.problems(from: seeds, count: 3, seed: Seed(1)) { _ in true }.isEmpty)
    }

    @Test("written answers teach every head that the search asks, and what comes later goes on at a tenth of the rate")
    func written() throws {
        let plan = try recipe.plan()
        let routes = plan.models["critics"]?.base?.stages.flatMap(\.updates).flatMap(\.routes) ?? []
        let heads = routes.compactMap {
            ($0.objective as? StepRewardsSoft)?.settings.head ?? ($0.objective as? StepRewardsHard)?.settings.head ?? ($0.objective as? RewardLabels)?.settings.head
        }
        #expect(heads == ["value", "step", "outcome"] && routes.contains { $0.objective is CrossEntropy })
        let later = try #require(plan.stages.first?.updates.first?.optimiser.rate.value(at: 0))
        #expect(abs(later - 1e-4) < 1e-12)
    }

    @Test("critics are taught before each iteration on problems with answers; imagined ones are searched, and nobody says what is right")
    func loop() async throws {
        let store = try await played(try recipe.plan())
        var stages: [StageName] = []
        for record in store.records where stages.last != record.stage { stages.append(record.stage) }
        #expect(stages == ["critics 1", "improve 1", "critics 2", "improve 2"])
        for record in store.records where record.stage.text.hasPrefix("improve") {
            #expect(!record.groups.isEmpty && record.groups.allSatisfy { $0.assignment.problem.answer == nil && $0.verdicts.count == 1 })
            let trees = record.groups.flatMap(\.episodes).compactMap { $0.steps.first?.move.tree }
            #expect(trees.count == record.groups.count)
            for tree in trees {
                #expect(tree.nodes.allSatisfy { (0...1).contains($0.value) && $0.verdicts.isEmpty })
                #expect(tree.children(of: nil).count <= 5)
            }
            for group in record.groups { #expect(group.verdicts[0].value == group.episodes[0].steps.first?.move.tree.map { $0.nodes[$0.chosen].value }) }
        }
        #expect(store.records.contains { $0.stage == "critics 1" && $0.updates.keys.contains("outcome-reward-binary.accuracy") })
        let measured = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        #expect(measured.keys.contains("judge.accuracy"))
        #expect((measured["distinct children"] ?? 0) >= 1 && (measured["sampled tokens"] ?? 0) > 0)
    }

    @Test("answers drawn directly and kept by the outcome critic are imitated too; a search alone learns nothing")
    func arms() async throws {
        let direct = try await played(
            try recipe.plan(["alphallm.form": .string("answers"), "search.method": .string("greedy"), "iterations": .integer(1), "alphallm.fast": .string("same")]))
        let improved = direct.records.filter { $0.stage == "improve 1" }
        #expect(improved.flatMap(\.groups).flatMap(\.episodes).allSatisfy { ($0.steps.first?.move.tree?.children(of: nil).count ?? 0) == 3 })
        #expect(improved.contains { ($0.updates["rows"] ?? 0) > 0 })
        let still = try recipe.plan(["iterations": .integer(0), "search.method": .string("best-of-n")])
        #expect(still.stages.map(\.iterations) == [1, 0] && still.models.keys.contains("fast"))
    }

    @Test("what cannot work is refused with the key and what is expected")
    func refusals() {
        #expect(recipe.refusal(["alphallm.leastValue": .number(1.5)]).contains("“alphallm.leastValue” is 1.5"))
        #expect(recipe.refusal(["alphallm.step": .integer(-1)]).contains("“alphallm.step” is -1"))
        #expect(recipe.refusal(["task.trainProblems": .integer(5000)]).contains("No new question can be imagined from the"))
        #expect(recipe.refusal(["alphallm.rollouts": .integer(0)]).contains("“alphallm.rollouts” is 0"))
        #expect(recipe.refusal(["alphallm.fast": .string("./folder")]).contains("“alphallm.fast” is ./folder"))
        #expect(recipe.refusal(["alphallm.value": .integer(0), "alphallm.outcome": .integer(0), "alphallm.step": .integer(0)]).contains("above 0"))
        #expect(recipe.refusal(["search.options.distance": .integer(-1)]).contains("“search.options.distance” is -1"))
    }
}
