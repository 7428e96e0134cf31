import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func loss(_ answer: JSONValue) -> Double { answer["loss"]?.double ?? .nan }

private func metric(_ answer: JSONValue, _ name: String) -> Double { answer["metrics"]?[name]?.double ?? .nan }

@Suite("Settings of single policy gradients", .serialized)
struct PolicyVariantSettingTests {
    @Test("NFT: each weighting of a group by its share of right answers, ν on wrong ones, the floor under their ratio")
    func negativeAware() throws {
        // Two right, one wrong of three: r = ⅔. ρ = e^0.1, e^−0.1, and e^0.2 for the wrong one.
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer(
                "nft",
                #"{"logProbs": [[-1], [-1], [-1]], "samplerLogProbs": [[-1.1], [-0.9], [-1.2]], "rewards": [1, 1, 0], "mask": [[1], [1], [1]], "settings": {"normaliser": "rowSum", \#(settings)}}"#)
        }
        let r = 2.0 / 3
        let implied = (1 - r * exp(0.2)) / (1 - r)
        // 0.1 − 0.1 on the right ones cancels, so their gradients show the weight.
        for (weighting, u) in [("failures", 1 - r), ("standardised", ((1 - r) / r).squareRoot()), ("equal", 1)] {
            let found = try answer(#""weighting": "\#(weighting)", "floor": 1e-3"#)
            #expect(areClose([loss(found)], [-u * log(implied) / 3]), "\(weighting)")
            #expect(areClose(flatNumbers(found["gradient"]), [-u / 3, -u / 3, u * r * exp(0.2) / (1 - r) / implied / 3]), "\(weighting)")
            #expect(areClose([metric(found, "rate")], [r]) && metric(found, "heldFraction") == 0)
        }
        // A floor of 1 holds the value at log 1 = 0 and divides the gradient by 1.
        let held = try answer(#""weighting": "equal", "floor": 1"#)
        #expect(areClose([loss(held)], [0]) && metric(held, "heldFraction") == 1)
        #expect(areClose([flatNumbers(held["gradient"])[2]], [r * exp(0.2) / (1 - r) / 3]))
        let half = try answer(#""weighting": "equal", "floor": 1e-3, "negatives": 0.5"#)
        #expect(areClose([loss(half)], [-0.5 * log(implied) / 3]))
        #expect(areClose([metric(half, "ratio")], [(exp(0.1) + exp(-0.1) + exp(0.2)) / 3]))
    }

    @Test("OREAL: factors of right and wrong answers and of the head, and the threshold of token weights")
    func outcomes() throws {
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        // A right answer with scores 1 and 3 (means 1 and 2), a wrong one with −1; ρ of the wrong token is e^−0.5.
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer(
                "oreal",
                #"{"logProbs": [[-1, -2], [-1.5]], "samplerLogProbs": [[-1, -2], [-1]], "rewards": [1, 0], "advantages": [0.5, -1], "mask": [[1, 1], [1]], "scores": {"credit": [[1, 3], [-1]]}, "settings": {"beta": 0, \#(settings)}}"#)
        }
        func expected(a: Double, b: Double, c: Double, h: Double) -> Double {
            let right = [sigmoid(1), sigmoid(2)].map { max(0, ($0 - h) / (1 - h)) }
            let wrong = max(0, (1 - sigmoid(-1) - h) / (1 - h))
            let policy = -a / 2 * (0.5 * right[0] * -1 + 0.5 * right[1] * -2) - b * exp(-0.5) * -1 * wrong
            return policy + c / 2 * (log(1 + exp(-2.0)) + log(1 + exp(-1.0)))
        }
        for (settings, a, b, c, h) in [
            (#""headFactor": 1"#, 1.0, 0.5, 1.0, 0.5), (#""rightFactor": 2"#, 2, 0.5, 1, 0.5), (#""wrongFactor": 0"#, 1, 0, 1, 0.5),
            (#""headFactor": 0.25"#, 1, 0.5, 0.25, 0.5), (#""threshold": 0.8"#, 1, 0.5, 1, 0.8), (#""threshold": 0"#, 1, 0.5, 1, 0),
        ] {
            let found = try answer(settings)
            #expect(areClose([loss(found)], [expected(a: a, b: b, c: c, h: h)]), "\(settings): \(loss(found))")
        }
        let plain = try answer(#""threshold": 0.5"#)
        #expect(areClose([metric(plain, "rightWeight")], [(2 * sigmoid(1) - 1 + 2 * sigmoid(2) - 1) / 2]))
        #expect(areClose([metric(plain, "wrongWeight"), metric(plain, "ratio")], [2 * sigmoid(1) - 1, exp(-0.5)]))
        #expect(areClose([metric(plain, "headLoss")], [(log(1 + exp(-2.0)) + log(1 + exp(-1.0))) / 2]))
    }

    @Test("SPEAR: ω weighs replayed rows, which divide by their own count; the band loses its share of gradients")
    func imitation() throws {
        // One fresh row of two tokens, one replayed success, one replayed failure; on policy.
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer(
                "spear",
                #"{"logProbs": [[-1, -3], [-2], [-1]], "samplerLogProbs": [[-1, -3], [-2], [-1]], "advantages": [[2, -2], [1, 0], [-5]], "mask": [[1, 1], [1], [1]], "scores": {"replayed": [0, 1, 1]}, "settings": {"length": 10, \#(settings)}}"#
                    .replacing("[1, 0]", with: "[1]"))
        }
        let none = try answer(#""covarianceShare": 0, "imitation": 0.5"#)
        #expect(areClose(flatNumbers(none["gradient"]), [-0.2, 0.2, -0.05, 0]))
        #expect(areClose([metric(none, "imitationFraction")], [0.25]))
        let off = try answer(#""covarianceShare": 0, "imitation": 0"#)
        #expect(areClose(flatNumbers(off["gradient"]), [-0.2, 0.2, 0, 0]))
        // Fresh covariances: means 0 and −2, so 2·1 and −2·−1: both 2, inside (1, 40); ⌊0.5·2⌋ = 1 of 2 is lost.
        let band = try answer(#""covarianceShare": 0.5, "imitation": 1"#)
        #expect(areClose(flatNumbers(band["gradient"]), [-0.1, 0.1, -0.1, 0]))
        #expect(areClose([metric(band, "covarianceFraction")], [0.5]))
        // A band above 2 or below it loses none; a share so small still loses one token.
        for outside in [#""covarianceLow": 2.5"#, #""covarianceHigh": 1.5"#] {
            #expect(areClose(flatNumbers(try answer(outside)["gradient"]), [-0.2, 0.2, -0.1, 0]))
        }
        #expect(areClose(flatNumbers(try answer(#""covarianceShare": 0.001"#)["gradient"]), [-0.1, 0.1, -0.1, 0]))
    }

    @Test("Critique-GRPO: p/(p+γ) counts rare tokens of refinements more, and all the same as γ goes to 0")
    func refinements() throws {
        func answer(_ shaping: Double) throws -> JSONValue {
            try portAnswer(
                "critique-grpo",
                #"{"logProbs": [[-0.1], [-3], [-1]], "samplerLogProbs": [[-9], [-9], [-1]], "advantages": [1, 1, -1], "mask": [[1], [1], [1]], "scores": {"refinement": [1, 1, 0]}, "settings": {"shaping": \#(shaping), "entropyBonus": 0, "length": 1}}"#)
        }
        let found = try answer(0.1)
        let p = [exp(-0.1), exp(-3.0)]
        #expect(areClose([loss(found)], [-(p[0] / (p[0] + 0.1) + p[1] / (p[1] + 0.1) - 1) / 3]))
        let slopes = p.map { -$0 * 0.1 / (($0 + 0.1) * ($0 + 0.1)) / 3 }
        #expect(areClose(flatNumbers(found["gradient"]), slopes + [1.0 / 3]))
        #expect(areClose([metric(found, "shaped"), metric(found, "ratio")], [(p[0] / (p[0] + 0.1) + p[1] / (p[1] + 0.1)) / 2, 1]))
        #expect(areClose([loss(try answer(1e-13))], [-1.0 / 3], 1e-9))
    }

    @Test("AWR: weights e^(A/β) held at ω; a high temperature is plain imitation")
    func weighted() throws {
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer("awr", #"{"logProbs": [[-1, -2]], "advantages": [[1, -1]], "mask": [[1, 1]], "settings": \#(settings)}"#)
        }
        let warm = try answer(#"{"temperature": 0.5, "largestWeight": 5}"#)
        #expect(areClose([loss(warm)], [(5 + 2 * exp(-2.0)) / 2]) && metric(warm, "clipFraction") == 0.5)
        #expect(areClose([metric(warm, "weight"), metric(warm, "logProb")], [(5 + exp(-2.0)) / 2, -1.5]))
        #expect(areClose([loss(try answer(#"{"temperature": 1e12}"#))], [1.5], 1e-9))
        // Exponents are held at 20: a temperature of 0 gives defined numbers.
        let cold = try answer(#"{"temperature": 0, "largestWeight": 1e30}"#)
        #expect(areClose([loss(cold)], [exp(20.0) / 2 + exp(-20.0)]))
    }

    @Test("Kimi: τ/2 of the squared log-ratio of whole answers, whose two means are reported")
    func squared() throws {
        // Σ d = 0.3 − 0.2 = 0.1 and 0.5.
        func answer(_ tau: Double) throws -> JSONValue {
            try portAnswer(
                "kimi-mirror-descent",
                #"{"logProbs": [[-1, -2], [-0.5]], "samplerLogProbs": [[-1.3, -1.8], [-1]], "advantages": [1, -2], "mask": [[1, 1], [1]], "settings": {"tau": \#(tau)}}"#)
        }
        for tau in [0, 0.5, 4] { #expect(areClose([loss(try answer(tau))], [-(0.1 - 1.0 - tau / 2 * (0.01 + 0.25)) / 2])) }
        let found = try answer(1)
        #expect(areClose(flatNumbers(found["gradient"]), [-(1 - 0.1) / 2, -(1 - 0.1) / 2, (2 + 0.5) / 2]))
        #expect(areClose([metric(found, "logRatio"), metric(found, "squaredLogRatio")], [0.3, 0.13]))
    }

    @Test("R-NaD: η charges the divergence to go, c truncates weights; kl and ratio are what they say")
    func regularised() throws {
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer(
                "r-nad",
                #"{"logProbs": [[-1, -2]], "samplerLogProbs": [[-2, -1]], "referenceLogProbs": [[-1.5, -1.5]], "advantages": [1], "mask": [[1, 1]], "settings": \#(settings)}"#)
        }
        // s − r = −0.5, 0.5: to go 0 and 0.5.
        let found = try answer(#"{"eta": 2, "largestWeight": 2}"#)
        #expect(areClose([loss(found)], [-(2 * 1 * -1 + exp(-1.0) * 0 * -2)]) && areClose(flatNumbers(found["gradient"]), [-2, 0]))
        #expect(areClose([metric(found, "kl"), metric(found, "ratio"), metric(found, "clipFraction")], [0, (exp(1.0) + exp(-1.0)) / 2, 0.5]))
        #expect(areClose([loss(try answer(#"{"eta": 0.4, "largestWeight": 3}"#))], [-(-exp(1.0) + exp(-1.0) * 0.8 * -2)]))
    }

    @Test("MDPO and magnetic mirror descent: the step is the inverse factor of the divergence from the sampler")
    func mirrors() throws {
        let line = #"{"logProbs": [[-1]], "samplerLogProbs": [[-1.5]], "referenceLogProbs": [[-2]], "advantages": [0], "mask": [[1]], "settings": SET}"#
        let ratio = exp(0.5)
        let (own, magnet) = (ratio * 0.5 - ratio + 1, ratio * 1 - ratio + 1)
        for step in [0.1, 1, 10] {
            let mdpo = try portAnswer("mdpo", line.replacing("SET", with: #"{"step": \#(step)}"#))
            #expect(areClose([loss(mdpo), metric(mdpo, "samplerKL")], [own / step, own]))
            let pulled = try portAnswer("magnetic-mirror-descent", line.replacing("SET", with: #"{"step": \#(step), "alpha": 0.3}"#))
            #expect(areClose([loss(pulled), metric(pulled, "kl")], [own / step + 0.3 * magnet, magnet]))
        }
    }

    @Test("RLOO with a clip holds the ratio of the whole answer; without one there is no ratio")
    func wholeAnswers() throws {
        let line = #"{"logProbs": [[-1, -2], [-0.5]], "samplerLogProbs": [[-1.3, -1.8], [-1]], "advantages": [1, -2], "mask": [[1, 1], [1]], "settings": SET}"#
        let plain = try portAnswer("rloo", line.replacing("SET", with: "{}"))
        #expect(areClose([loss(plain)], [-(-3 + 1) / 2.0]) && plain["metrics"]?["ratio"] == nil)
        // Ratios e^0.1 and e^0.5; with A = −2 the larger ratio is not held.
        let held = try portAnswer("rloo", line.replacing("SET", with: #"{"clip": 0.05}"#))
        #expect(areClose([loss(held)], [-(1.05 - 2 * exp(0.5)) / 2]) && areClose(flatNumbers(held["gradient"]), [0, 0, exp(0.5)]))
        #expect(areClose([metric(held, "clipFraction"), metric(held, "ratio")], [2.0 / 3, (2 * exp(0.1) + exp(0.5)) / 3]))
    }

    @Test("advantages that are made of rewards are those of each paper")
    func madeAdvantages() throws {
        // Group a: 1, 0, 0.5 (mean ½, deviation √(1/6)); group b: 2, 2; group c: a single 7.
        let rewards = #""rewards": [1, 0, 0.5, 2, 2, 7], "groups": ["a", "a", "a", "b", "b", "c"]"#
        let deviation = (1.0 / 6).squareRoot()
        let (centred, raw): ([Double], [Double]) = ([0.5, -0.5, 0, 0, 0, 0], [1, 0, 0.5, 2, 2, 7])
        let standardised = [0.5 / deviation, -0.5 / deviation, 0, 0, 0, 0]
        let grpo = [0.5 / (deviation + 1e-4), -0.5 / (deviation + 1e-4), 0, 0, 0, 0]
        let leaveOneOut: [Double] = [0.75, -0.75, 0, 0, 0, 0]
        let expected: [String: [Double]] = [
            "grpo": grpo, "dapo": standardised, "gspo": standardised, "cispo": standardised, "ssr-zero": standardised, "rloo": leaveOneOut,
            "t1": leaveOneOut, "oreal": leaveOneOut, "remax": raw, "reinforce++": raw, "spo": [0.5, -0.5, 0, 0, 0, 0],
        ]
        for entry in try ObjectiveCatalog.entries() where try entry.make(entry.defaults).takes.advantages {
            let name = entry.card.name
            let line = try AnyLine(name, seed: 12)
            guard case .object(var members) = line.json(without: ["advantages"]), case .object(let given) = try JSONValue(parsing: "{\(rewards)}") else { continue }
            members.merge(given) { $1 }
            let answer = try LossPort(name).answerLoss(.object(members))
            #expect(areClose(flatNumbers(answer["advantages"]), expected[name] ?? centred), "\(name): \(flatNumbers(answer["advantages"]))")
            // What was made is what is learned from.
            members["rewards"] = members["rewards"].flatMap { try? entry.make(entry.defaults).takes.scalars["reward"] == nil ? .null : $0 }
            members["advantages"] = answer["advantages"]
            let again = try LossPort(name).answerLoss(.object(members))
            #expect(again["loss"] == answer["loss"] && again["gradient"] == answer["gradient"] && again["advantages"] == nil, "\(name)")
        }
    }
}
