import Foundation
import HoneCore
import HoneNumerics
import Testing

@Suite("Cycles, forgetting and diversity")
struct CycleTests {
    @Test("rock, paper and scissors are all cycle, ratings none, and mixtures of both come apart again")
    func decomposition() throws {
        let cycle = try CyclicDecomposition(try PayoffMatrix(players: ["r", "p", "s"], advantages: rockPaperScissors), scale: .payoff)
        #expect(cycle.cyclicShare == 1 && cycle.cyclicSquare == 3 && cycle.transitiveSquare == 0 && cycle.cyclicSquareOfChance == 0)
        // Ratings 0.3, 0, −0.3 and a cycle of 0.2: pay-offs 0.3 − 0.2, 0.6 + 0.2, 0.3 − 0.2.
        let mixed = try PayoffMatrix(players: ["r", "p", "s"], advantages: [[0, 0.1, 0.8], [-0.1, 0, 0.1], [-0.8, -0.1, 0]])
        let parts = try CyclicDecomposition(mixed, scale: .payoff)
        for (found, expected) in zip(parts.ratings, [0.3, 0, -0.3]) { #expect(isClose(found, expected)) }
        #expect(isClose(parts.cyclic[0][1], -0.2) && isClose(parts.cyclic[0][2], 0.2) && isClose(parts.cyclic[1][2], -0.2))
        #expect(isClose(parts.cyclicSquare, 0.12) && isClose(parts.transitiveSquare, 0.54) && isClose(parts.cyclicShare, 0.12 / 0.66))
        #expect(parts.cyclicShareBeyondChance == parts.cyclicShare)
    }

    @Test("squares add up, cyclic rows add up to 0, and nothing is left of a second split", arguments: 0..<10)
    func identities(index: Int) throws {
        var generator = Seed(31).child("game", index).generator
        let n = generator.integer(in: 2...8)
        let game = randomAdvantages(n, &generator)
        let parts = try CyclicDecomposition(try PayoffMatrix(players: playerNames(n), advantages: game), scale: .payoff)
        let whole = game.joined().reduce(0) { $0 + $1 * $1 } / 2
        #expect(isClose(parts.transitiveSquare + parts.cyclicSquare, whole))
        for row in parts.cyclic { #expect(abs(row.reduce(0, +)) < 1e-12) }
        if n == 2 { #expect(parts.cyclicSquare < 1e-24) }
    }

    @Test("an Elo rating leaves no cycle on log odds, but some on pay-offs")
    func scales() throws {
        let ratings = [0.0, 150, 400, 700]
        let game = ratings.map { a in ratings.map { b in a == b ? 0 : 2 * EloRatings.score(ofDifference: a - b) - 1 } }
        let matrix = try PayoffMatrix(players: playerNames(4), advantages: game.indices.map { i in game.indices.map { i < $0 ? game[i][$0] : -game[$0][i] } })
        let odds = try CyclicDecomposition(matrix)
        #expect(odds.cyclicShare < 1e-20)
        let points = (odds.ratings[3] - odds.ratings[0]) * EloRatings.pointsPerLogOdds
        #expect(isClose(points, 700, 1e-9))
        #expect(try CyclicDecomposition(matrix, scale: .payoff).cyclicShare > 0.01)
        #expect(throws: CoreError.self) { try CyclicDecomposition(try PayoffMatrix(players: ["r", "p", "s"], advantages: rockPaperScissors)) }
        let open = try PayoffMatrix(GameResults([try Encounter("a", "b", wins: 1, losses: 1)]), players: ["a", "b", "c"])
        #expect(throws: CoreError.self) { try CyclicDecomposition(open) }
    }

    @Test("the cycles that chance makes among equal players are as many as expected, and nothing is left beyond them")
    func chance() throws {
        var (found, expected, beyond) = (0.0, 0.0, 0.0)
        var generator = Seed(32).generator
        for _ in 0..<200 {
            let parts = try CyclicDecomposition(try Self.tournament(players: 6, games: 50, &generator) { _, _ in 0.5 }, scale: .payoff)
            found += parts.cyclicSquare
            expected += parts.cyclicSquareOfChance
            beyond += parts.cyclicShare > 0.4 ? 1 : 0
        }
        #expect(isClose(found / expected, 1, 0.06))
        // Of the raw share, on the other hand, most is called cyclic.
        #expect(beyond > 150)
    }

    static func tournament(
        players: Int, games: Int, _ generator: inout SeededGenerator, _ score: (Int, Int) -> Double
    ) throws -> PayoffMatrix {
        let names = playerNames(players)
        var encounters: [Encounter] = []
        for i in 0..<players {
            for j in 0..<i {
                let p = score(i, j)
                var wins = 0
                for _ in 0..<games where generator.chance(p) { wins += 1 }
                encounters.append(try Encounter(names[i], names[j], wins: wins, losses: games - wins))
            }
        }
        return try PayoffMatrix(GameResults(encounters), players: names)
    }

    @Test("a cycle of three is reported only when each edge is established")
    func threeCycles() throws {
        func games(_ wins: Int, _ count: Int) throws -> PayoffMatrix {
            try PayoffMatrix(
                GameResults([
                    try Encounter("paper", "rock", wins: 90, losses: 10), try Encounter("scissors", "paper", wins: 80, losses: 20),
                    try Encounter("rock", "scissors", wins: wins, losses: count - wins), try Encounter("rock", "well", wins: 1, losses: 99),
                ]), players: ["rock", "paper", "scissors", "well"])
        }
        let found = try ThreeCycle.established(in: games(65, 100))
        #expect(found.map(\.players) == [["rock", "scissors", "paper"]])
        let means = found[0].scores.map(\.mean)
        #expect(zip(means, [0.65, 0.8, 0.9]).allSatisfy { isClose($0, $1) })
        // Wilson's interval of 65 of 100 begins at 0.5525.
        #expect(isClose(found[0].margin, 0.05254, 1e-4))
        #expect(try ThreeCycle.established(in: games(58, 100)).isEmpty)
        #expect(try ThreeCycle.established(in: games(61, 100)).count == 1)
        #expect(try ThreeCycle.established(in: games(61, 100), simultaneous: true).isEmpty)
        #expect(try ThreeCycle.established(in: games(650, 1000), simultaneous: true).count == 1)
        let exact = try PayoffMatrix(players: ["r", "p", "s"], advantages: rockPaperScissors)
        #expect(try ThreeCycle.established(in: exact).map(\.players) == [["r", "s", "p"]])
        #expect(throws: CoreError.self) { try ThreeCycle.established(in: exact, level: 1) }
    }

    @Test("differences of shares have statsmodels' Newcombe intervals")
    func newcombe() throws {
        for row in try PopulationReferences.read().newcombe where row[4] == 0.95 {
            let found = Estimate.differenceOfShares(.share(successes: Int(row[0]), of: Int(row[1])), .share(successes: Int(row[2]), of: Int(row[3])))
            #expect(isClose(found.low, row[5], 1e-9) && isClose(found.high, row[6], 1e-9))
            #expect(isClose(found.mean, row[0] / row[1] - row[2] / row[3]))
        }
    }

    @Test("a snapshot that no longer beats what an earlier one beat has forgotten it; few games establish nothing")
    func forgetting() throws {
        func snapshots(_ games: Int) throws -> PayoffMatrix {
            try PayoffMatrix(
                GameResults([
                    try Encounter("v1", "v0", wins: games * 9 / 10, losses: games / 10), try Encounter("v2", "v0", wins: games * 8 / 10, losses: games * 2 / 10),
                    try Encounter("v3", "v0", wins: games * 4 / 10, losses: games * 6 / 10), try Encounter("v2", "v1", wins: games * 6 / 10, losses: games * 4 / 10),
                    try Encounter("v3", "v1", wins: games * 7 / 10, losses: games * 3 / 10),
                ]), players: ["v0", "v1", "v2", "v3"])
        }
        let found = try Forgetting(snapshots: snapshots(100))
        #expect(found.comparisons == 3 && found.drops.map(\.opponent) == ["v0", "v1"])
        let largest = try #require(found.largest)
        #expect(largest.best == "v1" && isClose(largest.drop.mean, 0.5) && largest.isEstablished && found.isEstablished)
        #expect(largest.bestScore.mean == 0.9 && largest.drop.count == 100)
        #expect(isClose(found.drops[1].drop.mean, -0.1) && !found.drops[1].isEstablished)
        #expect(largest.drop.low > 0.3 && largest.drop.high < 0.7)
        #expect(try !Forgetting(snapshots: snapshots(10)).isEstablished)
        let two = try Forgetting(snapshots: PayoffMatrix(GameResults([try Encounter("a", "b", wins: 1, losses: 0)])))
        #expect(two.largest == nil && two.comparisons == 0)
        #expect(throws: CoreError.self) { try Forgetting(snapshots: snapshots(10), level: 0) }
    }

    @Test("among equal snapshots the largest drop is above 0 nearly always, and established in at most one case in twenty")
    func falseAlarms() throws {
        var generator = Seed(33).generator
        var (positive, alarms) = (0, 0)
        for _ in 0..<300 {
            let found = try Forgetting(snapshots: try Self.tournament(players: 6, games: 40, &generator) { _, _ in 0.5 })
            if let largest = found.largest, largest.drop.mean > 0 { positive += 1 }
            if found.isEstablished { alarms += 1 }
        }
        #expect(positive > 270)
        #expect(alarms <= 15)
    }

    @Test("diversity is a third for rock, paper and scissors, and 0 under a ruler or among equals")
    func diversity() throws {
        let cycle = try PayoffMatrix(players: ["r", "p", "s"], advantages: rockPaperScissors)
        #expect(isClose(try PopulationPerformance.effectiveDiversity(cycle), 1.0 / 3))
        let ruled = try PayoffMatrix(players: ["a", "b", "c"], advantages: [[0, 1, 1], [-1, 0, 1], [-1, -1, 0]])
        #expect(isClose(try PopulationPerformance.effectiveDiversity(ruled), 0))
        let even = try PayoffMatrix(players: ["a", "b"], advantages: [[0, 0], [0, 0]])
        #expect(try PopulationPerformance.effectiveDiversity(even) == 0)
        let played = try PayoffMatrix(
            GameResults([
                try Encounter("p", "r", wins: 90, losses: 10), try Encounter("s", "p", wins: 90, losses: 10), try Encounter("r", "s", wins: 90, losses: 10),
            ]))
        let estimate = try PopulationPerformance.effectiveDiversity(played, draws: 100, seed: Seed(34))
        // A third of 0.8.
        #expect(isClose(estimate.mean, 0.8 / 3, 1e-7) && estimate.low < estimate.mean && estimate.high > estimate.mean && estimate.low > 0.15)
    }

    @Test("a population is worth what its best mixture gets: by hand, antisymmetric, and 0 against itself")
    func performance() throws {
        let cycle = try PayoffMatrix(players: ["r", "p", "s"], advantages: rockPaperScissors)
        #expect(isClose(try PopulationPerformance.relative(["p"], to: ["r"], in: cycle).mean, 1))
        // Rock and paper against scissors and rock: paper is beaten by scissors, rock beats it, and so on: value 1/3.
        let found = try PopulationPerformance.relative(["r", "p"], to: ["s", "r"], in: cycle).mean
        #expect(isClose(found, 1.0 / 3))
        #expect(isClose(try PopulationPerformance.relative(["s", "r"], to: ["r", "p"], in: cycle).mean, -found))
        let itself = try PopulationPerformance.relative(["r", "p", "s"], to: ["r", "p", "s"], in: cycle)
        #expect(isClose(itself.mean, 0) && itself.low == itself.high)
        let played = try PayoffMatrix(GameResults([try Encounter("a", "b", wins: 60, losses: 40)]))
        let single = try PopulationPerformance.relative(["a"], to: ["b"], in: played)
        // Twice the normal interval of a share of 60.5/101.
        let half: Double = 2 * 1.959963984540054 * (60.5 * 40.5 / 10_201 / 100).squareRoot()
        #expect(isClose(single.mean, 0.2) && isClose(single.high, 0.2 + half) && single.count == 100)
        #expect(throws: CoreError.self) { try PopulationPerformance.relative([], to: ["a"], in: played) }
        #expect(throws: CoreError.self) { try PopulationPerformance.relative(["a", "a"], to: ["b"], in: played) }
        #expect(throws: CoreError.self) { try PopulationPerformance.relative(["a"], to: ["x"], in: played) }
    }

    @Test("intervals of performance and diversity cover the truth in about 95 of 100 tournaments")
    func coverage() throws {
        let truth: [[Double]] = [[0.5, 0.85, 0.25], [0.15, 0.5, 0.7], [0.75, 0.3, 0.5]]
        let advantages: [[Double]] = [[0, 0.7, -0.5], [-0.7, 0, 0.4], [0.5, -0.4, 0]]
        let exact = try PayoffMatrix(players: playerNames(3), advantages: advantages)
        let value = try PopulationPerformance.relative(["p00", "p01"], to: ["p02", "p01"], in: exact).mean
        let diversity = try PopulationPerformance.effectiveDiversity(exact)
        var (covered, diverse) = (0, 0)
        var generator = Seed(35).generator
        for trial in 0..<200 {
            let matrix = try Self.tournament(players: 3, games: 100, &generator) { truth[$0][$1] }
            let found = try PopulationPerformance.relative(["p00", "p01"], to: ["p02", "p01"], in: matrix)
            if found.low <= value && value <= found.high { covered += 1 }
            guard trial < 60 else { continue }
            let drawn = try PopulationPerformance.effectiveDiversity(matrix, draws: 100, seed: Seed(36).child("trial", trial))
            if drawn.low <= diversity && diversity <= drawn.high { diverse += 1 }
        }
        #expect(covered >= 182 && covered < 200)
        #expect(diverse >= 50)
    }
}
