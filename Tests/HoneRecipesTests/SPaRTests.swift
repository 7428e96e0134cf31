import HoneCore
import HoneEngine
import HoneEvaluation
import HoneRecipes
import HoneSearch
import HoneTestSupport
import HoneWorlds
import Testing

private let recipe = SmallRecipe(
    "spar",
    [
        "base.demonstrations": .integer(64), "base.passes": .integer(1), "evaluation.problems": .integer(6), "evaluation.samples": .integer(1),
        "task.trainProblems": .integer(60), "play.problems": .integer(4), "iterations": .integer(1), "spar.repaired": .integer(4), "spar.votes": .integer(3),
        "spar.budget": .integer(4), "spar.responses": .integer(3),
    ])

/// A model that criticises and repairs without fault, and whose every answer has a sign too many, but for one seed in two where `isSometimesRight`.
private func scripted(_ request: Completion.Request, isSometimesRight: Bool) throws -> String {
    let text = request.context.text
    guard let end = text.firstIndex(of: ">") else { return "" }
    let asked = String(text[...end])
    let rest = String(text[text.index(after: end)...])
    let right = try #require(try Constraints().answer(to: Problem(id: asked, world: "constraints", text: asked), seed: Seed(5)))
    switch rest.last {
    case nil:
        var generator = request.seed.child("answer").generator
        return isSometimesRight && generator.chance(0.5) ? right : right + "-"
    case "?": return rest.dropLast() == right ? "y" : "n w3"
    default: return right
    }
}

/// What the plan measures where its models are the script.
private func measured(_ plan: Plan, isSometimesRight: Bool) async throws -> [String: Double] {
    let stage = try #require(plan.stages.first)
    let model = ScriptedModel { request, _ in try scripted(request, isSometimesRight: isSometimesRight) }
    let services = ScriptedPlay(plan: plan, society: stage.society, model: model)
    var found: [String: Double] = [:]
    for scheduled in stage.measures {
        found.merge(try await scheduled.measure.measure(in: Scope(services: services, seed: Seed(1), path: "test")).estimates.mapValues(\.mean)) { $1 }
    }
    return found
}

@Suite("SPaR", .serialized)
struct SPaRTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "spar" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms {
            for size in [claim.quick, claim.full] { _ = try recipe.plan(size.settings.merging(arm.settings) { $1 }) }
        }
    }

    @Test("by script: failed answers are repaired, and the pair of a failure and its repair differs in the one sign that was wrong", arguments: ["tree", "one-shot"])
    func repairs(form: String) async throws {
        let found = try await measured(recipe.plan(["spar.form": .string(form)]), isSometimesRight: false)
        #expect(found["pass@1"] == 0 && found["first answer"] == 0 && found["repaired"] == 1 && found["accuracy"] == 1)
        #expect(found["attempts"] == 2 && found["graded rightly"] == 1, "refinements that read alike are one")
        #expect(found["pair edits"] == 1 && found["pairs"] == 1)
    }

    @Test("by script: independent answers make a pair where the vote accepts some and refuses others")
    func independent() async throws {
        let settings: [String: JSONValue] = ["spar.form": .string("independent"), "spar.repaired": .integer(12), "evaluation.problems": .integer(12)]
        let found = try await measured(recipe.plan(settings), isSometimesRight: true)
        #expect((found["pairs"] ?? 0) > 0 && (found["pairs"] ?? 2) <= 1 && found["pair edits"] == 1)
        #expect(found["repaired"] == nil)
        #expect(try await measured(recipe.plan(settings), isSometimesRight: false)["pairs"] == 0)
    }

    @Test("of a tree the refiner learns one majority critique of either side where votes were divided, and the repair that was kept")
    func harvest() async throws {
        func node(_ parent: Int?, _ text: String, votes: [Double], says: [String]) -> SearchTree.Node {
            let share = votes.reduce(0, +) / Double(votes.count)
            let verdicts = zip(votes, says).map { Verdict(on: .episode(0), kind: VotedCritiques.kind, value: $0, critique: $1) }
            return SearchTree.Node(
                parent: parent, move: Move(segments: [.text(text, from: .demonstration)], context: [.text("context of \(text)", from: .prompt)]), visits: 1, value: share,
                verdicts: verdicts + [Verdict(on: .episode(0), kind: .worth, value: share)])
        }
        var tree = SearchTree(
            nodes: [
                node(nil, "ab", votes: [0, 0, 0], says: ["n w3", "n w3", "n w3"]), node(0, "ab c", votes: [1, 0, 0], says: ["y", "n z=e", "n f=a"]),
                node(0, "ab e", votes: [0, 1, 1], says: ["n w2", "y", "y"]),
            ], chosen: 3)
        tree.nodes.append(SearchTree.Node(parent: 2, move: Move(text: "ab e"), value: 2.0 / 3))
        var move = Move(text: "ab")
        move.tree = tree
        let problem = Problem(id: "p", world: "constraints", text: "w2 z=e>")
        let episode = Episode(id: "e", steps: [Step(role: .solver, context: [], move: move)], ending: .completed)
        let group = EpisodeGroup(assignment: Assignment(problem: problem), episodes: [episode])
        let harvest = try #require(try recipe.plan().stages.first?.judges.first { type(of: $0).card.name == "repair-harvest" })
        let judgement = try await harvest.judge(group, in: ScriptedServices().scope())
        let steps = judgement.children.flatMap(\.episodes).flatMap(\.steps)
        #expect(judgement.verdicts.isEmpty && steps.map(\.role) == ["refiner critique", "refiner critique", "refiner repair"])
        #expect(steps.map(\.move.text) == ["y", "n z=e", "ab e"])
        #expect(steps.map(\.context.text) == ["w2 z=e>ab e?", "w2 z=e>ab c?", "context of ab e"])
    }

    @Test("small models are taught, play, learn and are measured in every form and order; all share what was taught", arguments: [
        ("tree", "breadth"), ("tree", "depth"), ("one-shot", "breadth"), ("independent", "breadth"),
    ])
    func runs(form: String, order: String) async throws {
        let made = try recipe.plan(["spar.form": .string(form), "spar.order": .string(order)])
        #expect(made.models["policy"]?.base?.fingerprint == (try recipe.plan()).models["policy"]?.base?.fingerprint)
        let store = MemoryStore()
        let run = try Run(plan: made, seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        #expect(try await run.execute().isFinished)
        let names = Set(store.records.flatMap(\.measures).map(\.name))
        #expect(names.isSuperset(of: ["pass@1", "return", "pairs"]) && names.contains("attempts") == (form != "independent"))
        let groups = store.records.filter { $0.stage == "improve" }.flatMap(\.groups)
        #expect(groups.count == 4 && groups.allSatisfy { $0.episodes.count == (form == "independent" ? 3 : 1) })
    }

    @Test("settings that cannot work are refused with their keys", arguments: [
        ("spar.branches", JSONValue.integer(0)), ("spar.budget", .integer(1)), ("spar.responses", .integer(1)), ("spar.lessons.critiques", .number(2)),
        ("spar.beta", .number(-1)), ("model.size", .string("./folder")),
    ])
    func refusals(key: String, value: JSONValue) {
        #expect(recipe.refusal([key: value]).contains(key))
    }
}
