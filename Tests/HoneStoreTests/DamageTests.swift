import Foundation
import HoneCore
import HoneStore
import Testing

/// Changes files of a run at random and looks at what the program makes of it.
@Suite("A damaged run folder")
struct DamageTests {
    private func filled() throws -> Scratch {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        try store.append(record(-1, groups: 0, measures: [measure("pass@1", 0.1), measure("greedy", 0.2)]))
        for iteration in 0..<4 {
            var one = record(iteration, groups: 12, measures: [measure("pass@1", 0.3), measure("greedy", 0.4)])
            one.answers = [group("held out")]
            try store.append(one)
            if iteration >= 2 { try store.keep(checkpoint(iteration)) }
        }
        return scratch
    }

    /// What the program says of the folder: its digest, or a sentence.
    private func verdict(_ path: String) throws -> Result<RunDigest, StoreError> {
        do { return .success(try RunDigest(try RunFolder.open(at: path))) } catch let error as StoreError { return .failure(error) }
    }

    @Test("is told in a sentence that names the file, or has the same digest: 240 flips and cuts", arguments: 0..<6)
    func flipsAndCuts(seed: UInt64) throws {
        let scratch = try filled()
        let before = try RunDigest(scratch.run)
        let files = scratch.files.filter { $0 != "lock" }
        var generator = Seed(seed).generator
        var told = 0
        for trial in 0..<40 {
            // Half of the damage goes to the records, the file with the most ways to be wrong.
            let file = trial % 2 == 0 ? "records.sqlite" : files[generator.integer(in: 0...(files.count - 1))]
            let place = URL(fileURLWithPath: scratch.path + "/" + file)
            let data = try Data(contentsOf: place)
            var broken = data
            let offset = generator.integer(in: 0...(data.count - 1))
            if trial % 8 < 6 { broken[offset] ^= UInt8(1 << generator.integer(in: 0...7)) } else { broken = data.prefix(offset) }
            try broken.write(to: place)
            switch try verdict(scratch.path) {
            case .success(let digest): #expect(digest == before, "\(file), byte \(offset)")
            case .failure(let error):
                told += 1
                #expect(error.description.contains((file as NSString).lastPathComponent), "\(file), byte \(offset): \(error)")
            }
            try data.write(to: place)
        }
        #expect(told >= 8, "only \(told) of 40 were noticed")
        #expect(try RunDigest(scratch.run) == before)
    }

    @Test("whose program was killed is told of flips in its write-ahead log too", arguments: 0..<2)
    func flipsInTheLog(seed: UInt64) throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        for iteration in 0..<3 {
            try store.append(record(iteration, groups: 12))
            try store.keep(checkpoint(iteration))
        }
        let killed = scratch.path + "-killed"
        defer { try? FileManager.default.removeItem(atPath: killed) }
        try FileManager.default.copyItem(atPath: scratch.path, toPath: killed)
        let before = try RunDigest(scratch.run)
        #expect(try verdict(killed) == .success(before))
        let log = URL(fileURLWithPath: killed + "/records.sqlite-wal")
        let data = try Data(contentsOf: log)
        var generator = Seed(seed).generator
        var told = 0
        for trial in 0..<20 {
            var broken = data
            let offset = generator.integer(in: 0...(data.count - 1))
            if trial % 4 < 3 { broken[offset] ^= UInt8(1 << generator.integer(in: 0...7)) } else { broken = data.prefix(offset) }
            try? FileManager.default.removeItem(atPath: killed + "/records.sqlite-shm")
            try broken.write(to: log)
            switch try verdict(killed) {
            case .success(let digest): #expect(digest == before, "byte \(offset)")
            case .failure(let error):
                told += 1
                #expect(error.description.contains("records.sqlite"), "byte \(offset): \(error)")
            }
        }
        #expect(told >= 5)
    }

    @Test("is refused for writing with a sentence, and goes on with new records once they are moved aside")
    func writing() throws {
        let scratch = try filled()
        let path = scratch.path + "/records.sqlite"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var broken = whole
        broken.replaceSubrange(4096..<5000, with: Data(repeating: 0x5A, count: 904))
        for damage in [broken, whole.prefix(whole.count / 2), whole.prefix(5000), Data("no database at all, but long enough".utf8)] {
            try damage.write(to: URL(fileURLWithPath: path))
            let said = sentence { _ = try SQLiteRunStore(scratch.run, for: .writing) }
            #expect(said.contains(path) && said.contains("damaged") && said.contains("hone resume"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damage, "a damaged file was changed")
        }
        try FileManager.default.moveItem(atPath: path, toPath: scratch.path + "/aside")
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        var warnings: [String] = []
        #expect(try store.latestCheckpoint { warnings.append($0) }?.iteration == 3)
        #expect(warnings.count == 1 && warnings[0].contains("no digest"))
        try store.append(record(4))
        #expect(sentence { _ = try RunDigest(scratch.run) }.contains("lacks iteration 0"))
    }

    @Test("with records of another layout is refused by both, unchanged")
    func otherLayout() throws {
        let scratch = try filled()
        let path = URL(fileURLWithPath: scratch.path + "/records.sqlite")
        var data = try Data(contentsOf: path)
        data[63] = 9  // user_version is the big-endian number at byte 60
        try data.write(to: path)
        for use in [SQLiteRunStore.Use.reading, .writing] {
            #expect(sentence { _ = try SQLiteRunStore(scratch.run, for: use) }.contains("has format 9"))
        }
        #expect(try Data(contentsOf: path) == data)
    }

    @Test("with an empty file of records has none yet, and writing makes them")
    func empty() throws {
        let scratch = try Scratch()
        #expect(sentence { _ = try SQLiteRunStore(scratch.run) }.contains("has no records.sqlite"))
        try Data().write(to: URL(fileURLWithPath: scratch.path + "/records.sqlite"))
        #expect(sentence { _ = try SQLiteRunStore(scratch.run) }.contains("holds no records yet"))
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        try store.append(record(0))
        #expect(try SQLiteRunStore(scratch.run).iterations().count == 1)
    }
}
