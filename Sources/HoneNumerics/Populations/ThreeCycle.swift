import HoneCore

/// Three players of whom each beats the next, and the last one the first.
public struct ThreeCycle: Hashable, Sendable, Codable {
    /// The players; each beats the next one, the last the first. The one that comes first in the matrix is named first.
    public let players: [String]
    /// The score of each against the next, the last against the first, with intervals of the level that was asked for.
    public let scores: [Estimate]

    /// The end of an interval that is nearest to ½: how surely the cycle holds.
    public var margin: Double { (scores.map(\.low).min() ?? 0.5) - 0.5 }

    /// All cycles of three in a matrix each of whose scores is established: the interval at `level` excludes ½, or the score is known
    /// exactly.
    ///
    /// The widest margin comes first, then the order of the matrix. n players have n·(n−1)·(n−2)/6 triples, so among many players some
    /// cycles appear by chance at 95 %: each of the n·(n−1)/2 pairs is wrong in up to one case in twenty. `simultaneous` divides the
    /// remaining chance among the pairs (Bonferroni), so that with probability `level` no cycle is wrong. Throws for a level that is not
    /// between 0 and 1.
    public static func established(in matrix: PayoffMatrix, level: Double = 0.95, simultaneous: Bool = false) throws -> [ThreeCycle] {
        guard level > 0, level < 1 else {
            throw CoreError.invalid("The level of an interval lies between 0 and 1, but \(level) was given")
        }
        let n = matrix.players.count
        let pairs = max(1, n * (n - 1) / 2)
        let each = simultaneous ? 1 - (1 - level) / Double(pairs) : level
        let scores = (0..<n).map { i in (0..<n).map { matrix.score(i, $0, level: each) } }
        func beats(_ i: Int, _ j: Int) -> Bool { scores[i][j].low > 0.5 }
        var found: [ThreeCycle] = []
        for i in 0..<n {
            for j in (i + 1)..<max(n, i + 1) {
                for k in (j + 1)..<max(n, j + 1) {
                    for (a, b) in [(j, k), (k, j)] where beats(i, a) && beats(a, b) && beats(b, i) {
                        found.append(ThreeCycle(players: [i, a, b].map { matrix.players[$0] }, scores: [scores[i][a], scores[a][b], scores[b][i]]))
                    }
                }
            }
        }
        return found.enumerated().sorted { ($1.element.margin, $0.offset) < ($0.element.margin, $1.offset) }.map(\.element)
    }
}
