import HoneCore
import HoneEngine
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import Testing

/// A recipe's plan with a few small settings.
private func plan(_ recipe: String, _ settings: [String: JSONValue], seed: UInt64 = 1) throws -> Plan {
    let small: [String: JSONValue] = [
        "model.size": .string("pico"), "base.demonstrations": .integer(12), "base.passes": .integer(1), "task.trainProblems": .integer(20),
        "evaluation.problems": .integer(4), "evaluation.samples": .integer(2),
    ]
    return try SmallRecipe(recipe, small).plan(settings, seed: seed)
}

private func outcome(_ plan: Plan, seed: UInt64 = 1) async throws -> (RunOutcome, MemoryStore) {
    let store = MemoryStore()
    let run = try Run(plan: plan, seed: Seed(seed), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
    return (try await run.execute(), store)
}

@Suite("Recipes of answers given again", .serialized)
struct CritiqueRecipeTests {
    @Test("the cards' claims name their own arms and settings that exist", arguments: ["confidence-critique", "graph-coloring-critique"])
    func claims(id: String) throws {
        let card = try #require(RecipeCatalog.cards.first { $0.id == id })
        let claim = try #require(card.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms {
            for size in [claim.quick, claim.full] {
                let entries = arm.settings.merging(size.settings) { $1 }.sorted { $0.key < $1.key }.map {
                    SettingsOverlay.Entry(path: $0.key.split(separator: ".").map(String.init), value: $0.value, place: "claim")
                }
                _ = try RecipeCatalog.resolve(arm.recipe, entries)
            }
        }
    }

    @Test("every form is tuned, measured before and after, and the decomposition adds up", arguments: ["sft", "clt", "cst", "cct"])
    func forms(form: String) async throws {
        let made = try plan(
            "confidence-critique",
            ["critique.form": .string(form), "critique.questions": .integer(10), "learner.rows": .integer(16), "learner.miniBatch": .integer(8)])
        let (outcome, store) = try await outcome(made)
        #expect(outcome.isFinished && store.records.map(\.index) == [-1, 0])
        let names = Set(store.records.flatMap(\.measures).map(\.name))
        #expect(names.isSuperset(of: ["first accuracy", "second accuracy", "right to wrong", "wrong to right"]))
        let group = try #require(store.records.last?.groups.first)
        let steps = group.episodes[0].steps
        // Whatever the first answer was, only the demonstration is learned.
        #expect(steps.last?.move.segments.last?.origin == .demonstration)
        #expect(steps.dropLast().allSatisfy { $0.move.segments.allSatisfy { $0.origin != .demonstration } })
        #expect(steps.count == (form == "cst" ? 2 : steps.count))
    }

    @Test("arms of one seed share the taught base; another seed has another", arguments: ["confidence-critique", "graph-coloring-critique"])
    func sharedBase(id: String) throws {
        let key = id == "confidence-critique" ? "critique.form" : "prompting.feedback"
        let values = id == "confidence-critique" ? ["sft", "cct"] : ["direct", "wrong"]
        let prints = try values.map { try #require(try plan(id, [key: .string($0)]).models["policy"]?.base).fingerprint }
        #expect(prints[0] == prints[1])
        #expect(try plan(id, [:], seed: 2).models["policy"]?.base?.fingerprint != prints[0])
    }

    @Test("every condition of graph colouring is measured without any learning", arguments: ["direct", "self", "wrong", "k-sample", "only", "first", "all"])
    func conditions(feedback: String) async throws {
        let made = try plan(
            "graph-coloring-critique",
            [
                "prompting.feedback": .string(feedback), "prompting.weakRepairs": .integer(4), "prompting.verdicts": .integer(4),
                "prompting.answers": .integer(3),
            ])
        let (outcome, store) = try await outcome(made)
        #expect(outcome.isFinished && outcome.iterations == 0)
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        #expect(found["success"] != nil && found["first answer"] != nil)
        let answers = try #require(found["answers"])
        #expect(feedback == "direct" ? answers == 1 : (1...3).contains(answers))
        #expect((found["critic on right answers"] != nil) == (feedback == "self"))
    }

    @Test("settings that cannot work are refused with their keys", arguments: [
        ("confidence-critique", "critique.mix", JSONValue.number(1.5)), ("confidence-critique", "critique.tries", .integer(0)),
        ("confidence-critique", "critique.questions", .integer(0)), ("graph-coloring-critique", "prompting.answers", .integer(0)),
        ("graph-coloring-critique", "prompting.window", .integer(-1)), ("graph-coloring-critique", "prompting.weakFollows", .number(2)),
        ("graph-coloring-critique", "task.world", .string("arithmetic")),
    ])
    func refusals(id: String, key: String, value: JSONValue) {
        let error = #expect(throws: PlanError.self) { try plan(id, [key: value]) }
        #expect(error?.description.contains(key) == true)
    }
}
