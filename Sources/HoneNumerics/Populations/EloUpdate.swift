import HoneCore

/// Elo's rule for ratings that follow game by game: r ← r + K·(score − expected score).
///
/// Source: Elo, "The Rating of Chessplayers", 1978, with the logistic curve. Unlike `EloRatings` it depends on the order of the games and
/// tells no uncertainty; it is for players that change while they play.
public struct EloUpdate: Hashable, Sendable, Codable {
    /// One game for `ratings(after:)`.
    public struct Game: Hashable, Sendable, Codable {
        /// Who played.
        public let player: String
        /// Against whom.
        public let opponent: String
        /// The player's score, 0…1.
        public let score: Double

        /// A game; throws for a score outside 0…1 or a player against itself.
        public init(_ player: String, _ opponent: String, score: Double) throws {
            guard score >= 0, score <= 1, player != opponent else {
                throw CoreError.invalid(
                    "A game needs two different players and a score in 0…1, but “\(player)” was said to score \(score) against “\(opponent)”")
            }
            (self.player, self.opponent, self.score) = (player, opponent, score)
        }
    }

    /// A player's number of points.
    public struct Points: Hashable, Sendable, Codable {
        /// Who.
        public let player: String
        /// How many points.
        public let points: Double
    }

    /// How many points a surprise is worth: K.
    public let factor: Double
    /// The rating of a player before the first game.
    public let start: Double

    /// A rule; throws for a factor that is not above 0.
    public init(factor: Double = 32, start: Double = 1500) throws {
        guard factor > 0, factor.isFinite, start.isFinite else {
            throw CoreError.invalid("Elo's rule needs a factor above 0 and a finite start, but \(factor) and \(start) were given")
        }
        (self.factor, self.start) = (factor, start)
    }

    /// Reads a rule and checks it as the initialiser does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(factor: try container.decode(Double.self, forKey: .factor), start: try container.decode(Double.self, forKey: .start))
    }

    /// Both ratings after a game in which the first player scored this much, 0…1; their sum does not change.
    public func updated(_ first: Double, _ second: Double, score: Double) -> (first: Double, second: Double) {
        let change = factor * (score - EloRatings.score(ofDifference: first - second))
        return (first + change, second - change)
    }

    /// Everyone's points after these games in this order, by name.
    public func ratings(after games: [Game]) -> [Points] {
        var points: [String: Double] = [:]
        for game in games {
            let new = updated(points[game.player] ?? start, points[game.opponent] ?? start, score: game.score)
            (points[game.player], points[game.opponent]) = (new.first, new.second)
        }
        return points.sorted { $0.key < $1.key }.map { Points(player: $0.key, points: $0.value) }
    }
}
