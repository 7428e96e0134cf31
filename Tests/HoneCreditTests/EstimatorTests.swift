import HoneCore
import HoneCredit
import Testing

/// A two-armed bandit with a sigmoid policy: the exact gradient of the expected reward is p(1−p)(a−b).
@Suite("Credit as an estimator")
struct EstimatorTests {
    private let chance = 0.3
    private let good = 0.9
    private let bad = 0.2

    /// The expectation, over all outcomes of n draws, of the mean of advantage × score function.
    private func expectation(_ draws: Int, _ advantages: ([Double]) -> [Double]) -> Double {
        var sum = 0.0
        for outcome in 0..<(1 << draws) {
            let picks = (0..<draws).map { outcome >> $0 & 1 == 1 }
            let weight = picks.reduce(1.0) { $0 * ($1 ? chance : 1 - chance) }
            let values = advantages(picks.map { $0 ? good : bad })
            let scores = picks.map { $0 ? 1 - chance : -chance }
            sum += weight * zip(values, scores).reduce(0) { $0 + $1.0 * $1.1 } / Double(draws)
        }
        return sum
    }

    private var exact: Double { chance * (1 - chance) * (good - bad) }

    @Test("rewards as they are and leaving one out are unbiased")
    func unbiased() {
        for draws in 2...6 {
            for baseline in [ReinforceBaseline.Baseline.none, .leaveOneOut] {
                let found = expectation(draws) { ReinforceBaseline.advantages([$0], baseline: baseline)[0] }
                #expect(abs(found - exact) < 1e-12, "\(baseline) of \(draws): \(found), not \(exact)")
            }
        }
    }

    @Test("the group's and the batch's mean shrink the gradient by (n − 1) / n and leave its direction")
    func shrunk() {
        for draws in 2...6 {
            let share = Double(draws - 1) / Double(draws)
            let group = expectation(draws) { GroupRelative.advantages($0, normaliseByStd: false, epsilon: 0) }
            let batch = expectation(draws) { ReinforceBaseline.advantages([$0], baseline: .batchMean)[0] }
            #expect(abs(group - exact * share) < 1e-12 && abs(batch - exact * share) < 1e-12)
        }
    }

    @Test("scaling rewards leaves divided advantages alone, and shifting them any advantages")
    func invariance() {
        let rewards = [0.0, 1, 0.25, 0.5]
        let divided = GroupRelative.advantages(rewards, normaliseByStd: true, epsilon: 0)
        let scaled = GroupRelative.advantages(rewards.map { 8 * $0 + 4 }, normaliseByStd: true, epsilon: 0)
        for (a, b) in zip(divided, scaled) { #expect(abs(a - b) < 1e-12) }
        let plain = GroupRelative.advantages(rewards, normaliseByStd: false, epsilon: 0)
        let shifted = GroupRelative.advantages(rewards.map { $0 + 4 }, normaliseByStd: false, epsilon: 0)
        #expect(plain == shifted)
    }

    @Test("advantages of a group add up to 0 and have deviation 1")
    func moments() {
        let advantages = GroupRelative.advantages([0.1, 0.7, 0.3, 0.2, 0.9], normaliseByStd: true, epsilon: 0)
        #expect(abs(advantages.reduce(0, +)) < 1e-12)
        #expect(abs(advantages.reduce(0) { $0 + $1 * $1 } / 5 - 1) < 1e-12)
    }

    @Test("a verdict on the role goes before one on the episode")
    func roleVerdicts() throws {
        var played = group([1, 0])
        played.verdicts.append(Verdict(on: .role(1, .solver), kind: .worldReturn, value: 3))
        var credit = GroupRelative(normaliseByStd: false)
        let batch = try credit.batch(for: [.solver], from: [played], scores: ScoreTable())
        #expect(batch.examples.map { $0.advantages[0] } == [-1, 1])
    }

    @Test("another kind of verdict can be the reward")
    func kinds() throws {
        var played = group([1, 0])
        played.verdicts += [Verdict(on: .episode(0), kind: "helpful", value: 0), Verdict(on: .episode(1), kind: "helpful", value: 4)]
        var credit = GroupRelative(normaliseByStd: false, kind: "helpful")
        let batch = try credit.batch(for: [.solver], from: [played], scores: ScoreTable())
        #expect(batch.examples.map { $0.advantages[0] } == [-2, 2])
        var accepted = AcceptedOnly(threshold: 4, kind: "helpful")
        #expect(try accepted.batch(for: [.solver], from: [played], scores: ScoreTable()).examples.map(\.episode) == ["p/1"])
    }
}
