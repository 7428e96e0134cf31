import Foundation
import HoneCore
import HoneStore
import Testing

private func folder() throws -> (path: String, run: RunFolder) {
    let path = NSTemporaryDirectory() + "/hone-store-\(UUID().uuidString)"
    let manifest = RunManifest(
        recipe: "grpo", settings: .object(["a": .integer(1), "evaluation": .object(["every": .integer(5)])]), seed: 7,
        versions: ["hone": "0"], machine: ["cores": "2"], created: "2026-01-01T00:00:00Z")
    return (path, try RunFolder.create(at: path, manifest))
}

private func record(_ index: Int, reward: Double = 1, measures: [MeasureRecord] = []) -> IterationRecord {
    let segment = Segment(
        origin: .model("policy", update: index), content: .tokens([3, 4, 1], text: "12"), samplerLogProbs: [-0.1, -1e-20, -3.4028235e38],
        entropies: [0.5, 0, 1], isTrained: true)
    let step = Step(role: .solver, context: [.text("5+7=", from: .prompt)], move: Move(segments: [segment]))
    let episode = Episode(id: "e\(index)", steps: [step], returns: [.solver: reward], ending: .completed)
    let group = EpisodeGroup(
        assignment: Assignment(problem: Problem(id: "5+7", world: "arithmetic", text: "5+7=")), episodes: [episode],
        verdicts: [Verdict(on: .role(0, .solver), kind: .worldReturn, value: reward)])
    return IterationRecord(
        index: index, stage: "improve", indexInStage: index, groups: [group], updates: ["loss": 0.25], measures: measures, seconds: 3)
}

@Suite("A run folder")
struct RunFolderTests {
    @Test("opens as what was created, and is not created twice")
    func roundTrip() throws {
        let (path, run) = try folder()
        #expect(try RunFolder.open(at: path).manifest == run.manifest)
        #expect(throws: StoreError.self) { try RunFolder.create(at: path, run.manifest) }
        #expect(throws: StoreError.self) { try RunFolder.open(at: path + "/nowhere") }
    }

    @Test("keeps groups to the last bit and replaces an iteration that is written again")
    func records() throws {
        let store = try SQLiteRunStore(try folder().run)
        try store.append(record(0))
        try store.append(record(1))
        try store.append(record(1, reward: 0))
        #expect(try store.groups(of: 0) == record(0).groups)
        #expect(try store.groups(of: 1) == record(1, reward: 0).groups)
        #expect(try store.iterations().map(\.index) == [0, 1])
        try store.forget(after: 0)
        #expect(try store.iterations().map(\.index) == [0])
        #expect(try store.groups(of: 1).isEmpty)
    }

    @Test("refuses a second process's lock while the first holds it, naming the holder")
    func lock() throws {
        let path = try folder().path
        let first = try RunLock(folder: path)
        do {
            _ = try RunLock(folder: path)
            Issue.record("the lock was given twice")
        } catch let error as StoreError { #expect(error.description.contains("process \(ProcessInfo.processInfo.processIdentifier)")) }
        withExtendedLifetime(first) {}
    }

    @Test("finds every flipped byte of a checkpoint and falls back to the one before")
    func damage() throws {
        let (path, run) = try folder()
        let store = try SQLiteRunStore(run)
        let data = Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try store.keep(Checkpoint(iteration: 1, files: ["model": data, "state.json": Data("{}".utf8)]))
        try store.keep(Checkpoint(iteration: 2, files: ["model": data, "state.json": Data("{}".utf8)]))
        let file = path + "/checkpoints/000002/model"
        var generator = Seed(3).generator
        for _ in 0..<40 {
            var broken = data
            let place = generator.integer(in: 0...4999)
            broken[place] ^= UInt8(1 << generator.integer(in: 0...7))
            try broken.write(to: URL(fileURLWithPath: file))
            var warnings: [String] = []
            #expect(try store.latestCheckpoint { warnings.append($0) }?.iteration == 1)
            #expect(warnings.first?.contains("model does not have the hash") == true)
        }
        try data.prefix(100).write(to: URL(fileURLWithPath: file))
        #expect(try store.latestCheckpoint { _ in }?.iteration == 1)
        try data.write(to: URL(fileURLWithPath: file))
        #expect(try store.latestCheckpoint { _ in }?.iteration == 2)
    }

    @Test("keeps three checkpoints and passes over what a kill left half-written")
    func rotation() throws {
        let (path, run) = try folder()
        let store = try SQLiteRunStore(run)
        for iteration in 0..<6 { try store.keep(Checkpoint(iteration: iteration, files: ["a": Data([UInt8(iteration)])])) }
        let names = try FileManager.default.contentsOfDirectory(atPath: path + "/checkpoints").sorted()
        #expect(names == ["000003", "000004", "000005"])
        try FileManager.default.createDirectory(atPath: path + "/checkpoints/.partial-000006", withIntermediateDirectories: true)
        #expect(try store.latestCheckpoint { _ in }?.iteration == 5)
    }

    @Test("has a digest that sees episodes, settings and weights, and not times or held-out measures")
    func digest() throws {
        let (_, run) = try folder()
        let store = try SQLiteRunStore(run)
        try store.append(record(0))
        try store.keep(Checkpoint(iteration: 0, files: ["model-policy-weights.safetensors": Data([1])]))
        let first = try RunDigest(run)
        var slower = record(0, measures: [MeasureRecord(name: "pass@1", estimate: Estimate(mean: 1, low: 1, high: 1, count: 1, unit: "share"), cost: Cost())])
        slower.seconds = 99
        try store.append(slower)
        #expect(try RunDigest(run).run == first.run)
        #expect(try RunDigest(run).measures != first.measures)
        try store.append(record(0, reward: 0))
        #expect(try RunDigest(run).run != first.run)
        try store.append(record(0))
        #expect(try RunDigest(run).run == first.run)
        try store.keep(Checkpoint(iteration: 1, files: ["model-policy-weights.safetensors": Data([2])]))
        #expect(try RunDigest(run).run != first.run)
    }
}
