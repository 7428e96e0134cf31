import Foundation
import HoneCore
import HoneStore
import Testing

@Suite("A run folder")
struct RunFolderTests {
    @Test("opens as what was created, and is not created twice", arguments: [0, 7, UInt64(Int.max) + 12345, UInt64.max])
    func roundTrip(seed: UInt64) throws {
        let settings = JSONValue.object([
            "rate": .number(1e-4), "large": .number(1e15), "larger": .number(1e300), "text": .string("a\u{0}\u{7}é\u{301}\"\\\u{2028}"),
            "none": .null, "list": .array([.bool(true), .integer(-3), .number(0.1)]),
        ])
        let scratch = try Scratch(settings: settings, seed: seed)
        let opened = try RunFolder.open(at: scratch.path).manifest
        #expect(opened.seed == seed)
        #expect(opened.settings.canonical == (try JSONValue(parsing: settings.canonical)).canonical)
        #expect(opened.created == scratch.run.manifest.created)
        #expect(sentence { _ = try RunFolder.create(at: scratch.path, scratch.run.manifest) }.contains("There is a run in \(scratch.path) already"))
    }

    @Test("is told from a folder without a run, and from one that holds something else")
    func others() throws {
        let scratch = try Scratch()
        #expect(sentence { _ = try RunFolder.open(at: scratch.path + "/nowhere") }.contains("it has no run.json"))
        try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.path + "/checkpoints/note"))
        #expect(sentence { _ = try RunFolder.create(at: scratch.checkpoints, scratch.run.manifest) }.contains("is not empty"))
        let file = scratch.path + "/run.json"
        #expect(sentence { _ = try RunFolder.create(at: file + "/below", scratch.run.manifest) }.contains(file))
        #expect(sentence { _ = try RunFolder.create(at: file, scratch.run.manifest) }.contains("a file instead of a folder"))
    }

    @Test("that a kill left before its run.json can be created again")
    func interruptedCreation() throws {
        let scratch = try Scratch()
        let path = scratch.path
        try FileManager.default.moveItem(atPath: path + "/run.json", toPath: path + "/run.json.partial")
        _ = try RunFolder.create(at: path, scratch.run.manifest)
        #expect(try RunFolder.open(at: path).manifest == scratch.run.manifest)
        #expect(Scratch.names(in: path) == ["checkpoints", "run.json"])
    }

    @Test("sees every changed character of run.json")
    func sealedManifest() throws {
        let scratch = try Scratch()
        let file = URL(fileURLWithPath: scratch.path + "/run.json")
        let text = try Data(contentsOf: file)
        var generator = Seed(11).generator
        for place in text.indices.dropLast() {
            var broken = text
            broken[place] ^= UInt8(1 << generator.integer(in: 0...7))
            try broken.write(to: file)
            #expect(sentence { _ = try RunFolder.open(at: scratch.path) }.contains("run.json"), "byte \(place)")
        }
        let changed = String(decoding: text, as: UTF8.self).replacing("\"cores\":\"2\"", with: "\"cores\":\"4\"")
        try Data(changed.utf8).write(to: file)
        #expect(sentence { _ = try RunFolder.open(at: scratch.path) }.contains("its seal does not fit"))
        let newer = String(decoding: text, as: UTF8.self).replacing("\"format\":2", with: "\"format\":3")
        try Data(newer.utf8).write(to: file)
        #expect(sentence { _ = try RunFolder.open(at: scratch.path) }.contains("has format 3"))
        try text.write(to: file)
        #expect(try RunFolder.open(at: scratch.path).manifest == scratch.run.manifest)
    }

    @Test("keeps a report whole and leaves nothing beside it")
    func report() throws {
        let scratch = try Scratch()
        try scratch.run.writeReport("<p>é")
        #expect(try String(contentsOfFile: scratch.run.reportPath, encoding: .utf8) == "<p>é")
        #expect(Scratch.names(in: scratch.path) == ["checkpoints", "report.html", "run.json"])
        try FileManager.default.removeItem(atPath: scratch.run.reportPath)
        try FileManager.default.createDirectory(atPath: scratch.run.reportPath + "/x", withIntermediateDirectories: true)
        #expect(sentence { try scratch.run.writeReport("") }.contains("report.html"))
        #expect(!FileManager.default.fileExists(atPath: scratch.run.reportPath + ".partial"))
    }
}

@Suite("A run's lock", .serialized)
struct RunLockTests {
    @Test("is taken over from a dead process, whatever number it left", arguments: ["4194000\n", "", "nonsense", "1\n"])
    func stale(left: String) throws {
        let scratch = try Scratch()
        try Data(left.utf8).write(to: URL(fileURLWithPath: scratch.path + "/lock"))
        let lock = try RunLock(folder: scratch.path)
        #expect(try String(contentsOfFile: scratch.path + "/lock", encoding: .utf8) == "\(getpid())\n")
        withExtendedLifetime(lock) {}
    }

    @Test("is refused while it is held, naming the process, and free again afterwards")
    func held() throws {
        let scratch = try Scratch()
        do {
            let first = try RunLock(folder: scratch.path)
            #expect(sentence { _ = try RunLock(folder: scratch.path) }.contains("is held by process \(getpid());"))
            withExtendedLifetime(first) {}
        }
        _ = try RunLock(folder: scratch.path)
    }

    @Test("is refused to another process, which is told whose it is")
    func otherProcess() async throws {
        let scratch = try Scratch()
        let lock = try RunLock(folder: scratch.path)
        await #expect(processExitsWith: .success) { [path = scratch.path as String] in
            #expect(sentence { _ = try RunLock(folder: path) }.contains("is held by process \(getppid());"))
        }
        withExtendedLifetime(lock) {}
    }
}
