import HoneCore
import HoneNumerics
import Testing

@Suite("The worked example of docs/populations.md")
struct PopulationExampleTests {
    private static let circle = [("paper", "rock"), ("scissors", "paper"), ("rock", "scissors")]

    private static func results(_ wins: Int, _ losses: Int) throws -> GameResults {
        GameResults(try circle.map { try Encounter($0.0, $0.1, wins: wins, losses: losses) })
    }

    @Test("every measure says of the circle what the page says it does")
    func circle() throws {
        let results = try Self.results(90, 10)
        let matrix = try PayoffMatrix(results, players: ["rock", "paper", "scissors"])
        let ratings = try EloRatings(results)
        for rating in ratings.ratings { #expect(abs(rating.rating.mean) < 1e-6) }
        #expect(isClose(try ratings.expectedScore("paper", "rock").mean, 0.5))
        let parts = try CyclicDecomposition(matrix)
        #expect(isClose(parts.cyclicShare, 1))
        let luck = parts.cyclicSquareOfChance / parts.cyclicSquare
        #expect(luck > 0.005 && luck < 0.015)
        #expect(isClose(matrix.scores[1][0].low, 0.83, 0.01) && isClose(matrix.scores[1][0].high, 0.94, 0.01))
        #expect(try ThreeCycle.established(in: matrix).count == 1)
        #expect(try ThreeCycle.established(in: PayoffMatrix(Self.results(9, 1))).count == 1)
        #expect(try ThreeCycle.established(in: PayoffMatrix(Self.results(7, 3))).isEmpty)
        for share in try NashAverage(matrix).probabilities + AlphaRank().masses(matrix) { #expect(isClose(share, 1.0 / 3, 1e-6)) }
        #expect(isClose(try PopulationPerformance.effectiveDiversity(matrix), 0.8 / 3, 1e-6))
    }

    @Test("a newcomer is sent to whom the page says")
    func newcomer() throws {
        var results = try Self.results(90, 10)
        results.add([
            try Encounter("new", "rock", wins: 90, losses: 10), try Encounter("new", "paper", wins: 40, draws: 20, losses: 40),
            try Encounter("new", "scissors", wins: 20, losses: 80),
        ])
        let opponents = ["rock", "paper", "scissors"]
        let matrix = try PayoffMatrix(results, players: opponents + ["new"])
        let third = 1.0 / 3
        let expected: [(MetaSolver, [Double])] = [
            (.latest, [0, 0, 1]), (.uniform, [third, third, third]), (.nash, [third, third, third]), (.prioritised(.hard(power: 2)), [0.01, 0.28, 0.71]),
            (.prioritised(.variance), [0.18, 0.5, 0.32]), (.rectifiedNash, [0.5, 0.5, 0]),
        ]
        for (solver, row) in expected {
            let mixture = try solver.mixture(for: "new", in: matrix, among: opponents)
            for (found, shown) in zip(mixture.probabilities, row) { #expect(abs(found - shown) < 0.005) }
        }
    }

    @Test("the share of squares that chance calls cyclic among equals is 1 − 2/n")
    func chanceShare() throws {
        var generator = Seed(41).generator
        var shares: [Double] = []
        for _ in 0..<60 { shares.append(try CyclicDecomposition(try CycleTests.tournament(players: 10, games: 30, &generator) { _, _ in 0.5 }).cyclicShare) }
        #expect(isClose(Statistics.mean(shares), 0.8, 0.03))
    }
}
