import Foundation
import HoneCore
import HoneStore
import Synchronization
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    @Test("are found to the last byte; damaged ones are named and passed over")
    func damage() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        for index in 0...2 { try store.append(record(index)) }
        try store.keep(checkpoint(1))
        try store.keep(checkpoint(2))
        let place = scratch.checkpoints + "/000002/"
        var generator = Seed(3).generator
        for file in Scratch.names(in: place) {
            let data = try Data(contentsOf: URL(fileURLWithPath: place + file))
            for trial in 0..<12 {
                var broken = data
                if trial < 10 {
                    // The line break at the end of a manifest means nothing.
                    broken[generator.integer(in: 0...(data.count - 2))] ^= UInt8(1 << generator.integer(in: 0...7))
                } else {
                    broken = data.prefix(trial == 10 ? 0 : data.count / 2)
                }
                try broken.write(to: URL(fileURLWithPath: place + file))
                var warnings: [String] = []
                #expect(try store.latestCheckpoint { warnings.append($0) }?.iteration == 1)
                #expect(warnings.count == 1 && warnings[0].contains("000002") && warnings[0].contains(file))
                #expect(sentence { _ = try RunDigest(scratch.run) }.contains(file))
            }
            try FileManager.default.removeItem(atPath: place + file)
            #expect(try store.latestCheckpoint { _ in }?.iteration == 1)
            try data.write(to: URL(fileURLWithPath: place + file))
        }
        #expect(try store.latestCheckpoint { Issue.record("\($0)") }?.files == checkpoint(2).files)
    }

    @Test("that are all damaged are an error, so that a run is not begun again over them")
    func allDamaged() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        #expect(try store.latestCheckpoint { _ in } == nil)
        try store.append(record(0))
        try store.keep(checkpoint(0))
        try Data().write(to: URL(fileURLWithPath: scratch.checkpoints + "/000000/state.json"))
        #expect(sentence { _ = try store.latestCheckpoint { _ in } }.contains("None of the 1 checkpoints"))
    }

    @Test("three iterations are kept; one that is kept again replaces what there was")
    func rotation() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        for iteration in 0..<6 {
            try store.append(record(iteration, groups: 1))
            try store.keep(checkpoint(iteration))
        }
        #expect(scratch.names == ["000003", "000004", "000005"])
        try store.keep(checkpoint(5, salt: 1))
        #expect(scratch.names == ["000003", "000004", "000005.1"])
        try store.keep(checkpoint(5, salt: 2))
        #expect(scratch.names == ["000003", "000004", "000005.2"])
        #expect(try store.latestCheckpoint { Issue.record("\($0)") }?.files == checkpoint(5, salt: 2).files)
        try store.append(record(6, groups: 1))
        try store.keep(checkpoint(6))
        #expect(scratch.names == ["000004", "000005.2", "000006"])
        try store.keep(checkpoint(4, salt: 9))
        #expect(try store.latestCheckpoint { _ in }?.iteration == 6)
    }

    @Test("of a run that has ended the newest is kept alone, unless it is damaged")
    func newestAlone() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        for iteration in 0..<3 {
            try store.append(record(iteration, groups: 1))
            try store.keep(checkpoint(iteration))
        }
        let file = "\(scratch.checkpoints)/000002/manifest.json"
        let whole = try Data(contentsOf: URL(filePath: file))
        try Data("{}".utf8).write(to: URL(filePath: file))
        store.keepNewestCheckpointAlone()
        #expect(scratch.names == ["000000", "000001", "000002"])
        try whole.write(to: URL(filePath: file))
        store.keepNewestCheckpointAlone()
        #expect(scratch.names == ["000002"])
        #expect(try store.latestCheckpoint { Issue.record("\($0)") }?.files == checkpoint(2).files)
    }

    /// A copy of the folder at each step of writing is what a kill at that step would have left.
    @Test("a kill between any two steps leaves a whole one, old or new, and the next start cleans up", arguments: [false, true])
    func crashPoints(replacesItself: Bool) throws {
        let scratch = try Scratch()
        let images = Mutex<[(step: String, path: String)]>([])
        let isArmed = Mutex(false)
        defer { for image in images.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: image.path) } }
        let path = scratch.path
        let store = try SQLiteRunStore(scratch.run, for: .writing) { step in
            guard isArmed.withLock({ $0 }) else { return }
            let image = path + "-image-\(images.withLock { $0.count })"
            try? FileManager.default.copyItem(atPath: path, toPath: image)
            images.withLock { $0.append((step, image)) }
        }
        for iteration in 0..<4 {
            try store.append(record(iteration, groups: 1))
            if iteration < 3 { try store.keep(checkpoint(iteration)) }
        }
        if replacesItself { try store.keep(checkpoint(3)) }
        isArmed.withLock { $0 = true }
        try store.keep(checkpoint(3, salt: 5))
        let steps = images.withLock { $0.map(\.step) }
        let wanted = ["make folder", "write manifest", "sync files", "read back", "rename", "sync folder", "end"]
        #expect(wanted.allSatisfy(steps.contains) && steps.contains { $0.hasPrefix("drop") } && steps.contains { $0.hasPrefix("delete") })
        let old = replacesItself ? checkpoint(3) : checkpoint(2)
        var seen: Set<Bool> = []
        for (step, image) in images.withLock({ $0 }) {
            let folder = try RunFolder.open(at: image)
            let again = try SQLiteRunStore(folder, for: .writing)
            let found = try #require(try again.latestCheckpoint { Issue.record("after “\(step)”: \($0)") })
            let isNew = found.files == checkpoint(3, salt: 5).files
            #expect(isNew || (found.iteration == old.iteration && found.files == old.files), "after “\(step)”")
            seen.insert(isNew)
            #expect(Scratch.names(in: image + "/checkpoints").allSatisfy { !$0.hasPrefix(".") }, "after “\(step)”")
            try again.keep(checkpoint(3, salt: 6))
            #expect(try again.latestCheckpoint { _ in }?.files == checkpoint(3, salt: 6).files)
            #expect(Scratch.names(in: image + "/checkpoints").count == 3)
        }
        #expect(seen == [false, true])
    }

    @Test("are read back before older ones go: what changed on its way to the disk costs nothing")
    func readBack() throws {
        let scratch = try Scratch()
        let folder = scratch.checkpoints
        let store = try SQLiteRunStore(scratch.run, for: .writing) { step in
            guard step == "read back", let partial = Scratch.names(in: folder).first(where: { $0.hasPrefix(".partial-000001") }) else { return }
            let file = URL(fileURLWithPath: "\(folder)/\(partial)/model-policy-weights.safetensors")
            guard var data = try? Data(contentsOf: file) else { return }
            data[1234] ^= 4
            try? data.write(to: file)
        }
        try store.append(record(0))
        try store.keep(checkpoint(0))
        try store.append(record(1))
        #expect(sentence { try store.keep(checkpoint(1)) }.contains("model-policy-weights.safetensors does not have the hash"))
        #expect(scratch.names == ["000000"])
        #expect(try store.latestCheckpoint { Issue.record("\($0)") }?.files == checkpoint(0).files)
    }

    @Test("that the records do not reach are passed over for one that they do, so that nothing is missing afterwards")
    func reach() throws {
        let scratch = try Scratch()
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        for iteration in 0..<4 {
            try store.append(record(iteration, groups: 1))
            try store.keep(checkpoint(iteration))
        }
        try store.forget(after: 2)
        var warnings: [String] = []
        #expect(try store.latestCheckpoint { warnings.append($0) }?.iteration == 2)
        #expect(warnings.count == 1 && warnings[0].contains("the records end with iteration 2"))
        #expect(sentence { _ = try RunDigest(scratch.run) }.contains("lacks iteration 3"))
        try store.forget(after: -1)
        warnings = []
        #expect(try store.latestCheckpoint { warnings.append($0) }?.iteration == 3)
        #expect(warnings.count == 1 && warnings[0].contains("no digest"))
    }

    @Test("names that are not checkpoints' are left alone and not read")
    func foreignNames() throws {
        let scratch = try Scratch()
        for name in ["7", "000007.0", "000007.x", "0000007", "copy of 000007", "000008.1.1"] {
            try FileManager.default.createDirectory(atPath: scratch.checkpoints + "/" + name, withIntermediateDirectories: true)
        }
        let store = try SQLiteRunStore(scratch.run, for: .writing)
        #expect(try store.latestCheckpoint { _ in } == nil)
        #expect(scratch.names.count == 6)
    }

    @Test("of shared teaching are kept once, read back, and not used when they are damaged")
    func bases() throws {
        let scratch = try Scratch()
        let bases = BaseFolder(path: scratch.path + "/cache")
        #expect(try bases.files(for: "k") == nil)
        try bases.keep(["model": [1, 2, 3]], for: "k")
        try bases.keep(["model": [1, 2, 4]], for: "k")
        #expect(try bases.files(for: "k") == ["model": [1, 2, 4]])
        let place = scratch.path + "/cache/k"
        #expect(Scratch.names(in: place) == ["000000.1"])
        try FileManager.default.createDirectory(atPath: place + "/.partial-000000-4194000", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: place + "/.partial-000000-\(getppid())", withIntermediateDirectories: true)
        try Data([9]).write(to: URL(fileURLWithPath: place + "/000000.1/model"))
        #expect(try bases.files(for: "k") == nil)
        try bases.keep(["model": [5]], for: "k")
        #expect(try bases.files(for: "k") == ["model": [5]])
        #expect(Scratch.names(in: place) == [".partial-000000-\(getppid())", "000000.2"])
    }
}
