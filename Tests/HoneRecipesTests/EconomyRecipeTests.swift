import HoneCore
import HoneCurricula
import HoneEngine
import HoneGames
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import Testing

private let small: [String: [String: JSONValue]] = [
    "aucarena": [
        "base.demonstrations": .integer(300), "base.passes": .integer(1), "iterations": .integer(1), "play.problems": .integer(1), "play.samples": .integer(2),
        "evaluation.problems": .integer(3), "task.settings.items": .array([.string("vase"), .string("lamp")]),
    ]
]

private func plan(_ recipe: String, _ settings: [String: JSONValue] = [:], seed: UInt64 = 1) throws -> Plan {
    let entries = (small[recipe] ?? [:]).merging(settings) { $1 }.sorted { $0.key < $1.key }.map {
        SettingsOverlay.Entry(path: $0.key.split(separator: ".").map(String.init), value: $0.value, place: "test")
    }
    return try RecipeCatalog.resolve(recipe, entries).plan(Seed(seed))
}

private func refusal(_ recipe: String, _ settings: [String: JSONValue]) -> String {
    do {
        _ = try plan(recipe, settings)
        return ""
    } catch { return "\(error)" }
}

/// What a run measures, and the plays that its measures leave.
private func run(_ plan: Plan) async throws -> (found: [String: Estimate], plays: [Episode]) {
    let store = MemoryStore()
    let run = try Run(plan: plan, seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
    #expect(try await run.execute().isFinished)
    let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate) }) { $1 }
    return (found, store.records.compactMap(\.answers).joined().flatMap(\.episodes))
}

/// The questions and answers that a recipe teaches.
private func lessons(_ plan: Plan) throws -> [(question: String, answer: String)] {
    let stream = try #require(plan.models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
    return try stream.problems.map { ($0.text, try #require(Script(of: $0)?.answers.first)) }
}

@Suite("Recipes of markets, commons and gifts", .serialized)
struct EconomyRecipeTests {
    @Test("the defaults make a plan without faults, and every arm of the claim too", arguments: small.keys.sorted())
    func defaults(id: String) throws {
        #expect(try plan(id).faults() == [])
        let claim = try #require(RecipeCatalog.cards.first { $0.id == id }?.claim)
        #expect(claim.faults == [])
        for arm in claim.arms { #expect(try plan(id, arm.settings).faults() == []) }
    }
}

@Suite("AucArena", .serialized)
struct AucArenaTests {
    @Test("plans, bids and records are taught, and every record is the old one with the sale taken in")
    func taught() throws {
        var kinds: [Character: Int] = [:]
        for (question, answer) in try lessons(plan("aucarena", ["base.demonstrations": .integer(600)])) {
            let mark = try #require(question.first)
            kinds[mark, default: 0] += 1
            #expect(question.hasSuffix("=") && question.count <= 60)
            switch mark {
            case "p":
                let things = try #require(question.split(separator: "|").last).split(separator: " ").count
                #expect(answer.count == things && answer.allSatisfy { "123".contains($0) })
            case "b", "!": #expect(["out", "+1", "+2", "+3"].contains(answer))
            default:
                let parts = question.dropFirst().dropLast().split(separator: "|")
                var record = try #require(AuctionRecord(String(parts[0]), bidders: 3))
                let sale = parts[1].split(separator: " ").compactMap { Int($0) }
                if sale.count == 3 { record.note(winner: sale[0], price: sale[1], value: sale[2]) }
                #expect(answer == record.text, "\(question)")
            }
        }
        #expect(["p", "b", "!", "s"].allSatisfy { (kinds[$0] ?? 0) > 5 }, "\(kinds)")
    }

    @Test("with and without planning anew one taught model is shared; only the first asks for more than one plan")
    func replanning() async throws {
        let first = try plan("aucarena", ["iterations": .integer(0)])
        let second = try plan("aucarena", ["iterations": .integer(0), "auction.replans": .bool(false)])
        #expect(first.models["policy"]?.base?.fingerprint == second.models["policy"]?.base?.fingerprint && first.models["policy"]?.base != nil)
        for (plan, range) in [(first, 2...2), (second, 1...1)] {
            let plays = try await run(plan).plays
            #expect(!plays.isEmpty)
            for play in plays {
                let plans = play.steps.count { $0.role == "bidder" && $0.context.map(\.text).joined().hasPrefix("p$") }
                #expect(range.contains(plans), "\(plans) plans for two things")
                #expect(play.steps.count { $0.role == "scribe" } == 2, "one record for each thing")
            }
        }
    }

    @Test("a bidder learns for an iteration, and all that is claimed is measured, in three orders")
    func measured() async throws {
        let found = try await run(plan("aucarena")).found
        let names = [
            "profit", "items", "profit of rule", "ahead of rule", "ahead of rule, ascending", "profit, descending", "failed bids", "own belief errors", "other belief errors", "plan changes",
            "rating", "rating of rule", "profit of rule bidders", "profit of raisers", "profit of rule beside raisers", "profit per thing of estimate bidders",
        ]
        for name in names { #expect(found[name] != nil, "\(name)") }
        let (profit, rule, ahead) = (found["profit"]?.mean ?? .nan, found["profit of rule"]?.mean ?? .nan, found["ahead of rule"]?.mean ?? .nan)
        #expect(abs(profit - rule - ahead) < 1e-9)
        #expect((found["failed bids"]?.mean ?? -1) >= 0 && (found["own belief errors"]?.mean ?? 2) <= 1)
    }

    @Test("wrong settings are answered with a sentence each")
    func faults() {
        #expect(refusal("aucarena", ["auction.tries": .integer(0)]) == "“auction.tries” is 0; it should be 1 or more")
        #expect(refusal("aucarena", ["auction.noise": .number(2)]).contains("between 0 and 1"))
        #expect(refusal("aucarena", ["auction.rivals": .array([])]).contains("rule, estimate, planner"))
        #expect(refusal("aucarena", ["auction.orders": .array([])]).contains("one or more"))
        #expect(refusal("aucarena", ["task.world": .string("nim")]).contains("this recipe is about “ascending-auction” only"))
        #expect(refusal("aucarena", ["task.settings.items": .array([.string("A")])]).contains("small letters"))
    }
}
