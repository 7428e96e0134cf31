import Foundation
import HoneCore
import HoneStore
import Testing

@Suite("Reading a run")
struct ReadingTests {
    private static func bytes(of scratch: Scratch) throws -> [String: Data] {
        var all: [String: Data] = [:]
        for file in scratch.files { all[file] = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/" + file)) }
        return all
    }

    private func fill(_ store: SQLiteRunStore) throws {
        for iteration in 0..<3 {
            try store.append(record(iteration))
            try store.keep(checkpoint(iteration))
        }
    }

    /// What is left where a run ended, was killed, was killed and lost its log's index, or still runs.
    enum Left: CaseIterable { case ended, killed, killedWithoutIndex, running }

    @Test("changes and makes no file, whatever state the run is in", arguments: Left.allCases)
    func changesNothing(left: Left) throws {
        let scratch = try Scratch()
        var store: SQLiteRunStore? = try SQLiteRunStore(scratch.run, for: .writing)
        try fill(try #require(store))
        let killed = scratch.path + "-killed"
        defer { try? FileManager.default.removeItem(atPath: killed) }
        var folder = scratch.run
        if left == .killed || left == .killedWithoutIndex {
            try FileManager.default.copyItem(atPath: scratch.path, toPath: killed)
            if left == .killedWithoutIndex { try FileManager.default.removeItem(atPath: killed + "/records.sqlite-shm") }
            folder = try RunFolder.open(at: killed)
        }
        if left == .ended {
            store = nil
            #expect(scratch.files.allSatisfy { !$0.contains("-wal") && !$0.contains("-shm") })
        }
        func look() throws -> [String: Data] {
            var all: [String: Data] = [:]
            // The log's index holds locks only; readers of a live log note themselves in it.
            for name in Scratch.names(in: folder.path) where name.hasPrefix("records") || name == "run.json" {
                all[name] = name.hasSuffix("-shm") ? Data() : try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
            }
            return all
        }
        let before = try look()
        let digest = try RunDigest(folder)
        #expect(try SQLiteRunStore(folder).iterations().map(\.index) == [0, 1, 2])
        #expect(try SQLiteRunStore(folder).groups(of: 2) == record(2).groups)
        #expect(try look() == before)
        store = nil
        #expect(try RunDigest(scratch.run) == digest)
    }

    @Test("needs no right to write: another user, folder and files read-only", arguments: [Left.ended, .killed, .killedWithoutIndex, .running])
    func readOnly(left: Left) async throws {
        let scratch = try Scratch()
        var store: SQLiteRunStore? = try SQLiteRunStore(scratch.run, for: .writing)
        try fill(try #require(store))
        let path = left == .running ? scratch.path : scratch.path + "-closed"
        if left == .ended { store = nil }
        if left != .running { try FileManager.default.copyItem(atPath: scratch.path, toPath: path) }
        if left == .killedWithoutIndex { try FileManager.default.removeItem(atPath: path + "/records.sqlite-shm") }
        let folders = ["", "/checkpoints"] + Scratch.names(in: path + "/checkpoints").map { "/checkpoints/" + $0 }
        for folder in folders where left != .running { chmod(path + folder, 0o555) }
        for name in Scratch.names(in: path) where name.contains(".") && left != .running { chmod(path + "/" + name, 0o444) }
        defer {
            for folder in folders { chmod(path + folder, 0o755) }
            if left != .running { try? FileManager.default.removeItem(atPath: path) }
        }
        let digest = try RunDigest(scratch.run).run
        let names = Scratch.names(in: path)
        await #expect(processExitsWith: .success) { [path = path as String, digest = digest as String] in
            // Root may write anywhere; nobody may not.
            if geteuid() == 0 { #expect(setgid(65534) == 0 && setuid(65534) == 0) }
            #expect(access(path, W_OK) != 0)
            let folder = try RunFolder.open(at: path)
            #expect(try RunDigest(folder).run == digest)
            #expect(try SQLiteRunStore(folder).iterations().count == 3)
            #expect(try SQLiteRunStore(folder).latestCheckpoint { _ in }?.iteration == 2)
            #expect(sentence { _ = try RunLock(folder: path + "/checkpoints") }.contains("permission was denied"))
            #expect(sentence { _ = try SQLiteRunStore(folder, for: .writing) }.contains("read-only, or permission was denied"))
            #expect(sentence { try folder.writeReport("x") }.contains("permission was denied"))
        }
        #expect(Scratch.names(in: path) == names)
        withExtendedLifetime(store) {}
    }

    @Test("says so when it may not even look")
    func forbidden() async throws {
        let scratch = try Scratch()
        try fill(try SQLiteRunStore(scratch.run, for: .writing))
        chmod(scratch.path + "/records.sqlite", 0)
        chmod(scratch.path + "/checkpoints/000002/state.json", 0)
        await #expect(processExitsWith: .success) { [path = scratch.path as String] in
            if geteuid() == 0 { #expect(setgid(65534) == 0 && setuid(65534) == 0) }
            let folder = try RunFolder.open(at: path)
            let said = sentence { _ = try SQLiteRunStore(folder) }
            #expect(said.contains("records.sqlite") && said.contains("permission was denied"))
        }
    }

    @Test("beside a writer sees whole iterations only, none of them going back")
    func besideAWriter() async throws {
        let scratch = try Scratch()
        let run = scratch.run
        let store = try SQLiteRunStore(run, for: .writing)
        try store.append(record(0, groups: 6))
        try store.keep(checkpoint(0))
        let count = 40
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for iteration in 1..<count {
                    try store.append(record(iteration, groups: 6))
                    try store.keep(checkpoint(iteration, bytes: 500))
                }
            }
            tasks.addTask {
                var seen = 0
                while seen < count - 1 {
                    let reader = try SQLiteRunStore(run)
                    let indices = try reader.iterations().map(\.index)
                    #expect(indices == Array(0..<indices.count))
                    let last = try #require(indices.last)
                    #expect(last >= seen)
                    #expect(try reader.groups(of: last) == record(last, groups: 6).groups)
                    // The newest checkpoint may be dropped while it is read; then a newer one is there.
                    #expect(try reader.latestCheckpoint { Issue.record("\($0)") } != nil)
                    if seen % 5 == 0 { _ = try RunDigest(run) }
                    seen = last
                }
            }
            try await tasks.waitForAll()
        }
        #expect(try RunDigest(run) == (try RunDigest(run)))
    }

    @Test("a store that was opened for reading refuses to write")
    func refusesToWrite() throws {
        let scratch = try Scratch()
        try fill(try SQLiteRunStore(scratch.run, for: .writing))
        let before = try Self.bytes(of: scratch)
        let reader = try SQLiteRunStore(scratch.run)
        #expect(sentence { try reader.append(record(3)) }.contains("opened for reading"))
        #expect(sentence { try reader.forget(after: 0) }.contains("opened for reading"))
        #expect(sentence { try reader.keep(checkpoint(3)) }.contains("opened for reading"))
        #expect(try Self.bytes(of: scratch) == before)
    }
}
