import Foundation

/// Newton's method on the entropy within the equilibria, from their middle, with a barrier that keeps players of the support used and
/// others from gaining.
struct EntropyAscent: Sendable {
    /// The equilibrium of largest entropy; 0 outside the support.
    private(set) var probabilities: [Double]

    /// From an equilibrium that uses all of the support and lets nobody outside it be as good.
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
            // Without the barrier on probabilities, Newton's steps would run into the walls where the entropy bends too late.
            return -entropy - weight * (slack(p) + p).reduce(0.0) { $0 + log($1) }
        }
        let changes = directions.map(slack)
        var weight = 1.0
        while weight > 1e-11 {
            for _ in 0..<50 {
                let s = slack(p)
                let slopes = p.map { log($0) + 1 - weight / $0 }
                let gradient = directions.indices.map { a in
                    LinearSystem.dot(slopes, directions[a]) - weight * LinearSystem.dot(changes[a], s.map { 1 / $0 })
                }
                let curvature = directions.indices.map { a -> [Double] in
                    let bent = zip(directions[a], p).map { $0 * (1 + weight / $1) / $1 }
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
            weight /= 10
        }
        let total = p.reduce(0, +)
        for (place, i) in inside.enumerated() { probabilities[i] = p[place] / total }
    }
}
