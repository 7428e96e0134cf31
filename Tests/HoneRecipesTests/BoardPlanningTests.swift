import HoneCore
import HoneCurricula
import HoneEngine
import HoneGames
import HoneRecipes
import HoneSocieties
import HoneTestSupport
import HoneText
import Testing

private let recipe = SmallRecipe(
    "board-planning",
    [
        "model.size": .string("pico@256"), "base.demonstrations": .integer(48), "base.passes": .integer(1), "planning.searches": .integer(16),
        "planning.simulations": .integer(4), "evaluation.problems": .integer(6),
    ])

private func smallConnectFour() throws -> ConnectFour {
    var settings = ConnectFour.Settings()
    (settings.columns, settings.rows, settings.length) = (5, 4, 3)
    return try ConnectFour(settings)
}

/// A board as lessons write it.
private func word<Rules: SquareGame>(_ state: Rules.State, of game: Rules) -> String {
    let lines = game.board(of: state).split(separator: "\n")
    return lines.dropLast().joined() + lines[lines.count - 1].prefix(1)
}

/// The lessons of a plan: questions with answers.
private func lessons(_ plan: Plan) throws -> [(question: String, answer: String)] {
    let stream = try #require(plan.models["policy"]?.base?.stages.first?.curriculum as? ProblemStream)
    return try stream.problems.map { ($0.text, try #require(Script(of: $0)?.answers.first)) }
}

/// What positions of tic-tac-toe are worth to the first player, from 0 to 1, to somebody who sees so many plies: what is not seen is worth a half.
private func worth(seeing plies: Int) -> [TicTacToe.State: Double] {
    let game = TicTacToe()
    var known: [[TicTacToe.State: Double]] = Array(repeating: [:], count: plies + 1)
    func value(_ state: TicTacToe.State, _ depth: Int) -> Double {
        if let value = known[depth][state] { return value }
        var found = (game.returns(of: state)[0] + 1) / 2
        if let seat = game.turn(in: state).mover {
            let values = depth == 0 ? [0.5] : game.actions(in: state).map { value(game.applying($0, to: state), depth - 1) }
            found = (seat == 0 ? values.max() : values.min()) ?? 0.5
        }
        known[depth][state] = found
        return found
    }
    var open = [game.start]
    while let state = open.popLast() {
        guard known[plies][state] == nil else { continue }
        _ = value(state, plies)
        open += game.actions(in: state).map { game.applying($0, to: state) }
    }
    return known[plies]
}

/// A model that writes perfect pages of tic-tac-toe, with values for somebody who sees so many plies.
private func seer(_ plies: Int) -> ScriptedModel {
    let game = TicTacToe()
    let known = worth(seeing: plies - 1)
    return ScriptedModel { request, _ in
        let asked = request.context.text.dropLast()
        var text = ""
        guard var state = game.state(ofSquares: Array(asked.prefix(9))) else { return "?" }
        if asked.count > 10 {
            guard let action = game.action(for: String(asked.dropFirst(10)), by: game.turn(in: state).mover, in: state) else { return "?" }
            game.apply(action, to: &state)
            text = word(state, of: game)
        }
        guard let seat = game.turn(in: state).mover else { return text + (game.returns(of: state)[0] == 0 ? "-" : "!") }
        let listed = game.actions(in: state).map { action -> (move: String, value: Double) in
            let first = known[game.applying(action, to: state)] ?? 0.5
            return (game.text(of: action, in: state), seat == 0 ? first : 1 - first)
        }
        let most = listed.map(\.value).max() ?? 0
        let letters = listed.map { " \($0.move)\($0.value == 1 ? "p" : $0.value == 0 ? "a" : "i")" }.joined()
        return text + letters + ";" + (listed.first { $0.value == most }?.move ?? "")
    }
}

/// The measures of a plan with a scripted model in place of the taught one.
private func decided(_ settings: [String: JSONValue], by model: ScriptedModel) async throws -> [String: Double] {
    let own: [String: JSONValue] = [
        "task.world": .string("tic-tac-toe"), "planning.decoding": .string("written"), "base.passes": .integer(0), "task.heldOutShare": .number(0.5),
        "evaluation.problems": .integer(40),
    ]
    let plan = try recipe.plan(own.merging(settings) { $1 })
    let services = ScriptedServices(models: ["policy": model], worlds: plan.worlds, policies: plan.policies, searches: plan.searches)
    let measure = try #require(plan.stages.first?.measures.first?.measure)
    let found = try await measure.measure(in: services.scope())
    return found.estimates.mapValues(\.mean)
}

@Suite("Board planning", .serialized)
struct BoardPlanningTests {
    @Test("the claim names its own arms, settings that exist, and plans that can be made")
    func claim() throws {
        let claim = try #require(RecipeCatalog.cards.first { $0.id == "board-planning" }?.claim)
        #expect(claim.faults.isEmpty)
        let small: [String: JSONValue] = ["base.demonstrations": .integer(8), "planning.searches": .integer(8)]
        for arm in claim.arms { #expect(try recipe.plan(arm.settings.merging(claim.quick.settings) { $1 }.merging(small) { $1 }).faults() == []) }
    }

    @Test("every page that is taught has the board after the move, all allowed moves and no others, and the best letter on the best move")
    func pages() throws {
        let game = try smallConnectFour()
        var (shown, ends) = (0, 0)
        let taught = try lessons(try recipe.plan(["base.demonstrations": .integer(300), "planning.searches": .integer(0)]))
        #expect(taught.count == 300)
        for (question, answer) in taught {
            var state = try #require(game.state(ofSquares: Array(question.prefix(20))), "\(question)")
            #expect(question.hasSuffix("=") && question.hasPrefix(word(state, of: game)))
            var body = Substring(answer)
            if let move = question.dropFirst(21).dropLast().first {
                let action = try #require(game.action(for: String(move), by: game.turn(in: state).mover, in: state))
                game.apply(action, to: &state)
                #expect(body.hasPrefix(word(state, of: game)))
                body = body.dropFirst(21)
            } else {
                shown += 1
            }
            guard !game.isOver(state) else {
                ends += 1
                #expect(body == (game.returns(of: state) == [0, 0] ? "-" : "!"))
                continue
            }
            let parts = body.split(separator: ";")
            let listed = parts[0].split(separator: " ")
            #expect(parts.count == 2 && listed.map { String($0.dropLast()) } == game.actions(in: state).map { game.text(of: $0, in: state) })
            let best = listed.first { $0.dropLast() == parts[1] }
            #expect(best?.last == listed.compactMap(\.last).max(), "\(answer)")
        }
        #expect((40...110).contains(shown) && ends > 10, "about a quarter are of boards that are shown")
    }

    @Test("a written search looks into the worthiest moves first, values each by the mirror of the best reply, and chooses the worthiest")
    func searches() throws {
        let game = try smallConnectFour()
        let taught = try lessons(try recipe.plan(["base.demonstrations": .integer(1), "planning.searches": .integer(200)])).filter { $0.question.contains("?") }
        var opened = 0
        for (question, answer) in taught {
            let budget = question.dropFirst(22).dropLast().compactMap(\.wholeNumberValue)
            #expect(budget.count == 2 && (1...2).contains(budget[0]) && (1...3).contains(budget[1]))
            let state = try #require(game.state(ofSquares: Array(question.prefix(20))))
            let first = answer.prefix { $0 != "(" && $0 != ";" }.split(separator: " ").map { (move: $0.first, letter: $0.last ?? "a") }
            let ranked = first.indices.sorted { (first[$1].letter, $0) < (first[$0].letter, $1) }.map { first[$0].move }
            var values: [(move: Character?, letter: Character)] = []
            for match in answer.matches(of: /\((\d)([.xo]{21})([^()]*)\)([a-p])/) {
                let action = try #require(game.action(for: String(match.1), by: game.turn(in: state).mover, in: state))
                let next = game.applying(action, to: state)
                #expect(word(next, of: game) == match.2)
                // Won is nothing for the other; drawn is the upper middle.
                let reply: Character = match.3 == "!" ? "a" : match.3 == "-" ? "i" : match.3.split(separator: " ").compactMap(\.last).max() ?? "?"
                let (low, high) = (Character("a").asciiValue ?? 0, Character("p").asciiValue ?? 0)
                #expect(match.4.first?.asciiValue == low + high - (reply.asciiValue ?? 0), "\(answer)")
                values.append((match.1.first, match.4.first ?? "a"))
                opened += 1
            }
            #expect(values.map(\.move) == (budget[0] == 1 ? [] : Array(ranked.prefix(budget[1]))), "\(question)\(answer)")
            let most = values.map(\.letter).max()
            let choice = budget[0] == 1 ? ranked.first ?? nil : values.first { $0.letter == most }?.move
            #expect(answer.last == choice, "\(question)\(answer)")
        }
        #expect(opened > 100 && taught.count == 200)
    }

    @Test("with a model that knows the rules and all values, decisions are best, boards right, and a plain one costs one call, a search one for each simulation")
    func perfect() async throws {
        let plain = try await decided(["planning.method": .string("plain")], by: seer(9))
        let external = try await decided(["planning.simulations": .integer(8)], by: seer(9))
        for found in [plain, external] {
            #expect(found["optimal moves"] == 1 && found["regret"] == 0 && found["no move"] == 0)
            #expect(found["state tracking"] == 1 && found["legality"] == 1 && found["moves missed"] == 0)
        }
        #expect(plain["model calls"] == 1 && (external["model calls"] ?? 0) > 2 && (external["model calls"] ?? 10) <= 9)
    }

    @Test("a model that sees one move ahead decides better with a tree search in its own pages, and wins more points")
    func searched() async throws {
        let plain = try await decided(["planning.method": .string("plain")], by: seer(1))
        let external = try await decided(["planning.simulations": .integer(64), "planning.games": .integer(12)], by: seer(1))
        #expect((external["optimal moves"] ?? 0) > (plain["optimal moves"] ?? 1) + 0.1, "\(plain["optimal moves"] ?? -1), \(external["optimal moves"] ?? -1)")
        #expect((external["regret"] ?? 1) < (plain["regret"] ?? 0) && (external["points against plain"] ?? 0) >= 0.5)
        let rules = try await decided(["planning.simulations": .integer(64), "planning.transition": .string("rules")], by: seer(1))
        #expect(rules["optimal moves"] == external["optimal moves"], "the model's boards are right, so the rules add nothing")
    }

    @Test("what cannot follow or be read is no move: no answer, a board with two new pieces, a move listed twice, a best move that is not listed")
    func unreadable() async throws {
        for answer in ["", "x........o a1p;a1", " a1p a1p;a1", " a1p;b2", " a1;a1", "!"] {
            let found = try await decided(["planning.method": .string("plain")], by: ScriptedModel(saying: answer))
            #expect(found["no move"] == 1 && found["optimal moves"] == 0 && found["state tracking"] == 0, "“\(answer)”")
        }
    }

    @Test("a value is the mean over the distribution of its letter, read at the place where it stands")
    func means() async throws {
        let plan = try recipe.plan(["planning.method": .string("plain"), "base.passes": .integer(0)])
        let services = ScriptedServices(models: ["policy": Lettered()], policies: plan.policies, searches: plan.searches)
        let world = GameWorld(try smallConnectFour())
        let start = Position(world: world, state: world.start(world.problem(0)))
        let search = try #require(plan.searches["planning"])
        let tree = try await search.search(start, for: .player(0), cast: [.player(0): Player(model: "policy")], judge: nil, in: services.scope())
        // Half of the letter's probability is on a, whose middle is 1/32: p is 31/32, c is 5/32.
        for (node, expected) in zip(tree.nodes, [0.5, 0.09375]) { #expect(abs(node.value - expected) < 1e-6, "\(node.move.text)") }
        #expect(tree.nodes.map(\.move.text) == ["1", "4"] && tree.nodes[tree.chosen].move.text == "1")
    }

    @Test("a taught model is measured by every method", arguments: ["plain", "external", "internal", "votes"])
    func measured(method: String) async throws {
        let store = MemoryStore()
        let run = try Run(
            plan: try recipe.plan([
                "task.world": .string("tic-tac-toe"), "task.heldOutShare": .number(0.5), "planning.method": .string(method), "planning.games": .integer(2),
            ]), seed: Seed(1),
            surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
        #expect(try await run.execute().isFinished)
        let found = Dictionary(store.records.flatMap(\.measures).map { ($0.name, $0.estimate.mean) }) { $1 }
        for name in ["optimal moves", "regret", "no move", "state tracking", "moves missed", "points against plain"] {
            #expect(found[name].map { (0...1).contains($0) } == true, "\(name)")
        }
        #expect((found["model calls"] ?? 0) >= 1 && (found["model calls"] ?? 99) <= 5)
    }

    @Test("settings that cannot work are refused with their keys", arguments: [
        ("planning.buckets", JSONValue.integer(1)), ("planning.depth", .integer(3)), ("planning.breadth", .integer(0)), ("planning.parallel", .integer(0)),
        ("planning.temperature", .number(0)), ("planning.labels", .integer(0)), ("play.limit", .integer(40)), ("base.errorRate", .number(0.1)),
        ("iterations", .integer(2)), ("task.world", .string("kuhn-poker")),
    ])
    func refusals(key: String, value: JSONValue) {
        #expect(recipe.refusal([key: value]).contains(key))
    }
}

/// Says one page, and gives each letter half of its probability and the letter a the other half.
private struct Lettered: Model {
    let abilities: Set<HoneCore.Trait> = [.tokens, .logProbs]
    private let tokenizer = CharacterTokenizer.nano

    private func tokenised(_ segment: Segment) throws -> Segment {
        var copy = segment
        copy.content = .tokens(try segment.tokens ?? tokenizer.encode(segment.text), text: segment.text)
        return copy
    }

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        let text = " 1p 4c;4"
        return try requests.map { request in
            let said = Segment(origin: .model("policy", update: 0), content: .tokens(try tokenizer.encode(text), text: text))
            return Completion(context: try request.context.map(tokenised), samples: [Completion.Sample(segments: [said], finish: .stop)])
        }
    }

    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        let (width, low) = (tokenizer.vocabularySize, try tokenizer.encode("a")[0])
        return try transcripts.map { transcript in
            let tokens = try transcript.flatMap { try tokenised($0).tokens ?? [] }
            var values: [Float] = []
            for token in tokens.dropFirst() {
                var row = [Float](repeating: -.infinity, count: width)
                row[Int(token)] = -0.6931472
                row[Int(low)] = -0.6931472
                values += row
            }
            return Scores(values: values, shape: [tokens.count - 1, width])
        }
    }
}
