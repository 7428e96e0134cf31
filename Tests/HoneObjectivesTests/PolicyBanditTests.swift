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
    static let settings: [String: String] = [
        "awr": #"{"temperature": 0.2}"#, "critique-grpo": #"{"entropyBonus": 0}"#, "magnetic-mirror-descent": #"{"alpha": 0}"#,
        "oreal": #"{"weighsTokens": false, "beta": 0}"#, "r-nad": #"{"eta": 0}"#,
        "score-stage1": #"{"beta": 0, "firstTurnBeta": 0}"#, "score-stage2": #"{"beta": 0}"#, "ssr-zero": #"{"beta": 0}"#,
        "t1": #"{"entropyBonus": 0, "beta": 0}"#,
    ]

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
        let optimiser = AdamW([logits, heads])
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
            if channels["returns"] != nil { channels["returns"] = try Tensor(rewards, shape: [samples, 1]) }
            if channels["oldValues"] != nil { channels["oldValues"] = try heads.detach().expand([samples, 1]).clone() }
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
            try optimiser.step(indices: [0, 1], rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0)
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
        #expect(names.count >= 26 && names.contains("ppo") && names.contains("cispo"))
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

    /// The probabilities that an objective leads to from the sampler's, with every arm counted by its probability under the
    /// sampler; the sampler follows the policy where it is refreshed.
    private func limit(
        _ name: String, _ settings: String, from start: [Double], reference: [Double], values: [Double], refresh: Bool, steps: Int
    ) throws -> [Double] {
        let objective = try PolicyVariants.objective(name, settings)
        let logits = try Tensor(start.map { log($0) }, shape: [1, 3])
        try logits.requireGradient()
        let optimiser = AdamW([logits])
        var sampler = start
        for step in 0..<steps {
            let spread = try logits.logSoftmax(1)
            if refresh { sampler = try spread.detach().exp().doubles() }
            func column(_ values: [Double]) throws -> Tensor { try Tensor(values, shape: [3, 1]) }
            var scores: [Score: Tensor] = [:]
            for need in objective.needs { scores[need] = try column(reference.map { log($0) }) }
            func inputs(_ totals: [String: Double]) throws -> LossInputs {
                LossInputs(
                    examples: [], mask: try column([1, 1, 1]), weights: try column(sampler.map { 3 * $0 }), advantages: try column(values),
                    samplerLogProbs: try column(sampler.map { log($0) }), scores: scores, reads: [.logProbs: try spread.reshape([3, 1])],
                    totals: totals)
            }
            try optimiser.clearGradients()
            try objective.loss(try inputs(try objective.totals(of: try inputs([:])))).total.backward()
            let rate = step < steps / 2 ? 0.02 : 0.001
            try optimiser.step(indices: [0], rate: rate, beta1: 0.9, beta2: 0.99, epsilon: 1e-12, weightDecay: 0)
        }
        return try logits.softmax(1).detach().doubles()
    }

    private func normalised(_ values: [Double]) -> [Double] { values.map { $0 / values.reduce(0, +) } }

    @Test("mirror descent ends at its closed form: one step of MDPO and of magnetic mirror descent, and the fixed points towards a magnet")
    func closedForms() throws {
        let start: [Double] = [0.5, 0.3, 0.2]
        let magnet: [Double] = [0.2, 0.3, 0.5]
        let values: [Double] = [-0.4, 0.3, 0.5]
        func isNear(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 2e-4 } }
        // MDPO with t = 2 from a sampler that stays: π ∝ π_sampler e^{2A}.
        let step = try limit("mdpo", #"{"step": 2}"#, from: start, reference: [], values: values, refresh: false, steps: 1200)
        let expected = normalised(zip(start, values).map { $0 * exp(2 * $1) })
        #expect(isNear(step, expected), "\(step), not \(expected)")
        // Magnetic with α = 0.5, η = 2: (π_sampler · magnet · e^{2A})^{1/2}.
        let drawn = try limit(
            "magnetic-mirror-descent", #"{"step": 2, "alpha": 0.5}"#, from: start, reference: magnet, values: values, refresh: false, steps: 1200)
        let mixed = normalised(zip(zip(start, magnet), values).map { ($0.0 * $0.1 * exp(2 * $1)).squareRoot() })
        #expect(isNear(drawn, mixed), "\(drawn), not \(mixed)")
        // With the sampler following, both end at magnet · e^{A/α}, which is also R-NaD's with η = α.
        let equilibrium = normalised(zip(magnet, values).map { $0 * exp($1 / 0.5) })
        let magnetic = try limit(
            "magnetic-mirror-descent", #"{"step": 2, "alpha": 0.5}"#, from: start, reference: magnet, values: values, refresh: true, steps: 2000)
        #expect(isNear(magnetic, equilibrium), "\(magnetic), not \(equilibrium)")
        let regularised = try limit("r-nad", #"{"eta": 0.5}"#, from: start, reference: magnet, values: values, refresh: true, steps: 2000)
        #expect(isNear(regularised, equilibrium), "\(regularised), not \(equilibrium)")
    }

    @Test("penalties with the divergence's own gradient end at reference · e^{A/β}: k2 in the loss, KL in the return")
    func penalties() throws {
        let reference: [Double] = [0.2, 0.3, 0.5]
        let values: [Double] = [0.4, -0.1, -0.2]
        let expected = normalised(zip(reference, values).map { $0 * exp($1 / 0.4) })
        for (name, settings) in [
            ("rloo", #"{"beta": 0.4}"#), ("score-stage2", #"{"beta": 0.4}"#), ("t1", #"{"beta": 0.4, "entropyBonus": 0}"#),
            ("grpo", #"{"beta": 0.4, "estimator": "k2"}"#), ("reinforce++", #"{"beta": 0.4, "whitens": false}"#),
        ] {
            let found = try limit(name, settings, from: [0.6, 0.2, 0.2], reference: reference, values: values, refresh: true, steps: 1500)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 2e-4 }, "\(name): \(found), not \(expected)")
        }
    }

    @Test("AWR imitates in proportion to e^{A/β}: its limit from a fixed sampler is π_sampler e^{A/β}")
    func regression() throws {
        let start: [Double] = [0.5, 0.3, 0.2]
        let found = try limit("awr", #"{"temperature": 0.5}"#, from: start, reference: [], values: [-0.4, 0.3, 0.5], refresh: false, steps: 1200)
        let expected = normalised(zip(start, [-0.4, 0.3, 0.5]).map { $0 * exp($1 / 0.5) })
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 2e-4 }, "\(found), not \(expected)")
    }
}
