import HoneCore

/// What the newest snapshot of a policy has lost against earlier ones.
///
/// For each earlier opponent o, the snapshot after o that scored best against it is compared with the newest one. The largest of these
/// drops is reported. Being the largest of many it would be positive by chance alone, so its interval is one for all comparisons at once:
/// the chance of a wrong interval is divided by their number (Bonferroni).
public struct Forgetting: Hashable, Sendable, Codable {
    /// The best snapshot's score against one opponent compared with the newest one's.
    public struct Drop: Hashable, Sendable, Codable {
        /// The earlier opponent.
        public let opponent: String
        /// The snapshot since then that did best against it, the earliest of equals.
        public let best: String
        /// What that one scored.
        public let bestScore: Estimate
        /// What the newest one scores.
        public let currentScore: Estimate
        /// The best score less the newest one's, with an interval that holds for all comparisons at once.
        public let drop: Estimate

        /// True when the interval lies above 0: the skill was there and is lost.
        public var isEstablished: Bool { drop.low > 0 }
    }

    /// The drop against each earlier opponent that the newest snapshot and one between have met, largest first; equal ones in the order of
    /// age.
    public let drops: [Drop]
    /// How many pairs of a snapshot and an opponent were looked at.
    public let comparisons: Int
    /// The level of the intervals, all taken together.
    public let level: Double

    /// The largest drop; nil where there is nothing to compare.
    public var largest: Drop? { drops.first }

    /// True when some drop is established.
    public var isEstablished: Bool { drops.contains(where: \.isEstablished) }

    /// Looks for losses among snapshots, which are the matrix's players from the oldest to the newest.
    ///
    /// Intervals are Newcombe's for differences of independent shares; snapshots that met the same opponent under the same openings are
    /// compared more sharply by a `PairedComparison` of their games. Scores that are known exactly are taken to vary not at all. Throws for
    /// a level that is not between 0 and 1.
    public init(snapshots matrix: PayoffMatrix, level: Double = 0.95) throws {
        guard level > 0, level < 1 else {
            throw CoreError.invalid("The level of an interval lies between 0 and 1, but \(level) was given")
        }
        let newest = matrix.players.count - 1
        var candidates: [(opponent: Int, earlier: [Int])] = []
        for opponent in 0..<max(0, newest - 1) where matrix.isKnown(newest, opponent) {
            let earlier = ((opponent + 1)..<newest).filter { matrix.isKnown($0, opponent) }
            if !earlier.isEmpty { candidates.append((opponent, earlier)) }
        }
        let comparisons = candidates.reduce(0) { $0 + $1.earlier.count }
        let each = 1 - (1 - level) / Double(max(1, comparisons))
        var drops: [Drop] = []
        for (opponent, earlier) in candidates {
            guard let best = earlier.max(by: { (matrix.scores[$0][opponent].mean, $1) < (matrix.scores[$1][opponent].mean, $0) }) else { continue }
            let (before, now) = (matrix.scores[best][opponent], matrix.scores[newest][opponent])
            drops.append(
                Drop(
                    opponent: matrix.players[opponent], best: matrix.players[best], bestScore: before, currentScore: now,
                    drop: .differenceOfShares(matrix.score(best, opponent, level: each), matrix.score(newest, opponent, level: each))))
        }
        self.drops = drops.enumerated().sorted { ($1.element.drop.mean, $0.offset) < ($0.element.drop.mean, $1.offset) }.map(\.element)
        (self.comparisons, self.level) = (comparisons, level)
    }
}

extension Estimate {
    /// The first share less the second, of independent observations, at the level of the two intervals.
    ///
    /// Source: Newcombe, "Interval estimation for the difference between independent proportions", 1998, method 10, when the shares'
    /// intervals are Wilson's: the distances from the means to the ends are added as if at right angles. `count` is the smaller one.
    public static func differenceOfShares(_ first: Estimate, _ second: Estimate) -> Estimate {
        func length(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        let difference = first.mean - second.mean
        return Estimate(
            mean: difference, low: difference - length(first.mean - first.low, second.high - second.mean),
            high: difference + length(first.high - first.mean, second.mean - second.low), count: min(first.count, second.count), unit: "share")
    }
}
