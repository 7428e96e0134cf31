import HoneCore
import HoneCurricula
import HoneTestSupport
import Testing

@Suite("Problem streams")
struct ProblemStreamTests {
    let scope = ScriptedServices().scope()

    func stream(_ count: Int, samples: Int = 2, seed: UInt64 = 1) -> ProblemStream {
        ProblemStream(problems: (0..<count).map { Problem(id: "p\($0)", world: "w") }, samples: samples, seed: Seed(seed))
    }

    func ids(_ stream: inout ProblemStream, _ count: Int) async throws -> [String] { try await stream.next(count, in: scope).map(\.problem.id) }

    @Test("every epoch has every problem once, in another order than the last", arguments: [1, 2, 7, 50])
    func epochs(count: Int) async throws {
        var stream = stream(count)
        var epochs: [[String]] = []
        for _ in 0..<4 { epochs.append(try await ids(&stream, count)) }
        let all = Set((0..<count).map { "p\($0)" })
        #expect(epochs.allSatisfy { Set($0) == all && $0.count == count })
        if count >= 7 { #expect(Set(epochs).count == 4) }
    }

    @Test("how the stream is cut into batches cannot change what comes", arguments: 0..<10)
    func batches(number: Int) async throws {
        var generator = Seed(2).child("cuts", number).generator
        var whole = stream(7)
        let expected = try await ids(&whole, 60)
        var cut = stream(7)
        var found: [String] = []
        while found.count < 60 { found += try await ids(&cut, min(60 - found.count, generator.integer(in: 0...20))) }
        #expect(found == expected)
        #expect(cut.memo.epoch * 7 + cut.memo.place == whole.memo.epoch * 7 + whole.memo.place)
    }

    @Test("a stream resumed from its memo goes on where it was", arguments: [0, 1, 4, 5, 6, 10, 23])
    func resumes(played: Int) async throws {
        var first = stream(5)
        _ = try await ids(&first, played)
        var resumed = stream(5)
        resumed.memo = try JSONValue(parsing: JSONValue(encoding: first.memo).canonical).decode(ProblemStream.Memo.self)
        let expected = try await ids(&first, 12)
        #expect(try await ids(&resumed, 12) == expected)
    }

    @Test("the order depends on the stream's seed, not on the scope's")
    func seeds() async throws {
        var one = stream(20, seed: 1)
        var same = stream(20, seed: 1)
        var other = stream(20, seed: 2)
        let first = try await ids(&one, 20)
        let again = try await same.next(20, in: ScriptedServices().scope(seed: 99, path: "elsewhere")).map(\.problem.id)
        #expect(first == again)
        #expect(try await ids(&other, 20) != first)
        #expect(first != (0..<20).map { "p\($0)" })
    }

    @Test("each assignment asks for the stream's number of samples and leaves the cast alone")
    func samples() async throws {
        var stream = stream(3, samples: 8)
        let assignments = try await stream.next(3, in: scope)
        #expect(assignments.allSatisfy { $0.samples == 8 && $0.cast == [:] })
    }

    @Test("nothing comes from no problems, and asking for nothing moves nothing")
    func nothing() async throws {
        var empty = stream(0)
        #expect(try await empty.next(5, in: scope) == [])
        var three = stream(3)
        #expect(try await three.next(0, in: scope) == [])
        #expect(three.memo.epoch == 0 && three.memo.place == 0)
    }

    @Test("what was played changes nothing")
    func observing() async throws {
        var stream = stream(5)
        let before = stream.memo
        try await stream.observe([EpisodeGroup(assignment: Assignment(problem: stream.problems[0]), episodes: [])], in: scope)
        #expect(stream.memo == before)
    }

    @Test("places of problems in an epoch are even: no problem is always early")
    func even() async throws {
        var stream = stream(4)
        var firsts: [String: Int] = [:]
        for _ in 0..<2000 {
            let epoch = try await ids(&stream, 4)
            firsts[epoch[0], default: 0] += 1
        }
        // 500 ± 4·√(2000·¼·¾) = 77.
        #expect(firsts.count == 4 && firsts.values.allSatisfy { abs($0 - 500) <= 77 })
    }
}
