import Foundation
import HoneCore
import HoneNumerics
import Testing

@Suite("Elo ratings")
struct EloTests {
    @Test("ratings and their errors are those of a general optimiser")
    func references() throws {
        for reference in try PopulationReferences.read().elo {
            let names = playerNames(reference.ratings.count)
            let games = try reference.meetings.map { try Encounter(names[$0[0]], names[$0[1]], wins: $0[2], draws: $0[3], losses: $0[4]) }
            let found = try EloRatings(GameResults(games), priorGames: reference.prior)
            for (i, rating) in found.ratings.enumerated() {
                let error = (rating.rating.high - rating.rating.low) / (2 * 1.959963984540054)
                #expect(isClose(rating.rating.mean, reference.ratings[i], 1e-4) && isClose(error, reference.errors[i], 1e-4))
            }
        }
    }

    @Test("two players without a prior: the log of their odds, 190.8 points for 3 of 4")
    func twoPlayers() throws {
        let results = GameResults([try Encounter("strong", "weak", wins: 70, draws: 10, losses: 20)])
        let ratings = try EloRatings(results, priorGames: 0, anchor: .player("weak", 1000))
        let points = 400 * log10(3.0)
        let strong = try ratings.rating(of: "strong").rating.mean
        #expect(isClose(strong, 1000 + points, 1e-8))
        #expect(try ratings.rating(of: "weak").rating == Estimate(mean: 1000, low: 1000, high: 1000, count: 100, unit: "Elo"))
        // The variance of the log odds is 1/(n·p·(1 − p)).
        let half: Double = 1.959963984540054 * EloRatings.pointsPerLogOdds / 18.75.squareRoot()
        let difference = try ratings.difference("strong", "weak")
        let found = difference.high - difference.mean
        #expect(isClose(found, half, 1e-7) && isClose(difference.mean, points, 1e-8))
        let score = try ratings.expectedScore("strong", "weak")
        #expect(isClose(score.mean, 0.75) && score.low < 0.75 && score.high > 0.75)
        let mean = try EloRatings(results, priorGames: 0, anchor: .mean(1500))
        let sum = mean.ratings[0].rating.mean + mean.ratings[1].rating.mean
        #expect(isClose(sum, 3000, 1e-8))
        let other = try mean.difference("strong", "weak")
        #expect(isClose(other.high, difference.high, 1e-6))
    }

    @Test("whoever never lost is finite with a prior and refused without one, also at the end of a chain")
    func undefeated() throws {
        let results = GameResults([try Encounter("a", "b", wins: 10, losses: 0), try Encounter("b", "c", wins: 5, losses: 5)])
        let ratings = try EloRatings(results)
        let top = try ratings.rating(of: "a").rating
        #expect(top.mean.isFinite && top.mean > 300 && top.low < top.mean - 100)
        #expect(throws: CoreError.self) { try EloRatings(results, priorGames: 0) }
        let last = GameResults([try Encounter("a", "b", wins: 5, losses: 5), try Encounter("b", "c", wins: 3, losses: 0)])
        #expect(throws: CoreError.self) { try EloRatings(last, priorGames: 0) }
        #expect(throws: CoreError.self) { try EloRatings(results, priorGames: -1) }
        #expect(throws: CoreError.self) { try EloRatings(results, anchor: .player("nobody", 0)) }
        let extreme = try EloRatings(GameResults([try Encounter("a", "b", wins: 1_000_000, losses: 0)]), priorGames: 1e-6)
        #expect(extreme.ratings.allSatisfy { $0.rating.mean.isFinite })
    }

    @Test("groups without games between them are told apart and not compared")
    func groups() throws {
        let results = GameResults([try Encounter("a", "c", wins: 3, losses: 1), try Encounter("b", "d", wins: 1, losses: 3)])
        let ratings = try EloRatings(results, anchor: .player("a", 2000))
        #expect(ratings.groups == [["a", "c"], ["b", "d"]] && ratings.ratings.map(\.group) == [0, 1, 0, 1])
        let sum = ratings.ratings[1].rating.mean + ratings.ratings[3].rating.mean
        #expect(isClose(sum, 4000, 1e-8))
        #expect(throws: CoreError.self) { try ratings.difference("a", "b") }
        #expect(throws: CoreError.self) { try ratings.difference("a", "x") }
        #expect(ratings.covariance[0][1] == 0)
        #expect(try EloRatings(GameResults()).ratings.isEmpty)
    }

    @Test("intervals cover the true difference 90 to 99 times in 100, and a bootstrap of the games is as wide")
    func coverage() throws {
        let truth = [0.0, 120, 250]
        var covered = 0
        for trial in 0..<300 {
            var generator = Seed(5).child("trial", trial).generator
            let results = try Self.tournament(truth, games: 40, &generator)
            let difference = try EloRatings(results).difference("p02", "p00")
            if difference.low <= 250 && 250 <= difference.high { covered += 1 }
        }
        #expect(covered >= 270 && covered <= 297)
        var generator = Seed(6).generator
        let results = try Self.tournament(truth, games: 200, &generator)
        let found = try EloRatings(results).difference("p02", "p00")
        let again = try (0..<400).map { _ in
            let drawn = try results.encounters.map { encounter in
                var wins = 0
                for _ in 0..<encounter.games where generator.integer(in: 1...encounter.games) <= encounter.wins { wins += 1 }
                return try Encounter(encounter.first, encounter.second, wins: wins, losses: encounter.games - wins)
            }
            return try EloRatings(GameResults(drawn)).difference("p02", "p00").mean
        }
        let spread = Statistics.variance(again).squareRoot() * 2 * 1.96
        let width = found.high - found.low
        #expect(isClose(spread / width, 1, 0.12))
    }

    private static func tournament(_ truth: [Double], games: Int, _ generator: inout SeededGenerator) throws -> GameResults {
        let names = playerNames(truth.count)
        var encounters: [Encounter] = []
        for i in truth.indices {
            for j in 0..<i {
                let p = EloRatings.score(ofDifference: truth[i] - truth[j])
                var wins = 0
                for _ in 0..<games where generator.chance(p) { wins += 1 }
                encounters.append(try Encounter(names[i], names[j], wins: wins, losses: games - wins))
            }
        }
        return GameResults(encounters)
    }

    @Test("one game between equals moves half the factor, and points are only passed on")
    func sequential() throws {
        let rule = try EloUpdate(factor: 20)
        let new = rule.updated(1500, 1500, score: 1)
        #expect(new.first == 1510 && new.second == 1490)
        // 400 points above: expected 10/11, so that losing costs 200/11.
        let upset = rule.updated(1900, 1500, score: 0)
        let lost: Double = 200 / 11.0
        let total = upset.first + upset.second
        #expect(isClose(upset.first, 1900 - lost, 1e-9) && isClose(total, 3400, 1e-9))
        let games = [try EloUpdate.Game("b", "a", score: 1), try EloUpdate.Game("a", "c", score: 0.5)]
        let all = rule.ratings(after: games)
        #expect(all.map(\.player) == ["a", "b", "c"] && all[1].points == 1510)
        let points = all.map(\.points)
        #expect(isClose(points.reduce(0, +), 4500, 1e-9) && points[2] > 1490 && points[2] < 1500)
        #expect(throws: CoreError.self) { try EloUpdate(factor: 0) }
        #expect(throws: CoreError.self) { try EloUpdate.Game("a", "a", score: 1) }
    }
}
