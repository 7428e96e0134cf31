import Foundation
import HoneComparison
import HoneCore
import HoneEngine
import HoneNumerics
import HoneRecipes
import HoneStore
import Testing

/// A folder that goes when the test ends.
private final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "comparison-" + UUID().uuidString
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func settings(_ recipe: String, _ more: [String: JSONValue] = [:]) throws -> JSONValue {
    let small: [String: JSONValue] = [
        "model.size": "pico", "base.demonstrations": 16, "base.passes": 1, "play.problems": 6, "play.samples": 4, "play.limit": 6,
        "iterations": 2, "evaluation.problems": 6, "evaluation.samples": 2, "evaluation.every": 1, "task.settings.terms": 2,
        "learner.anneals": false, "learner.rows": 0, "learner.miniBatch": 8, "task.trainProblems": 100,
    ].mapValues { $0 }
    let entries = small.merging(more) { $1 }.sorted { $0.key < $1.key }.map {
        SettingsOverlay.Entry(path: $0.key.split(separator: ".").map(String.init), value: $0.value, place: "test")
    }
    return try RecipeCatalog.resolve(recipe, entries).settings
}

private func arm(_ name: String, _ recipe: String, _ more: [String: JSONValue] = [:]) throws -> Arm {
    Arm(name: name, subject: .recipe(recipe, settings: try settings(recipe, more)), measure: CellResult.answer, note: "")
}

private func pool(_ folder: Folder, jobs: Int = 1, stopping: StopRequest = StopRequest()) -> CellPool {
    let surroundings = CellRunner.Surroundings(
        factory: ModelMaker.factory(threads: 1), bases: nil, clock: { 0 },
        manifest: { RunManifest(recipe: $0, settings: $1, seed: $2, versions: [:], machine: [:], created: "") })
    return CellPool(folder: folder.path, jobs: jobs, stopping: stopping) { cell, path, _ in
        try await CellRunner(cell, folder: path, surroundings: surroundings).result(stopping: stopping)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int) { self = .integer(number) }
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

@Suite("A comparison", .serialized)
struct ComparisonTests {
    private func design(_ arms: [Arm], improving: Budget? = nil, answering: Budget? = nil, seeds: [UInt64] = [0, 1]) -> Comparison.Design {
        Comparison.Design(arms: arms, fitted: Set(arms.map(\.name)), improving: improving, answering: answering, seeds: seeds)
    }

    @Test("games are compared by what they are measured by, beside the model before it plays, where that can be measured so")
    func games() async throws {
        func arm(_ scheme: String, measure: String) throws -> Arm {
            let entries = [
                ("base.demonstrations", 16), ("base.passes", 4), ("evaluation.every", 2), ("iterations", 2), ("model.size", "pico:ascii"), ("opponents.keepEvery", 1),
                ("opponents.scheme", JSONValue.string(scheme)), ("play.problems", 2), ("play.samples", 2), ("yardsticks.against", .array([])),
            ].map { SettingsOverlay.Entry(path: $0.0.split(separator: ".").map(String.init), value: $0.1, place: "test") }
            return Arm(name: scheme, subject: .recipe("self-play", settings: try RecipeCatalog.resolve("self-play", entries).settings), measure: measure, note: "")
        }
        func names(_ measure: String) async throws -> [String] {
            let arms = [try arm("mirror", measure: measure), try arm("past", measure: measure)]
            let result = try #require(try await Comparison(design(arms, improving: Budget(.tokens, 3000)), pool: pool(Folder())).result())
            #expect(result.arms.allSatisfy { $0.estimate.mean >= 0 && $0.bySeed.count == 2 } && !result.differences.isEmpty && result.leftOut.isEmpty)
            return result.arms.map(\.arm.name)
        }
        #expect(try await names("exploitability") == ["mirror", "past", "start"])
        // There is no average over snapshots before there are any.
        #expect(try await names("average exploitability") == ["mirror", "past"])
    }

    @Test("gives the same bytes with one cell at a time and with three, and when it goes on after a stop")
    func reproducible() async throws {
        let arms = [try arm("star", "star"), try arm("sft", "sft")]
        let budget = Budget(.tokens, 4000)
        let (one, three, parted) = (Folder(), Folder(), Folder())
        let first = try #require(try await Comparison(design(arms, improving: budget), pool: pool(one)).result())
        let second = try #require(try await Comparison(design(arms, improving: budget), pool: pool(three, jobs: 3)).result())
        let bytes = try JSONValue(encoding: first).canonical
        #expect(try JSONValue(encoding: second).canonical == bytes)
        // One cell is there already, as after an interruption.
        let early = pool(parted)
        let cell = try #require(try await early.results([(first.arms[1].arm.cell(seed: 1), "early")])?.first)
        #expect(cell.cost == first.arms[1].costs[1])
        let third = try #require(try await Comparison(design(arms, improving: budget), pool: pool(parted)).result())
        #expect(try JSONValue(encoding: third).canonical == bytes)
    }

    @Test("adds the untrained model, greedy decoding and the same compute in samples, and compares each arm with them")
    func implied() async throws {
        let result = try #require(try await Comparison(design([try arm("star", "star"), try arm("grpo", "grpo")]), pool: pool(Folder())).result())
        #expect(result.arms.map(\.arm.name) == ["star", "grpo", "start", "start, greedy", "start, more samples"])
        #expect(result.arms.map(\.arm.isImplied) == [false, false, true, true, true])
        #expect(result.differences.map(\.name) == [
            "star − start", "star − start, greedy", "star − start, more samples", "grpo − start", "grpo − start, greedy", "grpo − start, more samples",
            "grpo − star",
        ])
        #expect(result.arms[2].costs.allSatisfy { $0 == Cost() }, "the start spends nothing on improving")
        let more = result.arms[4]
        #expect(more.votes > 1)
        // What its votes cost is what the dearest arm spent, spread over the problems, and at most one sample less.
        let spent = result.arms.prefix(2).flatMap(\.costs).map(\.flops).max() ?? 0
        let start = result.arms[2].answerFlops ?? 0
        let limit = Double(spent) / Double(result.problems) + start
        let answer = try #require(more.answerFlops)
        #expect(answer <= limit * 1.15 && answer >= limit - 2.5 * start || more.votes == Cell.mostVotes, "\(answer) of \(limit)")
    }

    @Test("every arm spends the budget, and no more than a batch over it", arguments: [BudgetUnit.flops, .steps])
    func budgets(unit: BudgetUnit) async throws {
        let limit = unit == .steps ? 9.0 : 3e9
        let arms = [try arm("star", "star"), try arm("grpo", "grpo"), try arm("sft", "sft")]
        let result = try #require(try await Comparison(design(arms, improving: Budget(unit, limit), seeds: [3]), pool: pool(Folder())).result())
        for arm in result.arms.prefix(3) {
            let over = try #require(arm.overshoot.first)
            // One iteration here is one wave of play and a few steps, so a batch is at most an iteration.
            #expect(over < 0.6 * limit && over > -0.6 * limit, "\(arm.arm.name) is \(over) over \(limit)")
            #expect(Budget.amount(unit, of: arm.costs[0]) == limit + over)
        }
    }

    @Test("an arm that spends its budget on teaching is left out of a grid with the reason, and refused where it was written by itself")
    func tooDear() async throws {
        let dear = try arm(
            "process", "compose",
            [
                "compose.judge": "process", "search.method": "best-of-n", "search.samples": 2, "compose.credit": "best-only", "process.iterations": 1,
                "process.problems": 4, "process.samples": 2,
            ])
        let budget = Budget(.tokens, 50)
        let grid = design([try arm("sft", "sft"), dear], improving: budget, seeds: [0]).with { $0.pairsAll = false }
        let result = try #require(try await Comparison(grid, pool: pool(Folder())).result())
        #expect(result.leftOut.map(\.name) == ["process"] && result.arms.first?.arm.name == "sft" && result.arms.allSatisfy { $0.arm.name != "process" })
        #expect(result.leftOut[0].reason.hasPrefix("does not fit: what it teaches before it improves spends ") && result.leftOut[0].reason.hasSuffix(" 50 tokens is all it may spend"))
        // With iterations of its own it is not fitted, and found out when it was not measured.
        let set = try #require(try await Comparison(grid.with { $0.fitted = ["sft"] }, pool: pool(Folder())).result())
        #expect(set.leftOut.map(\.name) == ["process"] && set.arms.map(\.arm.name) == ["sft", "start", "start, greedy", "start, more samples"])
        do {
            _ = try await Comparison(grid.with { $0.pairsAll = true }, pool: pool(Folder())).result()
            Issue.record("nothing was refused")
        } catch { #expect("\(error)".hasPrefix("The arm “process” does not fit"), "\(error)") }
    }

    @Test("an answer's budget of calls lets so many samples vote in every arm")
    func votes() async throws {
        let result = try #require(
            try await Comparison(
                design([try arm("star", "star")], answering: Budget(.calls, 5), seeds: [0]).with { $0.arms[0].answering = Budget(.calls, 5) },
                pool: pool(Folder())
            ).result())
        #expect(result.arms[0].votes == 5 && result.arms.first { $0.arm.name == "start" }?.votes == 5)
    }

    @Test("designs that cannot work are refused in a sentence")
    func refusals() throws {
        func message(_ design: Comparison.Design) -> String {
            do {
                _ = try Comparison(design, pool: pool(Folder()))
                return ""
            } catch { return "\(error)" }
        }
        #expect(message(design([])).contains("Give one arm or more"))
        #expect(message(design([try arm("a", "star"), try arm("a", "sft")])).contains("called the same"))
        #expect(message(design([try arm("start", "star")])).contains("comes by itself"))
        #expect(message(design([try arm("a", "star")], seeds: [])).contains("seeds"))
    }
}

extension Comparison.Design {
    fileprivate func with(_ change: (inout Comparison.Design) -> Void) -> Comparison.Design {
        var copy = self
        change(&copy)
        return copy
    }
}

@Suite("A cell", .serialized)
struct CellRunnerTests {
    @Test("stopped in the middle goes on to the result of the whole")
    func resumes() async throws {
        let (whole, parted) = (Folder(), Folder())
        let cell = try arm("star", "star", ["iterations": 3]).cell(seed: 5)
        let all = try #require(try await pool(whole).results([(cell, "whole")])?.first)
        let stopping = StopRequest()
        let path = parted.path + "/cell"
        func runner(_ observer: @escaping @Sendable (RunEvent) -> Void) -> CellRunner {
            CellRunner(
                cell, folder: path,
                surroundings: CellRunner.Surroundings(
                    factory: ModelMaker.factory(threads: 1), bases: nil, clock: { 0 },
                    manifest: { RunManifest(recipe: $0, settings: $1, seed: $2, versions: [:], machine: [:], created: "") }, observer: observer))
        }
        let first = try await runner { event in if case .iterated = event { stopping.make() } }.result(stopping: stopping)
        #expect(first == nil && CellRunner.finished(in: path) == nil)
        let second = try #require(try await runner { _ in }.result())
        #expect(try JSONValue(encoding: second).canonical == JSONValue(encoding: all).canonical)
        #expect(CellRunner.finished(in: path) == second)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/run/checkpoints").count == 1)
    }

    @Test("a result that was changed is not believed, and made again")
    func damaged() async throws {
        let folder = Folder()
        let cell = try arm("sft", "sft", ["iterations": 1]).cell(seed: 5)
        let runs = pool(folder)
        let first = try #require(try await runs.results([(cell, "")])?.first)
        let file = try runs.path(cell) + "/result.json"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacingOccurrences(of: "\"iterations\":1", with: "\"iterations\":2").write(toFile: file, atomically: true, encoding: .utf8)
        #expect(CellRunner.finished(in: try runs.path(cell)) == nil)
        #expect(try await runs.results([(cell, "")])?.first == first)
    }

    @Test("measured cost of answering is what the answers hold, and agrees with the arithmetic of the model")
    func answering() async throws {
        let cell = try arm("start", "sft", ["iterations": 0]).cell(seed: 2)
        let found = try #require(try await pool(Folder()).results([(cell, "")])?.first)
        let answering = try #require(found.findings.answering["pass@1"])
        #expect(answering.answers == 12 && answering.cost.calls == 12)
        #expect(found.cost == Cost(), "measuring is not charged to improving")
        let length = try #require(found.findings.estimates["length"])
        #expect(abs(Double(answering.cost.sampledTokens) / 12 - length.mean) < 1e-9)
    }
}

@Suite("Claims on cards")
struct ClaimCardTests {
    @Test("name arms and measures that exist, and settings that resolve at both sizes", arguments: ClaimCheck.identifiers)
    func conformance(id: String) throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == id }?.claim)
        #expect(claim.faults.isEmpty, "\(claim.faults)")
        for size in [claim.quick, claim.full] {
            for arm in claim.arms {
                let entries = arm.settings.merging(size.settings) { own, _ in own }.sorted { $0.key < $1.key }.map {
                    SettingsOverlay.Entry(path: $0.key.split(separator: ".").map(String.init), value: $0.value, place: "claim")
                }
                let resolved = try RecipeCatalog.resolve(arm.recipe, entries)
                _ = try resolved.plan(Seed(0))
            }
        }
        #expect(claim.full.seeds >= claim.quick.seeds)
    }

    @Test("that cannot work say why")
    func faults() {
        let size = Claim.Size(seeds: 1)
        let claim = Claim(
            "x", arms: [Claim.Arm("a", recipe: "star"), Claim.Arm("a", recipe: "sft")],
            checks: [Claim.Check("y", from: "a", to: "b", measure: "pass@1", direction: .higher, smallest: -1)], control: Claim.Term("a", "pass@1"),
            planted: 0, quick: size, full: size)
        for part in ["same name", "no arm called “b”", "smallest effect below 0", "planted effect is 0", "2 or more seeds"] {
            #expect(claim.faults.contains { $0.contains(part) }, "\(part) in \(claim.faults)")
        }
    }
}
