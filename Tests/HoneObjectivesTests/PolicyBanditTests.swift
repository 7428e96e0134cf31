import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

/// A softmax policy over three arms that draws its own samples and learns from them.
private struct Bandit {
    /// The rewards of the arms; objectives of right and wrong answers get 0, 0, 1.
    static let rewards: [Double] = [0, 0.4, 1]
    let objective: any Objective
    let entry: ObjectiveCatalog.Entry
    let samples = 16

    /// Settings under which the best arm is the optimum: no entropy bonus, no divergence from elsewhere.
    static let settings: [String: String] = [:]

    init(_ name: String) throws {
        entry = try ObjectiveCatalog.entry(name)
        objective = try PolicyVariants.objective(name, Self.settings[name] ?? "{}")
    }

    /// The probability of the best arm after so many steps, or as soon as it is 0.99.
    func learn(seed: Seed, steps: Int = 1500) throws -> Double {
        var generator = seed.generator
        let logits = try Tensor([0.0, 0.0, 0.0], shape: [1, 3])
        let heads = try Tensor([0.0], shape: [1, 1])
        try logits.requireGradient()
        try heads.requireGradient()
        let optimiser = try AdamW([logits, heads])
        let isBinary = objective.takes.scalars["reward"]?.isWhole == true
        for _ in 0..<steps {
            let spread = try logits.logSoftmax(1)
            let probabilities = try spread.detach().exp().doubles()
            if probabilities[2] >= 0.99 { return probabilities[2] }
            let arms: [Int] = (0..<samples).map { _ in
                let draw = generator.unit()
                return draw < probabilities[0] ? 0 : draw < probabilities[0] + probabilities[1] ? 1 : 2
            }
            let rewards = arms.map { isBinary ? ($0 == 2 ? 1 : 0) : Self.rewards[$0] }
            var advantages = entry.advantages(rewards, [String](repeating: "", count: samples))
            if entry.card.name == "remax" {
                // The credit's baseline: the reward of the greedy arm.
                let greedy = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
                advantages = rewards.map { $0 - Self.rewards[greedy] }
            }
            let picked = try spread.expand([samples, 3]).gather(1, try Tensor(arms.map(Int64.init), shape: [samples, 1]))
            let ones = try Tensor.full([samples, 1], 1, type: .float64)
            var reads: [Quantity: Tensor] = [:]
            for quantity in objective.reads {
                switch quantity {
                case .logProbs: reads[quantity] = picked
                case .head: reads[quantity] = try heads.expand([samples, 1])
                default: Issue.record("\(entry.card.name) reads \(quantity), which a bandit has not")
                }
            }
            var channels: [String: Tensor] = [:]
            for name in objective.takes.channels.keys { channels[name] = try ones * 0 }
            if channels["return"] != nil { channels["return"] = try Tensor(rewards, shape: [samples, 1]) }
            if channels["oldValue"] != nil { channels["oldValue"] = try heads.detach().expand([samples, 1]).clone() }
            #expect(objective.needs.isEmpty, "\(entry.card.name) asks for another model")
            let examples = zip(arms, rewards).map {
                Example(tokens: [0, TokenID($0)], isTrained: [false, true], scalars: ["reward": $1])
            }
            func inputs(_ totals: [String: Double]) throws -> LossInputs {
                LossInputs(
                    examples: examples, mask: ones, weights: ones, advantages: try Tensor(advantages, shape: [samples, 1]),
                    samplerLogProbs: try picked.detach(), channels: channels, reads: reads, totals: totals)
            }
            let loss = try objective.loss(try inputs(try objective.totals(of: try inputs([:]))))
            try optimiser.clearGradients()
            try loss.total.backward()
            try optimiser.step(indices: [0, 1], rate: 0.05, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0)
        }
        return try logits.softmax(1).detach().doubles()[2]
    }
}

@Suite("Policy gradients learn", .serialized)
struct PolicyBanditTests {
    /// Every objective of the catalogue that learns from advantages, or from right and wrong answers of its own sampler.
    static var objectives: [String] {
        get throws {
            try ObjectiveCatalog.entries().filter { entry in
                let takes = try entry.make(entry.defaults).takes
                return !takes.pairs && (takes.advantages || (takes.samplerLogProbs && takes.scalars["reward"] != nil))
            }.map(\.card.name)
        }
    }

    @Test("every policy gradient brings the best of three arms to p ≥ 0.99 for 10 of 10 seeds")
    func bandit() throws {
        let names = try Self.objectives
        #expect(names.count >= 10 && names.contains("ppo") && names.contains("cispo"))
        for name in names {
            let bandit = try Bandit(name)
            for seed in 0..<10 {
                let p = try bandit.learn(seed: Seed(UInt64(seed)))
                #expect(p >= 0.99, "\(name), seed \(seed): p = \(p)")
            }
        }
    }

    /// The gradient of RLOO by the logits, over answers drawn from p, or over all with their probabilities as weights.
    private func gradient(_ logits: [Double], arms: [Int], weights: [Double]?, perGroup: Int, rewards: [Double]) throws -> [Double] {
        let entry = try ObjectiveCatalog.entry("rloo")
        let objective = try entry.make(entry.defaults)
        let parameters = try Tensor(logits, shape: [1, 3])
        try parameters.requireGradient()
        let picked = try parameters.logSoftmax(1).expand([arms.count, 3])
            .gather(1, try Tensor(arms.map(Int64.init), shape: [arms.count, 1]))
        let ones = try Tensor.full([arms.count, 1], 1, type: .float64)
        let advantages = entry.advantages(arms.map { rewards[$0] }, arms.indices.map { "\($0 / perGroup)" })
        func inputs(_ totals: [String: Double]) throws -> LossInputs {
            LossInputs(
                examples: [], mask: ones, weights: try weights.map { try Tensor($0, shape: [arms.count, 1]) } ?? ones,
                advantages: try Tensor(advantages, shape: [arms.count, 1]), reads: [.logProbs: picked], totals: totals)
        }
        try objective.loss(try inputs(try objective.totals(of: try inputs([:])))).total.backward()
        return try parameters.gradient()?.doubles() ?? []
    }

    @Test("RLOO is unbiased: over all groups exactly, and by Monte Carlo within four standard errors")
    func unbiased() throws {
        let logits: [Double] = [0.3, -0.4, 0.9]
        let rewards: [Double] = [0.2, 1, -0.5]
        let exponentials = logits.map { exp($0) }
        let p = exponentials.map { $0 / exponentials.reduce(0, +) }
        let mean = zip(p, rewards).reduce(0) { $0 + $1.0 * $1.1 }
        // −∂E[r]/∂logits, as a loss is made small.
        let exact = zip(p, rewards).map { -$0 * ($1 - mean) }
        var arms: [Int] = []
        var weights: [Double] = []
        for outcome in 0..<27 {
            let group = [outcome % 3, outcome / 3 % 3, outcome / 9]
            arms += group
            weights += [Double](repeating: 27 * group.reduce(1) { $0 * p[$1] }, count: 3)
        }
        let full = try gradient(logits, arms: arms, weights: weights, perGroup: 3, rewards: rewards)
        #expect(zip(full, exact).allSatisfy { abs($0 - $1) < 1e-14 }, "\(full), not \(exact)")

        var generator = Seed(77).generator
        let drawn: [Int] = (0..<40_000).map { _ in
            let draw = generator.unit()
            return draw < p[0] ? 0 : draw < p[0] + p[1] ? 1 : 2
        }
        let sampled = try gradient(logits, arms: drawn, weights: nil, perGroup: 4, rewards: rewards)
        // Advantages stay within ±1.5 and scores within ±1: four standard errors are below 4·1.5/√10,000.
        #expect(zip(sampled, exact).allSatisfy { abs($0 - $1) < 0.03 }, "\(sampled), not \(exact)")
        // The group's own mean as baseline shrinks the gradient by (k−1)/k: what leaving out repairs.
        #expect(abs(exact[1]) / 4 > 0.03)
    }
}
