import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

/// Inputs of two rows and three columns in double precision, and the log-probabilities that loss is differentiated by.
private struct Fixed {
    var logProbs: [Double] = [-1, -2, -0.5, -3, -0.1, -7]
    var sampler: [Double]? = [-1, -1.5, -0.5, -2, -0.1, 0]
    var reference: [Double]? = [-1.2, -2, -0.4, -3, -1, 0]
    var advantages: [Double]? = [1, 1, 1, -0.5, -0.5, 0]
    var mask: [Double] = [1, 1, 1, 1, 1, 0]
    var weights: [Double] = [1, 1, 1, 1, 1, 0]
    var entropies: [Double]? = nil

    func result(of objective: any Objective) throws -> (loss: Loss, gradient: [Double], entropyGradient: [Double]) {
        func tensor(_ values: [Double]) throws -> Tensor { try Tensor(values, shape: [2, 3]) }
        let live = try tensor(logProbs)
        try live.requireGradient()
        var reads: [Quantity: Tensor] = [.logProbs: live]
        if let entropies {
            let tensor = try tensor(entropies)
            try tensor.requireGradient()
            reads[.entropies] = tensor
        }
        var scores: [Score: Tensor] = [:]
        for need in objective.needs { scores[need] = try reference.map(tensor) }
        func inputs(_ totals: [String: Double]) throws -> LossInputs {
            LossInputs(
                examples: [], mask: try tensor(mask), weights: try tensor(weights), advantages: try advantages.map(tensor),
                samplerLogProbs: try sampler.map(tensor), scores: scores, reads: reads, totals: totals)
        }
        let loss = try objective.loss(try inputs(try objective.totals(of: try inputs([:]))))
        try loss.total.backward()
        return (loss, try live.gradient()?.doubles() ?? [], try reads[.entropies]?.gradient()?.doubles() ?? [])
    }
}

private func isClose(_ a: [Double], _ b: [Double]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 } }

@Suite("Formulas", .serialized)
struct FormulaTests {
    @Test("the three normalisers of GRPO divide by what they say")
    func normalisers() throws {
        // On policy with advantage 1 everywhere each trained token adds 1.
        var fixed = Fixed()
        fixed.sampler = fixed.logProbs
        fixed.advantages = [1, 1, 1, 1, 1, 1]
        var settings = GroupPolicyGradient.Settings()
        func gradient(_ normaliser: GroupPolicyGradient.Normaliser) throws -> [Double] {
            settings.normaliser = normaliser
            settings.length = 10
            return try fixed.result(of: GroupPolicyGradient(settings)).gradient
        }
        let (six, four) = (-1.0 / 6, -1.0 / 4)
        #expect(isClose(try gradient(.sequenceMean), [six, six, six, four, four, 0]))
        #expect(isClose(try gradient(.tokenMean), [-0.2, -0.2, -0.2, -0.2, -0.2, 0]))
        #expect(isClose(try gradient(.constant), [-0.05, -0.05, -0.05, -0.05, -0.05, 0]))
    }

    @Test("the KL penalty is 0 with gradient 0 where the policy equals its reference, and positive elsewhere")
    func penalty() throws {
        var settings = GroupPolicyGradient.Settings()
        settings.beta = 2
        var fixed = Fixed()
        fixed.advantages = [0, 0, 0, 0, 0, 0]
        let away = try fixed.result(of: GroupPolicyGradient(settings))
        #expect(try #require(away.loss.metrics["kl"]).mean > 0)
        #expect(try away.loss.total.item() > 0)
        #expect(away.gradient[1] == 0 && away.gradient[0] != 0 && away.gradient[5] == 0)
        fixed.reference = fixed.logProbs
        let same = try fixed.result(of: GroupPolicyGradient(settings))
        #expect(try same.loss.total.item() == 0)
        #expect(same.gradient.allSatisfy { $0 == 0 })
    }

    @Test("without a penalty no reference is asked for; with one it is, by name")
    func needs() throws {
        var settings = GroupPolicyGradient.Settings()
        #expect(GroupPolicyGradient(settings).needs.isEmpty)
        settings.beta = 0.1
        settings.reference = ModelRef("anchor")
        #expect(GroupPolicyGradient(settings).needs == [Score(.logProbs, by: "anchor")])
    }

    @Test("the clip is asymmetric when set so")
    func decoupledClip() throws {
        var settings = GroupPolicyGradient.Settings()
        settings.clipHigh = 0.28
        var fixed = Fixed()
        // Ratios of e^0.26 ≈ 1.297 and e^0.24 ≈ 1.271: only the first is above 1.28.
        fixed.sampler = [-1.26, -2.24, -0.5, -3, -0.1, 0]
        fixed.advantages = [1, 1, 1, 1, 1, 1]
        let result = try fixed.result(of: GroupPolicyGradient(settings))
        #expect(result.gradient[0] == 0 && result.gradient[1] < 0)
        #expect(try #require(result.loss.metrics["clipFraction"]) == Tally(sum: 1, count: 5))
    }

    @Test("the entropy bonus raises entropies, by its factor over the rows")
    func bonus() throws {
        var settings = Reinforce.Settings()
        settings.entropyBonus = 0.1
        var fixed = Fixed()
        fixed.entropies = [1, 2, 3, 4, 5, 100]
        let result = try fixed.result(of: Reinforce(settings))
        #expect(isClose(result.entropyGradient, [-0.05, -0.05, -0.05, -0.05, -0.05, 0]))
        #expect(isClose(result.gradient, [-0.5, -0.5, -0.5, 0.25, 0.25, 0]))
        #expect(result.loss.metrics["entropy"] == Tally(sum: 15, count: 5))
        #expect(Reinforce().reads == [.logProbs] && Reinforce(settings).reads == [.logProbs, .entropies])
    }

    @Test("token weights scale each token's part")
    func weights() throws {
        var fixed = Fixed()
        fixed.weights = [2, 0, 1, 1, 0, 0]
        #expect(isClose(try fixed.result(of: CrossEntropy()).gradient, [-0.5, 0, -0.25, -0.25, 0, 0]))
        #expect(isClose(try fixed.result(of: Reinforce()).gradient, [-1, 0, -0.5, 0.25, 0, 0]))
    }

    @Test("what an objective needs and was not given is refused by name")
    func missing() {
        var fixed = Fixed()
        fixed.sampler = nil
        #expect(throws: ObjectiveError("The objective needs sampler's log-probabilities, which were not given")) {
            _ = try fixed.result(of: GroupPolicyGradient())
        }
        fixed.advantages = nil
        #expect(throws: ObjectiveError("The objective needs advantages, which were not given")) {
            _ = try fixed.result(of: Reinforce())
        }
    }

    @Test("settings survive JSON, and any number may be given where the default happens to be whole")
    func settings() throws {
        let entry = try ObjectiveCatalog.entry("grpo")
        let overlay = SettingsOverlay(defaults: entry.defaults)
        let given = [SettingsOverlay.Entry(path: ["beta"], value: .number(0.04), place: "test")]
        let objective = try #require(try entry.make(try overlay.resolve(given)) as? GroupPolicyGradient)
        #expect(objective.settings.beta == 0.04 && objective.settings.clipLow == 0.2)
        #expect(objective.settings.reference == ModelRef("policy", snapshot: "base"))
    }
}
