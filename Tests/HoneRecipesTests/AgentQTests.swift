import Foundation
import HoneCore
import HoneCurricula
import HoneEngine
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

private let recipe = SmallRecipe(
    "agent-q",
    [
        "model.size": .string("pico@512"), "base.demonstrations": .integer(48), "base.passes": .integer(2), "agentq.lessons.ranks": .integer(16),
        "play.problems": .integer(3), "play.samples": .integer(4), "evaluation.problems": .integer(3), "iterations": .integer(1), "agentq.simulations": .integer(2),
        "agentq.branches": .integer(3),
    ])

@Suite("Agent Q", .serialized)
struct AgentQTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "agent-q" }?.claim)
        #expect(claim.faults.isEmpty)
        for arm in claim.arms { _ = try recipe.plan(arm.settings.merging(claim.quick.settings) { $1 }) }
    }

    @Test("commands come from trees whose priors are ranks; with α = 1 nobody is ranked", arguments: [0.5, 1])
    func nodes(alpha: Double) async throws {
        let store = try await played(try recipe.plan(["agentq.alpha": .number(alpha), "agentq.online": .bool(true), "agentq.threshold": .number(0)]))
        let trees = store.records.flatMap(\.groups).flatMap(\.episodes).flatMap(\.steps).compactMap(\.move.tree)
        #expect(!trees.isEmpty)
        for tree in trees {
            let priors = tree.children(of: nil).compactMap { tree.nodes[$0].prior }.sorted(by: >)
            let ranks = priors.indices.map { 1 / Double($0 + 1) }
            if alpha < 1 { #expect(priors == ranks) } else { #expect(abs(priors.reduce(0, +) - 1) < 1e-9) }
            #expect(tree.nodes.allSatisfy { (0...1).contains($0.value) && $0.move.segments.allSatisfy { $0.samplerLogProbs != nil } })
        }
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        #expect(found["greedy"] != nil && found["online"] != nil)
    }

    @Test("the other forms draw whole plays without a tree", arguments: ["trajectories", "rft"])
    func drawn(form: String) async throws {
        let store = try await played(try recipe.plan(["agentq.form": .string(form)]))
        let episodes = store.records.flatMap(\.groups).flatMap(\.episodes)
        #expect(episodes.count == 12 && episodes.flatMap(\.steps).allSatisfy { $0.move.tree == nil })
        #expect(!store.records.flatMap(\.measures).contains { $0.name == "online" })
    }

    /// What the model is taught under these settings.
    private func lessons(_ settings: [String: JSONValue]) throws -> [Problem] {
        let stage = try #require(try recipe.plan(settings).models["policy"]?.base?.stages.first)
        return try #require(stage.curriculum as? ProblemStream).problems
    }

    /// The commands of a question such as `rank 1 search(red mug) 2 back?`.
    private func moves(of question: String) -> [String] {
        var (rest, found) = (question.dropLast()[...], [String]())
        for number in 1... {
            guard let mark = rest.range(of: " \(number) ") else { break }
            if number > 1 { found.append(String(rest[..<mark.lowerBound])) }
            rest = rest[mark.upperBound...]
        }
        return found + [String(rest)]
    }

    @Test("without errors the lessons are shortest plays, and the critic picks the command from which the purchase is nearest")
    func lessonsWithoutErrors() throws {
        let shop = try WebShop()
        let taught = try lessons([
            "agentq.lessons.noise": .number(0), "agentq.lessons.carelessness": .number(0), "agentq.lessons.rankErrors": .number(0), "agentq.lessons.ranks": .integer(60),
        ])
        for lesson in taught.prefix(48) {
            let script = try #require(Script(of: lesson))
            #expect(script.answers.count == 4 && script.answers.last == "buy" && script.firstTaught == 0)
            var state = WebShop.State(problem: lesson)
            for (place, command) in script.answers.enumerated() {
                shop.apply(command, to: &state)
                if place < 3 { #expect(script.between[place] == shop.observation(of: state, for: .solver).news.text) }
            }
            #expect(state.isRight == true)
        }
        #expect(taught.count > 90)
        for lesson in taught.dropFirst(48) {
            let script = try #require(Script(of: lesson))
            let shown = script.between.last ?? lesson.text
            let question = try #require(shown.range(of: "\nrank 1 "))
            var problem = lesson
            // On the first page the question stands behind what is wanted.
            if script.between.isEmpty { problem.text = String(lesson.text[..<question.lowerBound].dropFirst(5).dropLast()) }
            var state = WebShop.State(problem: problem)
            for command in script.answers.dropLast() { shop.apply(command, to: &state) }
            let distances = moves(of: String(shown[question.lowerBound...])).map { move in
                var after = state
                shop.apply(move, to: &after)
                return shop.distance(from: after) ?? 99
            }
            let answer = try #require(Int(script.answers.last ?? ""))
            #expect(script.firstTaught == script.answers.count - 1 && (2...4).contains(distances.count))
            #expect(distances[answer - 1] == distances.min() && distances.firstIndex(of: distances[answer - 1]) == answer - 1)
        }
    }

    @Test("the careless customer opens any listed item: right ones are bought in some plays only")
    func careless() throws {
        let shop = try WebShop()
        let taught = try lessons(["agentq.lessons.noise": .number(0), "base.demonstrations": .integer(300), "agentq.lessons.ranks": .integer(0)])
        let won = try taught.filter { lesson in
            var state = WebShop.State(problem: lesson)
            for command in try #require(Script(of: lesson)).answers { shop.apply(command, to: &state) }
            return state.isRight == true
        }
        #expect((60...240).contains(won.count))
    }

    @Test("what cannot work is refused with the key and what is expected")
    func refusals() {
        #expect(recipe.refusal(["agentq.alpha": .number(1.5)]).contains("“agentq.alpha” is 1.5"))
        #expect(recipe.refusal(["agentq.threshold": .number(-1)]).contains("“agentq.threshold” is -1"))
        #expect(recipe.refusal(["agentq.branches": .integer(1)]).contains("“agentq.branches” is 1"))
        #expect(recipe.refusal(["agentq.lessons.noise": .number(2)]).contains("“agentq.lessons.noise” is 2"))
        #expect(recipe.refusal(["model.size": .string("http://127.0.0.1:1/v1#x"), "base.passes": .integer(0)]).contains("endpoint"))
    }
}
