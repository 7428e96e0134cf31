import Foundation
import HoneComparison
import HoneCore
import HoneReport

/// A comparison as lines for the terminal.
struct ComparisonTable {
    private let result: ComparisonOutcome
    private let terminal: Terminal
    /// How the arms stand in a grid, where they do.
    private let grid: ComparisonGrid?

    init(_ result: ComparisonOutcome, grid: ComparisonGrid? = nil, terminal: Terminal) {
        self.result = result
        self.grid = grid
        self.terminal = terminal
    }

    /// The arms with what they reached and spent, then the differences.
    func lines() -> [String] {
        let width = (result.arms.map(\.arm.name.count) + result.differences.map(\.name.count)).max() ?? 0
        func padded(_ text: String) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        let budget = result.budget.map { "improving may spend \(ComparisonPage.amount($0))" } ?? "improving has no budget"
        let problems = ComparisonPage.playsGame(result.arms.map(\.arm)) ? "" : "\(result.problems) held-out problems, "
        var lines = ["\(problems)\(result.seeds.count) seed\(result.seeds.count == 1 ? "" : "s"); \(budget)", ""]
        for arm in result.arms {
            let flops = arm.costs.reduce(0.0) { $0 + Double($1.flops) } / Double(max(1, arm.costs.count))
            let answer = arm.answerTokens.map { ", \(Figure.short($0)) tokens an answer" } ?? ""
            lines.append("\(padded(arm.arm.name))  \(ProgressDisplay.percent(arm.estimate))  \(Figure.short(flops)) operations\(answer)")
        }
        for one in result.leftOut { lines.append("\(padded(one.name))  \(one.reason)") }
        // A grid has more differences than anybody reads.
        let shown = result.differences.filter { grid == nil || $0.adjustedPValue < 0.05 }
        if !result.differences.isEmpty {
            let others = result.differences.count - shown.count
            lines += ["", "differences, second minus first, on the same problems and seeds" + (others > 0 ? "; \(others) not told from 0 are in the report" : "")]
        }
        for contrast in shown { lines.append("\(padded(contrast.name))  \(Self.words(contrast))") }
        if let grid { lines += [""] + grid.lines(result) }
        if result.seeds.count == 1 { lines += ["", "one seed: the intervals speak of other problems only, not of other training runs"] }
        return lines
    }

    /// A difference with interval, corrected p-value, and what could have been seen.
    static func words(_ contrast: Contrast) -> String {
        let unit = contrast.unit
        let ends = contrast.low.flatMap { low in contrast.high.map { " [\(Figure.change(low, unit: unit)), \(Figure.change($0, unit: unit))]" } } ?? ""
        let seen = contrast.detectable.map { ", could have seen \(Figure.change($0, unit: unit))" } ?? ""
        return "\(Figure.change(contrast.difference, unit: unit))\(ends.replacingOccurrences(of: " points", with: ""))  p = "
            + "\(ComparisonPage.probability(contrast.adjustedPValue))\(seen)"
    }
}
