import Foundation
import HoneCore

/// The equilibrium of largest entropy of a symmetric zero-sum game between players, and what each player gets against it.
///
/// Source: Balduzzi, Tuyls, Perolat and Graepel, "Re-evaluating Evaluation", 2018 (maxent Nash, Nash averaging). It is unique, so that it does not depend on the
/// order of the players. Clones of a player have the same probability; they share what the player alone would have where the equilibrium is unique. Where there are
/// several, clones weigh in the entropy, so that the invariance which the paper states does not hold. It is found in two steps, neither of which is the paper's: the
/// central path of the game, which leads into the middle of all equilibria and so tells which players any of them uses, and from there Newton's method on the
/// entropy. Where a player outside the support could barely gain, probabilities are accurate to about 1e-5; the exploitability is below 1e-9 always.
public struct NashAverage: Hashable, Sendable, Codable {
    /// Each player's probability.
    public let probabilities: [Double]
    /// What each player gets against the equilibrium: 0 for those it uses, below 0 or 0 for the others.
    public let averages: [Double]

    /// The entropy of the probabilities in nats.
    public var entropy: Double { Statistics.entropy(probabilities) }

    /// What the best player gets against the equilibrium, which is 0 up to rounding.
    public var exploitability: Double { max(0, averages.max() ?? 0) }

    /// Of the players of a pay-off matrix, in its order. Pairs that have not met count as even.
    public init(_ matrix: PayoffMatrix) throws { try self.init(advantages: matrix.advantages) }

    /// Of antisymmetric pay-offs; throws when the matrix is empty, not square, not finite or not antisymmetric.
    public init(advantages: [[Double]]) throws {
        let n = advantages.count
        guard n > 0, advantages.allSatisfy({ $0.count == n && $0.allSatisfy(\.isFinite) }) else {
            throw CoreError.invalid("A symmetric game needs a square matrix of finite numbers, but its rows have the lengths \(advantages.map(\.count))")
        }
        let largest = advantages.joined().map(abs).max() ?? 0
        for i in 0..<n {
            for j in 0...i where abs(advantages[i][j] + advantages[j][i]) > 1e-9 * largest {
                throw CoreError.invalid(
                    "A symmetric zero-sum game needs antisymmetric pay-offs, but player \(i) gets \(advantages[i][j]) from player \(j), who gets \(advantages[j][i])")
            }
        }
        guard largest > 0 else {
            (probabilities, averages) = ([Double](repeating: 1 / Double(n), count: n), [Double](repeating: 0, count: n))
            return
        }
        // Exactly antisymmetric and of size 1, so that tolerances mean the same for every game.
        let game = (0..<n).map { i in (0..<n).map { (advantages[i][$0] - advantages[$0][i]) / (2 * largest) } }
        let path = CentralPath(game)
        let probabilities = EntropyAscent(game, support: path.support, start: path.probabilities).probabilities
        self.probabilities = probabilities
        averages = advantages.map { LinearSystem.dot($0, probabilities) }
    }
}

/// The central path of a symmetric zero-sum game with pay-offs in −1…1: p·s = μ for each player, where s is how much less than θ the player gets against p.
///
/// As μ goes to 0 it leads to the analytic centre of the equilibria, where each player either has probability or gets strictly less than the others.
private struct CentralPath {
    private(set) var probabilities: [Double]
    /// Which players some equilibrium uses.
    private(set) var support: [Bool]

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
        support = zip(p, s).map { $0 > $1 }
        if !support.contains(true) { support = p.map { _ in true } }
        let kept = zip(p, support).map { $1 ? $0 : 0 }
        let total = kept.reduce(0, +)
        probabilities = kept.map { $0 / total }
    }
}

/// Newton's method on the entropy within the equilibria, from their middle, with a barrier that keeps players outside the support from gaining.
private struct EntropyAscent {
    private(set) var probabilities: [Double]

    init(_ game: [[Double]], support: [Bool], start: [Double]) {
        probabilities = start
        let inside = support.indices.filter { support[$0] }
        let outside = support.indices.filter { !support[$0] }
        // All of the support get 0 against an equilibrium, and probabilities add up to 1.
        let equalities = inside.map { i in inside.map { game[i][$0] } } + [inside.map { _ in 1.0 }]
        let directions = LinearSystem.nullSpace(equalities, columns: inside.count)
        guard !directions.isEmpty else { return }
        var p = inside.map { start[$0] }
        let losing = outside.map { i in inside.map { -game[i][$0] } }
        func slack(_ p: [Double]) -> [Double] { losing.map { LinearSystem.dot($0, p) } }
        func loss(_ p: [Double], _ weight: Double) -> Double {
            let entropy = p.reduce(0.0) { $0 - $1 * log($1) }
            return -entropy - weight * slack(p).reduce(0.0) { $0 + log($1) }
        }
        let changes = directions.map(slack)
        var weight = 1.0
        while weight > 1e-11 {
            for _ in 0..<50 {
                let s = slack(p)
                let slopes = p.map { log($0) + 1 }
                let gradient = directions.indices.map { a in
                    LinearSystem.dot(slopes, directions[a]) - weight * LinearSystem.dot(changes[a], s.map { 1 / $0 })
                }
                let curvature = directions.indices.map { a -> [Double] in
                    let bent = zip(directions[a], p).map { $0 / $1 }
                    let pressed = zip(changes[a], s).map { weight * $0 / ($1 * $1) }
                    return directions.indices.map { LinearSystem.dot(bent, directions[$0]) + LinearSystem.dot(pressed, changes[$0]) }
                }
                guard let step = LinearSystem.solve(curvature, gradient.map { -$0 }) else { break }
                let decrease = -LinearSystem.dot(step, gradient)
                if decrease < 1e-16 { break }
                let move = p.indices.map { i in LinearSystem.dot(step, directions.map { $0[i] }) }
                let before = loss(p, weight)
                var length = 1.0
                while length > 1e-12 {
                    let moved = zip(p, move).map { $0 + length * $1 }
                    let isInside = moved.allSatisfy { $0 > 0 } && slack(moved).allSatisfy { $0 > 0 }
                    if isInside, loss(moved, weight) <= before - 0.1 * length * decrease + 1e-15 {
                        p = moved
                        break
                    }
                    length /= 2
                }
                if length <= 1e-12 { break }
            }
            if outside.isEmpty { break }
            weight /= 10
        }
        let total = p.reduce(0, +)
        for (place, i) in inside.enumerated() { probabilities[i] = p[place] / total }
    }
}
