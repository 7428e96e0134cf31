import HoneCore
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneRecipes
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

private let recipe = SmallRecipe(
    "tick",
    [
        "base.demonstrations": .integer(64), "base.passes": .integer(1), "evaluation.problems": .integer(6), "task.trainProblems": .integer(60),
        "tick.pairs": .integer(0),
    ])

/// A model that judges rightly and mends what it is told. Its answers are right at one seed in four, and the others have a wrong sign in them.
private func scripted(_ request: Completion.Request) throws -> String {
    let text = request.context.text
    guard let end = text.firstIndex(of: ">") else { return "" }
    let asked = String(text[...end])
    let rest = String(text[text.index(after: end)...])
    let problem = try #require(ConstraintProblem(asked))
    let right = try #require(try Constraints().answer(to: Problem(id: asked, world: "constraints", text: asked), seed: Seed(5)))
    func grade(_ answer: some StringProtocol) -> Double { problem.grade(String(answer)) }
    switch rest.last {
    case nil:
        var generator = request.seed.child("answer").generator
        return generator.chance(0.25) ? right : right + "-"
    case "#": return "\(Int((9 * grade(rest.dropLast())).rounded()))"
    case "\n": return rest.contains(": n") || rest.contains("\nn") ? right : String(rest.prefix { $0 != "\n" })
    default:
        let shown = rest.dropLast()
        if shown.isEmpty { return problem.constraints.map(\.text).joined(separator: "\n") }
        let pair = shown.split(separator: "|"), item = shown.split(separator: "/")
        if pair.count == 2 { return grade(pair[0]) >= grade(pair[1]) ? "1" : "2" }
        if item.count == 2 { return ConstraintProblem(constraints: [try #require(Constraint(item[1]))]).grade(String(item[0])) == 1 ? "y" : "n" }
        return grade(shown) == 1 ? "y" : "n \(problem.constraints.map(\.text).joined(separator: " "))"
    }
}

/// What the plan measures where its model is the script.
private func measured(_ plan: Plan) async throws -> [String: Double] {
    let stage = try #require(plan.stages.first)
    let services = ScriptedPlay(plan: plan, society: stage.society, model: ScriptedModel { request, _ in try scripted(request) })
    var found: [String: Double] = [:]
    for scheduled in stage.measures {
        let own = try await scheduled.measure.measure(in: Scope(services: services, seed: Seed(1), path: "test"))
        found.merge(own.estimates.mapValues(\.mean)) { $1 }
    }
    return found
}

@Suite("TICK", .serialized)
struct TICKTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "tick" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms {
            for size in [claim.quick, claim.full] { _ = try recipe.plan(size.settings.merging(arm.settings) { $1 }.merging(["base.demonstrations": .integer(64)]) { $1 }) }
        }
    }

    @Test("a judge that is never wrong agrees with the verifier on every pair, ties among them", arguments: ["checklist", "score", "pairwise"])
    func agreement(judge: String) async throws {
        let found = try await measured(
            recipe.plan(["tick.method": .string("single"), "tick.judge": .string(judge), "tick.pairs": .integer(40), "tick.votes": .integer(1)]))
        #expect(found["judge.agreement"] == 1 && found["judge.order agreement"] == 1)
        #expect(found["judge.ties"] == found["judge.true ties"] && (found["judge.true ties"] ?? 0) > 0 && (found["judge.true ties"] ?? 1) < 1)
        #expect((found["judge.tokens"] ?? -1) >= 0)
    }

    @Test("best-of-n keeps a right answer wherever one was drawn; refinement behind verdicts or a critique mends what was wrong")
    func methods() async throws {
        func found(_ method: String) async throws -> [String: Double] {
            try await measured(recipe.plan(["tick.method": .string(method), "tick.votes": .integer(1), "evaluation.problems": .integer(12)]))
        }
        let best = try await found("best-of-n")
        #expect(best["attempts"] == 8 && best["accuracy"] == best["found"] && (best["accuracy"] ?? 0) > (best["first answer"] ?? 1))
        let stick = try await found("stick")
        #expect(stick["accuracy"] == 1 && (stick["attempts"] ?? 3) <= 2 && (stick["first answer"] ?? 1) < 1)
        let chain = try await found("self-refine")
        #expect(chain["accuracy"] == 1 && (chain["first answer"] ?? 1) < 1)
        #expect(try await found("single")["attempts"] == 1)
    }

    @Test("every seat is taught as often as the others, on few constraints, with true verdicts and marks")
    func lessons() throws {
        let made = try recipe.plan(["base.demonstrations": .integer(1600), "task.trainProblems": .integer(400)])
        let stream = try #require(made.models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
        var seats: [String: Int] = [:]
        var rightAnswers = 0
        for lesson in stream.problems {
            let end = try #require(lesson.text.firstIndex(of: ">"))
            let asked = try #require(ConstraintProblem(String(lesson.text[...end])))
            let (shown, said) = (lesson.text[lesson.text.index(after: end)...], try #require(lesson.demonstrations.first))
            let seat = String(lesson.id.split(separator: " ").dropLast().last ?? "")
            seats[seat, default: 0] += 1
            #expect(asked.constraints.count <= 4)
            switch seat {
            case "answer": rightAnswers += asked.grade(said) == 1 ? 1 : 0
            case "checklist": #expect(said == asked.constraints.map(\.text).joined(separator: "\n"))
            case "score": #expect(said == "\(Int((9 * asked.grade(String(shown.dropLast()))).rounded()))")
            case "item":
                let parts = shown.dropLast().split(separator: "/")
                #expect((said == "y") == ConstraintProblem(constraints: [try #require(Constraint(parts[1]))]).met(by: String(parts[0]))[0])
            case "critique": #expect((said == "y") == (asked.grade(String(shown.dropLast())) == 1))
            default: break
            }
        }
        #expect(seats.count == 8 && seats.values.allSatisfy { (190...200).contains($0) })
        #expect(abs(Double(rightAnswers) / Double(seats["answer"] ?? 1) - 0.5) < 0.12)
        let longest = stream.problems.map { $0.text.count + ($0.demonstrations.first?.count ?? 0) }.max() ?? 0
        #expect(longest < 150, "rows fit the context of the default size")
    }

    @Test("a small model is taught and measured with every method; arms share what was taught", arguments: ["single", "best-of-n", "stick", "self-refine"])
    func runs(method: String) async throws {
        let made = try recipe.plan(["tick.method": .string(method), "tick.pairs": .integer(4), "evaluation.problems": .integer(3)])
        #expect(made.models["policy"]?.base?.fingerprint == (try recipe.plan()).models["policy"]?.base?.fingerprint)
        let store = MemoryStore()
        let run = try Run(plan: made, seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        // A model that knows next to nothing may write no checklist: the measure says so, and nothing else may fail.
        do {
            #expect(try await run.execute().isFinished)
            #expect(store.records.flatMap(\.measures).contains { $0.name == "accuracy" })
        } catch let error as CoreError { #expect("\(error)".contains("wrote no question")) }
    }

    @Test("settings that cannot work are refused with their keys", arguments: [
        ("tick.samples", JSONValue.integer(0)), ("tick.votes", .integer(-1)), ("tick.lessons.repairs", .number(2)), ("tick.judge", .string("pairwise")),
        ("iterations", .integer(1)), ("tick.taught", .integer(0)),
    ])
    func refusals(key: String, value: JSONValue) {
        #expect(recipe.refusal([key: value]).contains(key))
    }
}
