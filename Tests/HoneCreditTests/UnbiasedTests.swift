import Foundation
import HoneCore
import HoneCredit
import HoneNumerics
import Testing

/// A softmax policy over three arms.
private struct Arms {
    var logits: [Double]

    var probabilities: [Double] {
        let total = Statistics.logSumExp(logits)
        return logits.map { exp($0 - total) }
    }

    func draw(_ generator: inout SeededGenerator) -> Int {
        var left = generator.unit()
        for (arm, probability) in probabilities.enumerated() {
            left -= probability
            if left < 0 { return arm }
        }
        return logits.count - 1
    }

    /// ∇ log π(arm).
    func score(_ arm: Int) -> [Double] { probabilities.enumerated().map { ($0.offset == arm ? 1 : 0) - $0.element } }
}

@Suite("Gradients by Monte Carlo")
struct UnbiasedTests {
    private let arms = Arms(logits: [0.4, -0.3, 0.1])
    private let rewards: [Double] = [1, 0.2, -0.5]

    /// Σ_a π(a) r(a) ∇ log π(a).
    private func exact(_ arms: Arms, _ rewards: [Double]) -> [Double] {
        let probabilities = arms.probabilities
        let mean = zip(probabilities, rewards).reduce(0) { $0 + $1.0 * $1.1 }
        return zip(probabilities, rewards).map { $0 * ($1 - mean) }
    }

    /// How many standard errors the mean of the samples is away from each expected component, at the most.
    private func distance(_ samples: [[Double]], _ expected: [Double]) -> Double {
        expected.indices.map { index in
            let own = samples.map { $0[index] }
            let error = (Statistics.variance(own) / Double(own.count)).squareRoot()
            return abs(Statistics.mean(own) - expected[index]) / max(error, 1e-12)
        }.max() ?? 0
    }

    /// One gradient estimate for each of many groups of four pulls, with a credit's advantages; arm a is the token 10 + a.
    private func estimates(_ credit: some Credit, seed: Seed, offset: Double = 0) throws -> [[Double]] {
        var generator = seed.generator
        let pulls = (0..<6000).map { _ in (0..<4).map { _ in arms.draw(&generator) } }
        let groups = pulls.map { arms in group(arms.map { rewards[$0] + offset }, tokens: arms.map { [10 + TokenID($0)] }) }
        var sums = [[Double]](repeating: [0, 0, 0], count: groups.count)
        for row in try batch(credit, groups).examples {
            let score = arms.score(Int(row.tokens.last ?? 10) - 10)
            for index in 0..<3 { sums[row.group][index] += Double(row.advantages.last ?? 0) * score[index] / 4 }
        }
        return sums
    }

    @Test("RLOO's gradient is unbiased; the group's own mean shrinks it by a quarter")
    func leaveOneOut() throws {
        let exact = exact(arms, rewards)
        #expect(distance(try estimates(LeaveOneOut(), seed: Seed(21)), exact) < 4)
        let shrunk = try estimates(GroupRelative(normaliseByStd: false), seed: Seed(21))
        #expect(distance(shrunk, exact) > 8)
        #expect(distance(shrunk, exact.map { $0 * 0.75 }) < 4)
    }

    @Test("with rewards far from 0, leaving one out has far less variance than no baseline, and the same mean")
    func variance() throws {
        let plain = try estimates(ReinforceBaseline(baseline: .none), seed: Seed(22), offset: 3)
        let left = try estimates(LeaveOneOut(), seed: Seed(22), offset: 3)
        #expect(Statistics.variance(left.map { $0[0] }) < 0.1 * Statistics.variance(plain.map { $0[0] }))
        let exact = exact(arms, rewards)
        #expect(distance(plain, exact) < 4 && distance(left, exact) < 4)
    }

    @Test("SPIRAL's gradient is unbiased for both roles of a lopsided game; updating first shrinks it by α")
    func roles() throws {
        let second = Arms(logits: [-0.2, 0.5, 0])
        // Zero-sum, and better for the first: a baseline shared by both roles would be far off.
        let payoff: [[Double]] = [[1.5, 0, 1], [0.5, 1, 2], [1, 1, -0.5]]
        let (p, q) = (arms.probabilities, second.probabilities)
        let forFirst = exact(arms, payoff.map { row in zip(row, q).reduce(0) { $0 + $1.0 * $1.1 } })
        let forSecond = exact(second, (0..<3).map { b in -(0..<3).reduce(0) { $0 + p[$1] * payoff[$1][b] } })

        func estimates(_ decay: Double, updatesFirst: Bool) throws -> [[[Double]]] {
            var generator = Seed(23).generator
            var credit = RoleConditioned(decay: decay, updatesFirst: updatesFirst)
            var sums: [[[Double]]] = [[], []]
            for _ in 0..<200 {
                // Forty games a batch; the mean is carried from batch to batch.
                let groups = (0..<40).map { _ in
                    let (a, b) = (arms.draw(&generator), second.draw(&generator))
                    let episode = Episode(
                        id: "g", steps: [step("first", after: [1], move: [10 + TokenID(a)]), step("second", after: [1], move: [10 + TokenID(b)])])
                    return group(
                        of: [episode],
                        [
                            Verdict(on: .role(0, "first"), kind: .worldReturn, value: payoff[a][b]),
                            Verdict(on: .role(0, "second"), kind: .worldReturn, value: -payoff[a][b]),
                        ], problem: Problem(id: "g", world: "matrix"))
                }
                for (place, role) in [Role("first"), "second"].enumerated() {
                    var copy = credit
                    var own = [[Double]](repeating: [0, 0, 0], count: 40)
                    for row in try copy.batch(for: [role], from: groups, scores: ScoreTable()).examples {
                        let score = (place == 0 ? arms : second).score(Int(row.tokens[1]) - 10)
                        own[row.group] = score.map { $0 * Double(row.advantages[1]) }
                    }
                    sums[place] += own
                }
                _ = try credit.batch(for: ["first", "second"], from: groups, scores: ScoreTable())
            }
            return sums
        }
        let right = try estimates(0.95, updatesFirst: false)
        #expect(distance(right[0], forFirst) < 4 && distance(right[1], forSecond) < 4)
        let shrunk = try estimates(0.5, updatesFirst: true)
        #expect(distance(shrunk[0], forFirst) > 5 || distance(shrunk[1], forSecond) > 5)
        #expect(distance(shrunk[0], forFirst.map { $0 * 0.5 }) < 4 && distance(shrunk[1], forSecond.map { $0 * 0.5 }) < 4)
    }
}
