import HoneCore
import HoneNumerics

/// What a tournament found, play by play, and what follows from it.
public struct TournamentResult: Hashable, Sendable, Codable {
    /// One play of a pair.
    public struct Play: Hashable, Sendable, Codable {
        /// The one of lower place.
        public var first: Int
        /// The other; the same for play with oneself.
        public var second: Int
        /// The mean return of the first one's seats; of all seats, for play with oneself.
        public var firstReturn: Double
        /// The mean return of the second one's seats.
        public var secondReturn: Double
        /// Who ended the play by a move that is not allowed, by place.
        public var breaker: Int?
    }

    /// The game.
    public let game: String
    /// Who took part, in the order given.
    public let players: [String]
    /// Whether what one gets the others lose, so that points and ratings mean something.
    public let hasFixedSum: Bool
    /// The largest return less the smallest one, above 0.
    public let span: Double
    /// All plays, in the order in which ratings read them.
    public private(set) var plays: [Play] = []

    /// No plays yet.
    public init(game: String, players: [String], hasFixedSum: Bool, span: Double) {
        self.span = max(span, .leastNormalMagnitude)
        self.game = game
        self.players = players
        self.hasFixedSum = hasFixedSum
    }

    /// Adds a play; `seats` says who sat where.
    public mutating func add(_ result: ContestResult, first: Int, second: Int, seats: [Int]) {
        func mean(_ player: Int) -> Double {
            let own = zip(seats, result.returns).filter { $0.0 == player }.map(\.1)
            return own.isEmpty ? 0 : own.reduce(0, +) / Double(own.count)
        }
        plays.append(
            Play(
                first: first, second: second, firstReturn: mean(first), secondReturn: mean(second),
                breaker: result.breaker.flatMap { seats.indices.contains($0) ? seats[$0] : nil }))
    }

    /// The mean return of each row's player against each column's; nil where they have not met.
    public var returns: [[Estimate?]] {
        players.indices.map { row in
            players.indices.map { column in
                let own = plays.compactMap { play -> Double? in
                    if play.first == row && play.second == column { return play.firstReturn }
                    return play.first == column && play.second == row ? play.secondReturn : nil
                }
                return own.isEmpty ? nil : .mean(of: own, unit: "return")
            }
        }
    }

    /// How often each player ended a play by a move that is not allowed, of those it took part in.
    public var illegal: [Estimate] {
        players.indices.map { player in
            let own = plays.filter { $0.first == player || $0.second == player }
            return .share(successes: own.count { $0.breaker == player }, of: max(1, own.count))
        }
    }

    /// Wins, draws and losses by who got more; play with oneself is left out.
    public func results() throws -> GameResults {
        var counts: [[Int]: [Int]] = [:]
        for play in plays where play.first != play.second {
            let place = play.firstReturn > play.secondReturn ? 0 : play.firstReturn < play.secondReturn ? 2 : 1
            counts[[play.first, play.second], default: [0, 0, 0]][place] += 1
        }
        return GameResults(
            try counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { pair, count in
                try Encounter(players[pair[0]], players[pair[1]], wins: count[0], draws: count[1], losses: count[2])
            })
    }

    /// Whether plays end in more than wins, draws and losses, as where chips are won: then it matters how much.
    public var isGraded: Bool { Set(plays.map { abs($0.firstReturn - $0.secondReturn) }).subtracting([0]).count > 1 }

    /// What each row's player scores against each column's, in the order given: the share of points; where it matters how much is won, ½ and half
    /// the mean difference of returns over the game's span.
    public func matrix() throws -> PayoffMatrix {
        guard isGraded else { return try PayoffMatrix(try results(), players: players) }
        var scores: [[Int]: (sum: Double, count: Int)] = [:]
        for play in plays where play.first != play.second {
            let old = scores[[play.first, play.second]] ?? (0, 0)
            scores[[play.first, play.second]] = (old.sum + 0.5 + (play.firstReturn - play.secondReturn) / (2 * span), old.count + 1)
        }
        let met = try scores.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { pair, score in
            try Encounter(players[pair[0]], players[pair[1]], meanScore: min(1, max(0, score.sum / Double(score.count))), games: score.count)
        }
        return try PayoffMatrix(GameResults(met), players: players)
    }

    /// TrueSkill's beliefs after all plays, in their order.
    public func skills(_ model: SkillModel) throws -> SkillRatings {
        var ratings = SkillRatings(model)
        for play in plays where play.first != play.second {
            let (first, second) = (players[play.first], players[play.second])
            let ranking = play.firstReturn > play.secondReturn ? [[first], [second]] : play.firstReturn < play.secondReturn ? [[second], [first]] : [[first, second]]
            try ratings.add(ranking: ranking)
        }
        return ratings
    }
}
