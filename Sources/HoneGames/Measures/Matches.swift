import HoneCore
import HoneNumerics

/// A model's plays against yardsticks that do not learn, on every seat in turn.
///
/// Against each: the mean return; in games of two players with a fixed sum also points (1 a win, ½ a draw) and how often it is not beaten.
/// Plays of two runs are paired by seat and number. `illegal` is the share of plays that the model ended by a move that is not allowed.
public struct Matches: Measure {
    public static let card = PartCard(
        name: "matches", summary: "mean return, points and unbeaten plays against random, searching or perfect players, and illegal moves",
        source: "points as in chess: 1, ½, 0")

    /// The problem that begins the game.
    public let problem: Problem
    /// Its seats.
    public let roles: [Role]
    /// Whether wins and draws mean something: two players with a fixed sum.
    public let hasWinner: Bool
    /// Who is measured.
    public let player: Player
    /// The opponents, by the names they have in the findings.
    public let opponents: [(name: String, player: Player)]
    /// Plays against each opponent.
    public let plays: Int

    /// The measure.
    public init(
        problem: Problem, roles: [Role], hasWinner: Bool, player: Player, opponents: [(name: String, player: Player)], plays: Int
    ) {
        self.problem = problem
        self.roles = roles
        self.hasWinner = hasWinner
        self.player = player
        self.opponents = opponents
        self.plays = plays
    }

    public func measure(in scope: Scope) async throws -> Findings {
        var found = Findings()
        var illegal: [Double] = []
        for (name, opponent) in opponents {
            var returns: [Double] = []
            var points: [Double] = []
            var names: [String] = []
            for (seat, role) in roles.enumerated() {
                var cast = Dictionary(uniqueKeysWithValues: roles.map { ($0, opponent) })
                cast[role] = player
                let count = (plays + roles.count - 1 - seat) / roles.count
                let own = scope.child(name).child("seat", seat)
                let group = try await own.services.play(Assignment(problem: problem, samples: count, cast: cast), in: own)
                for (index, episode) in group.episodes.enumerated() {
                    names.append("seat \(seat), play \(index)")
                    let value = episode.returns[role] ?? 0
                    let others = roles.filter { $0 != role }.map { episode.returns[$0] ?? 0 }
                    let mean = others.isEmpty ? 0 : others.reduce(0, +) / Double(others.count)
                    returns.append(value)
                    points.append(value > mean ? 1 : value < mean ? 0 : 0.5)
                    illegal.append(episode.ending == .illegal(role) ? 1 : 0)
                }
            }
            found.estimates["return against \(name)"] = .mean(of: returns, unit: "return")
            found.values["return against \(name)"] = Dictionary(uniqueKeysWithValues: zip(names, returns))
            guard hasWinner else { continue }
            found.values["points against \(name)"] = Dictionary(uniqueKeysWithValues: zip(names, points))
            found.values["unbeaten by \(name)"] = Dictionary(uniqueKeysWithValues: zip(names, points.map { $0 > 0 ? 1 : 0 }))
            found.estimates["points against \(name)"] = .mean(of: points, unit: "share")
            found.estimates["unbeaten by \(name)"] = .share(successes: points.count { $0 > 0 }, of: points.count)
        }
        found.estimates["illegal"] = .share(successes: illegal.count { $0 > 0 }, of: illegal.count)
        return found
    }
}
