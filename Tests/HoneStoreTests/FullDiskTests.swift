import Foundation
import HoneCore
import HoneStore
import Testing

/// A limit on the size of files stands for a full disk: it needs no rights, and holds for one process only.
@Suite("A full disk")
struct FullDiskTests {
    /// From here on no file of this process can have more bytes; writing more is an error instead of a signal.
    private static func limitFiles(to bytes: Int) {
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
        #expect(setrlimit(RLIMIT_FSIZE.asResource, &limit) == 0)
    }

    @Test("ends a checkpoint with a sentence, and the one before is there")
    func checkpoints() async throws {
        let scratch = try Scratch()
        do {
            let store = try SQLiteRunStore(scratch.run, for: .writing)
            for iteration in 0..<2 {
                try store.append(record(iteration, groups: 1))
                try store.keep(checkpoint(iteration))
            }
        }
        let digest = try RunDigest(scratch.run)
        await #expect(processExitsWith: .success) { [path = scratch.path as String] in
            let store = try SQLiteRunStore(try RunFolder.open(at: path), for: .writing)
            FullDiskTests.limitFiles(to: 300_000)
            let said = sentence { try store.keep(checkpoint(1, salt: 1, bytes: 1_000_000)) }
            #expect(said.contains("model-policy-weights.safetensors") && said.contains("ulimit -f") && said.contains("hone resume"))
            #expect(Scratch.names(in: path + "/checkpoints") == ["000000", "000001"])
            #expect(try store.latestCheckpoint { Issue.record("\($0)") }?.files == checkpoint(1).files)
        }
        #expect(try RunDigest(scratch.run) == digest)
    }

    @Test("ends a record with a sentence at whatever size, and the run goes on once there is room", arguments: [1000, 5000, 20000, 40000, 70000, 120_000, 200_000])
    func records(limit: Int) async throws {
        let scratch = try Scratch()
        do {
            let store = try SQLiteRunStore(scratch.run, for: .writing)
            try store.append(record(0))
            try store.keep(checkpoint(0))
        }
        await #expect(processExitsWith: .success) { [path = scratch.path as String, limit = limit as Int] in
            FullDiskTests.limitFiles(to: limit)
            let said = sentence {
                let store = try SQLiteRunStore(try RunFolder.open(at: path), for: .writing)
                for iteration in 1..<200 { try store.append(record(iteration, groups: 20)) }
            }
            #expect(said.contains("records.sqlite") && said.contains("disk"))
        }
        let whole = try RunDigest(scratch.run)
        #expect(whole.weights == (try RunDigest(scratch.run)).weights)
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        #expect(try store.latestCheckpoint { Issue.record("\($0)") }?.iteration == 0)
        let count = try store.iterations().count
        #expect(try store.iterations().map(\.index) == Array(0..<count))
        try store.forget(after: 0)
        try store.append(record(1, groups: 20))
        #expect(try store.groups(of: 1) == record(1, groups: 20).groups)
    }

    @Test("lets no run begin halfway: the sentence names the file, and the folder can be used afterwards")
    func creation() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "-new"
        defer { try? FileManager.default.removeItem(atPath: path) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            FullDiskTests.limitFiles(to: 20)
            let manifest = RunManifest(recipe: "grpo", settings: .object([:]), seed: 1, versions: [:], machine: [:], created: "")
            let said = sentence { _ = try RunFolder.create(at: path, manifest) }
            #expect(said.contains("run.json") && said.contains("ulimit -f"))
        }
        #expect(try RunFolder.create(at: path, scratch.run.manifest).manifest == scratch.run.manifest)
    }
}

extension __rlimit_resource {
    /// The resource as `setrlimit` takes it.
    fileprivate var asResource: __rlimit_resource_t { __rlimit_resource_t(rawValue) }
}
