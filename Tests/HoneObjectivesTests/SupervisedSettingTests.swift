import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func loss(_ answer: JSONValue) -> Double { answer["loss"]?.double ?? .nan }

private func metrics(_ answer: JSONValue, _ names: String...) -> [Double] { names.map { answer["metrics"]?[$0]?.double ?? .nan } }

/// KL(p‖q) in nats.
private func divergence(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) } }

@Suite("Settings of imitation and distillation", .serialized)
struct SupervisedSettingTests {
    @Test("cross-entropy: by tokens or by rows, under token weights, with the weighted mean reported")
    func crossEntropy() throws {
        let line = #"{"logProbs": [[-1, -2], [-6]], "weights": [[3, 1], [2]], "mask": [[1, 1], [1]], "settings": {"reduction": "SET"}}"#
        let tokens = try portAnswer("cross-entropy", line.replacing("SET", with: "tokenMean"))
        #expect(areClose([loss(tokens)], [(3 + 2 + 12) / 6.0]) && areClose(metrics(tokens, "logProb"), [-17.0 / 6]))
        let rows = try portAnswer("cross-entropy", line.replacing("SET", with: "sequenceMean"))
        #expect(areClose([loss(rows)], [(5.0 / 4 + 6) / 2]) && areClose(flatNumbers(rows["gradient"]), [-3.0 / 8, -1.0 / 8, -0.5]))
    }

    @Test("weights of a channel are held at the limit, in the loss and in what is reported")
    func limits() throws {
        let line = #"{"logProbs": [[-1, -2, -4]], "mask": [[1, 1, 1]], "scores": {"tokenWeights": [[1, 10, -10]]}, "settings": {SET}}"#
        func found(_ settings: String) throws -> JSONValue { try portAnswer("weighted-cross-entropy", line.replacing("SET", with: settings)) }
        let free = try found("")
        #expect(areClose([loss(free)], [(1 + 20 - 40) / 21.0]) && areClose(metrics(free, "weight", "logProb"), [1.0 / 3, (-1 - 20 + 40) / 1.0]))
        // Held at 2: weights 1, 2, −2.
        let held = try found(#""limit": 2"#)
        #expect(areClose([loss(held)], [(1 + 4 - 8) / 5.0]) && areClose(metrics(held, "weight", "logProb"), [1.0 / 3, (-1 - 4 + 8) / 1.0]))
        let uneven = try portAnswer("weighted-cross-entropy", line.replacing("-10]", with: "1]").replacing("SET", with: #""limit": 2"#))
        #expect(areClose(metrics(uneven, "weight"), [4.0 / 3]))
    }

    @Test("rejection sampling: the threshold is reached by equality; the best of a group counts trained rows only")
    func rejection() throws {
        let line = #"{"logProbs": [[-1], [-2], [-4], [-8]], "mask": [[1], [1], [1], [0]], "rewards": [0.5, 0.25, 0.5, 9], "groups": [0, 0, 1, 1], "settings": {SET}}"#
        func found(_ settings: String) throws -> JSONValue { try portAnswer("rejection-sampling", line.replacing("SET", with: settings)) }
        #expect(try areClose([loss(found(#""threshold": 0.5"#))], [2.5]) && areClose(metrics(found(#""threshold": 0.5"#), "kept"), [2.0 / 3]))
        #expect(areClose([loss(try found(#""threshold": 0.2"#))], [7.0 / 3]))
        let best = try found(#""threshold": 0.2, "keeps": "bestOfGroup""#)
        #expect(areClose([loss(best)], [2.5]) && areClose(metrics(best, "logProb"), [-2.5]))
        // Ties are all kept.
        let tied = try portAnswer(
            "rejection-sampling",
            #"{"logProbs": [[-1], [-3]], "mask": [[1], [1]], "rewards": [1, 1], "settings": {"keeps": "bestOfGroup", "threshold": 0}}"#)
        #expect(loss(tied) == 2)
        #expect(try preference("rejection-sampling").takes.wholeGroups == false)
        let entry = try ObjectiveCatalog.entry("rejection-sampling")
        guard case .object(var members) = entry.defaults else { return }
        members["keeps"] = .string("bestOfGroup")
        #expect(try entry.make(.object(members)).takes.wholeGroups, "the best of a group is not known from a part of it")
    }

    @Test("labelled rows: weights of failures inside one mean, or beside the successes' own; both domains are reported")
    func labelled() throws {
        let line = #"{"logProbs": [[-1, -3], [-6]], "mask": [[1, 1], [1]], "labels": [1, 0], "settings": {SET}}"#
        func found(_ name: String, _ settings: String) throws -> JSONValue { try portAnswer(name, line.replacing("SET", with: settings)) }
        for weight in [0.0, 0.5, 2] {
            let aware = try found("negative-aware-tuning", #""negativeWeight": \#(weight)"#)
            #expect(areClose([loss(aware)], [(4 + 6 * weight) / (2 + weight)]))
            #expect(metrics(aware, "rightLogProb", "wrongLogProb") == [-2, -6])
            let mistakes = try found("mistake-tuning", #""mistakeWeight": \#(weight)"#)
            #expect(areClose([loss(mistakes)], [2 + 6 * weight]) && metrics(mistakes, "rightLogProb", "wrongLogProb") == [-2, -6])
        }
        #expect(areClose([loss(try found("negative-aware-tuning", #""negativeWeight": 0.5, "reduction": "sequenceMean""#))], [(2 + 6) / 2.0]))
        // Rows of one domain count alike by rows.
        let long = #"{"logProbs": [[-1, -3], [-6]], "mask": [[1, 1], [1]], "labels": [1, 1], "settings": {"reduction": "SET"}}"#
        #expect(areClose([loss(try portAnswer("mistake-tuning", long.replacing("SET", with: "tokenMean")))], [10.0 / 3]))
        #expect(areClose([loss(try portAnswer("mistake-tuning", long.replacing("SET", with: "sequenceMean")))], [4]))
    }

    @Test("thought mask: λ₁, λ₂ and λ₃ each weigh their own part")
    func thoughts() throws {
        let line = #"{"logProbs": [[-9, -1], [-2, -9]], "mask": [[1, 1], [1, 0]], "scores": {"thought": [[1, 0], [0, 0]], "consistency": [0.5, 0]}, "settings": {SET}}"#
        func found(_ settings: String) throws -> JSONValue { try portAnswer("thought-mask", line.replacing("SET", with: settings)) }
        let (a, b) = (1 - exp(-1.0), 1 - exp(-2.0))
        for (settings, expected) in [
            ("", 1.5), (#""answerWeight": 2"#, 3), (#""consistencyWeight": 2"#, (2 * 1 + 2) / 3.0), (#""confidenceWeight": 3"#, 1.5 + 3 * (a + b) / 2),
            (#""answerWeight": 0, "consistencyWeight": 2, "confidenceWeight": 1"#, (2 * a + b) / 3),
        ] { #expect(areClose([loss(try found(settings))], [expected]), "{\(settings)}") }
        #expect(areClose(metrics(try found(#""consistencyWeight": 2"#), "logProb", "thoughts"), [-(2 * 1 + 2) / 3.0, 1.0 / 3]))
        #expect(try preference("thought-mask").takes.scalars.isEmpty && preference("thought-mask", ["consistencyWeight": 1]).takes.scalars.keys.contains("consistency"))
    }

    @Test("rationales: α₁ pulls by quality, α₂ pushes by its lack, up to δ; items are groups and may have one side only")
    func rationales() throws {
        // Group 0: good rows of cost 1 and 2 (quality 0.5, 1), bad ones of cost 1 and 2 (quality 0.5, 0.25); group 1: one good row of cost 4.
        let line = #"{"logProbs": [[-1], [-2], [-1], [-2], [-4], [-3]], "mask": [[1], [1], [1], [1], [1], [1]], "labels": [1, 1, 0, 0, 1, 2], "groups": [0, 0, 0, 0, 1, 1], "scores": {"quality": [0.5, 1, 0.5, 0.25, 1, 0]}, "settings": {SET}}"#
        func found(_ settings: String) throws -> JSONValue { try portAnswer("contrastive-rationale", line.replacing("SET", with: settings)) }
        func expected(_ a: Double, _ b: Double, _ pushed: Double) -> Double { 3 + (a * (0.5 * 1 + 1 * 4) + b * pushed) / 2 }
        for (settings, value) in [
            ("", expected(0.5, 0.5, 0.75 * 1)), (#""positiveWeight": 2"#, expected(2, 0.5, 0.75)), (#""negativeWeight": 0"#, expected(0.5, 0, 0)),
            (#""margin": 5"#, expected(0.5, 0.5, 0.75 * 3)), (#""negative": "nearest""#, expected(0.5, 0.5, 0.5 * 2)), (#""margin": 1.5"#, expected(0.5, 0.5, 0)),
        ] { #expect(areClose([loss(try found(settings))], [value]), "{\(settings)}") }
        #expect(metrics(try found(""), "answer", "positive", "negative", "pushed") == [3, 2.5, 2, 1])
        #expect(areClose(flatNumbers(try found("")["gradient"]), [-0.125, 0, 0, 0.1875, -0.25, -1]))
    }

    /// Teacher (¾, ¼) and student (½, ½) at one token.
    private func distilled(_ name: String, _ settings: String) throws -> JSONValue {
        try portAnswer(
            name,
            #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"distribution": [[[\#(log(0.5)), \#(log(0.5))]]], "teacherDistribution": [[[\#(log(0.75)), \#(log(0.25))]]]}, "settings": {\#(settings)}}"#)
    }

    @Test("distillation: the temperature flattens both distributions and the loss is multiplied by its square", arguments: [0.5, 1, 2])
    func temperature(_ temperature: Double) throws {
        let powers = [pow(0.75, 1 / temperature), pow(0.25, 1 / temperature)]
        let teacher = powers.map { $0 / (powers[0] + powers[1]) }
        let student = [0.5, 0.5]
        let settings = #""temperature": \#(temperature)"#
        let square = temperature * temperature
        #expect(areClose([loss(try distilled("forward-distillation", settings))], [square * divergence(teacher, student)]))
        #expect(areClose([loss(try distilled("reverse-distillation", settings))], [square * divergence(student, teacher)]))
        for beta in [0.25, 0.5] {
            let middle = zip(teacher, student).map { beta * $0 + (1 - beta) * $1 }
            let expected = square * (beta * divergence(teacher, middle) + (1 - beta) * divergence(student, middle))
            #expect(areClose([loss(try distilled("jensen-shannon-distillation", settings + #", "beta": \#(beta)"#))], [expected]))
        }
        // What is reported is at temperature 1.
        let found = try distilled("reverse-distillation", settings)
        #expect(areClose(metrics(found, "forwardKL", "reverseKL"), [divergence([0.75, 0.25], student), divergence(student, [0.75, 0.25])]))
    }

    @Test("Jensen–Shannon divergence divided by β or 1 − β goes over into forward and reverse KL")
    func towardsEnds() throws {
        let small = 1e-6
        let (forward, reverse) = (loss(try distilled("forward-distillation", "")), loss(try distilled("reverse-distillation", "")))
        #expect(areClose([loss(try distilled("jensen-shannon-distillation", #""beta": \#(small)"#)) / small], [forward], 1e-4))
        #expect(areClose([loss(try distilled("jensen-shannon-distillation", #""beta": \#(1 - small)"#)) / small], [reverse], 1e-4))
        #expect(loss(try distilled("jensen-shannon-distillation", #""beta": 0"#)) == forward)
        #expect(loss(try distilled("jensen-shannon-distillation", #""beta": 1"#)) == reverse)
    }

    @Test("agreement is the share of tokens at which both find the same token likeliest; a sure teacher gives finite numbers")
    func agreement() throws {
        let line = #"{"logProbs": [[-1, -1]], "mask": [[1, 1]], "scores": {"distribution": [[[-0.1, -2.35], [-2.35, -0.1]]], "teacherDistribution": [[[-0.5, -0.93], [0, -1e30]]]}}"#
        let found = try portAnswer("forward-distillation", line)
        #expect(metrics(found, "agreement") == [0.5] && loss(found).isFinite)
        // A student that excludes what the teacher is sure of pays −log of what it holds there.
        let sure = try portAnswer(
            "forward-distillation", #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"distribution": [[[-3, -0.05]]], "teacherDistribution": [[[0, -1e30]]]}}"#)
        #expect(areClose([loss(sure)], [3]))
    }

    @Test("sampled distillation: the advantage is held at the limit, the ratio weighs it")
    func sampled() throws {
        // Gains log P − log Q_s = 2 and −0.5; ρ = e^0.1 and e^−0.2.
        let line = #"{"logProbs": [[-2.9, -1.2]], "samplerLogProbs": [[-3, -1]], "referenceLogProbs": [[-1, -1.5]], "mask": [[1, 1]], "settings": {SET}}"#
        for (settings, gains) in [("", [2.0, -0.5]), (#""limit": 1"#, [1, -0.5]), (#""limit": 0.25"#, [0.25, -0.25])] {
            let found = try portAnswer("sampled-distillation", line.replacing("SET", with: settings))
            let expected = [exp(0.1) * gains[0] / 2, exp(-0.2) * gains[1] / 2]
            #expect(areClose([loss(found)], [-expected[0] - expected[1]]) && areClose(flatNumbers(found["gradient"]), expected.map { -$0 }), "{\(settings)}")
            #expect(areClose(metrics(found, "reverseKL", "ratio"), [-(gains[0] + gains[1]) / 2, (exp(0.1) + exp(-0.2)) / 2]))
        }
    }

    @Test("the KL penalty takes each estimator, by tokens or by rows, and reports all three")
    func penalty() throws {
        // d = 0.5, −0.5 | 1 under weights 1, 1 | 2.
        let line = #"{"logProbs": [[-1, -2], [-1]], "referenceLogProbs": [[-1.5, -1.5], [-2]], "weights": [[1, 1], [2]], "mask": [[1, 1], [1]], "settings": {SET}}"#
        let d = [0.5, -0.5, 1]
        let values: [String: [Double]] = ["k1": d, "k2": d.map { $0 * $0 / 2 }, "k3": d.map { exp(-$0) + $0 - 1 }]
        for (name, k) in values {
            let tokens = try portAnswer("kl-penalty", line.replacing("SET", with: #""estimator": "\#(name)""#))
            #expect(areClose([loss(tokens)], [(k[0] + k[1] + 2 * k[2]) / 4]), "\(name)")
            let rows = try portAnswer("kl-penalty", line.replacing("SET", with: #""estimator": "\#(name)", "reduction": "sequenceMean""#))
            #expect(areClose([loss(rows)], [((k[0] + k[1]) / 2 + k[2]) / 2]), "\(name)")
            for (other, all) in values { #expect(areClose(metrics(tokens, other), [all.reduce(0, +) / 3]), "\(other)") }
        }
    }
}
