import Foundation
import HoneCore

/// Splits who-beats-whom into a part that a rating explains and a part of cycles.
///
/// Source: the combinatorial Hodge decomposition of Jiang, Lim, Yao and Ye (2011), as Balduzzi et al. 2018 and 2019 use it: with each
/// player's mean r_i over a row, the transitive part is r_i − r_j and the cyclic part the rest, whose rows add up to 0. Both are
/// orthogonal, so that their squares add up. Chance alone makes cycles: compare `cyclicSquare` with `cyclicSquareOfChance` before believing
/// them.
public struct CyclicDecomposition: Hashable, Sendable, Codable {
    /// On which scale scores are split.
    public enum Scale: String, Hashable, Sendable, Codable {
        /// Pay-offs, twice the score less one. Scores that an Elo rating explains to the last digit still leave some cyclic part here,
        /// because they bend.
        case payoff
        /// Log odds, on which an Elo rating is exactly transitive. Counted scores have half a game added either way.
        case logOdds
    }

    /// The players in the matrix's order.
    public let players: [String]
    /// On which scale this is.
    public let scale: Scale
    /// Each player's mean over all, itself included: the rating of the transitive part. They add up to 0.
    public let ratings: [Double]
    /// What ratings do not explain, antisymmetric.
    public let cyclic: [[Double]]
    /// The sum of squares of the transitive part over all pairs.
    public let transitiveSquare: Double
    /// The sum of squares of the cyclic part over all pairs.
    public let cyclicSquare: Double
    /// The cyclic sum of squares that is expected of chance alone: (1 − 2/n) times the sum of the pairs' variances.
    public let cyclicSquareOfChance: Double
    /// The same of the transitive part: 2/n times that sum.
    public let transitiveSquareOfChance: Double

    /// The part of the squares that is cyclic, 0…1, chance included; 0 when everyone is even with everyone.
    public var cyclicShare: Double {
        let sum = transitiveSquare + cyclicSquare
        return sum > 0 ? cyclicSquare / sum : 0
    }

    /// The same with what is expected of chance taken off both parts; 0 where nothing is left.
    public var cyclicShareBeyondChance: Double {
        let cyclic = max(0, cyclicSquare - cyclicSquareOfChance)
        let sum = cyclic + max(0, transitiveSquare - transitiveSquareOfChance)
        return sum > 0 ? cyclic / sum : 0
    }

    /// Splits a matrix; throws when some pair has not met, and on log odds when a score that is known exactly is 0 or 1.
    public init(_ matrix: PayoffMatrix, scale: Scale = .logOdds) throws {
        let n = matrix.players.count
        var values = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        var noise = 0.0
        for i in 0..<n {
            for j in (i + 1)..<max(n, i + 1) {
                guard matrix.isKnown(i, j) else {
                    throw CoreError.invalid(
                        "“\(matrix.players[i])” and “\(matrix.players[j])” have not met; cycles can be told only where everyone has met everyone")
                }
                let (value, variance) = try Self.value(matrix, i, j, scale)
                (values[i][j], values[j][i]) = (value, -value)
                noise += variance
            }
        }
        let ratings = values.map { $0.reduce(0, +) / Double(max(n, 1)) }
        let cyclic = (0..<n).map { i in (0..<n).map { values[i][$0] - (ratings[i] - ratings[$0]) } }
        players = matrix.players
        self.scale = scale
        self.ratings = ratings
        self.cyclic = cyclic
        func square(_ value: (Int, Int) -> Double) -> Double {
            (0..<n).reduce(0.0) { sum, i in (0..<i).reduce(sum) { $0 + value(i, $1) * value(i, $1) } }
        }
        transitiveSquare = square { ratings[$0] - ratings[$1] }
        cyclicSquare = square { cyclic[$0][$1] }
        let share = n > 0 ? min(1, 2 / Double(n)) : 1
        (transitiveSquareOfChance, cyclicSquareOfChance) = (share * noise, (1 - share) * noise)
    }

    /// A pair's value on the scale, and the variance of it.
    private static func value(_ matrix: PayoffMatrix, _ i: Int, _ j: Int, _ scale: Scale) throws -> (Double, Double) {
        let score = matrix.scores[i][j]
        let n = Double(score.count)
        switch scale {
        case .payoff: return (2 * score.mean - 1, 4 * matrix.variance(i, j))
        case .logOdds where score.count > 0:
            let (won, lost) = (score.mean * n + 0.5, (1 - score.mean) * n + 0.5)
            return (log(won / lost), 1 / won + 1 / lost)
        case .logOdds:
            guard score.mean > 0, score.mean < 1 else {
                throw CoreError.invalid(
                    "“\(matrix.players[i])” scores exactly \(score.mean) against “\(matrix.players[j])”, which has no log odds; use the scale of pay-offs")
            }
            return (log(score.mean / (1 - score.mean)), 0)
        }
    }
}
