/// How far two raters, or a judge and the truth, agree.
public enum Agreement {
    /// How the distance of two categories counts as disagreement.
    public enum Weighting: String, Hashable, Sendable, Codable, CaseIterable {
        /// Any two different categories disagree fully.
        case none
        /// Disagreement grows with |i − j|.
        case linear
        /// Disagreement grows with (i − j)².
        case quadratic
    }

    /// Cohen's kappa: 1 − Σ w_ij n_ij / Σ w_ij e_ij with e_ij = (row total)(column total)/n; 1 is full agreement, 0 what chance gives.
    ///
    /// Categories are whole numbers from 0 up to `categories` − 1, in their order. Source: Cohen 1960, “A Coefficient of Agreement
    /// for Nominal Scales”; weighted: Cohen 1968. nil for no items, and where both raters use one category only, the same one: there
    /// chance alone agrees fully.
    public static func kappa(_ first: [Int], _ second: [Int], categories: Int, weighting: Weighting = .none) -> Double? {
        precondition(first.count == second.count, "\(first.count) ratings against \(second.count)")
        precondition((first + second).allSatisfy { (0..<categories).contains($0) }, "A category lies outside 0..<\(categories)")
        var table = [[Double]](repeating: [Double](repeating: 0, count: categories), count: categories)
        for (row, column) in zip(first, second) { table[row][column] += 1 }
        let rows = table.map { $0.reduce(0, +) }
        let columns = (0..<categories).map { column in table.reduce(0) { $0 + $1[column] } }
        var (found, expected) = (0.0, 0.0)
        for row in 0..<categories {
            for column in 0..<categories where row != column {
                let distance = Double(abs(row - column))
                let weight = weighting == .none ? 1 : weighting == .linear ? distance : distance * distance
                found += weight * table[row][column]
                expected += weight * rows[row] * columns[column]
            }
        }
        return expected > 0 ? 1 - found * Double(first.count) / expected : nil
    }

    /// The share of items on which both say the same; nil for none.
    public static func share(_ first: [Int], _ second: [Int]) -> Double? {
        precondition(first.count == second.count, "\(first.count) ratings against \(second.count)")
        return first.isEmpty ? nil : Double(zip(first, second).filter { $0 == $1 }.count) / Double(first.count)
    }

    /// The mean absolute error Σ |x − y| / n; nil for no values.
    public static func meanAbsoluteError(_ first: [Double], _ second: [Double]) -> Double? {
        precondition(first.count == second.count, "\(first.count) values against \(second.count)")
        return first.isEmpty ? nil : zip(first, second).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(first.count)
    }
}
