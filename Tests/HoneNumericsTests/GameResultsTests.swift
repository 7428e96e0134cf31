import Foundation
import HoneCore
import HoneNumerics
import Testing

@Suite("Results of games")
struct GameResultsTests {
    @Test("the order in which games come in changes nothing, to the last byte")
    func order() throws {
        let games = [
            try Encounter("b", "a", wins: 3, draws: 1, losses: 2), try Encounter("a", "b", meanScore: 0.1, games: 3),
            try Encounter("c", "a", wins: 0, losses: 1), try Encounter("a", "b", meanScore: 1 / 3, games: 7), try Encounter("a", "b", wins: 1, losses: 0),
        ]
        let reference = GameResults(games)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let bytes = try encoder.encode(reference)
        var generator = Seed(1).generator
        for _ in 0..<20 {
            var other = GameResults()
            for game in generator.shuffled(games) { other.add([game]) }
            #expect(other == reference)
            #expect(try encoder.encode(other) == bytes)
        }
        #expect(try JSONDecoder().decode(GameResults.self, from: JSONEncoder().encode(reference)) == reference)
        #expect(reference.encounters.map(\.first) == ["a", "a"] && reference.players == ["a", "b", "c"] && reference.games == 18)
        // a against b: 2 wins and a draw of 6, one more win, 0.3 of 3 and 7/3 of 7.
        let points: Double = 3.8 + 7 / 3.0
        #expect(isClose(reference.encounters[0].points, points))
        #expect(reference.encounters[0].games == 17)
    }

    @Test("games that make no sense are refused, when made and when read")
    func refused() throws {
        #expect(throws: CoreError.self) { try Encounter("a", "a", wins: 1, losses: 0) }
        #expect(throws: CoreError.self) { try Encounter("a", "b", wins: 0, losses: 0) }
        #expect(throws: CoreError.self) { try Encounter("a", "b", wins: -1, losses: 4) }
        #expect(throws: CoreError.self) { try Encounter("a", "b", meanScore: 1.01, games: 3) }
        #expect(throws: CoreError.self) { try Encounter("a", "b", meanScore: .nan, games: 3) }
        let wrong = #"[{"first":"b","second":"a","wins":1,"draws":0,"losses":0,"scored":[]}]"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(GameResults.self, from: Data(wrong.utf8)) }
    }

    @Test("groups are linked over others, and nobody else is")
    func groups() throws {
        let results = GameResults([
            try Encounter("d", "b", wins: 1, losses: 0), try Encounter("a", "e", wins: 1, losses: 0), try Encounter("b", "c", wins: 0, losses: 2),
            try Encounter("f", "e", wins: 1, losses: 1),
        ])
        #expect(results.groups == [["a", "e", "f"], ["b", "c", "d"]])
        #expect(GameResults().groups.isEmpty && GameResults().players.isEmpty)
    }

    @Test("a pay-off matrix is antisymmetric, keeps the caller's order and knows who has not met")
    func matrix() throws {
        let results = GameResults([try Encounter("new", "old", wins: 6, draws: 2, losses: 2), try Encounter("old", "stranger", wins: 1, losses: 0)])
        let matrix = try PayoffMatrix(results, players: ["old", "new", "newest"])
        let (score, back) = (matrix.scores[1][0], matrix.scores[0][1])
        #expect(isClose(score.mean, 0.7) && isClose(back.mean, 0.3))
        #expect(isClose(back.low, 1 - score.high) && back.count == 10)
        // Wilson's interval for 7 of 10.
        #expect(isClose(score.low, 0.3967781, 1e-6) && isClose(score.high, 0.8922087, 1e-6))
        for i in 0..<3 { for j in 0..<3 { #expect(matrix.advantages[i][j] == -matrix.advantages[j][i]) } }
        #expect(matrix.isKnown(0, 1) && !matrix.isKnown(0, 2) && matrix.isKnown(2, 2) && !matrix.isComplete)
        #expect(try matrix.restricted(to: ["new", "old"]).isComplete)
        #expect(throws: CoreError.self) { try PayoffMatrix(results, players: ["old", "old"]) }
        #expect(throws: CoreError.self) { try matrix.index(of: "stranger") }
        let exact = try PayoffMatrix(players: ["r", "p", "s"], advantages: rockPaperScissors)
        #expect(exact.isComplete && exact.advantages == rockPaperScissors)
        #expect(try JSONDecoder().decode(PayoffMatrix.self, from: JSONEncoder().encode(matrix)) == matrix)
        #expect(throws: CoreError.self) { try PayoffMatrix(players: ["r", "p"], advantages: [[0, 0.5], [0.5, 0]]) }
        #expect(throws: CoreError.self) { try PayoffMatrix(players: ["r", "p"], advantages: [[0, 1.5], [-1.5, 0]]) }
        #expect(throws: CoreError.self) { try PayoffMatrix(players: ["r", "p"], advantages: [[0.5, 1], [-1, 0]]) }
    }

    @Test("scores drawn anew have the mean and the spread of a Beta distribution, and exact ones stay")
    func redraws() throws {
        let matrix = try PayoffMatrix(GameResults([try Encounter("a", "b", wins: 8, losses: 2), try Encounter("a", "c", wins: 3, losses: 0)]))
        var generator = Seed(3).generator
        let drawn = (0..<4000).map { _ in matrix.redrawn(using: &generator) }
        // Beta(8.5, 2.5): mean 8.5/11, variance 8.5·2.5/(11²·12). Beta(3.5, 0.5): mean 7/8, variance 3.5·0.5/(4²·5).
        for (j, mean, variance) in [(1, 8.5 / 11, 21.25 / 1452), (2, 0.875, 1.75 / 80)] as [(Int, Double, Double)] {
            let values = drawn.map { $0.scores[0][j].mean }
            let deviation = (variance / 4000).squareRoot()
            #expect(isClose(Statistics.mean(values), mean, 4 * deviation))
            #expect(isClose(Statistics.variance(values) / variance, 1, 0.15))
            let returned = drawn.map { 1 - $0.scores[j][0].mean }
            #expect(zip(values, returned).allSatisfy { isClose($0, $1, 1e-15) })
        }
        let others = drawn.map { $0.scores[1][2].mean }
        #expect(others.allSatisfy { $0 == 0.5 })
        let estimate = matrix.estimate(unit: "share", seed: Seed(4)) { $0.scores[0][1].mean }
        #expect(estimate == matrix.estimate(unit: "share", seed: Seed(4)) { $0.scores[0][1].mean })
        #expect(estimate.mean == 0.8 && estimate.count == 13)
        #expect(estimate.low > 0.4 && estimate.low < 0.6 && estimate.high > 0.9)
    }
}
