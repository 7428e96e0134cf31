import HoneCore

/// What each player scores against each other one, between players of a two-player zero-sum game.
///
/// Scores are in 0…1, a draw being ½; `advantages` are the same as pay-offs in −1…1, which are antisymmetric.
public struct PayoffMatrix: Hashable, Sendable, Codable {
    /// The players in the caller's order, which is that of age for a population that grows.
    public let players: [String]
    /// The mean score of the row's player against the column's, with its interval at 95 % and the number of games.
    ///
    /// The diagonal is exactly ½. A pair that has not met has mean ½, interval 0…1 and count 0; a score that is known exactly has
    /// itself as both ends.
    public let scores: [[Estimate]]

    /// The scores found in games; without a list of players, all of them by name.
    ///
    /// Players of the list who have not played are kept, games of others left out. Throws for a name that is listed twice.
    public init(_ results: GameResults, players order: [String]? = nil) throws {
        let players = order ?? results.players
        let place = try Self.places(of: players)
        var scores = Self.unmet(players.count)
        for encounter in results.encounters {
            guard let i = place[encounter.first], let j = place[encounter.second] else { continue }
            let score = encounter.score
            scores[i][j] = score
            scores[j][i] = Estimate(mean: 1 - score.mean, low: 1 - score.high, high: 1 - score.low, count: score.count, unit: score.unit)
        }
        self.init(checked: players, scores)
    }

    /// Scores that are known exactly, given as antisymmetric pay-offs in −1…1 from the row's point of view.
    ///
    /// Throws when the matrix is not square, not as long as the list of players, not antisymmetric or beyond −1…1.
    public init(players: [String], advantages: [[Double]]) throws {
        _ = try Self.places(of: players)
        let isSquare = advantages.count == players.count && advantages.allSatisfy { $0.count == players.count }
        guard isSquare else {
            throw CoreError.invalid(
                "Pay-offs of \(players.count) players need as many rows and columns, but the rows have the lengths \(advantages.map(\.count))")
        }
        for i in players.indices {
            for j in players.indices {
                let (there, back) = (advantages[i][j], advantages[j][i])
                guard abs(there) <= 1, abs(there + back) <= 1e-12 else {
                    throw CoreError.invalid(
                        "“\(players[i])” gets \(there) from “\(players[j])”, who gets \(back); pay-offs must lie in −1…1 and add up to 0")
                }
            }
        }
        var scores = Self.unmet(players.count)
        for i in players.indices {
            for j in players.indices where i != j {
                let value = i < j ? (1 + advantages[i][j]) / 2 : 1 - (1 + advantages[j][i]) / 2
                scores[i][j] = Estimate(mean: value, low: value, high: value, count: 0, unit: "share")
            }
        }
        self.init(checked: players, scores)
    }

    /// Reads a matrix and checks that it is square.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let players = try container.decode([String].self, forKey: .players)
        let scores = try container.decode([[Estimate]].self, forKey: .scores)
        guard scores.count == players.count, scores.allSatisfy({ $0.count == players.count }), Set(players).count == players.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .scores, in: container, debugDescription: "A pay-off matrix needs different players and a score for each pair of them")
        }
        self.init(checked: players, scores)
    }

    init(checked players: [String], _ scores: [[Estimate]]) { (self.players, self.scores) = (players, scores) }

    /// Pay-offs in −1…1: twice the score less one. Antisymmetric to the last bit; 0 for pairs that have not met.
    public var advantages: [[Double]] {
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: players.count), count: players.count)
        for i in players.indices {
            for j in players.indices where i < j {
                matrix[i][j] = 2 * scores[i][j].mean - 1
                matrix[j][i] = -matrix[i][j]
            }
        }
        return matrix
    }

    /// True where both have met or their score is known exactly, and on the diagonal.
    public func isKnown(_ row: Int, _ column: Int) -> Bool {
        row == column || scores[row][column].count > 0 || scores[row][column].low == scores[row][column].high
    }

    /// True when all pairs have met or are known exactly.
    public var isComplete: Bool { players.indices.allSatisfy { i in players.indices.allSatisfy { isKnown(i, $0) } } }

    /// The place of a player; throws for an unknown name.
    public func index(of player: String) throws -> Int {
        guard let place = players.firstIndex(of: player) else {
            throw CoreError.unknown(kind: "player of the pay-off matrix", name: player, known: players)
        }
        return place
    }

    /// The part of the matrix that is about these players, in their order; throws for unknown and repeated names.
    public func restricted(to part: [String]) throws -> PayoffMatrix {
        _ = try Self.places(of: part)
        let places = try part.map(index(of:))
        return PayoffMatrix(checked: part, places.map { i in places.map { scores[i][$0] } })
    }

    /// The score of two places with an interval of another level than 95 %; itself where it is exact or unknown.
    func score(_ row: Int, _ column: Int, level: Double) -> Estimate {
        let score = scores[row][column]
        return score.count > 0 ? .wilson(mean: score.mean, count: score.count, level: level) : score
    }

    /// The variance of the mean score, from the share smoothed by half a game either way (Jeffreys), so that it is never 0 after
    /// finitely many games; 0 where nothing was played.
    func variance(_ row: Int, _ column: Int) -> Double {
        let score = scores[row][column]
        guard score.count > 0 else { return 0 }
        let n = Double(score.count)
        let share = (score.mean * n + 0.5) / (n + 1)
        return share * (1 - share) / n
    }

    private static func unmet(_ count: Int) -> [[Estimate]] {
        (0..<count).map { i in
            (0..<count).map { i == $0 ? Estimate(mean: 0.5, low: 0.5, high: 0.5, count: 0, unit: "share") : Estimate(mean: 0.5, low: 0, high: 1, count: 0, unit: "share") }
        }
    }

    private static func places(of players: [String]) throws -> [String: Int] {
        var places: [String: Int] = [:]
        for (index, player) in players.enumerated() {
            guard places.updateValue(index, forKey: player) == nil else {
                throw CoreError.invalid("“\(player)” is listed twice among the players of a pay-off matrix")
            }
        }
        return places
    }
}
