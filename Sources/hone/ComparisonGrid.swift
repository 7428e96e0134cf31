import HoneComparison
import HoneCore
import HoneReport

/// A grid of arms as a table: one column for each alternative of what varies last, one row for each combination of the others.
struct ComparisonGrid {
    /// An arm with the name of its alternative on each axis.
    struct Place {
        let arm: String
        let names: [String]
    }

    /// All arms in the order they were written in, run or not.
    let places: [Place]

    /// An arm's alternative on the first axis; nil for arms that come by themselves.
    func firstName(of arm: String) -> String? { places.first { $0.arm == arm }?.names.first }

    /// The table: what an arm reached, or that it was not run.
    func table(_ result: ComparisonOutcome) -> RunReport.Table {
        var texts: [String: String] = [:]
        for arm in result.arms {
            let (low, high) = (Figure.fixed(100 * arm.estimate.low, decimals: 1), Figure.fixed(100 * arm.estimate.high, decimals: 1))
            let value = Figure.value(arm.estimate.mean, unit: arm.estimate.unit)
            texts[arm.arm.name] = arm.estimate.unit == "share" ? "\(value) [\(low), \(high)]" : value
        }
        for one in result.leftOut { texts[one.name] = one.reason.hasPrefix("does not fit") ? "does not fit" : "does not apply" }
        var (rows, columns): ([[String]], [String]) = ([], [])
        var cells: [[String]: String] = [:]
        for place in places {
            guard let text = texts[place.arm], let column = place.names.last else { continue }
            let row = Array(place.names.dropLast())
            if !columns.contains(column) { columns.append(column) }
            if !rows.contains(row) { rows.append(row) }
            cells[place.names] = text
        }
        return RunReport.Table(
            title: "The grid", note: "What each arm reached with its 95 % interval. What was not run stands below, with the reason.",
            columns: [""] + columns, rows: rows.map { row in [row.joined(separator: ", ")] + columns.map { cells[row + [$0]] ?? "" } }, isNumeric: true)
    }

    /// The table as lines of text.
    func lines(_ result: ComparisonOutcome) -> [String] {
        let table = table(result)
        let all = [table.columns] + table.rows
        let widths = table.columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: "  ").trimmedEnd
        }
    }
}

extension String {
    /// Without spaces at its end.
    fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
