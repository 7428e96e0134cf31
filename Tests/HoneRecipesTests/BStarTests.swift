import HoneCore
import HoneEngine
import HoneRecipes
import HoneTestSupport
import Testing

private let recipe = SmallRecipe(
    "b-star",
    [
        "model.size": .string("pico"), "base.demonstrations": .integer(64), "base.passes": .integer(4), "play.problems": .integer(6), "play.samples": .integer(2),
        "iterations": .integer(2), "learner.rows": .integer(8), "evaluation.problems": .integer(4), "evaluation.samples": .integer(3), "evaluation.every": .integer(2),
        "bstar.probe": .integer(3), "bstar.probeSamples": .integer(2), "process.written": .integer(8), "process.writtenPasses": .integer(1), "process.iterations": .integer(1), "process.problems": .integer(4),
        "process.samples": .integer(2),
    ])

@Suite("B-STaR", .serialized)
struct BStarTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "b-star" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings.merging(claim.quick.settings) { $1 }) }
    }

    @Test(
        "before each iteration temperature and threshold are chosen from what may be chosen, and told; fixed ones are not touched",
        arguments: ["countdown", "arithmetic"])
    func chosen(world: String) async throws {
        let balanced = try await played(try recipe.plan(["task.world": .string(world)]))
        let records = balanced.records.filter { $0.stage == "improve" && !$0.groups.isEmpty }
        #expect(records.count == 2)
        for record in records {
            let told = record.decisions.filter { $0.contains("temperature") && $0.contains("balance") }
            #expect(told.count == 1)
            let used = Set(record.groups.flatMap(\.episodes).compactMap { $0.cast[.solver]?.sampling.temperature })
            #expect(used.count == 1 && used.isSubset(of: [0.5, 0.7, 0.9, 1.1]))
            #expect(used.allSatisfy { temperature in told.contains { $0.contains("temperature \(temperature),") } })
        }
        let fixed = try await played(try recipe.plan(["task.world": .string(world), "bstar.form": .string("fixed"), "play.temperature": .number(0.8)]))
        for record in fixed.records where record.stage == "improve" {
            #expect(record.decisions.isEmpty && record.groups.flatMap(\.episodes).allSatisfy { $0.cast[.solver]?.sampling.temperature == 0.8 })
        }
        let measured = Set(fixed.records.flatMap(\.measures).map(\.name))
        #expect(measured.isSuperset(of: ["pass@1", "pass@3", "unique correct", "best-of-3", "selection gain"]))
    }

    @Test("each answer has a reward from −1 to 1 by the head, and 1 more where it is right")
    func rewards() async throws {
        let store = try await played(try recipe.plan())
        let groups = store.records.filter { $0.stage == "improve" }.flatMap(\.groups)
        #expect(groups.count == 12)
        for group in groups {
            for (index, episode) in group.episodes.enumerated() {
                let process = try #require(group.value(of: "process", episode: index, role: .solver))
                let balanced = try #require(group.value(of: "balanced", episode: index, role: .solver))
                #expect((-1...1).contains(process) && balanced == process + (episode.returns[.solver] ?? 0))
            }
        }
    }

    @Test("what cannot work is refused with the key and what is expected")
    func refusals() {
        #expect(recipe.refusal(["bstar.wanted": .integer(0)]).contains("“bstar.wanted” is 0"))
        #expect(recipe.refusal(["bstar.temperatures": .array([])]).contains("one or more temperatures"))
        #expect(recipe.refusal(["bstar.threshold": .number(3)]).contains("between -1 and 2"))
        #expect(recipe.refusal(["process.samples": .integer(0)]).contains("“process.samples” is 0"))
    }
}
