import HoneCore
import HoneCurricula
import HoneEngine
import HoneRecipes
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

private let recipe = SmallRecipe(
    "math-critique",
    [
        "model.size": .string("pico"), "base.demonstrations": .integer(60), "base.passes": .integer(1), "task.trainProblems": .integer(64),
        "task.settings.terms": .integer(3), "evaluation.problems": .integer(4), "evaluation.samples": .integer(2), "iterations": .integer(1),
        "play.problems": .integer(3), "play.samples": .integer(2), "learner.rows": .integer(8), "mathcritique.critiques": .integer(1),
        "mathcritique.perIteration": .integer(4), "mathcritique.tries": .integer(2), "mathcritique.refinements": .integer(2),
    ])

/// The running totals of a chain.
private func totals(_ text: Substring) -> [Int] {
    var (total, sign, totals) = (0, 1, [Int]())
    for character in text.prefix(while: { $0 != "=" }) {
        if let digit = character.wholeNumberValue {
            total += sign * digit
            totals.append(total)
        } else {
            sign = character == "-" ? -1 : 1
        }
    }
    return Array(totals.dropFirst())
}

/// Answers with a first total that is wrong by one; puts right what a critique calls wrong at 1, repeats what is accepted, and accepts everything as a critic.
private func say(_ request: Completion.Request) -> String {
    let text = request.context.text
    if text.hasSuffix("?") { return "y" }
    if text.hasSuffix("\ny\n"), let attempt = text.split(separator: "=").last?.prefix(while: { $0 != "\n" }) { return String(attempt) }
    let right = totals(text[...])
    let answer = text.hasSuffix("\nn 1\n") ? right : right.map { $0 + 1 }
    return answer.map(String.init).joined(separator: ",")
}

@Suite("Actor and critic", .serialized)
struct MathCritiqueTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made; arms share what was taught")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "math-critique" }?.claim)
        #expect(claim.faults.isEmpty)
        let base = try recipe.plan().models["policy"]?.base?.fingerprint
        for arm in claim.arms {
            for size in [claim.quick, claim.full] { _ = try recipe.plan(arm.settings.merging(size.settings) { $1 }) }
            let own = try recipe.plan(arm.settings).models["policy"]?.base?.fingerprint
            #expect(base != nil && own == base)
        }
    }

    @Test("lessons: a refinement keeps what stands before the named step and puts that one right; without noise every critique is true")
    func lessons() throws {
        let made = try recipe.plan(["base.demonstrations": .integer(1000), "mathcritique.lessons.noise": .integer(0), "mathcritique.lessons.slips": .number(0.5)])
        let stream = try #require(made.models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
        let arithmetic = try Arithmetic()
        var (critiques, refinements, repaired) = (0, 0, 0)
        for lesson in stream.problems {
            let parts = lesson.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let problem = Problem(id: "p", world: "arithmetic", text: parts[0] + "=")
            let said = try #require(lesson.demonstrations.first)
            func fault(_ text: String) -> Int? { arithmetic.checkSteps(of: text, to: problem).firstIndex { !$0.isCorrect } }
            func words(_ fault: Int?) -> String { fault.map { "n \($0 + 1)" } ?? "y" }
            if parts[1].hasSuffix("?") {
                critiques += 1
                #expect(said == words(fault(String(parts[1].dropLast()))))
            } else if parts[1].contains("\n") {
                refinements += 1
                let lines = parts[1].split(separator: "\n").map(String.init)
                #expect(lines.count == 2 && lines[1] == words(fault(lines[0])))
                guard let first = fault(lines[0]) else {
                    #expect(said == lines[0])
                    continue
                }
                repaired += 1
                let (old, new) = (lines[0].split(separator: ","), said.split(separator: ","))
                #expect(new.count == old.count && Array(new.prefix(first)) == Array(old.prefix(first)) && (fault(said) ?? new.count) > first)
            }
        }
        #expect(critiques == 200 && refinements == 400 && repaired > 100)
    }

    @Test("by script: without a critic, or with one that accepts all, answers stay wrong; an oracle puts them right")
    func byScript() async throws {
        func found(_ test: String) async throws -> [String: Double] {
            let made = try recipe.plan(["mathcritique.test": .string(test)])
            let stage = try #require(made.stages.last)
            let measure = try #require(stage.measures.first)
            let services = ScriptedPlay(plan: made, society: try #require(measure.society), model: ScriptedModel { request, _ in say(request) })
            return try await measure.measure.measure(in: Scope(services: services, seed: Seed(1), path: "test")).estimates.mapValues(\.mean)
        }
        let (none, critic, oracle) = (try await found("none"), try await found("critic"), try await found("oracle"))
        #expect(none["accuracy"] == 0 && none["attempts"] == 1)
        #expect(critic["accuracy"] == 0 && critic["found"] == 0)
        #expect(oracle["accuracy"] == 1 && oracle["first answer"] == 0 && oracle["majority@2"] == 1 && oracle["hard"] == 1 && oracle["reached, hard"] == 1)
    }

    @Test("critiques are worth the share of right refinements; only right answers to the bare question are there to be learned", arguments: ["critic", "answers"])
    func runs(loop: String) async throws {
        let store = MemoryStore()
        let run = try Run(
            plan: try recipe.plan(["mathcritique.loop": .string(loop), "mathcritique.bar": .number(0.5)]), seed: Seed(1),
            surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        #expect(try await run.execute().isFinished)
        let written = store.records.filter { $0.stage == "critic" }.flatMap(\.groups).flatMap(\.episodes)
        #expect(written.count == 4 && written.allSatisfy { [0, 0.5, 1].contains($0.returns["critic"] ?? -1) && $0.steps.map(\.role) == ["critic"] })
        let improved = store.records.filter { $0.stage == "improve" }.flatMap(\.groups)
        #expect(!improved.isEmpty)
        for (group, episode) in improved.flatMap({ group in group.episodes.map { (group, $0) } }) {
            #expect(episode.ending == .completed && episode.steps.contains { $0.role == "critic" } == (loop == "critic" && episode.steps.first?.role == "drafter"))
            for step in episode.steps where step.role == .solver { #expect(step.context.text == group.assignment.problem.text) }
        }
        let names = Set(store.records.flatMap(\.measures).map(\.name))
        #expect(names.isSuperset(of: ["accuracy", "first answer", "hard", "reached, hard", "majority@2", "sampled tokens"]))
    }

    @Test("settings that cannot work are refused with their keys")
    func refusals() {
        #expect(recipe.refusal(["mathcritique.bar": .number(2)]).contains("“mathcritique.bar” is 2.0"))
        #expect(recipe.refusal(["mathcritique.rounds": .integer(0)]).contains("“mathcritique.rounds” is 0"))
        #expect(recipe.refusal(["mathcritique.lessons.noise": .number(-1)]).contains("mathcritique.lessons.noise"))
        #expect(recipe.refusal(["task.settings.operations": .string("+*")]).contains("operations"))
    }
}
