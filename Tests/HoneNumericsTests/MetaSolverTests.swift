import HoneCore
import HoneNumerics
import Testing

@Suite("Whom to play against")
struct MetaSolverTests {
    @Test("the equilibrium of largest entropy is a general optimiser's")
    func entropyReferences() throws {
        for reference in try PopulationReferences.read().entropyNash {
            let found = try NashAverage(advantages: reference.advantages)
            #expect(isClose(found.entropy, reference.entropy, 1e-6))
            for (p, expected) in zip(found.probabilities, reference.probabilities) { #expect(isClose(p, expected, 1e-5)) }
        }
    }

    @Test("in random games with ties nobody gains against it, the value is 0, and players may be renamed", arguments: 0..<60)
    func random(index: Int) throws {
        var generator = Seed(21).child("game", index).generator
        let n = generator.integer(in: 1...12)
        let game = randomAdvantages(n, &generator)
        let nash = try NashAverage(advantages: game)
        #expect(nash.exploitability < 1e-9)
        #expect(isClose(nash.probabilities.reduce(0, +), 1) && nash.probabilities.allSatisfy { $0 >= 0 })
        let solution = try ZeroSumSolution(game)
        #expect(isClose(solution.value, 0, 1e-9))
        // No equilibrium that the linear programme finds has more entropy.
        #expect(nash.entropy >= Statistics.entropy(solution.row) - 1e-9)
        #expect(nash.entropy >= Statistics.entropy(zip(solution.row, solution.column).map { ($0 + $1) / 2 }) - 1e-9)
        let order = generator.shuffled(Array(0..<n))
        let renamed = try NashAverage(advantages: order.map { i in order.map { game[i][$0] } })
        for (place, player) in order.enumerated() { #expect(isClose(renamed.probabilities[place], nash.probabilities[player], 1e-6)) }
    }

    @Test("where the equilibrium is unique, a clone changes nothing but that two share what one had", arguments: 0..<10)
    func clone(index: Int) throws {
        var generator = Seed(22).child("game", index).generator
        // Continuous pay-offs have one equilibrium.
        var game = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 5)
        for i in 0..<5 {
            for j in 0..<i {
                game[i][j] = generator.unit() - 0.5
                game[j][i] = -game[i][j]
            }
        }
        let order = [0, 1, 2, 3, 4, 2]
        let alone = try NashAverage(advantages: game)
        let cloned = try NashAverage(advantages: order.map { i in order.map { game[i][$0] } })
        #expect(isClose(cloned.probabilities[2], cloned.probabilities[5], 1e-9))
        #expect(isClose(cloned.probabilities[2] + cloned.probabilities[5], alone.probabilities[2], 1e-9))
        for i in 0..<5 { #expect(isClose(cloned.averages[i], alone.averages[i], 1e-9)) }
    }

    @Test("where it is not, the clone counts: of two even players the cloned one gets two thirds")
    func clonesOfEquals() throws {
        #expect(try NashAverage(advantages: [[0, 0], [0, 0]]).probabilities == [0.5, 0.5])
        let three = try NashAverage(advantages: [[0, 0, 0], [0, 0, 0], [0, 0, 0]]).probabilities
        #expect(three.allSatisfy { isClose($0, 1.0 / 3) })
    }

    @Test("replicator dynamics are OpenSpiel's, and their floor holds")
    func replicator() throws {
        for reference in try PopulationReferences.read().replicator {
            let dynamics = try ReplicatorDynamics(steps: reference.steps, stepSize: reference.size, floor: reference.floor)
            let found = dynamics.average(reference.payoffs)
            for (p, expected) in zip(found, reference.probabilities) { #expect(isClose(p, expected, 1e-9)) }
            #expect(found.allSatisfy { $0 >= reference.floor - 1e-12 })
        }
        let nash = try NashAverage(advantages: [[0, -0.5, 1], [0.5, 0, -0.1], [-1, 0.1, 0]])
        let long = try ReplicatorDynamics(steps: 20_000, stepSize: 0.01, floor: 0).average([[0, -0.5, 1], [0.5, 0, -0.1], [-1, 0.1, 0]])
        for (p, expected) in zip(long, nash.probabilities) { #expect(abs(p - expected) < 0.03) }
        #expect(throws: CoreError.self) { try ReplicatorDynamics(steps: 0) }
    }

    private static func population() throws -> PayoffMatrix {
        // "d" beats a by 0.9, ties with b, and loses to c with 0.2.
        try PayoffMatrix(
            players: ["a", "b", "c", "d"],
            advantages: [[0, -0.2, 0.4, -0.8], [0.2, 0, -0.6, 0], [-0.4, 0.6, 0, 0.6], [0.8, 0, -0.6, 0]])
    }

    @Test("each solver by hand")
    func byHand() throws {
        let matrix = try Self.population()
        func mixture(_ solver: MetaSolver, among: [String]? = ["a", "b", "c"]) throws -> [Double] {
            try solver.mixture(for: "d", in: matrix, among: among).probabilities
        }
        func same(_ found: [Double], _ expected: [Double]) -> Bool {
            found.count == expected.count && zip(found, expected).allSatisfy { isClose($0, $1, 1e-7) }
        }
        #expect(same(try mixture(.latest), [0, 0, 1]))
        #expect(same(try mixture(.latest, among: nil), [0, 0, 0, 1]))
        #expect(same(try mixture(.uniform, among: nil), [0.25, 0.25, 0.25, 0.25]))
        // d scores 0.9, 0.5, 0.2: (1 − p)² = 0.01, 0.25, 0.64; p(1 − p) = 0.09, 0.25, 0.16.
        #expect(same(try mixture(.prioritised(.hard(power: 2))), [1.0 / 90, 25.0 / 90, 64.0 / 90]))
        #expect(same(try mixture(.prioritised(.variance)), [0.18, 0.5, 0.32]))
        #expect(same(try mixture(.prioritised(.hard(power: 0))), [1.0 / 3, 1.0 / 3, 1.0 / 3]))
        // Among a, b, c: a loses 0.2 to b, b 0.6 to c, c 0.4 to a; each plays as the loss of the other two tells: 0.6, 0.4, 0.2 of 1.2.
        #expect(same(try mixture(.nash), [0.5, 1.0 / 3, 1.0 / 6]))
        // d beats a, ties with b and loses to c.
        #expect(same(try mixture(.rectifiedNash), [0.6, 0.4, 0]))
        // Against c alone it has nothing to amplify.
        #expect(same(try mixture(.rectifiedNash, among: ["c"]), [1]))
        let replicator = try MetaSolver.replicator(ReplicatorDynamics()).mixture(for: "d", in: matrix, among: ["b", "c"])
        #expect(replicator.probability(of: "c") > 0.9 && replicator.probability(of: "a") == 0)
        #expect(throws: CoreError.self) { try MetaSolver.uniform.mixture(for: "x", in: matrix) }
        #expect(throws: CoreError.self) { try MetaSolver.uniform.mixture(for: "d", in: matrix, among: []) }
        #expect(throws: CoreError.self) { try MetaSolver.nash.mixture(for: "d", in: matrix, among: ["a", "a"]) }
        #expect(throws: CoreError.self) { try mixture(.prioritised(.hard(power: -1))) }
    }

    @Test("when everyone is always beaten, prioritised play falls back on all alike")
    func allBeaten() throws {
        let matrix = try PayoffMatrix(GameResults([try Encounter("new", "a", wins: 5, losses: 0), try Encounter("new", "b", wins: 5, losses: 0)]))
        for weighting in [MetaSolver.Weighting.hard(power: 2), .variance] {
            let mixture = try MetaSolver.prioritised(weighting).mixture(for: "new", in: matrix, among: ["b", "a"])
            #expect(mixture.players == ["b", "a"] && mixture.probabilities == [0.5, 0.5])
        }
    }

    @Test("opponents are drawn as often as they should be, and never one without probability")
    func drawing() throws {
        let mixture = try MetaSolver.prioritised(.variance).mixture(for: "d", in: try Self.population(), among: ["a", "b", "c"])
        var generator = Seed(23).generator
        var counts: [String: Int] = [:]
        for _ in 0..<20_000 { counts[mixture.draw(using: &generator), default: 0] += 1 }
        for player in mixture.players {
            let share = Double(counts[player] ?? 0) / 20_000
            #expect(abs(share - mixture.probability(of: player)) < 0.015)
        }
        let single = try MetaSolver.latest.mixture(for: "d", in: try Self.population())
        #expect((0..<100).allSatisfy { _ in single.draw(using: &generator) == "d" } && single.entropy == 0)
    }
}
