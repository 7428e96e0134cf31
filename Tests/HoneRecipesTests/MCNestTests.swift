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
    "mc-nest",
    [
        "base.demonstrations": .integer(64), "base.passes": .integer(1), "evaluation.problems": .integer(4), "mcnest.rollouts": .integer(2),
    ])

private func measured(_ plan: Plan) async throws -> [String: Estimate] {
    let store = MemoryStore()
    let run = try Run(plan: plan, seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
    #expect(try await run.execute().isFinished)
    return Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate) }) { $1 }
}

/// A recipe's model played by a script: the first answer to a sum is 99; told "n" it answers the sum, told "y" it repeats itself.
private func scripted(_ request: Completion.Request) -> String {
    let text = request.context.text
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    var (total, sign, seen) = (0, 1, parts.count > 1 ? String(parts[1]) : "")
    for character in parts[0] {
        if let digit = character.wholeNumberValue { total += sign * digit } else { sign = character == "-" ? -1 : 1 }
    }
    guard let last = seen.popLast() else { return "99" }
    switch last {
    case "#": return seen == "\(total)" ? "8" : "1"
    case "?": return seen == "\(total)" ? "y" : "n"
    default: return seen.hasSuffix("\nn") ? "\(total)" : String(seen.prefix { $0 != "\n" })
    }
}

/// What the plan measures where its models are scripts.
private func measuredByScript(_ plan: Plan) async throws -> Findings {
    let stage = try #require(plan.stages.first)
    let measure = try #require(stage.measures.first?.measure as? SearchedAttempts)
    let services = ScriptedPlay(plan: plan, society: stage.society, model: ScriptedModel { request, _ in scripted(request) })
    return try await measure.measure(in: Scope(services: services, seed: Seed(1), path: "test"))
}

@Suite("MC-NEST", .serialized)
struct MCNestTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "mc-nest" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms {
            for size in [claim.quick, claim.full] { _ = try recipe.plan(arm.settings.merging(size.settings) { $1 }) }
        }
    }

    @Test("by script: one answer is wrong, a tree and a chain find the right one, and a vote over equal answers stays wrong")
    func methods() async throws {
        func found(_ method: String) async throws -> [String: Double] {
            try await measuredByScript(recipe.plan(["mcnest.method": .string(method)])).estimates.mapValues(\.mean)
        }
        let single = try await found("single")
        #expect(single["accuracy"] == 0 && single["attempts"] == 1 && single["found"] == 0)
        for method in ["mctsr", "mc-nest"] {
            let tree = try await found(method)
            // 99 is refined to the right answer, which is better, so that it is refined next, and stays as it is.
            #expect(tree["accuracy"] == 1 && tree["first answer"] == 0 && tree["found"] == 1 && tree["attempts"] == 3, "\(method)")
            #expect(tree["graded rightly"] == 1 && tree["distinct answers"] == 2)
        }
        // Ten calls make room for five attempts with four critiques.
        let chain = try await found("self-refine")
        #expect(chain["accuracy"] == 1 && chain["attempts"] == 5 && chain["found"] == 1 && chain["distinct answers"] == 2)
        let vote = try await found("self-consistency")
        #expect(vote["accuracy"] == 0 && vote["attempts"] == 10 && vote["graded rightly"] == nil)
    }

    @Test("every seat is taught by lessons: answers, refinements, critiques and marks, as often right as is said", arguments: [true, false])
    func lessons(isCriticised: Bool) throws {
        let made = try recipe.plan(["base.demonstrations": .integer(2000), "mcnest.criticises": .bool(isCriticised)])
        let stream = try #require(made.models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
        let arithmetic = try Arithmetic()
        var right: [String: [Bool]] = [:]
        for lesson in stream.problems {
            let parts = lesson.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let problem = Problem(id: "p", world: "arithmetic", text: parts[0] + "=")
            let (shown, said) = (String(parts[1]), try #require(lesson.demonstrations.first))
            func isRight(_ text: some StringProtocol) -> Bool { arithmetic.check(String(text), to: problem).correct }
            switch shown.last {
            case nil: right["answer", default: []].append(isRight(said))
            case "#": right["mark", default: []].append((Int(said) ?? 0 >= 6) == isRight(shown.dropLast()))
            case "?": right["critique", default: []].append((said == "y") == isRight(shown.dropLast()))
            default:
                let lines = shown.split(separator: "\n")
                #expect(lines.count == (isCriticised ? 2 : 1))
                right[isRight(lines[0]) ? "keep" : "repair", default: []].append(isRight(said))
            }
        }
        let expected = ["answer": 0.5, "mark": 0.75, "critique": 0.85, "keep": 0.9, "repair": 0.5]
        #expect(right.keys.sorted() == expected.keys.sorted())
        for (kind, share) in expected.sorted(by: { $0.key < $1.key }) {
            let own = right[kind] ?? []
            #expect(own.count > 200 && abs(Double(own.count { $0 }) / Double(own.count) - share) < 0.08, "\(kind)")
        }
    }

    @Test("a small model is taught and measured with every method; arms share what was taught", arguments: [
        "single", "self-consistency", "self-refine", "mctsr", "mc-nest",
    ])
    func runs(method: String) async throws {
        let made = try recipe.plan(["mcnest.method": .string(method)])
        #expect(made.models["policy"]?.base?.fingerprint == (try recipe.plan()).models["policy"]?.base?.fingerprint)
        let found = try await measured(made)
        #expect((0...1).contains(found["accuracy"]?.mean ?? -1) && (found["attempts"]?.mean ?? 0) >= 1)
        #expect((found["accuracy"]?.mean ?? 2) <= (found["found"]?.mean ?? 0), "what is kept was looked at")
    }

    @Test("pairwise selection, the released program's strategy and the exact judge can be run as well")
    func variants() async throws {
        let variants: [[String: JSONValue]] = [
            ["mcnest.selection": .string("pairwise"), "mcnest.strategy": .string("root-children")],
            ["mcnest.judge": .string("exact"), "mcnest.criticises": .bool(false)],
        ]
        for settings in variants {
            #expect(try await measured(recipe.plan(settings))["accuracy"] != nil)
        }
    }

    @Test("settings that cannot work are refused with their keys", arguments: [
        ("mcnest.rollouts", JSONValue.integer(0)), ("mcnest.exploration", .number(-1)), ("mcnest.lessons.repairs", .number(2)), ("iterations", .integer(1)),
    ])
    func refusals(key: String, value: JSONValue) {
        #expect(recipe.refusal([key: value]).contains(key))
    }
}
