import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

@Suite("Regression of implicit rewards")
struct RewardRegressionTests {
    private let base = [0.5, 0.3, 0.15, 0.05]
    private var world: PreferenceWorld { PreferenceWorld(policies: ["base": base]) }

    private func row(_ response: Int, isReference: Bool = false) -> PreferenceWorld.Row {
        PreferenceWorld.Row(response: response, numbers: ["isReference": isReference ? 1 : 0])
    }

    private func objective(beta: Double, optimism: Double = 0) -> RewardRegression {
        var settings = RewardRegression.Settings()
        settings.beta = beta
        settings.optimism = optimism
        return RewardRegression(settings)
    }

    @Test("the loss by hand: the square of what the implicit difference misses, plus α times the base's log-probability")
    func byHand() throws {
        let logits = [0.2, -0.4, 1.0, 0.0]
        let policy = softmax(logits)
        let rows = [row(0), row(2, isReference: true)]
        let pairs = [Pair(chosen: 0, rejected: 1, margin: 0.8)]
        let miss = 0.25 * (log(policy[0] / base[0]) - log(policy[2] / base[2])) - 0.8
        let plain = try world.gradient(of: objective(beta: 0.25), at: logits, rows, pairs).loss
        #expect(abs(plain - miss * miss) < 1e-12)
        let bold = try world.gradient(of: objective(beta: 0.25, optimism: 0.3), at: logits, rows, pairs).loss
        #expect(abs(bold - (miss * miss + 0.3 * log(policy[2]))) < 1e-12)
    }

    @Test("with pairs that cover all answers it learns the base to the power 1 + 1/β")
    func optimum() throws {
        let beta = 0.5
        var pairs: [Pair] = []
        for better in base.indices {
            for worse in base.indices where base[better] > base[worse] {
                pairs.append(Pair(chosen: better, rejected: worse, margin: log(base[better] / base[worse])))
            }
        }
        let learned = try world.learned(objective(beta: beta), from: base.map { log($0) }, base.indices.map { row($0) }, pairs, steps: 800)
        let powers = base.map { pow($0, 1 + 1 / beta) }
        for (found, power) in zip(softmax(learned), powers) { #expect(abs(found - power / powers.reduce(0, +)) < 1e-4) }
    }

    @Test("optimism raises the answer that nobody has seen, and lowers nothing but the base's")
    func optimism() throws {
        let fitted = base.map { log($0) + log($0) / 0.5 }
        let rows = [row(0), row(1, isReference: true)]
        let pairs = [Pair(chosen: 0, rejected: 1, margin: log(base[0] / base[1]))]
        let still = try world.gradient(of: objective(beta: 0.5), at: fitted, rows, pairs).gradient
        #expect(still.allSatisfy { abs($0) < 1e-12 })
        let moved = try world.gradient(of: objective(beta: 0.5, optimism: 0.2), at: fitted, rows, pairs).gradient
        let policy = softmax(fitted)
        // A gradient of α·(1[y = y′] − π): what is not the base's answer goes up when one steps against it.
        for place in base.indices { #expect(abs(moved[place] - 0.2 * ((place == 1 ? 1 : 0) - policy[place])) < 1e-12) }
    }

    @Test("with optimism rows must say whether they are the base's")
    func needs() {
        #expect(objective(beta: 0.1).takes.scalars.isEmpty)
        #expect(objective(beta: 0.1, optimism: 1).takes.scalars.keys.sorted() == ["isReference"])
    }
}
