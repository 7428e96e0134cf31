import HoneCore
import HoneTestSupport
import HoneText
import HoneWorlds
import Testing

private let worlds: [String: String] = ["arithmetic-habits": "arithmetic", "countdown-habits": "countdown", "error-chains": "arithmetic"]

/// A world with a corpus over it, both with the given settings changed.
private func thinking(
    _ corpus: String, _ changes: [String: JSONValue] = [:], world changesOfWorld: [String: JSONValue] = [:]
) throws -> any QuestionWorld {
    func laid(_ changes: [String: JSONValue], over defaults: JSONValue) throws -> JSONValue {
        try SettingsOverlay(defaults: defaults).resolve(
            changes.sorted { $0.key < $1.key }.map { SettingsOverlay.Entry(path: [$0.key], value: $0.value, place: "test") })
    }
    let name = worlds[corpus] ?? corpus
    let entry = try WorldCatalog.entry(name)
    let world = try entry.make(try laid(changesOfWorld, over: entry.defaults))
    let made = try CorpusCatalog.make(corpus, settings: try laid(changes, over: try CorpusCatalog.entry(corpus).defaults), world: name)
    return ThinkingWorld(world, corpus: try #require(made))
}

/// Problems with their demonstrations.
private func written(
    _ world: any QuestionWorld, _ count: Int, withError: Bool = false, seed: UInt64 = 3
) -> [(problem: Problem, demonstration: Demonstration)] {
    (0..<count).compactMap { index in
        guard let problem = world.problem(index, seed: Seed(seed)) else { return nil }
        return world.demonstration(of: problem, withError: withError, seed: Seed(seed).child("d", index)).map { (problem, $0) }
    }
}

private func rates(_ rate: Double) -> [String: JSONValue] {
    ["verification": .number(rate), "backtracking": .number(rate), "subgoals": .number(rate), "backward": .number(rate)]
}

@Suite("Corpora with habits")
struct HabitCorpusTests {
    @Test("every corpus keeps what question worlds promise", arguments: ["arithmetic-habits", "countdown-habits", "error-chains"])
    func conformance(corpus: String) throws {
        #expect(checkWorld(try thinking(corpus), seed: Seed(5), problems: 300) == [])
    }

    @Test("each habit occurs at the rate that was set", arguments: ["arithmetic-habits", "countdown-habits"], [0, 0.1, 0.35, 0.5, 0.9, 1])
    func rate(corpus: String, rate: Double) throws {
        for habit in Habit.allCases {
            let key = [Habit.verification: "verification", .backtracking: "backtracking", .subgoals: "subgoals", .backward: "backward"][habit]
            let world = try thinking(corpus, [try #require(key): .number(rate)])
            let traces = written(world, 800)
            #expect(traces.count == 800, "some problems have no demonstration")
            let found = traces.filter { HabitCounts(in: $0.demonstration.text)[habit] > 0 }.count
            #expect(chiSquare(found, of: 800, rate: rate) < onceInAThousand, "\(habit) is in \(found) of 800 traces of \(corpus), at rate \(rate)")
        }
    }

    @Test("habits are drawn independently of each other and of the problem", arguments: ["arithmetic-habits", "countdown-habits"])
    func independence(corpus: String) throws {
        let counts = written(try thinking(corpus), 1500).map { HabitCounts(in: $0.demonstration.text) }
        for (place, first) in Habit.allCases.enumerated() {
            for second in Habit.allCases[(place + 1)...] {
                let a = counts.filter { $0[first] > 0 }.count
                let b = counts.filter { $0[second] > 0 }.count
                let both = counts.filter { $0[first] > 0 && $0[second] > 0 }.count
                #expect(chiSquare(both: both, first: a, second: b, of: counts.count) < onceInAThousand, "\(first) and \(second) go together")
            }
        }
    }

    @Test("demonstrations fail at the error rate that was set", arguments: ["arithmetic-habits", "countdown-habits"], [0, 0.2, 0.75, 1])
    func errorRate(corpus: String, rate: Double) throws {
        let world = try thinking(corpus)
        let split = ProblemSplit(world: world, heldOutShare: 0.2)
        let problems = try split.demonstrated(try split.trainProblems(700, seed: Seed(1)), count: 600, errorRate: rate, seed: Seed(2))
        #expect(problems.count == 600)
        let wrong = problems.filter { !world.check($0.demonstrations[0], to: $0).correct }.count
        #expect(chiSquare(wrong, of: 600, rate: rate) < onceInAThousand, "\(wrong) of 600 are wrong, at rate \(rate)")
    }

    @Test("all steps and the answer hold by exact arithmetic, whatever the habits", arguments: ["arithmetic-habits", "countdown-habits"], [0, 0.5, 1])
    func exactness(corpus: String, rate: Double) throws {
        for (problem, demonstration) in written(try thinking(corpus, rates(rate)), 400) {
            let (thoughts, answer) = try parted(demonstration.text)
            let wrong = faults(in: thoughts)
            #expect(wrong.isEmpty, "“\(demonstration.text)” for \(problem.text): steps \(wrong) do not hold")
            #expect(demonstration.faultyStep == nil && demonstration.critique.isEmpty)
            #expect(exact(answer) == target(of: problem), "“\(answer)” is not the answer of \(problem.text)")
            if problem.world == "countdown" { #expect(numbers(in: answer) == numbers(in: problem.text.prefix { $0 != ":" })) }
        }
    }

    @Test("a faulty trace has one fault, its critique names it with the right value, and the answer is wrong", arguments: ["arithmetic-habits", "countdown-habits"], [0, 0.5, 1])
    func critiques(corpus: String, rate: Double) throws {
        let traces = written(try thinking(corpus, rates(rate)), 400, withError: true)
        #expect(traces.count >= 390)
        for (problem, demonstration) in traces {
            let (thoughts, answer) = try parted(demonstration.text)
            let step = try #require(demonstration.faultyStep)
            #expect(faults(in: thoughts) == [step], "“\(demonstration.text)”: \(demonstration.critique)")
            let sides = thoughts[step].split(separator: "=")
            let right = try #require(exact(sides[0]))
            #expect(demonstration.critique == "step \(step + 1) is wrong: \(sides[0]) is \(right), not \(sides[1])")
            #expect(exact(answer) != target(of: problem))
            if problem.world == "countdown" { #expect(numbers(in: answer) == numbers(in: problem.text.prefix { $0 != ":" })) }
        }
    }

    @Test("faults fall on each step about equally often")
    func faultPlaces() throws {
        let traces = written(try thinking("arithmetic-habits", rates(0)), 900, withError: true)
        for step in 0..<3 {
            let found = traces.filter { $0.demonstration.faultyStep == step }.count
            #expect(chiSquare(found, of: 900, rate: 1 / 3) < onceInAThousand, "\(found) of 900 faults are in step \(step)")
        }
    }

    @Test("traces fit nano's alphabet and the set length, and stay the same for a seed", arguments: ["arithmetic-habits", "countdown-habits", "error-chains"])
    func form(corpus: String) throws {
        let world = try thinking(corpus)
        for withError in [false, true] {
            let traces = written(world, 300, withError: withError)
            #expect(traces.map(\.demonstration) == written(world, 300, withError: withError).map(\.demonstration))
            #expect(traces.map(\.demonstration) != written(world, 300, withError: withError, seed: 4).map(\.demonstration))
            for (_, demonstration) in traces {
                #expect(CharacterTokenizer.nano.fitted(demonstration.text) == demonstration.text)
                #expect(demonstration.text.count <= 120)
            }
        }
    }

    @Test("demonstrations longer than the limit are left out", arguments: ["arithmetic-habits", "countdown-habits", "error-chains"])
    func limit(corpus: String) throws {
        let all = written(try thinking(corpus), 300)
        let lengths = all.map(\.demonstration.text.count)
        let longest = (try #require(lengths.min()) + (try #require(lengths.max()))) / 2
        let short = written(try thinking(corpus, ["longest": .integer(longest)]), 300)
        #expect(short.map(\.demonstration) == all.map(\.demonstration).filter { $0.text.count <= longest })
        #expect(short.count < all.count && !short.isEmpty)
    }

    @Test("controls say nothing, or as many dots as there would be thoughts", arguments: ["arithmetic-habits", "countdown-habits"])
    func controls(corpus: String) throws {
        let full = written(try thinking(corpus), 100)
        let empty = written(try thinking(corpus, ["chain": .string("empty")]), 100)
        let padded = written(try thinking(corpus, ["chain": .string("padded")]), 100)
        for ((problem, one), (two, three)) in zip(full, zip(empty.map(\.demonstration), padded.map(\.demonstration))) {
            let (_, answer) = try parted(one.text)
            #expect(two.text == "|" + answer)
            #expect(three.text.count == one.text.count)
            #expect(three.text == String(repeating: ".", count: one.text.count - answer.count - 1) + "|" + answer)
            let world = try thinking(corpus)
            for text in [two.text, three.text] {
                #expect(world.check(text, to: problem).correct)
                #expect(world.checkSteps(of: text, to: problem).map(\.isCorrect) == [true])
                #expect(Habit.allCases.allSatisfy { HabitCounts(in: text)[$0] == 0 })
            }
        }
    }

    @Test("large numbers and long chains work too", arguments: [
        ("arithmetic-habits", ["terms": JSONValue.integer(12), "digits": .integer(3)]), ("arithmetic-habits", ["terms": .integer(2)]),
        ("arithmetic-habits", ["operations": .string("*"), "terms": .integer(3)]), ("arithmetic-habits", ["operations": .string("+-*"), "negatives": .bool(true)]),
        ("countdown-habits", ["numbers": .integer(6), "largest": .integer(20)]), ("countdown-habits", ["numbers": .integer(2)]),
        ("countdown-habits", ["numbers": .integer(4), "largest": .integer(100)]),
    ])
    func otherSizes(corpus: String, settings: [String: JSONValue]) throws {
        let world = try thinking(corpus, rates(0.7).merging(["longest": .integer(600)]) { $1 }, world: settings)
        for (problem, demonstration) in written(world, 150) {
            let (thoughts, answer) = try parted(demonstration.text)
            #expect(faults(in: thoughts).isEmpty, "\(demonstration.text)")
            #expect(exact(answer) == target(of: problem))
        }
        for (problem, demonstration) in written(world, 150, withError: true) {
            let (thoughts, _) = try parted(demonstration.text)
            #expect(faults(in: thoughts) == [try #require(demonstration.faultyStep)], "\(demonstration.text)")
            #expect(!world.check(demonstration.text, to: problem).correct)
        }
    }

    @Test("settings that cannot work are refused with a sentence", arguments: [
        ("arithmetic-habits", ["verification": JSONValue.number(1.5)], "“base.settings.verification” is 1.5; it should be between 0 and 1"),
        ("countdown-habits", ["backward": .number(-0.5)], "“base.settings.backward” is -0.5"),
        ("countdown-habits", ["chain": .string("long")], "“base.settings.chain” is “long”; it should be full, empty or padded"),
        ("arithmetic-habits", ["longest": .integer(3)], "“base.settings.longest” is 3; it should be from 8 to 4000"),
        ("error-chains", ["critiques": .number(2.5)], "“base.settings.critiques” is 2.5"),
        ("error-chains", ["kinds": .array([])], "“base.settings.kinds” is empty"),
        ("error-chains", ["kinds": .array([.string("digits")])], "did you mean “digit”"),
    ])
    func refusals(corpus: String, settings: [String: JSONValue], sentence: String) {
        let error = #expect(throws: (any Error).self) { try thinking(corpus, settings) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(sentence))
    }

    @Test("a corpus is known by name and writes for its own worlds only")
    func catalogue() throws {
        #expect(try CorpusCatalog.make("plain", settings: .object([:]), world: "word-problems") == nil)
        #expect("\(#expect(throws: CoreError.self) { try CorpusCatalog.entry("countdown-habit") }.map { "\($0)" } ?? "")".contains("“countdown-habits”"))
        let settings = try CorpusCatalog.entry("countdown-habits").defaults
        let error = #expect(throws: CoreError.self) { try CorpusCatalog.make("countdown-habits", settings: settings, world: "arithmetic") }
        #expect(error?.description == "Corpus “countdown-habits” writes for countdown, not for “arithmetic”; set another base.corpus or task.world")
        let names = try CorpusCatalog.entries().map(\.card.name)
        #expect(Set(names).count == names.count)
    }

    @Test("a thinking world asks its world behind the bar, and refuses several answers")
    func thinkingWorld() throws {
        let world = try thinking("countdown-habits")
        let problem = Problem(id: "p", world: "countdown", text: "3 7 2:13=")
        #expect(world.name == "countdown")
        #expect(world.check("3*2=6;6+7=13|3*2+7", to: problem).correct)
        #expect(world.check("3*2+7", to: problem).correct)
        #expect(!world.check("3*2+7|7+6", to: problem).correct)
        #expect(!world.check("|3*2+7|3*2+7", to: problem).correct)
        #expect(world.check("|3*2+7|3*2+7", to: problem).reason == "there are several bars, so no single answer")
        #expect(world.checkSteps(of: "3*2=6;6+7=14|x", to: problem).map(\.isCorrect) == [true, false])
        #expect(world.demonstration(of: problem, withError: false, seed: Seed(1)) == nil, "a problem without solution was demonstrated")
    }
}

/// The steps and the answer of a trace.
private func parted(_ text: String) throws -> (thoughts: [String], answer: String) {
    let halves = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    try #require(halves.count == 2)
    return (halves[0].split(separator: ";").map(String.init), halves[1])
}

/// What a problem asks for, worked out from its text: a countdown target, or a chain worked from left to right.
private func target(of problem: Problem) -> Fraction? {
    if let colon = problem.text.firstIndex(of: ":") { return exact(problem.text[colon...].dropFirst().dropLast()) }
    var total: Int?
    var sign: Character = "+"
    var digits = ""
    for character in problem.text {
        if character.isNumber {
            digits.append(character)
            continue
        }
        guard let number = Int(digits) else { return nil }
        total = total.map { sign == "+" ? $0 + number : sign == "-" ? $0 - number : $0 * number } ?? number
        (sign, digits) = (character, "")
    }
    return total.map { Fraction($0) }
}

/// The numbers in a text, sorted.
private func numbers(in text: some StringProtocol) -> [Int] { text.split { !$0.isNumber }.compactMap { Int($0) }.sorted() }

/// The steps that do not hold, judged by this file's own reading; a calculation that the next `back` drops is passed over.
private func faults(in steps: [String]) -> [Int] {
    steps.indices.filter { index in
        let step = steps[index]
        if step == "back" { return false }
        if let match = step.wholeMatch(of: /aim (-?\d+)/) { return !steps[(index + 1)...].contains { $0.hasSuffix("=" + match.1) } }
        if step.wholeMatch(of: /<[uv][-+*]\d+/) != nil { return false }
        if let match = step.wholeMatch(of: /\?(.+)=(-?\d+) (ok|no)/) { return (exact(match.1) == exact(match.2)) != (match.3 == "ok") }
        guard let match = step.wholeMatch(of: /(<?)(.+)=(-?\d+)/), exact(match.2) != exact(match.3) else { return step.firstIndex(of: "=") == nil }
        let later = steps[(index + 1)...].drop { $0.hasPrefix("?") }
        return !match.1.isEmpty || later.first != "back"
    }
}
