import HoneCore
import HoneEngine
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

private let recipe = SmallRecipe(
    "agent-r",
    [
        "model.size": .string("pico@512"), "base.demonstrations": .integer(60), "base.passes": .integer(2), "agentr.verdicts": .integer(20),
        "play.problems": .integer(2), "play.limit": .integer(8), "agentr.simulations": .integer(1), "agentr.branches": .integer(2),
        "learner.rows": .integer(4), "evaluation.problems": .integer(2), "iterations": .integer(1), "task.trainProblems": .integer(40),
    ])

@Suite("Agent-R", .serialized)
struct AgentRTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "agent-r" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings.merging(["evaluation.problems": .integer(2)]) { $1 }) }
    }

    @Test("measures of plays, by hand: success, loops, recovery, delay to the first reflection, needless reflections, verdicts")
    func findings() {
        func log(_ moves: [String], _ helpful: [Bool], said: [Bool?] = [], wrong: Int? = nil, worth: Double) -> CraftingTrial.Log {
            CraftingTrial.Log(moves: moves, isHelpful: helpful, isTakenForGood: said, wrong: wrong, worth: worth)
        }
        let found = CraftingTrial.findings([
            (
                "a", log(["get a", "oh: wait", "g=c+d: make g"], [true, false, true], worth: 1),
                log(["get a", "drop a", "get q", "no: wait", "get a"], [true, false, false, false, true], said: [true, false, true, false, nil], wrong: 1, worth: 1)
            ),
            (
                "b", log(["get b", "g=c+d d=a+b: get b", "g=c+d: get b", "wait"], [true, false, false, false], worth: 0.5),
                log(["get b", "get b", "drop b", "get b"], [true, false, true, false], said: [true, true, true, true], wrong: 1, worth: 0)
            ),
        ])
        func mean(_ name: String) -> Double { found[name]?.mean ?? .nan }
        #expect(mean("success") == 0.5 && mean("return") == 0.75 && mean("loops") == 0.5 && mean("recovery") == 0.5 && mean("reflects") == 0.5)
        #expect(mean("revision delay") == 2.5, "2 moves to the reflection; 3 to the end of a play without one")
        #expect(abs(mean("needless reflections") - 1.0 / 7) < 1e-12, "the wait behind a helpful move, of seven moves")
        // Said of eight moves; right of the first, second and fourth of one play, and of the first and third of the other.
        #expect(abs(mean("judged rightly") - 5.0 / 8) < 1e-12)
    }

    @Test("a wrong move is put in at the second to fourth place, as the model itself would have said it")
    func disturbed() async throws {
        let (player, reviewer) = (Player(model: "policy"), Player(model: "reviewer"))
        let model = ScriptedModel(saying: "fly")
        let services = ScriptedServices(models: ["policy": model, "reviewer": ScriptedModel(saying: "b")], policies: ["direct": DirectPolicy()])
        // At any place e, which is of no use, can be got.
        let problem = Problem(id: "p", world: "crafting", text: "d=a+b g=c+d q=a+e\nmake g\n>")
        let trial = CraftingTrial(world: try .init(), problems: [problem], player: player, reviewer: reviewer, tokenizer: CharacterTokenizer.nano)
        let found = try await trial.measure(in: services.scope())
        #expect(found["success"]?.mean == 0 && found["loops"]?.mean == 1 && found["recovery"]?.mean == 0 && found["reflects"]?.mean == 0)
        #expect((9...11).contains(found["revision delay"]?.mean ?? 0), "twelve moves less the place")
        let put = CraftingTrial.segment("drop a", tokenizer: CharacterTokenizer.nano)
        #expect(put.tokens == (try CharacterTokenizer.nano.encode("drop a")) + [CharacterTokenizer.nano.endOfText] && !put.isTrained)
    }

    @Test("lessons: an expert that never errs makes the thing at once; verdicts are on helpful and other moves in turn")
    func lessons() throws {
        let problem = Problem(id: "p", world: "crafting", text: "d=a+b g=c+d q=a+c\nmake g\n>")
        let lessons = CraftingLessons(world: try .init(), errors: 0)
        let play = try #require(try lessons.plays([problem], count: 1, seed: Seed(1)).first.flatMap(Script.init(of:)))
        #expect(play.answers == ["g=c+d d=a+b: get a", "g=c+d d=a+b: get b", "g=c+d d=a+b: make d", "g=c+d: get c", "g=c+d: make g"] && play.between == ["\na>", "\nab>", "\nd>", "\ncd>"])
        let verdicts = try lessons.verdicts([problem], count: 20, seed: Seed(1))
        #expect(verdicts.count > 10, "where no move fits there is no lesson")
        for lesson in verdicts {
            let script = try #require(Script(of: lesson))
            #expect(script.between.last == "\n?" && script.firstTaught == script.answers.count - 1)
            let index = try #require(lesson.id.split(separator: " ").last.flatMap { Int($0) })
            #expect(script.answers.last == (index % 2 == 0 ? "g" : "b"))
        }
        let nano = CharacterTokenizer.nano
        for reflection in AgentR.reflections { #expect(nano.fitted(reflection) == reflection && reflection.hasSuffix(": wait")) }
    }

    @Test("trees keep their plays and are reviewed as set; good ways alone need no review", arguments: ["judged", "end", "random", "good"])
    func runs(form: String) async throws {
        let own: [String: JSONValue] = form == "good" ? ["agentr.learns": .string("good")] : ["agentr.cut": .string(form)]
        let store = try await played(try recipe.plan(own))
        let trees = store.records.filter { $0.stage == "improve" }.flatMap(\.groups).flatMap(\.episodes).compactMap { $0.steps.first?.move.tree }
        #expect(!trees.isEmpty)
        for tree in trees {
            let marked = tree.nodes.filter { node in node.verdicts.contains { $0.kind == .step } }
            let isBad = tree.nodes.contains { node in node.verdicts.contains { $0.kind == .worldReturn && $0.value <= 0.5 } }
            #expect(marked.isEmpty == (form == "good" || !isBad))
            #expect(tree.nodes.contains { node in node.verdicts.contains { $0.kind == .worldReturn } })
        }
        let measured = Set(store.records.flatMap(\.measures).map(\.name))
        #expect(measured.isSuperset(of: ["success", "recovery", "loops", "revision delay"]))
    }

    @Test("what cannot work is refused with the key and what is expected")
    func refusals() {
        #expect(recipe.refusal(["agentr.branches": .integer(0)]).contains("“agentr.branches” is 0"))
        #expect(recipe.refusal(["agentr.gap": .number(1.5)]).contains("“agentr.gap” is 1.5"))
        #expect(recipe.refusal(["agentr.cut": .string("middle")]).contains("cut"))
        #expect(recipe.refusal(["model.size": .string("./folder"), "base.passes": .integer(0)]).contains("“model.size” is ./folder"))
        #expect(recipe.refusal(["task.settings.hands": .integer(2)]).contains("hands"))
    }
}
