import Foundation
import HoneCore
import HoneStore
import Testing

@Suite("Records")
struct RecordsTests {
    @Test("are kept to the last bit, and an iteration that is written again is replaced")
    func records() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        try store.append(record(0))
        try store.append(record(1))
        try store.append(record(1, reward: 0))
        #expect(try store.groups(of: 0) == record(0).groups)
        #expect(try store.groups(of: 1) == record(1, reward: 0).groups)
        #expect(try store.iterations().map(\.index) == [0, 1])
        #expect(try store.iterations()[1].training["reward"]?.mean == 0)
        try store.forget(after: 0)
        #expect(try store.iterations().map(\.index) == [0])
        #expect(try store.groups(of: 1).isEmpty)
    }

    @Test("hold numbers that are not finite, and log-probabilities to the last bit")
    func notFinite() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        let odd: [Double] = [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        var one = record(0, groups: 1)
        one.measures = odd.enumerated().map { place, value in
            MeasureRecord(name: "m\(place)", estimate: Estimate(mean: value, low: -value, high: value, count: 1, unit: "nats"), cost: Cost())
        }
        one.seconds = .nan
        one.updates = ["loss": .nan, "gradientNorm": .infinity]
        one.groups[0].episodes[0].returns = [.solver: .nan]
        one.groups[0].episodes[0].steps[0].move.segments[0].samplerLogProbs = [.nan, -.infinity, -0.0, -3.4028235e38, Float.leastNonzeroMagnitude]
        try store.append(one)
        let found = try #require(try store.iterations().first)
        for (measure, value) in zip(found.measures, odd) {
            #expect(value.isNaN ? measure.estimate.mean.isNaN : measure.estimate.mean == value)
            #expect(value.isNaN ? measure.estimate.low.isNaN : measure.estimate.low == -value)
        }
        #expect(found.seconds.isNaN && found.updates["loss"]?.isNaN == true && found.updates["gradientNorm"] == .infinity)
        let episode = try store.groups(of: 0)[0].episodes[0]
        #expect(episode.returns[.solver]?.isNaN == true)
        let numbers = try #require(episode.steps[0].move.segments[0].samplerLogProbs)
        #expect(numbers[0].isNaN && numbers.dropFirst().map(\.bitPattern) == [-Float.infinity, -0.0, -3.4028235e38, Float.leastNonzeroMagnitude].map(\.bitPattern))
        let digest = try RunDigest(scratch.run)
        #expect(digest == (try RunDigest(scratch.run)))
    }

    @Test("keep texts apart that Swift calls equal, and hold any text")
    func texts() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        let texts = ["\u{E0}", "a\u{300}", "", "\r\n", "\n", "\u{0}\u{1}\u{8}\u{C}\u{1F}\u{7F}", "\"\\/", "\u{2028}\u{FEFF}", "👩‍👩‍👧", String(repeating: "ab", count: 5000)]
        var groups: [EpisodeGroup] = []
        for text in texts + texts.reversed() {
            var one = group(text)
            one.assignment.problem.text = text
            one.assignment.problem.details = ["k": text]
            one.episodes[0].ending = .failed(text)
            groups.append(one)
        }
        var all = record(0)
        all.groups = groups
        try store.append(all)
        let found = try store.groups(of: 0)
        #expect(found.count == groups.count)
        for (one, other) in zip(found, groups) {
            #expect(Array(one.assignment.problem.text.utf8) == Array(other.assignment.problem.text.utf8))
            #expect(Array(one.assignment.problem.id.utf8) == Array(other.assignment.problem.id.utf8))
            #expect(Array((one.assignment.problem.details["k"] ?? "?").utf8) == Array((other.assignment.problem.details["k"] ?? "!").utf8))
        }
        #expect(found == groups)
    }

    @Test("hold every member of a group, nested and seldom ones too", arguments: 1...12)
    func everything(seed: UInt64) throws {
        var generator = Seed(seed).generator
        func number() -> Float { Float(bitPattern: UInt32(generator.integer(in: 0...0x7F7F_FFFF))) }
        func segment() -> Segment {
            let contents: [Segment.Content] = [
                .text("t\(generator.integer(in: 0...3))"), .numbers((0..<3).map { _ in number() }, shape: [3, 1]),
                .tokens([0, .max, .min, -1, TokenID(generator.integer(in: 0...70000))], text: "x"), .tokens([], text: ""),
            ]
            let origins: [Segment.Origin] = [.model("m", update: generator.integer(in: 0 ... .max)), .world, .tool, .prompt, .hint, .demonstration]
            return Segment(
                origin: origins[generator.integer(in: 0...5)], author: generator.integer(in: 0...1) == 0 ? nil : "player 1",
                content: contents[generator.integer(in: 0...3)], samplerLogProbs: generator.integer(in: 0...1) == 0 ? nil : [number(), number()],
                entropies: [], isTrained: generator.integer(in: 0...1) == 0, weight: number(), isPrivate: generator.integer(in: 0...1) == 0)
        }
        func deep(_ depth: Int) -> EpisodeGroup {
            var one = group("p", seed: seed)
            one.assignment.problem.parameters = [0.1, 1e300, -0.0]
            one.assignment.problem.demonstrations = ["5+7=", "12"]
            let nodes = (0..<3).map {
                SearchTree.Node(parent: $0 == 0 ? nil : $0 - 1, move: Move(segments: [segment()]), visits: $0, value: 0.3, prior: 1e-9, verdicts: [])
            }
            one.episodes[1].steps.append(
                Step(
                    role: "player 1", context: [segment(), segment()],
                    move: Move(segments: [segment()], context: [segment()], tree: SearchTree(nodes: nodes, chosen: 1))))
            one.episodes[1].returns = ["player 1": 0.1, "player 0": -1, .solver: 1e-300]
            one.episodes[2].ending = .illegal("player 1")
            one.episodes[3].ending = nil
            one.verdicts += [
                Verdict(on: .span(0, 0, 1...3), kind: .step, value: 0.5, confidence: 0.9, critique: "no", madeBy: "e"),
                Verdict(on: .pair(0, over: 1), kind: "better", value: 1), Verdict(on: .group, kind: "g", value: -2),
            ]
            if depth > 0 { one.children = [deep(depth - 1), deep(depth - 1)] }
            return one
        }
        var all = record(0)
        all.groups = (0..<5).map { _ in deep(2) }
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        try store.append(all)
        #expect(try store.groups(of: 0) == all.groups)
    }

    @Test("are packed: a prompt and a cast cost once, and many pieces read back in order")
    func size() throws {
        let scratch = try Scratch()
        do {
            let store = try SQLiteRunStore(scratch.run, for: .writing)
            try store.append(record(0, groups: 4000))
            let found = try store.groups(of: 0)
            #expect(found == record(0, groups: 4000).groups)
        }
        let json = try JSONEncoder().encode(record(0, groups: 40).groups).count * 100
        let size = try #require(try FileManager.default.attributesOfItem(atPath: scratch.path + "/records.sqlite")[.size] as? Int)
        #expect(size * 4 < json, "\(size) bytes for \(json) bytes of JSON")
    }

    @Test("hold the answers of measuring beside the groups, and none apart from no answers")
    func answers() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        var with = record(0, measures: [measure("pass@1", 0.5)])
        with.answers = [group("held out 1"), group("held out 2")]
        var empty = record(1)
        empty.answers = []
        for one in [with, empty, record(2)] { try store.append(one) }
        #expect(try [0, 1, 2].map { try store.answers(of: $0) } == [with.answers, [], []])
        #expect(try store.answeredIterations() == [0, 1])
        #expect(try store.iterations().allSatisfy { $0.answers == nil && $0.groups.isEmpty })
        #expect(try store.groups(of: 0) == with.groups)
        let digest = try RunDigest(scratch.run)
        try store.append(record(0))
        #expect(try RunDigest(scratch.run).run == digest.run)
    }
}
