import HoneCore
import HoneCurricula
import HoneEngine
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import Testing

private func plan(_ recipe: String, _ settings: [String: JSONValue] = [:], seed: UInt64 = 1) throws -> Plan {
    let small: [String: JSONValue] = [
        "base.demonstrations": .integer(64), "base.passes": .integer(1), "evaluation.problems": .integer(4), "evaluation.samples": .integer(2),
    ]
    return try SmallRecipe(recipe, small).plan(settings, seed: seed)
}

private func refusal(_ recipe: String, _ settings: [String: JSONValue]) -> String {
    do {
        _ = try plan(recipe, settings)
        return ""
    } catch { return "\(error)" }
}

private func measured(_ plan: Plan, seed: UInt64 = 1) async throws -> [String: Estimate] {
    let store = MemoryStore()
    let run = try Run(plan: plan, seed: Seed(seed), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
    #expect(try await run.execute().isFinished)
    return Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate) }) { $1 }
}

/// A table of a short question: both seats' payoffs by outcome.
private struct Pays {
    var row: [Int], column: [Int]

    init?(_ digits: Substring) {
        let pairs = digits.split(separator: " ").map { $0.compactMap(\.wholeNumberValue) }
        guard pairs.count == 4, pairs.allSatisfy({ $0.count == 2 }) else { return nil }
        (row, column) = (pairs.map { $0[0] }, pairs.map { $0[1] })
    }

    init(row: [Int], column: [Int]) { (self.row, self.column) = (row, column) }

    /// Outcome 2·i + j is an equilibrium where neither of its neighbours is better for who would go there.
    var equilibria: [Int] { (0...3).filter { row[$0] >= row[$0 ^ 2] && column[$0] >= column[$0 ^ 1] } }
    var answer: String { equilibria.isEmpty ? "-" : equilibria.map { ["ax", "ay", "bx", "by"][$0] }.joined(separator: " ") }
}

@Suite("TMGBench", .serialized)
struct TMGBenchTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "tmgbench" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try plan("tmgbench", arm.settings) }
    }

    @Test("what rules score: the exact one nothing wrong, the biased one a bias, its mirrored version none")
    func scripted() async throws {
        func found(_ answerer: String) async throws -> [String: Estimate] {
            try await measured(plan("tmgbench", ["tmgbench.answerer": .string(answerer), "evaluation.problems": .integer(144)]))
        }
        let oracle = try await found("oracle")
        #expect(oracle["ID"]?.mean == 0 && oracle["BD"]?.mean == 0 && oracle["PAR"]?.mean == 1 && oracle["accuracy"]?.count == 144)
        let biased = try await found("biased")
        let mirrored = try await found("mirrored")
        #expect((biased["BD"]?.mean ?? 0) > 0.05 && mirrored["BD"]?.mean == 0)
        #expect((mirrored["ID"]?.mean ?? 0) > 0 && biased["accuracy, none"]?.mean == 0)
    }

    @Test("every taught answer is right by a solver of its own")
    func lessons() throws {
        let policy = try #require(try plan("tmgbench", ["base.demonstrations": .integer(400)]).models["policy"])
        let stream = try #require(policy.base?.stages.first?.curriculum as? ProblemStream)
        var forms: Set<String> = []
        for problem in stream.problems {
            let script = try #require(Script(of: problem))
            let questions = [problem.text] + script.between.map { String($0.dropFirst()) }
            for (question, answer) in zip(questions, script.answers) {
                #expect((question + answer).unicodeScalars.count < 200)
                let final = answer.split(separator: ";").last ?? ""
                let isDirect = question.hasPrefix("d")
                #expect(answer.contains(";") != isDirect)
                let body = question.dropFirst().dropLast()
                if body.contains(">") {
                    forms.insert("nested")
                    let games = body.split(separator: ">").compactMap { Pays($0) }
                    #expect(games.count == 2 && final == nestedAnswer(games[0], games[1]) ?? "")
                } else {
                    forms.insert(body.contains("/") ? "parallel" : body.contains { $0.isLetter } ? "story" : script.answers.count == 2 ? "sequential" : "single")
                    let shown = body.split(separator: "/").map { part in
                        part.split(separator: " ").filter { $0.first?.isNumber == true }.joined(separator: " ")
                    }
                    #expect(final == shown.compactMap { Pays($0[...])?.answer }.joined(separator: "/"))
                }
            }
        }
        #expect(forms == ["nested", "parallel", "story", "sequential", "single"])
    }

    /// By looking at both games as one with the second played out after each outcome of the first.
    private func nestedAnswer(_ first: Pays, _ second: Pays) -> String? {
        let allowed: [[Int]] = [[0, 1, 2, 3], [2, 3], [0, 2], [0, 1, 2, 3]]
        var total = first
        var next: [Int] = []
        for outcome in 0...3 {
            let cells = allowed[outcome]
            let stable = cells.filter { cell in
                (!cells.contains(cell ^ 2) || second.row[cell] > second.row[cell ^ 2]) && (!cells.contains(cell ^ 1) || second.column[cell] > second.column[cell ^ 1])
            }
            guard stable.count == 1 else { return nil }
            next.append(stable[0])
            total.row[outcome] += second.row[stable[0]]
            total.column[outcome] += second.column[stable[0]]
        }
        guard total.equilibria.count == 1 else { return nil }
        let names = ["ax", "ay", "bx", "by"]
        return "\(names[total.equilibria[0]])/\(names[next[total.equilibria[0]]])"
    }

    @Test("all forms and tellings are asked and measured, and only single games have ID and BD")
    func forms() async throws {
        for (form, telling) in [("single", "story"), ("sequential", "table"), ("parallel", "table"), ("nested", "table")] {
            let found = try await measured(
                plan("tmgbench", ["tmgbench.form": .string(form), "tmgbench.telling": .string(telling), "tmgbench.exchanges": .bool(false), "play.limit": .integer(30)]))
            #expect(found["PAR"] != nil && found["unreadable"] != nil)
            #expect((found["ID"] != nil) == (form == "single"))
        }
    }

    @Test("wrong settings are answered with a sentence each")
    func faults() {
        #expect(refusal("tmgbench", ["tmgbench.depth": .integer(5)]) == "“tmgbench.depth” is 5; it should be from 2 to 4 games")
        #expect(refusal("tmgbench", ["tmgbench.form": .string("nested"), "tmgbench.telling": .string("story")]).contains("told as tables only"))
        #expect(refusal("tmgbench", ["tmgbench.answerer": .string("oracle"), "tmgbench.form": .string("parallel")]).contains("set it to model"))
        #expect(refusal("tmgbench", ["task.settings.game": .string("g122")]).contains("all of them are asked about"))
        #expect(refusal("tmgbench", ["iterations": .integer(3)]).contains("it should be 0"))
        #expect(refusal("tmgbench", ["task.world": .string("nim")]).contains("this recipe is about “ordinal-2x2” only"))
        #expect(refusal("tmgbench", ["tmgbench.format": .string("third")]).contains("format"))
    }
}

@Suite("Game-theoretic LLM", .serialized)
struct GameTheoreticLLMTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "game-theoretic-llm" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try plan("game-theoretic-llm", arm.settings) }
    }

    @Test("both ways are taught the same number of characters, and every taught answer is right")
    func lessons() throws {
        var lengths: [Int] = []
        for way in ["direct", "workflow"] {
            let settings: [String: JSONValue] = ["workflow.way": .string(way), "workflow.characters": .integer(6000), "base.demonstrations": .integer(10_000)]
            let policy = try #require(try plan("game-theoretic-llm", settings).models["policy"])
            let stream = try #require(policy.base?.stages.first?.curriculum as? ProblemStream)
            var length = 0
            for problem in stream.problems {
                let answer = try #require(Script(of: problem)?.answers.first)
                length += problem.text.unicodeScalars.count + answer.unicodeScalars.count
                #expect(answer == expected(problem.text))
            }
            lengths.append(length)
        }
        #expect(lengths.allSatisfy { (5900...6000).contains($0) })
    }

    /// The answer to a short question, worked out from its text alone.
    private func expected(_ text: String) -> String? {
        let isInTurn = text.hasPrefix("t")
        let parts = text.dropLast().drop { $0 == "t" }.split(separator: " ")
        if parts.count == 2 {
            let own = parts.compactMap { $0.first?.wholeNumberValue }
            return own[1] > own[0] ? "b" : "a"
        }
        guard let pays = Pays(parts.prefix(4).joined(separator: " ")[...]) else { return nil }
        if parts.count == 5 {
            switch parts[4] {
            case "a": return pays.column[1] > pays.column[0] ? "y" : "x"
            case "b": return pays.column[3] > pays.column[2] ? "y" : "x"
            case "x": return pays.row[2] > pays.row[0] ? "b" : "a"
            default: return pays.row[3] > pays.row[1] ? "b" : "a"
            }
        }
        if isInTurn {
            let after = [0, 2].map { pays.column[$0 + 1] > pays.column[$0] ? pays.row[$0 + 1] : pays.row[$0] }
            return after[1] > after[0] ? "b" : "a"
        }
        return pays.equilibria.count == 1 ? ["a", "a", "b", "b"][pays.equilibria[0]] : nil
    }

    @Test("both ways are measured, and only the workflow has answers in between")
    func ways() async throws {
        for way in ["direct", "workflow"] {
            let found = try await measured(
                plan("game-theoretic-llm", ["workflow.way": .string(way), "workflow.characters": .integer(1000), "evaluation.problems": .integer(2), "play.limit": .integer(6)]))
            #expect(found["equilibrium choices"] != nil && found["backward induction"] != nil)
            #expect((found["conditional answers"] != nil) == (way == "workflow"))
        }
    }

    @Test("item splits need no model, and what adopters gain adds up")
    func division() async throws {
        let found = try await measured(plan("game-theoretic-llm", ["workflow.task": .string("division"), "workflow.splits": .integer(20)]))
        let mean = { (name: String) in try #require(found[name]?.mean) }
        #expect(try mean("reward, both adopt") - mean("reward, against a lone adopter") - mean("adopting against adopters") < 1e-9)
        #expect(abs(try mean("reward, lone adopter") - mean("reward, against a lone adopter") - mean("adopter less other")) < 1e-9)
        #expect(try mean("Pareto optimal and envy-free, both adopt") <= mean("agreement, both adopt"))
    }

    @Test("wrong settings are answered with a sentence each")
    func faults() {
        #expect(refusal("game-theoretic-llm", ["workflow.turns": .integer(1)]) == "“workflow.turns” is 1; it should be from 2 to 100")
        #expect(refusal("game-theoretic-llm", ["workflow.decay": .number(1)]).contains("“workflow.decay”"))
        #expect(refusal("game-theoretic-llm", ["workflow.splits": .integer(1)]).contains("2 or more"))
        #expect(refusal("game-theoretic-llm", ["task.world": .string("nim")]).contains("this recipe is about “ordinal-2x2” only"))
    }
}
