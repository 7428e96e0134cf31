import HoneCore
import HoneCurricula
import HoneEngine
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import Testing

private let recipe = SmallRecipe(
    "gpt-bargaining",
    ["base.demonstrations": .integer(200), "base.passes": .integer(1), "evaluation.problems": .integer(3), "play.limit": .integer(8)])

@Suite("GPT-Bargaining", .serialized)
struct GPTBargainingTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "gpt-bargaining" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings) }
    }

    @Test("arms differ in advice alone: they share one taught model")
    func shared() throws {
        let prints = try ["critic", "constant", "random", "none"].map { try recipe.plan(["bargaining.feedback": .string($0)]).models["policy"]?.base?.fingerprint }
        #expect(prints.allSatisfy { $0 != nil && $0 == prints[0] })
    }

    @Test("moves and advice are taught, with and without advice in front")
    func lessons() throws {
        let stream = try #require(try recipe.plan(["base.demonstrations": .integer(600)]).models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
        #expect(stream.problems.count == 600)
        var marks: Set<Character> = []
        var (advised, plain) = (0, 0)
        for problem in stream.problems {
            let answer = try #require(Script(of: problem)?.answers.first)
            let mark = try #require(problem.text.first)
            marks.insert(mark)
            let head = problem.text.prefix { $0 != "|" }
            if mark == "c" {
                #expect(!answer.isEmpty && answer.count <= 3 && answer.allSatisfy { "aefhmsw".contains($0) })
            } else {
                if head.count > 1 { advised += 1 } else { plain += 1 }
                #expect(answer == "ok" || answer == "no" || (10...20).contains(Int(answer) ?? 0))
                #expect(problem.text.contains("|20 10") && problem.text.hasSuffix("="))
            }
        }
        #expect(marks == ["s", "b", "c"] && advised > 50 && plain > 50)
    }

    @Test("rounds are played, and each has a deal rate; advice is asked for between rounds only", arguments: ["critic", "constant", "random", "none"])
    func rounds(feedback: String) async throws {
        let store = MemoryStore()
        let made = try recipe.plan(["bargaining.feedback": .string(feedback), "bargaining.rounds": .integer(3)])
        let run = try Run(plan: made, seed: Seed(2), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        #expect(try await run.execute().isFinished)
        let names = Set(store.records.flatMap(\.measures).map(\.name))
        #expect(names.isSuperset(of: ["deal rate, round 1", "deal rate, round 3", "payoff, round 2", "unreadable"]) && !names.contains("deal rate, round 4"))
        let episodes = store.records.compactMap(\.answers).joined().flatMap(\.episodes)
        for episode in episodes { #expect(episode.steps.count { $0.role == "critic" } == (feedback == "critic" ? 2 : 0)) }
    }

    @Test("wrong settings are answered with a sentence each")
    func faults() {
        #expect(recipe.refusal(["bargaining.rounds": .integer(1)]) == "“bargaining.rounds” is 1; it should be from 2 to 10")
        #expect(recipe.refusal(["bargaining.criticShare": .number(1)]).contains("below 1"))
        #expect(recipe.refusal(["bargaining.replays": .integer(0)]).contains("1 or more"))
        #expect(recipe.refusal(["task.settings.costs": .array([.integer(5), .integer(12)])]).contains("nothing is drawn here"))
        #expect(recipe.refusal(["task.settings.openings": .array([])]).contains("both sides begin with a price"))
        #expect(recipe.refusal(["task.world": .string("nim")]).contains("this recipe is about “buyer-seller” only"))
    }
}
