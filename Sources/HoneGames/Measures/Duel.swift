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

    /// An episode in which one player sat alone on a seat.
    public struct Sitting: Sendable {
        /// Which play it is: `seat 0, play 3`; the same for all pairs that play equally often.
        public var key: String
        /// The seat, by its place among the roles.
        public var seat: Int
        /// Its role.
        public var role: Role
        /// What happened.
        public var episode: Episode

        /// What the one who sat alone got.
        public var value: Double { episode.returns[role] ?? 0 }

        /// 1 where that is more than the mean of the other seats, ½ where it is as much, else 0.
        public var points: Double {
            let others = episode.returns.filter { $0.key != role }.map(\.value)
            let mean = others.isEmpty ? 0 : others.sorted().reduce(0, +) / Double(others.count)
            return value > mean ? 1 : value < mean ? 0 : 0.5
        }
    }

    /// `count` episodes in which the first player sits on each seat in turn, the second on all others.
    public func sittings(of first: Player, against second: Player, count: Int, in scope: Scope) async throws -> [Sitting] {
        var all: [Sitting] = []
        for (seat, role) in roles.enumerated() {
            let samples = (count + roles.count - 1 - seat) / roles.count
            guard samples > 0 else { continue }
            let cast = Dictionary(uniqueKeysWithValues: roles.map { ($0, $0 == role ? first : second) })
            let own = scope.child("seat", seat)
            let group = try await own.services.play(Assignment(problem: problem, samples: samples, cast: cast), in: own)
            all += group.episodes.enumerated().map { Sitting(key: "seat \(seat), play \($0)", seat: seat, role: role, episode: $1) }
        }
        return all
    }

    /// The plays of the first player against the second on all other seats.
    public func plays(of first: Player, against second: Player, count: Int, in scope: Scope) async throws -> [Play] {
        try await sittings(of: first, against: second, count: count, in: scope).map { sitting in
            let moves = sitting.episode.steps.filter { $0.role == sitting.role }
            // A move that was put right has what was said as a private part.
            let wrong = moves.count { $0.move.segments.contains(where: \.isPrivate) } + (sitting.episode.ending == .illegal(sitting.role) ? 1 : 0)
            return Play(
                key: sitting.key, points: sitting.points,
                illegal: moves.isEmpty ? 0 : Double(min(wrong, moves.count)) / Double(moves.count))
        }
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
