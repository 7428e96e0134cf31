import HoneCore
import HoneNumerics

/// Agents against fixed opponents at a table they learned at and at one they have not seen, and the difference.
///
/// `A against O` and `A against O, unseen` are mean points (1, ½, 0); `gap of A against O` is the first minus the second, by play.
public struct TransferGap: Measure {
    public static let card = PartCard(
        name: "transfer-gap", summary: "points against fixed opponents with seen and unseen teams, and what is lost", source: "Angliss et al. 2025")

    /// The agents with their names.
    public let agents: [(name: String, player: Player)]
    /// The opponents with their names.
    public let opponents: [(name: String, player: Player)]
    /// The table they learned at.
    public let seen: Duel
    /// The table they have not seen; nil measures the first only.
    public let unseen: Duel?
    /// Plays of each pair at each table.
    public let plays: Int

    /// The measure.
    public init(
        agents: [(name: String, player: Player)], opponents: [(name: String, player: Player)], seen: Duel, unseen: Duel?, plays: Int
    ) {
        self.agents = agents
        self.opponents = opponents
        self.seen = seen
        self.unseen = unseen
        self.plays = plays
    }

    public func measure(in scope: Scope) async throws -> Findings {
        var found = Findings()
        for agent in agents {
            for opponent in opponents {
                let name = "\(agent.name) against \(opponent.name)"
                let first = try await seen.plays(of: agent.player, against: opponent.player, count: plays, in: scope.child(name))
                found.estimates[name] = first.points
                found.values[name] = first.values
                found.estimates["illegal moves of \(name)"] = .mean(of: first.map(\.illegal), unit: "share")
                guard let unseen else { continue }
                let second = try await unseen.plays(of: agent.player, against: opponent.player, count: plays, in: scope.child(name + ", unseen"))
                found.estimates[name + ", unseen"] = second.points
                found.values[name + ", unseen"] = second.values
                let gaps = zip(first, second).map { ($0.key, $0.points - $1.points) }
                found.estimates["gap of \(name)"] = .mean(of: gaps.map(\.1), unit: "points")
                found.values["gap of \(name)"] = Dictionary(uniqueKeysWithValues: gaps)
            }
        }
        return found
    }
}
