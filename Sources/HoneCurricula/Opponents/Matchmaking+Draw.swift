import Foundation
import HoneCore
import HoneNumerics

extension Matchmaking {
    /// One assignment with the learner on a seat.
    func assignment(at table: Table, seat: Int, number: Int, using generator: inout SeededGenerator) -> Assignment {
        var own = learner
        var opponent = self.opponent(using: &generator)
        if scheme == .league, let exploiter = other, number % 3 == 2 {
            // Every third play is the exploiter's: it learns, against the main learner as it is.
            own = exploiter
            opponent = learner
            opponent?.learns = false
        }
        var cast: Cast = [:]
        for (place, role) in table.roles.enumerated() {
            cast[role] = place == seat ? own : opponent ?? own
        }
        return Assignment(problem: table.problem, samples: samples, cast: cast)
    }

    /// Who sits on the other seats; nil for the learner itself, learning.
    private func opponent(using generator: inout SeededGenerator) -> Player? {
        guard scheme != .mirror else { return nil }
        if scheme == .fixed {
            var player = other
            player?.learns = false
            return player
        }
        guard !kept.isEmpty else { return nil }
        switch scheme {
        case .mirror, .fixed: return nil
        case .latest: return newest.map(snapshot)
        case .past, .fictitious: return generator.element(of: kept).map(snapshot)
        case .prioritised: return draw(kept, kept.map(weight), using: &generator).map(snapshot)
        case .league:
            // Itself in 35 of 100 plays, as in the paper.
            if generator.unit() < 0.35 { return nil }
            guard generator.unit() < 0.25, var exploiter = other else {
                return draw(kept, kept.map(weight), using: &generator).map(snapshot)
            }
            exploiter.learns = false
            return exploiter
        case .oracle: return draw(kept, kept.map { memo.mixture[$0] ?? 0 }, using: &generator).map(snapshot)
        }
    }

    /// How often a snapshot is met beside the others: (1 − p)ᵏ.
    private func weight(of name: String) -> Double {
        let lost = 1 - (memo.fared[name] ?? PointCount()).smoothed
        return hardness == 1 ? lost : pow(lost, hardness)
    }

    private func snapshot(_ name: String) -> Player {
        var player = learner
        player.model = ModelRef(learner.model.name, snapshot: name)
        player.learns = false
        return player
    }

    private func draw(_ names: [String], _ weights: [Double], using generator: inout SeededGenerator) -> String? {
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return generator.element(of: names) }
        var rest = generator.unit() * sum
        for (name, weight) in zip(names, weights) {
            rest -= weight
            if rest < 0 { return name }
        }
        return names.last
    }

    /// Plays out what is missing between the snapshots and solves the game they form: row against column, the row's points − ½.
    mutating func solve(in scope: Scope) async throws {
        let names = kept
        for (i, row) in names.enumerated() {
            for (j, column) in names.enumerated() where i < j && memo.between[row]?[column] == nil {
                let count = try await plays(of: snapshot(row), against: snapshot(column), in: scope.child("between \(row) and \(column)"))
                memo.between[row, default: [:]][column] = count
                memo.between[column, default: [:]][row] = PointCount(points: Double(count.plays) - count.points, plays: count.plays)
            }
        }
        let matrix = names.map { row in
            names.map { column in
                row == column ? 0 : memo.between[row]?[column].map { $0.points / Double(max(1, $0.plays)) - 0.5 } ?? 0
            }
        }
        let solution = try ZeroSumSolution(matrix)
        memo.mixture = Dictionary(uniqueKeysWithValues: zip(names, solution.row))
    }

    /// The first player's points against the second, on all seats of all games.
    private func plays(of first: Player, against second: Player, in scope: Scope) async throws -> PointCount {
        var count = PointCount()
        let each = max(1, trials / tables.reduce(0) { $0 + $1.roles.count })
        for (number, table) in tables.enumerated() {
            for (seat, role) in table.roles.enumerated() {
                let cast = Dictionary(uniqueKeysWithValues: table.roles.map { ($0, $0 == role ? first : second) })
                let own = scope.child("table \(number) seat", seat)
                let group = try await own.services.play(Assignment(problem: table.problem, samples: each, cast: cast), in: own)
                for episode in group.episodes { count.add(points(of: role, in: episode.returns)) }
            }
        }
        return count
    }
}
