import HoneCore
import HoneCredit
import HoneEngine
import HoneRecipes
import HoneTestSupport
import HoneText
import Synchronization
import Testing

private let recipe = SmallRecipe(
    "rest-mcts",
    [
        "model.size": .string("pico"), "task.settings.terms": .integer(2), "base.demonstrations": .integer(64), "base.passes": .integer(12),
        "base.errorRate": .integer(0),
        "play.problems": .integer(6), "play.samples": .integer(4), "learner.rows": .integer(8), "evaluation.problems": .integer(4), "search.samples": .integer(3),
        "search.simulations": .integer(6), "process.written": .integer(0), "process.iterations": .integer(1), "process.problems": .integer(6),
        "play.temperature": .number(1), "restmcts.leastValue": .number(0),
    ])

/// The rows a credit gave.
private final class SeenRows: Sendable {
    let rows = Mutex<[Example]>([])
}

/// A credit whose rows are kept for a test.
private struct Watched: Credit {
    static let card = PartCard(name: "watched")
    var credit: CheckedSteps
    let seen: SeenRows

    mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        let batch = try credit.batch(for: roles, from: groups, scores: scores)
        seen.rows.withLock { $0 += batch.examples }
        return batch
    }
}

@Suite("ReST-MCTS*", .serialized)
struct ReSTMCTSTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "rest-mcts" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings.merging(claim.quick.settings) { $1 }) }
    }

    @Test("trees are searched in both stages with returns noted at finished plays only; the value learns first, then both")
    func trees() async throws {
        let store = try await played(try recipe.plan())
        for stage in ["process reward", "improve"] as [StageName] {
            let found = store.records.filter { $0.stage == stage }.flatMap(\.groups).flatMap(\.episodes).compactMap { $0.steps.first?.move.tree }
            #expect(found.count >= 4, "an answer that a single move could give has no tree")
            for tree in found {
                #expect(tree.nodes.allSatisfy { (0...1).contains($0.value) })
                for node in tree.nodes where node.verdicts.contains(where: { $0.kind == .worldReturn }) { #expect(!node.move.text.hasSuffix(",")) }
            }
            #expect(found.contains { $0.nodes.contains { $0.verdicts.contains { $0.kind == .worldReturn } } })
        }
        let updates = store.records.filter { $0.stage == "improve" }.flatMap(\.updates.keys)
        #expect(updates.contains { $0.hasPrefix("policy.") } && updates.contains { $0.hasPrefix("process.") })
    }

    @Test("the value learns written answers first: steps of right and of damaged ones, the end of the text behind the last step alone")
    func written() async throws {
        var plan = try recipe.plan(["process.written": .integer(12), "process.writtenPasses": .integer(2), "iterations": .integer(0), "task.settings.terms": .integer(4)])
        let seen = SeenRows()
        var base = try #require(plan.models["process"]?.base)
        #expect(base.stages[0].updates.map(\.model) == ["process"])
        base.stages[0].updates[0].routes[0].credit = Watched(credit: CheckedSteps(isQuality: true), seen: seen)
        plan.models["process"]?.base = base
        _ = try await played(plan)
        let (rows, nano) = (seen.rows.withLock { $0 }, CharacterTokenizer.nano)
        #expect(rows.count == 24)
        #expect(rows.contains { ($0.channels["steps"] ?? []).filter { $0 >= 0 }.count == 3 } && rows.contains { ($0.channels["steps"] ?? []).filter { $0 >= 0 }.count < 3 })
        for row in rows {
            let (labels, ends) = (row.channels["steps"] ?? [], row.tokens.indices.filter { row.tokens[$0] == nano.endOfText })
            let isWhole = labels.filter { $0 >= 0 }.count == 3
            #expect(ends == (isWhole ? [row.tokens.count - 1] : []), "the text ends behind the third step alone")
            #expect(labels.last.map { $0 >= 0 } == true)
        }
    }

    @Test("held-out problems are answered by any search; answers drawn directly teach the policy alone", arguments: ["mcts", "best-of-n", "self-consistency", "greedy"])
    func answered(method: String) async throws {
        let store = try await played(try recipe.plan(["search.method": .string(method), "restmcts.form": .string("answers"), "iterations": .integer(1)]))
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        #expect(found["pass@1"].map { (0...1).contains($0) } == true && (found["sampled tokens"] ?? 0) > 0)
        #expect((found["confidence"] == nil) == (method == "greedy"), "one answer has no tree")
        #expect(store.records.filter { $0.stage == "improve" }.flatMap(\.groups).flatMap(\.episodes).allSatisfy { $0.steps.first?.move.tree == nil })
        #expect(!store.records.filter { $0.stage == "improve" }.flatMap(\.updates.keys).contains { $0.hasPrefix("process.") })
    }

    @Test("what cannot work is refused with the key and what is expected")
    func refusals() {
        #expect(recipe.refusal(["restmcts.leastValue": .number(1.5)]).contains("“restmcts.leastValue” is 1.5"))
        #expect(recipe.refusal(["restmcts.keep": .integer(-1)]).contains("“restmcts.keep” is -1"))
        #expect(recipe.refusal(["search.method": .string("mtcs")]).contains("mcts"))
        #expect(recipe.refusal(["search.branches": .integer(0)]).contains("“search.branches” is 0"))
    }
}
