import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

/// Two answers, of two tokens and of one, with everything policy gradients ask for; formulas are written out beside it.
private struct Batch {
    /// log π, log π of the sampler, of the reference; entropies; advantages per token; all in the order of tokens.
    static let l: [Double] = [-1, -2, -0.5]
    static let s: [Double] = [-1.3, -1.8, -1]
    static let r: [Double] = [-1.1, -2.4, -0.4]
    static let h: [Double] = [0.5, 1, 0.2]
    static let a: [Double] = [1, 1, -2]
    /// e^0.3, e^−0.2 and e^0.5.
    static let ratios: [Double] = zip(l, s).map { exp($0 - $1) }

    static func rows(_ v: [Double]) -> String { "[[\(v[0]), \(v[1])], [\(v[2])]]" }

    static func line(_ settings: String = "{}", scores: String = #""turn": [0, 1]"#, more: String = "") -> String {
        #"{"logProbs": \#(rows(l)), "samplerLogProbs": \#(rows(s)), "referenceLogProbs": \#(rows(r)), "entropies": \#(rows(h)), "advantages": [1, -2], "mask": [[1, 1], [1]], "settings": \#(settings), "scores": {\#(scores)}\#(more)}"#
    }

    static func answer(_ name: String, _ settings: String = "{}", scores: String = #""turn": [0, 1]"#, more: String = "") throws -> (
        loss: Double, gradient: [Double], metrics: JSONValue
    ) {
        let answer = try portAnswer(name, line(settings, scores: scores, more: more))
        return (answer["loss"]?.double ?? .nan, flatNumbers(answer["gradient"]), answer["metrics"] ?? .null)
    }

    /// The four ways in which terms of the tokens become a loss to be made small.
    static func reduced(_ terms: [Double], _ normaliser: String, length: Double) -> Double {
        switch normaliser {
        case "sequenceMean": -((terms[0] + terms[1]) / 2 + terms[2]) / 2
        case "tokenMean": -(terms[0] + terms[1] + terms[2]) / 3
        case "constant": -(terms[0] + terms[1] + terms[2]) / (2 * length)
        default: -(terms[0] + terms[1] + terms[2]) / 2
        }
    }
}

private func clipped(_ ratio: Double, _ low: Double, _ high: Double) -> Double { min(max(ratio, 1 - low), 1 + high) }

/// Estimates of the divergence from the reference at each token.
private func divergences(_ estimator: String) -> [Double] {
    zip(Batch.l, Batch.r).map { l, r in
        let d = l - r
        return estimator == "k1" ? d : estimator == "k2" ? d * d / 2 : exp(-d) + d - 1
    }
}

@Suite("Settings of policy gradients", .serialized)
struct PolicySettingTests {
    @Test("normalisers divide the same terms: by rows and lengths, by tokens, by a constant, by rows", arguments: PolicyNormaliser.allCases)
    func normalisers(_ normaliser: PolicyNormaliser) throws {
        let (l, a, ratios) = (Batch.l, Batch.a, Batch.ratios)
        let gaps = zip(Batch.l, Batch.s).map { $0 - $1 }
        let surrogate = (0..<3).map { min(ratios[$0] * a[$0], clipped(ratios[$0], 0.2, 0.2) * a[$0]) }
        let proximity = (0..<3).map { ratios[$0] * gaps[$0] - ratios[$0] + 1 }
        let magnet = (0..<3).map { ratios[$0] * (l[$0] - Batch.r[$0]) - ratios[$0] + 1 }
        // Rewards to go of −η (s − r): −0.5·(−0.2 + 0.6), −0.5·0.6, −0.5·(−0.6).
        let shaped = [1 - 0.5 * 0.4, 1 - 0.5 * 0.6, -2 + 0.5 * 0.6]
        let cases: [(String, String, [Double])] = [
            ("grpo", "", surrogate), ("ppo", #""valueFactor": 0, "#, surrogate), ("dual-clip", "", surrogate),
            ("reinforce++", #""whitens": false, "#, surrogate),
            ("mdpo", #""step": 2, "#, (0..<3).map { ratios[$0] * a[$0] - proximity[$0] / 2 }),
            (
                "magnetic-mirror-descent", #""step": 4, "alpha": 0.3, "#,
                (0..<3).map { ratios[$0] * a[$0] - proximity[$0] / 4 - 0.3 * magnet[$0] }
            ),
            ("r-nad", #""eta": 0.5, "largestWeight": 1.4, "#, (0..<3).map { min(ratios[$0], 1.4) * shaped[$0] * l[$0] }),
            ("awr", #""temperature": 2, "largestWeight": 1.5, "#, (0..<3).map { min(exp(a[$0] / 2), 1.5) * l[$0] }),
        ]
        for (name, settings, terms) in cases {
            let found = try Batch.answer(name, #"{\#(settings)"normaliser": "\#(normaliser)", "length": 7}"#)
            let expected = Batch.reduced(terms, "\(normaliser)", length: 7)
            #expect(areClose([found.loss], [expected]), "\(name): \(found.loss), not \(expected)")
        }
    }

    @Test("penalties charge β times the chosen estimate, divided as the objective divides", arguments: KLEstimator.allCases)
    func penalties(_ estimator: KLEstimator) throws {
        let kl = divergences("\(estimator)")
        let cases: [(String, String, String)] = [
            ("grpo", "", "sequenceMean"), ("ppo", #""valueFactor": 0, "#, "tokenMean"), ("rloo", "", "rowSum"), ("remax", "", "rowSum"),
            ("score-stage2", "", "rowSum"), ("score-stage1", #""firstTurnBeta": 0, "#, "rowSum"), ("t1", #""entropyBonus": 0, "#, "tokenMean"),
        ]
        for (name, settings, normaliser) in cases {
            let plain = try Batch.answer(name, #"{\#(settings)"beta": 0, "estimator": "\#(estimator)"}"#)
            let charged = try Batch.answer(name, #"{\#(settings)"beta": 0.7, "estimator": "\#(estimator)"}"#)
            let expected = plain.loss + Batch.reduced(kl.map { -0.7 * $0 }, normaliser, length: 1)
            #expect(areClose([charged.loss], [expected]), "\(name): \(charged.loss), not \(expected)")
            #expect(areClose([charged.metrics["kl"]?.double ?? .nan], [kl.reduce(0, +) / 3]) && plain.metrics["kl"] == nil, "\(name)")
        }
        // OREAL divides its penalty by all tokens.
        let outcomes = #", "rewards": [1, 0]"#
        let still = try Batch.answer("oreal", #"{"beta": 0, "weighsTokens": false}"#, more: outcomes)
        let held = try Batch.answer("oreal", #"{"beta": 0.7, "estimator": "\#(estimator)", "weighsTokens": false}"#, more: outcomes)
        #expect(areClose([held.loss - still.loss], [0.7 * kl.reduce(0, +) / 3]))
    }

    @Test("SCoRe's first stage charges β₁ + β₂ where the turn is 0 and β₁ elsewhere")
    func firstTurn() throws {
        let kl = divergences("k2")
        let plain = try Batch.answer("score-stage1", #"{"beta": 0, "firstTurnBeta": 0}"#)
        let found = try Batch.answer("score-stage1", #"{"beta": 0.25, "firstTurnBeta": 2}"#)
        #expect(areClose([found.loss - plain.loss], [(2.25 * (kl[0] + kl[1]) + 0.25 * kl[2]) / 2]))
        let swapped = try Batch.answer("score-stage1", #"{"beta": 0.25, "firstTurnBeta": 2}"#, scores: #""turn": [1, 0]"#)
        #expect(areClose([swapped.loss - plain.loss], [(0.25 * (kl[0] + kl[1]) + 2.25 * kl[2]) / 2]))
    }

    @Test("a factor of 0 asks for no reference, no entropies and no head")
    func switchedOff() throws {
        let off: [(String, [String: Setting])] = [
            ("grpo", ["beta": 0]), ("ppo", ["beta": 0, "valueFactor": 0, "entropyBonus": 0]), ("rloo", ["beta": 0]), ("remax", ["beta": 0]),
            ("reinforce++", ["beta": 0]), ("t1", ["beta": 0, "entropyBonus": 0]), ("score-stage2", ["beta": 0]), ("ssr-zero", ["beta": 0]),
            ("oreal", ["beta": 0, "weighsTokens": false]), ("critique-grpo", ["entropyBonus": 0]), ("r-nad", ["eta": 0]),
            ("magnetic-mirror-descent", ["alpha": 0]), ("score-stage1", ["beta": 0, "firstTurnBeta": 0]),
        ]
        for (name, settings) in off {
            let objective = try preference(name, settings)
            #expect(objective.needs.isEmpty && objective.heads.isEmpty && objective.reads == [.logProbs], "\(name)")
        }
        let on: [(String, [String: Setting], Quantity)] = [
            ("ppo", ["entropyBonus": 0.1], .entropies), ("ppo", ["valueFactor": 0.1], .head("value")), ("oreal", [:], .head("credit")),
            ("reinforce", ["entropyBonus": 0.1], .entropies), ("t1", [:], .entropies),
        ]
        for (name, settings, quantity) in on { #expect(try preference(name, settings).reads.contains(quantity), "\(name)") }
        #expect(try preference("ppo", ["valueClip": 0]).takes.channels.keys.sorted() == ["returns"])
        #expect(try preference("ppo").takes.channels.keys.sorted() == ["oldValues", "returns"])
        #expect(try preference("rloo", ["clip": 0.1]).takes.samplerLogProbs && !preference("rloo").takes.samplerLogProbs)
        #expect(try preference("score-stage1").takes.channels.keys.sorted() == ["turn"] && preference("score-stage1", ["firstTurnBeta": 0]).takes.channels.isEmpty)
    }

    @Test("the entropy bonus takes η H off the loss, divided as the objective divides")
    func entropy() throws {
        let cases: [(String, String, String)] = [
            ("reinforce", "", "rowSum"), ("ppo", #""valueFactor": 0, "#, "tokenMean"), ("t1", #""beta": 0, "#, "tokenMean"),
            ("critique-grpo", #""length": 5, "#, "constant"),
        ]
        for (name, settings, normaliser) in cases {
            let scores = #""refinement": [0, 0]"#
            let plain = try Batch.answer(name, #"{\#(settings)"entropyBonus": 0}"#, scores: scores)
            let found = try Batch.answer(name, #"{\#(settings)"entropyBonus": 0.4}"#, scores: scores)
            #expect(areClose([found.loss - plain.loss], [Batch.reduced(Batch.h.map { 0.4 * $0 }, normaliser, length: 5)]), "\(name)")
            #expect(areClose([found.metrics["entropy"]?.double ?? .nan], [1.7 / 3]) && areClose(found.gradient, plain.gradient), "\(name)")
        }
    }

    @Test("a clip as wide as the ratios changes nothing; one of 0 leaves only what pulls back to the sampler")
    func clipEnds() throws {
        let unclipped = Batch.reduced((0..<3).map { Batch.ratios[$0] * Batch.a[$0] }, "tokenMean", length: 1)
        for (name, wide) in [
            ("dapo", #"{"clipLow": 1, "clipHigh": 9}"#), ("grpo", #"{"clipLow": 1, "clipHigh": 9, "normaliser": "tokenMean"}"#),
            ("ppo", #"{"clipLow": 1, "clipHigh": 9, "valueFactor": 0}"#), ("dual-clip", #"{"clipLow": 1, "clipHigh": 9, "floor": 9}"#),
            ("mdpo", #"{"step": 1e15}"#), ("reinforce++", #"{"clip": 9, "whitens": false}"#),
        ] {
            let found = try Batch.answer(name, wide)
            #expect(areClose([found.loss], [unclipped], 1e-9) && (found.metrics["clipFraction"]?.double ?? 0) == 0, "\(name)")
        }
        for (name, none) in [
            ("dapo", #"{"clipLow": 0, "clipHigh": 0}"#), ("grpo", #"{"clipLow": 0, "clipHigh": 0}"#), ("dr-grpo", #"{"clip": 0}"#), ("spiral", #"{"clip": 0}"#),
        ] {
            // ρ > 1 with A > 0 is clipped; ρ < 1 with A > 0 and ρ > 1 with A < 0 go back towards 1.
            let found = try Batch.answer(name, none)
            #expect(found.gradient[0] == 0 && found.gradient[1] < 0 && found.gradient[2] > 0, "\(name): \(found.gradient)")
            #expect(areClose([found.metrics["clipFraction"]?.double ?? .nan], [1.0 / 3]), "\(name)")
        }
    }

    @Test("lower and upper clips are those of their own side: (1 − εₗ) binds bad tokens that became rarer, (1 + εₕ) good ones that became likelier")
    func clipSides() throws {
        // Ratios 0.5 and 2, once with A = 1 and once with A = −1.
        let half = -log(2.0)
        func gradient(_ name: String, _ settings: String, advantage: Int) throws -> [Double] {
            let line = #"{"logProbs": [[\#(half), 0]], "samplerLogProbs": [[0, \#(half)]], "advantages": [\#(advantage)], "mask": [[1, 1]], "settings": \#(settings)}"#
            return flatNumbers(try portAnswer(name, line)["gradient"])
        }
        for name in ["grpo", "dapo", "dual-clip"] {
            let (low, high) = (#"{"clipLow": 0.6, "clipHigh": 0.1}"#, #"{"clipLow": 0.1, "clipHigh": 1.5}"#)
            #expect(try areClose(gradient(name, low, advantage: 1), [-0.25, 0]) && areClose(gradient(name, low, advantage: -1), [0.25, 1]), "\(name)")
            #expect(try areClose(gradient(name, high, advantage: 1), [-0.25, -1]) && areClose(gradient(name, high, advantage: -1), [0, 1]), "\(name)")
        }
        // CISPO clips weights, whatever the sign of the advantage: min(max(ρ, 1 − εₗ), 1 + εₕ).
        let cispo = #"{"clipLow": 0.1, "clipHigh": 0.5}"#
        #expect(try areClose(gradient("cispo", cispo, advantage: 1), [-0.45, -0.75]) && areClose(gradient("cispo", cispo, advantage: -1), [0.45, 0.75]))
        // Dual clip: ρ = 2 with A = −1 is beyond a floor of 1.5: the value is −1.5 and has no gradient.
        #expect(areClose(try gradient("dual-clip", #"{"floor": 1.5}"#, advantage: -1), [0, 0]))
        #expect(areClose(try gradient("dual-clip", #"{"floor": 2.5}"#, advantage: -1), [0, 1]))
    }

    @Test("GSPO: one ratio e^(mean of log-ratios) per answer; per token each keeps its own advantage's gradient")
    func sequences() throws {
        // Mean log-ratios 0.05 and 0.5.
        let (s1, s2) = (exp(0.05), exp(0.5))
        let wide = #"{"clipLow": 1, "clipHigh": 1, "perToken": PER}"#
        let whole = try Batch.answer("gspo", wide.replacing("PER", with: "false"))
        #expect(areClose([whole.loss], [-(s1 - 2 * s2) / 2]) && areClose(whole.gradient, [-s1 / 4, -s1 / 4, s2]))
        let line = #"{"logProbs": [[-1, -2]], "samplerLogProbs": [[-1.3, -1.8]], "advantages": [[3, -1]], "mask": [[1, 1]], "settings": \#(wide.replacing("PER", with: "true"))}"#
        let perToken = try portAnswer("gspo", line)
        #expect(areClose(flatNumbers(perToken["gradient"]), [-3 * s1 / 2, s1 / 2]))
        // Without `perToken` both share the gradient of the mean advantage, 1.
        let shared = try portAnswer("gspo", line.replacing(#""perToken": true"#, with: #""perToken": false"#))
        #expect(areClose(flatNumbers(shared["gradient"]), [-s1 / 2, -s1 / 2]))
        #expect(areClose([perToken["loss"]?.double ?? .nan], [shared["loss"]?.double ?? 0]))
    }

    @Test("REINFORCE++ whitens by the batch's tokens: mean 0, so A = (1, 1, −2) is divided by √2")
    func whitening() throws {
        let found = try Batch.answer("reinforce++", #"{"clip": 9}"#)
        let scale = 1 / (2.0).squareRoot()
        #expect(areClose(found.gradient, (0..<3).map { -Batch.ratios[$0] * Batch.a[$0] * scale / 3 }))
        // With β the penalty to go comes off before: A − β (0.4, 0.6 | −0.6).
        let raw = [1 - 0.4, 1 - 0.6, -2 + 0.6]
        let mean = raw.reduce(0, +) / 3
        let deviation = (raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
        let charged = try Batch.answer("reinforce++", #"{"clip": 9, "beta": 1}"#)
        #expect(areClose(charged.gradient, (0..<3).map { -Batch.ratios[$0] * (raw[$0] - mean) / deviation / 3 }))
    }

    @Test("PPO's value loss: c₁ ½ max of plain and held squared error, ε_V = 0 holds nothing")
    func valueLoss() throws {
        let scores = #""values": [[1, 2], [0]], "oldValues": [[0.5, 2], [1]], "returns": [[2, 1], [0.5]]"#
        // Plain errors 1, 1, ¼; held at 0.2: values 0.7, 2, 0.8, errors 1.69, 1, 0.09.
        let policy = try Batch.answer("ppo", #"{"valueFactor": 0}"#)
        let held = try Batch.answer("ppo", #"{"valueFactor": 0.6}"#, scores: scores)
        #expect(areClose([held.loss - policy.loss], [0.6 * 0.5 * (1.69 + 1 + 0.25) / 3]))
        let reported = ["valueLoss", "valueClipFraction"].map { held.metrics[$0]?.double ?? .nan }
        #expect(areClose(reported, [0.49, 1.0 / 3]))
        let free = try Batch.answer("ppo", #"{"valueFactor": 0.6, "valueClip": 0}"#, scores: scores)
        #expect(areClose([free.loss - policy.loss], [0.6 * 0.5 * 2.25 / 3]) && free.metrics["valueClipFraction"] == nil)
        #expect(areClose(held.gradient, policy.gradient))
    }
}
