import HoneCore
import HoneNumerics

/// Two players at one table, each on every seat equally often.
public struct Duel: Sendable {
    /// One play, as the first player saw it.
    public struct Play: Hashable, Sendable {
        /// Which play it is; the same for all pairs that play equally often.
        public var key: String
        /// 1 for a win, ½ for a draw, 0 for a loss.
        public var points: Double
        /// The share of the first player's moves that were not allowed as they were said.
        public var illegal: Double
    }

    /// The problem that begins the game.
    public let problem: Problem
    /// Its seats.
    public let roles: [Role]

    /// A table.
    public init(problem: Problem, roles: [Role]) {
        self.problem = problem
        self.roles = roles
    }

    /// The plays of the first player against the second on all other seats.
    public func plays(of first: Player, against second: Player, count: Int, in scope: Scope) async throws -> [Play] {
        var all: [Play] = []
        for (seat, role) in roles.enumerated() {
            let cast = Dictionary(uniqueKeysWithValues: roles.map { ($0, $0 == role ? first : second) })
            let samples = (count + roles.count - 1 - seat) / roles.count
            guard samples > 0 else { continue }
            let own = scope.child("seat", seat)
            let group = try await own.services.play(Assignment(problem: problem, samples: samples, cast: cast), in: own)
            for (index, episode) in group.episodes.enumerated() {
                let value = episode.returns[role] ?? 0
                let others = roles.filter { $0 != role }.map { episode.returns[$0] ?? 0 }
                let mean = others.isEmpty ? 0 : others.reduce(0, +) / Double(others.count)
                let moves = episode.steps.filter { $0.role == role }
                // A move that was put right has what was said as a private part.
                let wrong = moves.count { $0.move.segments.contains(where: \.isPrivate) } + (episode.ending == .illegal(role) ? 1 : 0)
                all.append(
                    Play(
                        key: "seat \(seat) play \(index)", points: value > mean ? 1 : value < mean ? 0 : 0.5,
                        illegal: moves.isEmpty ? 0 : Double(min(wrong, moves.count)) / Double(moves.count)))
            }
        }
        return all
    }
}

extension [Duel.Play] {
    /// The mean of the points with its interval.
    public var points: Estimate { .mean(of: map(\.points), unit: "share") }
    /// The points by play.
    public var values: [String: Double] { Dictionary(uniqueKeysWithValues: map { ($0.key, $0.points) }) }
    /// The result as an encounter of two names.
    public func encounter(_ first: String, _ second: String) throws -> Encounter {
        try Encounter(first, second, wins: count { $0.points == 1 }, draws: count { $0.points == 0.5 }, losses: count { $0.points == 0 })
    }
}
