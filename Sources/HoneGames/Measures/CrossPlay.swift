import HoneCore
import HoneNumerics

/// Every agent against every other: the cross-play matrix, Elo ratings, and each agent's mean points against the others.
///
/// `A against B` is the mean of A's points (1, ½, 0) with values by play, `points of A` the mean over its opponents, `Elo of A` its rating
/// relative to the mean of all, `illegal moves of A` the share of its moves that were not allowed as they were said.
public struct CrossPlay: Measure {
    public static let card = PartCard(
        name: "cross-play", summary: "every agent against every other on both seats: points, Elo, illegal moves", source: "Bradley and Terry 1952")

    /// The agents with their names.
    public let agents: [(name: String, player: Player)]
    /// The table.
    public let duel: Duel
    /// Plays of each pair.
    public let plays: Int

    /// The measure.
    public init(agents: [(name: String, player: Player)], duel: Duel, plays: Int) {
        self.agents = agents
        self.duel = duel
        self.plays = plays
    }

    public func measure(in scope: Scope) async throws -> Findings {
        var found = Findings()
        var encounters: [Encounter] = []
        var points: [String: [[Double]]] = [:]
        var illegal: [String: [Double]] = [:]
        for (place, first) in agents.enumerated() {
            for second in agents.dropFirst(place + 1) {
                let all = try await duel.plays(of: first.player, against: second.player, count: plays, in: scope.child("\(first.name) against \(second.name)"))
                found.estimates["\(first.name) against \(second.name)"] = all.points
                found.values["\(first.name) against \(second.name)"] = all.values
                encounters.append(try all.encounter(first.name, second.name))
                points[first.name, default: []].append(all.map(\.points))
                points[second.name, default: []].append(all.map { 1 - $0.points })
                illegal[first.name, default: []] += all.map(\.illegal)
            }
        }
        guard encounters.count > 0 else { return found }
        let ratings = try EloRatings(GameResults(encounters))
        for agent in agents {
            found.estimates["Elo of \(agent.name)"] = try ratings.rating(of: agent.name).rating
            let own = points[agent.name] ?? []
            found.estimates["points of \(agent.name)"] = .mean(of: own.flatMap { $0 }, unit: "share")
            // The k-th play of all pairs, so that agents can be compared although they met different others.
            let count = own.map(\.count).min() ?? 0
            found.values["points of \(agent.name)"] = Dictionary(
                uniqueKeysWithValues: (0..<count).map { play in ("play \(play)", own.reduce(0) { $0 + $1[play] } / Double(own.count)) })
        }
        for (name, shares) in illegal { found.estimates["illegal moves of \(name)"] = .mean(of: shares, unit: "share") }
        return found
    }
}
