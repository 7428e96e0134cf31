/// Dense linear algebra for matrices of as many rows as a population has players.
enum LinearSystem {
    /// The sum of products.
    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }

    /// The inverse of a symmetric positive definite matrix by its Cholesky factor; nil where it is not positive definite.
    static func inverse(positiveDefinite matrix: [[Double]]) -> [[Double]]? {
        let n = matrix.count
        var factor = matrix
        for j in 0..<n {
            for k in 0..<j { factor[j][j] -= factor[j][k] * factor[j][k] }
            guard factor[j][j] > 0 else { return nil }
            factor[j][j] = factor[j][j].squareRoot()
            for i in (j + 1)..<max(n, j + 1) {
                for k in 0..<j { factor[i][j] -= factor[i][k] * factor[j][k] }
                factor[i][j] /= factor[j][j]
            }
        }
        var inverse = matrix
        for column in 0..<n {
            var x = [Double](repeating: 0, count: n)
            x[column] = 1
            for i in 0..<n {
                for k in 0..<i { x[i] -= factor[i][k] * x[k] }
                x[i] /= factor[i][i]
            }
            for i in (0..<n).reversed() {
                for k in (i + 1)..<max(n, i + 1) { x[i] -= factor[k][i] * x[k] }
                x[i] /= factor[i][i]
            }
            for i in 0..<n { inverse[i][column] = x[i] }
        }
        return inverse
    }

    /// The solution of a square system by elimination with partial pivoting; nil where the matrix is singular.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        let n = matrix.count
        var table = zip(matrix, right).map { $0 + [$1] }
        for place in 0..<n {
            guard let pivot = (place..<n).max(by: { abs(table[$0][place]) < abs(table[$1][place]) }), table[pivot][place] != 0 else { return nil }
            table.swapAt(place, pivot)
            let lead = table[place]
            for i in (place + 1)..<max(n, place + 1) where table[i][place] != 0 {
                let factor = table[i][place] / lead[place]
                for j in place...n { table[i][j] -= factor * lead[j] }
            }
        }
        var x = [Double](repeating: 0, count: n)
        for i in (0..<n).reversed() {
            var sum = table[i][n]
            for j in (i + 1)..<max(n, i + 1) { sum -= table[i][j] * x[j] }
            x[i] = sum / table[i][i]
        }
        return x.allSatisfy(\.isFinite) ? x : nil
    }

    /// Directions along which all the rows' products stay 0, one list per direction; empty where there are none.
    static func nullSpace(_ rows: [[Double]], columns: Int, tolerance: Double = 1e-9) -> [[Double]] {
        var table = rows
        var pivots: [Int] = []
        for column in 0..<columns {
            let from = pivots.count
            guard from < table.count, let best = (from..<table.count).max(by: { abs(table[$0][column]) < abs(table[$1][column]) }),
                abs(table[best][column]) > tolerance
            else { continue }
            table.swapAt(from, best)
            let lead = table[from][column]
            for j in 0..<columns { table[from][j] /= lead }
            let pivotRow = table[from]
            for i in table.indices where i != from && table[i][column] != 0 {
                let factor = table[i][column]
                for j in 0..<columns { table[i][j] -= factor * pivotRow[j] }
            }
            pivots.append(column)
        }
        return (0..<columns).filter { !pivots.contains($0) }.map { free in
            var direction = [Double](repeating: 0, count: columns)
            direction[free] = 1
            for (row, column) in pivots.enumerated() { direction[column] = -table[row][free] }
            return direction
        }
    }
}
