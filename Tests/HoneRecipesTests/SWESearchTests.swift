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
    "swe-search",
    [
        "model.size": .string("pico@256"), "base.demonstrations": .integer(64), "base.passes": .integer(1), "task.trainProblems": .integer(8),
        "evaluation.problems": .integer(2), "swe.iterations": .integer(8),
    ])

/// The measure of a plan whose models are a script: the player finishes at once, unless it is told that this was tried; then it views the file with the
/// bug, mends it and finishes. Files that are mended are marked 8, all else 1; debaters vote for what was valued at 100.
private func measuredByScript(_ plan: Plan) async throws -> [String: Double] {
    let stage = try #require(plan.stages.first)
    let measure = try #require(stage.measures.first?.measure as? SearchedPlays)
    let problems = measure.problems
    let model = ScriptedModel { request, _ in
        let text = request.context.text
        if text.hasPrefix("1:") { return text.split(separator: "\n").first { $0.contains(",100") }.map { String($0.prefix(1)) } ?? "1" }
        let lines = text.split(separator: "\n")
        // Tests are shown with what came instead behind a mark.
        let tests = lines[1].dropFirst(2).split(separator: " ").map { $0.prefix { $0 != "!" } }.joined(separator: " ")
        guard let problem = problems.first(where: { $0.details["tests"] == tests }) else { throw CoreError.invalid("Found no problem with the tests \(tests)") }
        func files(_ key: String) -> [Substring] { (problem.details[key] ?? "").split(separator: ";") }
        let (wrong, right) = zip(files("files"), files("right")).first { $0.0 != $0.1 } ?? ("", "")
        let name = wrong.prefix(1)
        func isShown(_ file: Substring) -> Bool { lines[0].split(separator: " ").contains { $0 == "\(name):\(file.dropFirst(2))" } }
        if text.hasSuffix("#") { return isShown(right) ? "8 -" : "1 \(name)" }
        if isShown(right) { return "finish" }
        if isShown(wrong), let place = zip(wrong.dropFirst(2), right.dropFirst(2)).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
            return "edit \(name) \(place.offset + 1) \(place.element.1)"
        }
        return text.contains("!finish") ? "view \(name)" : "finish"
    }
    let services = ScriptedPlay(plan: plan, society: stage.society, model: model)
    return try await measure.measure(in: Scope(services: services, seed: Seed(1), path: "test")).estimates.mapValues(\.mean)
}

@Suite("SWE-Search", .serialized)
struct SWESearchTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "swe-search" }?.claim)
        #expect(claim.faults.isEmpty)
        let prints = try claim.arms.map { arm in
            for size in [claim.quick, claim.full] {
                // As many problems as the sizes say take long to make where nothing is optimised.
                _ = try recipe.plan(arm.settings.merging(size.settings) { $1 }.merging(["evaluation.problems": .integer(2)]) { $1 })
            }
            return try recipe.plan(arm.settings).models["policy"]?.base?.fingerprint
        }
        #expect(Set(prints).count == 1, "all arms share what was taught")
    }

    @Test("by script: one run and independent ones finish too early, as does a tree without feedback; hindsight leads to the repair", arguments: [
        ("single", "explanations", "best", 0.0), ("independent", "explanations", "best", 0), ("search", "nothing", "best", 0), ("search", "values", "best", 1),
        ("search", "explanations", "best", 1), ("search", "explanations", "mean", 1), ("search", "explanations", "debate", 1),
    ])
    func methods(method: String, hindsight: String, choice: String, resolved: Double) async throws {
        let found = try await measuredByScript(
            recipe.plan(["swe.method": .string(method), "swe.hindsight": .string(hindsight), "swe.choice": .string(choice), "swe.finished": .integer(2)]))
        #expect(found["resolved"] == resolved && found["reached"] == resolved)
        switch (method, resolved) {
        case ("single", _): #expect(found["moves"] == 1 && found["depth"] == 1 && found["value correlation"] == nil && found["actor tokens"] == 6)
        case ("independent", _): #expect(found["moves"] == 4 && found["finished"] == 4 && found["actor tokens"] == 24)
        case (_, 1):
            // finish; view, edit and finish: the second finished play ends the search, and it is the one that is kept.
            #expect(found["moves"] == 4 && found["finished"] == 2 && found["depth"] == 3 && found["kept rightly"] == 1 && found["value correlation"] == 1)
        default: #expect(found["kept rightly"] == nil && found["depth"] == 1)
        }
    }

    @Test("every seat is taught in the nano alphabet and in few letters: moves after none or some that were tried, marks with a file, votes")
    func lessons() throws {
        let made = try recipe.plan(["base.demonstrations": .integer(800), "task.trainProblems": .integer(40)])
        let stream = try #require(made.models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
        let alphabet = Set(CharacterTokenizer.nano.alphabet)
        var counts: [String: Int] = [:]
        var (told, heeded) = (0, 0)
        for lesson in stream.problems {
            let said = try #require(lesson.details["script"].flatMap { try? JSONValue(parsing: $0) }?["answers"]).texts[0]
            #expect((lesson.text + said).unicodeScalars.allSatisfy { alphabet.contains($0) } && lesson.text.count + said.count < 250, "\(lesson.text)\(said)")
            if lesson.text.hasPrefix("1:") {
                counts["vote", default: 0] += 1
                let plays = lesson.text.split(separator: "\n").count { $0.contains(":") }
                #expect((1...plays).contains(try #require(Int(said))))
            } else if lesson.text.hasSuffix("#") {
                counts["mark", default: 0] += 1
                let parts = said.split(separator: " ")
                #expect(parts.count == 2 && (0...8).contains(Int(parts[0]) ?? -1) && ["f", "g", "h", "-"].contains(parts[1]))
            } else {
                counts["move", default: 0] += 1
                #expect(["view", "edit", "test", "finish"].contains(String(said.prefix { $0 != " " })) && said.count <= 24)
                let tried = lesson.text.split(separator: "\n").filter { $0.hasPrefix("!") }.map { $0.dropFirst().prefix { $0 != "," } }
                guard !tried.isEmpty else { continue }
                told += 1
                if !tried.contains(where: { $0 == said }) { heeded += 1 }
            }
        }
        #expect(counts == ["move": 400, "mark": 200, "vote": 200] && told > 150)
        #expect(Double(heeded) > 0.7 * Double(told), "\(heeded) of \(told)")
    }

    @Test("a small model is taught and measured", arguments: ["single", "independent", "search"])
    func runs(method: String) async throws {
        let made = try recipe.plan(["swe.method": .string(method), "swe.choice": .string("debate"), "swe.iterations": .integer(4), "swe.runs": .integer(2)])
        let store = try await played(made)
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        #expect((0...1).contains(found["resolved"] ?? -1) && (found["moves"] ?? 0) >= 1 && (found["tokens"] ?? 0) > (found["actor tokens"] ?? 0))
    }

    @Test("settings that cannot work are refused with their keys", arguments: [
        ("swe.runs", JSONValue.integer(0)), ("swe.iterations", .integer(0)), ("swe.finished", .integer(-1)), ("swe.temperature", .number(0)),
        ("swe.lessons.noise", .number(2)), ("iterations", .integer(1)), ("swe.hindsight", .string("all")),
    ])
    func refusals(key: String, value: JSONValue) {
        #expect(recipe.refusal([key: value]).contains(key))
    }
}

extension JSONValue {
    /// The texts of a list.
    fileprivate var texts: [String] { if case .array(let members) = self { members.compactMap(\.text) } else { [] } }
}
