import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(1, abs(a), abs(b)) }

private func numbers(_ value: JSONValue?) -> [Double] {
    (value?.elements ?? []).flatMap { $0.elements?.compactMap(\.double) ?? [] }
}

private func answer(_ objective: String, _ line: String) throws -> JSONValue {
    try LossPort(objective).answerLoss(try JSONValue(parsing: line))
}

/// A case worked out by hand: a line, the loss, and the gradient by `logProbs` in row order.
private struct Hand: Sendable {
    var objective: String
    var line: String
    var loss: Double
    var gradient: [Double]

    init(_ objective: String, _ line: String, _ loss: Double, _ gradient: [Double]) {
        self.objective = objective
        self.line = line
        self.loss = loss
        self.gradient = gradient
    }
}

@Suite("Policy gradients by hand", .serialized)
struct PolicyHandTests {
    private static let plain: [Hand] = {
        let e = exp(1.0)
        return [
            // The greedy answer's reward is already off: −(1·(−1−2) + 0.5·(−4))/2.
            Hand("remax", #"{"logProbs": [[-1, -2], [-4]], "advantages": [1, 0.5], "mask": [[1, 1], [1]]}"#, 2.5, [-0.5, -0.5, -0.25]),
            // Rewards 1 and 0 around their mean ½.
            Hand("opo", #"{"logProbs": [[-1, -2], [-4]], "rewards": [1, 0], "mask": [[1, 1], [1]]}"#, -0.25, [-0.25, -0.25, 0.25]),
            // kl = ½·(0.2)² = 0.02 on both; β₁ + β₂ = 3 on the first attempt, 1 on the second.
            Hand(
                "score-stage1",
                #"{"logProbs": [[-1, -1]], "referenceLogProbs": [[-1.2, -1.2]], "advantages": [1], "mask": [[1, 1]], "scores": {"turn": [[0, 1]]}, "settings": {"beta": 1, "firstTurnBeta": 2}}"#,
                2 + 0.02 * 4, [-1 + 0.2 * 3, -1 + 0.2]),
            Hand(
                "score-stage2",
                #"{"logProbs": [[-1, -1]], "referenceLogProbs": [[-1.2, -1.2]], "advantages": [1], "mask": [[1, 1]], "settings": {"beta": 1}}"#,
                2 + 0.02 * 2, [-0.8, -0.8]),
            // Leave-one-out of 1, 0 is 1, −1; the entropy bonus of 0.1 takes 0.1·(2+4)/2 off; kl is ½·1 at the first.
            Hand(
                "t1",
                #"{"logProbs": [[-1], [-2]], "referenceLogProbs": [[-2], [-2]], "entropies": [[2], [4]], "rewards": [1, 0], "mask": [[1], [1]], "settings": {"entropyBonus": 0.1, "beta": 0.5}}"#,
                -(-1 + 2) / 2 - 0.3 + 0.5 * 0.5 / 2, [-0.5 + 0.25, 0.5]),
            // Σd = 0.5 − 0.2 = 0.3: −(2·0.3 − ½·0.09); gradient −(2 − 0.3) for both tokens.
            Hand(
                "kimi-mirror-descent",
                #"{"logProbs": [[-1, -1]], "samplerLogProbs": [[-1.5, -0.8]], "advantages": [2], "mask": [[1, 1]], "settings": {"tau": 1}}"#,
                -(0.6 - 0.045), [-1.7, -1.7]),
            // Own answer: ρ = e unclipped. Refinement: p = e⁻¹, p/(p+γ) = ½ at γ = e⁻¹, whose slope by log p is p γ/(p+γ)² = ¼.
            Hand(
                "critique-grpo",
                #"{"logProbs": [[-1], [-1]], "samplerLogProbs": [[-2], [-9]], "advantages": [1, 2], "mask": [[1], [1]], "scores": {"refinement": [[0], [1]]}, "settings": {"shaping": 0.36787944117144233, "entropyBonus": 0, "length": 1}}"#,
                -(e + 1) / 2, [-e / 2, -0.25]),
            // Fresh: −(1·1)/(1·2). Replayed successes count half, failures not at all: rows 2 and 3, of which one remains.
            Hand(
                "spear",
                #"{"logProbs": [[-1], [-1], [-1]], "samplerLogProbs": [[-1], [-1], [-1]], "advantages": [1, 3, -3], "mask": [[1], [1], [1]], "scores": {"replayed": [0, 1, 1]}, "settings": {"length": 2, "imitation": 0.5}}"#,
                -0.5 - 0.75, [-0.5, -0.75, 0]),
            // Covariances of (A, log π) = (±1, −1 ∓ 1): both −1, inside (−2, 0); one of the two is lost: each keeps half.
            Hand(
                "spear",
                #"{"logProbs": [[-2, 0]], "samplerLogProbs": [[-2, 0]], "advantages": [[1, -1]], "mask": [[1, 1]], "scores": {"replayed": [[0, 0]]}, "settings": {"length": 1, "covarianceLow": -2, "covarianceHigh": 0, "covarianceShare": 0.1}}"#,
                0, [-0.5, 0.5]),
            Hand(
                "spiral", #"{"logProbs": [[-1, -1]], "samplerLogProbs": [[-1, -2]], "advantages": [1], "mask": [[1, 1]], "settings": {"length": 4}}"#,
                -(1 + 1.2) / 4, [-0.25, 0]),
            // One right of two, r = ½, u = ½. Right: −½·log ρ = −½·½. Wrong: ρ = e⁻¹ ⇒ (1 − e⁻¹/2)/½ = 2 − e⁻¹, above 1.
            Hand(
                "nft",
                #"{"logProbs": [[-1], [-2]], "samplerLogProbs": [[-1.5], [-1]], "rewards": [1, 0], "mask": [[1], [1]], "settings": {"length": 1}}"#,
                -(0.5 * 0.5 + 0.5 * log(2 - 1 / e)) / 2, [-0.25, 0.25 / e / (2 - 1 / e)]),
            // Wrong with ρ = e: (1 − e/2)/½ = 2 − e < 1 is held at 1 (log 0), its gradient passes: u·e = ½e, over 2 rows.
            Hand(
                "nft",
                #"{"logProbs": [[-1], [-1]], "samplerLogProbs": [[-1], [-2]], "rewards": [1, 0], "mask": [[1], [1]], "settings": {"length": 1}}"#,
                0, [-0.25, e / 4]),
            // Without token weights: −1·½·(−1) on the right token, −½·ρ·(−½) with ρ = 1 on the wrong one.
            Hand(
                "oreal",
                #"{"logProbs": [[-1], [-2]], "samplerLogProbs": [[-1], [-2]], "rewards": [1, 0], "advantages": [0.5, -0.5], "mask": [[1], [1]], "settings": {"weighsTokens": false, "beta": 0}}"#,
                0.5 + 0.25, [-0.5, 0.25]),
            Hand(
                "ssr-zero",
                #"{"logProbs": [[-1], [-1]], "samplerLogProbs": [[-1], [-1]], "referenceLogProbs": [[-1], [-1]], "rewards": [1, 0], "mask": [[1], [1]]}"#,
                0, [-0.5, 0.5]),
            // ρ = e: e·1 − ½(e·1 − e + 1) with 1/t = ½; the gradient is e·A − ½·e.
            Hand(
                "mdpo",
                #"{"logProbs": [[-1]], "samplerLogProbs": [[-2]], "advantages": [1], "mask": [[1]], "settings": {"step": 2}}"#,
                -(e - 0.5), [-(e - e / 2)]),
            // The magnet is 2 below: α(2e − e + 1) more, whose gradient is α·2e.
            Hand(
                "magnetic-mirror-descent",
                #"{"logProbs": [[-1]], "samplerLogProbs": [[-2]], "referenceLogProbs": [[-3]], "advantages": [1], "mask": [[1]], "settings": {"step": 2, "alpha": 0.1}}"#,
                -(e - 0.5) + 0.1 * (e + 1), [-(e / 2) + 0.2 * e]),
            // Ã = 1 − 0.5·(1 + 1) = 0 at the first token and 0.5 at the second; weights of e and e⁻¹ are 1 and e⁻¹.
            Hand(
                "r-nad",
                #"{"logProbs": [[-1, -3]], "samplerLogProbs": [[-2, -2]], "referenceLogProbs": [[-3, -3]], "advantages": [1], "mask": [[1, 1]], "settings": {"eta": 0.5}}"#,
                1.5 / e, [0, -0.5 / e]),
            // e^{0}, and e² held at 5.
            Hand(
                "awr",
                #"{"logProbs": [[-1], [-2]], "advantages": [0, 2], "mask": [[1], [1]], "settings": {"largestWeight": 5}}"#, (1 + 10) / 2.0,
                [-0.5, -2.5]),
        ]
    }()

    @Test("each loss and its gradient through the loss port")
    func hands() throws {
        for item in Self.plain {
            let result = try answer(item.objective, item.line)
            let loss = try #require(result["loss"]?.double)
            #expect(isClose(loss, item.loss), "\(item.objective): \(loss), not \(item.loss)")
            let found = numbers(result["gradient"])
            #expect(
                found.count == item.gradient.count && zip(found, item.gradient).allSatisfy(isClose),
                "\(item.objective): \(found), not \(item.gradient)")
        }
    }

    @Test("OREAL's head learns from outcomes and weighs the policy's tokens without being moved by them")
    func oreal() throws {
        // Scores 2 then 0: means 2 and 1 up to each token; the row's mean 1 is fitted to “right”.
        let line = #"{"logProbs": [[-1, -1]], "samplerLogProbs": [[-1, -1]], "rewards": [1], "advantages": [1], "mask": [[1, 1]], "scores": {"credit": [[2, 0]]}, "settings": {"beta": 0}}"#
        let result = try answer("oreal", line)
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        let weights = [2 * sigmoid(2) - 1, 2 * sigmoid(1) - 1]
        #expect(zip(numbers(result["gradient"]), weights.map { -$0 / 2 }).allSatisfy(isClose))
        let slope = (sigmoid(1) - 1) / 2
        let scored = numbers(result["gradients"]?["credit"])
        #expect(scored.count == 2 && scored.allSatisfy { isClose($0, slope) })
        let loss = try #require(result["loss"]?.double)
        #expect(isClose(loss, (weights[0] + weights[1]) / 2 + log(1 + exp(-1.0))))
        // A head that says “right” leaves a wrong answer alone.
        let wrong = try answer("oreal", line.replacing(#""rewards": [1], "advantages": [1]"#, with: #""rewards": [0], "advantages": [-1]"#))
        #expect(numbers(wrong["gradient"]) == [0, 0])
    }

    @Test("NFT learns nothing from groups that are all right or all wrong, and takes r from rows that are trained")
    func nftGroups() throws {
        let line = #"{"logProbs": [[-1], [-1], [-1], [-1], [-1]], "samplerLogProbs": [[-1], [-1], [-1], [-1], [-1]], "rewards": [1, 1, 0, 1, 0], "groups": ["a", "a", "b", "b", "b"], "mask": [[1], [1], [1], [1], [0]], "settings": {"length": 1, "weighting": "equal"}}"#
        let result = try answer("nft", line)
        // Group b has one right of two trained rows: −log ρ and, at ρ = 1, +r/(1−r) = 1; over four filled rows.
        #expect(numbers(result["gradient"]) == [0, 0, 0.25, -0.25, 0])
        #expect(result["metrics"]?["rate"]?.double == 0.5)
    }

    @Test("what an objective takes and was not given is refused by its name")
    func missing() throws {
        let cases: [(String, String, String)] = [
            ("ppo", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "advantages": [1], "mask": [[1]], "scores": {"values": [[0]], "oldValues": [[0]]}}"#, "returns"),
            ("ppo", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "advantages": [1], "mask": [[1]]}"#, "scores.values"),
            ("spear", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "advantages": [1], "mask": [[1]]}"#, "replayed"),
            ("critique-grpo", #"{"logProbs": [[-1]], "entropies": [[0]], "samplerLogProbs": [[-1]], "advantages": [1], "mask": [[1]]}"#, "refinement"),
            ("score-stage1", #"{"logProbs": [[-1]], "referenceLogProbs": [[-1]], "advantages": [1], "mask": [[1]]}"#, "turn"),
            ("score-stage2", #"{"logProbs": [[-1]], "advantages": [1], "mask": [[1]]}"#, "reference"),
            ("nft", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "mask": [[1]]}"#, "rewards"),
            ("oreal", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "advantages": [1], "rewards": [1], "mask": [[1]]}"#, "scores.credit"),
            ("kimi-mirror-descent", #"{"logProbs": [[-1]], "advantages": [1], "mask": [[1]]}"#, "sampler"),
            ("t1", #"{"logProbs": [[-1]], "advantages": [1], "mask": [[1]]}"#, "entropies"),
        ]
        for (objective, line, part) in cases {
            do {
                let result = try answer(objective, line)
                Issue.record("\(objective) answered \(result.canonical)")
            } catch {
                #expect("\(error)".contains(part), "\(objective): \(error)")
            }
        }
    }
}
