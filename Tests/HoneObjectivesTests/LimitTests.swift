import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func loss(_ answer: JSONValue) -> Double { answer["loss"]?.double ?? .nan }

/// One token of log-probability `own`, sampled at `sampler`, with a reference at `reference`.
private func token(_ own: Double, sampler: Double = 0, reference: Double = 0, advantage: Double = -1, _ settings: String = "", scores: String = "") -> String {
    #"{"logProbs": [[\#(own)]], "samplerLogProbs": [[\#(sampler)]], "referenceLogProbs": [[\#(reference)]], "advantages": [\#(advantage)], "mask": [[1]], "settings": {\#(settings)}, "scores": {\#(scores)}}"#
}

/// Two rows of one token, the first preferred.
private func pair(_ chosen: Double, _ rejected: Double, _ settings: String = "", scores: String = "") -> String {
    #"{"logProbs": [[\#(chosen)], [\#(rejected)]], "referenceLogProbs": [[0], [0]], "samplerLogProbs": [[0], [0]], "mask": [[1], [1]], "pairs": [[0, 1]], "settings": {\#(settings)}, "scores": {\#(scores)}}"#
}

@Suite("Numbers at their limits", .serialized)
struct LimitTests {
    @Test("a ratio is held at e^20 and has no gradient beyond; below e^−20 it is as good as 0")
    func ratios() throws {
        let cases: [(String, String, String)] = [
            ("grpo", "", ""), ("dapo", "", ""), ("dr-grpo", #""length": 1"#, ""), ("spiral", #""length": 1"#, ""), ("gspo", "", ""),
            ("ppo", #""valueFactor": 0"#, ""), ("reinforce++", #""whitens": false"#, ""), ("mdpo", #""step": 1e300"#, ""), ("rloo", #""clip": 0.2"#, ""),
            ("critique-grpo", #""entropyBonus": 0, "length": 1"#, #""refinement": [0]"#), ("spear", #""covarianceShare": 0, "length": 1"#, #""replayed": [0]"#),
        ]
        for (name, settings, scores) in cases {
            let far = try portAnswer(name, token(-1, sampler: -60, settings, scores: scores))
            #expect(areClose([loss(far)], [exp(20.0)]) && flatNumbers(far["gradient"]) == [0], "\(name): \(far.canonical)")
            let near = try portAnswer(name, token(-1, sampler: -20.5, settings, scores: scores))
            #expect(areClose([loss(near)], [exp(19.5)]) && areClose(flatNumbers(near["gradient"]), [exp(19.5)]), "\(name)")
            // A > 0 and a ratio of nothing: the clip does not bind from below.
            let rare = try portAnswer(name, token(-60, sampler: -1, advantage: 1, settings, scores: scores))
            #expect(areClose([loss(rare)], [-exp(-20.0)]) && flatNumbers(rare["gradient"]) == [0], "\(name)")
        }
    }

    @Test("estimates of a divergence are taken of log-ratios within ±20", arguments: [-60.0, -21, 21, 60])
    func estimates(gap: Double) throws {
        let held: Double = gap > 0 ? 20 : -20
        let expected: [String: Double] = ["k1": held, "k2": 200, "k3": exp(-held) + held - 1]
        for (name, value) in expected {
            let line = token(min(0, gap), reference: min(0, -gap), #""estimator": "\#(name)""#)
            let found = try portAnswer("kl-penalty", line)
            #expect(areClose([loss(found)], [value]) && flatNumbers(found["gradient"]) == [0], "\(name): \(found.canonical)")
            let charged = try portAnswer("remax", token(min(0, gap), reference: min(0, -gap), advantage: 0, #""beta": 2, "estimator": "\#(name)""#))
            #expect(areClose([loss(charged)], [2 * value]), "\(name)")
        }
    }

    @Test("sampled distillation, NFT and ILQL's imitation hold their exponents as their cards say")
    func exponents() throws {
        let sampled = try portAnswer("sampled-distillation", token(-1, sampler: -60, reference: -61))
        #expect(areClose([loss(sampled)], [exp(20.0)]) && flatNumbers(sampled["gradient"]) == [0])
        // A wrong answer far likelier than when it was sampled: the implied ratio is negative and held at 1.
        let line = #"{"logProbs": [[-1], [-1]], "samplerLogProbs": [[-1], [-60]], "rewards": [1, 0], "mask": [[1], [1]], "settings": {"length": 1}}"#
        let nft = try portAnswer("nft", line)
        #expect(abs(loss(nft)) < 1e-6 && flatNumbers(nft["gradient"]) == [-0.25, 0] && nft["metrics"]?["heldFraction"]?.double == 1)
        let ilql = #"{"logProbs": [[-1]], "mask": [[1]], "tokens": [[0]], "scores": {"q1": [[[0, 0]]], "q1.target": [[[90, 0]]], "values": [[90]], "values.target": [[0]], "rewards": [[0]]}, "settings": {"isTwin": false, "conservatism": 0, "imitation": 1, "temperature": TEMPERATURE}}"#
        #expect(areClose([loss(try portAnswer("ilql", ilql.replacing("TEMPERATURE", with: "1")))], [exp(20.0)]))
        #expect(areClose([loss(try portAnswer("ilql", ilql.replacing("TEMPERATURE", with: "-1")))], [exp(-20.0)]))
    }

    @Test("margins of thousands: logistic losses grow like the margin, or vanish, and their slopes end at β and 0")
    func margins() throws {
        for name in ["dpo", "spin", "agent-q", "rpo", "step-apo", "osp", "cdpo", "dno"] {
            let settings: [String: String] = [
                "spin": #""lambda": 1"#, "dno": #""eta": 1, "usesHardLabels": true"#, "rpo": #""beta": 1, "alpha": 0"#, "osp": #""beta": 1, "least": 0"#,
                "cdpo": #""beta": 1, "smoothing": 0"#,
            ]
            let own = settings[name] ?? #""beta": 1"#
            let wrong = try portAnswer(name, pair(-5000, 0, own))
            #expect(areClose([loss(wrong)], [5000]) && areClose(flatNumbers(wrong["gradient"]), [-1, 1]), "\(name): \(wrong.canonical)")
            let right = try portAnswer(name, pair(0, -5000, own))
            #expect(areClose([loss(right)], [0]) && areClose(flatNumbers(right["gradient"]), [0, 0]), "\(name)")
        }
        // A label that may be flipped keeps pulling back.
        let smooth = try portAnswer("cdpo", pair(0, -5000, #""beta": 1, "smoothing": 0.25"#))
        #expect(areClose([loss(smooth)], [1250]) && areClose(flatNumbers(smooth["gradient"]), [0.25, -0.25]))
        let hinge = try portAnswer("hinge-dpo", pair(-5000, 0, #""beta": 1"#))
        #expect(areClose([loss(hinge)], [5001]))
        let exo = try portAnswer("exo", pair(-5000, 0, #""beta": 1, "smoothing": 0.1"#))
        #expect(areClose([loss(exo)], [log(1 / 0.1)]), "q = 0: only the other side is left, log 1/ε")
    }

    @Test("odds of rows that are certain are held: a margin of ORPO has an end, and so has its gradient")
    func odds() throws {
        let certain = try portAnswer("orpo", pair(0, -1, #""lambda": 1"#))
        // log p/(1 − p) at log p = −10⁻⁶, and at −1.
        let margin = -1e-6 - log(1 - exp(-1e-6)) - (-1 - log(1 - exp(-1.0)))
        #expect(areClose([certain["metrics"]?["margin"]?.double ?? .nan], [margin], 1e-9))
        #expect(flatNumbers(certain["gradient"]).allSatisfy(\.isFinite) && areClose([flatNumbers(certain["gradient"])[0]], [-1]))
    }

    @Test("logits of thousands: logistic regression costs as much as they are wrong")
    func logits() throws {
        func line(_ score: Double, _ label: Int) -> String {
            #"{"logProbs": [[-1]], "mask": [[1]], "labels": [\#(label)], "scores": {"reward": [[\#(score)]], "step": [[\#(score)]], "steps": [[\#(label)]]}}"#
        }
        for (name, key) in [("outcome-reward-binary", "reward"), ("process-reward-hard", "step"), ("process-reward-soft", "step")] {
            for (score, label, expected, slope) in [(5000.0, 1, 0.0, 0.0), (5000, 0, 5000, 1), (-5000, 1, 5000, -1), (-5000, 0, 0, 0)] {
                let found = try portAnswer(name, line(score, label))
                #expect(areClose([loss(found)], [expected]) && areClose(flatNumbers(found["gradients"]?[key]), [slope]), "\(name): \(found.canonical)")
            }
        }
        let pairs = try portAnswer(
            "outcome-reward-pairs", #"{"logProbs": [[-1], [-1]], "mask": [[1], [1]], "pairs": [[0, 1]], "scores": {"reward": [[-3000], [3000]]}}"#)
        #expect(areClose([loss(pairs)], [6000]))
    }

    @Test("advantages that make weights overflow are held by exponent and by ω")
    func weights() throws {
        let held = try portAnswer("awr", token(-1, advantage: 1e6))
        #expect(areClose([loss(held)], [20]) && held["metrics"]?["clipFraction"]?.double == 1)
        let low = try portAnswer("awr", token(-1, advantage: -1e6))
        #expect(areClose([loss(low)], [exp(-20.0)]))
    }
}
