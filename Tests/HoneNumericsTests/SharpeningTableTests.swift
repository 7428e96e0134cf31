import Foundation
import HoneCore
import HoneNumerics
import Testing

private func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < tolerance }
}

@Suite("Sharpening on tables")
struct SharpeningTableTests {
    @Test("a random table has the coverage and the margin it was made for, and no other answer is as likely", arguments: [1.0, 1.5, 5, 20, 80])
    func construction(coverage: Double) throws {
        for seed in 0..<5 {
            let table = try SharpeningTable(answers: 128, coverage: coverage, margin: 0.1, seed: Seed(UInt64(seed)))
            #expect(table.probabilities.count == 128)
            #expect(abs(1 / table.modeProbability - coverage) < 1e-9 * coverage)
            #expect(abs(table.probabilities.reduce(0, +) - 1) < 1e-12)
            let others = table.probabilities.enumerated().filter { $0.offset != table.mode }.map(\.element)
            #expect((others.max() ?? 0) <= table.modeProbability / 1.1 * (1 + 1e-9))
        }
    }

    @Test("64 answers cannot have a coverage of 80: the likeliest of them has at least 1/64")
    func impossible() throws {
        #expect(throws: CoreError.self) { try SharpeningTable(answers: 64, coverage: 80, margin: 0, seed: Seed(1)) }
        #expect(throws: CoreError.self) { try SharpeningTable(answers: 80, coverage: 79, margin: 0.1, seed: Seed(1)) }
        #expect(try SharpeningTable(answers: 64, coverage: 64, margin: 0, seed: Seed(1)).probabilities.allSatisfy { abs($0 - 1.0 / 64) < 1e-12 })
        #expect(try SharpeningTable(answers: 1, coverage: 1, margin: 0, seed: Seed(1)).probabilities == [1])
    }

    @Test("coverage is the mean of the inverse of what the likeliest answers have")
    func coverage() {
        let tables = [SharpeningTable(weights: [1, 3]), SharpeningTable(weights: [2, 1, 1]), SharpeningTable(weights: [1])]
        #expect(tables.map(\.mode) == [1, 0, 0])
        #expect(abs(SharpeningTable.coverage(tables) - (4.0 / 3 + 2 + 1) / 3) < 1e-12)
        #expect(SharpeningTable.coverage([]) == 0)
        #expect(SharpeningTable.sharpened([0.5, 0.4, 0.9, 0.49], delta: 0.5) == 0.5)
    }

    @Test("the best of N is what enumeration says, equals sharing evenly")
    func bestOfByEnumeration() {
        for weights in [[0.5, 0.3, 0.2], [0.4, 0.4, 0.2], [0.25, 0.25, 0.5, 0], [1.0]] {
            let table = SharpeningTable(weights: weights)
            for count in 1...4 {
                var expected = [Double](repeating: 0, count: weights.count)
                var draws = [Int](repeating: 0, count: count)
                while true {
                    let chance = draws.reduce(1.0) { $0 * table.probabilities[$1] }
                    let top = draws.map { table.probabilities[$0] }.max() ?? 0
                    let equal = draws.filter { table.probabilities[$0] == top }
                    for winner in equal { expected[winner] += chance / Double(equal.count) }
                    guard let place = draws.lastIndex(where: { $0 + 1 < weights.count }) else { break }
                    draws[place] += 1
                    for later in draws.indices where later > place { draws[later] = 0 }
                }
                #expect(isClose(table.bestOf(count), expected), "best of \(count) of \(weights)")
            }
        }
    }

    @Test("draws needed are those at which the exact chance reaches the share")
    func drawsNeeded() {
        // 1 − (3/4)^N ≥ 0.9 from N = 9 on: 0.7508, …, 0.8999 at 8 and 0.9249 at 9.
        #expect(SharpeningTable.drawsNeeded([SharpeningTable(weights: [1, 1, 1, 1])], share: 0.9, limit: 100) == 9)
        #expect(SharpeningTable.drawsNeeded([SharpeningTable(weights: [1])], share: 1, limit: 100) == 1)
        #expect(SharpeningTable.drawsNeeded([SharpeningTable(weights: [1, 1])], share: 0.999, limit: 5) == nil)
    }

    @Test("the optimum with a KL penalty is the base to the power 1 + 1/β, and no other policy does better")
    func tilted() {
        let table = SharpeningTable(weights: [0.5, 0.3, 0.15, 0.05])
        let beta = 0.5
        let powers = table.probabilities.map { $0 * $0 * $0 }
        #expect(isClose(table.tilted(beta: beta), powers.map { $0 / powers.reduce(0, +) }))
        func objective(_ policy: [Double]) -> Double {
            zip(policy, table.probabilities).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.1) - beta * $1.0 * log($1.0 / $1.1) : 0) }
        }
        let best = objective(table.tilted(beta: beta))
        var generator = Seed(3).generator
        for _ in 0..<500 {
            let moved = SharpeningTable(weights: table.tilted(beta: beta).map { $0 * (0.5 + generator.unit()) }).probabilities
            #expect(objective(moved) <= best + 1e-12)
        }
    }

    @Test("β of the theorem makes the optimum sharpened, also on the flattest table there is")
    func sufficientBeta() {
        for (answers, margin, delta) in [(128, 0.1, 0.5), (1000, 0.02, 0.1)] {
            let table = SharpeningTable(weights: [1 + margin] + [Double](repeating: 1, count: answers - 1))
            let beta = SharpeningTable.beta(answers: answers, margin: margin, delta: delta)
            #expect(table.tilted(beta: beta)[0] >= 1 - delta / 2)
        }
    }

    @Test("regression that saw everything ends at the optimum; one that saw some answers fits their differences and leaves the others")
    func regressed() {
        let table = SharpeningTable(weights: [0.4, 0.3, 0.2, 0.1])
        #expect(isClose(table.regressed(on: [2, 0, 3, 1], beta: 0.7), table.tilted(beta: 0.7)))
        #expect(isClose(table.regressed(on: [], beta: 0.7), table.probabilities))
        // Gradient descent on the squares of all pairs of answers 0, 1 and 3, from the base.
        let (seen, beta) = ([0, 1, 3], 0.7)
        var logits = table.probabilities.map { log($0) }
        for _ in 0..<20_000 {
            var gradient = [Double](repeating: 0, count: 4)
            for a in seen {
                for b in seen where a < b {
                    let (pa, pb) = (table.probabilities[a], table.probabilities[b])
                    let miss = beta * (logits[a] - log(pa)) - beta * (logits[b] - log(pb)) - (log(pa) - log(pb))
                    gradient[a] += 2 * miss * beta
                    gradient[b] -= 2 * miss * beta
                }
            }
            logits = zip(logits, gradient).map { $0 - 0.05 * $1 }
        }
        let total = logits.reduce(0) { $0 + exp($1) }
        #expect(isClose(table.regressed(on: seen, beta: beta), logits.map { exp($0) / total }, 1e-9))
    }

    @Test("optimism shares itself among unseen answers as the base does, and ends where nothing unseen could be better")
    func optimistic() {
        let table = SharpeningTable(weights: [0.4, 0.3, 0.2, 0.1])
        let early = table.optimistic(seen: [3, 1], beta: 0.01)
        #expect(isClose([early[0], early[2]], [2.0 / 3, 1.0 / 3], 1e-9))
        // Unseen mass 0.3 is less than the best seen 0.4.
        #expect(table.optimistic(seen: [0, 1], beta: 0.01)[0] > 0.999)
        #expect(isClose(table.optimistic(seen: [0, 1, 2, 3], beta: 0.5), table.tilted(beta: 0.5)))
    }

    @Test("best-of-N queries are geometric: the share found after N draws is the exact one")
    func sampledQueries() throws {
        let table = SharpeningTable(weights: [4, 3, 3, 3, 3, 2, 2])
        let counts = (0..<4000).compactMap { table.queries(of: .sft, beta: 0.01, delta: 0.5, limit: 1000, seed: Seed(UInt64($0))) }
        #expect(counts.count == 4000)
        for draws in [1, 3, 8] {
            let share = Double(counts.filter { $0 <= draws }.count) / 4000
            let exact = 1 - pow(0.8, Double(draws))
            #expect(abs(share - exact) < 4 * (exact * (1 - exact) / 4000).squareRoot())
            #expect(abs(exact - table.bestOf(draws)[0]) < 1e-12)
        }
    }

    @Test("exploring a nearly even table draws without replacement: y* comes at every place alike, and one answer alone is no pair to learn from")
    func explorationIsWithoutReplacement() {
        let table = SharpeningTable(weights: [1.0001] + [Double](repeating: 1, count: 9))
        let counts = (0..<4000).compactMap { table.queries(of: .exploration, beta: 1e-6, delta: 0.5, limit: 1000, seed: Seed(UInt64($0))) }
        #expect(counts.max() == 10)
        for number in 1...10 {
            let expected = number == 1 ? 0 : number == 2 ? 0.2 : 0.1
            #expect(abs(Double(counts.filter { $0 == number }.count) / 4000 - expected) < 0.02, "\(number)")
        }
    }

    @Test("fresh pairs cost two queries a round, a base that is sharp costs none, and a limit is kept")
    func otherForms() {
        let table = SharpeningTable(weights: [3, 2, 2, 2, 2])
        let counts = (0..<50).compactMap { table.queries(of: .explorationWithFreshPairs, beta: 0.01, delta: 0.5, limit: 100, seed: Seed(UInt64($0))) }
        #expect(counts.count == 50 && counts.allSatisfy { $0 % 2 == 0 && $0 <= 10 })
        for form in SharpeningForm.allCases {
            #expect(SharpeningTable(weights: [6, 4]).queries(of: form, beta: 0.1, delta: 0.5, limit: 10, seed: Seed(1)) == 0)
            #expect(SharpeningTable(weights: [1.001] + [Double](repeating: 1, count: 999)).queries(of: form, beta: 0.1, delta: 0.5, limit: 1, seed: Seed(1)) == nil)
        }
        // With a β far too large regression leaves the policy near the base, however much was seen.
        #expect(table.queries(of: .rlhf, beta: 100, delta: 0.5, limit: 1000, seed: Seed(1)) == nil)
    }

    @Test("Spearman's correlation by hand, with shared ranks")
    func spearman() throws {
        #expect(RankCorrelation.spearman([1, 2, 3], [10, 100, 1000]) == 1)
        #expect(RankCorrelation.spearman([1, 2, 3], [3, 1, 2]) == -0.5)
        #expect(RankCorrelation.spearman([1, 2], [5, 5]) == nil)
        #expect(RankCorrelation.spearman([], []) == nil)
        // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5).
        #expect(abs(try #require(RankCorrelation.spearman([1, 2, 2, 3], [1, 2, 3, 4])) - 4.5 / (4.5 * 5.0).squareRoot()) < 1e-12)
    }
}
