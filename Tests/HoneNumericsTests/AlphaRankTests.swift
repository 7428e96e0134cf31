import HoneCore
import HoneNumerics
import Testing

@Suite("α-Rank")
struct AlphaRankTests {
    @Test("one population agrees with OpenSpiel, at every intensity and without limit")
    func onePopulation() throws {
        for reference in try PopulationReferences.read().alpharank {
            let rank = try AlphaRank(selection: Self.selection(reference.alpha, reference.perturbation), populationSize: reference.population)
            for (found, expected) in zip(try rank.masses(reference.payoffs), reference.masses) { #expect(isClose(found, expected, 1e-9)) }
        }
    }

    @Test("two populations agree with OpenSpiel")
    func twoPopulations() throws {
        for reference in try PopulationReferences.read().alpharankPairs {
            let rank = try AlphaRank(selection: Self.selection(reference.alpha, reference.perturbation), populationSize: reference.population)
            let pairs = try rank.masses(row: reference.row, column: reference.column)
            for (found, expected) in zip(pairs.masses.flatMap { $0 }, reference.masses) { #expect(isClose(found, expected, 1e-9)) }
            #expect(isClose(pairs.rows.reduce(0, +), 1) && isClose(pairs.columns.reduce(0, +), 1))
        }
    }

    private static func selection(_ alpha: Double?, _ perturbation: Double?) -> AlphaRank.Selection {
        alpha.map { .intensity($0) } ?? .unlimited(perturbation: perturbation ?? 0)
    }

    @Test("two strategies by hand: the masses are as the fixation probabilities, e^((m − 1)αΔ)")
    func byHand() throws {
        // ρ(Δ)/ρ(−Δ) = e^((m − 1)αΔ), here with m = 3, α = ½ and Δ = 2·0.4.
        let masses = try AlphaRank(selection: .intensity(0.5), populationSize: 3).masses([[0, 0.4], [-0.4, 0]])
        #expect(isClose(masses[0] / masses[1], 2.225540928492468))
        #expect(try AlphaRank(selection: .intensity(0)).masses([[0, 1], [-1, 0]]) == [0.5, 0.5])
    }

    @Test("whoever beats all has all the mass, also where selection is stronger than numbers are large")
    func strong() throws {
        let payoffs = [[0.0, 1, 1], [-1, 0, 1], [-1, -1, 0]]
        for selection in [AlphaRank.Selection.intensity(1e4), .unlimited(perturbation: 1e-9)] {
            let masses = try AlphaRank(selection: selection).masses(payoffs)
            #expect(isClose(masses[0], 1, 1e-6) && masses.allSatisfy { $0.isFinite && $0 >= 0 })
        }
        let cycle = try AlphaRank().masses(try PayoffMatrix(players: ["r", "p", "s"], advantages: rockPaperScissors))
        #expect(cycle.allSatisfy { isClose($0, 1.0 / 3) })
        #expect(try AlphaRank().masses([[3]]) == [1])
    }

    @Test("settings and matrices that make no sense are refused")
    func refused() throws {
        #expect(throws: CoreError.self) { try AlphaRank(selection: .intensity(-1)) }
        #expect(throws: CoreError.self) { try AlphaRank(selection: .intensity(.infinity)) }
        #expect(throws: CoreError.self) { try AlphaRank(selection: .unlimited(perturbation: 0.5)) }
        #expect(throws: CoreError.self) { try AlphaRank(populationSize: 1) }
        #expect(throws: CoreError.self) { try AlphaRank().masses([[0, 1], [2]]) }
        #expect(throws: CoreError.self) { try AlphaRank().masses([[Double]]()) }
        #expect(throws: CoreError.self) { try AlphaRank().masses(row: [[0, 1]], column: [[0], [1]]) }
    }
}
