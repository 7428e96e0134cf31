import HoneCore

/// Everything two players have played against each other, seen from the one whose name comes first.
///
/// Games are told as wins, draws and losses, or as mean scores in 0…1 over a number of games, or both.
public struct Encounter: Hashable, Sendable, Codable {
    /// Games of which only the mean score is known.
    public struct ScoredGames: Hashable, Sendable, Codable {
        /// The first player's mean score, 0…1.
        public let mean: Double
        /// How many games it is the mean of, at least 1.
        public let games: Int
    }

    /// The player whose name comes first.
    public let first: String
    /// The other player.
    public let second: String
    /// Games that the first player won.
    public let wins: Int
    /// Games that neither won.
    public let draws: Int
    /// Games that the first player lost.
    public let losses: Int
    /// Games told by mean scores, smaller means first.
    public let scored: [ScoredGames]

    /// Games counted by their ends, as `player` saw them; throws for negative counts, no game, or a player against itself.
    public init(_ player: String, _ opponent: String, wins: Int, draws: Int = 0, losses: Int) throws {
        guard wins >= 0, draws >= 0, losses >= 0, wins + draws + losses > 0 else {
            throw CoreError.invalid(
                "The games of “\(player)” and “\(opponent)” need counts from 0 up and at least one game, but \(wins) wins, \(draws) draws and \(losses) losses were given"
            )
        }
        try Self.check(player, opponent)
        let inOrder = player < opponent
        self.init(
            first: inOrder ? player : opponent, second: inOrder ? opponent : player, wins: inOrder ? wins : losses, draws: draws,
            losses: inOrder ? losses : wins, scored: [])
    }

    /// Games told by `player`'s mean score in 0…1; throws for another score, no game, or a player against itself.
    public init(_ player: String, _ opponent: String, meanScore: Double, games: Int) throws {
        guard meanScore >= 0, meanScore <= 1, games > 0 else {
            throw CoreError.invalid(
                "The games of “\(player)” and “\(opponent)” need a mean score in 0…1 and at least one game, but a score of \(meanScore) in \(games) games was given"
            )
        }
        try Self.check(player, opponent)
        let inOrder = player < opponent
        self.init(
            first: inOrder ? player : opponent, second: inOrder ? opponent : player, wins: 0, draws: 0, losses: 0,
            scored: [ScoredGames(mean: inOrder ? meanScore : 1 - meanScore, games: games)])
    }

    private init(first: String, second: String, wins: Int, draws: Int, losses: Int, scored: [ScoredGames]) {
        (self.first, self.second, self.wins, self.draws, self.losses) = (first, second, wins, draws, losses)
        self.scored = scored.sorted { ($0.mean, $0.games) < ($1.mean, $1.games) }
    }

    private static func check(_ player: String, _ opponent: String) throws {
        guard player != opponent else {
            throw CoreError.invalid("“\(player)” was said to have played itself; results need two different players")
        }
    }

    /// Reads an encounter and checks it as the initialisers do.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let encounter = Encounter(
            first: try container.decode(String.self, forKey: .first), second: try container.decode(String.self, forKey: .second),
            wins: try container.decode(Int.self, forKey: .wins), draws: try container.decode(Int.self, forKey: .draws),
            losses: try container.decode(Int.self, forKey: .losses), scored: try container.decode([ScoredGames].self, forKey: .scored))
        let isSound =
            encounter.first < encounter.second && min(encounter.wins, encounter.draws, encounter.losses) >= 0
            && encounter.scored.allSatisfy { $0.mean >= 0 && $0.mean <= 1 && $0.games > 0 } && encounter.games > 0
        guard isSound else {
            throw DecodingError.dataCorruptedError(
                forKey: .first, in: container,
                debugDescription: "An encounter needs two names in order, counts from 0 up, scores in 0…1 and at least one game")
        }
        self = encounter
    }

    /// How many games there were, at least 1.
    public var games: Int { wins + draws + losses + scored.reduce(0) { $0 + $1.games } }

    /// The first player's points: a win is 1, a draw ½.
    public var points: Double { Double(wins) + Double(draws) / 2 + scored.reduce(0) { $0 + $1.mean * Double($1.games) } }

    /// The first player's mean score with an interval that ignores that draws vary less: Wilson's for as many games that are won
    /// or lost, which is too wide where games are drawn.
    public var score: Estimate { .wilson(mean: min(1, points / Double(games)), count: games) }

    /// The games of both; the players must be the same.
    func joined(_ other: Encounter) -> Encounter {
        Encounter(
            first: first, second: second, wins: wins + other.wins, draws: draws + other.draws, losses: losses + other.losses,
            scored: scored + other.scored)
    }
}
