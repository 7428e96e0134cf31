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
    let history: RunHistory
    /// What the run is compared with.
    var companion: ReportCompanion
    private let store: SQLiteRunStore

    init(_ folder: RunFolder) throws {
        self.folder = folder
        store = try SQLiteRunStore(folder)
        history = RunHistory(try store.iterations())
        companion = try ReportCompanion(of: folder)
    }

    private func first(_ name: String) -> Estimate? { history.first(name) }
    private func last(_ name: String) -> Estimate? { history.measures(name).last?.estimate }

    /// The result as other programs read it.
    func json(outcome: RunOutcome?) throws -> JSONValue {
        func estimates(_ pick: (String) -> Estimate?) throws -> JSONValue {
            var members: [String: JSONValue] = [:]
            for name in history.measureNames { members[name] = try pick(name).map { try JSONValue(encoding: $0) } }
            return .object(members)
        }
        var members: [String: JSONValue] = [
            "run": .string(folder.path), "recipe": .string(folder.manifest.recipe),
            "seed": .string(String(folder.manifest.seed)), "iterations": .integer(history.iterations),
            "before": try estimates(first), "after": try estimates(last), "cost": try JSONValue(encoding: history.cost),
            "seconds": .number(history.seconds), "computedTokens": try history.computedTokens.map { try JSONValue(encoding: $0) } ?? .null,
            "report": .string(folder.reportPath),
        ]
        if let outcome { members["finished"] = .bool(outcome.isFinished) }
        return .object(members)
    }

    /// How many measures the closing lines show; a tournament has dozens.
    private static let shownMeasures = 8

    /// The result in a few lines: the curve, every measure before and after (alone where it was taken once), and what was spent.
    func closingLines(_ terminal: Terminal, on stream: Int32 = STDOUT_FILENO) throws -> [String] {
        let style = terminal.textStyle(on: stream)
        var lines: [String] = []
        if let chart = try mainChart(), chart.curves.contains(where: { $0.points.count > 1 }) {
            lines = TextChart(style: style, width: min(terminal.width, 88), height: 10).lines(chart) { terminal.painted($1, $0, on: stream) } + [""]
        }
        let arrow = style == .ascii ? "->" : "→"
        // What the recipe's claim is about comes before what is measured beside it.
        let claim = RecipeCatalog.cards.first { $0.id == folder.manifest.recipe }?.claim
        let outcomes = history.outcomes(lookingFor: claim?.checks.flatMap { $0.contrast.map(\.measure) } ?? [])
        // One that is left over takes no more room than saying so.
        let shown = outcomes.count == Self.shownMeasures + 1 ? outcomes[...] : outcomes.prefix(Self.shownMeasures)
        let width = shown.reduce(8) { max($0, $1.name.count) }
        for (name, before, after) in shown {
            let values = after.map { "\(ProgressDisplay.percent(before)) before \(arrow) \(ProgressDisplay.percent($0)) after" } ?? ProgressDisplay.percent(before)
            lines.append("\(name.padding(toLength: width, withPad: " ", startingAt: 0)) \(values)")
        }
        if outcomes.count > shown.count { lines.append("and \(outcomes.count - shown.count) more measures, in the report") }
        let spent = history.cost
        lines.append(
            "\("spent".padding(toLength: width, withPad: " ", startingAt: 0)) \(grouped(spent.sampledTokens)) tokens sampled, "
                + "\(grouped(spent.trainedTokens)) trained, \(grouped(spent.optimiserSteps)) optimiser steps on improving")
        return lines
    }

    /// The main measure with what it is compared with; nil when nothing was measured.
    func mainChart() throws -> RunReport.Chart? {
        guard let measure = history.mainMeasure else { return nil }
        var curves = [history.curve(measure, named: measure)]
        if !companion.expected.isEmpty { curves.append(history.curve(expecting: companion.expected, of: measure)) }
        if let control = try control() { curves.append(control.curve(measure, named: "control", kind: .control)) }
        return RunReport.Chart(
            title: "Held-out \(measure)", note: companion.notes.joined(separator: " "), xLabel: "tokens sampled and trained",
            yLabel: first(measure)?.unit == "share" ? "share of problems" : first(measure)?.unit ?? "", curves: curves)
    }

    private func control() throws -> RunHistory? {
        guard let other = try companion.controlFolder(of: folder) else { return nil }
        return RunHistory(try SQLiteRunStore(other).iterations())
    }

    /// The report's page.
    func page() throws -> RunReport {
        let manifest = folder.manifest
        // A problem file may have moved since; what the records hold is reported all the same.
        let resolved = Result { try RecipeCatalog.restore(manifest.recipe, settings: manifest.settings) }
        let plan = resolved.flatMap { recipe in Result { try recipe.plan(Seed(manifest.seed)) } }
        let card = RecipeCatalog.cards.first { $0.id == manifest.recipe }
        let world = manifest.settings["task"]?["world"]?.text
        var report = RunReport(title: "\(manifest.recipe)\(world.map { " on \($0)" } ?? ""), seed \(manifest.seed)", settings: manifest.settings)
        if let card { report.summary = ["\(card.id): \(card.summary).", "Source: \(card.source)."] }
        report.headline = try headline()
        report.warnings = history.warnings(planned: (try? plan.get()).map { $0.stages.reduce(0) { $0 + $1.iterations } })
        if case .failure(let error) = plan {
            report.warnings.append("The run's plan could not be made again, so formulas are missing here: \(error)")
        }
        report.charts = try mainChart().map { [$0] } ?? []
        (report.samples, report.samplesNote) = try samples()
        report.sections = [history.measureSection(without: Set([history.mainMeasure].compactMap { $0 }))]
            + history.stageSections(meanings: (try? plan.get()).map(meanings) ?? [:])
        report.tables = [history.costTable(), machineTable()]
        report.routes = (try? plan.get()).map(routes) ?? []
        report.decisions = history.decisions
        let defaults = world.flatMap { try? RecipeCatalog.defaults(of: manifest.recipe, world: $0) }
        if let defaults { report.changes = RunReport.changes(from: defaults, to: manifest.settings) }
        report.footnotes = [
            "Intervals are 95 % intervals over problems: samples of one problem are not taken for independent. The interval of a "
                + "difference takes the two measurements for independent, which is rather too wide, as they share their problems.",
            "Written by hone \(EngineVersion.release) from the run's records.",
        ]
        return report
    }

    private func headline() throws -> Headline? {
        guard let measure = history.mainMeasure, let before = first(measure) else { return nil }
        let held = try control()?.measures(measure).last?.estimate
        return Headline(
            measure: measure, before: before, after: history.last(measure), control: held.map { (companion.controlWords, $0) },
            seeds: [folder.manifest.seed])
    }

    /// Held-out problems as they were answered at the first and at the last measurement.
    private func samples() throws -> ([RunReport.Sample], note: String) {
        let measured = try store.answeredIterations()
        guard let start = measured.first, let end = measured.last, start != end else { return ([], "") }
        let samples = RunReport.Sample.pairs(before: try store.answers(of: start), after: try store.answers(of: end))
        let first = start < 0 ? "before the first iteration" : "after iteration \(start + 1)"
        return (
            samples,
            "The first \(samples.count) held-out problems in the order they were measured, not chosen by result; each answered "
                + "\(first) and after iteration \(end + 1) from the same random stream. The first sample is shown."
        )
    }

    private func meanings(_ plan: Plan) -> [String: String] {
        var meanings: [String: String] = [:]
        for route in plan.stages.flatMap(\.updates).flatMap(\.routes) {
            meanings.merge(type(of: route.objective).formula.metrics) { first, _ in first }
        }
        return meanings
    }

    private func routes(_ plan: Plan) -> [RunReport.RouteNote] {
        let common: Set = ["task", "model", "base", "play", "learner", "evaluation", "iterations"]
        var particular: [String] = []
        if case .object(let members) = folder.manifest.settings {
            for (key, value) in members.sorted(by: { $0.key < $1.key }) where !common.contains(key) {
                guard case .object(let inner) = value else { continue }
                particular += inner.sorted { $0.key < $1.key }.map { "\(key).\($0.key) = \($0.value.text ?? $0.value.canonical)" }
            }
        }
        return plan.stages.flatMap { stage in
            stage.updates.flatMap { update in
                update.routes.map { route in
                    let (credit, objective) = (type(of: route.credit).card, type(of: route.objective).card)
                    let formula = type(of: route.objective).formula
                    var facts = [
                        ("formula", formula.formula), ("normaliser", formula.normaliser), ("reduction", formula.reduction),
                        ("credit", "\(credit.name): \(credit.summary)\(credit.source.isEmpty ? "" : " (\(credit.source))")"),
                        ("source", objective.source), ("recipe's own settings", particular.joined(separator: ", ")),
                        ("optimiser", "AdamW, \(update.passes == 1 ? "one pass" : "\(update.passes) passes") over the rows, "
                            + (update.miniBatch == 0 ? "all rows in one step" : "\(update.miniBatch) rows a step")
                            + (update.optimiser.clip > 0 ? ", gradient norm clipped at \(Figure.significant(update.optimiser.clip))" : "")),
                    ]
                    if !formula.departures.isEmpty { facts.append(("departures", formula.departures.joined(separator: "; "))) }
                    return RunReport.RouteNote(
                        title: "Stage “\(stage.name)”, model “\(update.model)”: \(credit.name) → \(objective.name)",
                        facts: facts.filter { !$0.1.isEmpty }.map { (name: $0.0, text: $0.1) })
                }
            }
        }
    }

    private func machineTable() -> RunReport.Table {
        let manifest = folder.manifest
        let rows = [["recipe", manifest.recipe], ["seed", String(manifest.seed)], ["begun", manifest.created]]
            + manifest.versions.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
            + manifest.machine.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        return RunReport.Table(title: "Versions and machine", columns: ["", ""], rows: rows)
    }

    /// Writes `report.html`.
    func write() throws { try folder.writeReport(try page().html()) }
}
