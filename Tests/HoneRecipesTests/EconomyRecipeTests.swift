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
    ],
    "govsim": [
        "base.demonstrations": .integer(300), "base.passes": .integer(1), "play.problems": .integer(1), "play.samples": .integer(2), "evaluation.problems": .integer(3),
        "commons.skills": .integer(8), "commons.checkpointPlays": .integer(2), "task.settings.rounds": .integer(4),
    ],
    "donor-culture": [
        "base.demonstrations": .integer(200), "base.passes": .integer(1), "evaluation.problems": .integer(3), "culture.generations": .integer(3), "task.settings.players": .integer(6),
        "task.settings.rounds": .integer(5),
    ],
]

private func plan(_ recipe: String, _ settings: [String: JSONValue] = [:], seed: UInt64 = 1) throws -> Plan {
    // Another world has other settings.
    let usual = (small[recipe] ?? [:]).filter { settings["task.world"] == nil || !$0.key.hasPrefix("task.settings") }
    return try SmallRecipe(recipe, usual).plan(settings, seed: seed)
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

@Suite("GovSim", .serialized)
struct GovSimTests {
    @Test("catches, speech, notes and questions are taught, and all that is answered can be done")
    func taught() throws {
        var kinds: [Character: Int] = [:]
        for (question, answer) in try lessons(plan("govsim", ["base.demonstrations": .integer(2000)])) {
            let mark = try #require(question.first)
            kinds[mark, default: 0] += 1
            #expect(question.hasSuffix("=") && question.count <= 60, "\(question)")
            let stock = Int(question.dropFirst().drop { $0 == "g" }.prefix { $0.isNumber }) ?? -1
            switch mark {
            case "c": #expect((0...stock).contains(Int(answer) ?? -1), "\(question)\(answer)")
            case "s": #expect(CommonsSpeech(short: answer) != nil)
            case "r": #expect(answer == "-" || (0...20).contains(Int(answer) ?? -1))
            case "f": #expect(Int(answer) == stock / 2 / 5)
            default: #expect(Int(answer) != nil)
            }
        }
        #expect(["c", "s", "r", "d", "f", "t", "b"].allSatisfy { (kinds[$0] ?? 0) > 5 }, "\(kinds)")
    }

    @Test("arms with one teaching share a model; without talk nobody speaks, and the newcomer takes part from the third round")
    func conditions() async throws {
        let arms: [[String: JSONValue]] = [
            [:], ["task.settings.talk": .string("none")], ["task.settings.universalises": .bool(true)], ["task.settings.newcomerRound": .integer(3), "task.settings.collapse": .integer(1)],
        ]
        let plans = try arms.map { try plan("govsim", $0) }
        #expect(plans[0].models["policy"]?.base != nil && plans[0].models["policy"]?.base?.fingerprint == plans[2].models["policy"]?.base?.fingerprint)
        for (number, plan) in plans.enumerated() {
            let (found, plays) = try await run(plan)
            #expect(!plays.isEmpty && (found["survival time"]?.mean ?? 0) >= 1)
            #expect((found["says pass"] != nil) == (number != 1) || (found["survival time"]?.mean ?? 0) == 1)
            for play in plays {
                let questions = play.steps.map { $0.context.text }
                #expect(number != 1 || !questions.contains { $0.hasPrefix("s") }, "nobody is asked to speak")
                #expect((number == 2) == questions.contains { $0.hasPrefix("c") && $0.contains(" u") })
                let first = play.steps.prefix { $0.context.text.hasPrefix("c") }.count
                #expect(first == (number == 3 ? 4 : 5), "so many take in the first round")
            }
        }
    }

    @Test("learning on the group's gain gives all players the same return, on the own gain each its own")
    func rewards() async throws {
        for reward in ["group", "own"] {
            let plays = try await run(plan("govsim", ["commons.reward": .string(reward), "iterations": .integer(1)])).plays
            for play in plays {
                let returns = play.returns.values
                #expect(returns.count == 5 && (reward == "own" || Set(returns).count == 1))
                if reward == "own" { #expect(returns.allSatisfy { $0 == $0.rounded() }) }
            }
        }
    }

    @Test("moments of teaching are measured, each with its survival and skills")
    func checkpoints() async throws {
        let found = try await run(plan("govsim", ["commons.checkpoints": .integer(3)])).found
        for number in 0..<3 { #expect(found["survival time at checkpoint \(number)"] != nil && found["skills at checkpoint \(number)"] != nil) }
        #expect(abs(found["skills and survival"]?.mean ?? 2) <= 1)
        for name in ["survival rate", "gain", "efficiency", "equality", "over-use", "unreadable", "skills", "skill: dynamics", "skill: beliefs"] { #expect(found[name] != nil, "\(name)") }
    }

    @Test("wrong settings are answered with a sentence each")
    func faults() {
        #expect(refusal("govsim", ["commons.checkpoints": .integer(2)]) == "“commons.checkpoints” is 2; it should be 0, or from 3 to 50")
        #expect(refusal("govsim", ["commons.mixture": .array([.number(1)])]).contains("sustainer, greedy, reciprocator, copier"))
        #expect(refusal("govsim", ["task.settings.talk": .string("free")]).contains("listed or none"))
        #expect(refusal("govsim", ["commons.checkpoints": .integer(3), "iterations": .integer(1)]).contains("one of them should be 0"))
        #expect(refusal("govsim", ["task.world": .string("nim")]).contains("this recipe is about “commons” only"))
    }
}

@Suite("Donor culture", .serialized)
struct DonorCultureTests {
    @Test("gifts are taught as the rule says, and rules in the manner of the temperament", arguments: ["altruist", "imitator", "free-rider"])
    func taught(temperament: String) throws {
        let game = try DonorGame()
        var (gifts, begun, read) = (0, 0, 0)
        for (question, answer) in try lessons(plan("donor-culture", ["base.demonstrations": .integer(600), "culture.temperament": .string(temperament)])) {
            #expect(question.hasSuffix("="))
            if question.hasPrefix("f") {
                gifts += 1
                let parts = question.dropFirst().dropLast().split(separator: "|")
                let rule = try #require(DonorRule(String(parts[0]), levels: 5))
                let past = Int(parts[1]).map { game.settings.shares[$0] }
                #expect(answer == String(game.settings.shares.firstIndex(of: rule.share(after: past, of: game)) ?? -1), "\(question)\(answer)")
            } else {
                let rules = question.dropFirst().dropLast().split(separator: " ")
                if rules.isEmpty { begun += 1 } else { read += 1 }
                #expect((rules.isEmpty || rules.count == 3) && rules.allSatisfy { DonorRule(String($0), levels: 5) != nil })
                let rule = try #require(DonorRule(answer, levels: 5))
                #expect(temperament != "altruist" || rule.threshold == rule.give)
                #expect(temperament != "free-rider" || rule.otherwise == 0)
            }
        }
        #expect(gifts > 150 && begun > 40 && read > 150, "\(gifts) \(begun) \(read)")
    }

    @Test("half of the strategies go on unchanged, the others are written anew, and only these are asked for", arguments: ["best", "random"])
    func generations(selection: String) async throws {
        for transmission in ["survivors", "none"] {
            let made = try plan("donor-culture", ["culture.selection": .string(selection), "culture.transmission": .string(transmission)])
            let (found, plays) = try await run(made)
            #expect(plays.count == 3)
            for play in plays {
                let questions = play.steps.filter { $0.role == "author" }.map { $0.context.text }
                #expect(questions.count == 6 + 3 + 3 && questions.prefix(6).allSatisfy { $0 == "w=" })
                for question in questions.dropFirst(6) { #expect(question.split(separator: " ").count == (transmission == "survivors" ? 4 : 1), "three survivors are read, or none") }
                let text = try #require(play.steps.last { $0.role == "record" }?.move.text)
                let generations = try #require(try JSONValue(parsing: text)["generations"]?.elements)
                #expect(generations.count == 3)
                let strategies = generations.map { ($0["strategies"]?.elements ?? []).compactMap(\.text) }
                let scores = generations.map { ($0["scores"]?.elements ?? []).compactMap(\.double) }
                for number in 1..<3 {
                    #expect(strategies[number].count == 6)
                    var before = strategies[number - 1]
                    for text in strategies[number].prefix(3) { if let place = before.firstIndex(of: text) { before.remove(at: place) } }
                    #expect(before.count == 3, "three strategies of the generation before go on")
                    guard selection == "best" else { continue }
                    let order = scores[number - 1].indices.sorted { (-scores[number - 1][$0], $0) < (-scores[number - 1][$1], $1) }
                    #expect(Array(strategies[number].prefix(3)) == order.prefix(3).map { strategies[number - 1][$0] })
                }
            }
            for name in ["growth", "share of the most", "resources, generation 3", "generosity, generation 1", "fidelity", "unreadable", "unwritten", "spread between", "spread within"] {
                #expect(found[name] != nil, "\(name)")
            }
        }
    }

    @Test("where rules are followed without a model, donors are not asked, and all that is given follows from the texts")
    func rules() async throws {
        let found = try await run(plan("donor-culture", ["culture.follower": .string("rules")])).found
        #expect(found["fidelity"] == nil && found["unreadable"] == nil && found["unwritten"] != nil)
        let asked = try await run(plan("donor-culture")).found
        #expect(asked["fidelity"] != nil && (asked["fidelity"]?.mean ?? 2) <= 1)
    }

    @Test("wrong settings are answered with a sentence each")
    func faults() {
        #expect(refusal("donor-culture", ["culture.generations": .integer(0)]) == "“culture.generations” is 0; it should be from 1 to 100")
        #expect(refusal("donor-culture", ["culture.mutation": .number(-1)]).contains("between 0 and 1"))
        #expect(refusal("donor-culture", ["iterations": .integer(2)]).contains("nothing is learned here"))
        #expect(refusal("donor-culture", ["task.settings.rounds": .integer(6)]).contains("without meeting again"))
        #expect(refusal("donor-culture", ["task.world": .string("nim")]).contains("this recipe is about “donor-game” only"))
    }
}
