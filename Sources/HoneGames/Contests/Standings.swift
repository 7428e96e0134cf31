import HoneCore
import HoneNumerics

/// What follows from a tournament: ratings, the equilibrium of the players, cycles, and whether the newest has lost a skill.
///
/// Ratings and all that rests on points are there only where returns have a fixed sum; elsewhere `returns` tells who gets what with whom.
public struct Standings: Hashable, Sendable, Codable {
    /// One player's place.
    public struct Entry: Hashable, Sendable, Codable {
        /// Who.
        public var player: String
        /// The share of points over all plays with others: a win 1, a draw ½.
        public var points: Estimate?
        /// The mean return over all plays with others.
        public var meanReturn: Estimate
        /// The Elo rating; the mean of all players is 0.
        public var elo: Estimate?
        /// TrueSkill's belief.
        public var skill: Estimate?
        /// The probability in the equilibrium of largest entropy of the game “choose a player” (Balduzzi et al. 2018).
        public var nash: Double?
        /// The mass under α-rank (Omidshafiei et al. 2019).
        public var alphaRank: Double?
        /// How often it ended a play by a move that is not allowed.
        public var illegal: Estimate
    }

    /// The game.
    public var game: String
    /// Whether it matters how much is won: everyone is then ordered by mean return, and `points` are scores by returns.
    public var isGraded: Bool
    /// Everyone, by rating, best first; by mean return where that matters or there are no ratings. Equal ones in the order given.
    public var entries: [Entry]
    /// Players in the order of `points` and `returns`: as given.
    public var players: [String]
    /// What each row's player scores against each column's; nil without a fixed sum.
    public var points: PayoffMatrix?
    /// The mean return of each row's player with each column's.
    public var returns: [[Estimate?]]
    /// The part of the squared pay-offs that ratings do not explain, from 0 to 1.
    public var cyclicShare: Double?
    /// What of it is more than chance alone would make, from 0 to 1.
    public var cyclicShareBeyondChance: Double?
    /// Circles of three whose every edge is established, all pairs taken together.
    public var cycles: [ThreeCycle]?
    /// How many ways to win matter in the equilibrium: 0 where one dominates (Balduzzi et al. 2019).
    public var diversity: Estimate?
    /// What the newest of a line of snapshots has lost; nil where no line was given.
    public var forgetting: Forgetting?

    /// The standings; `line` names snapshots of one learner from the oldest to the newest. Ratings and intervals draw from the seed.
    public init(_ result: TournamentResult, line: [String] = [], seed: Seed) throws {
        game = result.game
        players = result.players
        returns = result.returns
        isGraded = result.isGraded
        let illegal = result.illegal
        var made = result.players.indices.map { player in
            let own = result.plays.compactMap { play -> Double? in
                guard play.first != play.second else { return nil }
                return play.first == player ? play.firstReturn : play.second == player ? play.secondReturn : nil
            }
            return Entry(player: result.players[player], meanReturn: .mean(of: own, unit: "return"), illegal: illegal[player])
        }
        if result.hasFixedSum {
            let matrix = try result.matrix()
            let results = try result.results()
            let elo = try EloRatings(results)
            let draws = results.encounters.reduce(0) { $0 + $1.draws }
            // The share of draws tells TrueSkill how wide its margin of a draw is.
            let share = Double(draws) / Double(max(1, results.games))
            let skills = try result.skills(try SkillModel(drawProbability: min(0.9, share)))
            let nash = try NashAverage(matrix).probabilities
            let masses = try AlphaRank().masses(matrix)
            for index in made.indices {
                let name = made[index].player
                made[index].points = Self.points(of: index, result)
                made[index].elo = try elo.rating(of: name).rating
                made[index].skill = skills.players.first { $0.player == name }?.estimate
                made[index].nash = nash[index]
                made[index].alphaRank = masses[index]
            }
            let parts = try CyclicDecomposition(matrix)
            cyclicShare = parts.cyclicShare
            cyclicShareBeyondChance = parts.cyclicShareBeyondChance
            cycles = try ThreeCycle.established(in: matrix, simultaneous: true)
            diversity = try PopulationPerformance.effectiveDiversity(matrix, seed: seed.child("diversity"))
            if line.count >= 3 { forgetting = try Forgetting(snapshots: try matrix.restricted(to: line)) }
            points = matrix
        }
        let isGraded = isGraded
        let order = made.indices.sorted { a, b in
            let (x, y) = (made[a].order(isGraded), made[b].order(isGraded))
            return x == y ? a < b : x > y
        }
        entries = order.map { made[$0] }
    }

    private static func points(of player: Int, _ result: TournamentResult) -> Estimate {
        let own = result.plays.compactMap { play -> Double? in
            guard play.first != play.second, play.first == player || play.second == player else { return nil }
            if play.firstReturn == play.secondReturn { return 0.5 }
            return (play.firstReturn > play.secondReturn) == (play.first == player) ? 1 : 0
        }
        return .mean(of: own, unit: "share")
    }
}

extension Standings.Entry {
    /// What players are ordered by.
    fileprivate func order(_ isGraded: Bool) -> Double { isGraded ? meanReturn.mean : elo?.mean ?? meanReturn.mean }
}
