import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

/// A preference among responses, P(i ≻ j), as a symmetric game.
private struct PreferenceGame {
    var beats: [[Double]]

    /// Rock, paper, scissors with unlike stakes: its only equilibrium is (3, 2, 4)/9.
    static let cycle = PreferenceGame(beats: [[0.5, 0.9, 0.3], [0.1, 0.5, 0.8], [0.7, 0.2, 0.5]])

    /// P(i ≻ π) of each response.
    func shares(_ policy: [Double]) -> [Double] { beats.map { zip($0, policy).reduce(0) { $0 + $1.0 * $1.1 } } }

    /// max P(π₁ ≻ π) − min P(π ≻ π₂): 0 at the equilibrium only.
    func gap(_ policy: [Double]) -> Double { 2 * ((shares(policy).max() ?? 0) - 0.5) }

    /// All labelled pairs of two draws from a policy, each with its probability.
    func pairs(_ policy: [Double]) -> [Pair] {
        var pairs: [Pair] = []
        for i in policy.indices {
            for j in policy.indices where i != j { pairs.append(Pair(chosen: i, rejected: j, weight: policy[i] * policy[j] * beats[i][j])) }
        }
        return pairs
    }

    /// The exact expectation of the gradient under draws from a policy. Pairs and advantages carry their probabilities; an
    /// objective of single responses is asked for one after the other.
    private func gradient(
        of objective: any Objective, in world: PreferenceWorld, at logits: [Double], _ rows: [PreferenceWorld.Row], _ pairs: [Pair],
        _ policy: [Double]
    ) throws -> [Double] {
        if objective.takes.pairs || objective.takes.advantages {
            return try world.gradient(of: objective, at: logits, rows, pairs).gradient
        }
        var expected = [Double](repeating: 0, count: logits.count)
        for (row, probability) in zip(rows, policy) {
            let own = try world.gradient(of: objective, at: logits, [row]).gradient
            expected = zip(expected, own).map { $0 + probability * $1 }
        }
        return expected
    }

    /// Plays against itself: in each iteration the loss is minimised by gradient steps of this rate, which may depend on the
    /// sum of the pairs' weights, each response's part divided by its probability (the natural gradient of a softmax). The
    /// previous iterate is the reference.
    func play(
        _ objective: any Objective, iterations: Int, steps: Int, from start: [Double] = [0.6, 0.3, 0.1],
        rate: (_ weight: Double) -> Double
    ) throws -> (average: [Double], last: [Double], slope: Double) {
        var world = PreferenceWorld(policies: ["base": [Double](repeating: 1 / Double(start.count), count: start.count)])
        var logits = start.map { log($0) }
        var average = [Double](repeating: 0, count: start.count)
        var slope = 0.0
        for _ in 0..<iterations {
            let policy = softmax(logits)
            world.policies["previous"] = policy
            average = zip(average, policy).map { $0 + $1 / Double(iterations) }
            let pairs = pairs(policy)
            let weight = pairs.reduce(0) { $0 + $1.weight }
            let rows = zip(policy, shares(policy)).enumerated().map { response, own in
                PreferenceWorld.Row(
                    response: response, numbers: ["winShare": own.1], advantage: own.1 - 0.5,
                    weight: objective.takes.advantages ? own.0 * Double(policy.count) : 1)
            }
            for _ in 0..<steps {
                let gradient = try gradient(of: objective, in: world, at: logits, rows, pairs, policy)
                slope = gradient.map(abs).max() ?? 0
                logits = zip(logits, zip(gradient, policy)).map { $0 - $1.0 / $1.1 * rate(weight) }
            }
        }
        return (average, softmax(logits), slope)
    }
}

@Suite("Preferences that go round in a circle", .serialized)
struct PreferenceGameTests {
    private let game = PreferenceGame.cycle

    @Test("the game's equilibrium is (3, 2, 4)/9, and nowhere near the uniform policy")
    func equilibrium() {
        #expect(game.gap([3.0 / 9, 2.0 / 9, 4.0 / 9]) < 1e-12)
        #expect(game.gap([1.0 / 3, 1.0 / 3, 1.0 / 3]) > 0.1 && game.gap([0.6, 0.3, 0.1]) > 0.1)
    }

    @Test("INPO's last iterate reaches a duality gap of 0.02, and is the regularised equilibrium")
    func inpo() throws {
        let (eta, tau) = (1 / 0.7, 0.03)
        let objective = try preference("inpo", ["eta": Setting(eta), "tau": Setting(tau)])
        let result = try game.play(objective, iterations: 320, steps: 1) { $0 / 2 }
        #expect(game.gap(result.last) <= 0.02, "the gap is \(game.gap(result.last))")
        // At the fixed point log π/π_ref − P(y ≻ π)/τ is the same for all responses.
        let shares = game.shares(result.last)
        let levels = zip(result.last, shares).map { log($0 * 3) - $1 / tau }
        #expect((levels.max() ?? 0) - (levels.min() ?? 0) < 0.5, "\(levels)")
    }

    @Test("one iteration of INPO minimised is the closed form of mirror descent")
    func mirrorDescent() throws {
        let (eta, tau) = (0.5, 0.2)
        let objective = try preference("inpo", ["eta": Setting(eta), "tau": Setting(tau)])
        let start = [0.6, 0.3, 0.1]
        let result = try game.play(objective, iterations: 1, steps: 1) { $0 / 2 }
        let exact = softmax(zip(start, game.shares(start)).map { $1 / eta + (1 - tau / eta) * log($0) })
        #expect(zip(result.last, exact).allSatisfy { abs($0 - $1) < 1e-9 }, "\(result.last), not \(exact)")
    }

    @Test("a natural-gradient step of Nash-MD against itself is an iteration of INPO, so its last iterate gets there too")
    func nashMD() throws {
        let (eta, tau) = (1 / 0.7, 0.03)
        let mirror = try game.play(try preference("inpo", ["eta": Setting(eta), "tau": Setting(tau)]), iterations: 40, steps: 1) { $0 / 2 }
        let gradient = try game.play(try preference("nash-md", ["tau": Setting(tau)]), iterations: 40, steps: 1) { _ in 1 / eta }
        #expect(zip(mirror.last, gradient.last).allSatisfy { abs($0 - $1) < 1e-9 }, "\(mirror.last), not \(gradient.last)")
    }

    @Test("the average iterate of DNO reaches a duality gap of 0.02; its last one moves away")
    func dno() throws {
        let objective = try preference("dno", ["eta": 2])
        let result = try game.play(objective, iterations: 500, steps: 2) { $0 }
        #expect(game.gap(result.average) <= 0.02, "the gap is \(game.gap(result.average))")
        #expect(game.gap(result.last) > 0.1)
    }

    @Test("the average iterate of SPPO reaches a duality gap of 0.02; its last one moves away")
    func sppo() throws {
        let objective = try preference("sppo", ["eta": 0.5])
        let result = try game.play(objective, iterations: 500, steps: 2) { _ in 0.5 }
        #expect(game.gap(result.average) <= 0.02, "the gap is \(game.gap(result.average))")
        #expect(game.gap(result.last) > 0.1)
    }

    @Test("the average iterate of SPO reaches a duality gap of 0.02; its last one moves away")
    func spo() throws {
        let result = try game.play(try preference("spo"), iterations: 500, steps: 1) { _ in 0.5 }
        #expect(game.gap(result.average) <= 0.02, "the gap is \(game.gap(result.average))")
        #expect(game.gap(result.last) > 0.1)
    }

    @Test("DPO does not, offline or iterated, nor does a scalar reward")
    func scalarRewards() throws {
        let uniform = [1.0 / 3, 1.0 / 3, 1.0 / 3]
        let world = PreferenceWorld(policies: ["base": uniform])
        let rows = (0..<3).map { PreferenceWorld.Row(response: $0) }
        let pairs = game.pairs(uniform)
        let offline = softmax(try world.learned(try preference("dpo", ["beta": 0.1]), from: [0, 0, 0], rows, pairs))
        #expect(game.gap(offline) > 0.1, "offline: \(offline)")
        // The Bradley–Terry reward of the preference, and the policy that is best for it at the same KL penalty.
        let rewards = try world.learned(try preference("self-reference"), from: [0, 0, 0], rows, pairs)
        #expect(game.gap(softmax(rewards.map { $0 / 0.1 })) > 0.1)
        #expect(zip(softmax(rewards.map { $0 / 0.1 }), offline).allSatisfy { abs($0 - $1) < 1e-3 }, "DPO is that policy")
        var iterated = world
        iterated.policies["base"] = [0.6, 0.3, 0.1]
        var gaps: [Double] = []
        for _ in 0..<12 {
            let policy = iterated.policies["base"] ?? []
            let next = try iterated.learned(
                try preference("dpo", ["beta": 0.5]), from: policy.map { log($0) }, rows, game.pairs(policy), steps: 150)
            iterated.policies["base"] = softmax(next).map { max($0, 1e-6) }
            gaps.append(game.gap(softmax(next)))
        }
        #expect(gaps.suffix(6).allSatisfy { $0 > 0.1 }, "\(gaps)")
    }

    @Test("SPPO on two responses: an even preference is a fixed point, any other moves the odds by its step until one response is left")
    func sppoOnTwo() throws {
        let objective = try preference("sppo", ["eta": 1])
        let even = PreferenceGame(beats: [[0.5, 0.5], [0.5, 0.5]])
        let still = try even.play(objective, iterations: 5, steps: 1, from: [0.7, 0.3]) { _ in 0.5 }
        #expect(still.slope < 1e-12 && abs(still.last[0] - 0.7) < 1e-12)
        let p = 0.8
        let uneven = PreferenceGame(beats: [[0.5, p], [1 - p, 0.5]])
        var odds = 0.0
        for iterations in [1, 10, 100] {
            let policy = try uneven.play(objective, iterations: iterations, steps: 8, from: [0.5, 0.5]) { _ in 0.5 }.last
            let found = log(policy[0] / policy[1])
            // log π(a)/π(b) grows by η (P(a ≻ π) − P(b ≻ π)) = η (p − ½), but for the partition taken as constant.
            #expect(found > odds && abs(found / Double(iterations) - (p - 0.5)) < 5e-3, "after \(iterations): \(found)")
            odds = found
        }
        // The equilibrium: the preferred response alone, where the targets are met and nothing moves.
        let pure = try uneven.play(objective, iterations: 1, steps: 1, from: [1 - 1e-9, 1e-9]) { _ in 0.5 }
        #expect(pure.last[0] > 1 - 1e-8)
    }
}
