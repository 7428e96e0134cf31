import Foundation
import HoneCore
import HoneEngine
import HoneModel
import HoneRecipes
import HoneReport
import HoneStore

/// Makes the report of a run from its records.
struct RunReporter {
    let folder: RunFolder
    private let records: [IterationRecord]
    private let store: SQLiteRunStore

    init(_ folder: RunFolder) throws {
        self.folder = folder
        store = try SQLiteRunStore(folder)
        records = try store.iterations()
    }

    private func first(_ name: String) -> Estimate? { measures(name).first?.estimate }
    private func last(_ name: String) -> Estimate? { measures(name).last?.estimate }
    private func measures(_ name: String) -> [MeasureRecord] { records.flatMap { $0.measures.filter { $0.name == name } } }
    private var names: [String] { Set(records.flatMap { $0.measures.map(\.name) }).sorted() }
    private var cost: Cost { records.reduce(Cost()) { $0 + $1.cost } }

    /// The result as other programs read it.
    func json(outcome: RunOutcome?) throws -> JSONValue {
        func estimates(_ pick: (String) -> Estimate?) throws -> JSONValue {
            var members: [String: JSONValue] = [:]
            for name in names { members[name] = try pick(name).map { try JSONValue(encoding: $0) } }
            return .object(members)
        }
        var members: [String: JSONValue] = [
            "run": .string(folder.path), "recipe": .string(folder.manifest.recipe),
            "seed": .string(String(folder.manifest.seed)), "iterations": .integer(records.filter { $0.index >= 0 }.count),
            "before": try estimates(first), "after": try estimates(last), "cost": try JSONValue(encoding: cost),
            "seconds": .number(records.reduce(0) { $0 + $1.seconds }), "report": .string(folder.reportPath),
        ]
        if let outcome { members["finished"] = .bool(outcome.isFinished) }
        return .object(members)
    }

    /// The result in a few lines.
    func closingLines() -> [String] {
        var lines: [String] = []
        for name in ["pass@1", "greedy"] {
            guard let before = first(name), let after = last(name) else { continue }
            lines.append("\(name.padding(toLength: 8, withPad: " ", startingAt: 0)) \(ProgressDisplay.percent(before)) before → \(ProgressDisplay.percent(after)) after")
        }
        let spent = cost
        lines.append(
            "spent    \(grouped(spent.sampledTokens)) tokens sampled, \(grouped(spent.trainedTokens)) trained, \(grouped(spent.optimiserSteps)) optimiser steps")
        return lines
    }

    /// A curve of a measure over what had been sampled and trained.
    func curve(_ measure: String, named name: String) -> RunReport.Curve {
        RunReport.Curve(
            name: name,
            points: measures(measure).map { (Double($0.cost.sampledTokens + $0.cost.trainedTokens), $0.estimate) })
    }

    /// The report's page.
    func page(extraCurves: [RunReport.Curve] = [], notes: [String] = []) throws -> RunReport {
        let card = RecipeCatalog.cards.first { $0.id == folder.manifest.recipe }
        var summary = [card.map { "\($0.id): \($0.summary)." } ?? "", card.map { "Source: \($0.source)." } ?? ""]
        if let before = first("pass@1"), let after = last("pass@1") {
            summary.append(
                "On held-out problems pass@1 went from \(ProgressDisplay.percent(before)) to \(ProgressDisplay.percent(after)); "
                    + "brackets are 95 % intervals over \(after.count) problems.")
        }
        summary += notes
        var charts = [
            RunReport.Chart(
                title: "Held-out pass@1", xLabel: "tokens sampled and trained", yLabel: "share solved",
                curves: [curve("pass@1", named: "pass@1"), curve("greedy", named: "greedy")] + extraCurves)
        ]
        let rewards = records.compactMap { record in record.training["reward"].map { (Double(record.index), $0) } }
        charts.append(
            RunReport.Chart(
                title: "Reward in training", xLabel: "iteration", yLabel: "mean return",
                curves: [RunReport.Curve(name: "reward", points: rewards.map { (x: $0.0, y: $0.1) })]))
        for name in ["entropy", "length"] {
            guard let unit = last(name)?.unit else { continue }
            charts.append(
                RunReport.Chart(title: "Held-out \(name)", xLabel: "tokens sampled and trained", yLabel: unit, curves: [curve(name, named: name)]))
        }
        return RunReport(
            title: "\(folder.manifest.recipe), seed \(folder.manifest.seed)", summary: summary.filter { !$0.isEmpty }, charts: charts,
            samples: try samples(), tables: [costTable(), ("Learning", try routes()), machineTable()], settings: folder.manifest.settings)
    }

    /// Training problems that were answered early and late in the run.
    private func samples() throws -> [RunReport.Sample] {
        let played = records.filter { $0.index >= 0 }.map(\.index)
        guard let first = played.first, let last = played.last, first != last else { return [] }
        let early = try store.groups(of: first).prefix(8)
        let late = try store.groups(of: last)
        return early.enumerated().compactMap { place, group in
            let other = late.first { $0.assignment.problem.text == group.assignment.problem.text } ?? late.dropFirst(place).first
            guard let a = group.episodes.first, let after = other, let b = after.episodes.first else { return nil }
            let isSame = after.assignment.problem.text == group.assignment.problem.text
            return RunReport.Sample(
                problem: isSame ? group.assignment.problem.text : "\(group.assignment.problem.text) | \(after.assignment.problem.text)",
                before: a.response(of: .solver), beforeIsCorrect: (a.returns[.solver] ?? 0) >= 1,
                after: b.response(of: .solver), afterIsCorrect: (b.returns[.solver] ?? 0) >= 1)
        }
    }

    private func costTable() -> (title: String, rows: [(name: String, value: String)]) {
        let spent = cost
        return (
            "Cost of improving",
            [
                ("tokens sampled", grouped(spent.sampledTokens)), ("prompt tokens", grouped(spent.promptTokens)),
                ("tokens trained", grouped(spent.trainedTokens)), ("episodes", grouped(spent.episodes)),
                ("world steps", grouped(spent.worldSteps)), ("judge calls", grouped(spent.judgeCalls)),
                ("optimiser steps", grouped(spent.optimiserSteps)),
                ("wall time, with measuring", spoken(seconds: records.reduce(0) { $0 + $1.seconds })),
            ]
        )
    }

    private func routes() throws -> [(name: String, value: String)] {
        let resolved = try RecipeCatalog.restore(folder.manifest.recipe, settings: folder.manifest.settings)
        let plan = try resolved.plan(Seed(folder.manifest.seed))
        return plan.stages.flatMap { stage in
            stage.updates.flatMap { update in
                update.routes.map { route in
                    let objective = type(of: route.objective)
                    return (
                        "\(stage.name): \(type(of: route.credit).card.name) → \(objective.card.name)",
                        "\(objective.formula.formula) — normaliser: \(objective.formula.normaliser); reduction: \(objective.formula.reduction)"
                    )
                }
            }
        }
    }

    private func machineTable() -> (title: String, rows: [(name: String, value: String)]) {
        let manifest = folder.manifest
        return (
            "Run",
            [("recipe", manifest.recipe), ("seed", String(manifest.seed)), ("begun", manifest.created)]
                + manifest.versions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
                + manifest.machine.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        )
    }

    /// Writes `report.html`.
    func write(extraCurves: [RunReport.Curve] = [], notes: [String] = []) throws {
        let html = try page(extraCurves: extraCurves, notes: notes).html()
        try Data(html.utf8).write(to: URL(fileURLWithPath: folder.reportPath), options: .atomic)
    }
}
