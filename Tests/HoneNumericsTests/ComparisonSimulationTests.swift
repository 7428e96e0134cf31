import Foundation
import HoneCore
import HoneNumerics
import Testing

/// A world of comparisons in which the true difference is known.
struct SimulatedComparison: Sendable, CustomTestStringConvertible {
    var isBinary: Bool
    var problems: Int
    var seeds: Int
    /// How much a problem favours one arm, and a seed's run one arm: standard deviations, or half-widths for binary outcomes.
    var problemEffect: Double
    var seedEffect: Double
    var difference: Double

    var testDescription: String {
        "\(isBinary ? "binary" : "continuous"), \(problems) problems × \(seeds) seeds, problem effect \(problemEffect), "
            + "seed effect \(seedEffect), difference \(difference)"
    }

    /// The differences of one experiment. Binary chances stay within 0…1 by their bounds, so the true difference is exact.
    func differences(_ generator: inout SeededGenerator) -> [[Double]] {
        let shifts = (0..<2).map { _ in (0..<seeds).map { _ in effect(seedEffect, &generator) } }
        return (0..<problems).map { _ in
            let base = isBinary ? 0.3 + 0.2 * generator.unit() : 3 * normal(&generator)
            let own = [effect(problemEffect, &generator), effect(problemEffect, &generator) + difference]
            return (0..<seeds).map { seed in
                let values = (0..<2).map { arm in
                    let level = base + own[arm] + shifts[arm][seed]
                    return isBinary ? (generator.unit() < level ? 1.0 : 0) : level + normal(&generator)
                }
                return values[1] - values[0]
            }
        }
    }

    /// The variance components of a difference of two arms.
    var components: VarianceComponents {
        let scale = isBinary ? 2.0 / 3 : 2
        // Binary: a cell's variance is E p(1−p) of both arms, with the mean of p² from the variances of its parts.
        func noise(_ mean: Double) -> Double {
            mean - mean * mean - 0.04 / 12 - (problemEffect * problemEffect + seedEffect * seedEffect) / 3
        }
        return VarianceComponents(
            problems: scale * problemEffect * problemEffect, seeds: scale * seedEffect * seedEffect,
            residual: isBinary ? noise(0.4) + noise(0.4 + difference) : 2)
    }

    /// The share of `count` experiments in which the interval has a number inside.
    func coverage(of value: Double, count: Int = 1000) throws -> Double {
        var generator = Seed(2026).child(testDescription).generator
        var inside = 0
        for _ in 0..<count {
            let found = PairedComparison(differences: try CrossedDesign(differences(&generator)))
            if found.low <= value && value <= found.high { inside += 1 }
        }
        return Double(inside) / Double(count)
    }

    private func effect(_ size: Double, _ generator: inout SeededGenerator) -> Double {
        isBinary ? size * (2 * generator.unit() - 1) : size * normal(&generator)
    }

    private func normal(_ generator: inout SeededGenerator) -> Double {
        (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * Double.pi * generator.unit())
    }
}

@Suite("Simulated comparisons", .serialized)
struct ComparisonSimulationTests {
    static let cells: [SimulatedComparison] = [
        (50, 3, 0.1), (50, 3, 0), (50, 5, 0.05), (50, 10, 0.1), (150, 4, 0.05), (500, 3, 0.02), (500, 3, 0.1), (500, 10, 0.05),
    ].flatMap { problems, seeds, effect in
        [
            SimulatedComparison(
                isBinary: true, problems: problems, seeds: seeds, problemEffect: 0.15, seedEffect: effect, difference: 0.1),
            SimulatedComparison(
                isBinary: false, problems: problems, seeds: seeds, problemEffect: 0.5, seedEffect: 2 * effect, difference: 0.3),
        ]
    }

    @Test("intervals cover the true difference in 93–97 % of 1,000 comparisons", arguments: cells)
    func coverage(_ cell: SimulatedComparison) throws {
        let share = try cell.coverage(of: cell.difference)
        #expect(share >= 0.93 && share <= 0.97, "covered \(share)")
    }

    @Test("a method against itself is “no difference” in 93–97 % of 1,000", arguments: [true, false], [(50, 3), (100, 5), (300, 4)])
    func againstItself(isBinary: Bool, size: (Int, Int)) throws {
        let cell = SimulatedComparison(
            isBinary: isBinary, problems: size.0, seeds: size.1, problemEffect: 0, seedEffect: isBinary ? 0.05 : 0.1, difference: 0)
        let share = try cell.coverage(of: 0)
        #expect(share >= 0.93 && share <= 0.97, "no difference in \(share)")
    }

    @Test("an effect that should be found in 92 % is found in at least 90 % of 1,000", arguments: [
        (true, 100, 3, 0.03), (true, 200, 5, 0.05), (false, 50, 3, 0.1), (false, 300, 5, 0.3), (false, 100, 10, 0.2),
    ])
    func planted(isBinary: Bool, problems: Int, seeds: Int, seedEffect: Double) throws {
        var cell = SimulatedComparison(
            isBinary: isBinary, problems: problems, seeds: seeds, problemEffect: isBinary ? 0.1 : 0.5, seedEffect: seedEffect,
            difference: 0)
        // Noise changes with the effect where outcomes are binary, so the size is found in two rounds.
        for _ in 0..<2 {
            cell.difference = SmallestEffect.detectable(
                components: cell.components, problems: problems, seeds: seeds, power: 0.92)
        }
        let found = 1 - (try cell.coverage(of: 0))
        #expect(found >= 0.9, "found \(found) of differences of \(cell.difference)")
    }
}
