import Foundation
import HoneCore
import HoneStore
import Testing

@Suite("A run's digest")
struct DigestTests {
    @Test("sees episodes, settings and weights, and not times or held-out measures")
    func scope() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        try store.append(record(0))
        try store.keep(checkpoint(0))
        let first = try RunDigest(scratch.run)
        var slower = record(0, measures: [measure("pass@1", 1)])
        slower.seconds = 99
        slower.computedTokens = ComputedTokens(improving: 7, measuring: 8)
        try store.append(slower)
        #expect(try store.iterations()[0].computedTokens == ComputedTokens(improving: 7, measuring: 8))
        #expect(try RunDigest(scratch.run).run == first.run)
        #expect(try RunDigest(scratch.run).measures != first.measures)
        try store.append(record(0))
        #expect(try RunDigest(scratch.run) == first)
        try store.keep(checkpoint(0, salt: 1))
        let other = try RunDigest(scratch.run)
        #expect(other.run != first.run && other.weights != first.weights)
        let unmeasured = try Scratch(settings: .object(["a": .integer(1), "evaluation": .object(["every": .integer(0)])]))
        let changed = try Scratch(settings: .object(["a": .integer(2)]))
        let seeded = try Scratch(seed: 8)
        for (folder, isSame) in [(unmeasured, true), (changed, false), (seeded, false)] {
            let store = try SQLiteRunStore(folder.run, for: .writing)
            try store.append(record(0))
            try store.keep(checkpoint(0))
            #expect((try RunDigest(folder.run).run == first.run) == isSame)
        }
    }

    @Test(
        "changes with every member of a record that must be the same again",
        arguments: ["reward", "token", "log-probability", "text", "update", "training", "decision", "cost", "verdict", "order", "missing"])
    func members(change: String) throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        try store.append(record(0))
        let first = try RunDigest(scratch.run)
        var other = record(0)
        switch change {
        case "reward": other.groups[1].episodes[3].returns[.solver] = 1.0000000000000002
        case "token": other.groups[2].episodes[0].steps[0].move.segments[0].content = .tokens([1], text: "answer 0")
        case "log-probability": other.groups[0].episodes[0].steps[0].move.segments[0].samplerLogProbs?[0].negate()
        case "text": other.groups[0].assignment.problem.text = "a\u{300}"
        case "update": other.updates["loss"] = 0.25.nextUp
        case "training": other.training["reward"]?.count = 11
        case "decision": other.decisions.append("x")
        case "cost": other.cost.sampledTokens = 1
        case "verdict": other.groups[0].verdicts[0].value = 2
        case "order": other.groups.swapAt(0, 1)
        default: other.groups.removeLast()
        }
        try store.append(other)
        #expect(try RunDigest(scratch.run).run != first.run)
        try store.append(record(0))
        #expect(try RunDigest(scratch.run).run == first.run)
    }

    private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/run").path

    /// The folder was written by the first version of format 2; whoever changes how digests are made changes everybody's.
    @Test("of a run in the repository never changes, and the folder is only read")
    func fixture() throws {
        let names = Scratch.names(in: Self.fixture)
        let digest = try RunDigest(try RunFolder.open(at: Self.fixture))
        #expect(digest.run == "990c237d61115fe442b98be71b0c7142212363482c642a98f4370aae9134f400")
        #expect(digest.measures == "282dc6ef318bac3563358206d189c80822d61d6564febef9ae88dfdda013f348")
        #expect(digest.weights == "29e136f75181acdb583af144b7878a7cc35784a3c86161d82344bba67c339ac0")
        #expect(Scratch.names(in: Self.fixture) == names)
    }

    @Test("does not depend on how records are laid out: the same records written anew have the same one")
    func layout() throws {
        let old = try RunFolder.open(at: Self.fixture)
        let reader = try SQLiteRunStore(old)
        let path = NSTemporaryDirectory() + "/hone-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let new = try RunFolder.create(at: path, old.manifest)
        let store = try SQLiteRunStore(new, for: .writing)
        for var one in try reader.iterations().reversed() {
            one.groups = try reader.groups(of: one.index)
            try store.append(one)
        }
        try store.keep(try #require(try reader.latestCheckpoint { Issue.record("\($0)") }))
        #expect(try RunDigest(new) == (try RunDigest(old)))
    }

    /// By another way than the store's: Foundation's JSON of the same groups, with sorted keys.
    @Test("is the hash of the settings, the records' and groups' canonical JSON, and the weights")
    func definition() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        for iteration in 0..<2 { try store.append(record(iteration)) }
        let weights = checkpoint(1)
        try store.keep(weights)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var hash = SHA256()
        hash.update(Array("grpo\n7\n{\"a\":1}\n".utf8))
        for iteration in 0..<2 {
            var bare = record(iteration)
            bare.groups = []
            bare.seconds = 0
            hash.update(Array((try JSONValue(encoding: bare).canonical + "\n").utf8))
        }
        for iteration in 0..<2 {
            for group in record(iteration).groups { hash.update([UInt8](try encoder.encode(group)) + [10]) }
        }
        var weightHash = SHA256()
        weightHash.update(Array("model-policy-weights.safetensors\n".utf8))
        weightHash.update([UInt8](weights.files["model-policy-weights.safetensors"] ?? Data()))
        let weightText = weightHash.hexDigest()
        hash.update(Array(weightText.utf8))
        let digest = try RunDigest(scratch.run)
        #expect(digest.weights == weightText)
        #expect(digest.run == hash.hexDigest())
    }
}
