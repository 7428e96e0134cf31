import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

/// A case of Tests/References/objectives.py.
private struct Reference: Decodable {
    var objective: String
    var line: JSONValue
    var loss: Double
    var gradient: [[Double]]
    var metrics: [String: Double]
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-10) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

private func numbers(_ value: JSONValue?) -> [Double] {
    (value?.elements ?? []).flatMap { $0.elements?.compactMap(\.double) ?? [] }
}

private func answer(_ objective: String, _ line: String) throws -> JSONValue {
    try LossPort(objective).answerLoss(try JSONValue(parsing: line))
}

private func refusal(_ objective: String, _ line: String) -> String {
    do {
        return "accepted: \(try answer(objective, line).canonical)"
    } catch {
        return "\(error)"
    }
}

@Suite("The loss port", .serialized)
struct LossPortTests {
    @Test("losses, gradients and metrics equal the reference script's to ten digits")
    func references() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/objectives.json")
        let cases = try JSONDecoder().decode([Reference].self, from: try Data(contentsOf: url))
        #expect(cases.count > 30)
        for (index, reference) in cases.enumerated() {
            let result = try LossPort(reference.objective).answerLoss(reference.line)
            let loss = try #require(result["loss"]?.double)
            #expect(isClose(loss, reference.loss), "case \(index) (\(reference.objective)): \(loss), not \(reference.loss)")
            let found = numbers(result["gradient"])
            let expected = reference.gradient.flatMap { $0 }
            #expect(found.count == expected.count && zip(found, expected).allSatisfy { isClose($0, $1) }, "case \(index)")
            for (name, value) in reference.metrics {
                #expect(isClose(try #require(result["metrics"]?[name]?.double), value), "case \(index), \(name)")
            }
        }
    }

    @Test("cross-entropy of two tokens is their mean negative log-probability")
    func crossEntropyByHand() throws {
        let result = try answer("cross-entropy", #"{"id": 7, "logProbs": [[-1, -2, -9]], "mask": [[1, 1, 0]]}"#)
        #expect(result["id"] == .integer(7))
        #expect(result["loss"]?.double == 1.5)
        #expect(numbers(result["gradient"]) == [-0.5, -0.5, 0])
    }

    @Test("rows count alike under the sequence mean, tokens under the token mean")
    func reductionsByHand() throws {
        let line = #"{"logProbs": [[-1, -1, -1], [-5, 0, 0]], "mask": [[1, 1, 1], [1, 0, 0]], "settings": {"reduction": "SET"}}"#
        #expect(try answer("sft", line.replacing("SET", with: "tokenMean"))["loss"]?.double == 2)
        #expect(try answer("sft", line.replacing("SET", with: "sequenceMean"))["loss"]?.double == 3)
    }

    @Test("GRPO on policy: minus the mean advantage, with gradient −A over rows and lengths")
    func grpoByHand() throws {
        let result = try answer(
            "grpo",
            #"{"logProbs": [[-1, -2], [-3, -4]], "samplerLogProbs": [[-1, -2], [-3, -4]], "advantages": [1, -2], "mask": [[1, 1], [1, 0]]}"#)
        #expect(result["loss"]?.double == 0.5)
        #expect(numbers(result["gradient"]) == [-0.25, -0.25, 1, 0])
        #expect(result["metrics"]?["ratio"]?.double == 1)
        #expect(result["metrics"]?["clipFraction"]?.double == 0)
    }

    @Test("a ratio of 2 is clipped for a good action and counts in full for a bad one")
    func clippingByHand() throws {
        let half = -0.6931471805599453
        let result = try answer(
            "grpo",
            "{\"logProbs\": [[0], [0]], \"samplerLogProbs\": [[\(half)], [\(half)]], \"advantages\": [1, -1], \"mask\": [[1], [1]]}")
        #expect(isClose(try #require(result["loss"]?.double), (-1.2 + 2) / 2))
        let gradient = numbers(result["gradient"])
        #expect(gradient[0] == 0 && isClose(gradient[1], 1))
        #expect(result["metrics"]?["clipFraction"]?.double == 0.5)
    }

    @Test("REINFORCE sums over tokens and takes the mean over rows")
    func reinforceByHand() throws {
        let result = try answer("reinforce", #"{"logProbs": [[-1, -2], [-3, -4]], "advantages": [2, -1], "mask": [[1, 1], [1, 1]]}"#)
        // −(2·(−1−2) − 1·(−3−4)) / 2
        #expect(result["loss"]?.double == -0.5)
        #expect(numbers(result["gradient"]) == [-1, -1, 0.5, 0.5])
    }

    @Test("rewards and groups become advantages; a group without difference gets exactly 0")
    func rewards() throws {
        let line = #"{"logProbs": [[-1], [-1], [-1], [-1], [-1]], "samplerLogProbs": [[-1], [-1], [-1], [-1], [-1]], "mask": [[1], [1], [1], [1], [1]], "rewards": [1, 0, 0.1, 0.1, 0.1], "groups": ["a", "a", "b", "b", "b"]}"#
        let advantages = try #require(try answer("grpo", line)["advantages"]?.elements?.compactMap(\.double))
        #expect(isClose(advantages[0], 0.5 / 0.5001) && isClose(advantages[1], -0.5 / 0.5001))
        #expect(advantages[2...] == [0, 0, 0])
        #expect(try answer("reinforce", line)["advantages"]?.elements?.compactMap(\.double) == [0.5, -0.5, 0, 0, 0])
    }

    @Test("rows may differ in length, and nothing trained gives 0 with a gradient of 0")
    func degenerate() throws {
        let ragged = try answer("sft", #"{"logProbs": [[-1], [-2, -3]], "mask": [[1], [1, 1]]}"#)
        #expect(ragged["loss"]?.double == 2)
        #expect(ragged["gradient"]?.elements?.map { $0.elements?.count } == [1, 2])
        for objective in ["sft", "grpo", "reinforce"] {
            let empty = try answer(
                objective, #"{"logProbs": [[-1, null]], "samplerLogProbs": [[-1, 5]], "advantages": [3], "mask": [[0, 0]]}"#)
            #expect(empty["loss"]?.double == 0 && numbers(empty["gradient"]) == [0, 0], "\(objective): \(empty.canonical)")
        }
    }

    @Test("what is missing or misshapen is refused with a sentence that says what was expected")
    func refusals() {
        let cases: [(String, String, String)] = [
            ("sft", #"{"mask": [[1]]}"#, "no “logProbs”"),
            ("sft", #"{"logProbs": [[-1]]}"#, "no “mask”"),
            ("sft", #"{"logProbs": [-1, -2], "mask": [1, 1]}"#, "rank 2"),
            ("sft", #"{"logProbs": [[-1, -2]], "mask": [[1]]}"#, "“mask” has 1 numbers in row 0; expected 2"),
            ("sft", #"{"logProbs": [[-1]], "mask": [[1], [1]]}"#, "“mask” has 2 rows; expected 1"),
            ("sft", #"{"logProbs": [[-1]], "mask": [[2]]}"#, "expected 0 or 1"),
            ("sft", #"{"logProbs": [["a"]], "mask": [[1]]}"#, "expected a finite number"),
            ("sft", #"{"logProbs": [], "mask": []}"#, "at least one row"),
            ("sft", #"[1]"#, "expected an object"),
            ("sft", #"{"logProbs": [[-1]], "mask": [[1]], "settings": {"reductoin": "x"}}"#, "did you mean “reduction”"),
            ("grpo", #"{"logProbs": [[-1]], "mask": [[1]], "advantages": [1]}"#, "sampler's log-probabilities"),
            ("grpo", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "mask": [[1]]}"#, "needs advantages"),
            ("grpo", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "mask": [[1]], "advantages": [1, 2]}"#, "one per row"),
            (
                "grpo", #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "mask": [[1]], "advantages": [1], "settings": {"beta": 0.1}}"#,
                "no “referenceLogProbs”"
            ),
            ("reinforce", #"{"logProbs": [[-1]], "mask": [[1]], "rewards": [1], "groups": [1, 2]}"#, "“groups” has 2 entries"),
        ]
        for (objective, line, part) in cases {
            let sentence = refusal(objective, line)
            #expect(sentence.contains(part), "\(line): \(sentence)")
        }
    }
}
