import HoneCore
import HoneEngine
import HoneEvaluation
import HoneGames
import HoneRecipes
import HoneTestSupport
import Testing

private let small: [String: [String: JSONValue]] = [
    "vgc-bench": [
        "base.demonstrations": .integer(4), "base.passes": .integer(2), "iterations": .integer(3), "bench.warmUp": .integer(1), "bench.keepEvery": .integer(1),
        "bench.pool": .integer(2), "bench.trials": .integer(2), "bench.exploiting": .integer(1), "play.problems": .integer(2), "play.samples": .integer(2),
        "evaluation.problems": .integer(4), "task.settings.turns": .integer(4),
    ],
    "llm-coordination": [
        "base.demonstrations": .integer(40), "base.passes": .integer(1), "iterations": .integer(1), "play.problems": .integer(2), "play.samples": .integer(2),
        "evaluation.problems": .integer(4), "questions.measured": .integer(16), "questions.taught": .integer(16), "evaluation.samples": .integer(1),
    ],
    "werealign": [
        "base.demonstrations": .integer(40), "base.passes": .integer(1), "iterations": .integer(1), "play.problems": .integer(1), "play.samples": .integer(2),
        "plays": .integer(6), "items.plays": .integer(20), "items.taught": .integer(2), "evaluation.samples": .integer(2),
        "scripted": .array([.number(0), .number(1)]),
    ],
]

private func plan(_ recipe: String, _ settings: [String: JSONValue] = [:], seed: UInt64 = 1) throws -> Plan {
    return try SmallRecipe(recipe, small[recipe] ?? [:]).plan(settings, seed: seed)
}

private func found(_ plan: Plan) async throws -> [String: Estimate] {
    let store = MemoryStore()
    let run = try Run(plan: plan, seed: Seed(1), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
    #expect(try await run.execute().isFinished)
    return Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate) }) { $1 }
}

@Suite("Recipes of teams", .serialized)
struct TeamRecipeTests {
    @Test("the defaults make a plan without faults", arguments: small.keys.sorted())
    func defaults(id: String) throws {
        #expect(try plan(id).faults() == [])
        #expect(RecipeCatalog.cards.first { $0.id == id }?.claim?.faults == [])
    }

    @Test("a battle bench has a cross-play matrix, exploiters and a transfer gap for every method")
    func bench() async throws {
        let all = ["bc", "self-play", "last", "fictitious", "oracle"]
        let found = try await found(try plan("vgc-bench", ["bench.methods": .array(all.map { .string($0) }), "bench.opponents": .array([.string("rules")])]))
        for method in all {
            for name in ["Elo of \(method)", "points of \(method)", "exploiter of \(method)", "gap of \(method) against rules"] { #expect(found[name] != nil, "\(name)") }
        }
        #expect(found["bc against oracle"] != nil && found["oracle against bc"] == nil)
        #expect(abs(all.reduce(0) { $0 + (found["Elo of \($1)"]?.mean ?? .nan) }) < 1e-6, "ratings are relative to the mean")
    }

    @Test("an agent of modules is measured with itself, a stranger and a twin, under every check and way of learning", arguments: ["none", "model", "rules", "self-play"])
    func coordination(way: String) async throws {
        let settings: [String: JSONValue] = way == "self-play" ? ["learning": .string(way)] : ["modules.verification": .string(way)]
        let found = try await found(try plan("llm-coordination", settings))
        for name in ["self-play score", "score with newest", "score with twin", "cross-play drop", "unsound moves", "macro accuracy", "blind accuracy"] {
            #expect(found[name] != nil, "\(name)")
        }
    }

    @Test("alignment, votes, roles, wins and survival are measured for scripted agents and models")
    func alignment() async throws {
        let found = try await found(try plan("werealign"))
        for agent in ["noise 0.0", "noise 1.0", "imitation", "self-play"] {
            for name in ["macro accuracy", "vote alignment", "role brier", "win rate", "days lived"] { #expect(found["\(name) of \(agent)"] != nil, "\(name) of \(agent)") }
        }
        let good = try #require(found["macro accuracy of noise 0.0"]?.mean)
        #expect(good > (found["macro accuracy of noise 1.0"]?.mean ?? 1), "the player that items were cut from does better than chance")
        #expect(found["alignment and winning"] != nil)
    }

    @Test("settings that cannot work are refused with their keys", arguments: [
        ("vgc-bench", "bench.sheets", JSONValue.integer(9)), ("vgc-bench", "bench.methods", .array([])), ("vgc-bench", "bench.opponents", .array([.string("rule")])),
        ("vgc-bench", "task.world", .string("nim")), ("vgc-bench", "bench.warmUp", .integer(99)), ("llm-coordination", "partners", .array([.string("oldst")])),
        ("llm-coordination", "modules.tries", .integer(0)), ("llm-coordination", "task.settings.isTerse", .bool(false)),
        ("werealign", "items.poolNoise", .number(2)), ("werealign", "scripted", .array([.number(1), .number(1)])), ("werealign", "task.settings.talkLength", .integer(9)),
    ])
    func refusals(id: String, key: String, value: JSONValue) {
        let error = #expect(throws: PlanError.self) { try plan(id, [key: value]) }
        #expect(error?.description.contains(key) == true)
    }
}

@Suite("Questions on hanabi")
struct HanabiQuestionTests {
    private func questions() throws -> HanabiQuestions {
        var settings = Hanabi.Settings()
        settings.isTerse = true
        return HanabiQuestions(game: try Hanabi(settings), convention: HanabiConvention(.oldest), isTerse: true)
    }

    @Test("questions and answers are the same in every state that the seat cannot tell apart")
    func determined() throws {
        let maker = try questions()
        let game = maker.game
        var asked = 0
        for play in 0..<30 {
            var generator = Seed(9).child("play", play).generator
            var state = game.start
            while !game.isOver(state) {
                if let seat = game.turn(in: state).mover {
                    let own = Seed(UInt64(play))
                    let items = maker.questions(at: state, for: seat, seed: own)
                    let other = try #require(game.resample(state, for: seat, using: &generator))
                    #expect(maker.questions(at: other, for: seat, seed: own) == items)
                    asked += items.count
                }
                guard let action = generator.element(of: game.actions(in: state)) else { break }
                game.apply(action, to: &state)
            }
        }
        #expect(asked > 500)
    }

    @Test("of all three classes there are items with four or more options, no constant answer does well, and none is repeated in teaching")
    func balanced() throws {
        let maker = try questions()
        let items = maker.items(120, seed: Seed(1))
        #expect(Set(items.map(\.kind)) == [HanabiQuestions.comprehension, HanabiQuestions.partner, HanabiQuestions.planning])
        #expect(items.allSatisfy { (3...4).contains($0.options.count) } && Set(items.map(\.id)).count == items.count)
        #expect(ChoiceItem.blindAccuracy(items) <= 0.4)
        let taught = maker.items(120, without: Set(items.map(\.situation)), seed: Seed(2))
        #expect(Set(taught.map(\.situation)).isDisjoint(with: items.map(\.situation)))
    }
}
