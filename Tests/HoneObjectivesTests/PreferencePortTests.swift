import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTestSupport
import Testing

/// A case of Tests/References/objectives_preference.py.
private struct Reference: Decodable {
    var objective: String
    var line: JSONValue
    var loss: Double
    var gradient: [[Double]]
    var gradients: [String: JSONValue]
    var metrics: [String: Double]
}

/// A case worked out by hand: what is sent beside rows of one token, and what has to come back.
private struct ByHand {
    var objective: String
    var line: String
    var loss: Double
    var gradient: [Double]

    init(_ objective: String, _ line: String, _ loss: Double, _ gradient: [Double]) {
        (self.objective, self.line, self.loss, self.gradient) = (objective, line, loss, gradient)
    }
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-10) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// All numbers of a nested list, in order.
private func flat(_ value: JSONValue?) -> [Double] {
    guard let value else { return [] }
    return value.elements?.flatMap { flat($0) } ?? [value.double ?? .nan]
}

/// Two rows of one token, log π −1 and −2 with a reference of −1.5 each: the log-ratios are ½ and −½, their difference 1.
private let two = #""logProbs": [[-1], [-2]], "referenceLogProbs": [[-1.5], [-1.5]], "mask": [[1], [1]]"#

private func handCases() -> [ByHand] {
    let (soft, slope) = (log(1 + exp(-1.0)), sigmoid(-1))
    let pair = two + #", "pairs": [[0, 1]]"#
    let likely = two + #", "pairs": [{"chosen": 0, "rejected": 1, "probability": 0.75}]"#
    let ahead = two + #", "pairs": [{"chosen": 0, "rejected": 1, "margin": 1}]"#
    let q = sigmoid(1.0)
    let entropy = -q * log(q) - (1 - q) * log(1 - q)
    let threeQuarters = 0.75 * soft + 0.25 * (1 + soft)
    let known = sigmoid(0.6)
    return [
        ByHand("dpo", pair + #", "settings": {"beta": 1}"#, soft, [-slope, slope]),
        ByHand("hinge-dpo", pair + #", "settings": {"beta": 0.5}"#, 0.5, [-0.5, 0.5]),
        ByHand("ipo", pair + #", "settings": {"beta": 0.25}"#, 1, [-2, 2]),
        ByHand("cdpo", pair + #", "settings": {"beta": 1, "smoothing": 0.25}"#, threeQuarters, [q - 0.75, 0.75 - q]),
        ByHand(
            "robust-dpo", pair + #", "settings": {"beta": 1, "smoothing": 0.25}"#, (0.75 * soft - 0.25 * (1 + soft)) / 0.5,
            [q - 1.5, 1.5 - q]),
        ByHand("rpo", pair + #", "settings": {"beta": 1, "alpha": 0.5}"#, soft + 0.5, [-slope - 0.5, slope]),
        ByHand("simpo", pair + #", "settings": {"beta": 1, "gamma": 1}"#, log(2.0), [-0.5, 0.5]),
        ByHand("cpo", pair + #", "settings": {"beta": 1, "lambda": 0.5}"#, soft + 0.5, [-slope - 0.5, slope]),
        ByHand("spin", pair + #", "settings": {"lambda": 1}"#, soft, [-slope, slope]),
        ByHand("step-apo", ahead + #", "settings": {"beta": 1, "alpha": 1}"#, log(2.0), [-0.5, 0.5]),
        ByHand(
            "agent-q", pair + #", "samplerLogProbs": [[-1.5], [-1.5]], "settings": {"beta": 1}"#, soft, [-slope, slope]),
        ByHand("osp", likely + #", "settings": {"beta": 1}"#, threeQuarters, [q - 0.75, 0.75 - q]),
        ByHand("exo", pair + #", "settings": {"beta": 1, "smoothing": 0.5}"#, log(2.0) - entropy, [q * (1 - q), -q * (1 - q)]),
        ByHand(
            "mm-dpo",
            two + #", "pairs": [{"chosen": 0, "rejected": 1, "margin": 2000}], "settings": {"beta": 1, "scale": 1, "likelihood": 0}"#,
            log(1 + exp(-2.0)), [-2 * sigmoid(-2), 2 * sigmoid(-2)]),
        ByHand(
            "dno", pair + #", "scores": {"winShare": [0.8, 0.2]}, "settings": {"eta": 1}"#, known * soft + (1 - known) * (1 + soft),
            [q - known, known - q]),
        // h = 1 − ½·0 − ½·(−1 + 2) = ½, and the target is 2.
        ByHand(
            "inpo", pair + #", "scores": {"reference2": [[-1], [-2]]}, "settings": {"eta": 0.25, "tau": 0.125}"#, 2.25, [-3, 3]),
        ByHand(
            "kto", two + #", "labels": [1, 0], "settings": {"beta": 1}"#, sigmoid(-0.5),
            [-sigmoid(0.5) * sigmoid(-0.5) / 2, sigmoid(0.5) * sigmoid(-0.5) / 2]),
        ByHand("sppo", two + #", "scores": {"winShare": [0.75, 0.25]}, "settings": {"eta": 1}"#, 0.0625, [0.25, -0.25]),
        ByHand("nash-md", two + #", "scores": {"winShare": [1, 0]}, "settings": {"tau": 0.5}"#, -0.1875, [-0.125, 0.125]),
        ByHand("spo", two + #", "rewards": [3, 1]"#, -0.25, [-0.25, 0.25]),
        ByHand("scir", likely + #", "scores": {"isVerdict": [0, 0]}, "settings": {"beta": 1, "consistency": 0}"#, soft, [-slope, slope]),
        ByHand("self-reference", likely + #", "scores": {"reward": [[1], [0]]}"#, threeQuarters, [0, 0]),
    ]
}

@Suite("Preference objectives at the port", .serialized)
struct PreferencePortTests {
    @Test("losses, gradients and metrics equal the reference script's to ten digits")
    func references() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/objectives_preference.json")
        let cases = try JSONDecoder().decode([Reference].self, from: try Data(contentsOf: url))
        #expect(Set(cases.map(\.objective)).count >= 27)
        for (index, reference) in cases.enumerated() {
            let place = "case \(index) (\(reference.objective))"
            let result = try LossPort(reference.objective).answerLoss(reference.line)
            let loss = try #require(result["loss"]?.double)
            #expect(isClose(loss, reference.loss), "\(place): \(loss), not \(reference.loss)")
            var wanted: [(JSONValue?, [Double])] = [(result["gradient"], reference.gradient.flatMap { $0 })]
            for (key, value) in reference.gradients { wanted.append((result["gradients"]?[key], flat(value))) }
            for (found, expected) in wanted {
                let numbers = flat(found)
                #expect(numbers.count == expected.count && zip(numbers, expected).allSatisfy { isClose($0, $1) }, "\(place)")
            }
            for (name, value) in reference.metrics {
                let found = result["metrics"]?[name]?.double ?? .nan
                #expect(isClose(found, value), "\(place), \(name): \(found), not \(value)")
            }
        }
    }

    @Test("two rows of one token cost what the formula says on paper", arguments: 0..<22)
    func byHand(_ number: Int) throws {
        let cases = handCases()
        try #require(cases.count == 22)
        let expected = cases[number]
        let result = try LossPort(expected.objective).answerLoss(try JSONValue(parsing: "{\(expected.line)}"))
        #expect(isClose(try #require(result["loss"]?.double), expected.loss), "\(expected.objective): \(result.canonical)")
        #expect(zip(flat(result["gradient"]), expected.gradient).allSatisfy { isClose($0, $1) }, "\(expected.objective): \(result.canonical)")
    }

    @Test("odds: rows of probability ½ and ¼ have the odds ratio 3")
    func oddsByHand() throws {
        let half = -log(2.0)
        for objective in ["orpo", "preflexor"] {
            let line = "{\"logProbs\": [[\(half)], [\(2 * half)]], \"mask\": [[1], [1]], \"pairs\": [[0, 1]], \"settings\": {\"lambda\": 1}}"
            let result = try LossPort(objective).answerLoss(try JSONValue(parsing: line))
            #expect(isClose(try #require(result["loss"]?.double), log(2.0) - log(0.75)))
            #expect(isClose(try #require(result["metrics"]?["margin"]?.double), log(3.0)))
            let gradient = flat(result["gradient"])
            #expect(isClose(gradient[0], -1.5) && isClose(gradient[1], 1.0 / 3))
        }
    }

    @Test("length-normalised DPO divides each log-ratio by its own length")
    func lengthsByHand() throws {
        let line = #"{"logProbs": [[-1, -2], [-2, -9]], "referenceLogProbs": [[-1.5, -2.5], [-1.5, 0]], "mask": [[1, 1], [1, 0]], "pairs": [[0, 1]], "settings": {"beta": 1}}"#
        let result = try LossPort("ln-dpo").answerLoss(try JSONValue(parsing: line))
        #expect(isClose(try #require(result["loss"]?.double), log(1 + exp(-1.0))))
        let expected: [Double] = [-sigmoid(-1) / 2, -sigmoid(-1) / 2, sigmoid(-1), 0]
        #expect(zip(flat(result["gradient"]), expected).allSatisfy { isClose($0, $1) })
    }

    @Test("C3PO keeps the answers outside the scope, near ones with 0.2 and far ones with 0.1")
    func keepingByHand() throws {
        let line = #"{"logProbs": [[-1], [-2], [-3], [-4], [-6]], "referenceLogProbs": [[-1.5], [-1.5], [0], [0], [0]], "mask": [[1], [1], [1], [1], [1]], "pairs": [[0, 1], [2, 3]], "scores": {"scope": [0, 0, 1, 2, 2]}, "settings": {"beta": 1}}"#
        let result = try LossPort("c3po").answerLoss(try JSONValue(parsing: line))
        #expect(isClose(try #require(result["loss"]?.double), log(1 + exp(-1.0)) + 0.2 * 3 + 0.1 * 5))
        let expected: [Double] = [-sigmoid(-1), sigmoid(-1), -0.2, -0.05, -0.05]
        #expect(zip(flat(result["gradient"]), expected).allSatisfy { isClose($0, $1) })
        #expect(result["metrics"]?["keepFar"]?.double == 5)
    }

    @Test("SCIR: verdicts of both orders are averaged, equal judges differ by 0, and doubtful pairs teach nothing")
    func judgesByHand() throws {
        let line = #"{"logProbs": [[-1], [-2], [-1], [-2], [-1], [-2]], "referenceLogProbs": [[-1.5], [-1.5], [0], [0], [0], [0]], "mask": [[1], [1], [1], [1], [1], [1]], "pairs": [[0, 1], [2, 3], [4, 5]], "scores": {"isVerdict": [0, 0, 1, 1, 1, 1]}, "settings": {"beta": 1, "entropy": 0.5, "confidence": SET}}"#
        let q = sigmoid(1.0)
        let entropy = -q * log(q) - (1 - q) * log(1 - q)
        func answer(_ confidence: String) throws -> JSONValue {
            try LossPort("scir").answerLoss(try JSONValue(parsing: line.replacing("SET", with: confidence)))
        }
        let sure = try answer("0.7")
        #expect(isClose(try #require(sure["loss"]?.double), log(1 + exp(-1.0)) + entropy))
        #expect(sure["metrics"]?["agreement"]?.double == 1)
        let doubtful = try answer("0.8")
        #expect(isClose(try #require(doubtful["loss"]?.double), entropy))
        #expect(doubtful["metrics"]?["agreement"]?.double == 0)
    }

    @Test("preference degrees add the head's cross-entropy: log 3 for three equal degrees")
    func degreesByHand() throws {
        let line = #"{"logProbs": [[-1], [-2], [-3]], "referenceLogProbs": [[-1.5], [-1.5], [0]], "mask": [[1], [1], [1]], "pairs": [[0, 1]], "scores": {"grade": [-1, -1, 1], "degree": [[[5, 0, 0]], [[0, 0, 0]], [[0, 0, 0]]]}, "settings": {"beta": 1, "gamma": 0.5, "degrees": 3}}"#
        let result = try LossPort("spo-degree").answerLoss(try JSONValue(parsing: line))
        #expect(isClose(try #require(result["loss"]?.double), log(1 + exp(-1.0)) + 0.5 * log(3.0)))
        let expected: [Double] = [0, 0, 0, 0, 0, 0, 1.0 / 6, -1.0 / 3, 1.0 / 6]
        #expect(zip(flat(result["gradients"]?["degree"]), expected).allSatisfy { isClose($0, $1) })
    }

    @Test("KTO's baseline is the mean log-ratio of rows of other prompts, never below 0, and no gradient flows to them")
    func baselineByHand() throws {
        let line = #"{"logProbs": [[-1], [-2], [-1]], "referenceLogProbs": [[-1.5], [-1.5], [OTHER]], "mask": [[1], [1], [1]], "labels": [1, 0, 2], "settings": {"beta": 1}}"#
        func answer(_ other: String) throws -> JSONValue {
            try LossPort("kto").answerLoss(try JSONValue(parsing: line.replacing("OTHER", with: other)))
        }
        let ahead = try answer("-3")
        #expect(ahead["metrics"]?["baseline"]?.double == 2)
        #expect(isClose(try #require(ahead["loss"]?.double), (sigmoid(1.5) + sigmoid(-2.5)) / 2))
        #expect(flat(ahead["gradient"])[2] == 0)
        let behind = try answer("0")
        #expect(behind["metrics"]?["baseline"]?.double == 0)
        #expect(isClose(try #require(behind["loss"]?.double), sigmoid(-0.5)))
    }

    @Test("what makes no sense is refused with a sentence that says what was expected")
    func refusals() {
        let pair = two + #", "pairs": [[0, 1]]"#
        let cases: [(String, String, String)] = [
            ("dpo", two, "no “pairs”"), ("dpo", two + #", "pairs": [[0, 2]]"#, "expected a row number from 0 to 1"),
            ("dpo", #""logProbs": [[-1], [-2]], "mask": [[1], [1]], "pairs": [[0, 1]]"#, "no “referenceLogProbs”; expected rows of log-probabilities of policy@base"),
            ("dpo", two + #", "pairs": [{"chosen": 0, "rejected": 1, "weight": -1}]"#, "expected a finite number of 0 or more"),
            ("osp", two + #", "pairs": [{"chosen": 0, "rejected": 1, "probability": 1.5}]"#, "expected one from 0 to 1"),
            ("robust-dpo", pair + #", "settings": {"smoothing": 0.5}"#, "from 0 to below 0.5"),
            ("ipo", pair + #", "settings": {"beta": 0}"#, "expected a number above 0"),
            ("exo", pair + #", "settings": {"smoothing": 0}"#, "between 0 and 1"),
            ("inpo", pair + #", "scores": {"reference2": [[-1], [-2]]}, "settings": {"eta": 0.1, "tau": 0.2}"#, "0 ≤ tau ≤ eta"),
            ("inpo", pair, "policy@previous"), ("kto", two, "no “labels”"), ("sppo", two, "no “scores.winShare”"),
            ("agent-q", pair, "sampler's log-probabilities"), ("spo", two, "needs advantages"),
            (
                "spo-degree", pair + #", "scores": {"grade": [0, 7], "degree": [[[0, 0, 0, 0]], [[0, 0, 0, 0]]]}"#,
                "expected a whole number from 0 to 3"
            ),
        ]
        for (objective, line, part) in cases {
            do {
                let answer = try LossPort(objective).answerLoss(try JSONValue(parsing: "{\(line)}"))
                Issue.record("\(objective) accepted \(line): \(answer.canonical)")
            } catch {
                #expect("\(error)".contains(part), "\(objective): \(error)")
            }
        }
    }

    @Test("a pair with an untrained row counts nowhere, not even in the normaliser")
    func emptyRows() throws {
        for objective in ["dpo", "ipo", "rpo", "simpo", "orpo", "cpo", "exo"] {
            func loss(_ pairs: String) throws -> Double? {
                let line = #"{"logProbs": [[-1], [-2], [-3]], "referenceLogProbs": [[-1.5], [-1.5], [-9]], "mask": [[1], [1], [0]], "pairs": PAIRS}"#
                return try LossPort(objective).answerLoss(try JSONValue(parsing: line.replacing("PAIRS", with: pairs)))["loss"]?.double
            }
            #expect(try loss("[[0, 1], [0, 2], [2, 1]]") == loss("[[0, 1]]"))
            #expect(try loss("[[2, 1]]") == 0)
        }
    }

    @Test("every way a preference objective can be set keeps the promises that the checker knows")
    func variants() throws {
        let variants: [(String, [String: Setting])] = [
            ("dno", ["usesHardLabels": true, "likelihood": 0.005]), ("c3po", ["distillation": 0.5, "temperature": 2]),
            ("scir", ["isLengthNormalised": true, "beta": 2, "confidence": 0.5]), ("spo-degree", ["degrees": 2, "gamma": 1]),
            ("osp", ["least": 0]), ("robust-dpo", ["smoothing": 0.4]), ("inpo", ["eta": 0.5, "tau": 0.5]),
        ]
        for (name, settings) in variants {
            let objective = try preference(name, settings)
            let broken = try checkObjective(objective, seed: Seed(23), batches: 120)
            #expect(broken.isEmpty, "\(name) \(settings): \(broken.joined(separator: "; "))")
        }
    }
}
