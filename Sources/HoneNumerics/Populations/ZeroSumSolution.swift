import HoneCore

/// An equilibrium of a two-player zero-sum game in normal form.
public struct ZeroSumSolution: Hashable, Sendable, Codable {
    /// What the row player gets.
    public let value: Double
    /// The row player's probabilities.
    public let row: [Double]
    /// The column player's probabilities.
    public let column: [Double]

    /// Solves the game in which the row player gets `matrix[i][j]` and the column player the contrary.
    ///
    /// The linear programme of Dantzig 1951 by the simplex method, with Bland's rule against cycling: with all entries made positive,
    /// maximise Σy subject to A·y ≤ 1, y ≥ 0; the column player's probabilities are y over its sum, the row player's are the dual's. Where
    /// rounding has led the simplex method astray, so that somebody could gain, the central path of the equivalent symmetric game is taken
    /// instead. Throws when the matrix is empty, ragged or not finite.
    public init(_ matrix: [[Double]]) throws {
        guard let width = matrix.first?.count, width > 0, matrix.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) }) else {
            throw CoreError.invalid(
                "A matrix game needs rows of one length and finite numbers, but was given \(matrix.count) rows of lengths \(matrix.map(\.count))")
        }
        let height = matrix.count
        let smallest = matrix.joined().min() ?? 0
        let largest = matrix.joined().max() ?? 0
        let scale = max(largest - smallest, 1e-300)
        // Entries from 1 to 2, so that tolerances mean the same for every game.
        func entry(_ i: Int, _ j: Int) -> Double { largest == smallest ? 1 : (matrix[i][j] - smallest) / scale + 1 }

        // Rows 0..<height are constraints with slack variables in the basis; the last is the objective.
        let columns = width + height + 1
        var table = (0..<height).map { i in
            (0..<columns).map { j in j < width ? entry(i, j) : j == width + i || j == columns - 1 ? 1.0 : 0.0 }
        }
        table.append((0..<columns).map { $0 < width ? -1 : 0 })
        var basis = (0..<height).map { width + $0 }
        let tolerance = 1e-12
        // Far more pivots than Bland's rule makes: only rounding can go round in circles.
        for _ in 0..<(1000 + 50 * (width + height)) {
            guard let entering = (0..<columns - 1).first(where: { table[height][$0] < -tolerance }) else { break }
            var leaving = -1
            for i in 0..<height where table[i][entering] > tolerance {
                guard leaving >= 0 else {
                    leaving = i
                    continue
                }
                let ratio = table[i][columns - 1] / table[i][entering]
                let best = table[leaving][columns - 1] / table[leaving][entering]
                if ratio < best - tolerance || (ratio <= best + tolerance && basis[i] < basis[leaving]) { leaving = i }
            }
            // Every entry of A is positive, so that no variable can grow without end.
            guard leaving >= 0 else { break }
            let pivot = table[leaving][entering]
            for j in 0..<columns { table[leaving][j] /= pivot }
            for i in 0...height where i != leaving && table[i][entering] != 0 {
                let factor = table[i][entering]
                for j in 0..<columns { table[i][j] -= factor * table[leaving][j] }
            }
            basis[leaving] = entering
        }
        let total = table[height][columns - 1]
        var y = [Double](repeating: 0, count: width)
        for (i, variable) in basis.enumerated() where variable < width { y[variable] = max(table[i][columns - 1], 0) / total }
        let x = (0..<height).map { max(table[height][width + $0], 0) / total }
        let entries = (0..<height).map { i in (0..<width).map { entry(i, $0) } }
        var found = Mixtures(row: normalised(x), column: normalised(y))
        // Pivots on entries that only rounding made can lead anywhere; nearly equal pay-offs invite them.
        var bounds = found.bounds(entries)
        if !(found.row + found.column).allSatisfy(\.isFinite) || bounds.high - bounds.low > 1e-10 {
            found = Mixtures(byCentralPath: entries)
            bounds = found.bounds(entries)
        }
        (row, column) = (found.row, found.column)
        value = largest == smallest ? largest : ((bounds.low + bounds.high) / 2 - 1) * scale + smallest
    }

    /// A pair of mixtures for pay-offs between 1 and 2.
    private struct Mixtures {
        let row, column: [Double]

        init(row: [Double], column: [Double]) { (self.row, self.column) = (row, column) }

        /// From the symmetric game in which each player is a row, a column or the referee who fixes the value (Gale, Kuhn and Tucker 1950).
        init(byCentralPath entries: [[Double]]) {
            let (height, width) = (entries.count, entries[0].count)
            let size = height + width + 1
            var game = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
            func set(_ i: Int, _ j: Int, _ payoff: Double) { (game[i][j], game[j][i]) = (payoff / 2, -payoff / 2) }
            for i in 0..<height { for j in 0..<width { set(i, height + j, entries[i][j]) } }
            for i in 0..<height { set(i, size - 1, -1) }
            for j in 0..<width { set(height + j, size - 1, 1) }
            let all = CentralPath(game).probabilities
            self.init(row: normalised(Array(all[0..<height])), column: normalised(Array(all[height..<(size - 1)])))
        }

        /// Between what the row player is sure of and the most that the column player has to pay.
        func bounds(_ entries: [[Double]]) -> (low: Double, high: Double) {
            let rows = entries.map { LinearSystem.dot($0, column) }
            let columns = column.indices.map { j in LinearSystem.dot(row, entries.map { $0[j] }) }
            return (columns.reduce(.infinity) { min($0, $1) }, rows.reduce(-.infinity) { max($0, $1) })
        }
    }
}

private func normalised(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
}
