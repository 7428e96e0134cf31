import HoneCore

/// A game of two players in normal form, each with its own matrix of payoffs.
public struct Bimatrix: Hashable, Sendable, Codable {
    /// Both players' probabilities.
    public struct Equilibrium: Hashable, Sendable, Codable {
        /// The row player's.
        public let row: [Double]
        /// The column player's.
        public let column: [Double]
    }

    /// What the row player gets, by row and column.
    public let row: [[Double]]
    /// What the column player gets, by row and column.
    public let column: [[Double]]

    /// A game; throws when the matrices are empty, ragged, not finite or of different shapes.
    public init(row: [[Double]], column: [[Double]]) throws {
        let width = row.first?.count ?? 0
        guard width > 0, row.count == column.count, (row + column).allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) }) else {
            throw CoreError.invalid(
                "Two matrices of one shape with finite numbers were expected, but their rows have the lengths \(row.map(\.count)) and \(column.map(\.count))"
            )
        }
        self.row = row
        self.column = column
    }

    /// The cells from which neither player gains by moving alone, in row-major order.
    public var pureEquilibria: [(row: Int, column: Int)] {
        var cells: [(row: Int, column: Int)] = []
        for i in row.indices {
            for j in row[i].indices
            where row.indices.allSatisfy({ row[$0][j] <= row[i][j] }) && column[i].allSatisfy({ $0 <= column[i][j] }) {
                cells.append((i, j))
            }
        }
        return cells
    }

    /// The equilibria whose supports have equal sizes, smaller supports first: all there are, unless the game is degenerate.
    ///
    /// By enumeration of supports (Porter, Nudelman and Shoham 2004): for each pair, the probabilities that make the other player indifferent,
    /// kept where they are probabilities and nothing outside the support pays more. Meant for a few rows and columns.
    public func equilibria(tolerance: Double = 1e-9) -> [Equilibrium] {
        let height = row.count
        let width = row[0].count
        var found: [Equilibrium] = []
        for size in 1...min(height, width) {
            for rows in Self.subsets(of: height, size: size) {
                for columns in Self.subsets(of: width, size: size) {
                    let transposed = columns.map { j in rows.map { i in column[i][j] } }
                    let own = rows.map { i in columns.map { j in row[i][j] } }
                    guard let x = Self.indifference(transposed), let y = Self.indifference(own), (x + y).allSatisfy({ $0 > tolerance }) else {
                        continue
                    }
                    var fullX = [Double](repeating: 0, count: height)
                    var fullY = [Double](repeating: 0, count: width)
                    for (place, i) in rows.enumerated() { fullX[i] = x[place] }
                    for (place, j) in columns.enumerated() { fullY[j] = y[place] }
                    if gain(fullX, fullY) <= tolerance { found.append(Equilibrium(row: fullX, column: fullY)) }
                }
            }
        }
        return found
    }

    /// What both players together could gain by a best response to the other's probabilities.
    public func gain(_ x: [Double], _ y: [Double]) -> Double {
        let rowPays = row.map { zip($0, y).map { $0 * $1 }.reduce(0, +) }
        let columnPays = y.indices.map { j in x.indices.map { x[$0] * column[$0][j] }.reduce(0, +) }
        let rowGets = zip(x, rowPays).map { $0 * $1 }.reduce(0, +)
        let columnGets = zip(y, columnPays).map { $0 * $1 }.reduce(0, +)
        return (rowPays.max() ?? 0) - rowGets + (columnPays.max() ?? 0) - columnGets
    }

    private static func subsets(of count: Int, size: Int) -> [[Int]] {
        if size == 0 { return [[]] }
        if size > count { return [] }
        var all: [[Int]] = []
        for first in 0...(count - size) {
            for rest in subsets(of: count - first - 1, size: size - 1) { all.append([first] + rest.map { $0 + first + 1 }) }
        }
        return all
    }

    /// Numbers that add up to 1 and give each row of the square matrix the same product; nil where they are not unique.
    private static func indifference(_ matrix: [[Double]]) -> [Double]? {
        let size = matrix.count
        // Unknowns: the probabilities and the common product.
        var table = matrix.map { $0 + [-1, 0] }
        table.append([Double](repeating: 1, count: size) + [0, 1])
        for place in 0...size {
            guard let pivot = (place...size).max(by: { abs(table[$0][place]) < abs(table[$1][place]) }), abs(table[pivot][place]) > 1e-12 else {
                return nil
            }
            table.swapAt(place, pivot)
            let lead = table[place][place]
            for j in place...(size + 1) { table[place][j] /= lead }
            for i in 0...size where i != place && table[i][place] != 0 {
                let factor = table[i][place]
                for j in place...(size + 1) { table[i][j] -= factor * table[place][j] }
            }
        }
        return (0..<size).map { table[$0][size + 1] }
    }
}
