import Foundation
import GRDB
import HoneCore
import HoneReport
import HoneStore
import Testing

private func folder() throws -> RunFolder {
    try RunFolder.create(
        at: NSTemporaryDirectory() + "hone-report-\(UUID().uuidString)",
        RunManifest(recipe: "star", settings: .object([:]), seed: 1, versions: [:], machine: [:], created: "2026-01-01T00:00:00Z"))
}

/// Records as another version of the program made them.
private enum RecordsFile {
    static func make(at path: String, _ statements: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: statements) }
        try queue.close()
    }
}

private func measured(_ index: Int, _ mean: Double, answers: [EpisodeGroup]?) -> IterationRecord {
    var made = record(index, measures: ["pass@1": estimate(mean, 0.0625)], sampled: 100)
    made.answers = answers
    return made
}

@Suite("A report from a store")
struct StoreTests {
    @Test("shows the store's numbers: means, intervals, counts, tokens and costs")
    func numbers() throws {
        let run = try folder()
        defer { try? FileManager.default.removeItem(atPath: run.path) }
        let store = try SQLiteRunStore(run, for: .writing)
        for (index, mean) in [0.125, 0.25, 0.1 + 0.2, 0.6180339887].enumerated() {
            var made = measured(index - 1, mean, answers: nil)
            made.measures[0].cost.sampledTokens = 100 * index + 7
            made.updates = ["loss": 1 / Double(index + 3)]
            try store.append(made)
        }
        let history = RunHistory(try store.iterations())
        let points = history.curve("pass@1", named: "pass@1").points
        #expect(points.map(\.y.mean) == [0.125, 0.25, 0.1 + 0.2, 0.6180339887])
        #expect(points.map(\.x) == [7, 107, 207, 307])
        #expect(history.cost.sampledTokens == 400)
        let report = RunReport(
            title: "t", charts: [chart([history.curve("pass@1", named: "pass@1")])], sections: history.stageSections(), tables: [history.costTable()])
        let root = try parsed(report.html())
        let rows = root.every("tbody").first?.every("tr").map { $0.children.map(\.text) }
        #expect(rows?.first == ["7", "12.5 %", "6.2 to 18.8 %", "200"])
        #expect(rows?.last == ["307", "61.8 %", "55.6 to 68.1 %", "200"])
        #expect(root.classed("small").first?.every("tbody").first?.every("tr").map { $0.children.map(\.text) } == [["1", "0.2500"], ["2", "0.2000"], ["3", "0.1667"]])
    }

    @Test("pairs the answers that the store kept, bit for bit")
    func answers() throws {
        let run = try folder()
        defer { try? FileManager.default.removeItem(atPath: run.path) }
        let store = try SQLiteRunStore(run, for: .writing)
        let (early, late) = ([group("1+1", [("3", 0)]), group("2+2", [("<b>", 0)])], [group("1+1", [("2", 1)]), group("2+2", [("4", 1)])])
        try store.append(measured(-1, 0.1, answers: early))
        try store.append(measured(0, 0.2, answers: nil))
        try store.append(measured(1, 0.3, answers: late))
        #expect(try store.answeredIterations() == [-1, 1])
        #expect(try store.answers(of: -1) == early && store.answers(of: 0).isEmpty && store.answers(of: 1) == late)
        let samples = RunReport.Sample.pairs(before: try store.answers(of: -1), after: try store.answers(of: 1))
        #expect(samples.map { [$0.problem, $0.before.text, $0.after.text] } == [["1+1=", "3", "2"], ["2+2=", "<b>", "4"]])
        try store.append(measured(1, 0.3, answers: early))
        #expect(try store.answers(of: 1) == early)
        try store.forget(after: 0)
        #expect(try store.answeredIterations() == [-1])
        #expect(try store.groups(of: 1).isEmpty)
    }

    @Test("has answers that the run's digest does not see, and that records do not carry")
    func digest() throws {
        let run = try folder()
        defer { try? FileManager.default.removeItem(atPath: run.path) }
        let store = try SQLiteRunStore(run, for: .writing)
        try store.append(measured(0, 0.1, answers: nil))
        let without = try RunDigest(run)
        try store.append(measured(0, 0.1, answers: [group("1+1", [("3", 0)])]))
        #expect(try RunDigest(run).run == without.run)
        #expect(try RunDigest(run).measures == without.measures)
        #expect(try store.iterations().allSatisfy { $0.answers == nil && $0.groups.isEmpty })
        #expect(!(try JSONValue(encoding: measured(0, 0.1, answers: nil)).canonical.contains("answers")))
    }

    @Test("refuses records of a later format with a sentence")
    func laterFormat() throws {
        let run = try folder()
        defer { try? FileManager.default.removeItem(atPath: run.path) }
        try RecordsFile.make(at: run.path + "/records.sqlite", "PRAGMA user_version = 99;")
        do {
            _ = try SQLiteRunStore(run)
            Issue.record("the records were opened")
        } catch let error as StoreError {
            #expect(error.description.contains("format 99") && error.description.contains("the version of hone that wrote it"))
        }
    }
}
