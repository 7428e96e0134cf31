import Foundation
import HoneCore
import HoneReport
import Testing

private func taught() -> Cost {
    var cost = Cost()
    cost.sampledTokens = 0
    cost.trainedTokens = 5000
    cost.optimiserSteps = 40
    return cost
}

/// A run of four iterations, measured at its start and after the second and fourth.
private func history() -> RunHistory {
    var records = [record(-1, measures: ["pass@1": estimate(0.2), "greedy": estimate(0.25), "length": estimate(9, unit: "tokens")], before: taught())]
    for index in 0..<4 {
        var next = record(
            index, updates: ["loss": 2 - 0.25 * Double(index), "rate": 0.001, "rows": 64],
            training: ["reward": estimate(0.1 * Double(index), unit: "return")], sampled: 1000, decisions: index == 2 ? ["judged: proceed, all is well"] : [],
            seconds: 1.5)
        next.cost.trainedTokens = 500
        next.cost.optimiserSteps = 2
        next.cost.judgeCalls = 3
        if index % 2 == 1 {
            var spent = taught()
            for _ in 0...index { spent += next.cost }
            next.measures = [MeasureRecord(name: "pass@1", estimate: estimate(0.2 + 0.1 * Double(index)), cost: spent)]
        }
        records.append(next)
    }
    return RunHistory(records.reversed())
}

@Suite("A run's history")
struct HistoryTests {
    @Test("is in order, counts iterations without the start, and knows what was measured first and last")
    func basics() {
        let run = history()
        #expect(run.records.map(\.index) == [-1, 0, 1, 2, 3])
        #expect(run.iterations == 4)
        #expect(run.measureNames == ["greedy", "length", "pass@1"])
        #expect(run.first("pass@1")?.mean == 0.2)
        #expect(run.last("pass@1")?.mean == 0.2 + 0.1 * 3)
        #expect(run.last("greedy") == nil && run.first("greedy")?.mean == 0.25)
        #expect(run.seconds == 7)
        #expect(run.decisions == ["iteration 3, judged: proceed, all is well"])
    }

    @Test("has curves over the tokens sampled and trained, teaching included")
    func curves() {
        let points = history().curve("pass@1", named: "measured").points
        let costs: [Double] = [5000, 8000, 11000]
        #expect(points.map(\.x) == costs)
        let means: [Double] = [0.2, 0.2 + 0.1, 0.2 + 0.1 * 3]
        #expect(points.map(\.y.mean) == means)
        #expect(history().curve("nothing", named: "x").points.isEmpty)
    }

    @Test("lays expected values at the places of the measurements, and leaves out those beyond")
    func expected() {
        let short = history().curve(expecting: [0.1, 0.2], of: "pass@1")
        #expect(short.kind == .expected && short.points.map(\.x) == [5000, 8000] && short.points.map(\.y.mean) == [0.1, 0.2])
        #expect(short.points.allSatisfy { $0.y.count == 0 && $0.y.unit == "share" })
        #expect(history().curve(expecting: [1, 2, 3, 4, 5], of: "pass@1").points.count == 3)
        #expect(history().curve(expecting: [], of: "pass@1").points.isEmpty)
    }

    @Test("has its costs as a table: teaching, improving, and both together")
    func costs() {
        let table = history().costTable()
        #expect(table.columns == ["", "teaching the start", "improving", "together"])
        func row(_ name: String) -> [String]? { table.rows.first { $0[0] == name } }
        let space = "\u{202F}"
        #expect(row("sampled tokens") == ["sampled tokens", "0", "4\(space)000", "4\(space)000"])
        #expect(row("trained tokens") == ["trained tokens", "5\(space)000", "2\(space)000", "7\(space)000"])
        #expect(row("optimiser steps") == ["optimiser steps", "40", "8", "48"])
        #expect(row("judge calls") == ["judge calls", "0", "12", "12"])
        #expect(row("prompt tokens") == ["prompt tokens", "0", "0", "0"])
        #expect(row("seconds, measuring included") == ["seconds, measuring included", "–", "7.0", "–"])
        #expect(table.rows.allSatisfy { $0.count == table.columns.count })
    }

    @Test("says behind the tokens asked for how many were worked on, where every iteration was counted")
    func computedTokens() {
        var counted = record(0, measures: ["pass@1": estimate(0.2)], sampled: 1000)
        counted.computedTokens = ComputedTokens(improving: 700, measuring: 50)
        let uncounted = record(1, measures: [:], sampled: 1000)
        #expect(RunHistory([counted]).costTable().rows[2] == ["sampled and prompt tokens worked on", "700"])
        var another = uncounted
        another.computedTokens = ComputedTokens(improving: 800, measuring: 0)
        #expect(RunHistory([counted, another]).computedTokens == ComputedTokens(improving: 1500, measuring: 50))
        #expect(RunHistory([counted, uncounted]).computedTokens == nil)
        #expect(RunHistory([counted, uncounted]).costTable().rows.allSatisfy { $0[0] != "sampled and prompt tokens worked on" })
    }

    @Test("does not guess the cost of teaching where the start was not measured")
    func unknownTeaching() {
        let table = RunHistory([record(0, measures: ["pass@1": estimate(0.2)], sampled: 10)]).costTable()
        #expect(table.columns == ["", "improving"])
        #expect(table.rows.allSatisfy { $0.count == 2 })
    }

    @Test(
        "is about pass@1, else about the first share, else about the first measure",
        arguments: [
            (["pass@1", "greedy", "a"], "share", "pass@1"), (["greedy", "majority@4"], "share", "greedy"), (["length", "entropy"], "tokens", "entropy"),
        ])
    func main(names: [String], unit: String, main: String) {
        let measures = Dictionary(uniqueKeysWithValues: names.map { ($0, estimate(0.5, unit: unit)) })
        #expect(RunHistory([record(-1, measures: measures)]).mainMeasure == main)
        #expect(RunHistory([]).mainMeasure == nil)
    }

    @Test("tells every measure's outcome, the main one first, and a second value only where it was taken twice")
    func outcomes() {
        let run = RunHistory([
            record(-1, measures: ["a": estimate(0.1), "pass@1": estimate(0.2)]), record(4, measures: ["pass@1": estimate(0.6), "z": estimate(0.7)]),
        ])
        #expect(run.outcomes().map(\.name) == ["pass@1", "a", "z"])
        #expect(run.outcomes(lookingFor: ["z", "not measured", "pass@1"]).map(\.name) == ["pass@1", "z", "a"])
        #expect(run.outcomes().map(\.first.mean) == [0.2, 0.1, 0.7])
        #expect(run.outcomes().map(\.last?.mean) == [0.6, nil, nil])
        #expect(RunHistory([]).outcomes(lookingFor: ["a"]).isEmpty)
    }

    @Test("without records has nothing to show, and warns of that only")
    func empty() throws {
        let run = RunHistory([])
        #expect(run.iterations == 0 && run.measureNames.isEmpty && run.seconds == 0 && run.cost == Cost())
        #expect(run.stageSections().isEmpty && run.measureSection(without: []).charts.isEmpty && run.decisions.isEmpty)
        #expect(run.warnings(planned: nil).isEmpty)
        #expect(run.warnings(planned: 3) == ["The run is not finished: 0 of 3 iterations are done."])
        let report = RunReport(title: "t", charts: [chart([run.curve("pass@1", named: "pass@1")])], tables: [run.costTable()])
        #expect(try parsed(report.html()).every("figure").isEmpty)
    }
}

@Suite("Warnings")
struct WarningTests {
    @Test("tell how many optimiser steps were left out, and where")
    func skipped() {
        let run = RunHistory([
            record(0, updates: ["skippedSteps": 2]), record(1), record(2, updates: ["policy.skippedSteps": 1, "judge.skippedSteps": 4]),
            record(3, updates: ["skippedSteps": 0]),
        ])
        #expect(run.warnings(planned: 4) == ["7 optimiser steps were left out because a loss or gradient was not finite, in iterations 1, 3."])
    }

    @Test("name each number that is not finite, with its iterations, the first six of them")
    func notFinite() {
        var records = (0..<9).map { record($0, updates: ["loss": .nan, "rate": 1], training: ["reward": estimate($0 == 4 ? .infinity : 1, unit: "return")]) }
        records.append(record(-1, measures: ["pass@1": estimate(.nan, count: 500)]))
        #expect(
            RunHistory(records).warnings(planned: 9) == [
                "“loss” is not finite in iterations 1, 2, 3, 4, 5, 6 and 3 more; charts leave a gap there.",
                "“pass@1” is not finite in iteration the start; charts leave a gap there.",
                "“reward” is not finite in iteration 5; charts leave a gap there.",
            ])
    }

    @Test("tell of few problems, and are silent about a whole run with many")
    func few() {
        #expect(RunHistory([record(-1, measures: ["pass@1": estimate(0.5, count: 99)])]).warnings(planned: 0) == ["It was measured on 99 problems only; the intervals are wide."])
        #expect(RunHistory([record(-1, measures: ["pass@1": estimate(0.5, count: 100)])]).warnings(planned: 0).isEmpty)
        #expect(history().warnings(planned: 4).isEmpty)
        #expect(history().warnings(planned: 5) == ["The run is not finished: 4 of 5 iterations are done."])
        #expect(history().warnings(planned: nil).isEmpty)
    }
}

@Suite("Metrics of stages")
struct StageTests {
    @Test("are a small chart each, the important ones first; what never changes is told in words")
    func charts() throws {
        let section = try #require(history().stageSections().first)
        #expect(section.title == "Training: stage “improve”")
        #expect(section.charts.map(\.title) == ["reward", "loss"])
        #expect(section.note == "The same in all 4 iterations: rate 0.001000, rows 64.00.")
        #expect(section.charts.allSatisfy { $0.countsWhole && $0.xLabel == "iteration" })
        #expect(section.charts[1].curves[0].points.map(\.x) == [1, 2, 3, 4])
        #expect(section.charts[1].curves[0].points.map(\.y.mean) == [2, 1.75, 1.5, 1.25])
        #expect(section.charts[0].curves[0].points.allSatisfy { $0.y.count == 200 })
    }

    @Test("stand under their own stage, in the order the stages came")
    func stages() {
        let run = RunHistory([
            record(0, stage: "warm up", updates: ["loss": 3]), record(1, stage: "warm up", updates: ["loss": 2]),
            record(2, stage: "improve", updates: ["kl": 0.1]), record(3, stage: "improve", updates: ["kl": 0.2]),
        ])
        let sections = run.stageSections()
        #expect(sections.map(\.title) == ["Training: stage “warm up”", "Training: stage “improve”"])
        #expect(sections.map { $0.charts.map(\.title) } == [["loss"], ["kl"]])
        #expect(sections[1].charts[0].curves[0].points.map(\.x) == [3, 4])
    }

    @Test("are named in words and explained where their objective explains them")
    func words() throws {
        let run = RunHistory((0..<2).map { record($0, updates: ["policy.clipFraction": Double($0), "policy.kl": Double($0), "judge.kl": 1 + Double($0)]) })
        let section = try #require(run.stageSections(meanings: ["clipFraction": "share of clipped tokens", "kl": "k3 estimate"]).first)
        #expect(section.charts.map(\.title) == ["judge: kl", "policy: kl", "policy: clip fraction"])
        #expect(section.charts.map(\.note) == ["k3 estimate", "k3 estimate", "share of clipped tokens"])
    }

    @Test("keep what training saw and what an optimiser reported apart when they share a name")
    func sameName() throws {
        let run = RunHistory((0..<2).map { record($0, updates: ["entropy": 5 + Double($0)], training: ["entropy": estimate(1 + Double($0), unit: "nats")]) })
        let section = try #require(run.stageSections().first)
        #expect(section.charts.map(\.title) == ["entropy", "update: entropy"])
        #expect(section.charts.map { $0.curves[0].points.map(\.y.mean) } == [[1, 2], [5, 6]])
    }

    @Test("of one iteration are shown, of none are not, and gaps stay gaps")
    func short() throws {
        #expect(RunHistory([record(-1, measures: ["pass@1": estimate(0.5)])]).stageSections().isEmpty)
        #expect(RunHistory([record(0, updates: ["loss": 1])]).stageSections().first?.charts.map(\.title) == ["loss"])
        let run = RunHistory([record(0, updates: ["loss": 1]), record(1, updates: ["loss": .nan]), record(2, updates: ["loss": 0.5])])
        let section = try #require(run.stageSections().first)
        let root = try parsed(RunReport(title: "t", sections: [section]).html())
        #expect(root.classed("small").count == 1 && root.classed("mark").count == 2 && root.classed("curve").isEmpty)
    }

    @Test("of held-out measures leave out the one that is shown large")
    func measures() {
        let section = history().measureSection(without: ["pass@1"])
        #expect(section.charts.map(\.title) == ["greedy", "length"])
        #expect(section.charts.map(\.yLabel) == ["share of problems", "tokens"])
    }
}
