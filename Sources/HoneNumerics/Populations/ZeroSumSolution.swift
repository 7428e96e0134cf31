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
    /// maximise Σy subject to A·y ≤ 1, y ≥ 0; the column player's probabilities are y over its sum, the row player's are the dual's.
    /// Throws when the matrix is empty, ragged or not finite.
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
        while let entering = (0..<columns - 1).first(where: { table[height][$0] < -tolerance }) {
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
        row = Self.normalised(x)
        column = Self.normalised(y)
        value = largest == smallest ? largest : (1 / total - 1) * scale + smallest
    }

    private static func normalised(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }
}
