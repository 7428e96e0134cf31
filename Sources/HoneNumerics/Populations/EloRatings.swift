import Foundation
import HoneCore

/// Ratings on the Elo scale by maximum likelihood: 400 points are odds of ten to one.
///
/// The model of Bradley and Terry (1952): player i scores σ(θ_i − θ_j) against player j, rating = 400/ln 10 · θ. A draw is half a win
/// and half a loss, so that with many draws the intervals are too wide. Each player is taken to have drawn `priorGames` games with a
/// player at the middle of its group, so that whoever never lost has a finite rating too. Intervals are those of the normal
/// approximation with the inverse of the information at the maximum; they speak of the ratings relative to the anchor.
public struct EloRatings: Hashable, Sendable, Codable {
    /// What the zero of the scale is tied to.
    public enum Anchor: Hashable, Sendable, Codable {
        /// The mean rating of each group.
        case mean(Double)
        /// The rating of one player; groups without it have that number as their mean.
        case player(String, Double)
    }

    /// One player's rating.
    public struct Rating: Hashable, Sendable, Codable {
        /// Who.
        public let player: String
        /// The rating in Elo points with its interval at 95 %; `count` is the player's number of games.
        public let rating: Estimate
        /// Which of the groups it is in: ratings of different groups cannot be compared.
        public let group: Int
    }

    /// All ratings, by the players' names.
    public let ratings: [Rating]
    /// The groups of players that are linked by games, as `GameResults.groups` tells them.
    public let groups: [[String]]
    /// The covariance of the ratings in the order of `ratings`, in squared Elo points; 0 across groups.
    public let covariance: [[Double]]

    /// Elo points of one unit of log odds.
    public static let pointsPerLogOdds = 400 / log(10.0)

    /// Rates all players.
    ///
    /// `priorGames` is how many games of the prior each player drew, from 0 up and not necessarily whole. With 0 the ratings are the plain
    /// maximum of the likelihood; this throws where there is none, because some players of a group never took a point from the others (Ford
    /// 1957). Throws also for an anchor that did not play.
    public init(_ results: GameResults, priorGames: Double = 1, anchor: Anchor = .mean(0)) throws {
        guard priorGames >= 0, priorGames.isFinite else {
            throw CoreError.invalid("The prior of ratings needs a number of games from 0 up, but \(priorGames) was given")
        }
        let players = results.players
        if case .player(let name, _) = anchor, !players.contains(name) {
            throw CoreError.unknown(kind: "player to anchor the ratings at", name: name, known: players)
        }
        let place = Dictionary(uniqueKeysWithValues: players.enumerated().map { ($1, $0) })
        var found = [Rating?](repeating: nil, count: players.count)
        var covariance = [[Double]](repeating: [Double](repeating: 0, count: players.count), count: players.count)
        let groups = results.groups
        for (number, group) in groups.enumerated() {
            let fit = try BradleyTerryFit(group: group, results: results, priorGames: priorGames)
            let (level, anchored): (Double, Int?) =
                switch anchor {
                case .mean(let level): (level, nil)
                case .player(let name, let level): (level, group.firstIndex(of: name))
                }
            let relative = fit.relative(to: anchored)
            for (i, player) in group.enumerated() {
                guard let row = place[player] else { continue }
                let rating = level + Self.pointsPerLogOdds * relative.ratings[i]
                let half = Self.pointsPerLogOdds * Self.quantile * max(0, relative.covariance[i][i]).squareRoot()
                found[row] = Rating(
                    player: player,
                    rating: Estimate(mean: rating, low: rating - half, high: rating + half, count: fit.games[i], unit: "Elo"), group: number)
                for (j, other) in group.enumerated() {
                    guard let column = place[other] else { continue }
                    covariance[row][column] = Self.pointsPerLogOdds * Self.pointsPerLogOdds * relative.covariance[i][j]
                }
            }
        }
        ratings = found.compactMap { $0 }
        self.groups = groups
        self.covariance = covariance
    }

    /// Reads ratings; throws when the covariance is not as large as there are players.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        ratings = try container.decode([Rating].self, forKey: .ratings)
        groups = try container.decode([[String]].self, forKey: .groups)
        covariance = try container.decode([[Double]].self, forKey: .covariance)
        let count = ratings.count
        guard covariance.count == count, covariance.allSatisfy({ $0.count == count }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .covariance, in: container, debugDescription: "The covariance of \(count) ratings needs as many rows and columns")
        }
    }

    /// The rating of a player; throws for an unknown name.
    public func rating(of player: String) throws -> Rating { ratings[try index(of: player)] }

    /// How far the first player is above the second, with an interval that knows how both ratings vary together.
    ///
    /// Throws for unknown names, and for players of different groups, between which nothing was measured. `count` is the smaller
    /// number of games.
    public func difference(_ first: String, _ second: String) throws -> Estimate {
        let (i, j) = (try index(of: first), try index(of: second))
        guard ratings[i].group == ratings[j].group else {
            throw CoreError.invalid(
                "“\(first)” and “\(second)” are linked by no games, so their ratings cannot be compared; let a player of one group meet one of the other")
        }
        let mean = ratings[i].rating.mean - ratings[j].rating.mean
        let half = Self.quantile * max(0, covariance[i][i] + covariance[j][j] - 2 * covariance[i][j]).squareRoot()
        return Estimate(
            mean: mean, low: mean - half, high: mean + half, count: min(ratings[i].rating.count, ratings[j].rating.count), unit: "Elo")
    }

    /// The score that the first player is expected to make against the second, with the interval of their difference; throws as
    /// `difference` does.
    public func expectedScore(_ first: String, _ second: String) throws -> Estimate {
        let difference = try difference(first, second)
        return Estimate(
            mean: Self.score(ofDifference: difference.mean), low: Self.score(ofDifference: difference.low),
            high: Self.score(ofDifference: difference.high), count: difference.count, unit: "share")
    }

    /// The expected score of a player who is this many points above the other.
    public static func score(ofDifference points: Double) -> Double { 1 / (1 + exp(-points / pointsPerLogOdds)) }

    private static let quantile = Distributions.normalQuantile(0.975)

    private func index(of player: String) throws -> Int {
        guard let place = ratings.firstIndex(where: { $0.player == player }) else {
            throw CoreError.unknown(kind: "rated player", name: player, known: ratings.map(\.player))
        }
        return place
    }
}
