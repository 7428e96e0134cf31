import Foundation
import HoneCore
import Testing

@Suite("Core values")
struct CoreTests {
    @Test("a seed's children depend on label and index, and on nothing else")
    func seeds() {
        let seed = Seed(42)
        #expect(seed.child("a", 1) == seed.child("a", 1))
        let children = ["a", "b", "ab", ""].flatMap { label in (0..<50).map { seed.child(label, $0) } }
        #expect(Set(children).count == children.count)
        #expect(seed.child("a").child("b") != seed.child("b").child("a"))
    }

    @Test("SplitMix64 draws its published numbers")
    func splitMix() {
        var generator = SeededGenerator(Seed(1_234_567))
        #expect((0..<5).map { _ in generator.next() } == [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ])
    }

    @Test("whole numbers are drawn evenly from their range")
    func integers() {
        var generator = Seed(3).generator
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[generator.integer(in: 0...5)] += 1 }
        // A chi-square of 5 degrees stays under 20.5 in 99.9 % of draws.
        #expect(counts.reduce(0.0) { $0 + pow(Double($1) - 10_000, 2) / 10_000 } < 20.5)
        #expect(generator.integer(in: 7...7) == 7)
    }

    @Test("SHA-256 gives the standard's digests, in one piece and in many", arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ])
    func sha(text: String, digest: String) {
        #expect(SHA256.hex(text) == digest)
        var hash = SHA256()
        for byte in text.utf8 { hash.update([byte]) }
        #expect(hash.hexDigest() == digest)
    }

    @Test("SHA-256 of a million a is the standard's")
    func longSHA() {
        #expect(SHA256.hex([UInt8](repeating: 97, count: 1_000_000)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("JSON has one spelling: sorted keys, shortest numbers, escapes")
    func canonical() throws {
        let value = try JSONValue(parsing: #"{"b": [1, 2.50, true, null], "a": "x\n\"y\u0001", "ä": 1e3}"#)
        #expect(value.canonical == #"{"a":"x\n\"y\u0001","b":[1,2.5,true,null],"ä":1000}"#)
        #expect(try JSONValue(parsing: value.canonical) == value)
        #expect(JSONValue.number(.nan).canonical == "\"nan\"")
    }

    @Test("settings refuse unknown keys and wrong kinds, all at once, with the nearest key and the place")
    func settings() throws {
        let overlay = SettingsOverlay(defaults: .object(["learner": .object(["rate": .number(0.001), "passes": .integer(1)]), "name": .string("x")]))
        let good = try overlay.resolve([
            .init(path: ["learner", "rate"], value: .integer(1), place: "--set"), .init(path: ["name"], value: .integer(7), place: "--set"),
        ])
        #expect(good["learner"]?["rate"] == .number(1))
        #expect(good["name"] == .string("7"))
        do {
            _ = try overlay.resolve([
                .init(path: ["learner", "rat"], value: .number(1), place: "a.yaml:2:3"),
                .init(path: ["learner", "passes"], value: .string("many"), place: "a.yaml:3:3"),
                .init(path: ["name", "first"], value: .string("x"), place: "a.yaml:4:1"),
            ])
            Issue.record("mistakes were accepted")
        } catch {
            #expect(error.mistakes.count == 3)
            #expect(error.description.contains("a.yaml:2:3: There is no setting “learner.rat”; did you mean “learner.rate”?"))
            #expect(error.description.contains("a.yaml:3:3: “learner.passes” takes a whole number"))
        }
    }

    @Test("near names are found", arguments: [("gpro", "grpo"), ("arithmatic", "arithmetic"), ("word", "word-problems")])
    func spelling(typed: String, meant: String) {
        #expect(Spelling.nearest(to: typed, among: ["grpo", "arithmetic", "word-problems", "star"]).first == meant)
    }

    @Test("names are strings in JSON, also as keys")
    func names() throws {
        #expect(try JSONValue(encoding: [Role("b"): 1.0, Role("a"): 2.0]).canonical == #"{"a":2,"b":1}"#)
        #expect(try JSONValue(encoding: Role("x")).canonical == #""x""#)
    }

    @Test("a group's value prefers the role's verdict over the episode's")
    func values() {
        var group = EpisodeGroup(assignment: Assignment(problem: Problem(id: "p", world: "w")), episodes: [Episode(id: "e")])
        group.verdicts = [
            Verdict(on: .role(0, "a"), kind: "return", value: 1), Verdict(on: .episode(0), kind: "return", value: 2),
            Verdict(on: .episode(0), kind: "other", value: 3),
        ]
        #expect(group.value(of: "return", episode: 0, role: "a") == 1)
        #expect(group.value(of: "return", episode: 0, role: "b") == 2)
        #expect(group.value(of: "return", episode: 1) == nil)
    }

    @Test("schedules keep their ends")
    func schedules() {
        #expect(Schedule.constant(2).value(at: 99) == 2)
        #expect(Schedule.linear(from: 1, to: 0, over: 10).value(at: 5) == 0.5)
        #expect(Schedule.linear(from: 1, to: 0, over: 10).value(at: 50) == 0)
        #expect(abs(Schedule.cosine(from: 1, to: 0, over: 10).value(at: 5) - 0.5) < 1e-12)
        let warm = Schedule.warmupCosine(peak: 1, to: 0.1, warmup: 4, over: 20)
        #expect(warm.value(at: 0) == 0.25)
        #expect(warm.value(at: 4) == 1)
        #expect(abs(warm.value(at: 20) - 0.1) < 1e-12)
    }

    @Test("costs add up field by field")
    func costs() {
        var a = Cost()
        a.sampledTokens = 1
        a.judgeCalls = 2
        var b = Cost()
        b.sampledTokens = 10
        b.optimiserSteps = 5
        let sum = a + b
        #expect((sum.sampledTokens, sum.judgeCalls, sum.optimiserSteps) == (11, 2, 5))
    }
}
