/// The central path of a symmetric zero-sum game with pay-offs in −1…1: p·s = μ for each player, where s is how much less than θ the player
/// gets against p.
///
/// As μ goes to 0 it leads to the analytic centre of the equilibria, where each player either has probability or gets strictly less than
/// the others.
struct CentralPath: Sendable {
    /// An equilibrium; 0 outside the support.
    let probabilities: [Double]
    /// Which players some equilibrium uses.
    let support: [Bool]

    /// Of a matrix that is antisymmetric to the last bit.
    init(_ game: [[Double]]) {
        let n = game.count
        var p = [Double](repeating: 1 / Double(n), count: n)
        var s = game.map { 2 - LinearSystem.dot($0, p) }
        for _ in 0..<200 {
            let gap = LinearSystem.dot(p, s)
            if gap < 1e-13 { break }
            // Unknowns: the changes of p and of θ; s changes by dθ − game·dp.
            var matrix = (0..<n).map { i in
                var row = game[i].map { -p[i] * $0 }
                row[i] += s[i]
                return row + [p[i]]
            }
            matrix.append([Double](repeating: 1, count: n) + [0])
            let target = 0.1 * gap / Double(n)
            let right = (0..<n).map { target - p[$0] * s[$0] } + [0]
            guard let step = LinearSystem.solve(matrix, right) else { break }
            let ds = game.map { step[n] - LinearSystem.dot($0, step) }
            var length = 1.0
            for i in 0..<n {
                if step[i] < 0 { length = min(length, -0.95 * p[i] / step[i]) }
                if ds[i] < 0 { length = min(length, -0.95 * s[i] / ds[i]) }
            }
            for i in 0..<n {
                p[i] += length * step[i]
                s[i] += length * ds[i]
            }
        }
        let isUsed = zip(p, s).map { $0 > $1 }
        support = isUsed.contains(true) ? isUsed : p.map { _ in true }
        let kept = zip(p, support).map { $1 ? $0 : 0 }
        let total = kept.reduce(0, +)
        probabilities = kept.map { $0 / total }
    }
}
