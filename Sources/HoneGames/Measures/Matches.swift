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
            let sittings = try await Duel(problem: problem, roles: roles).sittings(of: player, against: opponent, count: plays, in: scope.child(name))
            let names = sittings.map(\.key)
            let returns = sittings.map(\.value)
            let points = sittings.map(\.points)
            illegal += sittings.map { $0.episode.ending == .illegal($0.role) ? 1 : 0 }
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
