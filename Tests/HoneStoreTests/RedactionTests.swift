import Foundation
import HoneCore
import HoneStore
import Testing

@Suite("Redaction")
struct RedactionTests {
    /// A record with something said in every place that can hold words.
    private func talkative() -> IterationRecord {
        var record = record(0, measures: [measure("pass@1", 0.5)])
        for index in record.groups.indices {
            record.groups[index].assignment.problem.demonstrations = ["secret demonstration"]
            record.groups[index].assignment.problem.details = ["solution": "secret solution"]
            record.groups[index].assignment.problem.parameters = [41]
            record.groups[index].verdicts.append(Verdict(on: .episode(0), kind: "score", value: 0.25, critique: "secret critique"))
            record.groups[index].episodes[0].ending = .failed("secret error")
            let move = Move(segments: [.text("secret branch", from: .world)], context: [.text("secret context", from: .prompt)])
            let node = SearchTree.Node(parent: nil, move: move, visits: 3, verdicts: [Verdict(on: .group, kind: "score", value: 1, critique: "secret node")])
            record.groups[index].episodes[1].steps[0].move.tree = SearchTree(nodes: [node], chosen: 0)
        }
        record.groups[0].children = [record.groups[1]]
        record.answers = [record.groups[0]]
        record.decisions = ["secret decision"]
        return record
    }

    @Test("nothing that was said is left, numbers are, and what belongs to one problem still does")
    func words() throws {
        var redaction = Redaction()
        let before = talkative()
        let after = redaction.redacted(before)
        let text = try JSONValue(encoding: after).canonical
        for word in ["secret", "answer 0", "5+7", "\"12\"", "41"] { #expect(!text.contains(word), "“\(word)” is still there") }
        #expect(after.groups.map(\.assignment.problem.id) == ["problem 0", "problem 1", "problem 2"])
        #expect(after.answers?.first?.assignment.problem.id == "problem 0" && after.groups[0].children.first?.assignment.problem.id == "problem 1")
        #expect(after.groups.map { $0.verdicts.map(\.value) } == before.groups.map { $0.verdicts.map(\.value) })
        #expect(after.groups.map { $0.episodes.map(\.returns) } == before.groups.map { $0.episodes.map(\.returns) })
        #expect(after.measures == before.measures && after.updates == before.updates && after.groups[0].episodes[0].steps[0].move.segments[0].samplerLogProbs == nil)
    }

    @Test("a copy holds the whole run without its words, and says that it is one")
    func copy() throws {
        let scratch = try Scratch()
        let target = scratch.path + "-redacted"
        defer { try? FileManager.default.removeItem(atPath: target) }
        do {
            let store = try SQLiteRunStore(scratch.run, for: .writing)
            try store.append(talkative())
            try store.append(record(1))
            var kept = checkpoint(1)
            kept.files["state.json"] = Data("{\"index\":2,\"memos\":{\"memory/x\":\"secret memory\"}}".utf8)
            try store.keep(kept)
        }
        let copy = try scratch.run.redactedCopy(at: target) { Issue.record("\($0)") }
        #expect(copy.manifest.isRedacted && !scratch.run.manifest.isRedacted)
        #expect(try RunFolder.open(at: target).manifest.isRedacted)
        let store = try SQLiteRunStore(copy)
        #expect(try store.iterations().map(\.index) == [0, 1] && store.groups(of: 1).count == 3 && store.answers(of: 0).count == 1)
        let state = try #require(try store.latestCheckpoint { Issue.record("\($0)") }?.files["state.json"])
        #expect(!String(decoding: state, as: UTF8.self).contains("secret") && String(decoding: state, as: UTF8.self).contains("\"index\":2"))
        for file in FileManager.default.enumerator(atPath: target)?.compactMap({ $0 as? String }) ?? [] {
            let bytes = FileManager.default.contents(atPath: target + "/" + file) ?? Data()
            #expect(bytes.range(of: Data("secret".utf8)) == nil, "\(file) still says something")
        }
        #expect(sentence { _ = try scratch.run.redactedCopy(at: target) { _ in } }.contains("a run in"))
    }
}
