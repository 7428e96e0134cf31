import Foundation
import HoneCore

/// What a run's records say, in the forms a report needs.
public struct RunHistory: Sendable {
    /// The records, in order, without their groups; −1 is the measurement before the first iteration.
    public let records: [IterationRecord]

    /// The history of these records.
    public init(_ records: [IterationRecord]) { self.records = records.sorted { $0.index < $1.index } }

    /// How many iterations are done.
    public var iterations: Int { records.filter { $0.index >= 0 }.count }

    /// The names of everything that was measured, in alphabetical order.
    public var measureNames: [String] { Set(records.flatMap { $0.measures.map(\.name) }).sorted() }

    /// A measure each time it was taken.
    public func measures(_ name: String) -> [MeasureRecord] { records.flatMap { $0.measures.filter { $0.name == name } } }

    /// A measure when it was first taken.
    public func first(_ name: String) -> Estimate? { measures(name).first?.estimate }

    /// A measure when it was last taken; nil when it was taken once only.
    public func last(_ name: String) -> Estimate? { measures(name).dropFirst().last?.estimate }

    /// The measure a headline is about, of all that were measured; see `mainMeasure(of:)`.
    public var mainMeasure: String? { Self.mainMeasure(of: Dictionary(uniqueKeysWithValues: measureNames.compactMap { name in first(name).map { (name, $0) } })) }

    /// The measure a headline is about: pass@1 or exploitability where there is one, else points against somebody, else the first share in
    /// alphabetical order, else the first of all.
    public static func mainMeasure(of estimates: [String: Estimate]) -> String? {
        let names = estimates.keys.sorted()
        for name in ["pass@1", "exploitability"] where estimates[name] != nil { return name }
        if let points = names.first(where: { $0.hasPrefix("points against") }) { return points }
        return names.first { estimates[$0]?.unit == "share" } ?? names.first
    }

    /// Every measure as it was first and last taken: the main one, then those looked for, then the others by name; `last` is nil where it was
    /// taken once.
    public func outcomes(lookingFor sought: [String] = []) -> [(name: String, first: Estimate, last: Estimate?)] {
        var names: [String] = []
        for name in (mainMeasure.map { [$0] } ?? []) + sought + measureNames where !names.contains(name) { names.append(name) }
        return names.compactMap { name in first(name).map { (name, $0, last(name)) } }
    }

    /// What was spent on improving, without teaching and measuring.
    public var cost: Cost { records.reduce(Cost()) { $0 + $1.cost } }

    /// Tokens that models here really worked on to draw answers; nil where an iteration was not counted.
    public var computedTokens: ComputedTokens? {
        let counts = records.map(\.computedTokens)
        guard !counts.isEmpty, counts.allSatisfy({ $0 != nil }) else { return nil }
        return counts.reduce(into: ComputedTokens()) { sum, count in
            sum.improving += count?.improving ?? 0
            sum.measuring += count?.measuring ?? 0
        }
    }

    /// What had been spent when the run was first measured, before its first iteration: the teaching of its models.
    public var teachingCost: Cost? { records.first.flatMap { $0.index < 0 ? $0.measures.first?.cost : nil } }

    /// Wall-clock seconds of all iterations, measuring included.
    public var seconds: Double { records.reduce(0) { $0 + ($1.seconds.isFinite ? $1.seconds : 0) } }

    /// A curve of a measure over the tokens sampled and trained until it was taken.
    public func curve(_ measure: String, named name: String, kind: RunReport.Curve.Kind = .measured) -> RunReport.Curve {
        RunReport.Curve(
            name: name, kind: kind,
            points: measures(measure).map { (Double($0.cost.sampledTokens + $0.cost.trainedTokens), $0.estimate) })
    }

    /// A curve of known values at the places where a measure was taken; those beyond the measurements are left out.
    public func curve(expecting values: [Double], of measure: String) -> RunReport.Curve {
        let places = curve(measure, named: measure).points
        return RunReport.Curve(
            name: "expected", kind: .expected,
            points: zip(places, values).map { (x: $0.x, y: Estimate(mean: $1, low: $1, high: $1, count: 0, unit: $0.y.unit)) })
    }

    /// The cost as rows: teaching where it is known, improving, and both together.
    public func costTable() -> RunReport.Table {
        let (taught, spent) = (teachingCost, cost)
        let parts: [(String, KeyPath<Cost, Int>)] = [
            ("sampled tokens", \.sampledTokens), ("prompt tokens", \.promptTokens), ("trained tokens", \.trainedTokens),
            ("scored tokens", \.scoredTokens), ("episodes", \.episodes), ("world steps", \.worldSteps),
            ("judge calls", \.judgeCalls), ("optimiser steps", \.optimiserSteps),
        ]
        let narrow = "\u{202F}"
        func words(_ number: Int) -> String { Figure.grouped(number, separator: narrow) }
        var rows = parts.map { name, path in
            [name] + (taught.map { [words($0[keyPath: path])] } ?? []) + [words(spent[keyPath: path])]
                + (taught.map { [words($0[keyPath: path] + spent[keyPath: path])] } ?? [])
        }
        if let computed = computedTokens {
            rows.insert(["sampled and prompt tokens worked on"] + (taught == nil ? [] : ["–"]) + [words(computed.improving)] + (taught == nil ? [] : ["–"]), at: 2)
        }
        rows.append(["seconds, measuring included"] + (taught == nil ? [] : ["–"]) + [Figure.fixed(seconds, decimals: 1)] + (taught == nil ? [] : ["–"]))
        return RunReport.Table(
            title: "Cost",
            note: "As the method asks for it, whether or not a cache saved the work; measuring is not counted except in seconds."
                + (computedTokens == nil ? "" : " Beginnings that answers have in common are worked on once: the third row says what was left of the two above it."),
            columns: taught == nil ? ["", "improving"] : ["", "teaching the start", "improving", "together"], rows: rows, isNumeric: true)
    }

    /// What controllers decided, with the iteration.
    public var decisions: [String] {
        records.flatMap { record in record.decisions.map { "iteration \(record.index + 1), \($0)" } }
    }

    /// What a reader should know first: an unfinished run, skipped optimiser steps, numbers that are not finite, few problems.
    ///
    /// `planned` is how many iterations the run should have, where that is known.
    public func warnings(planned: Int?) -> [String] {
        var warnings: [String] = []
        if let planned, iterations < planned {
            warnings.append("The run is not finished: \(iterations) of \(planned) iterations are done.")
        }
        let skipped = records.map { record in
            (record.index, record.updates.filter { Self.plainName($0.key) == "skippedSteps" }.values.reduce(0, +))
        }.filter { $0.1 > 0 }
        if !skipped.isEmpty {
            let count = Figure.trimmed(skipped.reduce(0) { $0 + $1.1 }, decimals: 0)
            warnings.append(
                "\(count) optimiser steps were left out because a loss or gradient was not finite, in "
                    + Self.listing(skipped.map { $0.0 + 1 }) + ".")
        }
        var broken: [String: [Int]] = [:]
        for record in records {
            for (name, value) in record.updates where !value.isFinite { broken[name, default: []].append(record.index + 1) }
            for (name, estimate) in record.training where !estimate.mean.isFinite { broken[name, default: []].append(record.index + 1) }
            for measure in record.measures where !measure.estimate.mean.isFinite { broken[measure.name, default: []].append(record.index + 1) }
        }
        for (name, places) in broken.sorted(by: { $0.key < $1.key }) {
            warnings.append("“\(name)” is not finite in \(Self.listing(places)); charts leave a gap there.")
        }
        if let name = mainMeasure, let count = measures(name).last?.estimate.count, count < 100 {
            warnings.append("It was measured on \(count) problems only; the intervals are wide.")
        }
        return warnings
    }

    /// Iterations in words: `iteration 3`, `iterations 3, 4, 5 and 12 more`.
    private static func listing(_ numbers: [Int]) -> String {
        let shown = numbers.prefix(6).map { $0 == 0 ? "the start" : String($0) }.joined(separator: ", ")
        let rest = numbers.count > 6 ? " and \(numbers.count - 6) more" : ""
        return (numbers.count == 1 ? "iteration " : "iterations ") + shown + rest
    }

    /// A metric's name without the model it belongs to.
    static func plainName(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }
}
