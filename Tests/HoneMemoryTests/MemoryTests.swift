import HoneCore
import HoneMemory
import HoneTestSupport
import Testing

/// A group of a problem whose episodes answered these texts for these returns.
private func group(_ problem: String, _ answers: [(text: String, value: Double)], iteration: Int = 0) -> EpisodeGroup {
    EpisodeGroup(
        assignment: Assignment(problem: Problem(id: problem, world: "w", text: "v\(iteration)")),
        episodes: answers.enumerated().map { index, answer in
            Episode(id: "\(iteration)/\(problem)/\(index)", steps: [Step(role: .solver, context: [], move: Move(text: answer.text))])
        }, verdicts: answers.enumerated().map { Verdict(on: .role($0, .solver), kind: .worldReturn, value: $1.value) },
        children: [EpisodeGroup(assignment: Assignment(problem: Problem(id: "child", world: "w")), episodes: [])])
}

extension MemoryItem {
    fileprivate var answers: [String] { group?.episodes.map { $0.response(of: .solver) } ?? [] }
}

@Suite("Replay memory")
struct ReplayMemoryTests {
    let scope = ScriptedServices().scope(seed: 4)

    @Test("the oldest groups leave first", arguments: [(0, []), (1, ["p4"]), (3, ["p2", "p3", "p4"]), (9, ["p0", "p1", "p2", "p3", "p4"]), (-2, [])])
    func capacity(capacity: Int, kept: [String]) async throws {
        var memory = ReplayMemory(capacity: capacity)
        for index in 0..<5 { try await memory.remember([group("p\(index)", [("x", 1)])], in: scope) }
        #expect(memory.memo.groups.map(\.assignment.problem.id) == kept)
        var atOnce = ReplayMemory(capacity: capacity)
        try await atOnce.remember((0..<5).map { group("p\($0)", [("x", 1)]) }, in: scope)
        #expect(atOnce.memo.groups == memory.memo.groups)
    }

    @Test("gives as many groups as asked for, oldest first, none twice", arguments: [-1, 0, 1, 5, 19, 20, 21, Int.max])
    func limits(limit: Int) async throws {
        var memory = ReplayMemory(capacity: 20)
        try await memory.remember((0..<20).map { group("p\($0)", [("x", 1)]) }, in: scope)
        let items = try await memory.recall("", limit: limit, in: scope)
        let places = items.compactMap { Int($0.text.dropFirst()) }
        #expect(places.count == min(20, max(0, limit)))
        #expect(places == Array(Set(places)).sorted())
        #expect(items.allSatisfy { $0.group?.assignment.problem.id == $0.text })
    }

    @Test("draws by the scope's seed only, each group equally often")
    func drawsEvenly() async throws {
        var memory = ReplayMemory(capacity: 10)
        try await memory.remember((0..<10).map { group("p\($0)", [("x", 1)]) }, in: scope)
        var counts: [String: Int] = [:]
        for index in 0..<2000 {
            let own = scope.child("recall", index)
            let items = try await memory.recall("any", limit: 3, in: own)
            #expect(try await memory.recall("other", limit: 3, in: own) == items)
            for item in items { counts[item.text, default: 0] += 1 }
        }
        #expect(counts.count == 10)
        // Each is drawn in 3 of 10 cases: 600 ± 4·√(2000·0.3·0.7) = 82.
        #expect(counts.values.allSatisfy { abs($0 - 600) <= 82 })
    }

    @Test("a resumed memory recalls what the first one would")
    func resumes() async throws {
        var memory = ReplayMemory(capacity: 5)
        try await memory.remember((0..<8).map { group("p\($0)", [("x", 1), ("y", 0)]) }, in: scope)
        var resumed = ReplayMemory(capacity: 5)
        resumed.memo = try JSONValue(parsing: JSONValue(encoding: memory.memo).canonical).decode(ReplayMemory.Memo.self)
        let expected = try await memory.recall("", limit: 2, in: scope)
        #expect(try await resumed.recall("", limit: 2, in: scope) == expected)
    }
}

@Suite("Solution memory")
struct SolutionMemoryTests {
    let scope = ScriptedServices().scope()

    @Test("keeps what reached the threshold, each response once, with its true return")
    func accepts() async throws {
        var memory = SolutionMemory(keep: 10, threshold: 0.5)
        try await memory.remember([group("p", [("a", 1), ("b", 0.4), ("a", 1), ("c", 0.5), ("d", -1)])], in: scope)
        let item = try #require(try await memory.recall("", limit: 9, in: scope).first)
        #expect(item.answers == ["a", "c"])
        #expect(item.group?.episodes.map(\.id) == ["0/p/0", "0/p/3"])
        #expect(item.group?.value(of: .worldReturn, episode: 0, role: .solver) == 1)
        #expect(item.group?.value(of: .worldReturn, episode: 1, role: .solver) == 0.5)
        #expect(item.group?.verdicts.count == 2 && item.group?.children == [])
    }

    @Test("newer solutions go before older ones, up to the number kept", arguments: [
        (1, ["e"]), (2, ["e", "b"]), (3, ["e", "b", "a"]), (4, ["e", "b", "a", "c"]), (9, ["e", "b", "a", "c"]), (0, ["e"]),
    ])
    func keeps(keep: Int, expected: [String]) async throws {
        var memory = SolutionMemory(keep: keep)
        let rounds: [[(text: String, value: Double)]] = [[("a", 1), ("b", 1), ("c", 1)], [("b", 1), ("a", 1)], [("x", 0)], [("e", 1), ("y", 0)]]
        for (iteration, answers) in rounds.enumerated() { try await memory.remember([group("p", answers, iteration: iteration)], in: scope) }
        // With few places, what was dropped does not come back.
        let item = try #require(try await memory.recall("", limit: 1, in: scope).first)
        #expect(item.answers == expected)
        #expect(item.group?.assignment.problem.text == "v3")
        #expect(item.group?.verdicts.map(\.value) == expected.map { _ in 1 })
    }

    @Test("problems stay in the order they were first solved; unsolved ones are not there")
    func order() async throws {
        var memory = SolutionMemory(keep: 1)
        try await memory.remember([group("p2", [("a", 1)]), group("p9", [("a", 0)]), group("p1", [("a", 1)])], in: scope)
        try await memory.remember([group("p1", [("b", 1)]), group("p9", [("b", 1)]), group("p0", [])], in: scope)
        #expect(try await memory.recall("", limit: 9, in: scope).map(\.text) == ["p2", "p1", "p9"])
        #expect(try await memory.recall("", limit: 9, in: scope).map(\.answers) == [["a"], ["b"], ["b"]])
        for limit in [-3, 0] { #expect(try await memory.recall("", limit: limit, in: scope) == []) }
        #expect(try await memory.recall("", limit: 2, in: scope).map(\.text) == ["p2", "p1"])
    }

    @Test("a group twice in one batch counts as two rounds")
    func twice() async throws {
        var memory = SolutionMemory(keep: 2)
        try await memory.remember([group("p", [("a", 1)]), group("p", [("b", 1)])], in: scope)
        #expect(try await memory.recall("", limit: 1, in: scope).first?.answers == ["b", "a"])
    }

    @Test("an episode nobody judged is not accepted")
    func unjudged() async throws {
        var memory = SolutionMemory(keep: 2)
        var unjudged = group("p", [("a", 1)])
        unjudged.verdicts = [Verdict(on: .role(0, .solver), kind: "helpful", value: 1)]
        try await memory.remember([unjudged], in: scope)
        #expect(memory.memo.groups.isEmpty)
    }

    @Test("a resumed memory goes on as the first one would")
    func resumes() async throws {
        var memory = SolutionMemory(keep: 3)
        try await memory.remember([group("p", [("a", 1), ("b", 1)]), group("q", [("a", 1)])], in: scope)
        var resumed = SolutionMemory(keep: 3)
        resumed.memo = try JSONValue(parsing: JSONValue(encoding: memory.memo).canonical).decode(SolutionMemory.Memo.self)
        for _ in 0..<2 {
            try await memory.remember([group("q", [("c", 1)], iteration: 2)], in: scope)
            try await resumed.remember([group("q", [("c", 1)], iteration: 2)], in: scope)
        }
        let expected = try await memory.recall("", limit: 9, in: scope)
        #expect(try await resumed.recall("", limit: 9, in: scope) == expected)
        #expect(expected.map(\.answers) == [["a", "b"], ["c", "a"]])
    }
}
