import HoneComparison
import HoneCore
import HoneEngine
import HoneEvaluation
import HoneNumerics
import HoneRecipes
import HoneReport

/// A comparison as a page for people who were not there.
struct ComparisonPage {
    private let result: ComparisonOutcome
    /// How the arms stand in a grid, where they do.
    private let grid: ComparisonGrid?

    init(_ result: ComparisonOutcome, grid: ComparisonGrid? = nil) {
        self.result = result
        self.grid = grid
    }

    private var isShare: Bool { result.arms.first?.estimate.unit == "share" }
    private var asked: [ComparisonOutcome.ArmResult] { result.arms.filter { !$0.arm.isImplied } }

    /// Whether there are more arms than a reader keeps apart by colour: curves are left out then, tables stand upright, and differences are against one arm.
    private var isLarge: Bool { grid != nil && asked.count > 8 }

    /// The page.
    func report() -> ComparisonReport {
        let names = asked.count > 6 ? "\(asked.count) arms" : asked.map(\.arm.name).joined(separator: ", ")
        return ComparisonReport(
            title: "Comparison: \(names)",
            summary: [
                Self.playsGame(result.arms.map(\.arm))
                    ? "Every arm plays the same game under \(seedWords)."
                    : "Every arm met the same \(result.problems) held-out problems under \(seedWords); no problem was ever trained on.",
                budgetWords,
            ],
            headline: headline, reading: reading, warnings: warnings, overview: grid.map { $0.table(result) }, arms: armForest, differences: [differenceForest],
            charts: (isLarge ? [answering] : [curves, answering, scaling]).compactMap { $0 },
            tables: [costTable, ranking, leftOutTable, Self.settingsTable(asked.map(\.arm)), whatTable].enumerated().map { place, table in
                isLarge && [0, 3].contains(place) ? table.turned() : table
            },
            footnotes: Self.footnotes(tests: result.differences.count))
    }

    /// Whether the arms play a game, which has no held-out problems.
    static func playsGame(_ arms: [Arm]) -> Bool {
        arms.contains { arm in
            guard case .recipe(let recipe, let settings) = arm.subject else { return false }
            return (try? RecipeCatalog.restore(recipe, settings: settings).games) != nil
        }
    }

    /// What a share is one of.
    static func shareWords(playsGame: Bool) -> String { playsGame ? "% of plays" : "% of held-out problems" }

    private var seedWords: String {
        result.seeds.count == 1 ? "seed \(result.seeds[0])" : "\(result.seeds.count) seeds (\(result.seeds.map(String.init).joined(separator: ", ")))"
    }

    private var budgetWords: String {
        let improving = result.budget.map { budget in
            "Improving could spend \(Self.amount(budget)) in every arm, "
                + (result.isBudgetGiven ? "as asked for" : "which is what the first arm spends by its own settings")
                + "; shared teaching and measuring are not charged."
        } ?? "No budget limited improving."
        return improving + (result.answering.map { " An answer could spend \(Self.amount($0))." } ?? " An answer is one sample.")
    }

    static func amount(_ budget: Budget) -> String { "\(Figure.short(budget.limit)) \(budget.unit == .flops ? "operations" : budget.unit.rawValue)" }

    private var headline: String {
        guard let best = asked.max(by: { $0.estimate.mean < $1.estimate.mean }), let start = result.arms.first(where: { $0.arm.name == Comparison.start })
        else { return "\(asked.count) arms measured." }
        let against = result.differences.first { $0.name == "\(best.arm.name) − \(start.arm.name)" }
        let words = against.map { " The difference is \(Self.interval($0))." } ?? ""
        return "Highest: \(best.arm.name) with \(Figure.value(best.estimate.mean, unit: best.estimate.unit)), where the model started with "
            + "\(Figure.value(start.estimate.mean, unit: start.estimate.unit)).\(words)"
    }

    private var reading: [String] {
        told + (asked.contains { Compose.asksTheVerifier($0.arm.settings) } ? [Self.upperBound] : [])
    }

    /// What is to be known of searches that ask who knows the answer.
    private static let upperBound =
        "Arms that search with the exact judge ask it about held-out problems too: what they reach is an upper bound, not what they would reach without it."

    private var told: [String] {
        let clear = result.differences.filter { $0.adjustedPValue < 0.05 }
        let told = "\(clear.count) of \(result.differences.count) differences are told from 0 after correction for their number."
        let unseen = result.differences.filter { $0.adjustedPValue >= 0.05 }.compactMap(\.detectable).max()
        guard let unseen else { return [told] }
        return [told, "Where nothing was found, a true difference of up to \(Figure.change(unseen, unit: isShare ? "share" : "")) could have stayed unseen."]
    }

    private var warnings: [String] {
        var warnings: [String] = []
        if result.seeds.count < 3 {
            warnings.append(
                result.seeds.count == 1
                    ? "There is one seed: the intervals speak of other problems only, not of other training runs."
                    : "There are two seeds: intervals over training runs are very wide, and rest on little.")
        }
        for arm in asked {
            if let budget = arm.arm.improving, arm.iterations.contains(where: { $0 > 0 }), let least = arm.overshoot.min(), least < -0.1 * budget.limit {
                warnings.append(
                    "“\(arm.arm.name)” spent \(Figure.fixed(-100 * least / budget.limit, decimals: 0)) % less than its budget: its settings ended it before.")
            }
        }
        if let missing = result.differences.map(\.missing).max(), missing > 0 {
            warnings.append("\(missing) problems were left out, as some arm has no value there.")
        }
        return warnings
    }

    private var armForest: Forest {
        Forest(
            title: "The arms", note: "Diamond: the mean over problems and seeds; line: its 95 % interval; circles: each seed.",
            axis: isShare ? Self.shareWords(playsGame: Self.playsGame(result.arms.map(\.arm))) : result.arms.first?.estimate.unit ?? "", isShare: isShare, isDifference: false,
            rows: result.arms.map { arm in
                Forest.Row(
                    label: arm.arm.name, note: arm.arm.isImplied ? "comes by itself" : "", mean: arm.estimate.mean, low: arm.estimate.low, high: arm.estimate.high,
                    seeds: arm.bySeed, words: arm.votes > 1 && arm.arm.measure == CellResult.answer ? "up to \(arm.votes) samples vote" : "")
            })
    }

    private var differenceForest: Forest {
        let honest = result.differences.filter { $0.name.hasSuffix(" − \(Comparison.start), more samples") }
        let isShort = isLarge && !honest.isEmpty
        return Forest(
            title: "The differences",
            note: "Second minus first on the same problems and seeds. A line that crosses 0 leaves open which is better."
                + (isShort ? " Against the model before improving with the same compute in samples; all other differences are in comparison.json." : ""),
            axis: isShare ? "percentage points" : result.arms.first?.estimate.unit ?? "", isShare: isShare, isDifference: true,
            rows: (isShort ? honest : result.differences).map(Self.row))
    }

    /// A difference as a row.
    static func row(_ contrast: Contrast) -> Forest.Row {
        let seen = contrast.detectable.map { "; could have seen \(Figure.change($0, unit: contrast.unit))" } ?? ""
        return Forest.Row(
            label: contrast.name, mean: contrast.difference, low: contrast.low, high: contrast.high, seeds: contrast.bySeed,
            words: "p = \(probability(contrast.adjustedPValue))\(seen)")
    }

    static func probability(_ p: Double) -> String { p < 0.001 ? "<0.001" : Figure.fixed(p, decimals: 3) }

    static func interval(_ contrast: Contrast) -> String {
        guard let low = contrast.low, let high = contrast.high else { return Figure.change(contrast.difference, unit: contrast.unit) }
        return "\(Figure.change(contrast.difference, unit: contrast.unit)) (95 % interval \(Figure.interval(low, high, unit: contrast.unit)))"
    }

    private var curves: RunReport.Chart? {
        let drawn = asked.filter { $0.curve.count > 1 }.map { arm in
            RunReport.Curve(name: arm.arm.name, points: arm.curve.map { ($0.flops, $0.estimate) })
        }
        guard !drawn.isEmpty else { return nil }
        let most = drawn.flatMap { $0.points.map(\.x) }.max() ?? 1
        let flat = result.arms.filter { $0.arm.isImplied }.map { arm in
            RunReport.Curve(
                name: arm.arm.name, kind: .control,
                points: [0, most].map { ($0, Estimate(mean: arm.estimate.mean, low: arm.estimate.mean, high: arm.estimate.mean, count: 0, unit: arm.estimate.unit)) })
        }
        return RunReport.Chart(
            title: "On the way", note: "Means over seeds with intervals over seeds. What did not improve is drawn level.",
            xLabel: "operations spent on improving", yLabel: isShare ? "share of problems" : "", curves: drawn + flat)
    }

    /// What the arms reach for what one of their answers costs, where the costs differ.
    private var answering: RunReport.Chart? {
        let points = result.arms.compactMap { arm in arm.answerTokens.map { (arm: arm, tokens: $0) } }
        guard points.count == result.arms.count, Set(points.map(\.tokens)).count > 1 else { return nil }
        return RunReport.Chart(
            title: "Accuracy against what an answer costs", note: "One mark for each arm, with its interval; everything a search looked at is counted.",
            xLabel: "tokens of one answer, sampled and read", yLabel: isShare ? "share of problems" : "", curves: marks(points))
    }

    /// One curve for each arm; in a large grid one for each alternative of what varies first.
    private func marks(_ points: [(arm: ComparisonOutcome.ArmResult, tokens: Double)]) -> [RunReport.Curve] {
        var curves: [RunReport.Curve] = []
        for point in points {
            let name = isLarge ? grid?.firstName(of: point.arm.arm.name) ?? point.arm.arm.name : point.arm.arm.name
            if let known = curves.firstIndex(where: { $0.name == name }) {
                curves[known].points.append((point.tokens, point.arm.estimate))
            } else {
                let kind: RunReport.Curve.Kind = point.arm.arm.isImplied ? .control : .measured
                curves.append(RunReport.Curve(name: name, kind: kind, points: [(point.tokens, point.arm.estimate)], isScattered: true))
            }
        }
        return curves
    }

    private var leftOutTable: RunReport.Table {
        RunReport.Table(title: "What was not run", columns: ["arm", "why"], rows: result.leftOut.map { [$0.name, $0.reason] })
    }

    /// What more samples for an answer would bring: votes, and beside them the chance that any sample is right.
    private var scaling: RunReport.Chart? {
        let start = result.arms.filter { $0.arm.name == Comparison.start }
        let curves = (asked + start).flatMap { arm in
            [("majority", "vote"), ("pass", "any right")].compactMap { way, words -> RunReport.Curve? in
                guard let points = arm.scaling[way], points.count > 1 else { return nil }
                return RunReport.Curve(
                    name: "\(arm.arm.name), \(words)", kind: way == "pass" ? .control : .measured, points: points.map { ($0.tokens, $0.share) })
            }
        }
        guard !curves.isEmpty else { return nil }
        return RunReport.Chart(
            title: "More samples for an answer",
            note: "Each mark doubles the samples. “Vote” takes the most frequent answer; “any right” is what a perfect judge of them would reach.",
            xLabel: "tokens of all samples for an answer", yLabel: isShare ? "share of problems" : "", curves: curves)
    }

    /// The arms by what they reach for what an answer costs.
    private var ranking: RunReport.Table {
        let start = result.arms.first { $0.arm.name == Comparison.start }?.estimate.mean ?? 0
        let candidates = result.arms.compactMap { arm -> CostAwareRanking.Candidate? in
            guard let cost = arm.answerFlops ?? arm.answerTokens, cost > 0, isShare else { return nil }
            return CostAwareRanking.Candidate(name: arm.arm.name, first: start, refined: arm.estimate.mean, cost: cost)
        }
        let isComplete = candidates.count == result.arms.count
        return RunReport.Table(
            title: "Ranked by benefit for its cost",
            note: "After PeRFICS: what an arm reaches and gains over the start, divided by the root of what one answer costs in units of the cheapest. An arm "
                + "is on the frontier where none is at least as good for at most the same cost.",
            columns: ["arm", "score", "on the frontier"],
            rows: !isComplete ? [] : CostAwareRanking(candidates).places.map {
                [$0.candidate.name, Figure.fixed($0.score, decimals: 2), $0.isOnFrontier ? "yes" : "no"]
            }, isNumeric: true)
    }

    private var costTable: RunReport.Table {
        Self.costTable(result.arms, efforts: result.efforts)
    }

    /// What each arm spent, on average over its seeds; kinds of cost that no arm has are left out.
    static func costTable(_ arms: [ComparisonOutcome.ArmResult], efforts: [[CellEffort]]) -> RunReport.Table {
        func row(_ name: String, _ value: (ComparisonOutcome.ArmResult) -> String) -> [String] { [name] + arms.map(value) }
        let kinds: [(String, (Cost) -> Int)] = [
            ("operations", \.flops), ("tokens sampled", \.sampledTokens), ("tokens of prompts", \.promptTokens), ("tokens trained", \.trainedTokens),
            ("tokens scored", \.scoredTokens), ("answers drawn", \.calls), ("world steps", \.worldSteps), ("judge calls", \.judgeCalls),
            ("optimiser steps", \.optimiserSteps),
        ]
        var rows: [[String]] = []
        for (name, pick) in kinds where arms.contains(where: { $0.costs.contains { pick($0) > 0 } }) {
            rows.append(row(name) { arm in Figure.short(Statistics.mean(arm.costs.map { Double(pick($0)) })) })
        }
        rows.append(
            row("most over the budget") { arm in
                guard let budget = arm.arm.improving, let over = arm.overshoot.max(), arm.iterations.contains(where: { $0 > 0 }) else { return "–" }
                return "\(over >= 0 ? "+" : "−")\(Figure.fixed(abs(100 * over / budget.limit), decimals: 2)) %"
            })
        if arms.contains(where: { $0.area != nil }) {
            rows.append(
                row("mean on the way (area)") { arm in
                    arm.area.map { Figure.value($0, unit: arm.estimate.unit) } ?? "–"
                })
        }
        rows.append(row("tokens of one answer") { $0.answerTokens.map(Figure.short) ?? "–" })
        rows.append(row("operations of one answer") { $0.answerFlops.map(Figure.short) ?? "–" })
        let areCounted = efforts.count == arms.count && efforts.joined().contains { $0.computedTokens != nil }
        if areCounted {
            let counts = efforts.map { own in own.compactMap { $0.computedTokens.map(Double.init) } }
            let place = rows.firstIndex { $0[0] == "tokens trained" || $0[0] == "tokens scored" || $0[0] == "answers drawn" } ?? rows.count
            rows.insert(["sampled and prompt tokens worked on"] + counts.map { $0.isEmpty ? "–" : Figure.short(Statistics.mean($0)) }, at: place)
        }
        if efforts.count == arms.count {
            rows.append(["seconds by the clock"] + efforts.map { Figure.fixed(Statistics.mean($0.map(\.seconds)), decimals: 0) })
        }
        return RunReport.Table(
            title: "What it cost",
            note: "Improving, as means over seeds, charged where it was spent, without shared teaching and measuring. Operations are counted from the model's sizes."
                + (areCounted ? " All is counted as the method asks for it; beginnings that answers have in common are worked on once, which leaves the tokens worked on." : ""),
            columns: [""] + arms.map(\.arm.name), rows: rows, isNumeric: true)
    }

    /// Settings in which the arms differ.
    static func settingsTable(_ arms: [Arm]) -> RunReport.Table {
        let all = arms.map { Dictionary(uniqueKeysWithValues: flat($0.settings, "")) }
        let keys = Set(all.flatMap(\.keys)).sorted().filter { key in Set(all.map { $0[key] ?? "–" }).count > 1 }
        return RunReport.Table(
            title: "Settings that differ", columns: ["setting"] + arms.map(\.name),
            rows: keys.map { key in [key] + all.map { $0[key] ?? "–" } })
    }

    private static func flat(_ value: JSONValue, _ path: String) -> [(String, String)] {
        guard case .object(let members) = value, !members.isEmpty else { return [(path, value.text ?? value.canonical)] }
        return members.flatMap { flat($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }

    private var whatTable: RunReport.Table {
        RunReport.Table(
            title: "What the arms are", columns: ["arm", ""], rows: result.arms.map { [$0.arm.name, $0.arm.note] })
    }

    static func footnotes(tests: Int) -> [String] {
        [
            "Intervals are 95 % t intervals for crossed problems and seeds, with degrees of freedom after Satterthwaite; they speak of new problems "
                + "and new seeds. p-values are corrected for \(tests) comparisons (Holm). “Could have seen” is the smallest true difference that would have been "
                + "found in four of five repetitions.",
            "Written by hone \(EngineVersion.release).",
        ]
    }
}
