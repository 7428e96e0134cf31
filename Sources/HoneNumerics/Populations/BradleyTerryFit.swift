import Foundation
import HoneCore

/// The maximum of the likelihood of one group's games in units of log odds, by Newton's method.
struct BradleyTerryFit: Sendable {
    /// Each player's strength.
    private(set) var strengths: [Double]
    /// Each player's number of games.
    let games: [Int]
    /// The inverse of the information at the maximum. Without a prior it is taken within the strengths that add up to 0.
    private(set) var inverse: [[Double]]

    private let points: [[Double]]
    private let counts: [[Double]]
    private let prior: Double

    init(group: [String], results: GameResults, priorGames: Double) throws {
        let n = group.count
        let place = Dictionary(uniqueKeysWithValues: group.enumerated().map { ($1, $0) })
        var points = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        var counts = points
        for encounter in results.encounters {
            guard let i = place[encounter.first], let j = place[encounter.second] else { continue }
            (points[i][j], points[j][i]) = (encounter.points, Double(encounter.games) - encounter.points)
            (counts[i][j], counts[j][i]) = (Double(encounter.games), Double(encounter.games))
        }
        if priorGames == 0, let behind = Self.unreachable(points) {
            throw CoreError.invalid(
                "Ratings without a prior need everyone of a group to have taken points from the rest, directly or over others, but “\(group[behind.from])” is linked to “\(group[behind.to])” one way only; give a prior"
            )
        }
        (self.points, self.counts, prior) = (points, counts, priorGames)
        games = counts.map { Int($0.reduce(0, +)) }
        strengths = [Double](repeating: 0, count: n)
        inverse = []
        try climb(group)
    }

    /// Strengths less the anchor's, or less their mean, and the covariance of these differences.
    func relative(to anchor: Int?) -> (ratings: [Double], covariance: [[Double]]) {
        let n = strengths.count
        let weights = (0..<n).map { anchor == nil ? 1 / Double(n) : $0 == anchor ? 1 : 0 }
        let centre = zip(weights, strengths).map { $0 * $1 }.reduce(0, +)
        let across = inverse.map { row in zip(weights, row).map { $0 * $1 }.reduce(0, +) }
        let own = zip(weights, across).map { $0 * $1 }.reduce(0, +)
        let covariance = (0..<n).map { i in (0..<n).map { j in inverse[i][j] - across[i] - across[j] + own } }
        return (strengths.map { $0 - centre }, covariance)
    }

    private mutating func climb(_ group: [String]) throws {
        let n = strengths.count
        var best = logLikelihood(strengths)
        for _ in 0..<500 {
            let (gradient, information) = derivatives()
            guard let inverse = LinearSystem.inverse(positiveDefinite: information) else { break }
            self.inverse = inverse
            var step = inverse.map { row in zip(row, gradient).map { $0 * $1 }.reduce(0, +) }
            let longest = step.map(abs).max() ?? 0
            if longest < 1e-9 { return }
            // Far from the maximum the curve is flat and Newton's step much too long.
            if longest > 2 { step = step.map { $0 * 2 / longest } }
            var scale = 1.0
            while true {
                let moved = (0..<n).map { strengths[$0] + scale * step[$0] }
                let value = logLikelihood(moved)
                if value >= best - 1e-12 * abs(best) || scale < 1e-6 {
                    (strengths, best) = (moved, value)
                    break
                }
                scale /= 2
            }
        }
        throw CoreError.invalid("The ratings of the group of “\(group.first ?? "")” did not settle; give a larger prior")
    }

    private func logLikelihood(_ theta: [Double]) -> Double {
        var sum = 0.0
        for i in theta.indices {
            for j in theta.indices where points[i][j] > 0 { sum += points[i][j] * Self.logSigmoid(theta[i] - theta[j]) }
            sum += prior / 2 * (Self.logSigmoid(theta[i]) + Self.logSigmoid(-theta[i]))
        }
        return sum
    }

    private func derivatives() -> (gradient: [Double], information: [[Double]]) {
        let n = strengths.count
        var gradient = [Double](repeating: 0, count: n)
        var information = [[Double]](repeating: gradient, count: n)
        for i in 0..<n {
            for j in 0..<n where counts[i][j] > 0 {
                // Both probabilities for themselves: one less the other would lose the digits of a small one.
                let p = 1 / (1 + exp(strengths[j] - strengths[i]))
                let q = 1 / (1 + exp(strengths[i] - strengths[j]))
                gradient[i] += points[i][j] * q - points[j][i] * p
                information[i][i] += counts[i][j] * p * q
                information[i][j] -= counts[i][j] * p * q
            }
            let (p, q) = (1 / (1 + exp(-strengths[i])), 1 / (1 + exp(strengths[i])))
            gradient[i] += prior / 2 * (q - p)
            information[i][i] += prior * p * q
        }
        if prior == 0 {
            // A common shift changes nothing: this term makes the matrix regular and cancels in every difference.
            let level = (0..<n).reduce(0) { $0 + information[$1][$1] } / Double(n * n)
            for i in 0..<n { for j in 0..<n { information[i][j] += level } }
        }
        return (gradient, information)
    }

    /// Two players of whom the second cannot be reached from the first by steps to a player who lost points to it.
    private static func unreachable(_ points: [[Double]]) -> (from: Int, to: Int)? {
        func reached(_ step: (Int, Int) -> Bool) -> Set<Int> {
            var seen: Set<Int> = [0]
            var open = [0]
            while let i = open.popLast() {
                for j in points.indices where step(i, j) && seen.insert(j).inserted { open.append(j) }
            }
            return seen
        }
        let below = reached { points[$0][$1] > 0 }
        if let lost = points.indices.first(where: { !below.contains($0) }) { return (0, lost) }
        let above = reached { points[$1][$0] > 0 }
        return points.indices.first { !above.contains($0) }.map { ($0, 0) }
    }

    /// log σ(x) without overflow.
    private static func logSigmoid(_ x: Double) -> Double { x < 0 ? x - log1p(exp(x)) : -log1p(exp(-x)) }
}
