import HoneCore
import HoneNumerics

/// How a learner stands among its own snapshots and its yardsticks: a small tournament at each measurement.
///
/// `Elo over <yardstick>` is the learner's rating less that of the first yardstick; `rank` its place, 1 being the best; `effective diversity` and
/// `cyclic share beyond chance` speak of all who took part. For games whose returns have a fixed sum.
public struct Ratings: Measure {
    public static let card = PartCard(
        name: "ratings", summary: "Elo among the learner's snapshots and yardsticks, with diversity and cycles, by a tournament",
        source: "Elo 1978; Balduzzi et al. 2019")

    /// The problem that begins the game.
    public let problem: Problem
    /// Its seats.
    public let roles: [Role]
    /// The largest return less the smallest one.
    public let span: Double
    /// Who is rated.
    public let learner: Player
    /// How its snapshots' names begin.
    public let prefix: String
    /// How many snapshots there can be.
    public let limit: Int
    /// Players that do not learn, by name; the first one is where ratings are counted from.
    public let yardsticks: [(name: String, player: Player)]
    /// Plays of each pair.
    public let plays: Int

    /// The measure; throws without a yardstick.
    public init(
        problem: Problem, roles: [Role], span: Double, learner: Player, prefix: String, limit: Int, yardsticks: [(name: String, player: Player)], plays: Int
    ) throws {
        guard !yardsticks.isEmpty else { throw CoreError.invalid("Ratings are counted from a yardstick; name one that plays beside the learner") }
        self.problem = problem
        self.roles = roles
        self.span = span
        self.learner = learner
        self.prefix = prefix
        self.limit = limit
        self.yardsticks = yardsticks
        self.plays = plays
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let own = learner.model.name
        var entrants = yardsticks
        for slot in 0..<limit {
            // Snapshots are made in order, so the first that is missing ends the list.
            guard (try? scope.services.model(ModelRef(own, snapshot: "\(prefix)\(slot)"))) != nil else { break }
            var past = learner
            past.model = ModelRef(own, snapshot: "\(prefix)\(slot)")
            entrants.append(("\(prefix)\(slot)", past))
        }
        let name = own.text
        entrants.append((name, learner))
        var result = TournamentResult(game: problem.world.text, players: entrants.map(\.name), hasFixedSum: true, span: span)
        for first in entrants.indices {
            for second in entrants.indices where second > first {
                try await play(first, second, entrants, into: &result, in: scope.child(entrants[first].name).child(entrants[second].name))
            }
        }
        let standings = try Standings(result, seed: scope.seed.child("standings"))
        var found = Findings()
        let elo = try EloRatings(try result.results()).difference(name, yardsticks[0].name)
        found.estimates["Elo over \(yardsticks[0].name)"] = elo
        if let place = standings.entries.firstIndex(where: { $0.player == name }) {
            found.estimates["rank"] = Estimate(mean: Double(place + 1), low: 1, high: Double(entrants.count), count: result.plays.count, unit: "place")
        }
        if let diversity = standings.diversity { found.estimates["effective diversity"] = diversity }
        if let beyond = standings.cyclicShareBeyondChance, entrants.count > 2 {
            found.estimates["cyclic share beyond chance"] = Estimate(mean: beyond, low: 0, high: 1, count: result.plays.count, unit: "share")
        }
        return found
    }

    /// The plays of a pair: each seat in turn is the one's alone, the others the other's.
    private func play(
        _ first: Int, _ second: Int, _ entrants: [(name: String, player: Player)], into result: inout TournamentResult, in scope: Scope
    ) async throws {
        let table = Duel(problem: problem, roles: roles)
        for sitting in try await table.sittings(of: entrants[first].player, against: entrants[second].player, count: plays, in: scope) {
            let episode = sitting.episode
            let breaker = roles.firstIndex { episode.ending == .illegal($0) }
            let returns = roles.map { episode.returns[$0] ?? 0 }
            result.add(
                ContestResult(returns: returns, breaker: breaker, moves: episode.steps.count), first: first, second: second,
                seats: roles.indices.map { $0 == sitting.seat ? first : second })
        }
    }
}
