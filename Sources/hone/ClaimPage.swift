import HoneComparison
import HoneCore
import HoneEngine
import HoneNumerics
import HoneRecipes
import HoneReport

/// A checked claim as a page, as lines, and as JSON.
struct ClaimPage {
    private let result: ClaimResult

    init(_ result: ClaimResult) { self.result = result }

    /// The result as other programs read it.
    static func json(_ result: ClaimResult) throws -> JSONValue {
        guard case .object(var members) = try JSONValue(encoding: result) else { return .null }
        members["verdict"] = .string(result.verdict.rawValue)
        members["warnings"] = .array(result.warnings.map(JSONValue.string))
        members["seconds"] = .number(result.seconds)
        return .object(members)
    }

    /// One check as a row of a table in Markdown.
    static func row(_ outcome: ClaimResult.Outcome) -> String {
        let contrast = outcome.contrast
        let unit = contrast.unit
        let ends = contrast.low.flatMap { low in contrast.high.map { Figure.interval(low, $0, unit: unit) } } ?? "unknown"
        let seen = contrast.detectable.map { Figure.change($0, unit: unit) } ?? "–"
        return "| \(contrast.name) | \(Figure.change(contrast.difference, unit: unit)) | \(ends) | \(outcome.direction.rawValue), "
            + "\(Figure.value(outcome.smallest, unit: unit)) | \(seen) | \(outcome.verdict.rawValue) |\n"
    }

    /// The result in lines.
    func lines() -> [String] {
        var lines = ["\(result.id): \(result.verdict.rawValue.uppercased())  (\(result.size.rawValue), \(result.seeds.count) seeds)", "  \(result.claim.statement)", ""]
        for arm in result.arms { lines.append("  \(arm.arm.name): \(arm.arm.measure) \(ProgressDisplay.percent(arm.estimate))") }
        lines.append("")
        for outcome in result.checks {
            lines.append("  \(outcome.verdict.rawValue): \(outcome.contrast.name)")
            lines.append("      \(ComparisonTable.words(outcome.contrast)); claimed \(outcome.direction.rawValue), smallest of interest \(Figure.value(outcome.smallest, unit: outcome.contrast.unit))")
        }
        lines.append("  null control \(result.controls.nullIsQuiet ? "quiet" : "NOT QUIET"): \(ComparisonTable.words(result.controls.null))")
        lines.append("  positive control \(result.controls.positiveIsFound ? "found" : "NOT FOUND"): \(ComparisonTable.words(result.controls.positive))")
        return lines + result.warnings.map { "  \($0)" } + [""]
    }

    /// The page.
    func report() -> ComparisonReport {
        let isShare = result.arms.first?.estimate.unit == "share"
        let playsGame = ComparisonPage.playsGame(result.arms.map(\.arm))
        let checks = result.checks.map { outcome -> Forest.Row in
            let contrast = outcome.contrast
            return Forest.Row(
                label: contrast.name, note: "claimed: \(outcome.direction.rawValue), smallest effect of interest \(Figure.value(outcome.smallest, unit: contrast.unit))",
                mean: contrast.difference, low: contrast.low, high: contrast.high, seeds: contrast.bySeed,
                band: outcome.smallest > 0 ? -outcome.smallest...outcome.smallest : nil, words: outcome.verdict.rawValue)
        }
        let controls = [
            (result.controls.null, result.controls.nullIsQuiet ? "quiet, as it should be" : "not quiet"),
            (result.controls.positive, result.controls.positiveIsFound ? "found, as it should be" : "not found"),
        ].map { contrast, words in
            Forest.Row(label: contrast.name, mean: contrast.difference, low: contrast.low, high: contrast.high, seeds: contrast.bySeed, words: words)
        }
        let curves = result.arms.filter { $0.curve.count > 1 }.map { arm in
            RunReport.Curve(name: arm.arm.name, points: arm.curve.map { ($0.flops, $0.estimate) })
        }
        return ComparisonReport(
            title: "Claim: \(result.id)",
            summary: [result.claim.statement, "Source: \(result.source).", "Size: \(result.size.rawValue), \(result.seeds.count) seeds for every arm, the same \(playsGame ? "game" : "held-out problems")."],
            headline: "The claim \(result.verdict == .inconclusive ? "is left open" : result.verdict.rawValue).",
            reading: [
                "Each line below is one thing the claim says, with the interval found for it. Grey bands reach as far as effects too small to matter. "
                    + "A check holds or fails where its interval lies clear of what would contradict it, and is inconclusive otherwise."
            ],
            warnings: result.warnings,
            arms: Forest(
                title: "The arms", note: "Diamond: the mean over problems and seeds; line: its 95 % interval; circles: each seed.",
                axis: isShare ? ComparisonPage.shareWords(playsGame: playsGame) : "", isShare: isShare, isDifference: false,
                rows: result.arms.map {
                    Forest.Row(label: $0.arm.name, note: $0.arm.measure, mean: $0.estimate.mean, low: $0.estimate.low, high: $0.estimate.high, seeds: $0.bySeed, words: "")
                }),
            differences: [
                Forest(title: "The checks", axis: isShare ? "percentage points" : "", isShare: isShare, isDifference: true, rows: checks),
                Forest(
                    title: "The controls",
                    note: "An arm against itself from the same first weights with other draws, where there is nothing to find, and the same with an effect planted, which must be found.",
                    axis: isShare ? "percentage points" : "", isShare: isShare, isDifference: true, rows: controls),
            ],
            charts: curves.isEmpty ? [] : [
                RunReport.Chart(
                    title: "On the way", note: "Means over seeds with intervals over seeds.", xLabel: "operations spent on improving",
                    yLabel: isShare ? "share of problems" : "", curves: curves)
            ],
            tables: [ComparisonPage.costTable(result.arms, efforts: []), ComparisonPage.settingsTable(result.arms.map(\.arm))],
            footnotes: ComparisonPage.footnotes(tests: result.checks.count))
    }
}
