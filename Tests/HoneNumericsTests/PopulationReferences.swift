import Foundation
import HoneCore
import HoneNumerics

/// Values of SciPy, statsmodels, OpenSpiel and the trueskill package, made by Tests/References/populations.py.
struct PopulationReferences: Decodable {
    struct Elo: Decodable {
        var meetings: [[Int]]
        var prior: Double
        var ratings, errors: [Double]
    }
    struct Skills: Decodable {
        var draw: Double
        var skills, updated: [[Double]]
        var places: [Int]
    }
    struct Ranked: Decodable {
        var payoffs: [[Double]]
        var alpha, perturbation: Double?
        var population: Int
        var masses: [Double]
    }
    struct RankedPairs: Decodable {
        var row, column: [[Double]]
        var alpha, perturbation: Double?
        var population: Int
        var masses: [Double]
    }
    struct Replicator: Decodable {
        var payoffs: [[Double]]
        var steps: Int
        var size, floor: Double
        var probabilities: [Double]
    }
    struct EntropyNash: Decodable {
        var advantages: [[Double]]
        var probabilities: [Double]
        var entropy: Double
    }
    var elo: [Elo]
    var skills: [Skills]
    var alpharank: [Ranked]
    var alpharankPairs: [RankedPairs]
    var replicator: [Replicator]
    var entropyNash: [EntropyNash]
    var newcombe: [[Double]]

    static func read() throws -> PopulationReferences {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/populations.json")
        return try JSONDecoder().decode(PopulationReferences.self, from: try Data(contentsOf: url))
    }
}

/// Names whose order is that of their numbers.
func playerNames(_ count: Int) -> [String] { (0..<count).map { "p\($0 < 10 ? "0" : "")\($0)" } }

/// Rock, paper and scissors as pay-offs.
let rockPaperScissors: [[Double]] = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]

/// Antisymmetric pay-offs in −1…1, with ties.
func randomAdvantages(_ count: Int, _ generator: inout SeededGenerator) -> [[Double]] {
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
        for j in 0..<i {
            matrix[i][j] = Double(generator.integer(in: -4...4)) / 4
            matrix[j][i] = -matrix[i][j]
        }
    }
    return matrix
}
